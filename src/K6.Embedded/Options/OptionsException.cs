namespace K6.Embedded.Options;

/// <summary>Options that cannot be used. The message is k6's own.</summary>
/// <param name="message">The message without the place (<c>could not initialize …</c>).</param>
/// <param name="exitCode">k6's exit code for it.</param>
internal class OptionsException(string message, int exitCode = Cli.ExitCodes.InvalidConfig) : Exception(message)
{
    /// <summary>k6's exit code for it.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>A JSON value of the wrong type; for a script k6 adds where it stopped reading.</summary>
internal sealed class OptionsTypeException(string message, string near) : OptionsException(message)
{
    /// <summary>The key or value at which reading stopped.</summary>
    public string Near { get; } = near;
}
