using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Services.Monitoring;

/// <summary>Makes results of observations: the seconds of the load, on its axis.</summary>
internal static class MonitoredResults
{
    private static readonly string[] Statistics = ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99)", "count"];

    /// <summary>Makes the results.</summary>
    /// <param name="observations">What was seen.</param>
    /// <param name="loadStart">Start of the load.</param>
    /// <param name="loadSeconds">Its length; null when nobody knows: then everything after the start counts.</param>
    public static IReadOnlyList<MonitoredResult> Make(IReadOnlyList<Observation> observations, DateTimeOffset loadStart, double? loadSeconds) =>
        // A second belongs to the load when its greater part does.
        [.. observations.Select(one => Make(one, loadStart, 0.5, loadSeconds + 0.5 ?? double.MaxValue, withStatistics: true)).OfType<MonitoredResult>()];

    /// <summary>Makes those of a warm-up, from its start to that of the load.</summary>
    public static IReadOnlyList<MonitoredResult> OfWarmUp(IReadOnlyList<Observation> observations, DateTimeOffset warmUpStart, DateTimeOffset loadStart) =>
        [.. observations.Select(one => Make(one, loadStart, (warmUpStart - loadStart).TotalSeconds + 0.5, 0, withStatistics: false)).OfType<MonitoredResult>()];

    private static MonitoredResult? Make(Observation observation, DateTimeOffset loadStart, double from, double to, bool withStatistics)
    {
        var samples = observation.Samples
            .Select(sample => (Seconds: Math.Round((sample.Time - loadStart).TotalSeconds, 3), sample.Values))
            .Where(sample => sample.Seconds >= from && sample.Seconds <= to)
            .ToList();
        if (samples.Count == 0)
        {
            return null;
        }

        var names = samples.SelectMany(sample => sample.Values.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        return new MonitoredResult
        {
            Kind = observation.Kind,
            Name = observation.Name,
            Metrics = (withStatistics ? names : []).ToDictionary(name => name, name => Metric(name, [.. samples.Where(sample => sample.Values.ContainsKey(name)).Select(sample => sample.Values[name])])),
            Timeline = new Timeline
            {
                PeriodSeconds = 1,
                Seconds = [.. samples.Select(sample => sample.Seconds)],
                Series = names.ToDictionary(name => name, IReadOnlyList<double?> (name) => [.. samples.Select(sample => sample.Values.TryGetValue(name, out var value) ? Math.Round(value, 3) : (double?)null)]),
            },
        };
    }

    private static MetricResult Metric(string name, IReadOnlyList<double> values) => new()
    {
        Type = "trend",
        Contains = (ServiceMetrics.Find(name)?.Contents ?? (name.StartsWith("memory", StringComparison.Ordinal) ? MetricContents.Data : MetricContents.Default)) switch
        {
            MetricContents.Time => "time",
            MetricContents.Data => "data",
            _ => "default",
        },
        Values = Statistics.ToDictionary(statistic => statistic, statistic => SeriesStatistics.Of(values, statistic)!.Value),
    };
}
