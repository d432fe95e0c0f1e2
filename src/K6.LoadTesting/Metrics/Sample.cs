namespace K6.LoadTesting.Metrics;

/// <summary>One measurement.</summary>
/// <param name="Series">What it belongs to; equal ones share one instance while the reader remembers them.</param>
/// <param name="Microseconds">Time, microseconds since 1970-01-01 UTC.</param>
/// <param name="Value">Value in k6's unit: ms, bytes, 0 or 1 of a rate, or a plain number.</param>
internal readonly record struct Sample(SampleSeries Series, long Microseconds, double Value)
{
    /// <summary>Metric, without tags.</summary>
    public string Metric => Series.Metric;

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags => Series.Tags;
}

/// <summary>A metric with a set of tags.</summary>
internal sealed class SampleSeries
{
    internal SampleSeries(string metric, IReadOnlyDictionary<string, string> tags) => (Metric, Tags) = (metric, tags);

    /// <summary>Metric, without tags.</summary>
    public string Metric { get; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; }
}

/// <summary>What k6's JSON output says of a metric before its first sample.</summary>
/// <param name="Type"><c>counter</c>, <c>gauge</c>, <c>rate</c> or <c>trend</c>.</param>
/// <param name="Contains"><c>time</c>, <c>data</c> or <c>default</c>.</param>
/// <param name="Thresholds">Expressions of the script's thresholds on the whole metric.</param>
internal sealed record SampleMetric(string Type, string Contains, IReadOnlyList<string> Thresholds);
