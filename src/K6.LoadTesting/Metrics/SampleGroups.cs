using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Metrics;

/// <summary>
/// Requests by the value of a tag, with exact percentiles. Values beyond the first so many are counted together: URLs with ids in them would
/// make millions.
/// </summary>
/// <param name="tag">The tag, such as <c>name</c>.</param>
/// <param name="most">How many values are kept apart.</param>
internal sealed class SampleGroups(string tag, int most)
{
    /// <summary>What the rest is called.</summary>
    public const string Rest = "(others)";

    private static readonly string[] Statistics = ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99)"];

    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly List<string> _examples = [];
    private Group? _rest;

    /// <summary>How many values are kept apart.</summary>
    public int Most => most;

    /// <summary>The tag.</summary>
    public string Tag => tag;

    /// <summary>Some of the values that were counted together; empty when none were.</summary>
    public IReadOnlyList<string> Examples => _examples;

    /// <summary>What to tell of a tag with too many values.</summary>
    public static string TooMany(SampleGroups groups) =>
        $"The tag {groups.Tag} has more values than the {groups.Most} that are measured apart, such as {string.Join(", ", groups.Examples.Select(value => $"'{PlainText.Fit(PlainText.OneLine(value), 100)}'"))}; the others are counted together as {Rest}. "
        + (groups.Tag is "name" or "url" ? "An id in a URL makes a name of its own of each: name such requests, { tags: { name: 'GET /products/{id}' } } or http.url`/products/${id}`." : "Choose a tag of fewer values in K6SamplesBy.");

    /// <summary>Where samples of a series go; null when they are no requests.</summary>
    public StatisticsAccumulator? Route(SampleSeries series) => series.Metric switch
    {
        "http_req_duration" => Find(series)?.Duration,
        "http_req_failed" => Find(series)?.Failed,
        "http_reqs" => Find(series)?.Requests,
        _ => null,
    };

    /// <summary>The groups, those with most requests first, the rest last.</summary>
    /// <param name="loadSeconds">Length of the load; null when unknown.</param>
    public IReadOnlyList<EndpointResult> Results(double? loadSeconds) =>
        [.. _groups.Select(group => Result(group.Key, group.Value, loadSeconds))
            .Where(result => result.Requests > 0)
            .OrderByDescending(result => result.Requests).ThenBy(result => result.Name, StringComparer.Ordinal)
            .Concat(_rest is null ? [] : new[] { Result(Rest, _rest, loadSeconds) })];

    private static EndpointResult Result(string name, Group group, double? loadSeconds)
    {
        var requests = group.Requests.Count > 0 ? (long)group.Requests.Sum : group.Duration.Count;
        return new EndpointResult(
            name,
            null,
            requests,
            loadSeconds is > 0 ? requests / loadSeconds : null,
            group.Failed.Count > 0 ? group.Failed.Share : null,
            group.Duration.Count > 0 ? SampleAnalysis.Finite(group.Duration.Values(1)) : new Dictionary<string, double>());
    }

    private Group? Find(SampleSeries series)
    {
        if (!series.Tags.TryGetValue(tag, out var value))
        {
            return null;
        }

        if (_groups.TryGetValue(value, out var group))
        {
            return group;
        }

        if (_groups.Count < most)
        {
            return _groups[value] = new Group($"{{{tag}:{value}}}");
        }

        if (_examples.Count < 3 && !_examples.Contains(value))
        {
            _examples.Add(value);
        }

        return _rest ??= new Group($"{{{tag}:{Rest}}}");
    }

    private sealed class Group(string of)
    {
        public StatisticsAccumulator Duration { get; } = new("http_req_duration" + of, "trend", Statistics);

        public StatisticsAccumulator Failed { get; } = new("http_req_failed" + of, "rate", []);

        public StatisticsAccumulator Requests { get; } = new("http_reqs" + of, "counter", []);
    }
}
