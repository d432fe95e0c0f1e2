using System.Globalization;
using K6.Build.Tasks.Output;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Makes reports without a run: again, of a result that is there, or of what a k6 that was run elsewhere left behind.</summary>
[MSBuildMultiThreadableTask]
public sealed class RenderReports : K6Task
{
    /// <summary><c>K6ReportInput</c>: files of another run, or a <c>loadtest.json</c>; none for that in the folder of results.</summary>
    public ITaskItem[] Inputs { get; set; } = [];

    /// <summary><c>K6ReportOptions</c>: absolute path of the <c>options.json</c> of the run; empty for none.</summary>
    public string OptionsFile { get; set; } = "";

    /// <summary><c>K6ReportRunners</c>: files with samples that there have to be; empty when nobody says.</summary>
    public string Runners { get; set; } = "";

    /// <summary>Absolute path of the plan, whose limits judge what is imported.</summary>
    public string PlanFile { get; set; } = "";

    /// <summary><c>K6ExportSamples</c>: whether raw samples are written as plain CSV too.</summary>
    public bool ExportSamples { get; set; }

    /// <summary>Absolute path of the folder of results.</summary>
    [Required]
    public string ResultsDirectory { get; set; } = "";

    /// <summary>One item per test, as <see cref="RunLoadTests"/> has it.</summary>
    [Output]
    public ITaskItem[] Results { get; private set; } = [];

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var output = CreateOutput();
        var files = Inputs.Select(input => input.GetMetadata("FullPath")).ToList();
        var (result, folder) = files switch
        {
            [] => Render(output, Path.Combine(ResultsDirectory, "loadtest.json")),
            [var only] when ReportRunner.IsResult(only) => Render(output, only),
            _ => Import(output, files),
        };
        Results = [.. result.Tests.Select(test => ResultItem.Of(result, test, folder))];
        if (ExportSamples)
        {
            foreach (var file in ReportRunner.ExportSamples(result, folder))
            {
                output.Write($"Samples: {file}");
            }
        }
    }

    private static (LoadTestResult Result, string Folder) Render(BuildOutput output, string file)
    {
        var result = ReportRunner.Render(file);
        var folder = Path.GetDirectoryName(file)!;
        output.Write(string.Join(Environment.NewLine, [.. VerdictText.Render(result), $"Reports: {folder}"]));
        return (result, folder);
    }

    private (LoadTestResult Result, string Folder) Import(BuildOutput output, List<string> files)
    {
        int? runners = Runners.Length == 0 ? null
            : int.TryParse(Runners, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
            : throw new LoadTestException(Rules.InvalidProperty.At(null, $"K6ReportRunners is '{Runners}', which is not a whole number, 1 or more."));
        var plan = LoadTestJson.Read<LoadPlan>(PlanFile);
        var reporter = RunReporter.Create(output, plan.Settings, Report);
        output.Phase(files is [var only] ? $"importing {Path.GetFileName(only)}" : $"importing {files.Count} files");
        var result = ReportRunner.Import(plan, files, reporter, OptionsFile.Length > 0 ? OptionsFile : null, runners);
        reporter.Finish(result);
        return (result, plan.Settings.ResultsDirectory);
    }
}
