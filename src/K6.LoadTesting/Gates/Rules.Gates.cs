namespace K6.LoadTesting.Diagnostics;

internal static partial class Rules
{
    /// <summary>A threshold was crossed.</summary>
    public static readonly DiagnosticRule ThresholdCrossed =
        new("KSDK0320", DiagnosticSeverity.Error, "A threshold was crossed");

    /// <summary>The engine says that a threshold was crossed, and the final figures do not show it.</summary>
    public static readonly DiagnosticRule ThresholdCrossedPerEngine =
        new("KSDK0321", DiagnosticSeverity.Error, "A threshold was crossed by the engine's account only");

    /// <summary>Nothing was measured for a threshold, so it proves nothing.</summary>
    public static readonly DiagnosticRule ThresholdWithoutSamples =
        new("KSDK0322", DiagnosticSeverity.Error, "A threshold has no samples");

    /// <summary>A threshold was declared and is not in what the engine evaluated.</summary>
    public static readonly DiagnosticRule ThresholdNotEvaluated =
        new("KSDK0323", DiagnosticSeverity.Error, "A threshold was not evaluated");

    /// <summary>A tag of a threshold occurs in no plan, script or sample.</summary>
    public static readonly DiagnosticRule ThresholdTagUnknown =
        new("KSDK0324", DiagnosticSeverity.Warning, "A tag of a threshold occurs nowhere");

    /// <summary>The engine ended with crossed thresholds, and none of those that are known was crossed.</summary>
    public static readonly DiagnosticRule UnknownThresholdCrossed =
        new("KSDK0325", DiagnosticSeverity.Error, "The engine reports crossed thresholds, and the results show none");

    /// <summary>A threshold for each value of a tag that has too many of them.</summary>
    public static readonly DiagnosticRule TooManyValues =
        new("KSDK0343", DiagnosticSeverity.Error, "A tag has too many values for a threshold each");

    /// <summary>No iteration was completed.</summary>
    public static readonly DiagnosticRule NoIterations =
        new("KSDK0330", DiagnosticSeverity.Error, "No iteration was completed");

    /// <summary>Every request failed, and no threshold looked at it.</summary>
    public static readonly DiagnosticRule EveryRequestFailed =
        new("KSDK0331", DiagnosticSeverity.Error, "Every request failed");

    /// <summary>Iterations threw exceptions.</summary>
    public static readonly DiagnosticRule IterationExceptions =
        new("KSDK0332", DiagnosticSeverity.Error, "Iterations threw exceptions");

    /// <summary>Iterations were started and never finished: users hung.</summary>
    public static readonly DiagnosticRule IterationsInterrupted =
        new("KSDK0333", DiagnosticSeverity.Error, "Too many iterations were interrupted");

    /// <summary>A scenario ran without a complete iteration.</summary>
    public static readonly DiagnosticRule ScenarioWithoutIteration =
        new("KSDK0334", DiagnosticSeverity.Error, "A scenario completed no iteration");

    /// <summary>The engine told nothing of its progress, so hung users would not be seen.</summary>
    public static readonly DiagnosticRule ProgressUnknown =
        new("KSDK0335", DiagnosticSeverity.Error, "The number of interrupted iterations is unknown");

    /// <summary>Scheduled iterations were never started, more than allowed.</summary>
    public static readonly DiagnosticRule IterationsDropped =
        new("KSDK0336", DiagnosticSeverity.Error, "Too many iterations were dropped");

    /// <summary>Scheduled iterations were never started, fewer than allowed.</summary>
    public static readonly DiagnosticRule SomeIterationsDropped =
        new("KSDK0337", DiagnosticSeverity.Warning, "Some iterations were dropped");

    /// <summary>The machine that made the load was too slow for it.</summary>
    public static readonly DiagnosticRule GeneratorSaturated =
        new("KSDK0338", DiagnosticSeverity.Error, "The load generator was saturated");

    /// <summary>The machine had no CPU to spare, so the figures are of a fight for it.</summary>
    public static readonly DiagnosticRule MachineSaturated =
        new("KSDK0339", DiagnosticSeverity.Warning, "The machine was saturated");

    /// <summary>The engine ended well and left no summary.</summary>
    public static readonly DiagnosticRule SummaryMissing =
        new("KSDK0340", DiagnosticSeverity.Error, "The summary is missing");

    /// <summary>The summary is of another run.</summary>
    public static readonly DiagnosticRule SummaryStale =
        new("KSDK0341", DiagnosticSeverity.Error, "The summary is of another run");

    /// <summary>The summary is cut short or not what it should be.</summary>
    public static readonly DiagnosticRule SummaryInvalid =
        new("KSDK0342", DiagnosticSeverity.Error, "The summary cannot be read");
}
