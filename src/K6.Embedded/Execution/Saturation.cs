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

    /// <summary>Up to so many late starts are hiccups, however short the run.</summary>
    public const int Tolerated = 2;

    /// <summary>Whether the figures of the run are the generator's rather than the target's.</summary>
    public bool IsSaturated => LateStarts > Tolerated && LateStarts > Starts * Limit;

    /// <summary>Warns if the run was saturated; the fields are for machines.</summary>
    public void Report(EngineLog log)
    {
        if (IsSaturated)
        {
            log.Warning(
                $"generator saturated: {LateStarts} of {Starts} scheduled iterations began more than 5 ms late, so the figures show the limits of the load generator; use a lower rate, a faster machine, or real k6",
                ("lateStarts", LateStarts),
                ("starts", Starts));
        }
    }

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
