using Jint;

namespace K6.Embedded.Runtime;

/// <summary>Ends running JavaScript when the VU's token is signalled; Jint asks it every few statements.</summary>
internal sealed class VuInterrupt : Constraint
{
    /// <summary>The token of what runs now.</summary>
    public CancellationToken Token { get; set; }

    /// <inheritdoc/>
    public override void Check()
    {
        if (Token.IsCancellationRequested)
        {
            throw new IterationInterruptedException();
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
    }

    /// <summary>Waits, and ends at once when the token is signalled.</summary>
    /// <exception cref="IterationInterruptedException">The token was signalled.</exception>
    public void Sleep(TimeSpan time)
    {
        Check();
        var milliseconds = time.TotalMilliseconds;
        if (milliseconds < 1)
        {
            SpinFor(time);
            return;
        }

        var until = System.Diagnostics.Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * System.Diagnostics.Stopwatch.Frequency);
        while (milliseconds > 0)
        {
            var step = (int)Math.Min(int.MaxValue, Math.Round(milliseconds));
            if (step > 0 && Token.CanBeCanceled)
            {
                Token.WaitHandle.WaitOne(step);
            }
            else if (step > 0)
            {
                Thread.Sleep(step);
            }

            Check();
            milliseconds = step == 0 ? 0 : (until - System.Diagnostics.Stopwatch.GetTimestamp()) * 1000d / System.Diagnostics.Stopwatch.Frequency;
        }
    }

    private static void SpinFor(TimeSpan time)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        while (System.Diagnostics.Stopwatch.GetElapsedTime(start) < time)
        {
            Thread.SpinWait(20);
        }
    }
}
