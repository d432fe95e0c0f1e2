using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>A <c>K6Threshold</c> that was read.</summary>
/// <param name="Test">Run that it is limited to; null for every run, or for that of its scenario.</param>
/// <param name="Plan">The threshold; carries its scenario.</param>
internal sealed record DeclaredThreshold(string? Test, ThresholdPlan Plan);

/// <summary>Reads <c>K6Threshold</c> items.</summary>
internal static partial class ThresholdReader
{
    private static readonly Dictionary<string, string> Limits = new()
    {
        ["Below"] = "<",
        ["AtMost"] = "<=",
        ["Above"] = ">",
        ["AtLeast"] = ">=",
    };

    private static readonly string[] Metadata =
    [
        "Statistic", .. Limits.Keys, "Expression", "Severity", "AbortOnFail", "DelayAbortEval", "Test", "Scenario", "Name", "Message",
        "Window", "For", "ForEach", "Per", "Margin",
    ];

    private static readonly Dictionary<string, string> Later = new()
    {
        ["Baseline"] = "a limit relative to earlier runs is a K6Regression",
    };

    /// <summary>Reads every threshold, against the scenarios that the project declares.</summary>
    public static IReadOnlyList<DeclaredThreshold> Read(
        ProjectDeclaration project, IReadOnlyList<DeclaredScenario> scenarios, IReadOnlyList<ServicePlan> services, ICollection<Diagnostic> diagnostics) =>
        [.. project.Items
            .Where(item => item.Kind.Equals("K6Threshold", StringComparison.OrdinalIgnoreCase))
            .Select(item => Read(new ItemReader(item, Metadata, Later, diagnostics), scenarios, services))
            .OfType<DeclaredThreshold>()];

    /// <summary>Gives each test its thresholds, and reports those that reports could not tell apart.</summary>
    public static IReadOnlyList<ThresholdPlan> For(
        string test, IReadOnlyList<ScenarioPlan> scenarios, IReadOnlyList<DeclaredThreshold> thresholds, ICollection<Diagnostic> diagnostics)
    {
        var mine = new List<ThresholdPlan>();
        foreach (var (limitedTo, threshold) in thresholds)
        {
            if ((limitedTo is not null && limitedTo != test)
                || (threshold.Scenario is not null && !scenarios.Any(scenario => scenario.Name == threshold.Scenario)))
            {
                continue;
            }

            if (mine.Find(other => other.Name == threshold.Name) is { } same)
            {
                // A threshold of every run meets the same one in each; say it once.
                var diagnostic = Rules.AmbiguousThreshold.At(threshold.Location,
                    $"Two thresholds are called '{threshold.Name}', this one and the one at {same.Location}; give each a Name of its own, by which reports tell them apart.");
                if (!diagnostics.Contains(diagnostic))
                {
                    diagnostics.Add(diagnostic);
                }
            }

            mine.Add(InTest(threshold, scenarios, diagnostics));
        }

        return mine;
    }

    private static DeclaredThreshold? Read(ItemReader item, IReadOnlyList<DeclaredScenario> scenarios, IReadOnlyList<ServicePlan> services)
    {
        if (MetricSelector.TryParse(item.Include, out var error) is not { } selector)
        {
            item.Report(Rules.InvalidMetric, null, error!);
            return null;
        }

        if (ServiceMetrics.Parse(selector.Name) is var (service, metric) && !IsMeasured(item, service, metric, services))
        {
            return null;
        }

        var (test, scenario, inScope) = Scope(item, selector, scenarios);
        if (scenario is not null)
        {
            selector = selector.Without("scenario");
        }

        var expression = item.Has("Expression") ? Raw(item, selector) : Limit(item, selector);
        var severity = Severity(item);
        var abort = item.Switch("AbortOnFail");
        var delay = item.Duration("DelayAbortEval");
        if (delay is not null && abort is null)
        {
            item.Report(Rules.ContradictoryThreshold, "DelayAbortEval", "DelayAbortEval has no effect without AbortOnFail=\"true\"; add it, or remove DelayAbortEval.");
        }

        if (abort == true && severity == ThresholdSeverity.Warning)
        {
            item.Report(Rules.ContradictoryThreshold, "AbortOnFail", "A warning cannot stop the run: remove AbortOnFail, or Severity=\"warning\".");
        }

        if (expression is not var (text, parsed) || !inScope)
        {
            return null;
        }

        var full = scenario is null ? selector : selector.With("scenario", scenario);
        var plan = new ThresholdPlan
        {
            Name = "",
            Metric = selector.ToString(),
            Scenario = scenario,
            Statistic = parsed.Statistic,
            Operator = parsed.Operator,
            Limit = parsed.Limit,
            Expression = text,
            Severity = severity,
            AbortOnFail = abort ?? false,
            DelayAbortEval = delay,
            Message = item.Text("Message"),
            Location = item.Location,
        };
        return Conditions(item, full, plan) is { } whole ? new DeclaredThreshold(test, whole) : null;
    }

