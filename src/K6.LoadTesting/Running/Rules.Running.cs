namespace K6.LoadTesting.Diagnostics;

public static partial class Rules
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
}
