using System.Globalization;

namespace K6.Embedded.Execution;

/// <summary>A VU and the thread it lives on. Jobs are run one after another; nobody but this thread touches the VU's realm.</summary>
internal sealed class VuWorker : IDisposable
{
    /// <summary>Deep recursion in a script must end in the script's own error, not in the process's death.</summary>
    public const int StackBytes = 16 * 1024 * 1024;

    private readonly SemaphoreSlim wake = new(0);
    private readonly Thread thread;
    private Action<VuWorker>? job;
    private IVirtualUser? user;
    private volatile bool isDisposed;

    private VuWorker(VuContext context)
    {
        Context = context;
        thread = new Thread(Live, StackBytes) { Name = $"VU {context.IdInInstance}", IsBackground = true };
    }

    /// <summary>What the VU knows about itself.</summary>
    public VuContext Context { get; }

    /// <summary>When the job was due: a <see cref="System.Diagnostics.Stopwatch"/> timestamp. Set by arrival-rate schedules.</summary>
    public long DueTimestamp { get; set; }

    /// <summary>Interrupts what the VU is doing in its present activation.</summary>
    public CancellationToken Interrupt { get; set; }

    /// <summary>Iterations that it has begun.</summary>
    public long Begun { get; set; }

    /// <summary>Makes the VU's thread and, on it, the VU.</summary>
    public static Task<VuWorker> Start(ITestScript script, VuContext context, SemaphoreSlim turns, CancellationToken interrupt)
    {
        var ready = new TaskCompletionSource<VuWorker>(TaskCreationOptions.RunContinuationsAsynchronously);
        var worker = new VuWorker(context);
        worker.job = _ =>
        {
            try
            {
                turns.Wait(interrupt);
                try
                {
                    worker.user = script.CreateVu(context, interrupt);
                }
                finally
                {
                    turns.Release();
                }

                ready.SetResult(worker);
            }
#pragma warning disable CA1031 // Whatever went wrong belongs to whoever waits for the VU.
            catch (Exception e)
#pragma warning restore CA1031
            {
                ready.SetException(e);
            }
        };
        worker.wake.Release();
        worker.thread.Start();
        return ready.Task;
    }

    /// <summary>Has the VU do something; it must be idle.</summary>
    public void Post(Action<VuWorker> next)
    {
        job = next;
        wake.Release();
    }

    /// <summary>Binds the VU to a scenario.</summary>
    public void Activate(ScenarioState scenario)
    {
        if (Context.Scenario == scenario)
        {
            return;
        }

        Context.Scenario = scenario;
        Context.IterationInScenario = -1;
        Context.BaseTags = scenario.Tags;
        Context.Tags = scenario.Tags;
        Context.Group = Context.Test.RootGroup;
    }

    /// <summary>Runs one iteration on this, the VU's, thread.</summary>
    public IterationOutcome Run(string exec, string? setupData, CancellationToken interrupt)
    {
        Context.IterationInInstance = Begun++;
        Context.IterationInScenario++;
        var system = Context.Test.SystemTags;
        if (system.Vu)
        {
            Context.SetMetadata("vu", Context.IdInInstance.ToString(CultureInfo.InvariantCulture));
        }

        if (system.Iter)
        {
            Context.SetMetadata("iter", Context.IterationInInstance.ToString(CultureInfo.InvariantCulture));
        }

        return user!.RunIteration(exec, setupData, interrupt);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isDisposed = true;
        wake.Release();
    }

    private void Live()
    {
        while (true)
        {
            wake.Wait();
            if (isDisposed)
            {
                break;
            }

            var present = job;
            job = null;
            present?.Invoke(this);
        }

        user?.Dispose();
    }
}
