namespace K6.LoadTesting.Diagnostics;

internal static partial class Rules
{
    /// <summary>The live page could not be opened.</summary>
    public static readonly DiagnosticRule DashboardNotStarted =
        new("KSDK0378", DiagnosticSeverity.Warning, "The live page cannot be shown");

    /// <summary>The folder of results cannot be made or written.</summary>
    public static readonly DiagnosticRule ResultsNotWritable =
        new("KSDK0380", DiagnosticSeverity.Error, "The results folder cannot be written");

    /// <summary>The run was cancelled before it was over.</summary>
    public static readonly DiagnosticRule RunCancelled =
        new("KSDK0381", DiagnosticSeverity.Error, "The load test was cancelled");

    /// <summary>An output that the engine does not have.</summary>
    public static readonly DiagnosticRule OutputNotOfEngine =
        new("KSDK0382", DiagnosticSeverity.Error, "The engine has no such output");

    /// <summary>A <c>K6Output</c> that k6 could not use.</summary>
    public static readonly DiagnosticRule InvalidOutput =
        new("KSDK0383", DiagnosticSeverity.Error, "invalid output");

    /// <summary>Tests did not run since one before them failed, as <c>K6ContinueOnFailure</c> has it.</summary>
    public static readonly DiagnosticRule TestsNotRun =
        new("KSDK0384", DiagnosticSeverity.Info, "Tests after a failed one did not run");

    /// <summary>A load test began and left no result.</summary>
    public static readonly DiagnosticRule ResultMissing =
        new("KSDK0385", DiagnosticSeverity.Error, "A load test began and left no result");

    /// <summary>A result is not of what is to be verified: another project, commit or tests.</summary>
    public static readonly DiagnosticRule ResultOfSomethingElse =
        new("KSDK0386", DiagnosticSeverity.Error, "The result is of something else");

    /// <summary>A suite without anything to run, or a filter that matches nothing in it.</summary>
    public static readonly DiagnosticRule SuiteWithoutTests =
        new("KSDK0387", DiagnosticSeverity.Error, "The suite has nothing to run");
}
