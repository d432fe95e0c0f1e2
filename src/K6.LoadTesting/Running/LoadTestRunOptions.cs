using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Running;

/// <summary>What a run needs besides its plan and its bundles.</summary>
internal sealed record LoadTestRunOptions
{
    /// <summary>Where the embedded engine and the .NET host are.</summary>
    public required EngineLocations Engines { get; init; }

    /// <summary>The services to compare with, built, with their commands filled in; null compares with earlier runs.</summary>
    public Comparing.BasePlan? Base { get; init; }

    /// <summary>Longest wait for another load test on this machine to end.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromHours(1);
}
