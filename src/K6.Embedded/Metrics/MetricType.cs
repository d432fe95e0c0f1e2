namespace K6.Embedded.Metrics;

/// <summary>k6's four kinds of metric.</summary>
internal enum MetricType
{
    /// <summary>A sum; values <c>count</c> and <c>rate</c> (per second over the whole run).</summary>
    Counter,

    /// <summary>The last value; values <c>value</c>, <c>min</c> and <c>max</c>.</summary>
    Gauge,

    /// <summary>The share of non-zero samples, 0 to 1; values <c>rate</c>, <c>passes</c> and <c>fails</c>.</summary>
    Rate,

    /// <summary>A distribution; values <c>avg</c>, <c>min</c>, <c>med</c>, <c>max</c>, <c>count</c> and <c>p(N)</c>.</summary>
    Trend,
}

/// <summary>What a metric's values are; k6's JSON calls it <c>contains</c>.</summary>
internal enum MetricValueType
{
    /// <summary>A bare number.</summary>
    Default,

    /// <summary>Milliseconds. Recorded with a resolution of 1 µs.</summary>
    Time,

    /// <summary>Bytes.</summary>
    Data,
}

/// <summary>Names of the enumerations as k6 writes them.</summary>
internal static class MetricNames
{
    /// <summary>The type in k6's JSON: <c>counter</c>, <c>gauge</c>, <c>rate</c> or <c>trend</c>.</summary>
    public static string Name(this MetricType type) => type switch
    {
        MetricType.Counter => "counter",
        MetricType.Gauge => "gauge",
        MetricType.Rate => "rate",
        _ => "trend",
    };

    /// <summary>The kind of value in k6's JSON: <c>default</c>, <c>time</c> or <c>data</c>.</summary>
    public static string Name(this MetricValueType contains) => contains switch
    {
        MetricValueType.Time => "time",
        MetricValueType.Data => "data",
        _ => "default",
    };
}
