using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>Small graphics inside of tables. Each says what its row says in words.</summary>
internal static class Bars
{
    /// <summary>How much of a limit is used up, 1 at the limit; null where that says nothing.</summary>
    public static double? Used(ThresholdResult threshold) =>
        threshold.Actual is { } actual && threshold.Limit > 0 && double.IsFinite(threshold.Limit) && double.IsFinite(actual)
            ? threshold.Operator switch
            {
                "<" or "<=" => Math.Max(0, actual / threshold.Limit),
                ">" or ">=" when actual > 0 => threshold.Limit / actual,
                _ => null,
            }
            : null;

    /// <summary>Verdict with a sign and a word, never colour alone.</summary>
    public static string Mark(Verdict verdict) => verdict == Verdict.Passed
        ? "<span class=\"good\"><span aria-hidden=\"true\">✓</span> passed</span>"
        : "<span class=\"bad\"><span aria-hidden=\"true\">✗</span> failed</span>";

    /// <summary>The value as a bar against the limit as a line.</summary>
    public static void Limit(HtmlText html, ThresholdResult threshold)
    {
        if (threshold.Actual is not { } actual || !(threshold.Limit > 0) || !double.IsFinite(threshold.Limit) || !(actual >= 0) || !double.IsFinite(actual))
        {
            return;
        }

        var end = Math.Max(Math.Min(actual, threshold.Limit * 3), threshold.Limit * 1.15);
        html.Add($"<svg class=\"bullet\" aria-hidden=\"true\" width=\"120\" height=\"14\"><rect class=\"track\" fill-opacity=\".15\" width=\"120\" height=\"8\" y=\"3\"/><rect class=\"{(threshold.Verdict == ThresholdVerdict.Passed ? "good" : "bad")}\" width=\"{Math.Min(1, actual / end) * 120}\" height=\"8\" y=\"3\"/><rect class=\"at\" x=\"{(threshold.Limit / end * 120) - 1}\" width=\"2\" height=\"14\"/></svg>");
    }

    /// <summary>A change as a bar from the middle, the noise around it as a band, what is allowed as a line.</summary>
    public static void Change(HtmlText html, RegressionResult change)
    {
        if (change is not { Change: { } actual, Noise: { } noise } || !double.IsFinite(actual) || !double.IsFinite(noise) || !double.IsFinite(change.Allowed))
        {
            return;
        }

        const double Middle = 60;
        var allowed = change.MoreIsWorse ? change.Allowed : -change.Allowed;
        var end = new[] { Math.Min(Math.Abs(actual), 3 * Math.Max(noise, change.Allowed)), noise, change.Allowed, 0.01 }.Max() * 1.15;
        var (band, at) = (noise / end * Middle, Math.Clamp(actual / end, -1, 1) * Middle);
        html.Add($"<svg class=\"bullet\" aria-hidden=\"true\" width=\"120\" height=\"14\"><rect class=\"track\" x=\"{Middle - band}\" width=\"{band * 2}\" height=\"14\"/><rect class=\"{ColourOf(change)}\" x=\"{Middle + Math.Min(0, at)}\" width=\"{Math.Abs(at)}\" height=\"8\" y=\"3\"/><rect class=\"at\" x=\"{Middle + (allowed / end * Middle) - 1}\" width=\"2\" height=\"14\"/></svg>");
    }

    private static string ColourOf(RegressionResult change) => change.Verdict switch
    {
        History.RegressionVerdict.Regressed => "bad",
        History.RegressionVerdict.Improved => "good",
        _ => "c",
    };

    /// <summary>A share of 1 as a bar.</summary>
    public static void Share(HtmlText html, double share, string style) =>
        html.Add($"<svg class=\"bullet\" aria-hidden=\"true\" width=\"80\" height=\"14\"><rect class=\"track\" fill-opacity=\".15\" width=\"80\" height=\"8\" y=\"3\"/><rect class=\"{style}\" width=\"{Math.Clamp(share, 0, 1) * 80}\" height=\"8\" y=\"3\"/></svg>");
}
