using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.History;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports;

/// <summary>A comparison with other runs, in the words of every report.</summary>
internal static class ChangeText
{
    private const string Explanation =
        "Before is the median of comparable earlier runs. A change counts when it is larger than what is allowed and than the noise between those runs.";

    /// <summary>The same of a test, whose base may have been measured in turn with it.</summary>
    public static string ExplanationOf(TestResult test) => test.Regressions is [{ Against: { } against }, ..]
        ? $"Before and now are medians of runs of {against} and of this in turn, in one job. A change counts when it is larger than what is allowed and than the noise between the pairs of runs."
        : Explanation;

    /// <summary>Heading: what changed, and against what where that is not the runs before.</summary>
    public static string Title(TestResult test) => test.Regressions is [{ Against: { } against }, ..] ? $"What changed against {against}" : "What changed";

    /// <summary>One line for terminals.</summary>
    public static string Line(RegressionResult change)
    {
        var figure = $"{change.Metric} {change.Statistic}{(change.Actual is { } actual ? $" = {Figures.Value(actual, change.Unit)}" : "")}";
        return change.Change is null || change.Verdict == RegressionVerdict.Inconclusive
            ? $"{figure}: {Verdict(change)}"
            : $"{figure}, {Change(change)} (allowed {Allowed(change)}, seen from {Detectable(change)})";
    }

    /// <summary>Before; a dash without earlier runs.</summary>
    public static string Baseline(RegressionResult change) => change.Baseline is { } value ? Figures.Readable(value, change.Unit) : "–";

    /// <summary>Now.</summary>
    public static string Now(RegressionResult change) => change.Actual is { } value ? Figures.Readable(value, change.Unit) : "not measured";

    /// <summary>The second measurement; null without one.</summary>
    public static string? Again(RegressionResult change) => change.ActualAgain is { } value ? $"again {Figures.Readable(value, change.Unit)}" : null;

    /// <summary>The change with its sign; a dash without a baseline.</summary>
    public static string Change(RegressionResult change) => change.Change is { } value ? RegressionGate.Signed(value) : "–";

    /// <summary>Width of the noise; a dash without a baseline.</summary>
    public static string Noise(RegressionResult change) => change.Noise is { } value ? Figures.Percent(value) : "–";

    /// <summary>What is allowed, with the direction that is worse.</summary>
    public static string Allowed(RegressionResult change) => RegressionGate.Signed(change.MoreIsWorse ? change.Allowed : -change.Allowed);

    /// <summary>The smallest change that would have been seen; a dash without a baseline.</summary>
    public static string Detectable(RegressionResult change) => change.Detectable is { } value ? RegressionGate.Signed(change.MoreIsWorse ? value : -value) : "–";

    /// <summary>The verdict in a word or two.</summary>
    public static string Verdict(RegressionResult change) => change.Verdict switch
    {
        _ when change.Actual is null => "not measured",
        RegressionVerdict.Regressed => "worse",
        RegressionVerdict.Improved => "better",
        RegressionVerdict.Inconclusive => "too noisy",
        RegressionVerdict.NoBaseline when change.Against is not null => "no figures to compare",
        RegressionVerdict.NoBaseline => change.Runs == 0 ? "no earlier runs" : $"{change.Runs} of {Regression.MinRuns} earlier runs",
        _ => "no worse",
    };

    /// <summary>How it is marked: an error and a warning are, and what says nothing; null for what is as it should be.</summary>
    public static DiagnosticSeverity? Mark(RegressionResult change) => change.Verdict switch
    {
        RegressionVerdict.Regressed => change.Severity == ThresholdSeverity.Error ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
        _ when change.Actual is null => DiagnosticSeverity.Error,
        RegressionVerdict.Inconclusive => DiagnosticSeverity.Warning,
        RegressionVerdict.NoBaseline => DiagnosticSeverity.Info,
        _ => null,
    };
}
