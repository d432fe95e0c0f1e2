namespace K6.LoadTesting.Diagnostics;

public static partial class Rules
{
    /// <summary>The folder of results cannot be made or written.</summary>
    public static readonly DiagnosticRule ResultsNotWritable =
        new("KSDK0380", DiagnosticSeverity.Error, "The results folder cannot be written");

    /// <summary>The run was cancelled before it was over.</summary>
    public static readonly DiagnosticRule RunCancelled =
        new("KSDK0381", DiagnosticSeverity.Error, "The load test was cancelled");
}
