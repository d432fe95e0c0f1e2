using System.Formats.Tar;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Secrets;

namespace K6.LoadTesting.Distribution;

/// <summary>A test as one file that <c>k6 run</c> takes on any machine: its bundle, its options and the files that it opens.</summary>
/// <param name="Test">The test.</param>
/// <param name="File">Absolute path of the <c>.tar</c>.</param>
/// <param name="Engine">The k6 that made it.</param>
/// <param name="Requirements">What the run needs.</param>
internal sealed record TestArchive(TestPlan Test, string File, EngineInfo Engine, EngineRequirements Requirements);

/// <summary>
/// Makes archives with <c>k6 archive</c> (https://grafana.com/docs/k6/latest/misc/archive/). The options in an archive are those that the scripts
/// compute now; variables are not in it, and no value of a secret is.
/// </summary>
internal static class TestArchives
{
    /// <summary>Time that the scripts have for their top level; reading large files belongs to it.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>Makes the archive of each test.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="bundles">Its bundles, one for each test.</param>
    /// <param name="locations">Where the engines are.</param>
    /// <param name="directory">Absolute path of the folder of the archives: <c>directory/TEST/archive.tar</c>.</param>
    /// <param name="diagnostics">Gets errors and warnings, at their places.</param>
    /// <param name="phase">Hears what is made.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The archives; none when there is an error.</returns>
    /// <exception cref="LoadTestException">No k6 that the plan allows can be used.</exception>
    public static Task<IReadOnlyList<TestArchive>> MakeAsync(
        LoadPlan plan,
        IReadOnlyList<TestBundle> bundles,
        EngineLocations locations,
        string directory,
        ICollection<Diagnostic> diagnostics,
        Action<string>? phase = null,
        CancellationToken cancellationToken = default) =>
        MakeAsync(plan, bundles, locations, EngineEnvironment.Machine(), directory, diagnostics, phase, cancellationToken);

    internal static async Task<IReadOnlyList<TestArchive>> MakeAsync(
        LoadPlan plan,
        IReadOnlyList<TestBundle> bundles,
        EngineLocations locations,
        IReadOnlyDictionary<string, string> machine,
        string directory,
        ICollection<Diagnostic> diagnostics,
        Action<string>? phase,
        CancellationToken cancellationToken)
    {
        var secrets = SecretValues.Read(plan.Secrets, machine);
        var mask = SecretMask.Of(SecretValues.WithInherited(secrets, plan.Environment, machine), diagnostics);
        var environment = EngineEnvironment.WithSecrets(EngineEnvironment.Build(machine, plan.Environment, [], diagnostics), secrets, plan.Settings.SecretSource);
        var engine = await EngineAsync(plan, locations, machine, diagnostics, cancellationToken).ConfigureAwait(false);
        if (engine is null)
        {
            return [];
        }

        var archives = new List<TestArchive>();
        foreach (var test in plan.Tests)
        {
            phase?.Invoke($"archiving {test.Name}");
            var bundle = bundles.First(bundle => bundle.Test == test.Name);
            var folder = Path.Combine(directory, test.Name);
            var inspection = await EngineInspector.InspectAsync(test, bundle, engine, environment, folder, cancellationToken, mask).ConfigureAwait(false);
            foreach (var diagnostic in inspection.Diagnostics)
            {
                diagnostics.Add(diagnostic);
            }

            // A script may put the value of a secret into its options.
            var optionsFile = new EngineFiles(folder, bundle.File).Options;
            if (!mask.IsEmpty && File.Exists(optionsFile) && mask.Bytes(await File.ReadAllBytesAsync(optionsFile, cancellationToken).ConfigureAwait(false)) is { } clean)
            {
                await File.WriteAllBytesAsync(optionsFile, clean, cancellationToken).ConfigureAwait(false);
            }

            if (inspection.Requirements is { } requirements &&
                await ArchiveAsync(test, bundle, engine, environment, folder, mask, diagnostics, cancellationToken).ConfigureAwait(false) is { } file)
            {
                archives.Add(new TestArchive(test, file, engine.Info, requirements));
            }
        }

        return archives.Count == plan.Tests.Count ? archives : [];
    }

    private static async Task<EngineProgram?> EngineAsync(
        LoadPlan plan, EngineLocations locations, IReadOnlyDictionary<string, string> machine, ICollection<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var found = new List<Diagnostic>();
        var settings = plan.Settings.Engine == EngineChoice.Embedded ? plan.Settings with { Engine = EngineChoice.Auto } : plan.Settings;
        var engine = await EngineResolver.ResolveAsync(settings, locations, machine, plan.ProjectFile, found, cancellationToken).ConfigureAwait(false);
        if (engine.Info.Name == EngineProgram.K6)
        {
            found.ForEach(diagnostics.Add);
            return engine;
        }

        diagnostics.Add(Rules.ArchiveNeedsK6.At(
            new SourceLocation(plan.ProjectFile, 1, 1),
            "An archive is for k6 and made by k6 itself, and there is none on this machine. Run 'dotnet build -t:K6Install', or name a k6 with K6Path or the variable K6_PATH."));
        return null;
    }

    private static async Task<string?> ArchiveAsync(
        TestPlan test,
        TestBundle bundle,
        EngineProgram engine,
        IReadOnlyDictionary<string, string> environment,
        string folder,
        SecretMask mask,
        ICollection<Diagnostic> diagnostics,
        CancellationToken cancellationToken)
    {
        var files = new EngineFiles(folder, bundle.File);
        var file = Path.Combine(folder, "archive.tar");
        File.Delete(file);
        var aside = file + ".new";
        EngineCall call;
        try
        {
            call = await EngineCall.RunAsync(
                engine,
                EngineCommandLine.Archive(files, aside),
                EngineCommandLine.ArchiveEnvironment(environment),
                folder,
                bundle.Generated,
                Timeout,
                mask,
                cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            diagnostics.Add(Rules.ArchiveFailed.At(test.Scenarios[0].Location, $"k6 made no archive of '{test.Name}' within {Timeout.TotalMinutes:0} minutes."));
            return null;
        }

        if (call.ExitCode != 0 || !File.Exists(aside))
        {
            diagnostics.Add(Rules.ArchiveFailed.At(
                test.Scenarios[0].Location, $"k6 {engine.Info.Version} made no archive of '{test.Name}': {call.Log.ErrorMessage ?? $"it ended with exit code {call.ExitCode}"}"));
            return null;
        }

        if (SecretsIn(aside, mask) is { Count: > 0 } secrets)
        {
            File.Delete(aside);
            diagnostics.Add(Rules.SecretInArchive.At(
                test.Scenarios[0].Location,
                $"The archive of '{test.Name}' had the value of {string.Join(", ", secrets)} in it and was removed: it is written in a script, a script put it into its options, or a file that it opens holds it. Read secrets in functions, from __ENV, and keep them out of files that scripts open."));
            return null;
        }

        File.Move(aside, file, overwrite: true);
        return file;
    }

    private static SortedSet<string> SecretsIn(string file, SecretMask mask)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        if (mask.IsEmpty)
        {
            return found;
        }

        using var tar = new TarReader(File.OpenRead(file));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not null)
            {
                using var contents = new MemoryStream();
                entry.DataStream.CopyTo(contents);
                mask.Bytes(contents.GetBuffer().AsSpan(0, (int)contents.Length), found);
            }
        }

        return found;
    }
}
