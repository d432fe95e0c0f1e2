using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace K6.LoadTesting.Services.Monitoring;

/// <summary>
/// What a .NET process publishes of itself, once a second, through the runtime's diagnostics channel: the counters of the runtime, ASP.NET Core, HttpClient and SqlClient (every version), and
/// the metrics of the duration of requests and of database pools (.NET 8 and later). A program of another kind publishes nothing.
/// </summary>
internal sealed class RuntimeCounters : IDisposable
{
    private const string Runtime = "System.Runtime";
    private const string Kestrel = "Microsoft-AspNetCore-Server-Kestrel";
    private const string HttpClient = "System.Net.Http";
    private const string SqlClient = "Microsoft.Data.SqlClient.EventSource";
    private const string Hosting = "Microsoft.AspNetCore.Hosting";

    // A meter, or one of its instruments where others of it would cost the service something at each request and nobody reads them.
    private const string Meters = @"Microsoft.AspNetCore.Hosting\http.server.request.duration,Npgsql,MySqlConnector";

    // MetricsEventSource: 0x2 are the values of time series (docs of System.Diagnostics.Metrics).
    private const long TimeSeriesValues = 0x2;

    private const string Duration = "requests.duration";

    // What a request costs the service more while requests are timed (`bench -- inside`), and which share of its CPU that may be.
    private const double SecondsForRequest = 2.5e-6;
    private const double ShareForTiming = 0.005;
    private const int MostSecondsOfRest = 9;

    // A value that came longer ago says nothing of this second.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1.8);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Metric, string Part), Value> _values = [];
    private readonly Dictionary<string, Value> _collected = new(StringComparer.Ordinal);
    private readonly HashSet<EventPipeSession> _sessions = [];
    private readonly ManualResetEventSlim _stopped = new();
    private readonly Thread[] _threads;
    private int _rest;
    private bool _isResting;

    private RuntimeCounters(int process)
    {
        _threads = [Begin(() => Listen(process, Counters(), (_, happened) => Take(happened))), Begin(() => ListenToMetrics(process))];

        static Thread Begin(ThreadStart listen)
        {
            var thread = new Thread(listen) { IsBackground = true, Name = "runtime counters" };
            thread.Start();
            return thread;
        }
    }

    /// <summary>Listens to the last of these processes that is a .NET one; null when none is.</summary>
    public static RuntimeCounters? Start(IReadOnlyList<int> processes) => Find(processes) is { } process ? new RuntimeCounters(process) : null;

    /// <summary>The last of these processes that is a .NET one; null when none is.</summary>
    public static int? Find(IReadOnlyList<int> processes)
    {
        var published = DiagnosticsClient.GetPublishedProcesses().ToHashSet();
        return processes.LastOrDefault(published.Contains) is > 0 and var process ? process : null;
    }

    /// <summary>
    /// For how many seconds requests are not timed after one in which they were, so that timing them does not take more than 0.5 % of the service's CPU. 0 unless a request costs the service
    /// next to nothing.
    /// </summary>
    /// <param name="requests">Requests a second.</param>
    /// <param name="cores">What the service uses, in cores; 0 when it is not known.</param>
    public static int Rest(double requests, double cores) =>
        cores <= 0 ? 0 : (int)Math.Min(MostSecondsOfRest, Math.Max(0, Math.Ceiling(requests * SecondsForRequest / (cores * ShareForTiming)) - 1));

