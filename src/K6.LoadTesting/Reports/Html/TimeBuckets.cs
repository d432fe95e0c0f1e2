using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>
/// A timeline in at most so many buckets of equal numbers of periods. Percentiles of several periods cannot be joined exactly: the high ones take
/// the worst period, so that no spike disappears, the median is weighted by requests.
/// </summary>
internal sealed class TimeBuckets
{
    private readonly Timeline timeline;
    private readonly int periods;

    /// <summary>Divides a timeline.</summary>
    public TimeBuckets(Timeline timeline, int most)
    {
        this.timeline = timeline;
        periods = Math.Max(1, (timeline.Seconds.Count + most - 1) / most);
        Count = (timeline.Seconds.Count + periods - 1) / periods;
    }

    /// <summary>Number of buckets.</summary>
    public int Count { get; }

    /// <summary>Length of a whole bucket, seconds.</summary>
    public double Seconds => periods * timeline.PeriodSeconds;

    /// <summary>Whether a bucket is more than a period.</summary>
    public bool IsJoined => periods > 1;

    /// <summary>Start of a bucket, seconds since the start of the load.</summary>
    public double Start(int bucket) => bucket == 0 ? Begin : timeline.Seconds[(bucket * periods) - 1];

    /// <summary>End of a bucket, seconds since the start of the load.</summary>
    public double End(int bucket) => timeline.Seconds[Math.Min((bucket + 1) * periods, timeline.Seconds.Count) - 1];

    /// <summary>Whether there is such a series with a value that is not zero.</summary>
    public bool Has(string series) =>
        timeline.Series.TryGetValue(series, out var values) && values.Any(value => value is { } number && number != 0 && double.IsFinite(number));

    /// <summary>The highest value of each bucket.</summary>
    public double?[] Max(string series) => Each(series, (_, values) => values.Max());

    /// <summary>The mean of each bucket, weighted by another series where there is one.</summary>
    public double?[] Mean(string series, string weight)
    {
        var weights = timeline.Series.GetValueOrDefault(weight);
        return Each(series, (first, values) =>
        {
            double sum = 0, all = 0;
            for (var i = 0; i < values.Count; i++)
            {
                if (values[i] is { } value)
                {
                    var of = weights?[first + i] ?? (weights is null ? 1 : 0);
                    sum += value * of;
                    all += of;
                }
            }

            return all > 0 ? sum / all : values.Max();
        });
    }

    /// <summary>A count per second in each bucket; a period without samples counts as zero.</summary>
    public double?[] PerSecond(string series) => Each(series, (first, values) =>
    {
        var from = first == 0 ? Begin : timeline.Seconds[first - 1];
        var length = timeline.Seconds[first + values.Count - 1] - from;
        return length > 0 ? values.Sum(value => value ?? 0) / length : null;
    });

    // The first period may be shorter than the others; one of a warm-up is before 0.
    private double Begin => timeline.Seconds[0] - timeline.PeriodSeconds is var begin && timeline.Seconds[0] > 0 ? Math.Max(0, begin) : begin;

    private double?[] Each(string series, Func<int, IReadOnlyList<double?>, double?> join)
    {
        var result = new double?[Count];
        if (timeline.Series.TryGetValue(series, out var values))
        {
            for (var bucket = 0; bucket < Count; bucket++)
            {
                var first = bucket * periods;
                var part = values.Skip(first).Take(periods).Select(value => value is { } number && double.IsFinite(number) ? value : null).ToList();
                result[bucket] = part.Count == 0 ? null : join(first, part);
            }
        }

        return result;
    }
}
