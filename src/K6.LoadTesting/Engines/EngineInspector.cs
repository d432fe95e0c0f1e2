using System.ComponentModel;
using System.Text.Json;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Secrets;

namespace K6.LoadTesting.Engines;

/// <summary>What came of the check of a bundle.</summary>
/// <param name="Requirements">The merged truth about the run; null when there are errors.</param>
/// <param name="Diagnostics">Errors and warnings, at their places.</param>
public sealed record EngineInspection(EngineRequirements? Requirements, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>
/// Lets the engine check a bundle before any load: it runs the top level of the scripts, merges and validates the options, and tells how long
/// the run will take. Its messages are mapped back to the declarations that they speak of.
/// </summary>
public static class EngineInspector
{
    /// <summary>Time that the scripts have for their top level; reading large files belongs to it.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Checks a bundle and writes <c>options.json</c> into the folder of the run.</summary>
    /// <param name="test">The test.</param>
    /// <param name="bundle">Its bundle.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="environment">The whole environment of the run (<see cref="EngineEnvironment.Build"/>).</param>
    /// <param name="folder">Absolute path of the folder of the run.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <param name="mask">Values of secrets that must not be in a message; null for none.</param>
    public static Task<EngineInspection> InspectAsync(
        TestPlan test,
        TestBundle bundle,
        EngineProgram engine,
        IReadOnlyDictionary<string, string> environment,
        string folder,
        CancellationToken cancellationToken,
        SecretMask? mask = null) =>
        InspectAsync(test, bundle, engine, environment, folder, Timeout, cancellationToken, mask);

    internal static async Task<EngineInspection> InspectAsync(
        TestPlan test,
        TestBundle bundle,
        EngineProgram engine,
        IReadOnlyDictionary<string, string> environment,
        string folder,
        TimeSpan timeout,
        CancellationToken cancellationToken,
        SecretMask? mask = null)
    {
        var files = new EngineFiles(folder, bundle.File);
        files.Prepare(keepOptions: false);
        using var json = new MemoryStream();
        var log = new EngineLog(bundle.Generated);
        int exitCode;
        try
        {
            var command = engine.Command(EngineCommandLine.Inspect(files), EngineCommandLine.Environment(environment, files), folder);
            var child = ChildProcess.Start(command, new OutputReader(handler: line => Append(json, line)), new OutputReader(handler: log.Add, mask: mask), TimeSpan.FromSeconds(1));
            await using var _ = child.ConfigureAwait(false);
            exitCode = await child.Exited.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return Failed(Rules.ScriptHangs.At(
                new SourceLocation(test.Scenarios[0].File, 0, 0),
                $"The scripts of '{test.Name}' did not finish loading within {timeout.TotalSeconds:0.#} s: does code outside of functions loop, or read something very large?"));
        }
        catch (Win32Exception exception)
        {
            return Failed(Rules.K6NotExecutable.At(null, $"'{engine.Program}' cannot be started: {exception.Message}."));
        }

        var failure = new EngineFailure(test, bundle, engine.Info);
        if (exitCode != 0)
        {
            return new EngineInspection(null, failure.Explain(log.ErrorMessage, exitCode));
        }

        try
        {
            var requirements = EngineRequirements.Parse(json.ToArray());
            await File.WriteAllBytesAsync(files.Options, json.ToArray(), cancellationToken).ConfigureAwait(false);
            return new EngineInspection(requirements, []);
        }
        catch (JsonException exception)
        {
            return Failed(Rules.EngineCrashed.At(null, $"'{engine.Info.Path} inspect' did not print the options of '{test.Name}' as JSON: {exception.Message}"));
        }
    }

    private static EngineInspection Failed(Diagnostic diagnostic) => new(null, [diagnostic]);

    private static void Append(MemoryStream json, ReadOnlySpan<byte> line)
    {
        if (json.Length < 64 << 20)
        {
            json.Write(line);
            json.WriteByte((byte)'\n');
        }
    }
}
