using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Engines;

/// <summary>What streaming out needs of an engine and of its environment.</summary>
internal static class EngineOutputs
{
    // https: the embedded engine's own page says what it has.
    private static readonly string[] OfEmbedded = ["csv"];

    /// <summary>An error for each output that the engine does not have, before anything runs.</summary>
    public static IEnumerable<Diagnostic> Missing(IReadOnlyList<OutputPlan> outputs, EngineInfo engine) =>
        engine.Name == EngineProgram.Embedded ? MissingInEmbedded(outputs)
        : engine.IsK6Before(1, 4) ? YoungerThan(engine, outputs)
        : [];

    private static IEnumerable<Diagnostic> MissingInEmbedded(IReadOnlyList<OutputPlan> outputs) => outputs
        .Where(output => !OfEmbedded.Contains(output.Name))
        .Select(output => Rules.OutputNotOfEngine.At(
            output.Location,
            $"The embedded engine has no output {output.Name}, only {string.Join(", ", OfEmbedded)}. Use k6 (K6Path, PATH, or -t:K6Install), or put a condition on the item."));

    // The one name of an output that is younger than the oldest k6 that the road takes.
    private static IEnumerable<Diagnostic> YoungerThan(EngineInfo k6, IReadOnlyList<OutputPlan> outputs) => outputs
        .Where(output => output.Name == "opentelemetry")
        .Select(output => Rules.OutputNotOfEngine.At(
            output.Location,
            $"k6 {k6.Version} has no output opentelemetry, which came with k6 1.4: '{k6.Path}'. Update k6, or name the output experimental-opentelemetry, as this version does."));

    /// <summary>An environment with what configures the outputs: the machine's variables of each, over which the project's own go.</summary>
    public static IReadOnlyDictionary<string, string> WithOutputs(
        this IReadOnlyDictionary<string, string> environment, IReadOnlyList<OutputPlan> outputs, IReadOnlyDictionary<string, string> machine)
    {
        var result = new Dictionary<string, string>(environment, EngineEnvironment.NameComparer);
        foreach (var (name, value) in outputs.SelectMany(output => OfMachine(output, machine).Concat(output.Settings)))
        {
            result[name] = value;
        }

        return result;
    }

    /// <summary>Variables of the machine that sound like secrets of an output, which no log may hold.</summary>
    public static IReadOnlyList<EnvironmentVariablePlan> Secrets(IReadOnlyList<OutputPlan> outputs, IReadOnlyDictionary<string, string> machine) =>
        [.. outputs.SelectMany(output => OfMachine(output, machine).Select(variable => new EnvironmentVariablePlan(variable.Key, null, output.Location)))];

    /// <summary>Arguments for k6's command line.</summary>
    public static IEnumerable<string> Arguments(IReadOnlyList<OutputPlan> outputs) =>
        outputs.SelectMany(output => (string[])["--out", output.Argument is null ? output.Name : $"{output.Name}={output.Argument}"]);

    private static IEnumerable<KeyValuePair<string, string>> OfMachine(OutputPlan output, IReadOnlyDictionary<string, string> machine) =>
        machine.Where(variable => output.Prefixes.Any(prefix => variable.Key.StartsWith(prefix, StringComparison.Ordinal)) && variable.Key != "K6_CSV_TIME_FORMAT");
}
