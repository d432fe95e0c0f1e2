using System.Collections.Concurrent;

namespace K6.Embedded.Execution;

/// <summary>The VUs of a run: made before the load as far as planned, and later for schedules that need more. Thread-safe.</summary>
internal sealed class VuPool : IDisposable
{
    private readonly TestRun run;
    private readonly SemaphoreSlim turns = new(Math.Max(1, Environment.ProcessorCount));
    private readonly BlockingCollection<VuWorker> idle = new(new ConcurrentQueue<VuWorker>());
    private readonly ConcurrentBag<VuWorker> all = [];
    private int lastId;

    public VuPool(TestRun run) => this.run = run;

    /// <summary>Makes the planned VUs and waits for them.</summary>
    /// <exception cref="ScriptException">The script's init code threw in one of them.</exception>
    public void MakePlanned(int count, CancellationToken interrupt)
    {
        var workers = Enumerable.Range(0, count).Select(_ => Make(interrupt)).ToArray();
        try
        {
            Task.WaitAll(workers, CancellationToken.None);
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        foreach (var worker in workers)
        {
            idle.Add(worker.Result, CancellationToken.None);
        }
    }

    /// <summary>Makes one VU more, which does not join the idle ones by itself.</summary>
    public async Task<VuWorker> Make(CancellationToken interrupt)
    {
        var context = new VuContext(run.Test, Interlocked.Increment(ref lastId), run.Collector.NewBuffer());
        var worker = await VuWorker.Start(run.Script, context, turns, interrupt).ConfigureAwait(false);
        all.Add(worker);
        run.Test.ChangeInitializedVus(1);
        return worker;
    }

    /// <summary>Takes a planned VU; waits if a scenario that just ended has not given it back yet.</summary>
    public VuWorker Take(CancellationToken interrupt) => idle.Take(interrupt);

    /// <summary>Gives an idle VU back.</summary>
    public void Return(VuWorker worker) => idle.Add(worker);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var worker in all)
        {
            worker.Dispose();
        }
    }
}
