using K6.LoadTesting.Metrics;

namespace K6.LoadTesting.History;

/// <summary>What a comparison with a baseline came to.</summary>
public enum RegressionVerdict
{
    /// <summary>No worse than it may be.</summary>
    Ok,

    /// <summary>Better by more than the noise.</summary>
    Improved,

    /// <summary>Worse by more than was allowed and by more than the noise.</summary>
    Regressed,

    /// <summary>The noise is too large to tell.</summary>
    Inconclusive,

    /// <summary>There are too few runs to compare with.</summary>
    NoBaseline,
}

/// <summary>A figure against those of earlier runs.</summary>
/// <param name="Verdict">What it came to.</param>
/// <param name="Baseline">Median of the earlier runs; null without any.</param>
/// <param name="Change">Relative change against it: 0.1 is 10 % more; null without a baseline.</param>
/// <param name="Noise">The relative change up to which a figure cannot be told from noise; null without a baseline.</param>
/// <param name="Detectable">The smallest relative change that would have been a regression: larger than the noise, and than what was allowed; null without a baseline.</param>
/// <param name="Runs">How many earlier runs there were.</param>
internal sealed record Comparison(RegressionVerdict Verdict, double? Baseline, double? Change, double? Noise, double? Detectable, int Runs);

/// <summary>
/// Compares a figure with those of earlier runs, on a logarithmic scale: a change has to be larger than was allowed <em>and</em> larger than the noise between runs, which is
/// up to twenty times what one run shows inside. The measurements behind this are in docs/regression.md.
/// </summary>
internal static class Regression
{
    /// <summary>Fewer runs tell nothing about their noise.</summary>
    public const int MinRuns = 5;

    /// <summary>More runs reach back into other times.</summary>
    public const int MaxRuns = 10;

    /// <summary>Fewer pairs of runs tell nothing about their noise.</summary>
    public const int MinPairs = 3;

    /// <summary>More pairs than the table below has quantiles for.</summary>
    public const int MaxPairs = 10;

    private const double LeastSigma = 0.01;
    private static readonly double WidestBand = Math.Log(1.5);

    // Quantiles 0.95 of Student's t with 1 to 9 degrees of freedom.
    private static readonly double[] StudentT = [6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833];

    /// <summary>Compares.</summary>
    /// <param name="baseline">The figure in earlier runs, newest last; those that are not above zero do not count.</param>
    /// <param name="actual">The figure now; the median of several runs when it was measured again.</param>
    /// <param name="measured">How many runs <paramref name="actual"/> comes from.</param>
    /// <param name="allowed">The relative change that is allowed, above 0.</param>
    /// <param name="moreIsWorse">Whether more is worse, as of times; otherwise less is, as of rates.</param>
    /// <param name="logError">Standard error of the logarithm within runs; null when unknown.</param>
    public static Comparison Compare(
        IReadOnlyList<double> baseline, double actual, int measured, double allowed, bool moreIsWorse, double? logError = null)
    {
        double[] logs = [.. baseline.Where(value => value > 0).TakeLast(MaxRuns).Select(value => Math.Log(value))];
        if (logs.Length < MinRuns || actual <= 0)
        {
            return new Comparison(RegressionVerdict.NoBaseline, logs.Length == 0 ? null : Math.Exp(Median(logs)), null, null, null, logs.Length);
        }

        var middle = Median(logs);
        var sigma = new[] { 1.4826 * Median([.. logs.Select(log => Math.Abs(log - middle))]), 0.5 * StandardDeviation(logs), logError ?? 0, LeastSigma }.Max();
        var band = StudentT[logs.Length - 2] * sigma * Math.Sqrt((1.57 / measured) + (1.57 / logs.Length));
        return Judge(Math.Log(actual) - middle, band, Math.Exp(middle), allowed, moreIsWorse, logs.Length);
    }

    private static Comparison Judge(double change, double band, double baseline, double allowed, bool moreIsWorse, int runs)
    {
        var worse = moreIsWorse ? change : -change;
        var limit = moreIsWorse ? Math.Log(1 + allowed) : -Math.Log(1 - Math.Min(allowed, 0.99));
        var verdict = worse > limit && worse > band ? RegressionVerdict.Regressed
            : band > WidestBand ? RegressionVerdict.Inconclusive
            : -worse > limit && -worse > band ? RegressionVerdict.Improved
            : RegressionVerdict.Ok;
        var detectable = Math.Max(band, limit);
        return new Comparison(verdict, baseline, Math.Exp(change) - 1, Relative(band), Relative(detectable), runs);

        // For the worse: how much more, or how much less.
        double Relative(double logarithm) => moreIsWorse ? Math.Exp(logarithm) - 1 : 1 - Math.Exp(-logarithm);
    }

    /// <summary>
    /// Compares runs of two services that were measured in turn, pair by pair: what slows the machine down for a while slows both. The mean of the logarithmic differences has
    /// to be larger than was allowed and larger than its own error.
    /// </summary>
    /// <param name="pairs">The figure of the base and of what is compared with it; pairs that are not above zero do not count.</param>
    /// <param name="allowed">The relative change that is allowed, above 0.</param>
    /// <param name="moreIsWorse">Whether more is worse.</param>
    public static Comparison ComparePairs(IReadOnlyList<(double Base, double Head)> pairs, double allowed, bool moreIsWorse)
    {
        var valid = pairs.Where(pair => pair is { Base: > 0, Head: > 0 }).ToList();
        if (valid.Count < MinPairs)
        {
            return new Comparison(RegressionVerdict.NoBaseline, valid.Count == 0 ? null : Median([.. valid.Select(pair => pair.Base)]), null, null, null, valid.Count);
        }

        double[] differences = [.. valid.Select(pair => Math.Log(pair.Head / pair.Base))];
        var sigma = Math.Max(StandardDeviation(differences), LeastSigma);
        return Judge(differences.Average(), StudentT[valid.Count - 2] * sigma / Math.Sqrt(valid.Count), Median([.. valid.Select(pair => pair.Base)]), allowed, moreIsWorse, valid.Count);
    }

    /// <summary>The median.</summary>
    public static double Median(IReadOnlyCollection<double> values) => Percentile.Of([.. values.Order()], 50);

    private static double StandardDeviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
