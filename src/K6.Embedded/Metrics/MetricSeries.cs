namespace K6.Embedded.Metrics;

/// <summary>A metric, or a submetric of it, with its samples and thresholds.</summary>
/// <param name="name">As the thresholds write it, or the metric's name.</param>
/// <param name="metric">The metric.</param>
/// <param name="tags">For a submetric: what a sample must carry.</param>
internal sealed class MetricSeries(string name, Metric metric, IReadOnlyList<KeyValuePair<string, string>>? tags)
{
    /// <summary>The name under which the summary shows it.</summary>
    public string Name { get; } = name;

    /// <summary>The metric.</summary>
    public Metric Metric { get; } = metric;

    /// <summary>For a submetric: what a sample must carry, all of it; otherwise null.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Tags { get; } = tags;

    /// <summary>The samples.</summary>
    public Sink Sink { get; } = Sink.For(metric);

    /// <summary>The thresholds; empty when there are none.</summary>
    public IReadOnlyList<Threshold> Thresholds { get; set; } = [];

    /// <summary>Whether options name it, even with an empty list: then it is in the summary without samples too.</summary>
    public bool IsDeclared { get; set; }

    /// <summary>Whether the summary shows it.</summary>
    public bool IsVisible => Sink.Count > 0 || IsDeclared;

    /// <summary>Whether a threshold fails now; null without thresholds.</summary>
    public bool? IsTainted => Thresholds.Count == 0 ? null : Thresholds.Any(t => t.HasFailed);

    /// <summary>Whether a sample with those tags belongs to it.</summary>
    public bool Matches(TagSet sampleTags)
    {
        foreach (var (key, value) in Tags!)
        {
            if (!string.Equals(sampleTags.Get(key), value, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
