namespace K6.Embedded.Cli;

/// <summary>k6's exit codes, and what each means.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int ThresholdsFailed = 99;
    public const int SetupTimeout = 100;
    public const int TeardownTimeout = 101;
    public const int StoppedFromRest = 103;
    public const int InvalidConfig = 104;
    public const int ExternalAbort = 105;
    public const int CannotStartRest = 106;
    public const int ScriptException = 107;
    public const int ScriptAborted = 108;

    /// <summary>An error inside the engine (k6: a panic).</summary>
    public const int EngineError = 109;

    public const int MarkedAsFailed = 110;

    /// <summary>No code of its own: a missing file, an unknown flag.</summary>
    public const int Unspecified = 255;
}
