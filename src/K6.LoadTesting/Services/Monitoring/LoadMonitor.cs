using System.Diagnostics;
using K6.LoadTesting.Results;
using K6.LoadTesting.Services.Logs;

namespace K6.LoadTesting.Services.Monitoring;

/// <summary>
/// Watches the services, the engine and the machine from the start of the services on, once a second. Nothing that goes wrong here is worth the run.
/// </summary>
internal sealed class LoadMonitor : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Watched> _watched = [];
    private readonly Lock _gate = new();
    private readonly Task _watching;

    private DateTimeOffset _begin;

    private LoadMonitor(IEnumerable<(string Name, int ProcessId)> services, Func<string, LogCounts?>? logs)
    {
        _watched.Add(new Watched(MonitoredKind.Machine, "machine", null));
        foreach (var (name, process) in services)
        {
            _watched.Add(new Watched(MonitoredKind.Service, name, process, logs is null ? null : () => logs(name)));
        }

        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Begins to watch.</summary>
    /// <param name="services">Services by name, with the process that was started.</param>
    /// <param name="logs">Errors and warnings that a service printed so far, by its name; null when nobody counts.</param>
    public static LoadMonitor Start(IEnumerable<(string Name, int ProcessId)> services, Func<string, LogCounts?>? logs = null) => new(services, logs);

    /// <summary>A test begins with this engine.</summary>
    /// <param name="engine">Its process.</param>
    /// <param name="forget">Whether to forget what was seen before: unless that was its warm-up.</param>
    public void BeginTest(int engine, bool forget = true)
    {
        lock (_gate)
        {
            _begin = DateTimeOffset.UtcNow;
            _watched.RemoveAll(one => one.Kind == MonitoredKind.Engine);
            if (forget)
            {
                _watched.ForEach(one => one.Samples.Clear());
            }

            _watched.Add(new Watched(MonitoredKind.Engine, "engine", engine));
        }
    }

    /// <summary>The last second of a service in this test; null when there is none yet.</summary>
    public MonitoredSample? Latest(string service)
    {
        lock (_gate)
        {
            return _watched.Find(one => one.Kind == MonitoredKind.Service && one.Name == service)?.Samples.LastOrDefault(sample => sample.Time >= _begin);
        }
    }

    /// <summary>The last second of everything that is watched.</summary>
    public IReadOnlyList<(string Name, MonitoredSample? Last)> Latest()
    {
        lock (_gate)
        {
            return [.. _watched.Select(one => (one.Name, one.Samples.LastOrDefault()))];
        }
    }

    /// <summary>What was seen since the test began, and of the machine and the services since its warm-up did: the machine, the services, the engine.</summary>
    public IReadOnlyList<Observation> EndTest()
    {
        lock (_gate)
        {
            _watched.ForEach(one => one.Sample());
            return [.. _watched.Select(one => new Observation(one.Kind, one.Name, [.. one.Samples]))];
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        await Task.WhenAll(_watched.Select(one => Task.Run(one.Dispose))).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            do
            {
                lock (_gate)
                {
                    _watched.ForEach(one => one.Sample());
                }
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private sealed class Watched(MonitoredKind kind, string name, int? process, Func<LogCounts?>? log = null) : IDisposable
    {
        // A share of a shorter time than this is mostly rounding: the system counts CPU in steps of 10 ms.
        private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.5);

        private RuntimeCounters? _counters;
        private bool _hasLookedForCounters;
        private long _at;
        private TimeSpan _cpu;
        private LogCounts _logged;
        private MachineUsage? _machine;

        public MonitoredKind Kind => kind;

        public string Name => name;

        public List<MonitoredSample> Samples { get; } = [];

        public void Sample()
        {
            var now = Stopwatch.GetTimestamp();
            var elapsed = Stopwatch.GetElapsedTime(_at, now);
            if (_at != 0 && elapsed < Shortest)
            {
                return;
            }

            var values = process is { } id ? OfProcess(id, elapsed) : OfMachine();
            if (values is null)
            {
                return;
            }

            if (_at != 0 && values.Count > 0)
            {
                Samples.Add(new MonitoredSample(DateTimeOffset.UtcNow, values));
            }

            _at = now;
        }

        public void Dispose() => _counters?.Dispose();

        private Dictionary<string, double>? OfProcess(int id, TimeSpan elapsed)
        {
            if (ProcessUsage.Of(id) is not { } usage)
            {
                return null;
            }

            if (kind == MonitoredKind.Service && !_hasLookedForCounters)
            {
                _hasLookedForCounters = true;
                _counters = RuntimeCounters.Start(usage.Processes);
            }

            var cores = Math.Max(0, (usage.Cpu - _cpu) / elapsed);
            var values = new Dictionary<string, double>(_counters?.Now(cores) ?? new Dictionary<string, double>())
            {
                ["cpu"] = Math.Round(cores, 3),
                ["working_set"] = usage.WorkingSet,
            };
            _cpu = usage.Cpu;
            if (log?.Invoke() is { } logged)
            {
                values["log.errors"] = Math.Round((logged.Errors - _logged.Errors) / elapsed.TotalSeconds, 3);
                values["log.warnings"] = Math.Round((logged.Warnings - _logged.Warnings) / elapsed.TotalSeconds, 3);
                _logged = logged;
            }

            return values;
        }

        private Dictionary<string, double>? OfMachine()
        {
            if (MachineUsage.Read() is not { } usage)
            {
                return null;
            }

            var values = new Dictionary<string, double> { ["memory.available"] = usage.AvailableMemory };
            if (_machine is { } before && usage.Total > before.Total)
            {
                values["cpu"] = Math.Round((double)(usage.Busy - before.Busy) / (usage.Total - before.Total), 3);
            }

            _machine = usage;
            return values;
        }
    }
}

/// <summary>One second of something that was watched.</summary>
/// <param name="Time">When it ended.</param>
/// <param name="Values">Values by metric.</param>
internal sealed record MonitoredSample(DateTimeOffset Time, IReadOnlyDictionary<string, double> Values);

/// <summary>What was seen of something.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Samples">Its seconds.</param>
internal sealed record Observation(MonitoredKind Kind, string Name, IReadOnlyList<MonitoredSample> Samples);
