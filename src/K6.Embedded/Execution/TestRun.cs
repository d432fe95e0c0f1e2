using K6.Embedded.Cli;
using K6.Embedded.Metrics;
using K6.Embedded.Options;

namespace K6.Embedded.Execution;

/// <summary>Where a run is; the numbers are those of k6's REST interface.</summary>
internal enum RunStatus
{
    Created = 0,
    InitVus = 1,
    InitDone = 3,
    PausedBeforeRun = 4,
    Started = 5,
    Setup = 6,
    Running = 7,
    Teardown = 8,
    Ended = 9,
    Interrupted = 10,
    MarkedAsFailed = 11,
}

/// <summary>One run: VUs, setup, scenarios, thresholds, teardown. The first reason to end wins.</summary>
internal sealed class TestRun : IDisposable
{
    private static readonly TimeSpan ThresholdInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GaugeInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DefaultScriptTimeout = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource interrupted = new();
    private readonly CancellationTokenSource loadOver = new();
    private readonly Lock gate = new();
    private volatile RunOutcome? outcome;

    /// <summary>Prepares a run.</summary>
    /// <param name="script">The loaded script.</param>
    /// <param name="test">The test; its options are known.</param>
    /// <param name="collector">Takes the samples; thresholds are declared.</param>
    public TestRun(ITestScript script, TestState test, MetricsCollector collector)
    {
        Script = script;
        Test = test;
        Collector = collector;
        EngineSamples = collector.NewBuffer();
        MinIterationDuration = test.Options!.MinIterationDuration ?? TimeSpan.Zero;
        Scenarios = [.. test.Options.Scenarios!.Select(s => Make(ScenarioSpec.From(s.Key, s.Value)))];
        Requirements = ExecutionRequirements.Of(Scenarios.Select(s => s.Spec));
        Pool = new VuPool(this);
    }

    public ITestScript Script { get; }

    public TestState Test { get; }

    public MetricsCollector Collector { get; }

    public VuPool Pool { get; }

    /// <summary>The scenarios in order of name.</summary>
    public IReadOnlyList<ScenarioExecutor> Scenarios { get; }

    /// <summary>How long it can last and how many VUs it can need.</summary>
    public ExecutionRequirements Requirements { get; }

    /// <summary>For samples of the engine itself.</summary>
    public SampleBuffer EngineSamples { get; }

    /// <summary>Late starts of scheduled iterations.</summary>
    public Saturation Saturation { get; } = new();

    /// <summary><c>minIterationDuration</c>; zero without one.</summary>
    public TimeSpan MinIterationDuration { get; }

    /// <summary>What <c>setup()</c> returned, as JSON; null for undefined.</summary>
    public string? SetupData { get; private set; }

    /// <summary>Signalled when everything but teardown is to end at once.</summary>
    public CancellationToken Interrupted => interrupted.Token;

    /// <summary>Where the run is.</summary>
    public RunStatus Status { get; private set; }

    /// <summary>Whether a stop was asked for.</summary>
    public bool IsStopped => interrupted.IsCancellationRequested;

    /// <summary>Whether a threshold fails now.</summary>
    public bool IsTainted { get; private set; }

    /// <summary>Not set while the load waits to be resumed.</summary>
    public ManualResetEventSlim Paused { get; } = new(initialState: true);

    /// <summary>The length of the run with setup and teardown.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Waited for between the making of the planned VUs and the load.</summary>
    public Action? BeforeLoad { get; set; }

    /// <summary>Ends the run: iterations are interrupted, teardown runs. Only the first reason counts.</summary>
    public void Stop(int exitCode, string message, params (string Key, object Value)[] fields)
    {
        lock (gate)
        {
            outcome ??= new RunOutcome(exitCode, message, fields);
        }

        interrupted.Cancel();
    }

    /// <summary>Ends the run because of a mistake in the engine itself.</summary>
    public void StopForEngineError(Exception e) =>
        Stop(ExitCodes.EngineError, Unsupported.Failure(e), ("stack", e.StackTrace ?? ""));