    /// <summary>The values of the last second by the names of <see cref="Plans.ServiceMetrics"/>.</summary>
    /// <param name="cores">The CPU that the process used in it, in cores; 0 when it is not known.</param>
    public IReadOnlyDictionary<string, double> Now(double cores)
    {
        lock (_gate)
        {
            var now = _values.Where(value => Stopwatch.GetElapsedTime(value.Value.At) < Fresh).GroupBy(value => value.Key.Metric, value => value.Value).ToDictionary(
                metric => metric.Key,
                metric => metric.Aggregate((one, other) => one.And(other)).Number,
                StringComparer.Ordinal);
            if (now.TryGetValue("requests", out var requests))
            {
                // A pool counts from when it is listened to, so that one which is there is listened to without a break.
                _rest = now.ContainsKey("db.connections.used") ? 0 : Rest(requests, cores);
            }

            if (_rest > 0)
            {
                // It is that of one second, and there may be none to follow: told once.
                _values.Remove((Duration, ""));
            }

            return now;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        EventPipeSession[] sessions;
        lock (_gate)
        {
            _stopped.Set();
            sessions = [.. _sessions];
        }

        // A process that hangs or is gone does not answer; nobody waits for it.
        _ = Task.WhenAll(sessions.Select(Stop)).Wait(Patience);
        if (_threads.All(thread => thread.Join(Patience)))
        {
            _stopped.Dispose();
        }
    }

    private static EventPipeProvider[] Counters() =>
    [
        Of(Runtime),
        Of(Hosting),
        Of(Kestrel),
        Of(HttpClient),
        Of(SqlClient),
    ];

    private static EventPipeProvider[] Metrics()
    {
        var id = Guid.NewGuid().ToString();
        return
        [
            new EventPipeProvider("System.Diagnostics.Metrics", EventLevel.Informational, TimeSeriesValues, new Dictionary<string, string>
            {
                ["SessionId"] = id,
                ["ClientId"] = id,
                ["Metrics"] = Meters,
                ["RefreshInterval"] = "1",
                ["MaxTimeSeries"] = "1000",
                ["MaxHistograms"] = "50",
            }),
        ];
    }

    // Counters come at every level, events for each request from informational on.
    private static EventPipeProvider Of(string provider) => new(provider, EventLevel.Critical, 0, new Dictionary<string, string> { ["EventCounterIntervalSec"] = "1" });

    private static Task Stop(EventPipeSession session) =>
        Task.Run(session.Stop).ContinueWith(stopping => stopping.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Again and again, with a rest between two seconds, where each second has its price.</summary>
    private void ListenToMetrics(int process)
    {
        int rest;
        do
        {
            lock (_gate)
            {
                _isResting = false;
                _values.Remove((Duration, ""));
            }

            Listen(process, Metrics(), TakeMetric);
            lock (_gate)
            {
                // A session that ended otherwise is the end of the process, or of the view.
                if (!_isResting)
                {
                    return;
                }

                rest = _rest;
            }
        }
        while (!_stopped.Wait(TimeSpan.FromSeconds(rest)));
    }

    private void Listen(int process, EventPipeProvider[] providers, Action<EventPipeSession, TraceEvent> take)
    {
        try
        {
            using var session = new DiagnosticsClient(process).StartEventPipeSession(providers, requestRundown: false, circularBufferMB: 4);
            lock (_gate)
            {
                _sessions.Add(session);
                if (_stopped.IsSet)
                {
                    _ = Stop(session);
                }
            }

            try
            {
                using var source = new EventPipeEventSource(session.EventStream);
                source.Dynamic.All += happened => take(session, happened);
                source.Process();
            }
            finally
            {
                lock (_gate)
                {
                    _sessions.Remove(session);
                }
            }
        }
#pragma warning disable CA1031 // The parser meets a stream that breaks off with exceptions of all kinds; the inside view ends there, the load test does not.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private void Take(TraceEvent happened)
    {
        switch (happened.EventName)
        {
            case "EventCounters" when happened.PayloadValue(0) is IDictionary<string, object> outer && outer["Payload"] is IDictionary<string, object> counter:
                TakeCounter(happened.ProviderName, counter);
                break;
            case "Collection/Start":
                _collected.Clear();
                break;
            case "Collection/Stop":
                Publish();
                break;
            case "UpDownCounterRateValuePublished" when Number(happened, "value") is { } value && Pool(happened) is { } name:
                Collect(name, new Value(value));
                break;
            case "HistogramValuePublished" when Number(happened, "count") is { } count && Number(happened, "sum") is { } sum:
                Collect(Duration, new Value(sum * 1000, count));
                break;
        }
    }

    private void TakeMetric(EventPipeSession session, TraceEvent happened)
    {
        Take(happened);
        lock (_gate)
        {
            if (_rest > 0 && _values.ContainsKey((Duration, "")) && _sessions.Remove(session))
            {
                _isResting = true;
                _ = Stop(session);
            }
        }
    }

    private void TakeCounter(string provider, IDictionary<string, object> counter)
    {
        var isSum = counter.ContainsKey("Increment");
        var value = Convert.ToDouble(isSum ? counter["Increment"] : counter["Mean"], CultureInfo.InvariantCulture);
        var perSecond = isSum && Convert.ToDouble(counter["IntervalSec"], CultureInfo.InvariantCulture) is > 0 and var seconds ? value / seconds : value;
        var name = (string)counter["Name"];
        (string Metric, Value Value)? known = (provider, name) switch
        {
            (Runtime, "gc-heap-size") => ("gc.heap", new Value(value * 1_000_000)),
            (Runtime, "alloc-rate") => ("gc.allocation", new Value(perSecond)),
            (Runtime, "total-pause-time-by-gc") => ("gc.pause", new Value(perSecond)),
            (Runtime, "threadpool-queue-length") => ("threadpool.queue", new Value(value)),
            (Runtime, "threadpool-thread-count") => ("threadpool.threads", new Value(value)),
            (Runtime, "exception-count") => ("exceptions", new Value(perSecond)),
            (Runtime, "monitor-lock-contention-count") => ("lock.contentions", new Value(perSecond)),
            (Hosting, "requests-per-second") => ("requests", new Value(perSecond)),
            (Hosting, "current-requests") => ("requests.active", new Value(value)),
            (Kestrel, "current-connections") => ("kestrel.connections", new Value(value)),
            (Kestrel, "connection-queue-length" or "request-queue-length") => ("kestrel.queue", new Value(value)),
            (HttpClient, "current-requests") => ("http_client.active", new Value(value)),
            (HttpClient, "http11-connections-current-total" or "http20-connections-current-total" or "http30-connections-current-total") => ("http_client.connections", new Value(value)),
            (HttpClient, "http11-requests-queue-duration" or "http20-requests-queue-duration" or "http30-requests-queue-duration")
                when Convert.ToDouble(counter["Count"], CultureInfo.InvariantCulture) is > 0 and var count => ("http_client.queue", new Value(value * count, count)),
            (SqlClient, "number-of-active-connections") => ("db.connections.used", new Value(value)),
            (SqlClient, "number-of-free-connections") => ("db.connections.idle", new Value(value)),
            _ => null,
        };
        if (known is var (metric, number))
        {
            Set(metric, name, number);
        }
    }

    private static string? Pool(TraceEvent happened) => happened.PayloadStringByName("instrumentName") is "db.client.connections.usage" or "db.client.connection.count"
        ? happened.PayloadStringByName("tags").Contains("idle", StringComparison.Ordinal) ? "db.connections.idle" : "db.connections.used"
        : null;

    // Some are texts, by the source; those that are not must not be made ones, which has a separator after the thousands.
    private static double? Number(TraceEvent happened, string field) => happened.PayloadByName(field) switch
    {
        string text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
        IConvertible number => number.ToDouble(CultureInfo.InvariantCulture),
        _ => null,
    };

    // Sums over all tags: routes, pools.
    private void Collect(string name, Value value) => _collected[name] = _collected.TryGetValue(name, out var before) ? before.And(value) : value;

    private void Publish()
    {
        foreach (var (name, value) in _collected)
        {
            if (value.Count != 0)
            {
                Set(name, "", value);
            }
        }
    }

    private void Set(string metric, string part, Value value)
    {
        lock (_gate)
        {
            _values[(metric, part)] = value with { At = Stopwatch.GetTimestamp() };
        }
    }

    /// <summary>A number, or the mean of so many of that sum.</summary>
    private readonly record struct Value(double Sum, double? Count = null)
    {
        public long At { get; init; }

        public double Number => Count is { } count ? Sum / count : Sum;

        public Value And(Value other) => new(Sum + other.Sum, Count + other.Count);
    }
}
