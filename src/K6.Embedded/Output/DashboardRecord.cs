using System.Globalization;
using System.IO.Compression;
using System.Text;
using K6.Embedded.Cli;
using K6.Embedded.Execution;
using K6.Embedded.Metrics;
using K6.Embedded.Options;

namespace K6.Embedded.Output;

/// <summary>
/// The recording of k6's web dashboard (<c>record=FILE</c>): one JSON object a line, written as it happens. Values are arrays of arrays in the order
/// of all metric names so far; <c>[]</c> stands for no samples. There is no web page: only the recording is supported.
/// </summary>
internal sealed class DashboardRecord : IDisposable
{
    /// <summary>k6 lengthens the period so that there are never more snapshots than this.</summary>
    private const int MaximumSnapshots = 2_880;

    private static readonly (string Name, double Percentile)[] TrendAggregates =
        [("avg", 0), ("max", 0), ("med", 0), ("min", 0), ("p", 90), ("p", 95), ("p", 99)];

    private readonly Lock gate = new();
    private readonly TestRun run;
    private readonly StreamWriter writer;
    private readonly string[] tagKeys;
    private readonly TimeSpan period;
    private readonly HashSet<string> builtIn;
    private readonly SortedDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Metric, TagSet Tags), Entry[]> routes = [];
    private readonly ManualResetEventSlim stop = new();
    private readonly List<string> announced = [];
    private Thread? thread;
    private long startMicros;

    private DashboardRecord(TestRun run, StreamWriter writer, TimeSpan period, string[] tagKeys)
    {
        this.run = run;
        this.writer = writer;
        this.period = period;
        this.tagKeys = tagKeys;
        builtIn = [.. new MetricRegistry().All.Select(m => m.Name)];
    }

    /// <summary>Opens the recording that an output argument or the environment asks for; null when none is asked for.</summary>
    /// <exception cref="UsageException">A bad period, or the file cannot be written.</exception>
    public static DashboardRecord? Open(EngineHost host, string argument, LoadedTest test, TestRun run)
    {
        var settings = argument.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .ToLookup(pair => pair[0], pair => pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "", StringComparer.Ordinal);
        string? Setting(string name) => settings[name].LastOrDefault() ?? host.Environment.GetValueOrDefault("K6_WEB_DASHBOARD_" + name.ToUpperInvariant());
        if (Setting("export") is { Length: > 0 })
        {
            throw Unsupported.Output("web-dashboard with export");
        }

        if (Setting("record") is not { Length: > 0 } path)
        {
            test.State.Log.Warning("the embedded engine has no web dashboard; give record=FILE for its recording");
            return null;
        }

        TimeSpan period;
        try
        {
            period = GoDuration.Parse(Setting("period") is { Length: > 0 } text ? text : "10s");
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }

        if (period <= TimeSpan.Zero)
        {
            throw new UsageException($"the period of the web dashboard must be more than 0, but is {GoDuration.Format(period)}");
        }

        var factor = Math.Max(1, Math.Ceiling(run.Requirements.TotalDuration / MaximumSnapshots / period));
        var tags = (host.Environment.GetValueOrDefault("K6_WEB_DASHBOARD_TAGS") is { Length: > 0 } replaced ? replaced : "group").Split(',')
            .Concat(settings["tags"].SelectMany(t => t.Split(',')))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        try
        {
            Stream stream = new FileStream(host.PathOf(path), FileMode.Create, FileAccess.Write, FileShare.Read);
            if (path.EndsWith(".gz", StringComparison.Ordinal))
            {
                stream = new GZipStream(stream, CompressionLevel.Fastest);
            }

            var record = new DashboardRecord(run, new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true }, period * factor, tags);
            run.Collector.AddConsumer(record.Take);
            record.WriteParam(test);
            return record;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"open {path}: {(e is DirectoryNotFoundException ? "no such file or directory" : e.Message)}");
        }
    }

    /// <summary>Begins the recording.</summary>
    public void Start()
    {
        startMicros = EngineClock.NowMicros;
        lock (gate)
        {
            entries["time"] = new Entry("time", MetricType.Gauge, MetricValueType.Time, isCustom: false);
            Announce();
            Write("start", $"[[{startMicros / 1000}]]");
        }

        thread = new Thread(() =>
        {
            var next = period;
            while (!stop.Wait(Max(TimeSpan.Zero, next - TimeSpan.FromMicroseconds(EngineClock.NowMicros - startMicros))))
            {
                next += period;
                run.Collector.Drain();
                Tick(isLast: false);
            }
        })
        { Name = "dashboard record", IsBackground = true };
        thread.Start();
    }

    /// <summary>Ends the recording; all samples were collected.</summary>
    public void Stop()
    {
        stop.Set();
        thread?.Join();
        Tick(isLast: true);
        lock (gate)
        {
            Write("stop", $"[[{EngineClock.NowMicros / 1000}]]");
        }

        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Set();
        writer.Dispose();
    }

    private void Take(ReadOnlySpan<Sample> samples)
    {
        lock (gate)
        {
            foreach (ref readonly var sample in samples)
            {
                foreach (var entry in Route(sample.Metric, sample.Tags))
                {
                    entry.Cumulative.Add(sample.Value);
                    entry.Snapshot.Add(sample.Value);
                }
            }
        }
    }

    private Entry[] Route(Metric metric, TagSet tags)
    {
        if (routes.TryGetValue((metric.Index, tags), out var known))
        {
            return known;
        }

        var found = new List<Entry> { Get(metric.Name, metric) };
        foreach (var key in tagKeys)
        {
            if (tags.Get(key) is { Length: > 0 } value)
            {
                found.Add(Get($"{metric.Name}{{{key}:{value}}}", metric));
            }
        }

        Entry[] route = [.. found];
        if (tags.IsShared)
        {
            routes[(metric.Index, tags)] = route;
        }

        return route;

        Entry Get(string name, Metric of)
        {
            if (!entries.TryGetValue(name, out var entry))
            {
                entries[name] = entry = new Entry(name, of.Type, of.Contains, !builtIn.Contains(of.Name));
            }

            return entry;
        }
    }

    private void Tick(bool isLast)
    {
        lock (gate)
        {
            var now = EngineClock.NowMicros;
            var time = entries["time"];
            time.Snapshot.Add(now / 1000);
            time.Cumulative.Add(now / 1000);
            Announce();
            var elapsed = (now - startMicros) / 1e6;
            Write("cumulative", Values(e => e.Cumulative, elapsed));
            WriteThresholds();
            if (!isLast)
            {
                Write("snapshot", Values(e => e.Snapshot, period.TotalSeconds));
            }

            foreach (var entry in entries.Values)
            {
                entry.ResetSnapshot();
            }
        }
    }

    private void Announce()
    {
        var fresh = entries.Values.Where(e => !e.IsAnnounced).ToArray();
        if (fresh.Length == 0)
        {
            return;
        }

        var text = new StringBuilder("{");
        foreach (var entry in fresh)
        {
            entry.IsAnnounced = true;
            announced.Add(entry.Name);
            text.Append(text.Length > 1 ? "," : "");
            GoText.AppendJsonString(text, entry.Name);
            text.Append(CultureInfo.InvariantCulture, $":{{\"type\":\"{entry.Type.Name()}\"");
            text.Append(entry.Contains == MetricValueType.Default ? "" : $",\"contains\":\"{entry.Contains.Name()}\"");
            text.Append(entry.IsCustom ? ",\"custom\":true}" : "}");
        }

        Write("metric", text.Append('}').ToString());
    }

    private string Values(Func<Entry, Sink> sink, double seconds)
    {
        var text = new StringBuilder("[");
        foreach (var entry in entries.Values)
        {
            text.Append(text.Length > 1 ? ",[" : "[");
            var source = sink(entry);
            if (source.Count > 0)
            {
                text.AppendJoin(',', Statistics(entry, source, seconds).Select(v => entry.Name == "time" ? Whole(v) : Short(v)));
            }

            text.Append(']');
        }

        return text.Append(']').ToString();
    }

    private static IEnumerable<double> Statistics(Entry entry, Sink sink, double seconds) => entry.Type switch
    {
        MetricType.Counter => [sink.Statistic("count", 0, seconds), sink.Statistic("rate", 0, seconds)],
        MetricType.Gauge => [sink.Statistic("value", 0, seconds)],
        MetricType.Rate => [sink.Statistic("rate", 0, seconds)],
        _ => TrendAggregates.Select(a => sink.Statistic(a.Name, a.Percentile, seconds)),
    };

    private void WriteThresholds()
    {
        var text = new StringBuilder("{");
        lock (run.Collector.Gate)
        {
            foreach (var series in run.Collector.Series.Where(s => s.IsTainted == true).OrderBy(s => s.Name, StringComparer.Ordinal))
            {
                text.Append(text.Length > 1 ? "," : "");
                GoText.AppendJsonString(text, series.Name);
                text.Append(":[");
                AppendStrings(text, series.Thresholds.Where(t => t.HasFailed).Select(t => t.Source.Expression));
                text.Append(']');
            }
        }

        if (text.Length > 1)
        {
            Write("threshold", text.Append('}').ToString());
        }
    }

    private void WriteParam(LoadedTest test)
    {
        var text = new StringBuilder("{");
        if (run.Test.Options!.Thresholds is { Count: > 0 } thresholds)
        {
            text.Append("\"thresholds\":{");
            var isFirst = true;
            foreach (var (name, list) in thresholds)
            {
                text.Append(isFirst ? "" : ",");
                isFirst = false;
                GoText.AppendJsonString(text, name);
                text.Append(":[");
                AppendStrings(text, list.Select(t => t.Expression));
                text.Append(']');
            }

            text.Append("},");
        }

        text.Append("\"scenarios\":[");
        AppendStrings(text, run.Scenarios.Select(s => s.Spec.Name));
        text.Append(CultureInfo.InvariantCulture, $"],\"endOffset\":{run.Requirements.TotalDuration.TotalMilliseconds:0},\"period\":{period.TotalMilliseconds:0},\"scriptPath\":");
        GoText.AppendJsonString(text, LoadedTest.FileUri(test.Path));
        text.Append(",\"aggregates\":{\"counter\":[\"count\",\"rate\"],\"gauge\":[\"value\"],\"rate\":[\"rate\"],\"trend\":[\"avg\",\"max\",\"med\",\"min\",\"p(90)\",\"p(95)\",\"p(99)\"]}}");
        Write("param", text.ToString());
    }

    private static void AppendStrings(StringBuilder text, IEnumerable<string> values)
    {
        var isFirst = true;
        foreach (var value in values)
        {
            text.Append(isFirst ? "" : ",");
            isFirst = false;
            GoText.AppendJsonString(text, value);
        }
    }

    private void Write(string name, string data) => writer.Write($"{{\"event\":\"{name}\",\"data\":{data}}}\n");

    private static string Whole(double value) => value.ToString("0", CultureInfo.InvariantCulture);

    /// <summary>About five significant digits, cut off and not rounded, as the dashboard has them.</summary>
    internal static string Short(double value)
    {
        if (!double.IsFinite(value))
        {
            return "0";
        }

        var whole = Math.Abs(value);
        var decimals = whole < 1 ? 5 : whole >= 10_000 ? 0 : 4 - (int)Math.Floor(Math.Log10(whole));
        var factor = (decimal)Math.Pow(10, decimals);
        return whole >= 1e15
            ? value.ToString("0", CultureInfo.InvariantCulture)
            : (Math.Truncate((decimal)value * factor) / factor).ToString("0.#####", CultureInfo.InvariantCulture);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed class Entry(string name, MetricType type, MetricValueType contains, bool isCustom)
    {
        private readonly Metric metric = new(0, name, type, contains);

        public string Name => name;

        public MetricType Type => type;

        public MetricValueType Contains => contains;

        public bool IsCustom => isCustom;

        public bool IsAnnounced { get; set; }

        public Sink Cumulative { get; } = Sink.For(new Metric(0, name, type, contains));

        public Sink Snapshot { get; private set; } = Sink.For(new Metric(0, name, type, contains));

        public void ResetSnapshot()
        {
            if (Snapshot.Count > 0)
            {
                Snapshot = Sink.For(metric);
            }
        }
    }
}
