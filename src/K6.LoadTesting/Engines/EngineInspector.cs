using System.Text.Json;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Secrets;

namespace K6.LoadTesting.Engines;

/// <summary>What came of the check of a bundle.</summary>
/// <param name="Requirements">The merged truth about the run; null when there are errors.</param>
/// <param name="Diagnostics">Errors and warnings, at their places.</param>
internal sealed record EngineInspection(EngineRequirements? Requirements, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>
/// Lets the engine check a bundle before any load: it runs the top level of the scripts, merges and validates the options, and tells how long
/// the run will take. Its messages are mapped back to the declarations that they speak of.
/// </summary>
internal static class EngineInspector
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
        EngineCall call;
        try
        {
            call = await EngineCall.RunAsync(
                engine, EngineCommandLine.Inspect(files), EngineCommandLine.Environment(environment, files), folder, bundle.Generated, timeout, mask, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return Failed(Rules.ScriptHangs.At(
                new SourceLocation(test.Scenarios[0].File, 0, 0),
                $"The scripts of '{test.Name}' did not finish loading within {timeout.TotalSeconds:0.#} s: does code outside of functions loop, or read something very large?"));
        }
        catch (LoadTestException exception)
        {
            return Failed(exception.Diagnostic);
        }

        var failure = new EngineFailure(test, bundle, engine.Info);
        if (call.ExitCode != 0)
        {
            return new EngineInspection(null, failure.Explain(call.Log.ErrorMessage, call.ExitCode));
        }

        try
        {
            var requirements = EngineRequirements.Parse(call.Output);
            await File.WriteAllBytesAsync(files.Options, call.Output, cancellationToken).ConfigureAwait(false);
            return new EngineInspection(requirements, []);
        }
        catch (JsonException exception)
        {
            return Failed(Rules.EngineCrashed.At(null, $"'{engine.Info.Path} inspect' did not print the options of '{test.Name}' as JSON: {exception.Message}"));
        }
    }

    private static EngineInspection Failed(Diagnostic diagnostic) => new(null, [diagnostic]);
}
