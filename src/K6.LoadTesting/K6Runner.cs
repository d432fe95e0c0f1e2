using System.Runtime.ExceptionServices;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Install;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using K6.LoadTesting.Sources;

namespace K6.LoadTesting;

/// <summary>Runs load tests from C#: the same plan, bundles, engines, verdict and results as <c>dotnet build -t:LoadTest</c>, without MSBuild.</summary>
/// <param name="options">How; null for the defaults.</param>
public sealed class K6Runner(K6Options? options = null)
{
    private const string GeneratedFolder = "generated";

    /// <summary>How runs are made and judged.</summary>
    public K6Options Options { get; } = options ?? new();

    /// <summary>The plan of scenarios, without running or writing anything.</summary>
    /// <param name="scenarios">The scenarios; each is a test of its own, in their order.</param>
    /// <exception cref="InvalidLoadTestException">What they say is not valid.</exception>
    public LoadPlan Plan(params IReadOnlyList<LoadTestScenario> scenarios) => Plan(scenarios, []);

    /// <summary>Runs a scenario.</summary>
    /// <param name="scenario">The scenario; its set-up runs first, its tear-down in any case.</param>
    /// <param name="progress">Hears of phases, figures and diagnostics, on any thread; may be a <see cref="MetricsCollector"/>.</param>
    /// <param name="cancellationToken">Stops the load in order; the result is then a failed one that holds what was measured.</param>
    /// <exception cref="InvalidLoadTestException">What the scenario says is not valid; nothing ran.</exception>
    public Task<LoadTestResult> RunAsync(LoadTestScenario scenario, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default) =>
        RunAsync([scenario], progress, cancellationToken);

