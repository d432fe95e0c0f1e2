using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Gates;

/// <summary>The engine's final figures by canonical key.</summary>
internal sealed class EngineFigures(Summary? summary, Recording recording)
{
    private readonly ILookup<string, SummaryMetric> metrics = (summary?.Metrics ?? new Dictionary<string, SummaryMetric>())
        .OrderBy(metric => metric.Key, StringComparer.Ordinal)
        .ToLookup(metric => ThresholdEvaluator.Canonical(metric.Key), metric => metric.Value);

    /// <summary>What the engine judged.</summary>
    public IEnumerable<(string Metric, string Expression)> Thresholds() =>
        metrics.OrderBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => group.SelectMany(metric => metric.Thresholds.Keys).Distinct()
                .Order(StringComparer.Ordinal).Select(expression => (group.Key, expression)));

    /// <summary>A threshold that the engine judges: it fails when the engine says so, or the figures do.</summary>
    public EvaluatedThreshold Evaluate(ScopedThreshold declared)
    {
        var metric = metrics[declared.Key].FirstOrDefault();
        var engine = metrics[declared.Key].SelectMany(one => one.Thresholds)
            .Where(one => ThresholdEvaluator.Canonical(one.Key) == ThresholdEvaluator.Canonical(declared.Expression))
            .Select(one => (bool?)one.Value)
            .FirstOrDefault();
        var actual = metric is null ? null : Actual(metric, declared.Statistic);
        var samples = metric is null ? null : Samples(declared.Key, metric);
        var isEmpty = metric is not null && metric.Type != "counter" && samples == 0;
        bool? figures = actual is null || declared.Operator.Length == 0 ? null : ThresholdEvaluator.Holds(actual.Value, declared.Operator, declared.Limit);
        var evaluated = engine is not null || figures is not null;
        var verdict = isEmpty || !evaluated ? ThresholdVerdict.NoSamples
            : engine == false || figures == false ? ThresholdVerdict.Failed
            : ThresholdVerdict.Passed;
        return new EvaluatedThreshold(
            declared.Result() with
            {
                Actual = isEmpty ? null : actual,
                Samples = samples,
                Unit = Unit(metric, declared.Statistic),
                Verdict = verdict,
                CrossedAtSeconds = verdict == ThresholdVerdict.Failed ? CrossedAt(declared) : null,
            },
            engine,
            evaluated,
            declared.Location);
    }

    /// <summary>A threshold that the engine knows nothing of: a ratio, or what happened per second of a window.</summary>
    public EvaluatedThreshold EvaluateAlone(ScopedThreshold declared)
    {
        var metric = metrics[declared.Key].FirstOrDefault();
        var samples = metric is null ? null : Samples(declared.Key, metric);
        var actual = Alone(metric, samples, declared);
        if (declared.PerKey is not { } key)
        {
            return declared.By(actual, samples, Unit(metric, declared.Statistic));
        }

        var per = metrics[key].FirstOrDefault();
        var divisor = Alone(per, per is null ? null : Samples(key, per), declared);
        return declared.By(divisor is null or 0 ? null : actual / divisor, samples, metric?.Contains == per?.Contains ? "" : Unit(metric, "value"));
    }

    // A counter that nobody added to is in no summary, and zero.
    private double? Alone(SummaryMetric? metric, long? samples, ScopedThreshold declared) => metric switch
    {
        null => null,
        { Type: not "counter" } when samples == 0 => null,
        { Type: "counter" } when declared.Statistic == "rate" && Length(declared.Plan?.Window) is { } seconds =>
            seconds > 0 ? metric.Values.GetValueOrDefault("count") / seconds : null,
        _ => Actual(metric, declared.Statistic),
    };

    // As much of the window as the load had; null without a window.
    private double? Length(ThresholdWindow? window) => window?.FromSeconds is { } from && summary is not null
        ? Math.Min(window.ToSeconds ?? double.PositiveInfinity, summary.LoadSeconds) - from
        : null;

    private double? CrossedAt(ScopedThreshold declared) => recording.CrossedAt
        .Where(one => ThresholdEvaluator.Canonical(one.Key.Metric) == declared.Key && ThresholdEvaluator.Canonical(one.Key.Expression) == ThresholdEvaluator.Canonical(declared.Expression))
        .Select(one => (double?)one.Value)
        .FirstOrDefault();

    private static double? Actual(SummaryMetric metric, string statistic)
    {
        if (metric.Values.TryGetValue(statistic, out var value))
        {
            return value;
        }

        var percent = Percentile.Of(statistic);
        return percent is null ? null
            : metric.Values.Where(one => Percentile.Of(one.Key) == percent).Select(one => (double?)one.Value).FirstOrDefault();
    }

    // Null where the summary does not tell.
    private long? Samples(string key, SummaryMetric metric) => metric.Type switch
    {
        "rate" => (long)(metric.Values.GetValueOrDefault("passes") + metric.Values.GetValueOrDefault("fails")),
        "trend" when metric.Values.TryGetValue("count", out var count) => (long)count,
        "trend" => metric.Values.Values.All(value => value == 0) ? 0 : null,
        "gauge" => metric.Values.Values.All(value => value == 0) && recording.ProvesAbsenceOf(key) ? 0 : null,
        _ => key.Split('{')[0] is "http_reqs" or "iterations" ? (long)metric.Values.GetValueOrDefault("count") : null,
    };

    private static string Unit(SummaryMetric? metric, string statistic) => Unit(metric?.Type, metric?.Contains, statistic);

    /// <summary>k6's unit of a statistic of a metric.</summary>
    internal static string Unit(string? type, string? contains, string statistic) => (type, contains, statistic) switch
    {
        ("counter", "data", "rate") => "B/s",
        ("counter", _, "rate") => "/s",
        ("rate", _, _) => "1",
        ("trend" or "gauge", "time", _) => "ms",
        (_, "data", _) => "B",
        _ => "",
    };
}
