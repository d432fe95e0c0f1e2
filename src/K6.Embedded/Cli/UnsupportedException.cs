namespace K6.Embedded.Cli;

/// <summary>
/// Something that k6 can do and this engine cannot. Thrown before any load. The script side throws it too; the codes are in <see cref="Unsupported"/>.
/// </summary>
internal sealed class UnsupportedException(string message, int exitCode) : Exception(message)
{
    /// <summary>104 for options and flags, 107 for what scripts use.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>The codes of everything that this engine does not support; one place, so that documents and tests can list them.</summary>
internal static class Unsupported
{
    /// <summary>The code of a mistake in the engine itself; exit code 109.</summary>
    public const string EngineFailure = "KSDK0799";

    /// <summary>How to get what the engine lacks.</summary>
    public const string Remedy = "Use real k6: put it on PATH, or name it with K6Path.";

    /// <summary>The scripts hold more memory than they may. Not before the load, but as final.</summary>
    /// <param name="held">What they hold, and what they may.</param>
    public static UnsupportedException Memory(string held) =>
        new($"KSDK0708: the scripts hold {held} of memory that they may use. Find what they keep from one iteration to the next, load fewer virtual users, or raise {MemoryLimit.Variable}", ExitCodes.ScriptException);

    /// <summary>What ended the engine: a limit of memory that it may not exceed (of a container, for example), or a mistake of its own.</summary>
    public static string Failure(Exception e) => e is OutOfMemoryException
        ? $"KSDK0708: the scripts want more memory than the process may have. Load fewer virtual users or less data, or raise the limit of the process or the container ({e.Message})"
        : $"{EngineFailure}: the embedded engine failed: {e.GetType().Name}: {e.Message}";

    /// <summary>A module: <c>k6/browser</c>, <c>k6/net/grpc</c>, <c>k6/x/…</c>, or one that this version has not got yet.</summary>
    public static UnsupportedException Module(string name) =>
        new($"KSDK0701: the module '{name}' is not supported by the embedded engine. {Remedy}", ExitCodes.ScriptException);

    /// <summary>A function or an object of a supported module.</summary>
    public static UnsupportedException Api(string name, string why) =>
        new($"KSDK0702: '{name}' is not supported by the embedded engine: {why}. {Remedy}", ExitCodes.ScriptException);

    /// <summary>An option of the script or of the configuration file.</summary>
    public static UnsupportedException Option(string name, string why) =>
        new($"KSDK0703: the option '{name}' is not supported by the embedded engine: {why}. {Remedy}", ExitCodes.InvalidConfig);

    /// <summary>A flag or a variable that configures k6.</summary>
    public static UnsupportedException Flag(string name, string why) =>
        new($"KSDK0704: '{name}' is not supported by the embedded engine: {why}. {Remedy}", ExitCodes.InvalidConfig);

    /// <summary>An output.</summary>
    public static UnsupportedException Output(string name) =>
        new($"KSDK0705: the output '{name}' is not supported by the embedded engine, which writes csv and web-dashboard (the record only). {Remedy}", ExitCodes.InvalidConfig);

    /// <summary>A script that is an archive made by <c>k6 archive</c>.</summary>
    public static UnsupportedException Archive(string path) =>
        new($"KSDK0706: '{path}' is an archive, and the embedded engine runs scripts only. {Remedy}", ExitCodes.InvalidConfig);

    /// <summary>Another subcommand of k6.</summary>
    public static UnsupportedException Command(string name) =>
        new($"KSDK0707: the command '{name}' is not supported by the embedded engine, which has run, inspect and version. {Remedy}", ExitCodes.Unspecified);
}
