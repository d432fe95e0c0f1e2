namespace K6.Embedded.Execution;

/// <summary>Counts starts of scheduled iterations and how many came late: the generator itself was the bottleneck. Thread-safe.</summary>
internal sealed class Saturation
{
    /// <summary>A start this much after its moment is late.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMilliseconds(5);

    /// <summary>Above this share of late starts the run is saturated.</summary>
    public const double Limit = 0.01;

    private long starts;
    private long lateStarts;

    /// <summary>Scheduled iterations that began.</summary>
    public long Starts => Interlocked.Read(ref starts);

    /// <summary>Those that began late.</summary>
    public long LateStarts => Interlocked.Read(ref lateStarts);

    /// <summary>Whether the figures of the run are the generator's rather than the target's.</summary>
    public bool IsSaturated => LateStarts > Starts * Limit;

    /// <summary>Counts one start.</summary>
    public void CountStart(TimeSpan delay)
    {
        Interlocked.Increment(ref starts);
        if (delay > Late)
        {
            Interlocked.Increment(ref lateStarts);
        }
    }
}
