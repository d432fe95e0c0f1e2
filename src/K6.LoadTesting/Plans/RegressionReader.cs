using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>A <c>K6Regression</c> item: how much worse than in earlier runs a figure may be.</summary>
public sealed record RegressionPlan
{
    /// <summary>Name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>Metric or submetric, the scenario's tag included.</summary>
    public required string Metric { get; init; }

    /// <summary>k6's aggregation.</summary>
    public required string Statistic { get; init; }

    /// <summary>Relative change for the worse that is allowed: 0.1 is 10 %.</summary>
    public required double Allowed { get; init; }

    /// <summary>Whether more is worse (<c>MaxIncrease</c>), or less (<c>MaxDecrease</c>).</summary>
    public required bool MoreIsWorse { get; init; }

    /// <summary>What a confirmed regression does.</summary>
    public ThresholdSeverity Severity { get; init; } = ThresholdSeverity.Warning;

    /// <summary>The user's words; null for ours.</summary>
    public string? Message { get; init; }

    /// <summary>Where it was declared.</summary>
    public required SourceLocation Location { get; init; }
}

/// <summary>Reads <c>K6Regression</c> items.</summary>
internal static class RegressionReader
{
    private static readonly string[] Metadata = ["Statistic", "MaxIncrease", "MaxDecrease", "Severity", "Test", "Scenario", "Name", "Message"];

    /// <summary>Statistics that a history keeps of each metric.</summary>
    private static readonly string[] Kept = ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99)", "count", "rate", "value"];

    /// <summary>Reads every item; each with the test that it is limited to, null for every test.</summary>
    public static IReadOnlyList<(string? Test, RegressionPlan Plan)> Read(
        ProjectDeclaration project, IReadOnlyList<DeclaredScenario> scenarios, ICollection<Diagnostic> diagnostics) =>
        [.. project.Items
            .Where(item => item.Kind.Equals("K6Regression", StringComparison.OrdinalIgnoreCase))
            .Select(item => Read(new ItemReader(item, Metadata, new Dictionary<string, string>(), diagnostics), scenarios))
            .OfType<(string?, RegressionPlan)>()];

    private static (string? Test, RegressionPlan Plan)? Read(ItemReader item, IReadOnlyList<DeclaredScenario> scenarios)
    {
        if (MetricSelector.TryParse(item.Include, out var error) is not { } selector || ServiceMetrics.IsOne(selector.Name))
        {
            item.Report(Rules.InvalidMetric, null, error ?? $"{item.Include} is of a service; a history keeps metrics of the load. Limit it with a K6Threshold.");
            return null;
        }

        var statistic = ThresholdReader.Statistic(item, selector);
        if (statistic is not null && !Kept.Contains(statistic))
        {
            item.Report(Rules.UnknownStatistic, "Statistic", $"A history does not keep {statistic}; it keeps {string.Join(", ", Kept)}.");
            return null;
        }

        var (test, scenario, inScope) = ThresholdReader.Scope(item, selector, scenarios);
        var severity = ThresholdReader.Severity(item, ThresholdSeverity.Warning);
        if (item.Set(["MaxIncrease", "MaxDecrease"]) is not [var limit])
        {
            item.Report(Rules.NotOneLimit, null, $"{selector} needs MaxIncrease, for what gets worse by growing such as times, or MaxDecrease, such as of http_reqs rate; exactly one of them.");
            return null;
        }

        // What is 100 % less is nothing.
        if (item.Share(limit, limit == "MaxIncrease" ? 10 : 0.99, Rules.InvalidLimit, "how much a figure may change") is not { } allowed || statistic is null || !inScope)
        {
            return null;
        }

        if (scenario is not null)
        {
            selector = selector.With("scenario", scenario);
            test ??= scenarios.First(one => one.Name == scenario).Test;
        }

        return (test, new RegressionPlan
        {
            Name = item.Text("Name") ?? $"{selector} {statistic}",
            Metric = selector.ToString(),
            Statistic = statistic,
            Allowed = allowed,
            MoreIsWorse = limit == "MaxIncrease",
            Severity = severity,
            Message = item.Text("Message"),
            Location = item.Location,
        });
    }
}
