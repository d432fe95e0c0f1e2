using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>The projects of a solution that have something to run; that there is none, or that a filter fits none, is an error.</summary>
[MSBuildMultiThreadableTask]
public sealed class SelectSuite : K6Task
{
    /// <summary>Projects with load tests; <c>PlanFile</c> is the absolute path of each one's <c>plan.json</c>.</summary>
    public ITaskItem[] Members { get; set; } = [];

    /// <summary>Those of <see cref="Members"/> with a test that is selected.</summary>
    [Output]
    public ITaskItem[] Selected { get; private set; } = [];

    /// <summary>The time now; results of before are none of this invocation.</summary>
    [Output]
    public string Started { get; private set; } = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var plans = Members.Select(member => (Member: member, Plan: LoadTestJson.Read<LoadPlan>(member.GetMetadata("PlanFile")))).ToList();
        var nowhere = plans.Select(one => one.Plan.Settings.UnmatchedFilters).Aggregate((IEnumerable<string>?)null, (all, of) => all?.Intersect(of) ?? of)?.ToList() ?? [];
        Selected = [.. plans.Where(one => one.Plan.Tests.Count > 0).Select(one => one.Member)];
        if (nowhere.Count > 0 || Selected.Length == 0)
        {
            Selected = [];
            Report(Rules.SuiteWithoutTests.At(null, nowhere.Count > 0
                ? $"K6ScenarioFilter: no enabled scenario of the {plans.Count} projects with load tests matches '{string.Join("', '", nowhere)}'. 'dotnet build PROJECT -t:K6ListScenarios' lists them."
                : plans.Count == 0 ? "No project of this solution has a K6Scenario, so that there is nothing to run."
                : "K6ScenarioFilter leaves out every scenario of every project, so that there is nothing to run."));
        }
    }
}
