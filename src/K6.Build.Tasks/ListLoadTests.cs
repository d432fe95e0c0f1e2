using System.Globalization;
using System.Text;
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
        CreateOutput().Write(SummaryOnly ? $"{Summary(plan)}: valid" : List(plan));
    }

    /// <summary>One line with the counts.</summary>
    internal static string Summary(LoadPlan plan)
    {
        var thresholds = plan.Tests.SelectMany(test => test.Thresholds).Select(threshold => threshold.Location).Distinct().Count();
        return $"{plan.Project}: {Count(plan.Tests.Count, "test")}, {Count(plan.Tests.Sum(test => test.Scenarios.Count), "scenario")}, "
            + $"{Count(thresholds, "threshold")}, {Count(plan.Services.Count, "service")}";
    }

    /// <summary>The tests with their scenarios, loads and thresholds.</summary>
    internal static string List(LoadPlan plan)
    {
        var folder = Path.GetDirectoryName(plan.ProjectFile)!;
        var text = new StringBuilder(Summary(plan));
        foreach (var test in plan.Tests)
        {
            text.AppendLine().Append("  test ").Append(test.Name);
            foreach (var scenario in test.Scenarios)
            {
                text.AppendLine().Append("    scenario ").Append(scenario.Name);
                text.Append(": ").Append(Path.GetRelativePath(folder, scenario.File));
                text.Append(scenario.Exec is null ? "" : $" ({scenario.Exec})");
                text.Append(", ").Append(scenario.Load is { } load ? Load(load) : "load of the script");
            }

            foreach (var threshold in test.Thresholds)
            {
                text.AppendLine().Append("    threshold ").Append(threshold.Metric).Append(": ").Append(threshold.Expression);
                text.Append(threshold.Scenario is null ? "" : $", scenario {threshold.Scenario}");
                text.Append(threshold.Severity == ThresholdSeverity.Warning ? ", warning" : "");
            }
        }

        foreach (var service in plan.Services)
        {
            text.AppendLine().Append("  service ").Append(service.Name);
            text.Append(": ").Append(service.Project is { } project ? Path.GetRelativePath(folder, project) : service.Command);
        }

        return text.ToString();
    }

    private static string Load(ScenarioLoad load)
    {
        var text = new StringBuilder(load.Executor);
        Add("vus", load.Vus);
        Add("startVUs", load.StartVUs);
        Add("rate", load.Rate);
        Add("startRate", load.StartRate);
        Add("timeUnit", load.TimeUnit);
        Add("iterations", load.Iterations);
        Add("duration", load.Duration);
        Add("stages", load.Stages is null ? null : string.Join(", ", load.Stages.Select(stage => $"{stage.Duration}:{stage.Target}")));
        Add("startTime", load.StartTime);
        return text.ToString();

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $" {name}={value}");
            }
        }
    }

    private static string Count(int count, string noun) => $"{count.ToString(CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";
}
