using System.Globalization;

namespace K6.LoadTesting.Plans;

/// <summary>A threshold in k6's grammar: a statistic, an operator, a number. Read exactly as k6 2.2 reads it.</summary>
/// <param name="Statistic">k6's aggregation: <c>avg</c>, <c>min</c>, <c>med</c>, <c>max</c>, <c>p(95)</c>, <c>count</c>, <c>rate</c>, <c>value</c>; a bare <c>p</c> is <c>p(0)</c>.</param>
/// <param name="Operator">k6's operator.</param>
/// <param name="Limit">Limit, in k6's unit.</param>
internal sealed record ThresholdExpression(string Statistic, string Operator, double Limit)
{
    // k6 looks for them in this order and splits at the first that occurs.
    private static readonly string[] Operators = ["<=", "<", ">=", ">", "===", "==", "!="];

    /// <summary>The percent of a percentile; null for other statistics.</summary>
    public double? Percentile => PercentileOf(Statistic);

    /// <summary>Reads an expression.</summary>
    /// <param name="text">Such as <c>p(95)&lt;500</c>.</param>
    /// <param name="error">What is wrong and what to do, a sentence; null when nothing is.</param>
    public static ThresholdExpression? TryParse(string text, out string? error)
    {
        if (Operators.FirstOrDefault(candidate => text.Contains(candidate, StringComparison.Ordinal)) is not { } op)
        {
            error = $"'{text}' has no operator; write a statistic, one of {string.Join(' ', Operators)}, and a number, such as p(95)<500.";
            return null;
        }

        var at = text.IndexOf(op, StringComparison.Ordinal);
        if (TryStatistic(text[..at].Trim(), out error) is not { } statistic)
        {
            return null;
        }

        var number = text[(at + op.Length)..].Trim();
        if (!GoNumber.TryParse(number, out var limit))
        {
            error = $"'{number}' in '{text}' is not a number; k6's expressions know no units (times are ms, rates 0 to 1) and no && or ||: declare one threshold for each.";
            return null;
        }

        return new ThresholdExpression(statistic, op, limit);
    }

    /// <summary>Reads a statistic.</summary>
    /// <param name="text">Such as <c>p(95)</c>.</param>
    /// <param name="error">What is wrong and what to do, a sentence; null when nothing is.</param>
    /// <returns>The statistic as k6's summary names it, or null.</returns>
    public static string? TryStatistic(string text, out string? error)
    {
        error = null;
        if (text is "value" or "count" or "rate" or "avg" or "min" or "med" or "max")
        {
            return text;
        }

        if (text == "p")
        {
            return "p(0)";
        }

        if (!text.StartsWith("p(", StringComparison.Ordinal) || !text.EndsWith(')'))
        {
            var meant = text.ToUpperInvariant() switch
            {
                "MEDIAN" or "P50" => "med",
                "MEAN" or "AVERAGE" => "avg",
                "MINIMUM" => "min",
                "MAXIMUM" => "max",
                ['P', .. var percent] when GoNumber.TryParse(percent.Trim(" ()".AsSpan()), out _) => $"p({percent.Trim().Trim('(', ')').Trim()})",
                _ => NearestName.Of(text, ["value", "count", "rate", "avg", "min", "med", "max"]),
            };
            error = $"'{text}' is not a statistic.{(meant is null ? " There is: avg, min, med, max, p(95), count, rate, value." : $" Did you mean '{meant}'?")}";
            return null;
        }

        var inner = text[2..^1];
        if (!GoNumber.TryParse(inner, out var value) || !(value >= 0 && value <= 100))
        {
            error = $"'{inner}' in '{text}' is not a percentile; write a number from 0 to 100 without spaces, such as p(95).";
            return null;
        }

        return $"p({(value == 0 ? 0 : value).ToString(CultureInfo.InvariantCulture)})";
    }

    /// <summary>The percent of a percentile such as <c>p(99.9)</c>; null for other statistics.</summary>
    public static double? PercentileOf(string statistic) =>
        statistic.StartsWith("p(", StringComparison.Ordinal) && GoNumber.TryParse(statistic.AsSpan()[2..^1], out var percent) ? percent : null;

    /// <summary>The statistics that k6 has for a type of metric; <c>p(N)</c> stands for every percentile.</summary>
    public static IReadOnlyList<string> StatisticsOf(MetricType type) => type switch
    {
        MetricType.Counter => ["count", "rate"],
        MetricType.Gauge => ["value"],
        MetricType.Rate => ["rate"],
        _ => ["avg", "min", "med", "max", "p(N)"],
    };

    /// <summary>Whether a statistic exists for a type of metric.</summary>
    public static bool Fits(string statistic, MetricType type) =>
        StatisticsOf(type).Contains(PercentileOf(statistic) is null ? statistic : "p(N)");

    /// <summary>The expression for k6, without spaces; numbers as JavaScript writes them where that is short.</summary>
    public override string ToString() => $"{Statistic}{Operator}{Number(Limit)}";

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "Inf" : double.IsNegativeInfinity(value) ? "-Inf"
        : Math.Abs(value) < 1e15 && Math.Abs(value) >= 1e-6 ? decimal.Parse(value.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture);
}
