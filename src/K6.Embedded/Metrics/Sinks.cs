namespace K6.Embedded.Metrics;

/// <summary>Collects the samples of one series. Not thread-safe: the collector's lock guards it.</summary>
internal abstract class Sink
{
    /// <summary>Samples so far.</summary>
    public long Count { get; protected set; }

    /// <summary>Takes a value.</summary>
    public abstract void Add(double value);

    /// <summary>A sink for that type.</summary>
    public static Sink For(Metric metric) => metric.Type switch
    {
        MetricType.Counter => new CounterSink(),
        MetricType.Gauge => new GaugeSink(),
        MetricType.Rate => new RateSink(),
        _ => new TrendSink(metric.Contains == MetricValueType.Time),
    };

    /// <summary>A statistic under k6's name (<c>avg</c>, <c>p(95)</c>, <c>rate</c> …); 0 where there is no sample.</summary>
    /// <param name="statistic">The name.</param>
    /// <param name="percentile">For <c>p</c>: 0 to 100.</param>
    /// <param name="seconds">How long the run has lasted, for the rate of a counter.</param>
    public abstract double Statistic(string statistic, double percentile, double seconds);
}

/// <summary>A sum.</summary>
internal sealed class CounterSink : Sink
{
    /// <summary>The sum.</summary>
    public double Total { get; private set; }

    /// <inheritdoc/>
    public override void Add(double value)
    {
        Total += value;
        Count++;
    }

    /// <inheritdoc/>
    public override double Statistic(string statistic, double percentile, double seconds) => statistic switch
    {
        "count" => Total,
        _ => seconds > 0 ? Total / seconds : 0,
    };
}

/// <summary>The last value, and the extremes.</summary>
internal sealed class GaugeSink : Sink
{
    /// <summary>The last value.</summary>
    public double Value { get; private set; }

    /// <summary>The least.</summary>
    public double Minimum { get; private set; }

    /// <summary>The greatest.</summary>
    public double Maximum { get; private set; }

    /// <inheritdoc/>
    public override void Add(double value)
    {
        Value = value;
        Minimum = Count == 0 ? value : Math.Min(Minimum, value);
        Maximum = Count == 0 ? value : Math.Max(Maximum, value);
        Count++;
    }

    /// <inheritdoc/>
    public override double Statistic(string statistic, double percentile, double seconds) => statistic switch
    {
        "min" => Minimum,
        "max" => Maximum,
        _ => Value,
    };
}

/// <summary>The share of values that are not zero.</summary>
internal sealed class RateSink : Sink
{
    /// <summary>Values that were not zero.</summary>
    public long Passes { get; private set; }

    /// <summary>The share, 0 to 1.</summary>
    public double Rate => Count == 0 ? 0 : (double)Passes / Count;

    /// <inheritdoc/>
    public override void Add(double value)
    {
        Count++;
        if (value != 0)
        {
            Passes++;
        }
    }

    /// <inheritdoc/>
    public override double Statistic(string statistic, double percentile, double seconds) => Rate;
}
