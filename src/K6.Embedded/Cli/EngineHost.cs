using K6.Embedded.Execution;

namespace K6.Embedded.Cli;

/// <summary>What surrounds the engine's process; tests give their own.</summary>
/// <param name="Arguments">The command line.</param>
/// <param name="Environment">The process's environment.</param>
/// <param name="WorkingDirectory">Where relative paths begin.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Input">Standard input, for a script given as <c>-</c>.</param>
/// <param name="Load">Loads scripts.</param>
internal sealed record EngineHost(
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingDirectory,
    TextWriter Output,
    TextWriter Error,
    TextReader Input,
    Func<ScriptLoadRequest, ITestScript> Load)
{
    /// <summary>Whether SIGINT and SIGTERM stop the run; tests leave them alone.</summary>
    public bool HandlesSignals { get; init; }

    /// <summary>An absolute path.</summary>
    public string PathOf(string path) => Path.GetFullPath(path, WorkingDirectory);

    /// <summary>A bool of the environment.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public bool? EnvironmentBool(string name) => !Environment.TryGetValue(name, out var text) || text.Length == 0
        ? null
        : FlagSet.GoBool(text) ?? throw new UsageException($"env var '{name}' is not a valid boolean value: strconv.ParseBool: parsing {GoText.Quote(text)}: invalid syntax");

    /// <summary>A flag's text, or the variable's.</summary>
    public string? Text(FlagSet flags, string flag, string variable) =>
        flags.Text(flag) ?? (Environment.TryGetValue(variable, out var text) && text.Length > 0 ? text : null);

    /// <summary>A flag, or the variable.</summary>
    public bool Bool(FlagSet flags, string flag, string variable, bool otherwise = false) =>
        flags.Bool(flag) ?? EnvironmentBool(variable) ?? otherwise;
}
