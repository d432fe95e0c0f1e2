namespace K6.Embedded.Options;

/// <summary>A scenario with k6's defaults filled in, ready to run.</summary>
internal sealed record ScenarioSpec
{
    public required string Name { get; init; }
    public required string Executor { get; init; }
    public required string Exec { get; init; }
    public TimeSpan StartTime { get; init; }
    public TimeSpan GracefulStop { get; init; }
    public TimeSpan GracefulRampDown { get; init; }
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
    public int Vus { get; init; }
    public long Iterations { get; init; }

    /// <summary>How long it goes on without <see cref="GracefulStop"/>: <c>duration</c>, <c>maxDuration</c> or the sum of the stages.</summary>
    public TimeSpan Duration { get; init; }

    public int StartVus { get; init; }
    public IReadOnlyList<Stage> Stages { get; init; } = [];
    public long Rate { get; init; }
    public TimeSpan TimeUnit { get; init; }
    public int PreAllocatedVus { get; init; }
    public int MaxVus { get; init; }

    /// <summary>Whether it runs anything at all: an arrival-rate scenario without VUs does not.</summary>
    public bool HasWork => !Executor.EndsWith("arrival-rate", StringComparison.Ordinal) || MaxVus > 0;

    /// <summary>Fills the defaults in.</summary>
    public static ScenarioSpec From(string name, ScenarioOptions o)
    {
        var stages = o.Stages ?? [];
        var preAllocated = (int)(o.PreAllocatedVus ?? 0);
        return new ScenarioSpec
        {
            Name = name,
            Executor = o.Executor,
            Exec = o.Exec ?? "default",
            StartTime = o.StartTime ?? TimeSpan.Zero,
            GracefulStop = o.GracefulStop ?? TimeSpan.FromSeconds(30),
            GracefulRampDown = o.GracefulRampDown ?? TimeSpan.FromSeconds(30),
            Env = o.Env ?? new Dictionary<string, string>(),
            Tags = o.Tags ?? new Dictionary<string, string>(),
            Vus = (int)(o.Vus ?? 1),
            Iterations = o.Iterations ?? 1,
            Duration = o.Executor switch
            {
                "shared-iterations" or "per-vu-iterations" => o.MaxDuration ?? TimeSpan.FromMinutes(10),
                "ramping-vus" or "ramping-arrival-rate" => stages.Aggregate(TimeSpan.Zero, (sum, stage) => sum + (stage.Duration ?? TimeSpan.Zero)),
                _ => o.Duration ?? TimeSpan.Zero,
            },
            StartVus = (int)(o.StartVus ?? 1),
            Stages = stages,
            Rate = o.Rate ?? o.StartRate ?? 0,
            TimeUnit = o.TimeUnit ?? TimeSpan.FromSeconds(1),
            PreAllocatedVus = preAllocated,
            MaxVus = (int)(o.MaxVus ?? preAllocated),
        };
    }

    /// <summary>The number of VUs that it can have at most.</summary>
    public int PeakVus => Executor switch
    {
        "ramping-vus" => Math.Max(StartVus, (int)(Stages.Count == 0 ? 0 : Stages.Max(s => s.Target ?? 0))),
        "constant-arrival-rate" or "ramping-arrival-rate" => MaxVus,
        _ => Vus,
    };

    /// <summary>
    /// The steps of a <c>ramping-vus</c> schedule: from which moment on how many VUs are to run. VU i of a ramp of n within d comes at i·d/n.
    /// Of several steps at one moment only the last is run, but all of them reserve VUs.
    /// </summary>
    public IReadOnlyList<(TimeSpan At, int Vus)> RampingSteps()
    {
        var steps = new List<(TimeSpan At, int Vus)> { (TimeSpan.Zero, StartVus) };
        var at = TimeSpan.Zero;
        var current = StartVus;
        foreach (var stage in Stages)
        {
            var target = (int)(stage.Target ?? 0);
            var duration = stage.Duration ?? TimeSpan.Zero;
            var change = Math.Abs(target - current);
            if (duration == TimeSpan.Zero)
            {
                steps.Add((at, target));
            }
            else
            {
                for (var i = 1; i <= change; i++)
                {
                    steps.Add((at + new TimeSpan((long)((decimal)duration.Ticks * i / change)), current + (i * Math.Sign(target - current))));
                }
            }

            at += duration;
            current = target;
        }

        return steps;
    }
}
