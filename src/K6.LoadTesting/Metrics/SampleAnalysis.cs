using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Metrics;

/// <summary>What is asked of samples.</summary>
internal sealed record SampleQuestions
{
    /// <summary>Tags by whose values requests are counted apart.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>Whether metrics, checks, scenarios and timeline are wanted too, where nobody else measured them.</summary>
    public bool Everything { get; init; }

    /// <summary>Statistics of metrics and submetrics that thresholds need.</summary>
    public IReadOnlyList<(MetricSelector Selector, string Statistic)> Thresholds { get; init; } = [];

    /// <summary>The script's own thresholds by metric, where somebody else knows them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ThresholdExpression>> Declared { get; init; } = new Dictionary<string, IReadOnlyList<ThresholdExpression>>();

    /// <summary>How many values of a tag are kept apart.</summary>
    public int MostGroups { get; init; } = 200;
}

/// <summary>Everything that samples tell, read in two passes and bounded memory.</summary>
internal sealed class SampleAnalysis
{
    private const int MostChecks = 2000;

    private static readonly HashSet<string> OfScenarios = ["http_reqs", "http_req_duration", "http_req_failed", "iterations", "iteration_duration"];
    private static readonly string[] Distribution = ["p(0)", "p(1)", .. Enumerable.Range(1, 49).Select(half => $"p({half * 2})"), "p(99)", "p(99.5)", "p(99.9)", "p(100)"];

