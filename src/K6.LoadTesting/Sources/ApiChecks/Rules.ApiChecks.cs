namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of the API check: 0640 to 0644.</content>
internal static partial class Rules
{
    /// <summary>An answer that is not as expected.</summary>
    public static readonly DiagnosticRule ApiCheckFailed = new("KSDK0640", DiagnosticSeverity.Error, "an answer is not as expected");

    /// <summary>A project without requests.</summary>
    public static readonly DiagnosticRule ApiCheckNothing = new("KSDK0641", DiagnosticSeverity.Error, "no requests to check");
}
