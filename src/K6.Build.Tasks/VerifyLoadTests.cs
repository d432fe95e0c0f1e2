using K6.Build.Tasks.Output;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>The verdict of an earlier run becomes the outcome of the task, whatever <c>K6FailOnError</c> was then.</summary>
[MSBuildMultiThreadableTask]
public sealed class VerifyLoadTests : K6Task
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>One item per test, as <see cref="RunLoadTests"/> has it.</summary>
    [Output]
    public ITaskItem[] Results { get; private set; } = [];

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var plan = LoadTestJson.Read<LoadPlan>(PlanFile);
        var result = EarlierResult.Read(plan);
        Results = [.. result.Tests.Select(test => ResultItem.Of(result, test, plan.Settings.ResultsDirectory))];
        CreateOutput().Write(string.Join(Environment.NewLine, VerdictText.Render(result)));
        Report(EarlierResult.Verify(plan, result, LoadTestResults.CommitOf(plan)));
    }
}
