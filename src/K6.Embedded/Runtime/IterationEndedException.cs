namespace K6.Embedded.Runtime;

/// <summary>The VU was told to stop. Not a JavaScript error: no <c>catch</c> or <c>finally</c> of a script sees it.</summary>
internal sealed class IterationInterruptedException() : OperationCanceledException("the iteration was interrupted");

/// <summary><c>exec.test.abort</c> was called. Not a JavaScript error either.</summary>
/// <param name="message"><c>test aborted: REASON at default (file:///…)</c>.</param>
internal sealed class ScriptAbortedException(string message) : Exception(message);
