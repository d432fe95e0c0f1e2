namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of recordings: 0630 to 0639.</content>
internal static partial class Rules
{
    /// <summary>A file that is no recording, or that ends in the middle.</summary>
    public static readonly DiagnosticRule HarMalformed = new("KSDK0630", DiagnosticSeverity.Error, "no recording, or one that is cut off");

    /// <summary>A recording of which nothing is left.</summary>
    public static readonly DiagnosticRule HarEmpty = new("KSDK0631", DiagnosticSeverity.Error, "nothing to replay in the recording");

    /// <summary>A secret in a recording that the project does not declare.</summary>
    public static readonly DiagnosticRule HarSecret = new("KSDK0632", DiagnosticSeverity.Error, "a secret in the recording is not declared");

    /// <summary>Something in a recording that is not replayed.</summary>
    public static readonly DiagnosticRule HarLeftOut = new("KSDK0633", DiagnosticSeverity.Warning, "a part of the recording is left out");

    /// <summary>More requests, or a larger one, than a script holds.</summary>
    public static readonly DiagnosticRule HarTooLarge = new("KSDK0634", DiagnosticSeverity.Error, "the recording is too large for one scenario");
}
