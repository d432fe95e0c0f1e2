namespace K6.LoadTesting.Results;

/// <summary>A warm-up: a run of its own before the measured one. It is kept to be seen on the timeline, and no figure counts it.</summary>
public sealed record WarmUpResult
{
    /// <summary>Length of its load, seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// Metrics over time on the axis of the measured run, whose load starts at 0: all of <see cref="Timeline.Seconds"/> are negative. Between the last and 0 the
    /// engine ended, started again, and ran <c>setup()</c>. Null when nothing was recorded.
    /// </summary>
    public Timeline? Timeline { get; init; }

    /// <summary>The machine and the services meanwhile, on the same axis; without statistics.</summary>
    public IReadOnlyList<MonitoredResult> Monitored { get; init; } = [];
}
