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

/// <summary>A statistic of a trend while its values come in.</summary>
/// <param name="statistic"><c>count</c>, <c>avg</c>, <c>min</c>, <c>med</c>, <c>max</c> or <c>p(N)</c>.</param>
internal sealed class RunningStatistic(string statistic)
{
    private readonly List<double> sorted = [];
    private double sum;

    /// <summary>Takes a value, and gives the statistic of all so far.</summary>
    public double Add(double value)
    {
        var index = sorted.BinarySearch(value);
        sorted.Insert(index < 0 ? ~index : index, value);
        sum += value;
        return statistic switch
        {
            "count" => sorted.Count,
            "avg" => sum / sorted.Count,
            "min" => sorted[0],
            "max" => sorted[^1],
            _ => Percentile.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sorted), Percentile.Of(statistic) ?? 100),
        };
    }
}
