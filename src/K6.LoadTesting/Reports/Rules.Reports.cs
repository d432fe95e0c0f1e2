namespace K6.LoadTesting.Diagnostics;

public static partial class Rules
{
    /// <summary>A result that reports are to be made of is missing, cut short, or something else.</summary>
    public static readonly DiagnosticRule ResultUnreadable =
        new("KSDK0370", DiagnosticSeverity.Error, "The result cannot be read");

    /// <summary>A result was written by a later version.</summary>
    public static readonly DiagnosticRule ResultTooNew =
        new("KSDK0371", DiagnosticSeverity.Error, "The result is of a later version");

    /// <summary>The summary of the CI job could not be written.</summary>
    public static readonly DiagnosticRule StepSummaryNotWritten =
        new("KSDK0372", DiagnosticSeverity.Warning, "The job summary is not written");
}
