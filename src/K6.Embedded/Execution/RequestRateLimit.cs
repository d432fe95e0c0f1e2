using System.Diagnostics;

namespace K6.Embedded.Execution;

/// <summary><c>options.rps</c>: at most so many requests per second over all VUs, evenly spaced. Thread-safe.</summary>
internal sealed class RequestRateLimit(long perSecond)
{
    private readonly long spacing = Stopwatch.Frequency / Math.Max(1, perSecond);
    private readonly Lock gate = new();
    private long next;

    /// <summary>Waits for the caller's turn.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="interrupt"/> was signalled.</exception>
    public void Wait(CancellationToken interrupt)
    {
        long turn;
        var now = Stopwatch.GetTimestamp();
        lock (gate)
        {
            turn = Math.Max(next, now);
            next = turn + spacing;
        }

        var wait = Stopwatch.GetElapsedTime(now, turn);
        if (wait > TimeSpan.Zero)
        {
            interrupt.WaitHandle.WaitOne(wait);
            interrupt.ThrowIfCancellationRequested();
        }
    }
}
