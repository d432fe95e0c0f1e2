using System.Text.Json;

namespace K6.Embedded.Options;

/// <summary>
/// k6's options under their JSON names in PascalCase. Null is 'not set'; k6's default then holds. Immutable; layers are merged key by key.
/// </summary>
internal sealed record TestOptions
{
    public bool? Paused { get; init; }
    public long? Vus { get; init; }
    public TimeSpan? Duration { get; init; }
    public long? Iterations { get; init; }
    public IReadOnlyList<Stage>? Stages { get; init; }

    /// <summary>The scenarios by name, in ordinal order of their names.</summary>
    public IReadOnlyDictionary<string, ScenarioOptions>? Scenarios { get; init; }

    public string? ExecutionSegment { get; init; }
    public string? ExecutionSegmentSequence { get; init; }
    public bool? NoSetup { get; init; }
    public TimeSpan? SetupTimeout { get; init; }
    public bool? NoTeardown { get; init; }
    public TimeSpan? TeardownTimeout { get; init; }
    public TimeSpan? HandleSummaryTimeout { get; init; }
    public long? Rps { get; init; }
    public DnsOptions Dns { get; init; } = new(null, null, null);
    public long? MaxRedirects { get; init; }
    public string? UserAgent { get; init; }
    public long? Batch { get; init; }
    public long? BatchPerHost { get; init; }
    public string? HttpDebug { get; init; }
    public bool? InsecureSkipTlsVerify { get; init; }
    public IReadOnlyList<string>? TlsCipherSuites { get; init; }
    public TlsVersions? TlsVersion { get; init; }
    public IReadOnlyList<TlsAuth>? TlsAuth { get; init; }
    public bool? Throw { get; init; }

    /// <summary>Thresholds by metric or submetric as written.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ThresholdOptions>>? Thresholds { get; init; }

    public IReadOnlyList<string>? BlacklistIps { get; init; }
    public IReadOnlyList<string>? BlockHostnames { get; init; }

    /// <summary><c>host[:port]</c> to <c>ip[:port]</c>.</summary>
    public IReadOnlyDictionary<string, string>? Hosts { get; init; }

    public bool? NoConnectionReuse { get; init; }
    public bool? NoVuConnectionReuse { get; init; }
    public TimeSpan? MinIterationDuration { get; init; }

    /// <summary>What tools of others keep in the options; passed through.</summary>
    public JsonElement? Ext { get; init; }

    public JsonElement? Cloud { get; init; }
    public IReadOnlyList<string>? SummaryTrendStats { get; init; }
    public string? SummaryTimeUnit { get; init; }
    public IReadOnlyList<string>? SystemTags { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
    public long? MetricSamplesBufferSize { get; init; }
    public bool? NoCookiesReset { get; init; }
    public bool? DiscardResponseBodies { get; init; }
    public IReadOnlyList<string>? Features { get; init; }
    public string? ConsoleOutput { get; init; }
    public string? LocalIps { get; init; }
}

/// <summary>A step of a ramp: reach <see cref="Target"/> within <see cref="Duration"/>.</summary>
internal sealed record Stage(TimeSpan? Duration, long? Target);

/// <summary><c>dns</c>: <c>ttl</c> (<c>5m</c>, <c>0</c>, <c>inf</c>), <c>select</c> and <c>policy</c>.</summary>
internal sealed record DnsOptions(string? Ttl, string? Select, string? Policy);

/// <summary>The least and greatest TLS version, as <c>tls1.2</c>; null is the library's default.</summary>
internal sealed record TlsVersions(string? Min, string? Max);

/// <summary>A client certificate, in PEM, and the hosts that get it.</summary>
internal sealed record TlsAuth(string Cert, string Key, string? Password, IReadOnlyList<string>? Domains);

/// <summary>A threshold of the options, not parsed yet.</summary>
/// <param name="Expression">As written.</param>
/// <param name="AbortOnFail">Whether a failure ends the run.</param>
/// <param name="DelayAbortEval">No abort before this much of the run.</param>
internal sealed record ThresholdOptions(string Expression, bool AbortOnFail = false, TimeSpan? DelayAbortEval = null);

/// <summary>A scenario of the options. Which fields hold depends on <see cref="Executor"/>; null is 'not set'.</summary>
internal sealed record ScenarioOptions
{
    public required string Executor { get; init; }
    public TimeSpan? StartTime { get; init; }
    public TimeSpan? GracefulStop { get; init; }
    public IReadOnlyDictionary<string, string>? Env { get; init; }
    public string? Exec { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
    public JsonElement? Options { get; init; }
    public long? Vus { get; init; }
    public long? Iterations { get; init; }
    public TimeSpan? MaxDuration { get; init; }
    public TimeSpan? Duration { get; init; }
    public long? StartVus { get; init; }
    public IReadOnlyList<Stage>? Stages { get; init; }
    public TimeSpan? GracefulRampDown { get; init; }
    public long? Rate { get; init; }
    public long? StartRate { get; init; }
    public TimeSpan? TimeUnit { get; init; }
    public long? PreAllocatedVus { get; init; }
    public long? MaxVus { get; init; }
}
