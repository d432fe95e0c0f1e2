namespace K6.LoadTesting.Plans;

/// <summary>
/// What is measured inside of a service while the load runs, once a second: thresholds name it <c>service:NAME.METRIC</c>, such as
/// <c>service:shop-api.gc.pause</c>. Each second is one sample of a trend (docs/inside-view.md).
/// </summary>
internal static class ServiceMetrics
{
    /// <summary>Unit of CPU: 1, or 100%, is one core busy for the whole second.</summary>
    internal const string Cores = "cores";

    private const string Prefix = "service:";

    private static readonly Dictionary<string, BuiltInMetric> ByName = new[]
    {
        Of("cpu", Cores),
        Of("working_set", "B", MetricContents.Data),
        Of("gc.allocation", "B/s", MetricContents.Data),
        Of("gc.heap", "B", MetricContents.Data),
        Of("gc.pause", "ms", MetricContents.Time),
        Of("threadpool.queue", ""),
        Of("threadpool.threads", ""),
        Of("exceptions", "/s"),
        Of("lock.contentions", "/s"),
        Of("requests", "/s"),
        Of("requests.active", ""),
        Of("requests.duration", "ms", MetricContents.Time),
        Of("log.errors", "/s"),
        Of("log.warnings", "/s"),
        Of("kestrel.connections", ""),
        Of("kestrel.queue", ""),
        Of("http_client.active", ""),
        Of("http_client.connections", ""),
        Of("http_client.queue", "ms", MetricContents.Time),
        Of("db.connections.idle", ""),
        Of("db.connections.used", ""),
    }.ToDictionary(metric => metric.Name);

    /// <summary>All names, sorted, without the service.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether a metric is one of a service.</summary>
    public static bool IsOne(string metric) => metric.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The service and the metric of <c>service:NAME.METRIC</c>; null for anything else.</summary>
    public static (string Service, string Metric)? Parse(string metric) =>
        IsOne(metric) && metric.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? (metric[Prefix.Length..dot], metric[(dot + 1)..]) : null;

    /// <summary>The whole name of a service's metric.</summary>
    public static string NameOf(string service, string metric) => $"{Prefix}{service}.{metric}";

    /// <summary>The metric of a whole name, or of a name without the service; null when there is none.</summary>
    public static BuiltInMetric? Find(string name) => ByName.GetValueOrDefault(Parse(name)?.Metric ?? name);

    private static BuiltInMetric Of(string name, string unit, MetricContents contents = MetricContents.Default) => new(name, MetricType.Trend, contents) { Unit = unit };
}
