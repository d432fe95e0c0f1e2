using System.Diagnostics;

namespace K6.Embedded.Execution;

/// <summary>Looks ten times a second at what holds the generator up while it makes load: pauses of the garbage collector, and waits for a thread of the pool.</summary>
internal sealed class PauseWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Saturation saturation;
    private readonly ManualResetEventSlim over = new(false);
    private readonly Thread thread;
    private TimeSpan seen = GC.GetTotalPauseDuration();

    /// <summary>Begins to look.</summary>
    public PauseWatch(Saturation saturation)
    {
        this.saturation = saturation;
        thread = new Thread(Look) { IsBackground = true, Name = "pauses" };
        thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        over.Set();
        thread.Join();
        over.Dispose();
        CountPause();
    }

    private void Look()
    {
        while (!over.Wait(Period))
        {
            CountPause();
            ThreadPool.UnsafeQueueUserWorkItem(
                static state => state.Saturation.CountPoolWait(Stopwatch.GetElapsedTime(state.Queued)), (Saturation: saturation, Queued: Stopwatch.GetTimestamp()), preferLocal: false);
        }
    }

    private void CountPause()
    {
        var total = GC.GetTotalPauseDuration();
        saturation.CountPause(total - seen);
        seen = total;
    }
}
