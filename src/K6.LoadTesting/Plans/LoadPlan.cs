using System.Text.Json;
using System.Text.Json.Serialization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;
using K6.LoadTesting.Sources;

namespace K6.LoadTesting.Plans;

/// <summary>
/// The whole declaration, normalised and validated: what runs, with which load, judged by what. Written as
/// <c>plan.json</c>, which the stages after it read; nothing after it looks at MSBuild items again.
/// </summary>
public sealed record LoadPlan
{
    /// <summary>Version of the file's shape.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Name of the project.</summary>
    public required string Project { get; init; }

    /// <summary>Absolute path of the project file.</summary>
    public required string ProjectFile { get; init; }

    /// <summary>The runs, in the order of declaration; each is one start of the engine.</summary>
    public IReadOnlyList<TestPlan> Tests { get; init; } = [];

    /// <summary>The applications under test, in the order of declaration.</summary>
    public IReadOnlyList<ServicePlan> Services { get; init; } = [];

    /// <summary>Environment variables that scripts receive; secrets by name only.</summary>
    public IReadOnlyList<EnvironmentVariablePlan> Environment { get; init; } = [];

    /// <summary>The test data that scripts import, in the order of declaration.</summary>
    public IReadOnlyList<DataPlan> Data { get; init; } = [];

    /// <summary>The OpenAPI documents whose clients scripts import, in the order of declaration.</summary>
    public IReadOnlyList<OpenApiPlan> OpenApi { get; init; } = [];

    /// <summary>Secrets that scripts receive: where they are, never what they are.</summary>
    public IReadOnlyList<SecretPlan> Secrets { get; init; } = [];

    /// <summary>Where every sample is streamed while the load runs, in the order of declaration.</summary>
    public IReadOnlyList<OutputPlan> Outputs { get; init; } = [];

    /// <summary>How the runs are made and judged.</summary>
    public RunSettings Settings { get; init; } = new();

    /// <summary>Reads a <c>plan.json</c>, which a build leaves in <c>obj/k6</c>.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static LoadPlan Read(string file) => LoadTestJson.Read<LoadPlan>(file);
}

/// <summary>One run of the engine: a test with one or several scenarios.</summary>
public sealed record TestPlan
{
    /// <summary>Name of the run: <c>Test</c> of its scenarios, by default the scenario's own name.</summary>
    public required string Name { get; init; }

    /// <summary>Its scenarios, in the order of declaration.</summary>
    public IReadOnlyList<ScenarioPlan> Scenarios { get; init; } = [];

    /// <summary>Thresholds that the project declares for it; those of its scripts come on top.</summary>
    public IReadOnlyList<ThresholdPlan> Thresholds { get; init; } = [];

    /// <summary>Length of the warm-up before it, a k6 duration; null for none. The warm-up is a run of its own whose figures do not count.</summary>
    public string? WarmUp { get; init; }

    /// <summary>Comparisons with earlier runs.</summary>
    public IReadOnlyList<RegressionPlan> Regressions { get; init; } = [];
}

/// <summary>A <c>K6Scenario</c> item: a script, and the load that the project gives it, if any.</summary>
public sealed record ScenarioPlan
{
    /// <summary>Name; matches <c>^[0-9A-Za-z_-]+$</c>, as k6 demands.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the script; that of a generated one exists when <see cref="SourceScripts"/> has written it.</summary>
    public required string File { get; init; }

    /// <summary>Exported function to run; null for the default export.</summary>
    public string? Exec { get; init; }

    /// <summary>What <see cref="File"/> is made of; null when it is a script of the user's, and of <see cref="Client"/> until its document was read.</summary>
    [JsonInclude]
    internal RequestScript? Requests { get; init; }

    /// <summary>Name of the client whose operations the scenario calls; null for all other scenarios.</summary>
    public string? Client { get; init; }

    /// <summary>The load; null leaves the script's own options as they are.</summary>
    public ScenarioLoad? Load { get; init; }

    /// <summary>The pattern that <see cref="Load"/> was made of; null when it was written out.</summary>
    public LoadPattern? Pattern { get; init; }

    /// <summary>Tags of every sample of the scenario.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Environment of the scenario, never secrets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it was declared.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Places of single metadata, such as <c>Vus</c>, by name.</summary>
    public IReadOnlyDictionary<string, SourceLocation> MetadataLocations { get; init; } = new Dictionary<string, SourceLocation>();
}

