using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace K6.LoadTesting.Services.Monitoring;

/// <summary>
/// What a .NET process publishes of itself, once a second, through the runtime's diagnostics channel: the counters of the runtime (every version) and
/// the metrics of ASP.NET Core, HttpClient and database clients (.NET 8 and later). A program of another kind publishes nothing.
/// </summary>
internal sealed class RuntimeCounters : IDisposable
{
    // A meter, or one of its instruments where others of it would cost the service something at each request and nobody reads them.
    private const string Meters =
        @"Microsoft.AspNetCore.Hosting\http.server.request.duration,"
        + @"Microsoft.AspNetCore.Server.Kestrel\kestrel.active_connections,Microsoft.AspNetCore.Server.Kestrel\kestrel.queued_connections,Microsoft.AspNetCore.Server.Kestrel\kestrel.queued_requests,"
        + @"System.Net.Http\http.client.active_requests,System.Net.Http\http.client.open_connections,System.Net.Http\http.client.request.time_in_queue,"
        + "Npgsql,MySqlConnector";
    private const string Runtime = "System.Runtime";

    // Its counter of requests on their way is two interlocked additions a request; the instrument for the same looks up a series of tags twice.
    private const string Hosting = "Microsoft.AspNetCore.Hosting";
    private const string SqlClient = "Microsoft.Data.SqlClient.EventSource";

    // MetricsEventSource: 0x2 are the values of time series (docs of System.Diagnostics.Metrics).
    private const long TimeSeriesValues = 0x2;

    // A value that came longer ago says nothing of this second.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1.8);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (double Value, long At)> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _collected = new(StringComparer.Ordinal);
    private readonly Thread _thread;
    private EventPipeSession? _session;
    private volatile bool _stopped;

    private RuntimeCounters(int process)
    {
        _thread = new Thread(() => Listen(process)) { IsBackground = true, Name = "runtime counters" };
        _thread.Start();
    }

    /// <summary>Listens to the last of these processes that is a .NET one; null when none is.</summary>
    public static RuntimeCounters? Start(IReadOnlyList<int> processes) => Find(processes) is { } process ? new RuntimeCounters(process) : null;

    /// <summary>The last of these processes that is a .NET one; null when none is.</summary>
    public static int? Find(IReadOnlyList<int> processes)
    {
        var published = DiagnosticsClient.GetPublishedProcesses().ToHashSet();
        return processes.LastOrDefault(published.Contains) is > 0 and var process ? process : null;
    }

