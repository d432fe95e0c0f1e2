using System.Diagnostics.CodeAnalysis;
using K6.Embedded.Metrics;
using K6.Embedded.Options;
using K6.Embedded.Secrets;

namespace K6.Embedded.Execution;

/// <summary>The whole test while it runs; what <c>exec.test</c> and <c>exec.instance</c> show. Thread-safe.</summary>
internal sealed class TestState(EngineLog log, MetricRegistry metrics)
{
    private long completedIterations;
    private long interruptedIterations;
    private int activeVus;
    private int initializedVus;
    private int markedAsFailed;

    /// <summary>The log.</summary>
    public EngineLog Log { get; } = log;

    /// <summary>The sources of <c>k6/secrets</c>.</summary>
    public SecretStore Secrets { get; init; } = SecretStore.None;

    /// <summary>Which requests go through a proxy; null for none.</summary>
    public Http.ProxyRules? Proxies { get; init; }

    /// <summary>All metrics.</summary>
    public MetricRegistry Metrics { get; } = metrics;

    /// <summary>The tree of groups with their checks.</summary>
    public Group RootGroup { get; } = Group.NewRoot();

    /// <summary>The merged options; set by <see cref="Start"/>, before the first VU. Null while the init code runs for the first time.</summary>
    public TestOptions? Options { get; private set; }

    /// <summary>The merged options as the JSON of <c>exec.test.options</c>; set with <see cref="Options"/>.</summary>
    public string? OptionsJson { get; private set; }

    /// <summary>Which system tags to record.</summary>
    public SystemTags SystemTags { get; private set; } = new(SystemTags.Default);

    /// <summary>The tags of the whole run (<c>options.tags</c>).</summary>
    public TagSet RunTags { get; private set; } = TagSet.Empty;

    /// <summary>The limit of <c>options.rps</c>; every HTTP request calls <see cref="RequestRateLimit.Wait"/> first. Null without one.</summary>
    public RequestRateLimit? RequestRate { get; private set; }

    /// <summary>When the load began, in µs since the Unix epoch; 0 before.</summary>
    public long StartTimeMicros { get; internal set; }

    /// <summary>Time since the load began (<c>exec.instance.currentTestRunDuration</c>).</summary>
    public TimeSpan RunDuration => StartTimeMicros == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(EngineClock.NowMicros - StartTimeMicros);

    /// <summary>Iterations that ran to their end, with those that threw.</summary>
    public long CompletedIterations => Interlocked.Read(ref completedIterations);

    /// <summary>Iterations that were interrupted.</summary>
    public long InterruptedIterations => Interlocked.Read(ref interruptedIterations);

    /// <summary>VUs that run iterations now.</summary>
    public int ActiveVus => Volatile.Read(ref activeVus);

    /// <summary>VUs that exist.</summary>
    public int InitializedVus => Volatile.Read(ref initializedVus);

    /// <summary>Whether <c>exec.test.fail</c> was called: exit code 110.</summary>
    public bool IsMarkedAsFailed => Volatile.Read(ref markedAsFailed) != 0;

    /// <summary><c>exec.test.fail(reason)</c>: marks the run as failed and logs k6's line; the run goes on.</summary>
    public void MarkAsFailed(string reason)
    {
        Volatile.Write(ref markedAsFailed, 1);
        Log.Error(reason.Length == 0 ? "test marked as failed" : $"test marked as failed: {reason}");
    }

    /// <summary>Called once by the engine when the options are known.</summary>
    [MemberNotNull(nameof(Options), nameof(OptionsJson))]
    internal void Start(TestOptions options, string optionsJson)
    {
        Options = options;
        OptionsJson = optionsJson;
        SystemTags = new SystemTags(options.SystemTags ?? SystemTags.Default);
        RunTags = options.Tags is null ? TagSet.Empty : TagSet.Empty.With(options.Tags);
        RequestRate = options.Rps is > 0 ? new RequestRateLimit(options.Rps.Value) : null;
    }

    internal void CountCompleted() => Interlocked.Increment(ref completedIterations);

    internal void CountInterrupted() => Interlocked.Increment(ref interruptedIterations);

    internal void ChangeActiveVus(int by) => Interlocked.Add(ref activeVus, by);

    internal void ChangeInitializedVus(int by) => Interlocked.Add(ref initializedVus, by);
}
