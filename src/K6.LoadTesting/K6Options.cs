using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting;

/// <summary>How a <see cref="K6Runner"/> makes and judges its runs. The defaults are those of the <c>K6*</c> properties of a project.</summary>
public sealed record K6Options
{
    /// <summary>Which engine is allowed; real k6 where it is found, else the embedded engine with a warning.</summary>
    public EngineChoice Engine { get; init; }

    /// <summary>Path of a k6 program, or a name to look up on <c>PATH</c>; null for the variable <c>K6_PATH</c>, then <c>PATH</c>.</summary>
    public string? K6Path { get; init; }

    /// <summary>Folder where relative paths of scripts, bodies and results start; by default the folder of the running program.</summary>
    public string Directory { get; init; } = AppContext.BaseDirectory;

    /// <summary>
    /// Folder of results (<c>loadtest.json</c>, <c>loadtest.trx</c>, and a folder for each test); null for <c>k6-results/NAME</c>
    /// in <see cref="Directory"/>. A run replaces the results of the run before.
    /// </summary>
    public string? ResultsDirectory { get; init; }

    /// <summary>Folder of esbuild and of the embedded engine; by default <c>k6-tools</c> beside the running program, where the package puts them.</summary>
    public string ToolsDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "k6-tools");

    /// <summary>
    /// Folder that keeps installed programs and modules from addresses; null for the variable <c>K6CacheDirectory</c>, which builds read too, then the user's own.
    /// </summary>
    public string? CacheDirectory { get; init; }

    /// <summary>Upper bound of a run, after which it is stopped and fails; null for the plan's own length and one minute.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>Length of the periods that figures over time are recorded in, whole seconds from 1 s to 1 h; null for one second, and more in long loads on k6.</summary>
    public TimeSpan? TimelinePeriod { get; init; }

    /// <summary>Time for an orderly stop before the engine is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for another load test on this machine to end: two at a time would measure each other.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Share of started iterations that may be interrupted, 0 to 1.</summary>
    public double MaxInterrupted { get; init; } = 0.01;

    /// <summary>Share of scheduled iterations that may be dropped, 0 to 1.</summary>
    public double MaxDropped { get; init; } = 0.01;

    /// <summary>Iterations that may throw before a run fails.</summary>
    public long MaxExceptions { get; init; }

    /// <summary>Whether every raw sample is kept, as <c>samples.csv.gz</c>.</summary>
    public bool Samples { get; init; }

    /// <summary>Tags by whose values requests are counted apart where samples are kept; null for <c>name</c> and <c>status</c>.</summary>
    public IReadOnlyList<string>? SamplesBy { get; init; }

    /// <summary>
    /// Whether each HTTP request gets a trace of its own in the header <c>traceparent</c>; with <see cref="Samples"/> the result names the slowest requests with their traces.
    /// </summary>
    public bool TraceContext { get; init; }

    /// <summary>
    /// Whether each scenario runs once, by one virtual user, with every request and response in <c>NAME/debug.txt</c> of the results and in
    /// a <see cref="Running.DebugLog"/>; no threshold is judged.
    /// </summary>
    public bool Debug { get; init; }

    /// <summary>Whether <c>loadtest.md</c> is added to the job summary of GitHub Actions, where there is one.</summary>
    public bool CiReports { get; init; } = true;

    /// <summary>The history that runs are added to and compared with, a file or a folder; null for none.</summary>
    public string? HistoryPath { get; init; }

    /// <summary>Severity of single rules by code, such as <c>KSDK0330</c>; null turns a rule off. docs/codes.md lists them.</summary>
    public IReadOnlyDictionary<string, DiagnosticSeverity?> RuleSeverities { get; init; } = new Dictionary<string, DiagnosticSeverity?>();

    /// <summary>Absolute path of the cache; null for the user's own.</summary>
    internal string? Cache => (CacheDirectory ?? Environment.GetEnvironmentVariable("K6CacheDirectory")) is { Length: > 0 } folder ? Path.GetFullPath(folder, Path.GetFullPath(Directory)) : null;

    /// <summary>The same as properties of a project, so that both are read, checked and reported by the same code.</summary>
    internal IEnumerable<PropertyDeclaration> Properties(string name, SourceLocation place)
    {
        var values = new (string Name, string? Value)[]
        {
            ("K6Engine", Engine.ToString()),
            ("K6Path", K6Path),
            ("K6ResultsDirectory", ResultsDirectory ?? ResultsFolder(name)),
            ("K6MaxDuration", MaxDuration is { } longest ? K6Duration.Format(longest) : null),
            ("K6TimelinePeriod", TimelinePeriod is { } period ? K6Duration.Format(period) : null),
            ("K6StopTimeout", K6Duration.Format(StopTimeout)),
            ("K6MaxInterrupted", Invariant(MaxInterrupted)),
            ("K6MaxDropped", Invariant(MaxDropped)),
            ("K6MaxExceptions", Invariant(MaxExceptions)),
            ("K6HistoryPath", HistoryPath ?? "none"),
            ("K6Samples", Samples ? "true" : null),
            ("K6SamplesBy", SamplesBy is null ? null : string.Join(',', SamplesBy)),
            ("K6TraceContext", TraceContext ? "true" : null),
            ("K6Debug", Debug ? "true" : null),
            ("K6CiReports", CiReports ? null : "false"),
            ("K6RuleSeverity", string.Join(',', RuleSeverities.Select(rule => $"{rule.Key}={rule.Value?.ToString() ?? "none"}"))),
        };
        return values.Where(value => !string.IsNullOrEmpty(value.Value)).Select(value => new PropertyDeclaration(value.Name, value.Value!, place));
    }

    /// <summary>Where results go when nobody says.</summary>
    internal static string ResultsFolder(string name) => Path.Combine("k6-results", name);

    private static string Invariant(IFormattable number) => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
}