    /// <summary>The values of the last second by the names of <see cref="Plans.ServiceMetrics"/>.</summary>
    public IReadOnlyDictionary<string, double> Now()
    {
        lock (_gate)
        {
            return _values.Where(value => Stopwatch.GetElapsedTime(value.Value.At) < Fresh).ToDictionary(value => value.Key, value => value.Value.Value);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stopped = true;

        // A process that hangs or is gone does not answer; nobody waits for it.
        _ = Task.Run(() => _session?.Stop()).ContinueWith(stopping => stopping.Exception, TaskScheduler.Default).Wait(Patience);
        _thread.Join(Patience);
    }

    private static EventPipeProvider[] Providers()
    {
        var id = Guid.NewGuid().ToString();
        var everySecond = new Dictionary<string, string> { ["EventCounterIntervalSec"] = "1" };
        return
        [
            new EventPipeProvider(Runtime, EventLevel.Informational, 0, everySecond),
            new EventPipeProvider(SqlClient, EventLevel.Informational, 0, everySecond),

            // Counters come at every level, an event for each request from informational on.
            new EventPipeProvider(Hosting, EventLevel.Critical, 0, everySecond),
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

    private void Listen(int process)
    {
        try
        {
            using var session = new DiagnosticsClient(process).StartEventPipeSession(Providers(), requestRundown: false, circularBufferMB: 4);
            _session = session;
            if (_stopped)
            {
                session.Stop();
            }

            using var source = new EventPipeEventSource(session.EventStream);
            source.Dynamic.All += Take;
            source.Process();
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
                TakeCounter(counter);
                break;
            case "Collection/Start":
                _collected.Clear();
                break;
            case "Collection/Stop":
                Publish();
                break;
            case "UpDownCounterRateValuePublished":
                TakeInstrument(happened, "value");
                break;
            case "HistogramValuePublished":
                TakeHistogram(happened);
                break;
        }
    }

    private void TakeCounter(IDictionary<string, object> counter)
    {
        var isSum = counter.ContainsKey("Increment");
        var value = Convert.ToDouble(isSum ? counter["Increment"] : counter["Mean"], CultureInfo.InvariantCulture);
        var perSecond = isSum && Convert.ToDouble(counter["IntervalSec"], CultureInfo.InvariantCulture) is > 0 and var seconds ? value / seconds : value;
        (string Name, double Value)? known = counter["Name"] switch
        {
            "gc-heap-size" => ("gc.heap", value * 1_000_000),
            "alloc-rate" => ("gc.allocation", perSecond),
            "total-pause-time-by-gc" => ("gc.pause", perSecond),
            "threadpool-queue-length" => ("threadpool.queue", value),
            "threadpool-thread-count" => ("threadpool.threads", value),
            "exception-count" => ("exceptions", perSecond),
            "monitor-lock-contention-count" => ("lock.contentions", perSecond),
            "current-requests" => ("requests.active", value),
            "number-of-active-connections" => ("db.connections.used", value),
            "number-of-free-connections" => ("db.connections.idle", value),
            _ => null,
        };
        if (known is var (name, number))
        {
            Set(name, number);
        }
    }

    // Sums over all tags: routes, hosts, pools.
    private void TakeInstrument(TraceEvent happened, string field)
    {
        var instrument = happened.PayloadStringByName("instrumentName");
        var name = instrument switch
        {
            "kestrel.active_connections" => "kestrel.connections",
            "kestrel.queued_connections" or "kestrel.queued_requests" => "kestrel.queue",
            "http.client.active_requests" => "http_client.active",
            "http.client.open_connections" => "http_client.connections",
            "db.client.connections.usage" or "db.client.connection.count" =>
                happened.PayloadStringByName("tags").Contains("idle", StringComparison.Ordinal) ? "db.connections.idle" : "db.connections.used",
            _ => null,
        };
        if (name is not null && Number(happened, field) is { } value)
        {
            Add(name, value);
        }
    }

    private void TakeHistogram(TraceEvent happened)
    {
        var name = happened.PayloadStringByName("instrumentName") switch
        {
            "http.server.request.duration" => "requests.duration",
            "http.client.request.time_in_queue" => "http_client.queue",
            _ => null,
        };
        if (name is not null && Number(happened, "count") is { } count && Number(happened, "sum") is { } sum)
        {
            Add(name + "#count", count);
            Add(name + "#sum", sum * 1000);
        }
    }

    private static double? Number(TraceEvent happened, string field) =>
        double.TryParse(happened.PayloadStringByName(field), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private void Add(string name, double value) => _collected[name] = _collected.GetValueOrDefault(name) + value;

    private void Publish()
    {
        foreach (var (name, value) in _collected)
        {
            if (name.EndsWith("#count", StringComparison.Ordinal))
            {
                var histogram = name[..^"#count".Length];
                if (histogram == "requests.duration")
                {
                    Set("requests", value);
                }

                if (value > 0)
                {
                    Set(histogram, _collected[histogram + "#sum"] / value);
                }
            }
            else if (!name.Contains('#', StringComparison.Ordinal))
            {
                Set(name, value);
            }
        }
    }

    private void Set(string name, double value)
    {
        lock (_gate)
        {
            _values[name] = (value, Stopwatch.GetTimestamp());
        }
    }
}
