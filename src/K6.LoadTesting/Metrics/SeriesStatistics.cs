namespace K6.LoadTesting.Metrics;

/// <summary>Statistics of values in memory, by k6's formulas.</summary>
internal static class SeriesStatistics
{
    /// <summary>A statistic of a trend: <c>count</c>, <c>avg</c>, <c>min</c>, <c>med</c>, <c>max</c> or <c>p(N)</c>; null without values or of another name.</summary>
    public static double? Of(IReadOnlyCollection<double> values, string statistic) => statistic switch
    {
        _ when values.Count == 0 => null,
        "count" => values.Count,
        "avg" => values.Average(),
        "min" => values.Min(),
        "max" => values.Max(),
        _ => Percentile.Of(statistic) is { } percent ? Percentile.Of([.. values.Order()], percent) : null,
    };
}
