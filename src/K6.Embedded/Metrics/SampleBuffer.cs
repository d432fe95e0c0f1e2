using System.Diagnostics;

namespace K6.Embedded.Metrics;

/// <summary>One measured value.</summary>
/// <param name="Metric">What was measured.</param>
/// <param name="Tags">The tags that it carries.</param>
/// <param name="Value">The value in the metric's unit; milliseconds for time.</param>
/// <param name="TimeMicros">When: µs since the Unix epoch, from <see cref="EngineClock"/>.</param>
/// <param name="Metadata">What goes with it and makes no series: <c>iter=0&amp;vu=1</c>; null for nothing.</param>
internal readonly record struct Sample(Metric Metric, TagSet Tags, double Value, long TimeMicros, string? Metadata = null);

/// <summary>Where a VU puts its samples; the collector empties it. Thread-safe, and cheap because nearly always uncontended.</summary>
internal sealed class SampleBuffer
{
    private const int InitialCapacity = 64;
    private const int MaximumCapacity = 2_000;

    private readonly Lock gate = new();
    private readonly Action<ArraySegment<Sample>> overflow;
    private Sample[] samples = new Sample[InitialCapacity];
    private int count;

    /// <summary>Makes a buffer. A full one is handed to <paramref name="overflow"/>, which owns the array from then on.</summary>
    internal SampleBuffer(Action<ArraySegment<Sample>> overflow) => this.overflow = overflow;

    /// <summary>The metadata of the samples that are recorded from now on; null for none.</summary>
    public string? Metadata { get; set; }

    /// <summary>Records a value. Values of time metrics are rounded to 1 µs here, so that every output agrees to the last digit.</summary>
    public void Add(Metric metric, TagSet tags, double value, long timeMicros)
    {
        if (metric.Contains == MetricValueType.Time)
        {
            value = Math.Round(value * 1000) / 1000;
        }

        lock (gate)
        {
            if (count == samples.Length)
            {
                Grow();
            }

            samples[count++] = new Sample(metric, tags, value, timeMicros, Metadata);
        }
    }

    /// <summary>Takes what there is. The caller owns the array.</summary>
    internal ArraySegment<Sample> Take()
    {
        lock (gate)
        {
            if (count == 0)
            {
                return default;
            }

            var taken = new ArraySegment<Sample>(samples, 0, count);
            samples = new Sample[Math.Max(InitialCapacity, Math.Min(samples.Length, count * 2))];
            count = 0;
            return taken;
        }
    }

    private void Grow()
    {
        if (samples.Length < MaximumCapacity)
        {
            Array.Resize(ref samples, Math.Min(MaximumCapacity, samples.Length * 4));
            return;
        }

        overflow(new ArraySegment<Sample>(samples, 0, count));
        samples = new Sample[MaximumCapacity];
        count = 0;
    }
}

/// <summary>The run's clock: wall time at start, monotonic from there on.</summary>
internal static class EngineClock
{
    private static readonly long StartMicros = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10;
    private static readonly long StartTimestamp = Stopwatch.GetTimestamp();

    /// <summary>µs since the Unix epoch.</summary>
    public static long NowMicros => StartMicros + (long)(Stopwatch.GetElapsedTime(StartTimestamp).Ticks / 10);

    /// <summary>The µs since the Unix epoch at a value of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public static long ToMicros(long timestamp) => StartMicros + (long)(Stopwatch.GetElapsedTime(StartTimestamp, timestamp).Ticks / 10);
}
