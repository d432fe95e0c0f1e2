using System.Text.Json;
using System.Text.Json.Serialization;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Results;

/// <summary>
/// The result of one invocation, <c>loadtest.json</c>. Everything that people or CI see is rendered from it, and only from it.
/// Its schema is <c>docs/loadtest.schema.json</c>.
/// </summary>
public sealed record LoadTestResult
{
    /// <summary>Version of the file's shape; grows only when a reader of the older one would be wrong.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The whole: passed when every test passed.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Id of the invocation.</summary>
    public required Guid RunId { get; init; }

    /// <summary>Name of the project.</summary>
    public required string Project { get; init; }

    /// <summary>Absolute path of the project file.</summary>
    public string? ProjectFile { get; init; }

    /// <summary>Start.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>End.</summary>
    public required DateTimeOffset EndTime { get; init; }

    /// <summary>The engine; null when none could be found.</summary>
    public EngineInfo? Engine { get; init; }

    /// <summary>The machine that made the load.</summary>
    public required MachineInfo Machine { get; init; }

    /// <summary>The commit that was tested; null outside of a repository.</summary>
    public CommitInfo? Commit { get; init; }

    /// <summary>The tests, in the order of declaration.</summary>
    public IReadOnlyList<TestResult> Tests { get; init; } = [];

    /// <summary>Which operations of the project's OpenAPI documents the load touched, in the order of declaration.</summary>
    public IReadOnlyList<EndpointCoverage> Coverage { get; init; } = [];

    /// <summary>Everything that was reported, in order.</summary>
    public IReadOnlyList<ReportedDiagnostic> Diagnostics { get; init; } = [];

    /// <summary>Files of another k6 run that this was made of; empty when the load ran here.</summary>
    public IReadOnlyList<string> ImportedFrom { get; init; } = [];

    /// <summary>Files of the invocation, relative to the folder of results, with forward slashes.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Absolute path of the folder of results, for a result that was just made or read; not a part of the file, which may be moved.</summary>
    [JsonIgnore]
    public string? Folder { get; init; }

    /// <summary>Absolute paths of the reports that are there (<c>loadtest.html</c>, <c>loadtest.trx</c>, …) and of <c>loadtest.json</c>, to be attached to a test.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ReportFiles => Folder is null ? [] :
        [.. Reports.ReportFiles.Names.Append("loadtest.json").Select(name => Path.Combine(Folder, name)).Where(File.Exists)];

    /// <summary>Reads a <c>loadtest.json</c>.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static LoadTestResult Read(string file) => LoadTestJson.Read<LoadTestResult>(file) with { Folder = Path.GetDirectoryName(Path.GetFullPath(file)) };

    /// <summary>The verdict in one line, as runners of tests print it.</summary>
    public override string ToString() => Reports.VerdictText.Render(this)[0];
}

/// <summary>Passed or failed; there is no third.</summary>
public enum Verdict
{
    /// <summary>The load ran, was measured, and held.</summary>
    Passed,

    /// <summary>Anything else.</summary>
    Failed,
}

/// <summary>The machine that made the load.</summary>
/// <param name="Name">Host name.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Architecture">Such as <c>x64</c>.</param>
/// <param name="Cpus">Logical processors that the process may use.</param>
/// <param name="MemoryBytes">Memory that the process may use, bytes.</param>
/// <param name="Ci">Name of the CI system; null outside of one.</param>
public sealed record MachineInfo(string Name, string OperatingSystem, string Architecture, int Cpus, long MemoryBytes, string? Ci);

/// <summary>A commit.</summary>
/// <param name="Sha">Full hash.</param>
/// <param name="Branch">Branch; null when detached.</param>
public sealed record CommitInfo(string Sha, string? Branch);

/// <summary>A diagnostic in the result.</summary>
/// <param name="Code">Code.</param>
/// <param name="Severity"><c>error</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Message">Message.</param>
/// <param name="Test">Test that it belongs to; null for the invocation.</param>
/// <param name="File">Absolute path.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public sealed record ReportedDiagnostic(
    string Code, Diagnostics.DiagnosticSeverity Severity, string Message, string? Test, string? File, int? Line, int? Column)
{
    /// <summary>A diagnostic as the result keeps it: places that are not known are absent.</summary>
    public static ReportedDiagnostic From(Diagnostics.Diagnostic diagnostic, string? test) => new(
        diagnostic.Code,
        diagnostic.Severity,
        diagnostic.Message,
        test,
        diagnostic.Location?.File,
        diagnostic.Location is { Line: > 0 } line ? line.Line : null,
        diagnostic.Location is { Column: > 0 } column ? column.Column : null);
}

/// <summary>The result of one run of the engine.</summary>
public sealed record TestResult
{
    /// <summary>Name of the test.</summary>
    public required string Name { get; init; }

