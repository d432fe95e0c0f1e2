using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Gates;

/// <summary>A threshold, what the engine says of it, and what its figures say.</summary>
/// <param name="Result">The result; its verdict is final.</param>
/// <param name="EngineHolds">What the engine says; null when it says nothing.</param>
/// <param name="Evaluated">Whether it was evaluated by anybody.</param>
/// <param name="Location">Where it was declared; null when nobody knows.</param>
internal sealed record EvaluatedThreshold(ThresholdResult Result, bool? EngineHolds, bool Evaluated, SourceLocation? Location);

/// <summary>
/// Compares figures with limits as k6 does, and holds the engine's own account against it: a threshold fails when either says so.
/// </summary>
internal static class ThresholdEvaluator
{
    /// <summary>k6's comparison: exact, on doubles.</summary>
    public static bool Holds(double actual, string comparison, double limit) => comparison switch
    {
        "<" => actual < limit,
        "<=" => actual <= limit,
        ">" => actual > limit,
        ">=" => actual >= limit,
        "==" or "===" => actual == limit,
        "!=" => actual != limit,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "Not an operator of k6."),
    };

    /// <summary>All thresholds: those of the project in the order of declaration, then those of the scripts.</summary>
    public static IReadOnlyList<EvaluatedThreshold> Evaluate(
        TestPlan plan, TestBundle bundle, RunOptions options, Summary? summary, Recording recording, IReadOnlyList<MonitoredResult> monitored)
    {
        var metrics = new MetricTable(summary, recording, monitored);
        var declared = Declared(plan, bundle, options).ToList();
        var known = declared.Select(one => (one.Metric, Canonical(one.Expression))).ToHashSet();

        // What the engine judged and no report names: options that differ between inspect and run.
        var others = metrics.Thresholds()
            .Where(one => !known.Contains((one.Metric, Canonical(one.Expression))))
            .Select(one => FromScript(bundle, null, one.Metric, one.Metric, one.Expression, false));
        return [.. declared.Concat(others).Select(metrics.Evaluate)];
    }

    private static IEnumerable<DeclaredThreshold> Declared(TestPlan plan, TestBundle bundle, RunOptions options)
    {
        var merged = options.Entry?.Thresholds ?? [];
        var ofProject = merged.Where(one => one.Source == "project" && one.Index is not null).ToLookup(one => one.Index!.Value);
        for (var index = 0; index < plan.Thresholds.Count; index++)
        {
            var declaration = plan.Thresholds[index];
            var metric = ofProject[index].FirstOrDefault()?.Metric ?? Scoped(declaration);
            yield return new DeclaredThreshold(
                declaration.Name, Canonical(metric), declaration.Statistic, declaration.Operator, declaration.Limit, declaration.Expression,
                declaration.Severity, declaration.AbortOnFail, "project", declaration.Message, declaration.Location);
        }

        foreach (var one in merged.Where(one => one.Source != "project"))
        {
            yield return FromScript(bundle, one.Script, one.Written ?? one.Metric, one.Metric, one.Expression, one.AbortOnFail);
        }
    }

    private static DeclaredThreshold FromScript(
        TestBundle bundle, string? script, string written, string metric, string expression, bool abortOnFail)
    {
        var candidates = bundle.ScriptThresholds.Where(one => script is null || one.Script == script).ToList();
        var literal = candidates.Find(one => one.Metric is not null && one.Expression is not null
            && Canonical(one.Metric) == Canonical(written) && Canonical(one.Expression) == Canonical(expression));
        var place = literal ?? candidates.Find(one => one.Metric is null) ?? candidates.FirstOrDefault();
        var parsed = ThresholdExpression.TryParse(expression, out _) ?? new ThresholdExpression("", "", double.NaN);
        return new DeclaredThreshold(
            $"{Canonical(metric)} {parsed.Statistic}", Canonical(metric), parsed.Statistic, parsed.Operator, parsed.Limit, expression,
            ThresholdSeverity.Error, abortOnFail, literal is null ? "script (computed)" : "script", null, place?.Location);
    }

    private static string Scoped(ThresholdPlan declaration) =>
        declaration.Scenario is not null && MetricSelector.TryParse(declaration.Metric, out _) is { } selector
            ? selector.With("scenario", declaration.Scenario).ToString()
            : declaration.Metric;

    /// <summary>One spelling for a selector or an expression, so that two spellings of the same are equal.</summary>
    private static string Canonical(string text) =>
        ThresholdExpression.TryParse(text, out _)?.ToString() ?? MetricSelector.TryParse(text, out _)?.ToString() ?? text.Trim();

    private sealed record DeclaredThreshold(
        string Name, string Metric, string Statistic, string Operator, double Limit, string Expression,
        ThresholdSeverity Severity, bool AbortOnFail, string Source, string? Message, SourceLocation? Location);

    /// <summary>The summary's metrics by canonical key.</summary>
    private sealed class MetricTable(Summary? summary, Recording recording, IReadOnlyList<MonitoredResult> monitored)
    {
        private readonly ILookup<string, SummaryMetric> metrics = (summary?.Metrics ?? new Dictionary<string, SummaryMetric>())
            .OrderBy(metric => metric.Key, StringComparer.Ordinal)
            .ToLookup(metric => Canonical(metric.Key), metric => metric.Value);

        public IEnumerable<(string Metric, string Expression)> Thresholds() =>
            metrics.OrderBy(group => group.Key, StringComparer.Ordinal)
                .SelectMany(group => group.SelectMany(metric => metric.Thresholds.Keys).Distinct()
                    .Order(StringComparer.Ordinal).Select(expression => (group.Key, expression)));

        public EvaluatedThreshold Evaluate(DeclaredThreshold declared) =>
            ServiceMetrics.Parse(declared.Metric) is var (service, measured) ? OfService(declared, service, measured) : OfEngine(declared);

        private EvaluatedThreshold OfService(DeclaredThreshold declared, string service, string measured)
        {
            double[] values = monitored.FirstOrDefault(one => one.Kind == MonitoredKind.Service && one.Name == service)?.Timeline.Series.GetValueOrDefault(measured) is { } series
                ? [.. series.OfType<double>()]
                : [];
            var actual = SeriesStatistics.Of(values, declared.Statistic);
            var verdict = actual is null ? ThresholdVerdict.NoSamples : Holds(actual.Value, declared.Operator, declared.Limit) ? ThresholdVerdict.Passed : ThresholdVerdict.Failed;
            return new EvaluatedThreshold(
                Result(declared) with { Actual = actual, Samples = values.Length, Unit = Quantity.UnitOf(ServiceMetrics.Find(measured)!, declared.Statistic), Verdict = verdict },
                null,
                Evaluated: true,
                declared.Location);
        }

        private static ThresholdResult Result(DeclaredThreshold declared) => new()
        {
            Name = declared.Name,
            Metric = declared.Metric,
            Statistic = declared.Statistic,
            Operator = declared.Operator,
            Expression = declared.Expression,
            Limit = declared.Limit,
            Verdict = ThresholdVerdict.NoSamples,
            Severity = declared.Severity,
            AbortOnFail = declared.AbortOnFail,
            Source = declared.Source,
            Message = declared.Message,
            File = declared.Location?.File,
            Line = declared.Location is { Line: > 0 } line ? line.Line : null,
            Column = declared.Location is { Column: > 0 } column ? column.Column : null,
        };

        private EvaluatedThreshold OfEngine(DeclaredThreshold declared)
        {
            var metric = metrics[declared.Metric].FirstOrDefault();
            var engine = metrics[declared.Metric].SelectMany(one => one.Thresholds)
                .Where(one => Canonical(one.Key) == Canonical(declared.Expression))
                .Select(one => (bool?)one.Value)
                .FirstOrDefault();
            var actual = metric is null ? null : Actual(metric, declared.Statistic);
            var samples = metric is null ? null : Samples(declared.Metric, metric);
            var isEmpty = metric is not null && metric.Type != "counter" && samples == 0;
            bool? figures = actual is null || declared.Operator.Length == 0 ? null : Holds(actual.Value, declared.Operator, declared.Limit);
            var evaluated = engine is not null || figures is not null;
            var verdict = isEmpty || !evaluated ? ThresholdVerdict.NoSamples
                : engine == false || figures == false ? ThresholdVerdict.Failed
                : ThresholdVerdict.Passed;
            return new EvaluatedThreshold(
                Result(declared) with
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

        private double? CrossedAt(DeclaredThreshold declared) => recording.CrossedAt
            .Where(one => Canonical(one.Key.Metric) == declared.Metric && Canonical(one.Key.Expression) == Canonical(declared.Expression))
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
            _ => MetricName(key) is "http_reqs" or "iterations" ? (long)metric.Values.GetValueOrDefault("count") : null,
        };

        private static string Unit(SummaryMetric? metric, string statistic) => (metric?.Type, metric?.Contains, statistic) switch
        {
            ("counter", "data", "rate") => "B/s",
            ("counter", _, "rate") => "/s",
            ("rate", _, _) => "1",
            ("trend" or "gauge", "time", _) => "ms",
            (_, "data", _) => "B",
            _ => "",
        };
    }

    private static string MetricName(string key) => key.Split('{')[0];
}
