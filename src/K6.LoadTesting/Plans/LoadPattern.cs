namespace K6.LoadTesting.Plans;

/// <summary>The shape of a load over time, as one word. docs/patterns.md has the exact formula of each.</summary>
public enum LoadPattern
{
    /// <summary>As little load as possible: does it work at all?</summary>
    Smoke,

    /// <summary>The same load from start to end.</summary>
    Steady,

    /// <summary>Up, a while at the top, down again.</summary>
    RampUp,

    /// <summary>A quiet load with a sudden peak in its middle.</summary>
    Spike,

    /// <summary>Up in steps, with a while on each.</summary>
    Stress,

    /// <summary>A long time at the top, with short ramps.</summary>
    Soak,

    /// <summary>Up without an end, until something breaks.</summary>
    Breakpoint,
}

/// <summary>
/// The numbers of a pattern. They have the names of k6's options where k6 has the thing. <see cref="Vus"/> makes the pattern
/// closed (virtual users), <see cref="Rate"/> open (iterations that start per <see cref="TimeUnit"/>). Durations are k6 durations.
/// </summary>
public sealed record PatternNumbers
{
    /// <summary>Virtual users at the top; 1 or more.</summary>
    public int? Vus { get; init; }

    /// <summary>Iterations per <see cref="TimeUnit"/> at the top; 1 or more.</summary>
    public long? Rate { get; init; }

    /// <summary>The whole length, ramps included; at least 1s.</summary>
    public string? Duration { get; init; }

    /// <summary>Length of one ramp.</summary>
    public string? Ramp { get; init; }

    /// <summary>Steps of <see cref="LoadPattern.Stress"/>; 5 when absent.</summary>
    public int? Steps { get; init; }

    /// <summary>Virtual users at the start of a closed pattern; less than <see cref="Vus"/>.</summary>
    public int? StartVUs { get; init; }

    /// <summary>Iterations per <see cref="TimeUnit"/> at the start of an open pattern; less than <see cref="Rate"/>.</summary>
    public long? StartRate { get; init; }

    /// <summary>Unit of time of the rates; k6's default is 1s.</summary>
    public string? TimeUnit { get; init; }

    /// <summary>Virtual users made before the start; an open pattern needs it.</summary>
    public int? PreAllocatedVUs { get; init; }

    /// <summary>Virtual users that an open pattern may reach.</summary>
    public int? MaxVUs { get; init; }

    /// <summary>Wait from the start of the run to the start of the scenario.</summary>
    public string? StartTime { get; init; }

    /// <summary>Time for iterations to finish when the scenario's time is over.</summary>
    public string? GracefulStop { get; init; }

    /// <summary>Time for iterations to finish when virtual users of a closed pattern go.</summary>
    public string? GracefulRampDown { get; init; }
}
