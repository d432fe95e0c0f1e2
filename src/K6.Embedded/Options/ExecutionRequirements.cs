namespace K6.Embedded.Options;

/// <summary>How long a test can last and how many VUs it can need: what <c>inspect --execution-requirements</c> shows.</summary>
/// <param name="TotalDuration">To the end of the last graceful stop.</param>
/// <param name="MaxVus">The most VUs at one time, with those made when needed.</param>
/// <param name="PlannedVus">The most VUs at one time without these: made before the load.</param>
internal sealed record ExecutionRequirements(TimeSpan TotalDuration, int MaxVus, int PlannedVus)
{
    /// <summary>Adds the scenarios' needs up along time.</summary>
    public static ExecutionRequirements Of(IEnumerable<ScenarioSpec> scenarios)
    {
        var changes = new List<Need>();
        var total = TimeSpan.Zero;
        foreach (var scenario in scenarios.Where(s => s.HasWork))
        {
            var (planned, unplanned) = (0, 0);
            foreach (var step in StepsOf(scenario))
            {
                changes.Add(new(scenario.StartTime + step.At, step.Planned - planned, step.Unplanned - unplanned));
                (planned, unplanned) = (step.Planned, step.Unplanned);
                total = Max(total, scenario.StartTime + step.At);
            }
        }

        changes.Sort(static (a, b) => a.At.CompareTo(b.At));
        var (nowPlanned, nowUnplanned, mostPlanned, most) = (0, 0, 0, 0);
        for (var i = 0; i < changes.Count; i++)
        {
            nowPlanned += changes[i].Planned;
            nowUnplanned += changes[i].Unplanned;
            if (i + 1 == changes.Count || changes[i + 1].At != changes[i].At)
            {
                mostPlanned = Math.Max(mostPlanned, nowPlanned);
                most = Math.Max(most, nowPlanned + nowUnplanned);
            }
        }

        return new ExecutionRequirements(total, most, mostPlanned);
    }

    private static List<Need> StepsOf(ScenarioSpec scenario)
    {
        var end = scenario.Duration + scenario.GracefulStop;
        switch (scenario.Executor)
        {
            case "ramping-vus":
                return Ramping(scenario, end);
            case "constant-arrival-rate" or "ramping-arrival-rate":
                return [new(TimeSpan.Zero, scenario.PreAllocatedVus, scenario.MaxVus - scenario.PreAllocatedVus), new(end, 0, 0)];
            default:
                return [new(TimeSpan.Zero, scenario.Vus, 0), new(end, 0, 0)];
        }
    }

    /// <summary>A VU that a ramp lets go stays reserved for <c>gracefulRampDown</c>.</summary>
    private static List<Need> Ramping(ScenarioSpec scenario, TimeSpan end)
    {
        var steps = scenario.RampingSteps();
        var moments = new SortedSet<TimeSpan>();
        foreach (var (at, _) in steps)
        {
            moments.Add(at);
            moments.Add(at + scenario.GracefulRampDown);
        }

        var result = new List<Need>();
        var last = -1;
        var (next, index) = (0, -1);
        var window = new LinkedList<int>(); // indices of steps in force or within the ramp-down, by falling number of VUs
        foreach (var moment in moments.Where(m => m < end))
        {
            while (next < steps.Count && steps[next].At <= moment)
            {
                while (window.Last is { } tail && steps[tail.Value].Vus <= steps[next].Vus)
                {
                    window.RemoveLast();
                }

                window.AddLast(next);
                index = next++;
            }

            // Step i ends when step i+1 begins; its VUs are free gracefulRampDown later.
            while (window.First is { } head && head.Value < index && steps[head.Value + 1].At + scenario.GracefulRampDown <= moment)
            {
                window.RemoveFirst();
            }

            var vus = window.First is { } most ? steps[most.Value].Vus : 0;
            if (vus != last)
            {
                result.Add(new(moment, vus, 0));
                last = vus;
            }
        }

        if (last != 0)
        {
            result.Add(new(end, 0, 0));
        }

        return result;
    }

    /// <summary>From that moment on so many VUs, those made before the load and those made when needed.</summary>
    private sealed record Need(TimeSpan At, int Planned, int Unplanned);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
