using System.Diagnostics;
using K6.Embedded.Metrics;
using K6.Embedded.Options;

namespace K6.Embedded.Execution;

/// <summary>What all executors share: VUs, single iterations, and the end of a scenario. One object runs one scenario once.</summary>
internal abstract class ScenarioExecutor : IDisposable
{
    /// <summary>So long the engine waits for a VU that was interrupted and does not end (a regular expression that backtracks cannot be interrupted).</summary>
    private static readonly TimeSpan AbandonAfter = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource interrupt;
    private readonly CancellationTokenSource ending;
    private long startTimestamp;
    private long completed;
    private TimeSpan length;

    protected ScenarioExecutor(TestRun run, ScenarioSpec spec)
    {
        Run = run;
        Spec = spec;
        interrupt = CancellationTokenSource.CreateLinkedTokenSource(run.Interrupted);
        ending = CancellationTokenSource.CreateLinkedTokenSource(run.Interrupted);
        var tags = run.Test.RunTags.With(spec.Tags);
        tags = run.Test.SystemTags.Scenario ? tags.With("scenario", spec.Name) : tags;
        tags = run.Test.SystemTags.Group ? tags.With("group", "") : tags;
        State = new ScenarioState(spec.Name, spec.Executor, spec.Exec, spec.Env, tags) { ProgressSource = () => Progress };
    }

    /// <summary>The scenario.</summary>
    public ScenarioSpec Spec { get; }

    /// <summary>What scripts see of it.</summary>
    public ScenarioState State { get; }

    /// <summary>Done so far, 0 to 1.</summary>
    public abstract double Progress { get; }

    /// <summary>The middle of the progress line: <c>2 VUs  1.0s/3s</c>.</summary>
    public abstract string ProgressText { get; }

    /// <summary>Whether it has begun.</summary>
    public bool HasStarted => startTimestamp != 0;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Iterations that ran to their end.</summary>
    public long Completed => Interlocked.Read(ref completed);

    protected TestRun Run { get; }

    /// <summary>Signalled when the VUs are to be interrupted.</summary>
    protected CancellationToken Interrupt => interrupt.Token;

    /// <summary>Signalled when no iteration may begin any more.</summary>
    protected CancellationToken Ending => ending.Token;

    /// <summary>Time since the scenario began; stands still when it has ended.</summary>
    protected TimeSpan Elapsed => startTimestamp == 0 ? TimeSpan.Zero : HasEnded ? length : Stopwatch.GetElapsedTime(startTimestamp);

    /// <summary>Runs the scenario to its end on the calling thread.</summary>
    public void Execute()
    {
        startTimestamp = Stopwatch.GetTimestamp();
        State.StartTimeMicros = EngineClock.NowMicros;
        try
        {
            Body();
        }
        catch (OperationCanceledException) when (Interrupt.IsCancellationRequested)
        {
        }
        finally
        {
            length = Elapsed;
            HasEnded = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        interrupt.Dispose();
        ending.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The executor's own rule.</summary>
    protected abstract void Body();

    protected long TimestampAt(TimeSpan offset) => startTimestamp + (long)(offset.Ticks * (Stopwatch.Frequency / (double)TimeSpan.TicksPerSecond));

    /// <summary>No iteration begins any more.</summary>
    protected void BeginEnding() => ending.Cancel();

    /// <summary>Waits for the scenario's time or for the work to be done, then for the VUs within <c>gracefulStop</c>, then interrupts them.</summary>
    protected void WaitForEnd(CountdownEvent working)
    {
        var left = Spec.Duration - Elapsed;
        if (left > TimeSpan.Zero)
        {
            _ = WaitHandle.WaitAny([working.WaitHandle, Interrupt.WaitHandle], Limit(left));
        }

        BeginEnding();
        left = Spec.Duration + Spec.GracefulStop - Elapsed;
        if (!Interrupt.IsCancellationRequested && left > TimeSpan.Zero)
        {
            _ = WaitHandle.WaitAny([working.WaitHandle, Interrupt.WaitHandle], Limit(left));
        }

        if (!working.IsSet)
        {
            interrupt.Cancel();
            if (!working.Wait(AbandonAfter))
            {
                Run.Test.Log.Error($"{working.CurrentCount} VUs could not be interrupted and were abandoned", ("scenario", Spec.Name));
            }
        }
    }

    /// <summary>Runs one iteration on the VU's thread and records it.</summary>
    protected void RunIteration(VuWorker worker, CancellationToken vuInterrupt)
    {
        var context = worker.Context;
        context.ScenarioIteration = State.NextIteration();
        var start = Stopwatch.GetTimestamp();
        var outcome = worker.Run(Spec.Exec, Run.SetupData, vuInterrupt);
        var duration = Stopwatch.GetElapsedTime(start);
        var now = EngineClock.NowMicros;
        var metrics = Run.Test.Metrics;
        var tags = context.Tags;
        context.Samples.Add(metrics.DataSent, tags, context.TakeDataSent(), now);
        context.Samples.Add(metrics.DataReceived, tags, context.TakeDataReceived(), now);
        if (outcome.Result != IterationResult.Interrupted)
        {
            context.Samples.Add(metrics.IterationDuration, tags, duration.TotalMilliseconds, now);
            context.Samples.Add(metrics.Iterations, tags, 1, now);
        }

        switch (outcome.Result)
        {
            case IterationResult.Interrupted:
                Run.Test.CountInterrupted();
                return;
            case IterationResult.Aborted:
                Run.Test.CountInterrupted();
                Run.Stop(Cli.ExitCodes.ScriptAborted, outcome.Message ?? "test aborted");
                return;
        }

        Interlocked.Increment(ref completed);
        Run.Test.CountCompleted();
        if (Run.MinIterationDuration > duration)
        {
            _ = Ending.WaitHandle.WaitOne(Run.MinIterationDuration - duration);
        }
    }

    /// <summary>Records iterations that were due and did not begin.</summary>
    protected void RecordDropped(long count, SampleBuffer samples)
    {
        if (count > 0 && !Run.IsStopped)
        {
            samples.Add(Run.Test.Metrics.DroppedIterations, State.Tags, count, EngineClock.NowMicros);
        }
    }

    /// <summary>Takes VUs from the pool and has each repeat <paramref name="iteration"/> while it says so.</summary>
    protected CountdownEvent StartLoops(int vus, Func<VuWorker, bool> iteration)
    {
        var working = new CountdownEvent(vus);
        for (var i = 0; i < vus; i++)
        {
            var worker = Run.Pool.Take(Interrupt);
            worker.Interrupt = Interrupt;
            worker.Post(w => Loop(w, iteration, working));
        }

        return working;
    }

    private void Loop(VuWorker worker, Func<VuWorker, bool> iteration, CountdownEvent working)
    {
        Run.Test.ChangeActiveVus(1);
        try
        {
            worker.Activate(State);
            while (!Ending.IsCancellationRequested && iteration(worker))
            {
            }
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
            Run.Pool.Return(worker);
            working.Signal();
        }
    }

    private static int Limit(TimeSpan time) => (int)Math.Min(int.MaxValue, Math.Ceiling(time.TotalMilliseconds));
}
