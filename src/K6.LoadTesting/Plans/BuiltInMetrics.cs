namespace K6.LoadTesting.Plans;

/// <summary>Type of a metric (https://grafana.com/docs/k6/latest/using-k6/metrics/).</summary>
internal enum MetricType
{
    /// <summary>A sum.</summary>
    Counter,

    /// <summary>A last value.</summary>
    Gauge,

    /// <summary>A share of samples that are not zero.</summary>
    Rate,

    /// <summary>A distribution.</summary>
    Trend,
}

/// <summary>What the values of a metric are.</summary>
internal enum MetricContents
{
    /// <summary>Plain numbers.</summary>
    Default,

    /// <summary>Milliseconds.</summary>
    Time,

    /// <summary>Bytes.</summary>
    Data,
}

/// <summary>A metric that k6 has without a script's doing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Contents">What its values are.</param>
internal sealed record BuiltInMetric(string Name, MetricType Type, MetricContents Contents)
{
    /// <summary>Unit of its values where type and contents do not tell; null where they do.</summary>
    internal string? Unit { get; init; }
}

/// <summary>The metrics of k6 2.2 and its own modules; any other name is a script's custom metric.</summary>
internal static class BuiltInMetrics
{
    private static readonly Dictionary<string, BuiltInMetric> ByName = new[]
    {
        Of("checks", MetricType.Rate),
        Of("data_received", MetricType.Counter, MetricContents.Data),
        Of("data_sent", MetricType.Counter, MetricContents.Data),
        Of("dropped_iterations", MetricType.Counter),
        Of("group_duration", MetricType.Trend, MetricContents.Time),
        Of("iteration_duration", MetricType.Trend, MetricContents.Time),
        Of("iterations", MetricType.Counter),
        Of("vus", MetricType.Gauge),
        Of("vus_max", MetricType.Gauge),

        Of("http_req_blocked", MetricType.Trend, MetricContents.Time),
        Of("http_req_connecting", MetricType.Trend, MetricContents.Time),
        Of("http_req_duration", MetricType.Trend, MetricContents.Time),
        Of("http_req_failed", MetricType.Rate),
        Of("http_req_receiving", MetricType.Trend, MetricContents.Time),
        Of("http_req_sending", MetricType.Trend, MetricContents.Time),
        Of("http_req_tls_handshaking", MetricType.Trend, MetricContents.Time),
        Of("http_req_waiting", MetricType.Trend, MetricContents.Time),
        Of("http_reqs", MetricType.Counter),

        Of("ws_connecting", MetricType.Trend, MetricContents.Time),
        Of("ws_msgs_received", MetricType.Counter),
        Of("ws_msgs_sent", MetricType.Counter),
        Of("ws_ping", MetricType.Trend, MetricContents.Time),
        Of("ws_session_duration", MetricType.Trend, MetricContents.Time),
        Of("ws_sessions", MetricType.Counter),

        Of("grpc_req_duration", MetricType.Trend, MetricContents.Time),
        Of("grpc_streams", MetricType.Counter),
        Of("grpc_streams_msgs_received", MetricType.Counter),
        Of("grpc_streams_msgs_sent", MetricType.Counter),

        Of("browser_data_received", MetricType.Counter, MetricContents.Data),
        Of("browser_data_sent", MetricType.Counter, MetricContents.Data),
        Of("browser_http_req_duration", MetricType.Trend, MetricContents.Time),
        Of("browser_http_req_failed", MetricType.Rate),
        Of("browser_web_vital_cls", MetricType.Trend),
        Of("browser_web_vital_fcp", MetricType.Trend, MetricContents.Time),
        Of("browser_web_vital_inp", MetricType.Trend, MetricContents.Time),
        Of("browser_web_vital_lcp", MetricType.Trend, MetricContents.Time),
        Of("browser_web_vital_ttfb", MetricType.Trend, MetricContents.Time),
    }.ToDictionary(metric => metric.Name);

    /// <summary>All names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The metric of a name, without tags; null for a custom metric. A metric of a service has the name of <see cref="ServiceMetrics"/>.</summary>
    public static BuiltInMetric? Find(string name) => ServiceMetrics.IsOne(name) ? ServiceMetrics.Find(name) : ByName.GetValueOrDefault(name);

    private static BuiltInMetric Of(string name, MetricType type, MetricContents contents = MetricContents.Default) => new(name, type, contents);
}
