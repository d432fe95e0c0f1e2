using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Live;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Running;

/// <summary>Something that a person who waits for a load test wants to see.</summary>
public abstract record RunEvent;

/// <summary>A phase outside of the load began, such as the start of a service.</summary>
/// <param name="Text">Short, for one row: <c>starting Shop.Api</c>.</param>
public sealed record PhaseStarted(string Text) : RunEvent;

/// <summary>An engine starts a test.</summary>
/// <param name="Test">Name of the test.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Planned">Planned length of the load without graceful stops, the longest one where iterations decide; null when unknown.</param>
public sealed record TestStarted(string Test, EngineInfo Engine, TimeSpan? Planned) : RunEvent;

/// <summary>The load goes on.</summary>
/// <param name="Test">Name of the test.</param>
/// <param name="Progress">Figures of the engine's last progress line.</param>
public sealed record TestProgressed(string Test, EngineProgress Progress) : RunEvent
{
    /// <summary>Requests of the last second; null before the first.</summary>
    public LiveFigures? Figures { get; init; }
}

/// <summary>The live page can be looked at.</summary>
/// <param name="Address">Its address, on this machine only.</param>
public sealed record DashboardStarted(Uri Address) : RunEvent;

/// <summary>A warm-up goes on; none of its figures will be in a result.</summary>
/// <param name="Test">Name of the test that it is for.</param>
/// <param name="Progress">Figures of the engine's last progress line.</param>
/// <param name="Planned">Length of its load.</param>
public sealed record WarmUpProgressed(string Test, EngineProgress Progress, TimeSpan Planned) : RunEvent;

/// <summary>A test was judged.</summary>
/// <param name="Result">Its result.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Diagnostics">What was reported about it, in order.</param>
public sealed record TestFinished(TestResult Result, EngineInfo Engine, IReadOnlyList<ReportedDiagnostic> Diagnostics) : RunEvent;

/// <summary>With <c>K6Debug</c>, what a test sent, received, printed and threw, in its order.</summary>
/// <param name="Test">Name of the test.</param>
/// <param name="Text">Lines for people, the same as in <c>debug.txt</c>, long bodies cut.</param>
public sealed record DebugLog(string Test, string Text) : RunEvent;

/// <summary>The results are in their place; never said when the load test ended before there were any.</summary>
/// <param name="Folder">Absolute path of the folder of results.</param>
public sealed record ResultsPublished(string Folder) : RunEvent;

/// <summary>A diagnostic, as soon as it is known.</summary>
/// <param name="Diagnostic">The diagnostic.</param>
/// <param name="Test">Test that it belongs to; null for the invocation.</param>
public sealed record DiagnosticReported(Diagnostic Diagnostic, string? Test) : RunEvent;
