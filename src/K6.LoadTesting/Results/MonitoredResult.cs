namespace K6.LoadTesting.Results;

/// <summary>What was watched while the load ran.</summary>
public enum MonitoredKind
{
    /// <summary>An application under test.</summary>
    Service,

    /// <summary>The engine that made the load.</summary>
    Engine,

    /// <summary>The machine that made the load.</summary>
    Machine,
}

/// <summary>
/// The inside of a service, of the engine or of the machine while the load ran, measured once a second. Names and units of the metrics: docs/inside-view.md.
/// </summary>
public sealed record MonitoredResult
{
    /// <summary>What it is.</summary>
    public required MonitoredKind Kind { get; init; }

    /// <summary>Name of the service, <c>engine</c> or <c>machine</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Its metrics over the load; each second is one sample. <c>cpu</c> is in cores (1 is one core busy) of a process, and a share of all cores of the machine.
    /// </summary>
    public required IReadOnlyDictionary<string, MetricResult> Metrics { get; init; }

    /// <summary>The samples on the axis of <see cref="TestResult.Timeline"/>; the series have the names of <see cref="Metrics"/>.</summary>
    public required Timeline Timeline { get; init; }
}