/// <summary>
/// The load of a scenario in k6's words (https://grafana.com/docs/k6/latest/using-k6/scenarios/executors/).
/// Durations are k6 duration strings such as <c>1m30s</c>. Members that are null are left to k6's defaults.
/// </summary>
public sealed record ScenarioLoad
{
    /// <summary>One of the six executors of k6 2.2, such as <c>constant-vus</c>.</summary>
    public required string Executor { get; init; }

    /// <summary>Virtual users.</summary>
    public int? Vus { get; init; }

    /// <summary>Virtual users at the start of <c>ramping-vus</c>.</summary>
    public int? StartVUs { get; init; }

    /// <summary>Length.</summary>
    public string? Duration { get; init; }

    /// <summary>Iterations in all (<c>shared-iterations</c>) or per virtual user (<c>per-vu-iterations</c>).</summary>
    public long? Iterations { get; init; }

    /// <summary>Upper bound of time of the iteration executors.</summary>
    public string? MaxDuration { get; init; }

    /// <summary>Iterations per <see cref="TimeUnit"/>.</summary>
    public long? Rate { get; init; }

    /// <summary>Iterations per <see cref="TimeUnit"/> at the start of <c>ramping-arrival-rate</c>.</summary>
    public long? StartRate { get; init; }

    /// <summary>Unit of time of the rates; k6's default is 1s.</summary>
    public string? TimeUnit { get; init; }

    /// <summary>Virtual users made before the start of an arrival-rate executor.</summary>
    public int? PreAllocatedVUs { get; init; }

    /// <summary>Virtual users that an arrival-rate executor may reach.</summary>
    public int? MaxVUs { get; init; }

    /// <summary>Stages of the ramping executors.</summary>
    public IReadOnlyList<Stage>? Stages { get; init; }

    /// <summary>Wait from the start of the run to the start of the scenario.</summary>
    public string? StartTime { get; init; }

    /// <summary>Time for iterations to finish when the scenario's time is over.</summary>
    public string? GracefulStop { get; init; }

    /// <summary>Time for iterations to finish when <c>ramping-vus</c> goes down.</summary>
    public string? GracefulRampDown { get; init; }
}

/// <summary>A stage of a ramp.</summary>
/// <param name="Duration">Length, a k6 duration.</param>
/// <param name="Target">Virtual users, or iterations per time unit, at its end.</param>
public sealed record Stage(string Duration, long Target);

/// <summary>What a crossed threshold does.</summary>
public enum ThresholdSeverity
{
    /// <summary>Fails the run.</summary>
    Error,

    /// <summary>Is reported; the run may still pass.</summary>
    Warning,
}

/// <summary>Who judges a threshold.</summary>
public enum ThresholdJudge
{
    /// <summary>The engine, by a threshold of its own; and we, by its final figures.</summary>
    Engine,

    /// <summary>We, by the final figures of the engine.</summary>
    Summary,

    /// <summary>We, by the figures of each second.</summary>
    Timeline,

    /// <summary>We, by the raw samples: needs <c>K6Samples=true</c>.</summary>
    Samples,
}

/// <summary>A <c>K6Threshold</c> item, made canonical.</summary>
public sealed record ThresholdPlan
{
    /// <summary>
    /// Name in reports; never contains the limit, so that CI history survives a tuned limit.
    /// By default metric and statistic, such as <c>http_req_duration{scenario:browse} p(95)</c>.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Metric or submetric as declared and canonical: <c>name</c> or <c>name{key:value,key:value}</c>, without the scenario's tag.</summary>
    public required string Metric { get; init; }

    /// <summary>Scenario that it is limited to; null for the whole run.</summary>
    public string? Scenario { get; init; }

    /// <summary>k6's aggregation: <c>avg</c>, <c>min</c>, <c>med</c>, <c>max</c>, <c>p(95)</c>, <c>count</c>, <c>rate</c>, <c>value</c>.</summary>
    public required string Statistic { get; init; }

    /// <summary>k6's operator: <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>, <c>==</c>, <c>===</c>, <c>!=</c>.</summary>
    public required string Operator { get; init; }

