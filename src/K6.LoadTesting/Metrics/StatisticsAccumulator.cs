using System.Runtime.InteropServices;

namespace K6.LoadTesting.Metrics;

/// <summary>
/// The statistics of one metric or part of it. Percentiles are exact and memory is bounded all the same: the first pass counts samples in buckets 0.02 % wide, the second
/// keeps the exact values of only those buckets that hold the neighbours of a wanted percentile.
/// </summary>
/// <param name="key">Metric or submetric, for messages.</param>
/// <param name="type"><c>counter</c>, <c>gauge</c>, <c>rate</c> or <c>trend</c>.</param>
/// <param name="statistics">k6's names of what is wanted.</param>
internal sealed class StatisticsAccumulator(string key, string type, IReadOnlyList<string> statistics)
{
    // 12 bits of the mantissa: 4096 buckets per power of two.
    private const int DroppedBits = 52 - 12;

    private readonly Dictionary<uint, long> _buckets = [];
    private readonly Dictionary<uint, Dictionary<double, long>> _chosen = [];
    private readonly Dictionary<uint, long> _before = [];
    private readonly bool _isTrend = type == "trend";
    private long _nonZero;
    private double _sum;
    private double _last;
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;

    /// <summary>Type of the metric.</summary>
    public string Type => type;

    /// <summary>Time before which samples do not count, microseconds since 1970-01-01 UTC; whoever adds them looks at it.</summary>
    public long From { get; init; } = long.MinValue;

    /// <summary>Samples so far.</summary>
    public long Count { get; private set; }

    /// <summary>Share of samples that are not zero.</summary>
    public double Share => Count == 0 ? 0 : (double)_nonZero / Count;

    /// <summary>The sum of the samples.</summary>
    public double Sum => _sum;

    /// <summary>A sample of the first pass.</summary>
    public void Add(double value)
    {
        Count++;
        _nonZero += value == 0 ? 0 : 1;
        _sum += value;
        _last = value;
        _min = Math.Min(_min, value);
        _max = Math.Max(_max, value);
        if (_isTrend)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_buckets, Bucket(value), out _)++;
        }
    }

    /// <summary>Ends the first pass: picks the buckets that hold neighbours of wanted percentiles; false when there are none.</summary>
    public bool ChooseBuckets()
    {
        if (!_isTrend || Count == 0)
        {
            return false;
        }

        var ranks = new SortedSet<long>();
        foreach (var statistic in statistics)
        {
            if (Percentile.Of(statistic) is { } percent)
            {
                var (index, fraction) = Percentile.Position(percent, Count);
                ranks.Add(index);
                ranks.Add(fraction == 0 ? index : index + 1);
            }
        }

        var seen = 0L;
        foreach (var bucket in _buckets.Keys.Order())
        {
            var next = seen + _buckets[bucket];
            if (ranks.GetViewBetween(seen, next - 1).Count > 0)
            {
                _before[bucket] = seen;
                _chosen[bucket] = [];
            }

            seen = next;
        }

        return _chosen.Count > 0;
    }

    /// <summary>A sample of the second pass.</summary>
    public void AddExact(double value)
    {
        if (_chosen.TryGetValue(Bucket(value), out var values))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(values, value, out _)++;
        }
    }

    /// <summary>The statistics; zeros where there are no samples, as k6 has it.</summary>
    public Dictionary<string, double> Values(double loadSeconds) =>
        statistics.ToDictionary(statistic => statistic, statistic => Count == 0 ? 0 : Value(statistic, loadSeconds));

    private double Value(string statistic, double loadSeconds) => (type, statistic) switch
    {
        ("counter", "count") => _sum,
        ("counter", "rate") => _sum / loadSeconds,
        ("rate", "passes") => _nonZero,
        ("rate", "fails") => Count - _nonZero,
        ("rate", "rate") => (double)_nonZero / Count,
        ("gauge", "value") => _last,
        ("trend", "count") => Count,
        ("trend", "avg") => _sum / Count,
        (_, "min") => _min,
        (_, "max") => _max,
        _ when _isTrend && Percentile.Of(statistic) is { } percent => At(percent),
        _ => throw new ArgumentException($"A {type} has no statistic {statistic}."),
    };

    private double At(double percent)
    {
        var (index, fraction) = Percentile.Position(percent, Count);
        var lower = AtRank(index);
        return fraction == 0 ? lower : Percentile.Between(lower, AtRank(index + 1), fraction);
    }

    private double AtRank(long rank)
    {
        foreach (var (bucket, values) in _chosen)
        {
            if (rank >= _before[bucket] && rank < _before[bucket] + _buckets[bucket])
            {
                var seen = _before[bucket];
                foreach (var (value, times) in values.OrderBy(one => one.Key))
                {
                    seen += times;
                    if (rank < seen)
                    {
                        return value;
                    }
                }
            }
        }

        throw new InvalidOperationException($"The samples of {key} changed between two readings.");
    }

    // The bits of a double sort like the double itself once negative ones are flipped.
    private static uint Bucket(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value == 0 ? 0 : value);
        return (uint)(((bits & (1UL << 63)) == 0 ? bits | (1UL << 63) : ~bits) >> DroppedBits);
    }
}
