using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Results;

/// <summary>Finds the requests that were measured apart by their name: submetrics of <c>http_req_duration</c> with the tag <c>name</c>.</summary>
internal static class EndpointReader
{
    private const string Duration = "http_req_duration";

    /// <summary>The endpoints, those with most requests first.</summary>
    /// <param name="metrics">Metrics and submetrics.</param>
    /// <param name="loadSeconds">Length of the load; null when unknown.</param>
    public static IReadOnlyList<EndpointResult> Read(IReadOnlyDictionary<string, MetricResult> metrics, double? loadSeconds)
    {
        EndpointResult[] all = [.. metrics
            .Where(metric => metric.Value.Type == "trend" && metric.Key.StartsWith(Duration + "{", StringComparison.Ordinal))
            .Select(metric => (metric.Value, Selector: MetricSelector.TryParse(metric.Key, out _)))
            .Where(one => one.Selector is not null && IsEndpoint(one.Selector))
            .Select(one => Endpoint(one.Selector!, one.Value, metrics, loadSeconds))
            .OfType<EndpointResult>()];
        var whole = all.Where(endpoint => endpoint.Scenario is null).Select(endpoint => (endpoint.Name, endpoint.Requests)).ToHashSet();

        // A limit on an endpoint in a scenario measures it there too; where nobody else calls it, that is the same again.
        return [.. all
            .Where(endpoint => endpoint.Scenario is null || !whole.Contains((endpoint.Name, endpoint.Requests)))
            .OrderByDescending(endpoint => endpoint.Requests)
            .ThenBy(endpoint => endpoint.Name, StringComparer.Ordinal)
            .ThenBy(endpoint => endpoint.Scenario, StringComparer.Ordinal)];
    }

    private static bool IsEndpoint(MetricSelector selector) =>
        selector.Tags.Any(tag => tag.Key == "name") && selector.Tags.All(tag => tag.Key is "name" or "scenario");

    private static EndpointResult? Endpoint(
        MetricSelector selector, MetricResult duration, IReadOnlyDictionary<string, MetricResult> metrics, double? loadSeconds)
    {
        // k6 says how many only where the statistic was asked for, as the entry module does.
        if (!duration.Values.TryGetValue("count", out var count) || count == 0)
        {
            return null;
        }

        var failed = metrics.GetValueOrDefault((selector with { Name = "http_req_failed" }).ToString());
        return new EndpointResult(
            Tag("name")!,
            Tag("scenario"),
            (long)count,
            loadSeconds is > 0 ? count / loadSeconds : null,
            failed?.Values.TryGetValue("rate", out var rate) == true ? rate : null,
            duration.Values.Where(value => value.Key != "count").ToDictionary(value => value.Key, value => value.Value));

        string? Tag(string key) => selector.Tags.Where(tag => tag.Key == key).Select(tag => tag.Value).FirstOrDefault();
    }
}
