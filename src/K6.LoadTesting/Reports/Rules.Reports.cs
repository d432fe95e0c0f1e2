namespace K6.LoadTesting.Diagnostics;

internal static partial class Rules
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

    /// <summary>A file of another k6 run is nothing that k6 writes, or damaged.</summary>
    public static readonly DiagnosticRule ImportUnknown =
        new("KSDK0373", DiagnosticSeverity.Error, "The file cannot be imported");

    /// <summary>Several summaries, whose percentiles cannot be joined.</summary>
    public static readonly DiagnosticRule ImportNotMergeable =
        new("KSDK0374", DiagnosticSeverity.Error, "Several summaries cannot be joined");

    /// <summary>A tag of requests has too many values.</summary>
    public static readonly DiagnosticRule TagTooWide =
        new("KSDK0375", DiagnosticSeverity.Warning, "A tag has too many values");

    /// <summary>Raw samples end in the middle.</summary>
    public static readonly DiagnosticRule SamplesTruncated =
        new("KSDK0376", DiagnosticSeverity.Warning, "The samples are cut short");

    /// <summary>Something asks for raw samples, which are not kept.</summary>
    public static readonly DiagnosticRule SamplesNotKept =
        new("KSDK0377", DiagnosticSeverity.Error, "There are no raw samples");
}
