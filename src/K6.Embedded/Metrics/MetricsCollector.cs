using System.Collections.Concurrent;
using K6.Embedded.Execution;
using K6.Embedded.Options;

namespace K6.Embedded.Metrics;

/// <summary>Empties the VUs' buffers on a thread of its own, fills the series, and passes the samples on to the outputs.</summary>
internal sealed class MetricsCollector : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly MetricRegistry registry;
    private readonly EngineLog log;
    private readonly ConcurrentQueue<ArraySegment<Sample>> full = new();
    private readonly ConcurrentBag<SampleBuffer> buffers = [];
    private readonly List<Action<ReadOnlySpan<Sample>>> consumers = [];
    private readonly ManualResetEventSlim stop = new();
    private readonly Lock drainGate = new();
    private MetricSeries?[] whole = new MetricSeries?[64];
    private List<MetricSeries>?[] parts = new List<MetricSeries>?[64];
    private Thread? thread;
    private bool hasWarnedOfSeries;

    /// <summary>Makes a collector for the registry's metrics.</summary>
    public MetricsCollector(MetricRegistry registry, EngineLog log)
    {
        this.registry = registry;
        this.log = log;
        AddPart("http_req_duration{expected_response:true}", registry.HttpReqDuration, [new("expected_response", "true")]);
    }

    /// <summary>Guards the series: hold it while reading sinks.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Every series there is now; read under <see cref="Gate"/>.</summary>
    public IEnumerable<MetricSeries> Series => whole.OfType<MetricSeries>().Concat(parts.OfType<List<MetricSeries>>().SelectMany(p => p));

    /// <summary>Declares the series of thresholds and checks them against the registry. Once, after init code ran.</summary>
    /// <exception cref="OptionsException">With k6's message.</exception>
    public void Declare(IReadOnlyDictionary<string, IReadOnlyList<ThresholdOptions>> thresholds)
    {
        // k6 reads all expressions first, then looks the metrics up.
        var parsed = thresholds.ToDictionary(p => p.Key, p => p.Value.Select(Threshold.Parse).ToArray());
        foreach (var (name, list) in parsed.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var selector = MetricSelector.Parse(name);
            var metric = registry.Find(selector.Metric)
                ?? throw new OptionsException($"invalid threshold defined on {name}; reason: no metric name {GoText.Quote(name)} found");
            foreach (var threshold in list)
            {
                threshold.CheckMethod(name, metric.Type);
            }

            var series = selector.Tags is null ? SeriesOf(metric) : AddPart(name.Trim(), metric, selector.Tags);
            series.Thresholds = list;
            series.IsDeclared = true;
        }
    }

    /// <summary>Warns of thresholds on tags that samples do not carry.</summary>
    public void WarnOfTagsWithoutIndex()
    {
        foreach (var series in Series)
        {
            if (series.Tags?.FirstOrDefault(t => t.Key is "vu" or "iter").Key is { } tag)
            {
                log.Warning(
                    $"The high-cardinality '{tag}' metric tag was made non-indexable in k6 v0.41.0, so thresholds like '{series.Name}' that are based on it won't work correctly.",
                    ("component", "metrics-engine"));
            }
        }
    }

    /// <summary>A buffer for a VU.</summary>
    public SampleBuffer NewBuffer()
    {
        var buffer = new SampleBuffer(full.Enqueue);
        buffers.Add(buffer);
        return buffer;
    }

    /// <summary>Has every batch of samples passed to <paramref name="consumer"/>, on the collector's thread. Before <see cref="Start"/>.</summary>
    public void AddConsumer(Action<ReadOnlySpan<Sample>> consumer) => consumers.Add(consumer);

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        thread = new Thread(Run) { Name = "metrics", IsBackground = true };
        thread.Start();
    }

    /// <summary>Takes everything that was recorded before the call into the series.</summary>
    public void Drain()
    {
        lock (drainGate)
        {
            while (full.TryDequeue(out var batch))
            {
                Take(batch);
            }

            foreach (var buffer in buffers)
            {
                Take(buffer.Take());
            }
        }
    }

    /// <summary>Ends the thread; what was recorded is in the series afterwards.</summary>
    public void Stop()
    {
        stop.Set();
        thread?.Join();
        thread = null;
        Drain();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (thread is not null)
        {
            Stop();
        }

        stop.Dispose();
    }

    /// <summary>The series of a whole metric; made at the first call.</summary>
    public MetricSeries SeriesOf(Metric metric)
    {
        if (metric.Index >= whole.Length)
        {
            Array.Resize(ref whole, Math.Max(metric.Index + 1, whole.Length * 2));
            Array.Resize(ref parts, whole.Length);
        }

        return whole[metric.Index] ??= new MetricSeries(metric.Name, metric, null);
    }

    private MetricSeries AddPart(string name, Metric metric, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        _ = SeriesOf(metric);
        var list = parts[metric.Index] ??= [];
        var known = list.Find(s => s.Name == name);
        if (known is null)
        {
            list.Add(known = new MetricSeries(name, metric, tags));
        }

        return known;
    }

    private void Run()
    {
        while (!stop.Wait(Interval))
        {
            Drain();
        }
    }

    private void Take(ArraySegment<Sample> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var samples = batch.AsSpan();
        lock (Gate)
        {
            foreach (ref readonly var sample in samples)
            {
                SeriesOf(sample.Metric).Sink.Add(sample.Value);
                if (parts[sample.Metric.Index] is { } list)
                {
                    foreach (var part in Route(list, sample.Metric, sample.Tags))
                    {
                        part.Sink.Add(sample.Value);
                    }
                }
            }
        }

        foreach (var consumer in consumers)
        {
            consumer(samples);
        }

        if (!hasWarnedOfSeries && TagSet.Count > TagSet.MaximumShared)
        {
            hasWarnedOfSeries = true;
            log.Warning(
                $"The test has generated metrics with more than {TagSet.MaximumShared} unique sets of tags, which could cause high memory usage. Consider not using high-cardinality values like unique IDs as metric tags or, if you need them in the URL, use the name metric tag or URL grouping.",
                ("component", "metrics-engine-ingester"));
        }
    }

    /// <summary>The submetrics that a sample belongs to; remembered per set of tags.</summary>
    private MetricSeries[] Route(List<MetricSeries> list, Metric metric, TagSet tags)
    {
        var routes = tags.Routes as RouteTable;
        if (routes?.Owner != this)
        {
            routes = new RouteTable(this);
            if (tags.IsShared)
            {
                tags.Routes = routes;
            }
        }

        return routes[metric.Index] ??= [.. list.Where(s => s.Matches(tags))];
    }

    private sealed class RouteTable(MetricsCollector owner)
    {
        private MetricSeries[]?[] byMetric = new MetricSeries[32][];

        public MetricsCollector Owner => owner;

        public ref MetricSeries[]? this[int metric]
        {
            get
            {
                if (metric >= byMetric.Length)
                {
                    Array.Resize(ref byMetric, metric + 1);
                }

                return ref byMetric[metric];
            }
        }
    }
}
