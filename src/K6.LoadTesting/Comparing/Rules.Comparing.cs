namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of the comparison of two services in one job: 0420 to 0429.</content>
internal static partial class Rules
{
    /// <summary><c>K6CompareWith</c> is neither a commit of the repository nor a project.</summary>
    public static readonly DiagnosticRule BaseNotFound = new("KSDK0420", DiagnosticSeverity.Error, "There is no such base");

    /// <summary>A service has no counterpart in the base, or cannot run beside it.</summary>
    public static readonly DiagnosticRule BaseNotComparable = new("KSDK0421", DiagnosticSeverity.Error, "The services cannot be compared");

    /// <summary>The base did not build.</summary>
    public static readonly DiagnosticRule BaseNotBuilt = new("KSDK0422", DiagnosticSeverity.Error, "The base did not build");

    /// <summary>A comparison without a <c>K6Regression</c> that judges it.</summary>
    public static readonly DiagnosticRule NothingToJudge = new("KSDK0423", DiagnosticSeverity.Error, "A comparison that nothing judges");

    /// <summary>A run of a comparison did not end well.</summary>
    public static readonly DiagnosticRule ComparisonBroken = new("KSDK0424", DiagnosticSeverity.Error, "A run of the comparison broke off");
}
