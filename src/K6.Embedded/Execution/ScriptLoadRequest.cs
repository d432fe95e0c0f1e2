namespace K6.Embedded.Execution;

/// <summary>
/// What <c>Runtime.ScriptLoader.Load(ScriptLoadRequest)</c> needs to load a script and run its init code once.
/// It throws <see cref="ScriptException"/> (with its exit code), or <see cref="TestAbortedException"/> for <c>exec.test.abort</c> in init code.
/// The caller adds k6's <c>could not initialize '…': could not load JS test 'file:///…': </c> to the messages of both where they are no stack traces.
/// </summary>
/// <param name="Path">The script's absolute path.</param>
/// <param name="Source">The script's text when it came from standard input; null to read the file.</param>
/// <param name="Environment">What <c>__ENV</c> holds before a scenario's own <c>env</c>.</param>
/// <param name="Test">The test; its options are not known yet.</param>
/// <param name="CompatibilityMode"><c>extended</c> (<c>global</c> is an alias) or <c>base</c>.</param>
internal sealed record ScriptLoadRequest(
    string Path,
    string? Source,
    IReadOnlyDictionary<string, string> Environment,
    TestState Test,
    string CompatibilityMode = "extended")
{
    /// <summary>Ends init code that does not end by itself.</summary>
    public CancellationToken Interrupt { get; init; }
}
