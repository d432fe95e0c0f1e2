using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Distribution;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace K6.Build.Tasks;

/// <summary>Makes an archive of each test, and when asked the objects that run it on many machines.</summary>
[MSBuildMultiThreadableTask]
public sealed class ArchiveLoadTests : EngineTask
{
    /// <summary>Absolute path of the folder of the archives.</summary>
    [Required]
    public string Directory { get; set; } = "";

    /// <summary>Whether the objects for k6-operator are written too.</summary>
    public bool Distributed { get; set; }

    /// <summary>The <c>K6Distributed*</c> properties, as <c>Name=value</c>.</summary>
    public string[] Properties { get; set; } = [];

    /// <summary>One item per test: its archive, with <c>Test</c>.</summary>
    [Output]
    public ITaskItem[] Archives { get; private set; } = [];

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var output = CreateOutput();
        var diagnostics = new List<Diagnostic>();
        var properties = Properties.Select(property => property.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var options = DistributedOptions.Read(properties, new SourceLocation(ProjectFile, 1, 1), diagnostics);
        if (!Report(diagnostics))
        {
            return;
        }

        diagnostics.Clear();
        var plan = LoadTestJson.Read<LoadPlan>(PlanFile);
        var archives = TestArchives.MakeAsync(plan, LoadTestJson.Read<TestBundle[]>(BundlesFile), Engines, Directory, diagnostics, output.Phase, Cancelled)
            .GetAwaiter().GetResult();
        var tests = Distributed ? OperatorObjects.Write(plan, archives, options, diagnostics) : [];
        if (!Report(diagnostics))
        {
            return;
        }

        foreach (var archive in Distributed ? [] : archives)
        {
            output.Write($"{archive.Test.Name}: {archive.File}");
        }

        foreach (var test in tests)
        {
            output.Write(string.Join(Environment.NewLine, [$"{test.Test}: files to review are in {test.Folder}. Then, in that folder:", .. test.Commands.Select(command => $"  {command}")]));
        }

        Archives = [.. archives.Select(archive => new TaskItem(archive.File, new Dictionary<string, string> { ["Test"] = archive.Test.Name }))];
    }
}