    /// <summary>Its verdict.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>How the engine ended.</summary>
    public required EngineOutcome Outcome { get; init; }

    /// <summary>Exit code of the engine; null when it never started.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Start of the engine.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Wall time of the engine, seconds.</summary>
    public double DurationSeconds { get; init; }

    /// <summary>Length of the load as the engine measured it, seconds; the divisor of its rates.</summary>
    public double? LoadSeconds { get; init; }

    /// <summary>The scenarios that ran.</summary>
    public IReadOnlyList<ScenarioResult> Scenarios { get; init; } = [];

    /// <summary>Metrics and submetrics by name; values by k6's statistic, in k6's units (ms, bytes, fractions of 1).</summary>
    public IReadOnlyDictionary<string, MetricResult> Metrics { get; init; } = new Dictionary<string, MetricResult>();

    /// <summary>Requests by their name, most of them first: those that were measured apart. Not every request needs to be in one.</summary>
    public IReadOnlyList<EndpointResult> Endpoints { get; init; } = [];

    /// <summary>Requests by the values of other tags, exact: of raw samples only (<c>K6Samples</c>, <c>K6SamplesBy</c>).</summary>
    public IReadOnlyList<Breakdown> Breakdowns { get; init; } = [];

    /// <summary>Operations of the project's OpenAPI documents that the load touched.</summary>
    public IReadOnlyList<TouchedOperation> Operations { get; init; } = [];

    /// <summary>Thresholds of the project, then those of the scripts.</summary>
    public IReadOnlyList<ThresholdResult> Thresholds { get; init; } = [];

    /// <summary>Comparisons with earlier runs, in the order of declaration.</summary>
    public IReadOnlyList<RegressionResult> Regressions { get; init; } = [];

    /// <summary>Hash of the load, that is of executors, users, rates and times: runs of different loads are never compared. Null when the engine told none.</summary>
    public string? LoadKey { get; init; }

    /// <summary>Checks, in the order in which the engine met them.</summary>
    public IReadOnlyList<CheckResult> Checks { get; init; } = [];

    /// <summary>Requests that were made once, in their order; null for a load test.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RequestResult>? Requests { get; init; }

    /// <summary>Exceptions of iterations, most frequent first.</summary>
    public IReadOnlyList<ErrorResult> Errors { get; init; } = [];

    /// <summary>Iterations that were started, finished, interrupted and dropped.</summary>
    public IterationCounts Iterations { get; init; } = new(0, 0, 0);

    /// <summary>The warm-up before it, which no figure counts; null without one.</summary>
    public WarmUpResult? WarmUp { get; init; }

    /// <summary>Metrics over time; null when nothing was recorded.</summary>
    public Timeline? Timeline { get; init; }

    /// <summary>The machine, the services and the engine while the load ran.</summary>
    public IReadOnlyList<MonitoredResult> Monitored { get; init; } = [];

    /// <summary>
    /// Whether the generator or the machine was saturated: the figures are then those of a fight for CPU or memory, and a comparison with other runs says little.
    /// The diagnostics have the reason, unless its rule is turned off.
    /// </summary>
    public bool Noisy { get; init; }

    /// <summary>What the services printed while the load ran.</summary>
    public IReadOnlyList<ServiceLogResult> ServiceLogs { get; init; } = [];

    /// <summary>The slowest requests with the traces that they belong to, slowest first; only with <c>K6TraceContext</c> and <c>K6Samples</c>.</summary>
    public IReadOnlyList<SlowRequest> SlowestRequests { get; init; } = [];

    /// <summary>Last lines of the engine's log.</summary>
    public IReadOnlyList<string> LogTail { get; init; } = [];

    /// <summary>Files of the run, relative to the folder of results, with forward slashes.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}

/// <summary>Iterations of a run.</summary>
/// <param name="Complete">Finished.</param>
/// <param name="Interrupted">Started and not finished.</param>
/// <param name="Dropped">Scheduled and never started.</param>
public sealed record IterationCounts(long Complete, long Interrupted, long Dropped);

/// <summary>A scenario that ran.</summary>
/// <param name="Name">k6's name of it.</param>
/// <param name="Executor">k6's executor.</param>
/// <param name="File">Absolute path of its script.</param>
/// <param name="Exec">Function; null for the default export.</param>
/// <param name="Iterations">Complete iterations; null when not measured.</param>
public sealed record ScenarioResult(string Name, string Executor, string File, string? Exec, long? Iterations);

/// <summary>Requests of one name.</summary>
/// <param name="Name">Value of k6's tag <c>name</c>: what the script calls the request, else its URL.</param>
/// <param name="Scenario">Scenario, where the requests of one scenario were measured apart; null for all of them.</param>
/// <param name="Requests">How many.</param>
/// <param name="Rate">Requests per second of the load.</param>
/// <param name="FailedShare">Share that failed, 0 to 1; null when not measured.</param>
/// <param name="Duration">Statistics of <c>http_req_duration</c>, ms, by k6's name.</param>
public sealed record EndpointResult(
    string Name, string? Scenario, long Requests, double? Rate, double? FailedShare, IReadOnlyDictionary<string, double> Duration);

/// <summary>Requests by the value of a tag.</summary>
/// <param name="Tag">The tag, such as <c>status</c>.</param>
/// <param name="Rows">A row for each value, <see cref="EndpointResult.Name"/>; those with most requests first.</param>
public sealed record Breakdown(string Tag, IReadOnlyList<EndpointResult> Rows);

/// <summary>A metric or a submetric.</summary>
public sealed record MetricResult
{
    /// <summary><c>counter</c>, <c>gauge</c>, <c>rate</c> or <c>trend</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>time</c> (ms), <c>data</c> (bytes) or <c>default</c>.</summary>
    public required string Contains { get; init; }