    /// <summary>Limit in k6's unit: ms, bytes, fraction of 1, per second, or a plain number.</summary>
    [System.Text.Json.Serialization.JsonNumberHandling(System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public required double Limit { get; init; }

    /// <summary>k6's expression, such as <c>p(95)&lt;500</c>.</summary>
    public required string Expression { get; init; }

    /// <summary>Who compares the figure with the limit.</summary>
    public ThresholdJudge Judge { get; init; }

    /// <summary>The part of the load that is judged; null for all of it.</summary>
    public ThresholdWindow? Window { get; init; }

    /// <summary>How long the limit has to be broken without a break before it counts as crossed, a k6 duration; null for a limit on the whole.</summary>
    public string? For { get; init; }

    /// <summary>Tag for each of whose values the limit holds, such as <c>name</c>; null for one limit.</summary>
    public string? ForEach { get; init; }

    /// <summary>The values of <see cref="ForEach"/> that are known before the run; null when only the run tells them.</summary>
    public IReadOnlyList<string>? ForEachValues { get; init; }

    /// <summary>Metric by whose same statistic the figure is divided before it is compared; null for the figure itself.</summary>
    public string? Per { get; init; }

    /// <summary>Share of the limit by which it may be missed before an error becomes of it, 0 to 1; within, a breach is a warning. Null for none.</summary>
    public double? Margin { get; init; }

    /// <summary>What it does when crossed.</summary>
    public ThresholdSeverity Severity { get; init; }

    /// <summary>Whether the run stops when it is crossed.</summary>
    public bool AbortOnFail { get; init; }

    /// <summary>Time before <see cref="AbortOnFail"/> acts, a k6 duration.</summary>
    public string? DelayAbortEval { get; init; }

    /// <summary>The user's words for a breach; null for ours.</summary>
    public string? Message { get; init; }

    /// <summary>Where it was declared.</summary>
    public required SourceLocation Location { get; init; }
}

/// <summary>A <c>K6EnvironmentVariable</c> item.</summary>
/// <param name="Name">Its name; names that start with <c>K6_</c> are refused, since they configure k6 itself.</param>
/// <param name="Value">Its value; null inherits the variable of the build.</param>
/// <param name="Location">Where it was declared.</param>
public sealed record EnvironmentVariablePlan(string Name, string? Value, SourceLocation Location);

/// <summary>Which engine is allowed.</summary>
public enum EngineChoice
{
    /// <summary>Real k6 where it is found, else the embedded engine with a warning.</summary>
    Auto,

    /// <summary>Real k6 or an error.</summary>
    K6,

    /// <summary>The embedded engine.</summary>
    Embedded,
}

/// <summary>How runs are made and judged: the <c>K6*</c> properties.</summary>
public sealed record RunSettings
{
    /// <summary><c>K6Engine</c>.</summary>
    public EngineChoice Engine { get; init; }

    /// <summary><c>K6Path</c>: path of a k6 program.</summary>
    public string? K6Path { get; init; }

    /// <summary><c>K6SecretSource</c>: k6's own source of secrets for <c>k6/secrets</c>, <c>file=/absolute/path</c> or <c>url=…</c>; null for none.</summary>
    public string? SecretSource { get; init; }

    /// <summary><c>K6MaxInterrupted</c>: share of started iterations that may be interrupted, 0 to 1.</summary>
    public double MaxInterrupted { get; init; } = 0.01;

    /// <summary><c>K6MaxDropped</c>: share of scheduled iterations that may be dropped, 0 to 1.</summary>
    public double MaxDropped { get; init; } = 0.01;

    /// <summary><c>K6MaxDuration</c>: upper bound of a run, a k6 duration; null for the plan's own length and one minute.</summary>
    public string? MaxDuration { get; init; }

    /// <summary><c>K6StopTimeout</c>: time for an orderly stop before the engine is killed, a k6 duration.</summary>
    public string StopTimeout { get; init; } = "30s";

    /// <summary><c>K6Debug</c>: each scenario runs once, by one virtual user, with every request and response in the log; no threshold is judged.</summary>
    public bool Debug { get; init; }

    /// <summary><c>K6ApiCheck</c>: each request of the sources is made once and its answer judged; no load, and no threshold.</summary>
    public bool ApiCheck { get; init; }

    /// <summary><c>K6Samples</c>: keep every raw sample as <c>samples.csv.gz</c>.</summary>
    public bool Samples { get; init; }

    /// <summary><c>K6SamplesBy</c>: tags by whose values requests of raw samples are counted apart.</summary>
    public IReadOnlyList<string> SamplesBy { get; init; } = UsualTags;

    private static IReadOnlyList<string> UsualTags { get; } = ["name", "status"];

    /// <summary>
    /// <c>K6TraceContext</c>: each HTTP request gets a trace of its own in the header <c>traceparent</c> (https://www.w3.org/TR/trace-context/), whose id is
    /// kept with the request's samples.
    /// </summary>
    public bool TraceContext { get; init; }

    /// <summary>What is taken of a service when a threshold is crossed.</summary>
    public ServiceDiagnostics ServiceDiagnostics { get; init; }

    /// <summary><c>K6CiReports</c>: whether CI systems get more than files and the log: GitHub's job summary, commands of Azure Pipelines.</summary>
    public bool CiReports { get; init; } = true;

    /// <summary><c>K6Dashboard</c>: whether the load can be watched in a browser on this machine.</summary>
    public bool Dashboard { get; init; }

    /// <summary>
    /// <c>K6TimelinePeriod</c>: length of the periods that figures over time are recorded in, a k6 duration of whole seconds from 1s to 1h; null for one second, and more in long loads on k6 (docs/results.md).
    /// </summary>
    public string? TimelinePeriod { get; init; }

    /// <summary><c>K6ProgressInterval</c>: time between two progress lines in plain logs, a k6 duration.</summary>
    public string ProgressInterval { get; init; } = "10s";

    /// <summary><c>K6ThresholdSeverity</c>: <c>warning</c> turns every crossed threshold into a warning; null leaves each its own.</summary>
    public ThresholdSeverity? ThresholdSeverity { get; init; }

    /// <summary><c>K6FailOnError</c>: false writes the verdict without failing the build.</summary>
    public bool FailOnError { get; init; } = true;

    /// <summary><c>K6MinimumEndpointCoverage</c>: share of the operations of each OpenAPI document that the load has to touch, 0 to 1; null for any.</summary>
    public double? MinimumEndpointCoverage { get; init; }

    /// <summary>Whether <c>K6ScenarioFilter</c> leaves scenarios out.</summary>
    public bool IsFiltered { get; init; }

    /// <summary>Patterns of <c>K6ScenarioFilter</c> that match nothing in this project. Errors, but for a suite, where they have to match in one of its projects.</summary>
    public IReadOnlyList<string> UnmatchedFilters { get; init; } = [];

    /// <summary><c>K6ContinueOnFailure</c>: whether the tests after one that failed run too.</summary>
    public bool ContinueOnFailure { get; init; } = true;

    /// <summary><c>K6MaxExceptions</c>: iterations that may throw before the run fails.</summary>
    public long MaxExceptions { get; init; }

    /// <summary><c>K6ResultsDirectory</c>: absolute path of the folder of results.</summary>
    public string ResultsDirectory { get; init; } = "";

    /// <summary><c>K6HistoryPath</c>: absolute path of the history that runs are added to and compared with; null for none.</summary>
    public string? HistoryPath { get; init; }

    /// <summary><c>K6HistoryLabel</c>: keeps runs apart that would be compared otherwise, such as by environment; null for none.</summary>
    public string? HistoryLabel { get; init; }

    /// <summary><c>K6BaselineBranch</c>: only runs of this branch are compared with; null for those of any.</summary>
    public string? BaselineBranch { get; init; }

    /// <summary><c>K6ConfirmRegression</c>: what looks like a regression is measured a second time before it is called one.</summary>
    public bool ConfirmRegression { get; init; } = true;

    /// <summary><c>K6CompareWith</c>: the commit or project whose service is measured in turn with this one's; null for none.</summary>
    public string? CompareWith { get; init; }

    /// <summary><c>K6ComparePairs</c>: how often each of the two is measured, 3 to 10.</summary>
    public int ComparePairs { get; init; } = 5;

    /// <summary>Severity of single rules by code (<c>K6RuleSeverity="KSDK0310=warning, KSDK0311=none"</c>); null value turns a rule off.</summary>
    public IReadOnlyDictionary<string, DiagnosticSeverity?> RuleSeverities { get; init; } = new Dictionary<string, DiagnosticSeverity?>();
}

/// <summary>What is taken of a service that is a .NET program when a threshold is crossed.</summary>
public enum ServiceDiagnostics
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A trace of 3 seconds: stacks of all threads each millisecond, GC, exceptions, lock contention (<c>.nettrace</c>).</summary>
    Trace,

    /// <summary>A dump of the process with its heap (<c>.dmp</c>).</summary>
    Dump,

    /// <summary>The objects of the managed heap and who holds them (<c>.gcdump.nettrace</c>).</summary>
    GcDump,
}