    /// <summary>Runs everything and gives the outcome; thresholds are judged.</summary>
    public RunOutcome Execute()
    {
        Collector.Start();
        try
        {
            Status = RunStatus.InitVus;
            Pool.MakePlanned(Requirements.PlannedVus, Interrupted);
            BeforeLoad?.Invoke();
            Status = RunStatus.InitDone;
            if (!Paused.IsSet)
            {
                Status = RunStatus.PausedBeforeRun;
                WaitHandle.WaitAny([Paused.WaitHandle, Interrupted.WaitHandle]);
            }

            Load();
        }
        catch (OperationCanceledException) when (IsStopped)
        {
        }
        catch (ScriptException e)
        {
            Fail(e);
        }
        catch (TestAbortedException e)
        {
            Stop(ExitCodes.ScriptAborted, e.Message);
        }

        Duration = Test.RunDuration;
        Collector.Stop();
        Status = Test.IsMarkedAsFailed ? RunStatus.MarkedAsFailed : IsStopped ? RunStatus.Interrupted : RunStatus.Ended;
        return Judge();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var scenario in Scenarios)
        {
            scenario.Dispose();
        }

        Pool.Dispose();
        Collector.Dispose();
        interrupted.Dispose();
        loadOver.Dispose();
        Paused.Dispose();
    }

    private void Load()
    {
        Test.StartTimeMicros = EngineClock.NowMicros;
        Status = RunStatus.Started;
        var watch = new Thread(Watch) { Name = "thresholds and gauges", IsBackground = true };
        watch.Start();
        try
        {
            var setupRan = Setup();
            if (setupRan)
            {
                Status = RunStatus.Running;
                using (new PauseWatch(Saturation))
                {
                    RunScenarios();
                }

                Teardown();
            }
        }
        finally
        {
            loadOver.Cancel();
            watch.Join();
        }
    }

    private void RunScenarios()
    {
        var threads = Scenarios.Where(s => s.Spec.HasWork).Select(scenario =>
        {
            var thread = new Thread(() =>
            {
                if (!Interrupted.WaitHandle.WaitOne(scenario.Spec.StartTime))
                {
                    scenario.Execute();
                }
            })
            { Name = $"scenario {scenario.Spec.Name}", IsBackground = true, Priority = ThreadPriority.AboveNormal };
            thread.Start();
            return thread;
        }).ToArray();
        foreach (var thread in threads)
        {
            thread.Join();
        }
    }

    /// <summary>Runs <c>setup()</c> if there is one and gives whether the load may begin.</summary>
    private bool Setup()
    {
        if (Test.Options!.NoSetup == true || !Script.ExportedFunctions.Contains("setup"))
        {
            return !IsStopped;
        }

        Status = RunStatus.Setup;
        var limit = Test.Options.SetupTimeout ?? DefaultScriptTimeout;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Interrupted);
        timeout.CancelAfter(limit);
        var context = NewScriptContext("setup");
        try
        {
            SetupData = OnScriptThread(() => Script.RunSetup(context, timeout.Token));
            return !IsStopped;
        }
        catch (OperationCanceledException)
        {
            if (!IsStopped)
            {
                Stop(ExitCodes.SetupTimeout, $"setup() execution timed out after {Math.Round(limit.TotalSeconds):0} seconds", ("hint", "You can increase the time limit via the setupTimeout option"));
            }

            return false;
        }
        catch (ScriptException e)
        {
            Fail(e);
            return false;
        }
        finally
        {
            RecordData(context);
        }
    }

    private void Teardown()
    {
        if (Test.Options!.NoTeardown == true || !Script.ExportedFunctions.Contains("teardown"))
        {
            return;
        }

        Status = RunStatus.Teardown;
        var limit = Test.Options.TeardownTimeout ?? DefaultScriptTimeout;
        using var timeout = new CancellationTokenSource(limit);
        var context = NewScriptContext("teardown");
        try
        {
            OnScriptThread(() =>
            {
                Script.RunTeardown(context, SetupData, timeout.Token);
                return 0;
            });
        }
        catch (OperationCanceledException)
        {
            Stop(ExitCodes.TeardownTimeout, $"teardown() execution timed out after {Math.Round(limit.TotalSeconds):0} seconds", ("hint", "You can increase the time limit via the teardownTimeout option"));
        }
        catch (ScriptException e)
        {
            Fail(e);
        }
        catch (TestAbortedException e)
        {
            Stop(ExitCodes.ScriptAborted, e.Message);
        }
        finally
        {
            RecordData(context);
        }
    }

    /// <summary>Runs script code outside of VUs on a thread with a deep stack.</summary>
    public static T OnScriptThread<T>(Func<T> body)
    {
        T result = default!;
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? error = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = body();
                }
