namespace K6.LoadTesting.Diagnostics;

internal static partial class Rules
{
    /// <summary>A test runner is to run load tests that no build has prepared.</summary>
    public static readonly DiagnosticRule NotPrepared = new("KSDK0036", DiagnosticSeverity.Error, "The load tests were not built");

    /// <summary>The filter of a test runner cannot be read.</summary>
    public static readonly DiagnosticRule InvalidTestFilter = new("KSDK0037", DiagnosticSeverity.Error, "The test filter cannot be read");
}
