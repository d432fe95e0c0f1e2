using System.Runtime.ExceptionServices;
using System.Text;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources.OpenApi;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Bundling;

/// <summary>
/// Makes one bundle per test: each script is bundled alone to learn what it exports and says, an entry module is generated
/// per test, and the entries are bundled. Nothing is done when nothing changed.
/// </summary>
internal sealed class Bundler
{
    private static readonly string[] Flags =
    [
        "--bundle", "--format=esm", "--platform=browser", "--main-fields=module,browser,main",
        // What k6 2.2 runs: it parses ES2022 without these two.
        "--target=es2022", "--supported:async-generator=false", "--supported:for-await=false",
        "--external:k6", "--external:k6/*",
        "--sourcemap=linked", "--sources-content=false", "--metafile", "--charset=utf8",
        "--log-level=warning", "--log-limit=0", "--color=false",
    ];

    /// <summary>Modules of ours by their paths in the output folder: what entry modules import, and the script library.</summary>
    private static readonly string[] RuntimeFiles =
        [.. typeof(Bundler).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("runtime/", StringComparison.Ordinal) || name.StartsWith("library/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    private readonly LoadPlan plan;
    private readonly BundleOptions options;
    private readonly ICollection<Diagnostic> diagnostics;
    private readonly List<Diagnostic> warnings = [];
    private readonly string? coverage;
    private readonly RemoteModules remote;
    private bool failed;

    private Bundler(LoadPlan plan, BundleOptions options, ICollection<Diagnostic> diagnostics, bool isPinning = false)
    {
        this.plan = plan;
        this.options = Spelt(options);
        this.diagnostics = diagnostics;
        remote = new RemoteModules(this.options, isPinning);
        coverage = OperationList.Json(plan.OpenApi.Select(client => OperationList.PathOf(this.options.OutputDirectory, client.Name)));
    }

    /// <summary>Makes the bundles of a plan and writes <c>bundles.json</c> beside them.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="diagnostics">Receives errors and warnings, at places in scripts where there are any.</param>
    /// <param name="planFile">Absolute path of the <c>plan.json</c> that the plan was read from, for <see cref="Current"/>; null when there is none.</param>
    /// <param name="cancellation">Ends the work and esbuild.</param>
    /// <exception cref="LoadTestException">esbuild does not work, or the output folder cannot be written.</exception>
    public static async Task<BundleOutcome> BundleAsync(
        LoadPlan plan, BundleOptions options, ICollection<Diagnostic> diagnostics, string? planFile = null, CancellationToken cancellation = default)
    {
        try
        {
            return await new Bundler(plan, options, diagnostics).BundleAsync(planFile, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LoadTestException(
                Rules.BundlesNotWritable.At(null, $"The bundles cannot be written to {options.OutputDirectory}: {exception.Message}"), exception);
        }
    }

    /// <summary>
    /// Downloads what the scripts of a plan import from addresses, and what that imports, and writes the sums into <c>k6-imports.lock.json</c> beside the
    /// project. From then on it is part of the bundles.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="diagnostics">Receives errors and warnings, at places in scripts where there are any.</param>
    /// <param name="cancellation">Ends the work and esbuild.</param>
    /// <returns>Addresses with their SHA-256 sums; empty after an error, and then the lock file is as it was.</returns>
    /// <exception cref="LoadTestException">esbuild does not work, or a folder cannot be written.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> PinImportsAsync(
        LoadPlan plan, BundleOptions options, ICollection<Diagnostic> diagnostics, CancellationToken cancellation = default)
    {
        var bundler = new Bundler(plan, options, diagnostics, isPinning: true);
        bundler.WriteRuntime();
        await using var esbuild = await EsbuildService.StartAsync(options.EsbuildPath, cancellation).ConfigureAwait(false);
        if (await bundler.ReadScriptsAsync(esbuild, cancellation).ConfigureAwait(false) is null)
        {
            return new Dictionary<string, string>();
        }

        bundler.remote.Write();
        return bundler.remote.Used;
    }

    /// <summary>
    /// The bundles of a plan that did not change since they were made, told without reading it: to compile what reads a plan takes longer than everything
    /// else of a build with nothing to do.
    /// </summary>
    /// <param name="planFile">Absolute path of <c>plan.json</c>.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="diagnostics">Receives the warnings of that time.</param>
    /// <returns>Null when it takes the plan to tell.</returns>
    public static BundleOutcome? Current(string planFile, BundleOptions options, ICollection<Diagnostic> diagnostics)
    {
        options = Spelt(options);
        if (BundleState.Read(options.OutputDirectory) is not { Source: { } source } last || source != Source(planFile, options, new RemoteModules(options, isPinning: false)) || !last.Inputs.IsCurrent())
        {
            return null;
        }

        last.Warnings.ToList().ForEach(diagnostics.Add);
        return new BundleOutcome(last.Bundles, Ran: false);
    }

    // Paths are compared as text with what esbuild reports: one spelling of each.
    private static BundleOptions Spelt(BundleOptions options) => options with
    {
        OutputDirectory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.OutputDirectory)),
        ProjectDirectory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.ProjectDirectory)),
    };

    private static string Source(string planFile, BundleOptions options, RemoteModules remote) =>
        InputState.Hash([InputState.Hash(File.ReadAllBytes(planFile)), .. Tools(options, remote)]);

    // What decides besides the plan.
    private static string[] Tools(BundleOptions options, RemoteModules remote) => [EsbuildService.Version, InputState.Library, options.ToString(), remote.Key];

    private async Task<BundleOutcome> BundleAsync(string? planFile, CancellationToken cancellation)
    {
        foreach (var scenario in plan.Tests.SelectMany(test => test.Scenarios).Where(scenario => !File.Exists(scenario.File)))
        {
            Report(Rules.ScriptMissing.At(scenario.Location, $"The script of the scenario {scenario.Name} does not exist: {scenario.File}."));
        }

        if (failed)
        {
            return new BundleOutcome([], Ran: false);
        }

        // Lists of operations are files of their own.
        var source = planFile is null || coverage is not null ? null : Source(planFile, options, remote);
        var key = Key();
        var last = BundleState.Read(options.OutputDirectory);
        if (last is not null && last.IsCurrent(key))
        {
            last.Warnings.ToList().ForEach(Report);
            if (source is not null && source != last.Source)
            {
                (last with { Source = source }).Write(options.OutputDirectory);
            }

            return new BundleOutcome(last.Bundles, Ran: false);
        }

        WriteRuntime();
        await using var esbuild = await EsbuildService.StartAsync(options.EsbuildPath, cancellation).ConfigureAwait(false);
        var scripts = await ReadScriptsAsync(esbuild, cancellation).ConfigureAwait(false);
        if (scripts is null)
        {
            return new BundleOutcome([], Ran: true);
        }

        var (bundles, written) = await WriteBundlesAsync(esbuild, scripts, cancellation).ConfigureAwait(false);
        if (failed)
        {
            return new BundleOutcome([], Ran: true);
        }

        RemoveLeftovers(last, written);
        new BundleState
        {
            Key = key,
            Source = source,
            Inputs = InputState.Of(options.ProjectDirectory, [.. scripts.Files, .. written], scripts.Configuration),
            Bundles = bundles,
            Warnings = warnings,
        }.Write(options.OutputDirectory);
        return new BundleOutcome(bundles, Ran: true);
    }

    /// <summary>What bundling learnt of the scripts.</summary>
    private sealed record ScriptSet(
        ModulePaths Paths,
        IReadOnlyDictionary<string, IReadOnlyList<string>> Exports,
        IReadOnlyDictionary<string, ScriptAnalysis> Analyses,
        IReadOnlyCollection<string> Configuration,
        IReadOnlyCollection<string> Files);

    private async Task<ScriptSet?> ReadScriptsAsync(EsbuildService esbuild, CancellationToken cancellation)
    {
        string[] files = [.. plan.Tests.SelectMany(EntryModule.Scripts).Distinct()];
        var result = await esbuild.BuildAsync(
            new EsbuildBuild
            {
                WorkingDirectory = options.ProjectDirectory,
                Entries = [.. files.Select((file, index) => ($"script{index}", file))],
                Flags = [.. Flags, .. UserFlags()],
                ResolveFilter = $"{EngineModules.Filter}|{(remote.IsNeeded ? RemoteModules.Filter : RemoteModules.Addresses)}",
                Load = plan.OpenApi.Count > 0 ? ModulePaths.LoadClientImports : null,
                Resolve = import => RemoteModules.Handles(import.Path)
                    ? remote.Resolve(import)
                    : new EsbuildResolution { Complaint = EngineModules.Complaint(import.Path) ?? OwnModules.Complaint(import.Path, plan) },
            },
            cancellation).ConfigureAwait(false);
        Report(result);
        if (failed)
        {
            return null;
        }

        var metafile = result.Metafile!;
        var names = new Dictionary<string, string>();
        var exports = new Dictionary<string, IReadOnlyList<string>>();
        var analyses = new Dictionary<string, ScriptAnalysis>();
        for (var i = 0; i < files.Length; i++)
        {
            var output = metafile.Outputs[ModulePaths.Relative(options.ProjectDirectory, OutputFile($"script{i}"))];
            var name = names[files[i]] = output.EntryPoint!;
            var isCommonJs = metafile.Inputs[name].Format == "cjs";
            var analysis = analyses[files[i]] = ScriptAnalysis.Of(
                files[i],
                isCommonJs ? name : null,
                Encoding.UTF8.GetString(result.Files[OutputFile($"script{i}")]),
                SourceMap.Parse(result.Files[OutputFile($"script{i}") + ".map"], options.OutputDirectory));
            exports[files[i]] = isCommonJs ? CommonJsExports(files[i], analysis) : output.Exports;
        }

        foreach (var place in analyses.Values.SelectMany(analysis => analysis.UnicodeProperties).Distinct())
        {
            Report(BundleDiagnostics.UnicodeProperty(place));
        }

        foreach (var scenario in plan.Tests.SelectMany(test => test.Scenarios))
        {
            if (BundleDiagnostics.Exec(scenario, names[scenario.File], exports[scenario.File]) is { } diagnostic)
            {
                Report(diagnostic);
            }
        }

        var paths = new ModulePaths(options.ProjectDirectory, options.OutputDirectory, metafile, names);
        string[] read = [.. files.SelectMany(paths.ModulesOf).Concat(files.SelectMany(paths.OpenedFiles)).Distinct()];
        var configuration = InputState.ConfigurationOf(files.SelectMany(paths.ModulesOf), options.TsconfigFile);
        return failed ? null : new ScriptSet(paths, exports, analyses, configuration, read);
    }

    private async Task<(IReadOnlyList<TestBundle> Bundles, IReadOnlyCollection<string> Written)> WriteBundlesAsync(
        EsbuildService esbuild, ScriptSet scripts, CancellationToken cancellation)
    {
        var written = RuntimeFiles.Select(RuntimeFile).ToHashSet();
        written.UnionWith(plan.Tests.Select(EntryFile));
        InParallel(plan.Tests, test => WriteIfDifferent(
            EntryFile(test), Encoding.UTF8.GetBytes(EntryModule.Write(test, options.ProjectDirectory, options.OutputDirectory, scripts.Exports, plan.Settings.Debug, coverage))));

        var http = new HttpModules(options.OutputDirectory, coverage is not null, plan.Settings.TraceContext);
        var result = await esbuild.BuildAsync(
            new EsbuildBuild
            {
                WorkingDirectory = options.ProjectDirectory,
                Entries = [.. plan.Tests.Select(test => (test.Name, EntryFile(test)))],
                Flags = [.. Flags, .. UserFlags(), .. options.Minify ? ["--minify"] : Array.Empty<string>(), .. scripts.Paths.IsNeeded ? scripts.Paths.Flags : []],
                ResolveFilter = string.Join('|', [ModulePaths.Filter, .. http.IsNeeded ? [HttpModules.Filter] : Array.Empty<string>(), remote.IsNeeded ? RemoteModules.Filter : RemoteModules.Addresses]),
                Resolve = import => RemoteModules.Handles(import.Path) ? remote.Resolve(import)
                    : http.Resolve(import) ?? (scripts.Paths.IsNeeded && ModulePaths.Handles(import.Path) ? scripts.Paths.Resolve(import) : null),
                Load = scripts.Paths.IsNeeded ? scripts.Paths.Load : null,
            },
            cancellation).ConfigureAwait(false);
        foreach (var message in result.Errors)
        {
            Report(BundleDiagnostics.Error(message));
        }

        if (failed)
        {
            return ([], []);
        }

        written.UnionWith(result.Files.Keys);
        InParallel(
            result.Files, file => WriteIfDifferent(file.Key, file.Key.EndsWith(".map", StringComparison.Ordinal) ? SourceMap.WithPlainSources(file.Value) : file.Value));

        var bundles = plan.Tests.Select(test => Describe(test, scripts, result.Metafile!)).ToArray();
        LoadTestJson.Write(Path.Combine(options.OutputDirectory, "bundles.json"), bundles);
        return (bundles, written);
    }

    private TestBundle Describe(TestPlan test, ScriptSet scripts, EsbuildMetafile metafile)
    {
        var own = EntryModule.Scripts(test);
        var output = metafile.Outputs[ModulePaths.Relative(options.ProjectDirectory, OutputFile(test.Name))];
        var inputs = own.SelectMany(scripts.Paths.ModulesOf)
            .Concat(own.SelectMany(scripts.Paths.OpenedFiles))
            .Concat(test.Scenarios.SelectMany(scenario => scenario.Requests?.Inputs ?? []))
            .Concat(scripts.Configuration.Where(File.Exists));
        return new TestBundle
        {
            Test = test.Name,
            EntryFile = EntryFile(test),
            File = OutputFile(test.Name),
            Inputs = [.. inputs.Distinct().Order(StringComparer.Ordinal)],
            EngineModules = [.. output.Imports.Where(import => import.External).Select(import => import.Path).Distinct().Order(StringComparer.Ordinal)],
            OperationLists = [.. plan.OpenApi.Select(client => OperationList.PathOf(options.OutputDirectory, client.Name)).Where(File.Exists)],
            Exports = own.ToDictionary(script => script, script => scripts.Exports[script]),
            ScriptThresholds = [.. own.SelectMany(script => scripts.Analyses[script].Thresholds)],
            OptionsPlaces = [.. own.Select(script => scripts.Analyses[script].OptionsPlace).OfType<SourceLocation>()],
            Literals = [.. own.SelectMany(script => scripts.Analyses[script].Literals).Distinct().Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>What CommonJS scripts export is known when they run; a function that the plan names may be among it.</summary>
    private string[] CommonJsExports(string script, ScriptAnalysis analysis) =>
        [.. plan.Tests.SelectMany(test => test.Scenarios)
            .Where(scenario => scenario.File == script && scenario.Exec is not null)
            .Select(scenario => scenario.Exec!)
            .Concat(analysis.CommonJsExports)
            .Distinct()];

    private string Key() => InputState.Hash(
    [
        .. Tools(options, remote),
        plan.Settings.TraceContext.ToString(),
        coverage ?? "",
        .. plan.Tests.SelectMany(test => EntryModule.Scripts(test).Prepend(EntryModule.PlanJson(test, plan.Settings.Debug)).Prepend(test.Name)),
    ]);

    private IEnumerable<string> UserFlags()
    {
        yield return $"--outdir={options.OutputDirectory}";
        foreach (var alias in OwnModules.Aliases(options.OutputDirectory))
        {
            yield return alias;
        }

        if (options.TsconfigFile is not null)
        {
            yield return $"--tsconfig={options.TsconfigFile}";
        }
    }

    private string EntryFile(TestPlan test) => Path.Combine(options.OutputDirectory, test.Name + ".entry.js");

    private string OutputFile(string name) => Path.Combine(options.OutputDirectory, name + ".js");

    private string RuntimeFile(string name) => Path.GetFullPath(name, options.OutputDirectory);

    /// <summary>Writes the modules of ours beside the bundles, where editors find the script library too.</summary>
    /// <param name="outputDirectory">Absolute path of <c>obj/k6</c>.</param>
    public static void WriteLibrary(string outputDirectory)
    {
        foreach (var name in RuntimeFiles.Where(name => name.StartsWith("library/", StringComparison.Ordinal)))
        {
            WriteRuntime(name, Path.GetFullPath(name, outputDirectory));
        }
    }

    private void WriteRuntime()
    {
        foreach (var name in RuntimeFiles)
        {
            WriteRuntime(name, RuntimeFile(name));
        }
    }

    private static void WriteRuntime(string name, string file)
    {
        using var stream = typeof(Bundler).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        WriteIfDifferent(file, bytes);
    }

    // Two processors write 200 bundles in half the time. A failure is what it would be of one after the other.
    private static void InParallel<T>(IEnumerable<T> items, Action<T> write)
    {
        try
        {
            Parallel.ForEach(items, write);
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    /// <summary>Later steps look at times of writing too.</summary>
    internal static void WriteIfDifferent(string path, byte[] contents)
    {
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(contents))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, contents);
        }
    }

    /// <summary>Removes the bundles of tests that are gone.</summary>
    private static void RemoveLeftovers(BundleState? last, IReadOnlyCollection<string> written)
    {
        foreach (var bundle in last?.Bundles ?? [])
        {
            foreach (var file in new[] { bundle.EntryFile, bundle.File, bundle.File + ".map" }.Where(file => !written.Contains(file)))
            {
                File.Delete(file);
            }
        }
    }

    private void Report(EsbuildResult result)
    {
        foreach (var message in result.Errors)
        {
            Report(BundleDiagnostics.Error(message));
        }

        foreach (var message in result.Warnings)
        {
            Report(BundleDiagnostics.Warning(message));
        }
    }

    private void Report(Diagnostic diagnostic)
    {
        failed |= diagnostic.Severity == DiagnosticSeverity.Error;
        warnings.Add(diagnostic);
        diagnostics.Add(diagnostic);
    }
}