    private readonly SampleQuestions _questions;
    private readonly SamplesReader _reader;
    private readonly bool _severalFiles;
    private readonly List<SampleGroups> _groups;
    private readonly Dictionary<string, StatisticsAccumulator> _metrics = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Group, string Check), StatisticsAccumulator> _checks = [];
    private readonly HashSet<string> _scenarios = [];
    private readonly SampleTimeline _timeline = new();
    private long _first = long.MaxValue;
    private long _last = long.MinValue;
    private long _count;

    private SampleAnalysis(IReadOnlyList<string> files, SampleQuestions questions)
    {
        (_reader, _severalFiles, _questions) = (new SamplesReader(files), files.Count > 1, questions);
        _groups = [.. questions.By.Select(tag => new SampleGroups(tag, questions.MostGroups))];
    }

    /// <summary>Requests by the values of each tag that was asked for.</summary>
    public IReadOnlyList<SampleGroups> Groups => _groups;

    /// <summary>Names of scenarios, sorted.</summary>
    public IReadOnlyList<string> Scenarios => [.. _scenarios.Order(StringComparer.Ordinal)];

    /// <summary>Over time; null without samples.</summary>
    public Timeline? Timeline => _timeline.Result();

    /// <summary>Number of samples.</summary>
    public long Count => _count;

    /// <summary>Time of the earliest sample.</summary>
    public DateTimeOffset Start => At(_first);

    /// <summary>Time of the latest sample.</summary>
    public DateTimeOffset End => At(_last);

    /// <summary>Whether a file ended in the middle.</summary>
    public bool Truncated => _reader.Truncated;

    /// <summary>Reads samples.</summary>
    /// <exception cref="InvalidDataException">A file is not of this format.</exception>
    public static SampleAnalysis Read(IReadOnlyList<string> files, SampleQuestions questions)
    {
        var analysis = new SampleAnalysis(files, questions);
        new SampleRoutes(analysis.Route).Read(analysis._reader, questions.Everything ? analysis.See : null);
        return analysis;
    }

    /// <summary>The same as an engine's summary.</summary>
    public Summary Summary()
    {
        var seconds = Math.Max(0.001, (_last - _first) / 1e6);

        // A limit of the script without a single sample is none that held; a counter that nobody added to is zero, unless it is one of a scenario that nobody saw.
        var known = _questions.Thresholds.Select(one => one.Selector).Where(selector =>
            (BuiltInMetrics.Find(selector.Name) is not null || _metrics.ContainsKey(selector.Name)) && selector.Tags.All(tag => tag.Key != "scenario" || _scenarios.Contains(tag.Value)));
        foreach (var key in _questions.Declared.Keys.Concat(known.Select(selector => selector.ToString())).ToList())
        {
            Metric(key, key.Split('{')[0]);
        }

        var overTime = _severalFiles ? Timeline?.Series : null;
        return new Summary
        {
            LoadSeconds = seconds,
            TrendStatistics = [],
            Checks = [.. _checks.Select(check => new CheckResult(
                check.Key.Check, check.Key.Group, (long)check.Value.Sum, check.Value.Count - (long)check.Value.Sum))],
            Metrics = _metrics.ToDictionary(
                metric => metric.Key,
                metric =>
                {
                    var values = metric.Value.Values(seconds);

                    // Virtual users of several instances are a sum, which only seconds can tell.
                    if (metric.Value.Type == "gauge" && overTime?.GetValueOrDefault($"{metric.Key}.value")?.OfType<double>().ToList() is { Count: > 0 } sums)
                    {
                        (values["value"], values["min"], values["max"]) = (sums[^1], sums.Min(), sums.Max());
                    }

                    return new SummaryMetric(metric.Value.Type, Contains(metric.Key.Split('{')[0]), Finite(values), Held(metric.Key, values));
                }),
        };
    }

    private void See(Sample sample)
    {
        _count++;
        _first = Math.Min(_first, sample.Microseconds);
        _last = Math.Max(_last, sample.Microseconds);
        _timeline.Add(sample, _reader.File);
    }

    private StatisticsAccumulator[] Route(SampleSeries series)
    {
        var routes = _groups.Select(group => group.Route(series)).OfType<StatisticsAccumulator>().ToList();
        if (!_questions.Everything)
        {
            return [.. routes];
        }

        var keys = new HashSet<string> { series.Metric };
        if (series.Tags.TryGetValue("scenario", out var scenario) && OfScenarios.Contains(series.Metric))
        {
            _scenarios.Add(scenario);
            keys.Add($"{series.Metric}{{scenario:{scenario}}}");
        }

        keys.UnionWith(_questions.Thresholds.Where(one => SampleRoutes.Matches(one.Selector, series)).Select(one => one.Selector.ToString()));
        routes.AddRange(keys.Select(key => Metric(key, series.Metric)));
        if (series.Metric == "checks" && series.Tags.TryGetValue("check", out var check))
        {
            var at = (series.Tags.GetValueOrDefault("group", "").TrimStart(':'), check);
            if (_checks.TryGetValue(at, out var known))
            {
                routes.Add(known);
            }
            else if (_checks.Count < MostChecks)
            {
                routes.Add(_checks[at] = new StatisticsAccumulator($"checks{{check:{check}}}", "rate", []));
            }
        }

        return [.. routes];
    }

    private StatisticsAccumulator Metric(string key, string metric)
    {
        if (!_metrics.TryGetValue(key, out var found))
        {
            var type = Type(metric);
            string[] standard = type switch
            {
                "counter" => ["count", "rate"],
                "gauge" => ["value", "min", "max"],
                "rate" => ["rate", "passes", "fails"],
                _ => ["count", "avg", "min", "med", "max", "p(90)", "p(95)", "p(99)", .. Distribution],
            };
            var wanted = _questions.Thresholds.Where(one => one.Selector.ToString() == key && Fits(type, one.Statistic)).Select(one => one.Statistic);
            _metrics[key] = found = new StatisticsAccumulator(key, type, [.. standard.Concat(wanted).Distinct()]);
        }

        return found;
    }

    private static bool Fits(string type, string statistic) =>
        ThresholdExpression.Fits(statistic, Enum.Parse<MetricType>(type, ignoreCase: true));

    // k6's json says it. Its csv does not: then a limit on the metric may tell, and else its values are taken for a distribution.
    private string Type(string metric) =>
        BuiltInMetrics.Find(metric)?.Type.ToString().ToLowerInvariant()
        ?? _reader.Metrics.GetValueOrDefault(metric)?.Type
        ?? _questions.Thresholds.Where(one => one.Selector.Name == metric).Select(one => one.Statistic switch
        {
            "count" => "counter",
            "rate" => "rate",
            "value" => "gauge",
            _ => null,
        }).FirstOrDefault()
        ?? "trend";

    private string Contains(string metric) =>
        BuiltInMetrics.Find(metric)?.Contents.ToString().ToLowerInvariant() ?? _reader.Metrics.GetValueOrDefault(metric)?.Contains ?? "default";

    // The script's own thresholds, of which k6's json has those on whole metrics.
    private Dictionary<string, bool> Held(string key, Dictionary<string, double> values)
    {
        var held = new Dictionary<string, bool>();
        var told = (_reader.Metrics.GetValueOrDefault(key)?.Thresholds ?? []).Select(one => ThresholdExpression.TryParse(one, out _)).OfType<ThresholdExpression>();
        foreach (var expression in told.Concat(_questions.Declared.GetValueOrDefault(key) ?? []))
        {
            if (values.TryGetValue(expression.Statistic, out var value))
            {
                held[expression.ToString()] = Gates.ThresholdEvaluator.Holds(value, expression.Operator, expression.Limit);
            }
        }

        return held;
    }

    /// <summary>Without infinities, which JSON does not have; an engine's summary lacks them, too.</summary>
    internal static Dictionary<string, double> Finite(IReadOnlyDictionary<string, double> values) => values.Where(value => double.IsFinite(value.Value)).ToDictionary();

    private static DateTimeOffset At(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds is long.MaxValue or long.MinValue ? 0 : microseconds * TimeSpan.TicksPerMicrosecond);
}