    /// <summary>Statistics by k6's name: <c>count</c>, <c>rate</c>, <c>passes</c>, <c>fails</c>, <c>value</c>, <c>min</c>, <c>max</c>, <c>avg</c>, <c>med</c>, <c>p(95)</c>, …</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>Distribution of a trend: every measured percentile as [percent, value], ascending; null without samples.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double[]>? Distribution { get; init; }
}

/// <summary>Verdict of a threshold.</summary>
public enum ThresholdVerdict
{
    /// <summary>It holds.</summary>
    Passed,

    /// <summary>It was crossed.</summary>
    Failed,

    /// <summary>Nothing was measured, so nothing was proved.</summary>
    NoSamples,
}

/// <summary>A threshold and what came of it.</summary>
public sealed record ThresholdResult
{
    /// <summary>Stable name, without the limit.</summary>
    public required string Name { get; init; }

    /// <summary>Metric or submetric, the key in <see cref="TestResult.Metrics"/>.</summary>
    public required string Metric { get; init; }

    /// <summary>k6's aggregation.</summary>
    public required string Statistic { get; init; }

    /// <summary>k6's operator.</summary>
    public required string Operator { get; init; }

    /// <summary>k6's expression.</summary>
    public required string Expression { get; init; }

    /// <summary>Limit, in k6's unit.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public required double Limit { get; init; }

    /// <summary>Measured value, in the same unit; null without samples.</summary>
    public double? Actual { get; init; }

    /// <summary>From when on it was crossed for good, seconds since the start of the load; null when it holds or nobody recorded it.</summary>
    public double? CrossedAtSeconds { get; init; }

    /// <summary>Samples behind it; null where the engine does not tell (gauges, counters that add other numbers than 1).</summary>
    public long? Samples { get; init; }

    /// <summary>Unit of limit and actual: <c>ms</c>, <c>B</c>, <c>B/s</c>, <c>/s</c>, <c>1</c> (a fraction) or empty.</summary>
    public string Unit { get; init; } = "";

    /// <summary>What came of it.</summary>
    public required ThresholdVerdict Verdict { get; init; }

    /// <summary>What a breach does.</summary>
    public required Plans.ThresholdSeverity Severity { get; init; }

    /// <summary>Severity of what was reported about it, after tuning; null when it holds or its rule is turned off.</summary>
    public Diagnostics.DiagnosticSeverity? Reported { get; init; }

    /// <summary>Part of the load that was judged, such as <c>30s..</c> or <c>last 30s</c>; null for all of it.</summary>
    public string? Window { get; init; }

    /// <summary>How long the limit has to be broken without a break, a k6 duration; <see cref="Actual"/> is then the level that lasted that long. Null for a limit on the whole.</summary>
    public string? For { get; init; }

    /// <summary>Metric by whose same statistic the figure was divided; null for the figure itself.</summary>
    public string? Per { get; init; }

    /// <summary>Share of the limit by which it may be missed before a breach is more than a warning; null for none.</summary>
    public double? Margin { get; init; }

    /// <summary>Whether a breach stops the run.</summary>
    public bool AbortOnFail { get; init; }

    /// <summary><c>project</c>, <c>script</c>, or <c>script (computed)</c> when the place is that of <c>options</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The user's words for a breach.</summary>
    public string? Message { get; init; }

    /// <summary>Absolute path of the declaration.</summary>
    public string? File { get; init; }

    /// <summary>Line of the declaration, from 1.</summary>
    public int? Line { get; init; }

    /// <summary>Column of the declaration, from 1.</summary>
    public int? Column { get; init; }
}

/// <summary>A comparison with earlier runs, and what came of it.</summary>
public sealed record RegressionResult
{
    /// <summary>Stable name, without the limit.</summary>
    public required string Name { get; init; }

