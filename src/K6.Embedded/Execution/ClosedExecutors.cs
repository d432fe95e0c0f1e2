using K6.Embedded.Options;

namespace K6.Embedded.Execution;

/// <summary><c>constant-vus</c>: so many VUs repeat iterations for a time.</summary>
internal sealed class ConstantVusExecutor(TestRun run, ScenarioSpec spec) : ScenarioExecutor(run, spec)
{
    /// <inheritdoc/>
    public override double Progress => Math.Min(1, Elapsed / Spec.Duration);

    /// <inheritdoc/>
    public override string ProgressText => $"{Spec.Vus} VUs  {ProgressFormat.Of(Elapsed, Spec.Duration)}";

    /// <inheritdoc/>
    protected override void Body()
    {
        var working = StartLoops(Spec.Vus, worker =>
        {
            if (Elapsed >= Spec.Duration)
            {
                return false;
            }

            RunIteration(worker, Interrupt);
            return true;
        });
        WaitForEnd(working);
    }
}

/// <summary><c>shared-iterations</c>: VUs share a number of iterations.</summary>
internal sealed class SharedIterationsExecutor(TestRun run, ScenarioSpec spec) : ScenarioExecutor(run, spec)
{
    private long begun;

    /// <inheritdoc/>
    public override double Progress => Math.Min(1, (double)Completed / Spec.Iterations);

    /// <inheritdoc/>
    public override string ProgressText =>
        $"{Spec.Vus} VUs  {ProgressFormat.Of(Elapsed, Spec.Duration)}  {ProgressFormat.Padded(Completed, Spec.Iterations)}/{Spec.Iterations} shared iters";

    /// <inheritdoc/>
    protected override void Body()
    {
        var working = StartLoops(Spec.Vus, worker =>
        {
            if (Elapsed >= Spec.Duration || Interlocked.Increment(ref begun) > Spec.Iterations)
            {
                return false;
            }

            RunIteration(worker, Interrupt);
            return true;
        });
        WaitForEnd(working);
        RecordDropped(Spec.Iterations - Math.Min(begun, Spec.Iterations), Run.EngineSamples);
    }
}

/// <summary><c>per-vu-iterations</c>: every VU runs a number of iterations.</summary>
internal sealed class PerVuIterationsExecutor(TestRun run, ScenarioSpec spec) : ScenarioExecutor(run, spec)
{
    private long begun;

    /// <inheritdoc/>
    public override double Progress => Math.Min(1, (double)Completed / Total);

    /// <inheritdoc/>
    public override string ProgressText =>
        $"{Spec.Vus} VUs  {ProgressFormat.Of(Elapsed, Spec.Duration)}  {ProgressFormat.Padded(Completed, Total)}/{Total} iters, {Spec.Iterations} per VU";

    private long Total => Spec.Iterations * Spec.Vus;

    /// <inheritdoc/>
    protected override void Body()
    {
        var working = StartLoops(Spec.Vus, worker =>
        {
            for (var i = 0L; i < Spec.Iterations && Elapsed < Spec.Duration && !Ending.IsCancellationRequested; i++)
            {
                Interlocked.Increment(ref begun);
                RunIteration(worker, Interrupt);
            }

            return false;
        });
        WaitForEnd(working);
        RecordDropped(Total - begun, Run.EngineSamples);
    }
}
