using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Engines;

/// <summary>
/// Decides which program runs the load: <c>K6Path</c>, <c>K6_PATH</c>, a <c>K6.Runtime</c> package, <c>PATH</c>, what <c>K6Install</c> installed, then the embedded engine with a
/// warning. A project that says <c>K6Version</c> has the installed one before that on <c>PATH</c>. A path that somebody wrote down must be right; what merely lies on <c>PATH</c> may be passed over, with a warning that says why.
/// </summary>
internal static class EngineResolver
{
    private const string HowToGetK6 = "Run 'dotnet build -t:K6Install', or install k6 1.0 or newer (https://grafana.com/docs/k6/latest/set-up/install-k6/) so that it is on PATH, or name it with K6Path or the variable K6_PATH.";

    /// <summary>Finds the engine.</summary>
    /// <param name="settings">What the plan allows.</param>
    /// <param name="locations">Where the embedded engine is.</param>
    /// <param name="machine">Variables of the machine (<see cref="EngineEnvironment.Machine"/>).</param>
    /// <param name="project">Project file, the place of diagnostics; null for none.</param>
    /// <param name="diagnostics">Gets warnings.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="LoadTestException">No engine that the plan allows can be used.</exception>
    public static async Task<EngineProgram> ResolveAsync(
        RunSettings settings,
        EngineLocations locations,
        IReadOnlyDictionary<string, string> machine,
        string? project,
        ICollection<Diagnostic> diagnostics,
        CancellationToken cancellationToken)
    {
        var place = project is null ? null : new SourceLocation(project, 1, 1);
        if (settings.Engine != EngineChoice.Embedded)
        {
            if (await K6Async(settings, locations, machine, place, diagnostics, cancellationToken).ConfigureAwait(false) is { } k6)
            {
                if (locations.PinnedVersion is { } pinned && pinned.TrimStart('v') != k6.Info.Version)
                {
                    diagnostics.Add(Rules.K6VersionDiffers.At(
                        place, $"K6Version is {pinned}, and k6 {k6.Info.Version} runs: '{k6.Program}'. Run 'dotnet build -t:K6Install', or leave K6Version out where the version does not matter."));
                }

                return k6;
            }
        }

        var embedded = await EmbeddedAsync(locations, place, cancellationToken).ConfigureAwait(false);
        if (settings.Engine == EngineChoice.Auto)
        {
            diagnostics.Add(Rules.EmbeddedEngineUsed.At(
                place,
                $"No usable k6 was found, so the embedded engine {embedded.Info.Version} runs the load. It knows a part of k6 and makes less load; its figures are not compared with those of k6. {HowToGetK6} Set K6Engine to 'embedded' if this is what you want."));
        }

        return embedded;
    }

    private static async Task<EngineProgram?> K6Async(
        RunSettings settings,
        EngineLocations locations,
        IReadOnlyDictionary<string, string> machine,
        SourceLocation? place,
        ICollection<Diagnostic> diagnostics,
        CancellationToken cancellationToken)
    {
        foreach (var (source, path) in new[]
        {
            ("K6Path", settings.K6Path),
            ("the variable K6_PATH", machine.GetValueOrDefault("K6_PATH")),
            ("K6RuntimePath of a K6.Runtime package", locations.PackagedK6),
            ("the installed k6", locations.PinnedVersion is null ? null : locations.InstalledK6),
        })
        {
            if (!string.IsNullOrWhiteSpace(path))
            {
                return await NamedAsync(source, path, place, cancellationToken).ConfigureAwait(false);
            }
        }

        if (Programs.Find("k6", machine.GetValueOrDefault("PATH")) is { } found)
        {
            var (program, problem) = await EngineProbe.K6Async(found, place, cancellationToken).ConfigureAwait(false);
            if (program is not null)
            {
                return program;
            }

            if (settings.Engine == EngineChoice.K6 && locations.InstalledK6 is null)
            {
                throw new LoadTestException(problem!);
            }

            diagnostics.Add(problem! with { Severity = DiagnosticSeverity.Warning });
        }

        if (locations.InstalledK6 is { } installed)
        {
            return await NamedAsync("the installed k6", installed, place, cancellationToken).ConfigureAwait(false);
        }

        return settings.Engine != EngineChoice.K6 ? null
            : throw new LoadTestException(Rules.K6NotFound.At(place, $"K6Engine is 'k6', but no k6 was found on PATH, and none was installed. {HowToGetK6}"));
    }

    private static async Task<EngineProgram> NamedAsync(string source, string path, SourceLocation? place, CancellationToken cancellationToken)
    {
        var file = Programs.Find(Path.GetFullPath(path), null)
            ?? throw new LoadTestException(Rules.K6PathMissing.At(place, $"{source} is '{path}', but there is no such file. Correct it, or leave it empty to take k6 from PATH."));
        var (program, problem) = await EngineProbe.K6Async(file, place, cancellationToken).ConfigureAwait(false);
        return program ?? throw new LoadTestException(problem!);
    }

    private static async Task<EngineProgram> EmbeddedAsync(EngineLocations locations, SourceLocation? place, CancellationToken cancellationToken)
    {
        if (locations.EmbeddedAssembly is null || !File.Exists(locations.EmbeddedAssembly))
        {
            throw new LoadTestException(Rules.EmbeddedEngineMissing.At(
                place,
                $"The embedded engine is not there ({locations.EmbeddedAssembly ?? "K6.Embedded.dll"}); the package of the SDK is incomplete. {HowToGetK6}"));
        }

        return await EngineProbe.EmbeddedAsync(locations, cancellationToken).ConfigureAwait(false)
            ?? throw new LoadTestException(Rules.EmbeddedEngineMissing.At(
                place,
                $"The embedded engine does not start: '{locations.DotnetHost} exec {locations.EmbeddedAssemblyHere} version --json' gave no version. {HowToGetK6}"));
    }
}
