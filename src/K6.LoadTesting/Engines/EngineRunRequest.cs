using K6.LoadTesting.Bundling;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Secrets;

namespace K6.LoadTesting.Engines;

/// <summary>One start of an engine.</summary>
internal sealed record EngineRunRequest
{
    private const int MostPeriods = 120;
    private const int MostUsersWithRoom = 1000;
    private const double LongestWithRoom = 600;
    private const double MostIterationsWithRoom = 1_000_000;
    private const double IterationsInASecond = 50_000;

    private static readonly int[] Periods = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1800];

    /// <summary>The test that it runs.</summary>
    public required TestPlan Test { get; init; }

    /// <summary>Its bundle.</summary>
    public required TestBundle Bundle { get; init; }

    /// <summary>The engine.</summary>
    public required EngineProgram Engine { get; init; }

    /// <summary>How runs are made.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>The whole environment of the engine (<see cref="EngineEnvironment.Build"/>).</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Values of secrets that must not reach any log.</summary>
    public SecretMask Mask { get; init; } = SecretMask.None;

    /// <summary>Absolute path of the folder of the run; what the engine and the script write lands here.</summary>
    public required string Folder { get; init; }

    /// <summary>Where every sample is streamed.</summary>
    public IReadOnlyList<OutputPlan> Outputs { get; init; } = [];

    /// <summary>Tags of every sample of the run.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What <see cref="EngineInspector"/> found; gives the upper bound of time when the plan names none.</summary>
    public EngineRequirements? Requirements { get; init; }

    /// <summary>Hears of the engine's process as soon as it runs.</summary>
    public Action<int>? Started { get; init; }

    /// <summary>Length of a warm-up, a k6 duration: the run makes the plan's steady load that long and leaves no figures; null for a run that is measured.</summary>
    public string? WarmUp { get; init; }

    /// <summary>Upper bound of the run's time.</summary>
    public TimeSpan UpperBound => WarmUp is not null ? K6Duration.Parse(WarmUp) + (Requirements?.UpperBound ?? TimeSpan.FromHours(1))
        : K6Duration.TryParse(Settings.MaxDuration, out var limit) ? limit : Requirements?.UpperBound ?? TimeSpan.FromHours(1);

    /// <summary>
    /// The environment of the load: k6's collector of garbage gets more room, where nobody has said otherwise. With what it is given by default it is the greatest disturbance of a load from two cores
    /// (docs/performance.md). Where many users or the samples of a long load weigh enough by themselves, it runs rarely, and memory is what counts.
    /// </summary>
    public IReadOnlyDictionary<string, string> LoadEnvironment =>
        Engine.Info.Name == EngineProgram.K6 && Requirements is not ({ MaxVUs: > MostUsersWithRoom } or { PlannedDuration.TotalSeconds: > LongestWithRoom, MostIterations: null or > MostIterationsWithRoom })
            ? EngineEnvironment.WithRoom(Environment, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
            : Environment;

    /// <summary>
    /// How long a period of the recording is. k6 sorts all samples of the run again in each, 0.45 µs a request (docs/performance.md): in a load of an hour, second by second, that would be many
    /// times its work. So there are at most 120 periods, unless the load is known to be small, or a gate looks at seconds.
    /// </summary>
    public TimeSpan RecordingPeriod
    {
        get
        {
            if (K6Duration.TryParse(Settings.TimelinePeriod, out var wanted))
            {
                return wanted;
            }

            if (Engine.Info.Name != EngineProgram.K6 || Test.Thresholds.Any(threshold => threshold.Judge == ThresholdJudge.Timeline && !ServiceMetrics.IsOne(threshold.Metric)))
            {
                return TimeSpan.FromSeconds(1);
            }

            var length = K6Duration.TryParse(WarmUp, out var warmUp) ? warmUp : Requirements?.PlannedDuration ?? TimeSpan.Zero;
            var atLeast = Math.Min(length.TotalSeconds / MostPeriods, (WarmUp is null ? Requirements?.MostIterations / IterationsInASecond : null) ?? double.PositiveInfinity);
            return TimeSpan.FromSeconds(Periods.FirstOrDefault(period => period >= atLeast, Periods[^1]));
        }
    }
}
