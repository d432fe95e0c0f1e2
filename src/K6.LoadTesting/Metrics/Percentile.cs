using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Metrics;

/// <summary>
/// Percentiles as k6 computes them: linear interpolation between the two nearest of all samples, at
/// <c>percent / 100 × (n − 1)</c>. The order of the floating-point operations matters: it makes results equal k6's to the last digit.
/// </summary>
internal static class Percentile
{
    /// <summary>Position of a percentile among sorted samples: the index below it and the fraction of the way to the next.</summary>
    /// <param name="percent">0 to 100.</param>
    /// <param name="count">Number of samples, at least 1.</param>
    public static (long Index, double Fraction) Position(double percent, long count)
    {
        var position = percent / 100 * (count - 1);
        var index = Math.Floor(position);
        return ((long)index, position - index);
    }

    /// <summary>Value between two neighbours.</summary>
    public static double Between(double lower, double upper, double fraction) => lower + ((upper - lower) * fraction);

    /// <summary>Percentile of sorted samples; 0 when there are none, as k6 has it.</summary>
    public static double Of(ReadOnlySpan<double> sorted, double percent)
    {
        if (sorted.IsEmpty)
        {
            return 0;
        }

        var (index, fraction) = Position(percent, sorted.Length);
        return fraction == 0 ? sorted[(int)index] : Between(sorted[(int)index], sorted[(int)index + 1], fraction);
    }

    /// <summary>Percent of a statistic: <c>p(99.9)</c>, or <c>med</c>, which is 50; null for any other.</summary>
    public static double? Of(string statistic) => statistic == "med" ? 50 : ThresholdExpression.PercentileOf(statistic);
}
