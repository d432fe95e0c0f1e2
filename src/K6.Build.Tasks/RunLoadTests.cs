using K6.Build.Tasks.Output;
using K6.LoadTesting;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using K6.LoadTesting.TestRunners;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Runs what was prepared and judges it; the verdict is the outcome of the task.</summary>
[MSBuildMultiThreadableTask]
public sealed class RunLoadTests : CancelableTask
{
    /// <summary>Absolute path of <c>prepared.json</c>.</summary>
    [Required]
    public string PreparedFile { get; set; } = "";

    /// <summary>Filter of <c>dotnet test</c>: a test runs when its run or one of its thresholds matches; empty for all.</summary>
    public string Filter { get; set; } = "";

    /// <summary>Folder that <c>dotnet test</c> names for the results of all projects; empty for the project's own.</summary>
    public string TestResultsDirectory { get; set; } = "";

    /// <summary>Loggers of <c>dotnet test</c>.</summary>
    public string[] Loggers { get; set; } = [];

    /// <summary>One item per test: its name, with <c>Verdict</c>, <c>ResultFile</c> and more.</summary>
    [Output]
    public ITaskItem[] Results { get; private set; } = [];

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        LoadTestJson.MakeReady();
        var prepared = PreparedRun.Read(PreparedFile);
        var output = CreateOutput(K6Duration.Parse(prepared.Plan.Settings.ProgressInterval));
        if (Filter.Length > 0)
        {
            var filter = CaseFilter.Parse(Filter);
            prepared = prepared.Only(LoadTestCase.Of(prepared.Plan, prepared.Bundles).Where(filter.Matches).Select(one => one.Test).ToHashSet());
            if (prepared.Plan.Tests.Count == 0)
            {
                output.Write($"No load test of {prepared.Plan.Project} matches the filter {Filter}");
                return;
            }
        }

        // Projects of one solution share the folder; results of each are in one of its own.
        var shared = TestResultsDirectory.Length > 0 ? Path.GetFullPath(TestResultsDirectory, Path.GetDirectoryName(ProjectFile)!) : null;
        if (shared is not null)
        {
            prepared = prepared.WithResultsIn(Path.Combine(shared, prepared.Plan.Project));
        }

        var settings = prepared.Plan.Settings;
        var reporter = RunReporter.Create(output, settings, Report);
        var result = prepared.RunAsync(reporter, Cancelled).GetAwaiter().GetResult();

        reporter.Finish(result);
        Results = [.. result.Tests.Select(test => ResultItem.Of(result, test, settings.ResultsDirectory))];
        foreach (var unknown in TestLoggers.Apply(Loggers, settings.ResultsDirectory, shared ?? settings.ResultsDirectory, ProjectFile))
        {
            output.Write($"The logger {unknown} hears nothing of load tests; they know trx, junit and html.");
        }

        if (result.Verdict == Verdict.Failed && settings.FailOnError && !Log.HasLoggedErrors)
        {
            // Every reason for a failed verdict has a code of its own; this one says that one of them was lost.
            Report(Rules.VerdictWithoutReason.At(null, $"The load test failed, and no rule said why. The results are in {settings.ResultsDirectory}; please report this."));
        }
    }
}
