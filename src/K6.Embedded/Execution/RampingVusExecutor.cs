using K6.Embedded.Options;

namespace K6.Embedded.Execution;

/// <summary><c>ramping-vus</c>: a number of VUs that follows stages. A VU that is let go may finish its iteration within <c>gracefulRampDown</c>.</summary>
internal sealed class RampingVusExecutor(TestRun run, ScenarioSpec spec) : ScenarioExecutor(run, spec)
{
    private readonly Lock gate = new();
    private readonly Slot[] slots = [.. Enumerable.Range(0, spec.PeakVus).Select(_ => new Slot())];
    private int wanted;

    /// <inheritdoc/>
    public override double Progress => Math.Min(1, Spec.Duration == TimeSpan.Zero ? 1 : Elapsed / Spec.Duration);

    /// <inheritdoc/>
    public override string ProgressText => $"{Volatile.Read(ref wanted)}/{Spec.PeakVus} VUs  {ProgressFormat.Of(Elapsed, Spec.Duration)}";

    /// <inheritdoc/>
    protected override void Body()
    {
        var working = new CountdownEvent(1);
        foreach (var (at, vus) in Spec.RampingSteps().GroupBy(s => s.At).Select(s => s.Last()))
        {
            // The schedule has pauses in which VUs whose grace is over must be interrupted.
            while (PreciseWait.Until(TimestampAt(at), NextInterrupt(), Interrupt) == WaitResult.Other)
            {
                InterruptOverdue();
            }

            if (Interrupt.IsCancellationRequested)
            {
                break;
            }

            SetVus(vus, at, working);
        }

        while (!Interrupt.IsCancellationRequested && PreciseWait.Until(TimestampAt(Spec.Duration), NextInterrupt(), Interrupt) == WaitResult.Other)
        {
            InterruptOverdue();
        }

        BeginEnding();
        working.Signal();
        while (!working.IsSet && !Interrupt.IsCancellationRequested && Elapsed < Spec.Duration + Spec.GracefulStop && NextInterrupt() != long.MaxValue)
        {
            var end = TimestampAt(Spec.Duration + Spec.GracefulStop);
            _ = working.Wait(TimeSpan.FromMilliseconds(Math.Clamp(Milliseconds(Math.Min(end, NextInterrupt())), 1, 100)));
            InterruptOverdue();
        }

        WaitForEnd(working);
    }

    private static double Milliseconds(long untilTimestamp) =>
        (untilTimestamp - System.Diagnostics.Stopwatch.GetTimestamp()) * 1000.0 / System.Diagnostics.Stopwatch.Frequency;

    private void SetVus(int vus, TimeSpan at, CountdownEvent working)
    {
        Volatile.Write(ref wanted, vus);
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i];
            lock (gate)
            {
                if (i >= vus)
                {
                    if (slot.IsWanted)
                    {
                        slot.IsWanted = false;
                        slot.InterruptAt = slot.IsRunning ? TimestampAt(at + Spec.GracefulRampDown) : long.MaxValue;
                    }

                    continue;
                }

                slot.InterruptAt = long.MaxValue;
                slot.IsWanted = true;
                if (slot.IsRunning)
                {
                    continue;
                }

                slot.IsRunning = true;
                slot.Interrupt?.Dispose();
                slot.Interrupt = CancellationTokenSource.CreateLinkedTokenSource(Interrupt);
            }

            working.AddCount();
            var worker = slot.Worker ?? Run.Pool.Take(Interrupt);
            slot.Worker = worker;
            worker.Interrupt = slot.Interrupt.Token;
            worker.Post(w => Loop(w, slot, working));
        }
    }

    private void Loop(VuWorker worker, Slot slot, CountdownEvent working)
    {
        Run.Test.ChangeActiveVus(1);
        try
        {
            worker.Activate(State);
            while (Continue(slot, worker))
            {
                RunIteration(worker, worker.Interrupt);
            }
        }
#pragma warning disable CA1031 // An engine error in a VU ends the run with its own exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Run.StopForEngineError(e);
            lock (gate)
            {
                slot.IsRunning = false;
            }
        }
        finally
        {
            Run.Test.ChangeActiveVus(-1);
            working.Signal();
        }
    }

    private bool Continue(Slot slot, VuWorker worker)
    {
        lock (gate)
        {
            if (slot.IsWanted && worker.Interrupt.IsCancellationRequested && !Interrupt.IsCancellationRequested)
            {
                // Its grace was over, and then the ramp wanted it again.
                slot.Interrupt!.Dispose();
                slot.Interrupt = CancellationTokenSource.CreateLinkedTokenSource(Interrupt);
                worker.Interrupt = slot.Interrupt.Token;
            }

            var goesOn = slot.IsWanted && !Ending.IsCancellationRequested && !worker.Interrupt.IsCancellationRequested && Elapsed < Spec.Duration;
            if (!goesOn)
            {
                slot.IsRunning = false;
                slot.InterruptAt = long.MaxValue;
                if (Ending.IsCancellationRequested || !slot.IsWanted)
                {
                    // Idle VUs go back so that a later scenario can have them.
                    slot.Worker = null;
                    Run.Pool.Return(worker);
                }
            }

            return goesOn;
        }
    }

    private long NextInterrupt()
    {
        lock (gate)
        {
            return slots.Length == 0 ? long.MaxValue : slots.Min(s => s.InterruptAt);
        }
    }

    private void InterruptOverdue()
    {
        var now = System.Diagnostics.Stopwatch.GetTimestamp();
        lock (gate)
        {
            foreach (var slot in slots.Where(s => s.InterruptAt <= now))
            {
                slot.InterruptAt = long.MaxValue;
                slot.Interrupt!.Cancel();
            }
        }
    }

    private sealed class Slot
    {
        public bool IsWanted { get; set; }
        public bool IsRunning { get; set; }
        public long InterruptAt { get; set; } = long.MaxValue;
        public VuWorker? Worker { get; set; }
        public CancellationTokenSource? Interrupt { get; set; }
    }
}
