using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Gates;

/// <summary>The figures of each second: those of the load, and those of the inside of services.</summary>
internal sealed class SecondFigures(Timeline? load, IReadOnlyList<MonitoredResult> monitored)
{
    /// <summary>A threshold on seconds: on all of them, on those of a window, or on how long they stay beyond the limit.</summary>
    public EvaluatedThreshold Evaluate(ScopedThreshold declared) => ServiceMetrics.Parse(declared.Metric) is var (service, measured)
        ? OfService(declared, service, measured)
        : OfLoad(declared);

    private EvaluatedThreshold OfService(ScopedThreshold declared, string service, string measured)
    {
        var timeline = monitored.FirstOrDefault(one => one.Kind == MonitoredKind.Service && one.Name == service)?.Timeline;
        var unit = Quantity.UnitOf(ServiceMetrics.Find(measured)!, declared.Statistic);
        var seconds = Seconds(timeline, measured, declared.Plan?.Window, zeroWhereNone: false);
        double[] values = [.. seconds.Select(one => one.Value).OfType<double>()];
        return declared.Plan?.For is { } length
            ? Sustained(declared, seconds, timeline!.PeriodSeconds, length, values.Length, unit)
            : declared.By(SeriesStatistics.Of(values, declared.Statistic), values.Length, unit, CrossedAt(declared, seconds));
    }

    // As the engine's recording has it: since which second the statistic of all seconds so far has been beyond the limit without a break.
    private static double? CrossedAt(ScopedThreshold declared, IReadOnlyList<(double End, double? Value)> seconds)
    {
        var sofar = new RunningStatistic(declared.Statistic);
        double? since = null;
        foreach (var (end, value) in seconds.Where(second => second.Value is not null))
        {
            since = ThresholdEvaluator.Holds(sofar.Add(value!.Value), declared.Operator, declared.Limit) ? null : since ?? end;
        }

        return since;
    }

    private EvaluatedThreshold OfLoad(ScopedThreshold declared)
    {
        var metric = BuiltInMetrics.Find(declared.Metric);
        var counts = declared.Statistic is "count" || (declared.Statistic == "rate" && metric?.Type == MetricType.Counter);
        var unit = metric is null ? "" : Quantity.UnitOf(metric, declared.Statistic);
        var seconds = Seconds(load, $"{declared.Metric}.{declared.Statistic}", declared.Plan?.Window, zeroWhereNone: counts);
        var measured = seconds.Count(one => one.Value is not null);
        if (declared.Plan?.For is { } length)
        {
            return Sustained(declared, seconds, load?.PeriodSeconds ?? 1, length, measured, unit);
        }

        double? actual = seconds.Count == 0 ? null : declared.Statistic switch
        {
            "count" => seconds.Sum(one => one.Value ?? 0),
            "rate" => seconds.Average(one => one.Value ?? 0),
            _ => seconds.LastOrDefault(one => one.Value is not null).Value,
        };
        return declared.By(actual, null, unit);
    }

    private static EvaluatedThreshold Sustained(
        ScopedThreshold declared, IReadOnlyList<(double End, double? Value)> seconds, double period, string length, long measured, string unit)
    {
        var level = SustainedLevel.Of(seconds, Periods(length, period), declared.Operator, declared.Limit);
        return declared.By(level.Value, measured, unit, level.BrokenAt);
    }

    /// <summary>How many periods make up a duration; at least one.</summary>
    internal static int Periods(string duration, double period) => Math.Max(1, (int)Math.Ceiling(K6Duration.Parse(duration).TotalSeconds / period));

    private static IReadOnlyList<(double End, double? Value)> Seconds(Timeline? timeline, string series, ThresholdWindow? window, bool zeroWhereNone)
    {
        if (timeline is null || timeline.Seconds.Count == 0 || timeline.Series.GetValueOrDefault(series) is not { } values)
        {
            return [];
        }

        var last = timeline.Seconds[^1];
        var from = window?.LastSeconds is { } length ? last - length : window?.FromSeconds ?? 0;
        var to = window?.ToSeconds ?? double.PositiveInfinity;
        // A period belongs to the window that holds its middle: the recording's seconds are not those of the clock.
        var half = timeline.PeriodSeconds / 2;
        return [.. timeline.Seconds.Zip(values)
            .Where(one => one.First - half >= from && one.First - half < to)
            .Select(one => (one.First, one.Second ?? (zeroWhereNone ? 0 : null)))];
    }
}