    /// <summary>Runs scenarios one after the other, as the tests of one result; all are checked before the first makes any load.</summary>
    /// <param name="scenarios">The scenarios.</param>
    /// <param name="progress">Hears of phases, figures and diagnostics, on any thread; may be a <see cref="MetricsCollector"/>.</param>
    /// <param name="cancellationToken">Stops the load in order; the result is then a failed one that holds what was measured.</param>
    /// <exception cref="InvalidLoadTestException">What they say is not valid; nothing ran.</exception>
    public async Task<LoadTestResult> RunAsync(
        IReadOnlyList<LoadTestScenario> scenarios, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        var setUp = new Stack<LoadTestScenario>();
        var failures = new List<Exception>();
        LoadTestResult? result = null;
        try
        {
            foreach (var scenario in scenarios)
            {
                setUp.Push(scenario);
                await scenario.SetUpAsync(cancellationToken).ConfigureAwait(false);
            }

            var warnings = new List<Diagnostic>();
            result = await RunAsync(Plan(scenarios, warnings), warnings, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            failures.Add(failure);
        }

        (progress as MetricsCollector)?.Complete();
        await TearDownAsync(setUp, result, failures).ConfigureAwait(false);
        if (failures.Count == 1)
        {
            ExceptionDispatchInfo.Throw(failures[0]);
        }

        return failures.Count == 0 ? result! : throw new AggregateException(failures);
    }

    /// <summary>Runs a plan, such as one that was read from a <c>plan.json</c>; projects of its services must name their built programs.</summary>
    /// <param name="plan">The plan; its own settings count, not those of <see cref="Options"/>.</param>
    /// <param name="progress">Hears of phases, figures and diagnostics, on any thread; may be a <see cref="MetricsCollector"/>.</param>
    /// <param name="cancellationToken">Stops the load in order; the result is then a failed one that holds what was measured.</param>
    /// <exception cref="InvalidLoadTestException">A script is not valid; nothing ran.</exception>
    public async Task<LoadTestResult> RunAsync(LoadPlan plan, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        try
        {
            return await RunAsync(plan, [], progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            (progress as MetricsCollector)?.Complete();
        }
    }

    /// <summary>
    /// Downloads what the scripts of scenarios import from addresses, and what that imports, and writes the SHA-256 sums into <c>k6-imports.lock.json</c>
    /// in <see cref="K6Options.Directory"/>; runs with the file there have exactly these modules in their bundles. Name the folder of the sources, and keep the file there.
    /// </summary>
    /// <param name="scenarios">The scenarios; nothing of them runs.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Addresses with their sums, in hexadecimal digits; empty when the scripts import nothing from addresses, and then there is no such file.</returns>
    /// <exception cref="InvalidLoadTestException">A module cannot be downloaded, or a script is not valid; the file is as it was.</exception>
    public async Task<IReadOnlyDictionary<string, string>> PinImportsAsync(IReadOnlyList<LoadTestScenario> scenarios, CancellationToken cancellationToken = default)
    {
        // Nothing but the file is left behind: the folder may be one of sources.
        var temporary = Directory.CreateTempSubdirectory("k6sdk-");
        try
        {
            var diagnostics = new List<Diagnostic>();
            var plan = new K6Runner(Options with { ResultsDirectory = temporary.FullName }).Plan(scenarios, diagnostics);
            var generated = Path.Combine(plan.Settings.ResultsDirectory, GeneratedFolder);
            SourceScripts.Write(plan, generated);
            var pinned = await Bundler.PinImportsAsync(plan, Bundling(generated), diagnostics, cancellationToken).ConfigureAwait(false);
            return diagnostics.Exists(one => one.Severity == DiagnosticSeverity.Error) ? throw new InvalidLoadTestException(diagnostics) : pinned;
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    private LoadPlan Plan(IReadOnlyList<LoadTestScenario> scenarios, List<Diagnostic> warnings)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        var items = new List<ItemDeclaration>();
        var values = new Dictionary<string, string>();
        foreach (var scenario in scenarios)
        {
            var definition = new LoadTestDefinition(scenario.Name);
            scenario.Define(definition);
            // Scenarios of one run share their variables; the same one twice is one.
            items.AddRange(definition.Items(scenario.BaseUrl).Where(item => !items.Exists(other => IsSameVariable(item, other, definition.Values, values))));
            foreach (var (variable, value) in definition.Values)
            {
                values.TryAdd(variable, value);
            }
        }

        // The class of the first scenario stands where a project stands.
        var name = scenarios.Count > 0 ? scenarios[0].Name : nameof(K6Runner);
        var place = items.Count > 0 ? items[0].Location with { Line = 1 } : new SourceLocation(Path.GetFullPath(name), 0, 0);
        var directory = Path.GetFullPath(Options.Directory);
        var diagnostics = new List<Diagnostic>();
        var plan = LoadPlanBuilder.Build(
            new ProjectDeclaration
            {
                File = place.File,
                Name = name,
                Directory = directory,
                GeneratedDirectory = Path.GetFullPath(Path.Combine(Options.ResultsDirectory ?? K6Options.ResultsFolder(name), GeneratedFolder), directory),
                Items = items,
                Properties = [.. Options.Properties(name, place)],
            },
            diagnostics);
        warnings.AddRange(diagnostics);
        return plan is null ? throw new InvalidLoadTestException(diagnostics) : plan with
        {
            Environment = [.. plan.Environment.Select(variable => variable with { Value = values.GetValueOrDefault(variable.Name, variable.Value!) })],
        };
    }

    private static bool IsSameVariable(ItemDeclaration item, ItemDeclaration other, Dictionary<string, string> values, Dictionary<string, string> before) =>
        item.Kind == "K6EnvironmentVariable" && other.Kind == item.Kind && other.Include == item.Include
        && values.GetValueOrDefault(item.Include) == before.GetValueOrDefault(item.Include);

    private async Task<LoadTestResult> RunAsync(LoadPlan plan, IReadOnlyList<Diagnostic> warnings, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        foreach (var warning in warnings)
        {
            progress?.Report(new DiagnosticReported(warning, null));
        }

        // One folder of results has one owner at a time; tests run in parallel.
        var generated = Directory.CreateDirectory(Path.Combine(plan.Settings.ResultsDirectory, GeneratedFolder)).FullName;
        using var owner = await RunLock.AcquireAsync(
            Path.Combine(generated, ".lock"), $"{plan.Project} (process {Environment.ProcessId})", Options.LockTimeout,
            text => progress?.Report(new PhaseStarted(text)), cancellationToken).ConfigureAwait(false);

        progress?.Report(new PhaseStarted($"bundling {plan.Project}"));
        SourceScripts.Write(plan, generated);
        var diagnostics = new List<Diagnostic>();
        var outcome = await Bundler.BundleAsync(plan, Bundling(generated), diagnostics, cancellation: cancellationToken).ConfigureAwait(false);
        if (diagnostics.Exists(one => one.Severity == DiagnosticSeverity.Error))
        {
            throw new InvalidLoadTestException([.. warnings, .. diagnostics]);
        }

        diagnostics.ForEach(warning => progress?.Report(new DiagnosticReported(warning, null)));
        return await LoadTestRunner.RunAsync(
            plan,
            outcome.Bundles,
            new LoadTestRunOptions
            {
                Engines = new EngineLocations(Path.Combine(Options.ToolsDirectory, "embedded", "K6.Embedded.dll"), DotnetHost()).WithInstalled("", "", Options.Cache ?? ""),
                LockTimeout = Options.LockTimeout,
            },
            progress,
            cancellationToken).ConfigureAwait(false);
    }

    private BundleOptions Bundling(string generated) => new()
    {
        EsbuildPath = EsbuildProgram.Find(Path.Combine(Options.ToolsDirectory, "esbuild"), "", Path.Combine(generated, "tools")),
        OutputDirectory = generated,
        ProjectDirectory = Path.GetFullPath(Options.Directory),
        ImportsCache = K6Cache.At(Options.Cache ?? "")?.Imports,
    };

    // All of them, in reverse, whatever fails.
    private static async Task TearDownAsync(Stack<LoadTestScenario> setUp, LoadTestResult? result, List<Exception> failures)
    {
        while (setUp.TryPop(out var scenario))
        {
            try
            {
                await scenario.TearDownAsync(result).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        }
    }

    // The host that runs us, when it is one: an application has an executable of its own.
    private static string DotnetHost() =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } named ? named
        : Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self
        : Programs.Find("dotnet", Environment.GetEnvironmentVariable("PATH"))
            ?? Programs.Find(Path.Combine(Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet", "dotnet"), null)
            ?? "dotnet";
}
