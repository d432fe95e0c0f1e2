using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using K6.Embedded.Options;

namespace K6.Embedded.Execution;

/// <summary>
/// <c>constant-arrival-rate</c> and <c>ramping-arrival-rate</c>: iterations begin at given moments, whoever is free runs them.
/// The schedule thread never starts a VU or waits for one: without a free VU the iteration is dropped at once, and a VU more (up to <c>maxVUs</c>) is made aside.
/// </summary>
internal sealed class ArrivalRateExecutor(TestRun run, ScenarioSpec spec) : ScenarioExecutor(run, spec)
{
    private readonly ConcurrentQueue<VuWorker> free = new();
    private readonly ConcurrentBag<VuWorker> mine = [];
    private int vus;
    private int busy;
    private int making;
    private bool hasWarnedOfDrops;

    /// <inheritdoc/>
    public override double Progress => Math.Min(1, Elapsed / Spec.Duration);

    /// <inheritdoc/>
    public override string ProgressText => string.Create(
        CultureInfo.InvariantCulture,
        $"{Volatile.Read(ref busy)}/{Volatile.Read(ref vus)} VUs  {ProgressFormat.Of(Elapsed, Spec.Duration)}  {ArrivalSchedule.RateAt(Spec, Elapsed) / Spec.TimeUnit.TotalSeconds:0.00} iters/s");

    /// <inheritdoc/>
    protected override void Body()
    {
        if (Spec.PreAllocatedVus == 0)
        {
            return;
        }

        for (var i = 0; i < Spec.PreAllocatedVus; i++)
        {
            Adopt(Run.Pool.Take(Interrupt));
        }

        var working = new CountdownEvent(1);
        var iteration = new Action<VuWorker>(worker => RunOne(worker, working));
        foreach (var at in ArrivalSchedule.Of(Spec))
        {
            var due = TimestampAt(at);
            if (PreciseWait.Until(due, long.MaxValue, Interrupt) == WaitResult.Interrupted)
            {
                break;
            }

            if (free.TryDequeue(out var worker))
            {
                working.AddCount();
                worker.DueTimestamp = due;
                worker.Post(iteration);
            }
            else
            {
                Drop();
            }
        }

        _ = PreciseWait.Until(TimestampAt(Spec.Duration), long.MaxValue, Interrupt);
        BeginEnding();
        working.Signal();
        WaitForEnd(working);
        foreach (var worker in mine.Where(_ => working.IsSet))
        {
            Run.Pool.Return(worker);
        }
    }

    private void Adopt(VuWorker worker)
    {
        worker.Interrupt = Interrupt;
        mine.Add(worker);
        Interlocked.Increment(ref vus);
        free.Enqueue(worker);
    }

    private void RunOne(VuWorker worker, CountdownEvent working)
    {
        try
        {
            Run.Saturation.CountStart(Stopwatch.GetElapsedTime(worker.DueTimestamp));
            Interlocked.Increment(ref busy);
            Run.Test.ChangeActiveVus(1);
            worker.Activate(State);
            RunIteration(worker, Interrupt);
        }
#pragma warning disable CA1031 // An engine error in a VU ends the run with its own exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Run.StopForEngineError(e);
        }
        finally
        {
            Run.Test.ChangeActiveVus(-1);
            Interlocked.Decrement(ref busy);
            free.Enqueue(worker);
            working.Signal();
        }
    }

    private void Drop()
    {
        RecordDropped(1, Run.EngineSamples);
        if (Volatile.Read(ref vus) + Volatile.Read(ref making) < Spec.MaxVus)
        {
            Interlocked.Increment(ref making);
            _ = Task.Run(MakeOneMore);
            return;
        }

        if (!hasWarnedOfDrops && Volatile.Read(ref making) == 0)
        {
            hasWarnedOfDrops = true;
            Run.Test.Log.Warning(
                $"Insufficient VUs, reached {Volatile.Read(ref vus)} active VUs and cannot initialize more",
                ("executor", Spec.Executor),
                ("scenario", Spec.Name));
        }
    }

    private async Task MakeOneMore()
    {
        try
        {
            Adopt(await Run.Pool.Make(Interrupt).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
        }
#pragma warning disable CA1031 // A VU that cannot be made is an error of the script's init code; the load goes on with fewer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Run.Test.Log.Error($"a VU could not be initialized: {e.Message}", ("scenario", Spec.Name));
        }
        finally
        {
            Interlocked.Decrement(ref making);
        }
    }
}
