using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Engines;

/// <summary>The program that runs the load.</summary>
/// <param name="Name"><c>k6</c> or <c>embedded</c>.</param>
/// <param name="Version">Its version without a leading v, such as <c>2.2.0</c>.</param>
/// <param name="Path">Absolute path of the program, or of the assembly for the embedded engine.</param>
public sealed record EngineInfo(string Name, string Version, string Path)
{
    /// <summary>How sentences call it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Title => Name == EngineProgram.Embedded ? "the embedded engine" : Name;

    /// <summary>Whether it is a k6 of before that release. The embedded engine has versions of its own.</summary>
    internal bool IsK6Before(int major, int minor) =>
        Name == EngineProgram.K6 && System.Version.Parse(Version.Split('-')[0]) < new Version(major, minor);
}

/// <summary>How a run of the engine ended, before anything is judged.</summary>
public enum EngineOutcome
{
    /// <summary>Exit code 0.</summary>
    Completed,

    /// <summary>99: thresholds were crossed.</summary>
    ThresholdsCrossed,

    /// <summary>100: <c>setup()</c> took longer than <c>setupTimeout</c>.</summary>
    SetupTimeout,

    /// <summary>101: <c>teardown()</c> took longer than <c>teardownTimeout</c>.</summary>
    TeardownTimeout,

    /// <summary>103: stopped over the REST address by us or by somebody else.</summary>
    Stopped,

    /// <summary>104: the options are invalid.</summary>
    InvalidConfiguration,

    /// <summary>105: ended by a signal that it could answer.</summary>
    Interrupted,

    /// <summary>107: a script error outside of iterations.</summary>
    ScriptError,

    /// <summary>108: <c>exec.test.abort()</c>.</summary>
    Aborted,

    /// <summary>110: <c>exec.test.fail()</c>.</summary>
    MarkedAsFailed,

    /// <summary>Any other exit code.</summary>
    Crashed,

    /// <summary>Stopped or killed by us because its upper bound of time was over.</summary>
    TimedOut,

    /// <summary>Stopped or killed by us because the build was cancelled.</summary>
    Cancelled,

    /// <summary>Ended by a signal that it could not answer, such as SIGKILL.</summary>
    Killed,

    /// <summary>Never started, because something before it failed.</summary>
    NotRun,
}

/// <summary>What one run of the engine left behind. Written as <c>engine-run.json</c>; results are made from it alone.</summary>
internal sealed record EngineRun
{
    /// <summary>Name of the test.</summary>
    public required string Test { get; init; }

    /// <summary>The engine.</summary>
    public required EngineInfo Engine { get; init; }

    /// <summary>Start of the process.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>End of the process: its start and the time that it took.</summary>
    public required DateTimeOffset EndTime { get; init; }

    /// <summary>By how many seconds the machine's clock was set while the process ran; 0 as a rule, negative when it was set back.</summary>
    public double ClockSetBySeconds { get; init; }

    /// <summary>How it ended.</summary>
    public required EngineOutcome Outcome { get; init; }

    /// <summary>Exit code as the operating system gave it.</summary>
    public int ExitCode { get; init; }

    /// <summary>The engine's own last error message, if any.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Absolute path of the folder of the run.</summary>
    public required string Folder { get; init; }

    /// <summary>Data of handleSummary as the entry module wrote it; null when missing.</summary>
    public string? SummaryFile { get; init; }

    /// <summary>Dashboard recording; null when missing.</summary>
    public string? RecordFile { get; init; }

    /// <summary>Raw samples as <c>csv.gz</c>; null when not asked for.</summary>
    public string? SamplesFile { get; init; }

    /// <summary>The engine's log, JSON lines; null when missing.</summary>
    public string? LogFile { get; init; }

    /// <summary>Consolidated options as <c>inspect --execution-requirements</c> printed them, JSON; null when it failed.</summary>
    public string? OptionsFile { get; init; }

    /// <summary>Last figures of the progress line.</summary>
    public EngineProgress? LastProgress { get; init; }

    /// <summary>Exceptions of iterations, folded by message and position, most frequent first.</summary>
    public IReadOnlyList<FoldedError> Errors { get; init; } = [];

    /// <summary>Warnings of the engine, folded.</summary>
    public IReadOnlyList<FoldedError> Warnings { get; init; } = [];

    /// <summary>The same run after its folder was moved.</summary>
    /// <param name="folder">Absolute path of where it is now.</param>
    internal EngineRun MovedTo(string folder)
    {
        return this with
        {
            Folder = folder,
            SummaryFile = Moved(SummaryFile),
            RecordFile = Moved(RecordFile),
            SamplesFile = Moved(SamplesFile),
            LogFile = Moved(LogFile),
            OptionsFile = Moved(OptionsFile),
        };

        string? Moved(string? file) => file is null ? null : Path.Combine(folder, Path.GetRelativePath(Folder, file));
    }
}

/// <summary>A progress line of the engine: <c>running (00m01.0s), 2/3 VUs, 8 complete and 0 interrupted iterations</c>.</summary>
/// <param name="Elapsed">Time since the start of the load.</param>
/// <param name="Vus">Active virtual users.</param>
/// <param name="MaxVus">Virtual users that exist.</param>
/// <param name="Complete">Complete iterations.</param>
/// <param name="Interrupted">Interrupted iterations.</param>
public sealed record EngineProgress(TimeSpan Elapsed, int Vus, int MaxVus, long Complete, long Interrupted);

/// <summary>Log records that say the same at the same place.</summary>
/// <param name="Message">First line of the message.</param>
/// <param name="Count">How often.</param>
/// <param name="Scenario">Scenario; null for records outside of iterations.</param>
/// <param name="Location">Place in the source, from the first stack frame that has one.</param>
/// <param name="Stack">The whole text of the first record.</param>
internal sealed record FoldedError(string Message, long Count, string? Scenario, SourceLocation? Location, string? Stack);
