using System.Globalization;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Prints what a plan holds.</summary>
[MSBuildMultiThreadableTask]
public sealed class ListLoadTests : K6Task
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>Only the counts.</summary>
    public bool SummaryOnly { get; set; }

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var plan = LoadTestJson.Read<LoadPlan>(PlanFile);
        CreateOutput().Write(SummaryOnly ? $"{Summary(plan)}: valid" : $"{Summary(plan)}\n{ScenarioListing.Write(plan).TrimEnd()}");
    }

    /// <summary>One line with the counts.</summary>
    internal static string Summary(LoadPlan plan)
    {
        var thresholds = plan.Tests.SelectMany(test => test.Thresholds).Select(threshold => threshold.Location).Distinct().Count();
        return $"{plan.Project}: {Count(plan.Tests.Count, "test")}, {Count(plan.Tests.Sum(test => test.Scenarios.Count), "scenario")}, "
            + $"{Count(thresholds, "threshold")}, {Count(plan.Services.Count, "service")}";
    }

    private static string Count(int count, string noun) => $"{count.ToString(CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";
}
