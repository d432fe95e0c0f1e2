using System.Collections.Concurrent;

namespace K6.Embedded.Metrics;

/// <summary>All metrics of a run by name: k6's built-in ones and those that the script creates. Thread-safe.</summary>
internal sealed class MetricRegistry
{
    private readonly ConcurrentDictionary<string, Metric> metrics = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    // The built-in metrics, in alphabetical order within their group.
    public Metric Vus => field ??= Get("vus", MetricType.Gauge);
    public Metric VusMax => field ??= Get("vus_max", MetricType.Gauge);
    public Metric Iterations => field ??= Get("iterations", MetricType.Counter);
    public Metric IterationDuration => field ??= Get("iteration_duration", MetricType.Trend, MetricValueType.Time);
    public Metric DroppedIterations => field ??= Get("dropped_iterations", MetricType.Counter);
    public Metric Checks => field ??= Get("checks", MetricType.Rate);
    public Metric GroupDuration => field ??= Get("group_duration", MetricType.Trend, MetricValueType.Time);
    public Metric HttpReqs => field ??= Get("http_reqs", MetricType.Counter);
    public Metric HttpReqFailed => field ??= Get("http_req_failed", MetricType.Rate);
    public Metric HttpReqDuration => field ??= Get("http_req_duration", MetricType.Trend, MetricValueType.Time);
    public Metric HttpReqBlocked => field ??= Get("http_req_blocked", MetricType.Trend, MetricValueType.Time);
    public Metric HttpReqConnecting => field ??= Get("http_req_connecting", MetricType.Trend, MetricValueType.Time);
    public Metric HttpReqTlsHandshaking => field ??= Get("http_req_tls_handshaking", MetricType.Trend, MetricValueType.Time);
    public Metric HttpReqSending => field ??= Get("http_req_sending", MetricType.Trend, MetricValueType.Time);
    public Metric HttpReqWaiting => field ??= Get("http_req_waiting", MetricType.Trend, MetricValueType.Time);
    public Metric HttpReqReceiving => field ??= Get("http_req_receiving", MetricType.Trend, MetricValueType.Time);
    public Metric WsSessions => field ??= Get("ws_sessions", MetricType.Counter);
    public Metric WsMessagesSent => field ??= Get("ws_msgs_sent", MetricType.Counter);
    public Metric WsMessagesReceived => field ??= Get("ws_msgs_received", MetricType.Counter);
    public Metric WsPing => field ??= Get("ws_ping", MetricType.Trend, MetricValueType.Time);
    public Metric WsSessionDuration => field ??= Get("ws_session_duration", MetricType.Trend, MetricValueType.Time);
    public Metric WsConnecting => field ??= Get("ws_connecting", MetricType.Trend, MetricValueType.Time);
    public Metric GrpcReqDuration => field ??= Get("grpc_req_duration", MetricType.Trend, MetricValueType.Time);
    public Metric DataSent => field ??= Get("data_sent", MetricType.Counter, MetricValueType.Data);
    public Metric DataReceived => field ??= Get("data_received", MetricType.Counter, MetricValueType.Data);

    /// <summary>Makes the registry with all built-in metrics in it.</summary>
    public MetricRegistry()
    {
        _ = (Vus, VusMax, Iterations, IterationDuration, DroppedIterations, Checks, GroupDuration);
        _ = (HttpReqs, HttpReqFailed, HttpReqDuration, HttpReqBlocked, HttpReqConnecting, HttpReqTlsHandshaking);
        _ = (HttpReqSending, HttpReqWaiting, HttpReqReceiving, DataSent, DataReceived, GrpcReqDuration);
        _ = (WsSessions, WsMessagesSent, WsMessagesReceived, WsPing, WsSessionDuration, WsConnecting);
    }

    /// <summary>Every metric that exists now.</summary>
    public IReadOnlyCollection<Metric> All => [.. metrics.Values.OrderBy(m => m.Index)];

    /// <summary>The metric of that name, or null.</summary>
    public Metric? Find(string name) => metrics.GetValueOrDefault(name);

    /// <summary>
    /// The metric for <c>new Trend('name')</c> and its like: made at the first call, the same object at every later one (each VU runs the init code again).
    /// </summary>
    /// <exception cref="MetricException">The name is not valid, or the metric exists with another type or unit; the message is k6's.</exception>
    public Metric GetOrAddCustom(string name, MetricType type, bool isTime)
    {
        if (!IsValidName(name))
        {
            throw new MetricException($"Invalid metric name: '{name}'. Metric names must only include up to 128 ASCII letters, numbers, or underscores and start with a letter or an underscore.");
        }

        var contains = isTime ? MetricValueType.Time : MetricValueType.Default;
        var metric = Get(name, type, contains);
        if (metric.Type != type)
        {
            throw new MetricException($"metric '{name}' already exists but with type {metric.Type.Name()}, instead of {type.Name()}");
        }

        return metric.Contains == contains
            ? metric
            : throw new MetricException($"metric '{name}' already exists but with a value type {metric.Contains.Name()}, instead of {contains.Name()}");
    }

    // k6 says "up to 128" and takes 2 to 129.
    private static bool IsValidName(string name) =>
        name.Length is > 1 and <= 129
        && (char.IsAsciiLetter(name[0]) || name[0] == '_')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private Metric Get(string name, MetricType type, MetricValueType contains = MetricValueType.Default)
    {
        if (metrics.TryGetValue(name, out var existing))
        {
            return existing;
        }

        lock (gate)
        {
            return metrics.GetOrAdd(name, n => new Metric(metrics.Count, n, type, contains));
        }
    }
}

/// <summary>A custom metric that cannot be made. The message is k6's own.</summary>
internal sealed class MetricException(string message) : Exception(message);