    /// <summary>Metric or submetric, the key in <see cref="TestResult.Metrics"/>.</summary>
    public required string Metric { get; init; }

    /// <summary>k6's aggregation.</summary>
    public required string Statistic { get; init; }

    /// <summary>Relative change for the worse that is allowed: 0.1 is 10 %.</summary>
    public required double Allowed { get; init; }

    /// <summary>Whether more is worse.</summary>
    public required bool MoreIsWorse { get; init; }

    /// <summary>Measured value; where two services were compared in one job, the median of the runs; null when it was not measured.</summary>
    public double? Actual { get; init; }

    /// <summary>Value of the second measurement, by which a suspicion was confirmed or not; null without one.</summary>
    public double? ActualAgain { get; init; }

    /// <summary>Unit of the values: <c>ms</c>, <c>B</c>, <c>B/s</c>, <c>/s</c>, <c>1</c> (a fraction) or empty.</summary>
    public string Unit { get; init; } = "";

    /// <summary>What it was compared with in one job, such as <c>main (1a2b3c4d5)</c>; null for earlier runs.</summary>
    public string? Against { get; init; }

    /// <summary>Median of the runs that it was compared with; null without any.</summary>
    public double? Baseline { get; init; }

    /// <summary>Relative change against it: 0.1 is 10 % more; null without a baseline.</summary>
    public double? Change { get; init; }

    /// <summary>The relative change for the worse up to which the figure cannot be told from the noise between runs; null without a baseline.</summary>
    public double? Noise { get; init; }

    /// <summary>The smallest relative change that would have been a regression: larger than the noise, and than what is allowed; null without a baseline.</summary>
    public double? Detectable { get; init; }

    /// <summary>How many earlier runs there were; where two services were compared in one job, pairs of runs.</summary>
    public int Runs { get; init; }

    /// <summary>What came of it.</summary>
    public required History.RegressionVerdict Verdict { get; init; }

    /// <summary>What a regression does.</summary>
    public required Plans.ThresholdSeverity Severity { get; init; }

    /// <summary>Absolute path of the declaration.</summary>
    public string? File { get; init; }

    /// <summary>Line of the declaration, from 1.</summary>
    public int? Line { get; init; }

    /// <summary>Column of the declaration, from 1.</summary>
    public int? Column { get; init; }
}

/// <summary>A check.</summary>
/// <param name="Name">Name.</param>
/// <param name="Group">Group path without the leading <c>::</c>; empty at the root.</param>
/// <param name="Passes">How often it held.</param>
/// <param name="Fails">How often it did not.</param>
public sealed record CheckResult(string Name, string Group, long Passes, long Fails);

/// <summary>What came of a request that was made once.</summary>
public enum RequestOutcome
{
    /// <summary>The answer is as expected.</summary>
    Passed,

    /// <summary>It is not, or there was none.</summary>
    Failed,

    /// <summary>It was not made: a request before it gave no value that it needs.</summary>
    NotMade,
}

/// <summary>A request of an API check.</summary>
public sealed record RequestResult
{
    /// <summary>Name; unique in the test.</summary>
    public required string Name { get; init; }

    /// <summary>What came of it.</summary>
    public required RequestOutcome Outcome { get; init; }

    /// <summary>Expectations that do not hold.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>Status of the answer; 0 without one.</summary>
    public int? Status { get; init; }

    /// <summary>Time from the request to the whole answer, ms.</summary>
    public double? DurationMs { get; init; }

    /// <summary>Why there was no answer; empty when there was.</summary>
    public string? Error { get; init; }

    /// <summary>Beginning of the answer's body; null for bytes.</summary>
    public string? Body { get; init; }

    /// <summary>Absolute path of the declaration: that of the first expectation that does not hold, else of the request.</summary>
    public string? File { get; init; }

    /// <summary>Line of the declaration, from 1.</summary>
    public int? Line { get; init; }
}

/// <summary>Exceptions that say the same at the same place.</summary>
/// <param name="Message">First line.</param>
/// <param name="Count">How often.</param>
/// <param name="Scenario">Scenario.</param>
/// <param name="File">Absolute path.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Stack">Whole text of the first.</param>
public sealed record ErrorResult(string Message, long Count, string? Scenario, string? File, int? Line, int? Column, string? Stack);

/// <summary>Metrics over time, in columns; of whole metrics only, not of their parts by tags.</summary>
public sealed record Timeline
{
    /// <summary>Length of a period, seconds.</summary>
    public required double PeriodSeconds { get; init; }

    /// <summary>End of each period, seconds since the start of the load.</summary>
    public required IReadOnlyList<double> Seconds { get; init; }

    /// <summary>Values by <c>metric.statistic</c> (<c>http_req_duration.p(95)</c>); null where a period has no samples. As long as <see cref="Seconds"/>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double?>> Series { get; init; }
}
