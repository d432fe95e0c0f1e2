namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of test data: 0660 to 0679.</content>
internal static partial class Rules
{
    /// <summary>A data file, or a generator, without rows.</summary>
    public static readonly DiagnosticRule DataEmpty = new("KSDK0660", DiagnosticSeverity.Error, "no rows of test data");

    /// <summary>A header with empty or repeated names, or that lacks a declared column.</summary>
    public static readonly DiagnosticRule DataHeader = new("KSDK0661", DiagnosticSeverity.Error, "the header of the data does not fit");

    /// <summary>A row with more or fewer columns than the header.</summary>
    public static readonly DiagnosticRule DataRagged = new("KSDK0662", DiagnosticSeverity.Error, "a row has another number of columns");

    /// <summary>A file that is no CSV or no JSON.</summary>
    public static readonly DiagnosticRule DataMalformed = new("KSDK0663", DiagnosticSeverity.Error, "malformed test data");

    /// <summary>A file in another encoding than UTF-8, or UTF-16 and UTF-32 with their mark.</summary>
    public static readonly DiagnosticRule DataEncoding = new("KSDK0664", DiagnosticSeverity.Error, "test data in a wrong encoding");

    /// <summary>A value that is not of its column's declared type.</summary>
    public static readonly DiagnosticRule DataValue = new("KSDK0665", DiagnosticSeverity.Error, "a value is not of its column's type");

    /// <summary>Generated data without a seed in a CI build.</summary>
    public static readonly DiagnosticRule SeedMissing = new("KSDK0666", DiagnosticSeverity.Error, "generated data without a seed in CI");

    /// <summary>The seed that was chosen for generated data without one.</summary>
    public static readonly DiagnosticRule SeedChosen = new("KSDK0667", DiagnosticSeverity.Info, "a seed was chosen");

    /// <summary>More rows than an engine holds comfortably.</summary>
    public static readonly DiagnosticRule DataLarge = new("KSDK0668", DiagnosticSeverity.Warning, "very large test data");
}
