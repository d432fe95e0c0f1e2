using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;

namespace K6.LoadTesting;

/// <summary>
/// The load tests of a project that uses K6.Sdk, as tests of any framework: each run and each threshold is a case, for <c>[DynamicData]</c>, <c>[MemberData]</c> or
/// <c>[TestCaseSource]</c>. The project has to be built with <c>K6PrepareOnBuild=true</c>.
/// </summary>
/// <example>
/// <code>
/// [TestClass]
/// public sealed class ShopLoadTests
/// {
///     private static readonly LoadTestProject Shop = LoadTestProject.Open("../Shop.LoadTests");
///
///     public static IEnumerable&lt;object[]&gt; Cases => Shop.Rows;
///
///     [TestMethod, DynamicData(nameof(Cases))]
///     public Task Holds(string name) => Shop.CheckAsync(name);
/// }
/// </code>
/// </example>
public sealed class LoadTestProject
{
    private readonly PreparedRun _prepared;
    private readonly ConcurrentDictionary<string, Lazy<Task<LoadTestResult>>> _runs = new();

    private LoadTestProject(PreparedRun prepared)
    {
        _prepared = prepared;
        Cases = LoadTestCase.Of(prepared.Plan, prepared.Bundles);
    }

    /// <summary>Name of the project.</summary>
    public string Name => _prepared.Plan.Project;

    /// <summary>What there is to run and to judge, in the order of declaration.</summary>
    public IReadOnlyList<LoadTestCase> Cases { get; }

    /// <summary>The names of the cases, as data of parameterised tests: each row is one text.</summary>
    public IEnumerable<object[]> Rows => Cases.Select(one => new object[] { one.Name });

    /// <summary>Opens a project that was built.</summary>
    /// <param name="path">
    /// Its folder, its project file, or a <c>prepared.json</c>. A relative path starts at the folder of the source file that calls, or, where the sources are not there,
    /// at the folder of the running program.
    /// </param>
    /// <param name="callerFile">Filled in by the compiler.</param>
    /// <exception cref="LoadTestException">It was not built with <c>K6PrepareOnBuild=true</c>, or by another version of K6.Sdk.</exception>
    public static LoadTestProject Open(string path, [CallerFilePath] string callerFile = "")
    {
        ArgumentNullException.ThrowIfNull(path);
        var start = Path.GetDirectoryName(callerFile) is { Length: > 0 } sources && Directory.Exists(sources) ? sources : AppContext.BaseDirectory;
        var full = Path.GetFullPath(path, start);
        var file = full.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? full
            : Path.Combine(File.Exists(full) ? Path.GetDirectoryName(full)! : full, "obj", "k6", PreparedRun.FileName);
        return new LoadTestProject(PreparedRun.Read(file));
    }

    /// <summary>
    /// Fails unless a case holds. The first case of a test runs it, with its services, as <c>dotnet build -t:LoadTest</c> does; others look at the same result. A threshold of a
    /// run that failed for another reason fails too, since its figure proves nothing.
    /// </summary>
    /// <param name="name">Name of the case: <c>browse</c>, or <c>browse: http_req_duration p(95)</c>.</param>
    /// <param name="progress">Hears of phases, figures and diagnostics of the run, if this case starts it.</param>
    /// <param name="cancellationToken">Stops the load in order, if this case started it.</param>
    /// <returns>The result of the test, whose <see cref="LoadTestResult.Folder"/> has the reports.</returns>
    /// <exception cref="LoadTestFailedException">It does not hold; the message has every reason, at its file and line.</exception>
    /// <exception cref="ArgumentException">There is no such case.</exception>
    public async Task<LoadTestResult> CheckAsync(string name, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        var result = await RunAsync(name, progress, cancellationToken).ConfigureAwait(false);
        var one = Case(name);
        var reported = TestCase.Of(result);
        var judged = one.In(result, reported);
        // The invocation's own errors, and the run's, besides those of the case.
        var failed = reported.Where(test => test.Outcome == CaseOutcome.Failed && (test.Category == "run" || judged.Contains(test))).ToList();
        if (failed.Count == 0 && judged.Count > 0)
        {
            return result;
        }

        // The run itself is judged by what only the run can tell; its thresholds are cases of their own.
        throw failed.Count == 0 && result.Verdict == Verdict.Passed
            ? new InvalidOperationException($"{one.Name} was not judged: the run had only {string.Join(", ", result.Tests.SelectMany(test => test.Thresholds).Select(threshold => threshold.Name).DefaultIfEmpty("no thresholds"))}.")
            : new LoadTestFailedException(result, result.Diagnostics.Where(diagnostic => failed.Exists(test => test.Message?.Contains(diagnostic.Message, StringComparison.Ordinal) == true
                || (test.Place is { } place && place.File == diagnostic.File && place.Line == diagnostic.Line))));
    }

    /// <summary>The result of the test that a case belongs to; it runs the first time that it is asked for.</summary>
    /// <inheritdoc cref="CheckAsync" path="/param" />
    /// <exception cref="ArgumentException">There is no such case.</exception>
    public async Task<LoadTestResult> RunAsync(string name, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        var test = Case(name).Test;
        var run = _runs.GetOrAdd(test, _ => new(() => RunTestAsync(test, progress, cancellationToken)));
        try
        {
            return await run.Value.ConfigureAwait(false);
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested || !run.Value.IsCompletedSuccessfully)
            {
                _runs.TryRemove(new(test, run));
            }
        }
    }

    private LoadTestCase Case(string name) => Cases.FirstOrDefault(one => one.Name == name)
        ?? throw new ArgumentException($"{Name} has no load test and no threshold '{name}'. There is: {string.Join("; ", Cases)}.", nameof(name));

    // A folder of results for each: the results of one run replace those of the run before.
    private async Task<LoadTestResult> RunTestAsync(string test, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        var run = _prepared.Only([test]);
        if (_prepared.Plan.Tests.Count > 1)
        {
            run = run.WithResultsIn(Path.Combine(_prepared.Plan.Settings.ResultsDirectory, test));
        }

        return await run.RunAsync(progress, cancellationToken).ConfigureAwait(false);
    }
}
