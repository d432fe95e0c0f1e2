namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of history and comparison: 0401 to 0449.</content>
internal static partial class Rules
{
    /// <summary>Lines of a history cannot be read.</summary>
    public static readonly DiagnosticRule HistoryLines = new("KSDK0401", DiagnosticSeverity.Warning, "Lines of the history cannot be read");

    /// <summary>A history cannot be read or written.</summary>
    public static readonly DiagnosticRule HistoryUnreadable = new("KSDK0402", DiagnosticSeverity.Error, "The history cannot be read or written");

    /// <summary>The file is no history.</summary>
    public static readonly DiagnosticRule HistoryForeign = new("KSDK0403", DiagnosticSeverity.Error, "The file is no history");

    /// <summary>A run that is to be compared is in no history.</summary>
    public static readonly DiagnosticRule RunNotFound = new("KSDK0404", DiagnosticSeverity.Error, "No such run");

    /// <summary>A figure is worse than in earlier runs.</summary>
    public static readonly DiagnosticRule Regressed = new("KSDK0410", DiagnosticSeverity.Warning, "A figure got worse");

    /// <summary>The noise between runs is too large to compare.</summary>
    public static readonly DiagnosticRule RegressionInconclusive = new("KSDK0411", DiagnosticSeverity.Warning, "Too noisy to compare");

    /// <summary>There are too few comparable runs.</summary>
    public static readonly DiagnosticRule NoBaseline = new("KSDK0412", DiagnosticSeverity.Info, "Nothing to compare with");

    /// <summary>A regression looks at a metric that the run did not measure.</summary>
    public static readonly DiagnosticRule RegressionWithoutMetric = new("KSDK0413", DiagnosticSeverity.Error, "A regression without its metric");
}
