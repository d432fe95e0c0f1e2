namespace K6.Embedded.Execution;

/// <summary>
/// A loaded test script whose init code ran once. The engine's side of the contract is in this folder, the JavaScript
/// side implements it; tests implement it without JavaScript.
/// </summary>
internal interface ITestScript : IDisposable
{
    /// <summary>The exported <c>options</c> as JSON, taken after the init code ran; null when there are none.</summary>
    string? OptionsJson { get; }

    /// <summary>Names of all exports that can be called, with <c>default</c>, <c>setup</c>, <c>teardown</c> and <c>handleSummary</c>.</summary>
    IReadOnlySet<string> ExportedFunctions { get; }

    /// <summary>Whether a file of the script imports <c>k6/http</c>.</summary>
    bool UsesHttp { get; }

    /// <summary>Whether its requests may go to <c>https:</c>: a file or a variable that it reads says so, or it opens files, where addresses may be.</summary>
    bool MayUseTls { get; }

    /// <summary>
    /// Makes a VU: its own realm, in which the init code runs again. Called from several threads at once, after <see cref="TestState.Start"/>.
    /// </summary>
    /// <exception cref="ScriptException">The init code threw.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="interrupt"/> was signalled while it ran.</exception>
    IVirtualUser CreateVu(VuContext context, CancellationToken interrupt);

    /// <summary>Runs <c>setup()</c> in a realm of its own (VU number 0) and gives its return value as JSON; null for undefined.</summary>
    /// <exception cref="ScriptException">The script threw; it is not logged yet.</exception>
    /// <exception cref="TestAbortedException">The script called <c>exec.test.abort</c>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="interrupt"/> was signalled: time-out or stop.</exception>
    string? RunSetup(VuContext context, CancellationToken interrupt);

    /// <summary>Runs <c>teardown(data)</c> as <see cref="RunSetup"/> does.</summary>
    /// <inheritdoc cref="RunSetup"/>
    void RunTeardown(VuContext context, string? setupDataJson, CancellationToken interrupt);

    /// <summary>
    /// Calls <c>handleSummary(data)</c> and gives its result: key <c>stdout</c>, <c>stderr</c> or a path, with the content
    /// (bytes of an ArrayBuffer, or text in UTF-8). Null when it returned undefined or null.
    /// </summary>
    /// <exception cref="ScriptException">The script threw, or returned what is not an object of strings; it is not logged yet.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="interrupt"/> was signalled.</exception>
    IReadOnlyDictionary<string, byte[]>? HandleSummary(VuContext context, string dataJson, CancellationToken interrupt);
}

/// <summary>One VU. Used by one thread at a time, which stays the same for its life.</summary>
internal interface IVirtualUser : IDisposable
{
    /// <summary>
    /// Runs one iteration: calls <paramref name="exec"/> with the set-up data, then runs promises and timers until nothing is left.
    /// <see cref="VuContext.Scenario"/> and the other fields of the context are set before. When <paramref name="interrupt"/> is signalled the
    /// iteration ends within milliseconds even if it sleeps, waits for a response or loops, and no <c>catch</c> or <c>finally</c> of the script runs on.
    /// </summary>
    /// <returns>How it ended; a <see cref="IterationResult.Failed"/> was logged by the VU already.</returns>
    IterationOutcome RunIteration(string exec, string? setupDataJson, CancellationToken interrupt);
}

/// <summary>How an iteration ended.</summary>
internal enum IterationResult
{
    /// <summary>It ran to its end.</summary>
    Completed,

    /// <summary>It threw. It counts as complete; the log has the exception.</summary>
    Failed,

    /// <summary>It was interrupted and does not count.</summary>
    Interrupted,

    /// <summary>It called <c>exec.test.abort</c>: the whole test ends.</summary>
    Aborted,
}

/// <summary>How an iteration ended.</summary>
/// <param name="Result">Which way.</param>
/// <param name="Message">For <see cref="IterationResult.Aborted"/>: <c>test aborted: REASON at default (file:///…:1:113)</c>; otherwise null.</param>
internal readonly record struct IterationOutcome(IterationResult Result, string? Message = null)
{
    public static IterationOutcome Completed => new(IterationResult.Completed);
    public static IterationOutcome Failed => new(IterationResult.Failed);
    public static IterationOutcome Interrupted => new(IterationResult.Interrupted);

    public static IterationOutcome Aborted(string message) => new(IterationResult.Aborted, message);
}

/// <summary>
/// An exception of the script, with k6's text and stack: <c>Error: boom\n\tat default (file:///…/a.js:1:71)\n</c>.
/// From <see cref="ITestScript.RunSetup"/> and its like it is a thrown script error: exit code 107.
/// </summary>
/// <param name="message">The text for the log.</param>
/// <param name="isStackTrace">True for what the script threw (the log record gets <c>hint</c> and <c>source</c>), false for what k6 says itself (an unresolved import, a syntax error).</param>
internal sealed class ScriptException(string message, bool isStackTrace = true) : Exception(message)
{
    /// <summary>Whether the script threw it, as opposed to a finding of the loader.</summary>
    public bool IsStackTrace { get; } = isStackTrace;

    /// <summary>The process's exit code; k6 uses 107 for most, 104 for a type error in options and 255 for a script without exports.</summary>
    public int ExitCode { get; init; } = Cli.ExitCodes.ScriptException;
}

/// <summary>The script called <c>exec.test.abort</c> outside of an iteration. The message is <c>test aborted: REASON at …</c>.</summary>
internal sealed class TestAbortedException(string message) : Exception(message);
