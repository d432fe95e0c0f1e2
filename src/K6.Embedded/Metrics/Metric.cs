namespace K6.Embedded.Metrics;

/// <summary>A metric of the run. Made by <see cref="MetricRegistry"/> only; one object per name.</summary>
internal sealed class Metric
{
    internal Metric(int index, string name, MetricType type, MetricValueType contains)
    {
        Index = index;
        Name = name;
        Type = type;
        Contains = contains;
    }

    /// <summary>A dense number, unique in the registry.</summary>
    public int Index { get; }

    /// <summary>The name; ASCII letters, digits and <c>_</c>, at most 128 characters.</summary>
    public string Name { get; }

    /// <summary>The kind of metric.</summary>
    public MetricType Type { get; }

    /// <summary>The unit of its values.</summary>
    public MetricValueType Contains { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
