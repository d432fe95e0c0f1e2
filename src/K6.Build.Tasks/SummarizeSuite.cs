using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Prints the one summary of the load tests of a solution.</summary>
[MSBuildMultiThreadableTask]
public sealed class SummarizeSuite : K6Task
{
    /// <summary>The projects, as <see cref="SelectSuite"/> has them.</summary>
    public ITaskItem[] Members { get; set; } = [];

    /// <summary>When the suite began; empty where results of before count.</summary>
    public string Started { get; set; } = "";

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        if (Members.Length == 0)
        {
            // Why there are none has been said.
            return;
        }

        var since = Started.Length == 0 ? DateTimeOffset.MinValue : DateTimeOffset.Parse(Started, CultureInfo.InvariantCulture);
        CreateOutput().Write(string.Join(
            Environment.NewLine,
            SuiteText.Render(Path.GetFileNameWithoutExtension(ProjectFile), [.. Members.Select(member => Read(LoadTestJson.Read<LoadPlan>(member.GetMetadata("PlanFile")), since))])));
    }

    private static (string Project, LoadTestResult? Result) Read(LoadPlan plan, DateTimeOffset since)
    {
        try
        {
            var result = ResultFile.Read(Path.Combine(plan.Settings.ResultsDirectory, "loadtest.json"));
            return (plan.Project, result.StartTime >= since ? result : null);
        }
        catch (LoadTestException)
        {
            // Why there is none was an error of its project.
            return (plan.Project, null);
        }
    }
}