    // The engine does not see the inside of a service: what needs it while the load runs cannot be had.
    private static bool IsMeasured(ItemReader item, string service, string metric, IReadOnlyList<ServicePlan> services)
    {
        if (!services.Any(one => one.Name == service))
        {
            item.Report(Rules.UnknownScope, null, $"The project declares no service '{service}'.{NearestName.Hint(service, [.. services.Select(one => one.Name)])}");
            return false;
        }

        if (ServiceMetrics.Find(metric) is null)
        {
            item.Report(Rules.InvalidMetric, null, $"'{metric}' is nothing that is measured in a service.{NearestName.Hint(metric, ServiceMetrics.Names)} There is: {string.Join(", ", ServiceMetrics.Names)}.");
            return false;
        }

        if (item.Set(["Scenario", "AbortOnFail", "DelayAbortEval"]) is [var other, ..])
        {
            item.Report(Rules.ContradictoryThreshold, other, $"A service is judged after the run and as a whole: remove {other}.");
            return false;
        }

        return true;
    }

    // A tag {scenario:x} in the metric means the same as Scenario="x" where the project declares x.
    internal static (string? Test, string? Scenario, bool InScope) Scope(
        ItemReader item, MetricSelector selector, IReadOnlyList<DeclaredScenario> scenarios)
    {
        var tagged = selector.Tags.FirstOrDefault(tag => tag.Key == "scenario").Value;
        var test = Known(item, "Test", [.. scenarios.Select(one => one.Test).Distinct()], "");
        var scenario = Known(item, "Scenario", [.. scenarios.Select(one => one.Name).Distinct()],
            $" For a scenario that a script declares in its options, write {selector.Name}{{scenario:{item.Text("Scenario")}}}.");
        if ((item.Has("Test") && test is null) || (item.Has("Scenario") && scenario is null))
        {
            return (null, null, false);
        }

        if (scenario is not null && tagged is not null && tagged != scenario)
        {
            item.Report(Rules.EmptyScope, "Scenario", $"Scenario=\"{scenario}\" and the tag scenario:{tagged} exclude each other; keep one.");
            return (null, null, false);
        }

        scenario ??= scenarios.FirstOrDefault(one => one.Name == tagged)?.Name;
        if (test is not null && scenario is not null && !scenarios.Any(one => one.Name == scenario && one.Test == test))
        {
            var actual = scenarios.First(one => one.Name == scenario).Test;
            item.Report(Rules.EmptyScope, "Test", $"Scenario '{scenario}' runs in test '{actual}', not in '{test}'; remove Test, or write Test=\"{actual}\".");
            return (null, null, false);
        }

        return (test, scenario, true);
    }

