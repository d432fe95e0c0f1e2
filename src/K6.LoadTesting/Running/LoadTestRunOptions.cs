using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Running;

/// <summary>What a run needs besides its plan and its bundles.</summary>
public sealed record LoadTestRunOptions
{
    /// <summary>Where the embedded engine and the .NET host are.</summary>
    public required EngineLocations Engines { get; init; }

    /// <summary>Longest wait for another load test on this machine to end.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromHours(1);
}
