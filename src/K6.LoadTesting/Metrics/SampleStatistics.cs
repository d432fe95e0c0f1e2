using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Metrics;

/// <summary>Statistics to compute for a metric or submetric.</summary>
/// <param name="Key">Metric or submetric, such as <c>http_req_duration{scenario:browse}</c>; any tag of the samples may be named.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c>, <c>rate</c> or <c>trend</c>.</param>
/// <param name="Statistics">k6's names: <c>count</c>, <c>rate</c>, <c>passes</c>, <c>fails</c>, <c>value</c>, <c>min</c>, <c>max</c>, <c>avg</c>, <c>med</c>, <c>p(95)</c>, …</param>
internal sealed record StatisticsRequest(string Key, string Type, IReadOnlyList<string> Statistics)
{
    /// <summary>Time before which samples do not count, microseconds since 1970-01-01 UTC; null for all of them.</summary>
    public long? FromMicroseconds { get; init; }
}

/// <summary>Statistics computed from raw samples, equal to k6's own (see <c>docs/samples.md</c> for how equal), in bounded memory and two passes.</summary>
internal static class SampleStatistics
{
    /// <summary>Computes all requests.</summary>
    /// <param name="file">Samples as <see cref="SamplesReader"/> reads them.</param>
    /// <param name="requests">What to compute.</param>
    /// <param name="loadSeconds">Length of the load: the divisor of the rates of counters.</param>
    /// <returns>Values by key and statistic; zeros where there are no samples, as k6 has it.</returns>
    /// <exception cref="InvalidDataException">The file is not of this format.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Compute(
        string file, IReadOnlyList<StatisticsRequest> requests, double loadSeconds) =>
        requests.Zip(ComputeEach([file], requests, loadSeconds)).ToDictionary(one => one.First.Key, one => one.Second);

    /// <summary>The same, in the order of the requests, of which several may be of one metric.</summary>
    /// <param name="files">Samples as <see cref="SamplesReader"/> reads them.</param>
    /// <param name="requests">What to compute.</param>
    /// <param name="loadSeconds">Length of the load.</param>
    /// <param name="first">Sees each sample of the first pass too.</param>
    internal static IReadOnlyList<IReadOnlyDictionary<string, double>> ComputeEach(
        IReadOnlyList<string> files, IReadOnlyList<StatisticsRequest> requests, double loadSeconds, Action<Sample>? first = null)
    {
        var wanted = requests.Select(request => (
            Selector: MetricSelector.TryParse(request.Key, out var error) ?? throw new ArgumentException(error),
            Statistics: new StatisticsAccumulator(request.Key, request.Type, request.Statistics) { From = request.FromMicroseconds ?? long.MinValue })).ToList();
        new SampleRoutes(series => [.. wanted.Where(one => SampleRoutes.Matches(one.Selector, series)).Select(one => one.Statistics)])
            .Read(new SamplesReader(files), first);
        return [.. wanted.Select(one => one.Statistics.Values(loadSeconds))];
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
}

/// <summary>Leads samples to the statistics that they are part of, in two passes.</summary>
/// <param name="route">Decides for a series that is seen for the first time.</param>
internal sealed class SampleRoutes(Func<SampleSeries, StatisticsAccumulator[]> route)
{
    private const int Remembered = 50_000;

    private readonly Dictionary<SampleSeries, StatisticsAccumulator[]> _routes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Reads everything; a second time where percentiles are wanted.</summary>
    /// <param name="reader">The samples.</param>
    /// <param name="first">Sees each sample of the first pass too.</param>
    public void Read(SamplesReader reader, Action<Sample>? first = null)
    {
        var all = new HashSet<StatisticsAccumulator>();
        foreach (var sample in reader.Read())
        {
            foreach (var one in Route(sample.Series, all))
            {
                if (sample.Microseconds >= one.From)
                {
                    one.Add(sample.Value);
                }
            }

            first?.Invoke(sample);
        }

        _routes.Clear();
        var unfinished = all.Where(one => one.ChooseBuckets()).ToHashSet();
        if (unfinished.Count == 0)
        {
            return;
        }

        foreach (var sample in reader.Read())
        {
            foreach (var one in Route(sample.Series, null))
            {
                if (sample.Microseconds >= one.From)
                {
                    one.AddExact(sample.Value);
                }
            }
        }
    }

    /// <summary>Whether a series belongs to a metric or submetric.</summary>
    public static bool Matches(MetricSelector selector, SampleSeries series) =>
        selector.Name == series.Metric && SampleStatistics.Matches(selector, series.Tags);

    private StatisticsAccumulator[] Route(SampleSeries series, HashSet<StatisticsAccumulator>? all)
    {
        if (!_routes.TryGetValue(series, out var found))
        {
            if (_routes.Count >= Remembered)
            {
                _routes.Clear();
            }

            _routes[series] = found = route(series);
            all?.UnionWith(found);
        }

        return found;
    }
}