    private static string? Known(ItemReader item, string metadatum, IReadOnlyList<string> names, string advice)
    {
        if (item.Text(metadatum) is not { } name)
        {
            return null;
        }

        var known = names.FirstOrDefault(candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (known is null)
        {
            item.Report(Rules.UnknownScope, metadatum, $"The project declares no {(metadatum == "Test" ? "test" : "scenario")} '{name}'.{NearestName.Hint(name, names)}{advice}");
        }

        return known;
    }

    private static (string Text, ThresholdExpression Parsed)? Raw(ItemReader item, MetricSelector selector)
    {
        if (item.Set(["Statistic", .. Limits.Keys]) is [var other, ..])
        {
            item.Report(Rules.NotOneLimit, other, $"Expression says everything; remove {other}, or Expression.");
            return null;
        }

        var text = item.Text("Expression")!;
        if (ThresholdExpression.TryParse(text, out var error) is not { } parsed)
        {
            item.Report(Rules.InvalidExpression, "Expression", error!);
            return null;
        }

        if (!double.IsFinite(parsed.Limit))
        {
            item.Report(Rules.InvalidExpression, "Expression", $"'{text}' compares with {parsed.Limit}, which no run can tell anything about; write a number.");
            return null;
        }

        return Fits(item, "Expression", selector, parsed.Statistic) ? (text, parsed) : null;
    }

    private static (string Text, ThresholdExpression Parsed)? Limit(ItemReader item, MetricSelector selector)
    {
        var given = item.Set(Limits.Keys);
        if (given.Count != 1)
        {
            item.Report(Rules.NotOneLimit, given.Count == 0 ? null : given[1],
                $"{selector} needs exactly one of Below, AtMost, Above, AtLeast or Expression, {(given.Count == 0 ? "and has none" : $"and has {string.Join(" and ", given)}; declare a threshold for each")}.");
        }

        var statistic = Statistic(item, selector);
        if (given.Count != 1 || statistic is null)
        {
            return null;
        }

        if (Quantity.TryParse(item.Text(given[0])!, item.Has("Per") ? null : BuiltInMetrics.Find(selector.Name), statistic, out var error) is not { } limit)
        {
            item.Report(Rules.InvalidLimit, given[0], error!);
            return null;
        }

        var parsed = new ThresholdExpression(statistic, Limits[given[0]], limit);
        return (parsed.ToString(), parsed);
    }

    internal static string? Statistic(ItemReader item, MetricSelector selector)
    {
        var type = BuiltInMetrics.Find(selector.Name)?.Type;
        if (item.Text("Statistic") is not { } text)
        {
            if (type is { } known && ThresholdExpression.StatisticsOf(known) is [var only])
            {
                return only;
            }

            item.Report(Rules.MissingStatistic, null, type is { } several
                ? $"{selector.Name} is a {Word(several)}: say which Statistic is limited, one of {List(several)}."
                : $"{selector.Name} is a metric of a script: say which Statistic is limited: count or rate of a counter, value of a gauge, rate of a rate, avg, min, med, max or p(95) of a trend.");
            return null;
        }

        if (ThresholdExpression.TryStatistic(text, out var error) is not { } statistic)
        {
            item.Report(Rules.UnknownStatistic, "Statistic", type is { } one && error!.Contains("There is:", StringComparison.Ordinal)
                ? $"'{text}' is not a statistic; {selector.Name} is a {Word(one)} and has {List(one)}."
                : error!);
            return null;
        }

        return Fits(item, "Statistic", selector, statistic) ? statistic : null;
    }

    private static bool Fits(ItemReader item, string metadatum, MetricSelector selector, string statistic)
    {
        if (BuiltInMetrics.Find(selector.Name) is not { } metric || ThresholdExpression.Fits(statistic, metric.Type))
        {
            return true;
        }

        item.Report(Rules.UnknownStatistic, metadatum, $"{selector.Name} is a {Word(metric.Type)} and has no {statistic}; it has {List(metric.Type)}.");
        return false;
    }

    private static string Word(MetricType type) => type switch
    {
        MetricType.Counter => "counter",
        MetricType.Gauge => "gauge",
        MetricType.Rate => "rate",
        _ => "trend",
    };

    private static string List(MetricType type) => string.Join(", ", ThresholdExpression.StatisticsOf(type)).Replace("p(N)", "p(N) such as p(95)");

    internal static ThresholdSeverity Severity(ItemReader item, ThresholdSeverity unless = ThresholdSeverity.Error)
    {
        if (item.Text("Severity") is not { } text)
        {
            return unless;
        }

        if (Enum.GetNames<ThresholdSeverity>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name)
        {
            return Enum.Parse<ThresholdSeverity>(name);
        }

        item.Report(Rules.InvalidValue, "Severity", $"Severity=\"{text}\" is neither error nor warning.");
        return ThresholdSeverity.Error;
    }
}
