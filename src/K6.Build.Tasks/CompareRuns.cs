using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.History;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Prints two runs side by side.</summary>
[MSBuildMultiThreadableTask]
public sealed class CompareRuns : K6Task
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>The first run: <c>previous</c>, <c>last</c>, digits of an id or of a commit, or the path of a <c>loadtest.json</c>.</summary>
    public string First { get; set; } = "";

    /// <summary>The second run, in the same words.</summary>
    public string Second { get; set; } = "";

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var plan = LoadTestJson.Read<LoadPlan>(PlanFile);
        var diagnostics = new List<Diagnostic>();
        var history = plan.Settings.HistoryPath is { } path ? new HistoryStore(path).Read(diagnostics) : [];
        Report(diagnostics);
        var directory = Path.GetDirectoryName(ProjectFile)!;
        var first = RunComparison.Find(First.Length > 0 ? First : "previous", history, directory, plan.Settings.HistoryLabel);
        var second = RunComparison.Find(Second.Length > 0 ? Second : "last", history, directory, plan.Settings.HistoryLabel);
        CreateOutput().Write(RunComparison.Render(first, second));
    }
}
