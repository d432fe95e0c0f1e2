using System.Globalization;

namespace K6.Embedded.Execution;

/// <summary>
/// Counts starts of scheduled iterations and how many came late: the generator itself was the bottleneck. Beside them what may have held it up. Thread-safe.
/// </summary>
internal sealed class Saturation
{
    /// <summary>A start this much after its moment is late.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMilliseconds(5);

    /// <summary>Above this share of late starts the run is saturated.</summary>
    public const double Limit = 0.01;

    private long starts;
    private long lateStarts;
    private long pauseTicks;
    private long longPauses;
    private long poolWaits;
    private long longPoolWaits;

    /// <summary>Scheduled iterations that began.</summary>
    public long Starts => Interlocked.Read(ref starts);

    /// <summary>Those that began late.</summary>
    public long LateStarts => Interlocked.Read(ref lateStarts);

    /// <summary>Pauses of the garbage collector during the load, in all.</summary>
    public TimeSpan Pauses => TimeSpan.FromTicks(Interlocked.Read(ref pauseTicks));

    /// <summary>Tenths of a second that had more than 5 ms of such pauses.</summary>
    public long LongPauses => Interlocked.Read(ref longPauses);

    /// <summary>How often work was given to the thread pool to see how long it waits.</summary>
    public long PoolWaits => Interlocked.Read(ref poolWaits);

    /// <summary>How often it waited more than 5 ms.</summary>
    public long LongPoolWaits => Interlocked.Read(ref longPoolWaits);

    /// <summary>What held the generator up, for people; null when nothing did.</summary>
    public string? Description => LateStarts + LongPauses + LongPoolWaits == 0
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{(Starts == 0 ? "" : $"{LateStarts} of {Starts} scheduled starts late, ")}{Math.Round(Pauses.TotalMilliseconds)} ms in pauses of the garbage collector (long ones: {LongPauses}), {LongPoolWaits} of {PoolWaits} waits for the thread pool above 5 ms");

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
                $"generator saturated: {LateStarts} of {Starts} scheduled iterations began more than 5 ms late, so the figures show the limits of the load generator; use a lower rate, a faster machine, or real k6 ({Description})",
                ("lateStarts", LateStarts),
                ("starts", Starts),
                ("gcPauseMs", Math.Round(Pauses.TotalMilliseconds, 1)),
                ("longGcPauses", LongPauses),
                ("longPoolWaits", LongPoolWaits));
        }
    }

    /// <summary>Counts the pauses of a tenth of a second.</summary>
    public void CountPause(TimeSpan pauses)
    {
        Interlocked.Add(ref pauseTicks, pauses.Ticks);
        if (pauses > Late)
        {
            Interlocked.Increment(ref longPauses);
        }
    }

    /// <summary>Counts one wait for the thread pool.</summary>
    public void CountPoolWait(TimeSpan wait)
    {
        Interlocked.Increment(ref poolWaits);
        if (wait > Late)
        {
            Interlocked.Increment(ref longPoolWaits);
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
