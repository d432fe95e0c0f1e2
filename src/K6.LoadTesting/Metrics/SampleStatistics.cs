using System.Runtime.InteropServices;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Metrics;

/// <summary>Statistics to compute for a metric or submetric.</summary>
/// <param name="Key">Metric or submetric, such as <c>http_req_duration{scenario:browse}</c>.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c>, <c>rate</c> or <c>trend</c>.</param>
/// <param name="Statistics">k6's names: <c>count</c>, <c>rate</c>, <c>passes</c>, <c>fails</c>, <c>value</c>, <c>min</c>, <c>max</c>, <c>avg</c>, <c>med</c>, <c>p(95)</c>, …</param>
public sealed record StatisticsRequest(string Key, string Type, IReadOnlyList<string> Statistics)
{
    /// <summary>Time before which samples do not count, microseconds since 1970-01-01 UTC; null for all of them.</summary>
    public long? FromMicroseconds { get; init; }
}

/// <summary>
/// Statistics computed from raw samples, equal to k6's own (see <c>docs/results.md</c> for how equal). Percentiles are exact and
/// memory is bounded all the same: a first pass counts samples in buckets 0.02 % wide, a second one keeps
/// the exact values of only those buckets that hold the neighbours of a wanted percentile.
/// </summary>
public static class SampleStatistics
{
    /// <summary>Computes all requests.</summary>
    /// <param name="file">Samples as <see cref="SamplesReader"/> reads them.</param>
    /// <param name="requests">What to compute.</param>
    /// <param name="loadSeconds">Length of the load: the divisor of the rates of counters.</param>
    /// <returns>Values by key and statistic; zeros where there are no samples, as k6 has it.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Compute(
        string file, IReadOnlyList<StatisticsRequest> requests, double loadSeconds) =>
        requests.Zip(ComputeEach(file, requests, loadSeconds)).ToDictionary(one => one.First.Key, one => one.Second);

    /// <summary>The same, in the order of the requests, of which several may be of one metric.</summary>
    internal static IReadOnlyList<IReadOnlyDictionary<string, double>> ComputeEach(
        string file, IReadOnlyList<StatisticsRequest> requests, double loadSeconds)
    {
        var series = requests.Select(request => new Series(request)).ToArray();
        var reader = new SamplesReader(file);
        Feed(reader, series, (one, value) => one.Add(value));
        var unfinished = series.Where(one => one.ChooseBuckets()).ToArray();
        if (unfinished.Length > 0)
        {
            Feed(reader, unfinished, (one, value) => one.AddExact(value));
        }

        return [.. series.Select(one => one.Values(loadSeconds))];
    }

    private static void Feed(SamplesReader reader, Series[] series, Action<Series, double> add)
    {
        var byMetric = series.ToLookup(one => one.Selector.Name);
        var matching = new Dictionary<(string, IReadOnlyDictionary<string, string>), Series[]>();
        foreach (var sample in reader.Read())
        {
            if (!matching.TryGetValue((sample.Metric, sample.Tags), out var matches))
            {
                if (matching.Count > 100_000)
                {
                    matching.Clear();
                }

                matches = [.. byMetric[sample.Metric].Where(one => Matches(one.Selector, sample.Tags))];
                matching[(sample.Metric, sample.Tags)] = matches;
            }

            foreach (var one in matches)
            {
                if (one.Request.FromMicroseconds is not { } from || sample.Microseconds >= from)
                {
                    add(one, sample.Value);
                }
            }
        }
    }

    /// <summary>Whether a sample with these tags belongs to a submetric.</summary>
    internal static bool Matches(MetricSelector selector, IReadOnlyDictionary<string, string> tags)
    {
        foreach (var (key, value) in selector.Tags)
        {
            if (!tags.TryGetValue(key, out var actual) || actual != value)
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Series(StatisticsRequest request)
    {
        // 12 bits of the mantissa: 4096 buckets per power of two.
        private const int DroppedBits = 52 - 12;

        private readonly Dictionary<uint, long> buckets = [];
        private readonly Dictionary<uint, SortedDictionary<double, long>> chosen = [];
        private readonly Dictionary<uint, long> before = [];
        private readonly bool isTrend = request.Type == "trend";
        private long count;
        private long nonZero;
        private double sum;
        private double last;
        private double min = double.PositiveInfinity;
        private double max = double.NegativeInfinity;

        public StatisticsRequest Request { get; } = request;

        public MetricSelector Selector { get; } =
            MetricSelector.TryParse(request.Key, out var error) ?? throw new ArgumentException(error);

        public void Add(double value)
        {
            count++;
            nonZero += value == 0 ? 0 : 1;
            sum += value;
            last = value;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            if (isTrend)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(buckets, Bucket(value), out _)++;
            }
        }

        /// <summary>Picks the buckets that hold neighbours of wanted percentiles; false when there are none.</summary>
        public bool ChooseBuckets()
        {
            if (!isTrend || count == 0)
            {
                return false;
            }

            var ranks = new SortedSet<long>();
            foreach (var statistic in Request.Statistics)
            {
                if (Percentile.Of(statistic) is { } percent)
                {
                    var (index, fraction) = Percentile.Position(percent, count);
                    ranks.Add(index);
                    ranks.Add(fraction == 0 ? index : index + 1);
                }
            }

            var seen = 0L;
            foreach (var bucket in buckets.Keys.Order())
            {
                var next = seen + buckets[bucket];
                if (ranks.GetViewBetween(seen, next - 1).Count > 0)
                {
                    before[bucket] = seen;
                    chosen[bucket] = [];
                }

                seen = next;
            }

            return chosen.Count > 0;
        }

        public void AddExact(double value)
        {
            if (chosen.TryGetValue(Bucket(value), out var values))
            {
                values[value] = values.GetValueOrDefault(value) + 1;
            }
        }

        public Dictionary<string, double> Values(double loadSeconds) =>
            Request.Statistics.ToDictionary(statistic => statistic, statistic => count == 0 ? 0 : Value(statistic, loadSeconds));

        private double Value(string statistic, double loadSeconds) => (Request.Type, statistic) switch
        {
            ("counter", "count") => sum,
            ("counter", "rate") => sum / loadSeconds,
            ("rate", "passes") => nonZero,
            ("rate", "fails") => count - nonZero,
            ("rate", "rate") => (double)nonZero / count,
            ("gauge", "value") => last,
            ("trend", "count") => count,
            ("trend", "avg") => sum / count,
            (_, "min") => min,
            (_, "max") => max,
            _ when isTrend && Percentile.Of(statistic) is { } percent => At(percent),
            _ => throw new ArgumentException($"A {Request.Type} has no statistic {statistic}."),
        };

        private double At(double percent)
        {
            var (index, fraction) = Percentile.Position(percent, count);
            var lower = AtRank(index);
            return fraction == 0 ? lower : Percentile.Between(lower, AtRank(index + 1), fraction);
        }

        private double AtRank(long rank)
        {
            foreach (var (bucket, values) in chosen)
            {
                if (rank >= before[bucket] && rank < before[bucket] + buckets[bucket])
                {
                    var seen = before[bucket];
                    foreach (var (value, times) in values)
                    {
                        seen += times;
                        if (rank < seen)
                        {
                            return value;
                        }
                    }
                }
            }

            throw new InvalidOperationException($"The samples of {Request.Key} changed between two readings.");
        }

        // The bits of a double sort like the double itself once negative ones are flipped.
        private static uint Bucket(double value)
        {
            var bits = BitConverter.DoubleToUInt64Bits(value == 0 ? 0 : value);
            return (uint)(((bits & (1UL << 63)) == 0 ? bits | (1UL << 63) : ~bits) >> DroppedBits);
        }
    }
}
