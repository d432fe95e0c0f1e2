using System.Runtime.CompilerServices;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;

namespace K6.LoadTesting;

/// <summary>
/// A load test in C#: which requests, in which load, judged by what. It becomes a plan, and runs, by the same code as the
/// items of a project. Derive from it, and say everything in <see cref="Define"/>.
/// </summary>
/// <example>
/// <code>
/// public sealed class BrowseScenario(string baseUrl) : LoadTestScenario(baseUrl)
/// {
///     protected override void Define(LoadTestDefinition test)
///     {
///         test.Load(LoadPattern.Steady, new() { Vus = 5, Duration = "10s" });
///         test.Get("/products?page={page}").Weight(70).Parameter("page", "1..5").Expect("200");
///         test.Get("/products/{id}").Weight(30).Parameter("id", "1..200").Expect("200").Expect("$.price &gt; 0");
///         test.Threshold("http_req_duration", "p(95)&lt;500");
///     }
/// }
///
/// (await new BrowseScenario("http://127.0.0.1:5000").RunAsync()).ShouldHold();
/// </code>
/// </example>
public abstract class LoadTestScenario
{
    /// <summary>A scenario whose requests are whole addresses, or whose address is only known after <see cref="SetUpAsync"/>.</summary>
    protected LoadTestScenario()
    {
    }

    /// <summary>A scenario whose requests are paths.</summary>
    /// <param name="baseUrl">Where the paths start, such as <c>http://127.0.0.1:5000</c>; scripts see it as <c>BASE_URL</c>.</param>
    protected LoadTestScenario(string baseUrl) => BaseUrl = baseUrl;

    /// <summary>Name in results and reports; letters, digits, <c>_</c> and <c>-</c>. By default the name of the class.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Where the paths of requests start; scripts see it as <c>BASE_URL</c>. May be set until <see cref="Define"/> returns.</summary>
    protected internal string? BaseUrl { get; protected set; }

    /// <summary>Says what the test is. Called once for each plan; must not run anything.</summary>
    /// <param name="test">What to add to.</param>
    protected internal abstract void Define(LoadTestDefinition test);

    /// <summary>Runs in this process before anything else, even before <see cref="Define"/>: starts what is tested, gets a token, fills a database.</summary>
    /// <param name="cancellationToken">That of the run.</param>
    protected internal virtual Task SetUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs in this process after everything else, also when the run or <see cref="SetUpAsync"/> failed or was cancelled.</summary>
    /// <param name="result">The result; null when there is none.</param>
    protected internal virtual Task TearDownAsync(LoadTestResult? result) => Task.CompletedTask;

    /// <summary>Runs the scenario with a runner of its own: <see cref="K6Runner.RunAsync(LoadTestScenario, IProgress{RunEvent}?, CancellationToken)"/>.</summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Hears of phases, figures and diagnostics, on any thread; may be a <see cref="MetricsCollector"/>.</param>
    /// <param name="cancellationToken">Stops the load in order; the result is then a failed one that holds what was measured.</param>
    /// <exception cref="InvalidLoadTestException">What the scenario says is not valid; nothing ran.</exception>
    public Task<LoadTestResult> RunAsync(K6Options? options = null, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default) =>
        new K6Runner(options).RunAsync(this, progress, cancellationToken);

    /// <summary>A scenario that runs a k6 script, an <c>.http</c> file or a recording as it is.</summary>
    /// <param name="file">The script, <c>.ts</c> or <c>.js</c>, or <c>.http</c>, <c>.har</c>; a relative path starts at <see cref="K6Options.Directory"/>.</param>
    /// <param name="define">Adds load, thresholds and variables; null for those of the script alone.</param>
    /// <param name="name">Name of the scenario; null for the file's name without its extension.</param>
    /// <param name="callerFile">Filled in by the compiler.</param>
    /// <param name="callerLine">Filled in by the compiler.</param>
    public static LoadTestScenario FromScript(
        string file, Action<LoadTestDefinition>? define = null, string? name = null, [CallerFilePath] string callerFile = "", [CallerLineNumber] int callerLine = 0) =>
        new ScriptScenario(file, define, name ?? Path.GetFileNameWithoutExtension(file), callerFile, callerLine);

    private sealed class ScriptScenario(string file, Action<LoadTestDefinition>? define, string name, string callerFile, int callerLine) : LoadTestScenario
    {
        public override string Name => name;

        protected internal override void Define(LoadTestDefinition test)
        {
            test.Script(file, null, callerFile, callerLine);
            define?.Invoke(test);
        }
    }
}