#pragma warning disable CA1031 // Thrown again on the caller's thread.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    error = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
                }
            },
            VuWorker.StackBytes)
        { IsBackground = true, Name = "script" };
        thread.Start();
        thread.Join();
        error?.Throw();
        return result;
    }

    /// <summary>The context of setup and its like: VU 0, in a group of that name.</summary>
    public VuContext NewScriptContext(string groupName)
    {
        var context = new VuContext(Test, 0, Collector.NewBuffer());
        if (groupName is "setup" or "teardown")
        {
            context.Group = Test.RootGroup.GetGroup(groupName);
        }

        var tags = Test.SystemTags.Group ? Test.RunTags.With("group", context.Group.Path) : Test.RunTags;
        context.BaseTags = tags;
        context.Tags = tags;
        return context;
    }

    private void RecordData(VuContext context)
    {
        var now = EngineClock.NowMicros;
        context.Samples.Add(Test.Metrics.DataSent, context.Tags, context.TakeDataSent(), now);
        context.Samples.Add(Test.Metrics.DataReceived, context.Tags, context.TakeDataReceived(), now);
    }

    /// <summary>Every second the gauges, every two seconds the thresholds.</summary>
    private void Watch()
    {
        var nextGauge = GaugeInterval;
        var nextThreshold = ThresholdInterval;
        while (true)
        {
            var next = nextGauge < nextThreshold ? nextGauge : nextThreshold;
            var wait = next - Test.RunDuration;
            if (loadOver.Token.WaitHandle.WaitOne(wait > TimeSpan.Zero ? wait : TimeSpan.Zero))
            {
                return;
            }

            if (Test.RunDuration >= nextGauge)
            {
                nextGauge += GaugeInterval;
                var now = EngineClock.NowMicros;
                EngineSamples.Add(Test.Metrics.Vus, Test.RunTags, Test.ActiveVus, now);
                EngineSamples.Add(Test.Metrics.VusMax, Test.RunTags, Test.InitializedVus, now);
            }

            if (Test.RunDuration >= nextThreshold)
            {
                nextThreshold += ThresholdInterval;
                EvaluateThresholds();
            }
        }
    }

    private void EvaluateThresholds()
    {
        var (failed, shouldAbort) = ThresholdEvaluation.Evaluate(Collector, Test.RunDuration, isFinal: false);
        IsTainted = failed.Count > 0;
        if (shouldAbort)
        {
            Stop(
                ExitCodes.ThresholdsFailed,
                $"thresholds on metrics '{string.Join(", ", failed)}' were crossed; at least one has abortOnFail enabled, stopping test prematurely");
        }
    }

    private void Fail(ScriptException e)
    {
        (string, object)[] fields = e.IsStackTrace ? [("hint", "script exception"), ("source", "stacktrace")] : [];
        Stop(e.ExitCode, e.Message, fields);
    }

    private RunOutcome Judge()
    {
        var (failed, _) = ThresholdEvaluation.Evaluate(Collector, Duration, isFinal: true);
        IsTainted = failed.Count > 0;
        if (outcome is { } first)
        {
            return first;
        }

        if (Test.IsMarkedAsFailed)
        {
            return new RunOutcome(ExitCodes.MarkedAsFailed, "test run was marked as failed", []);
        }

        return failed.Count > 0
            ? new RunOutcome(ExitCodes.ThresholdsFailed, $"thresholds on metrics '{string.Join(", ", failed)}' have been crossed", [])
            : new RunOutcome(ExitCodes.Ok, null, []);
    }

    private ScenarioExecutor Make(ScenarioSpec spec) => spec.Executor switch
    {
        "constant-vus" => new ConstantVusExecutor(this, spec),
        "ramping-vus" => new RampingVusExecutor(this, spec),
        "shared-iterations" => new SharedIterationsExecutor(this, spec),
        "per-vu-iterations" => new PerVuIterationsExecutor(this, spec),
        _ => new ArrivalRateExecutor(this, spec),
    };
}

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">The process's exit code.</param>
/// <param name="Message">The error for the log; null when there is none.</param>
/// <param name="Fields">The record's fields.</param>
internal sealed record RunOutcome(int ExitCode, string? Message, IReadOnlyList<(string Key, object Value)> Fields);
