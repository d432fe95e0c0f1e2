using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>What k6 demands of an executor's values, and what we demand beyond it, so that a mistake has the line of its metadatum.</summary>
internal static class LoadRules
{
    private const long MostUsers = 100_000_000;

    /// <summary>Reports what the executor could not run. Values that could not be read were reported before.</summary>
    public static void Check(ItemReader item, ScenarioLoad load)
    {
        switch (load.Executor)
        {
            case "constant-vus":
                AtLeastOne(item, "Vus", load.Vus);
                if (Required(item, "Duration", "how long it runs, such as Duration=\"30s\""))
                {
                    AtLeastOneSecond(item, "Duration", load.Duration);
                }

                break;
            case "shared-iterations" or "per-vu-iterations":
                AtLeastOne(item, "Vus", load.Vus);
                AtLeastOne(item, "Iterations", load.Iterations);
                AtLeastOneSecond(item, "MaxDuration", load.MaxDuration);
                var (iterations, users) = (Value(item, "Iterations", load.Iterations, 1), Value(item, "Vus", load.Vus, 1));
                if (load.Executor == "shared-iterations" && iterations > 0 && iterations < users)
                {
                    item.Report(Rules.ImpossibleLoad, item.Has("Iterations") ? "Iterations" : "Vus",
                        $"{iterations} iterations cannot be shared by {users} virtual users: each needs one. Raise Iterations or lower Vus, or write Executor=\"per-vu-iterations\" for {iterations} each.");
                }

                break;
            case "ramping-vus":
                Ramp(item, load, "StartVUs", load.StartVUs, whenAbsent: 1);
                break;
            case "constant-arrival-rate":
                if (Required(item, "Rate", "how many iterations start per TimeUnit, such as Rate=\"50\""))
                {
                    AtLeastOne(item, "Rate", load.Rate);
                }

                if (Required(item, "Duration", "how long it runs, such as Duration=\"30s\""))
                {
                    AtLeastOneSecond(item, "Duration", load.Duration);
                }

                Arrivals(item, load);
                break;
            default:
                Ramp(item, load, "StartRate", load.StartRate, whenAbsent: 0);
                Arrivals(item, load);
                break;
        }
    }

    private static void Ramp(ItemReader item, ScenarioLoad load, string start, long? startValue, long whenAbsent)
    {
        if (startValue < 0)
        {
            item.Report(Rules.ImpossibleLoad, start, $"{start}=\"{startValue}\" is negative; write 0 or more.");
        }

        if (!Required(item, "Stages", "at least one stage, such as Stages=\"10s:5, 30s:5\""))
        {
            return;
        }

        var stages = load.Stages!;
        foreach (var stage in stages.Where(stage => stage.Target is < 0 or > MostUsers))
        {
            item.Report(Rules.ImpossibleLoad, "Stages", $"The target {stage.Target} in Stages does not lie between 0 and 100 million.");
        }

        if (stages.Count == 0)
        {
            return;
        }

        if (Value(item, start, startValue, whenAbsent) == 0 && stages.All(stage => stage.Target == 0))
        {
            item.Report(Rules.ImpossibleLoad, "Stages", $"No load: neither {start} nor any target in Stages is greater than 0.");
        }

        if (stages.All(stage => K6Duration.Parse(stage.Duration) == TimeSpan.Zero))
        {
            item.Report(Rules.ImpossibleLoad, "Stages", "No load: the Stages last 0s in all. Give one of them a length.");
        }
    }

    private static void Arrivals(ItemReader item, ScenarioLoad load)
    {
        if (load.TimeUnit is { } unit && K6Duration.Parse(unit) == TimeSpan.Zero)
        {
            item.Report(Rules.ImpossibleLoad, "TimeUnit", $"TimeUnit=\"{unit}\" must be more than 0; k6's default is 1s.");
        }

        if (!Required(item, "PreAllocatedVUs", "how many virtual users are ready to start iterations, such as PreAllocatedVUs=\"20\" (about Rate × the seconds that an iteration takes)"))
        {
            return;
        }

        if (load.PreAllocatedVUs < 1)
        {
            item.Report(Rules.ImpossibleLoad, "PreAllocatedVUs", $"PreAllocatedVUs=\"{load.PreAllocatedVUs}\" starts no iteration, and k6 would pass; write 1 or more.");
        }
        else if (load.MaxVUs < load.PreAllocatedVUs)
        {
            item.Report(Rules.ImpossibleLoad, "MaxVUs", $"MaxVUs=\"{load.MaxVUs}\" is less than PreAllocatedVUs=\"{load.PreAllocatedVUs}\"; raise it, or leave it out.");
        }
    }

    private static bool Required(ItemReader item, string name, string what)
    {
        if (item.Has(name))
        {
            return true;
        }

        item.Report(Rules.MissingMetadata, null, $"{item.Include} lacks {name}: {what}.");
        return false;
    }

    private static void AtLeastOne(ItemReader item, string name, long? value)
    {
        if (value < 1)
        {
            item.Report(Rules.ImpossibleLoad, name, $"{name}=\"{value}\" must be more than 0.");
        }
    }

    private static void AtLeastOneSecond(ItemReader item, string name, string? duration)
    {
        if (duration is not null && K6Duration.Parse(duration) < TimeSpan.FromSeconds(1))
        {
            item.Report(Rules.ImpossibleLoad, name, $"{name}=\"{duration}\" is {K6Duration.Format(K6Duration.Parse(duration))}; k6 wants at least 1s.");
        }
    }

    // The value, or k6's default when the metadatum is absent; null when it was there and could not be read.
    private static long? Value(ItemReader item, string name, long? value, long whenAbsent) =>
        value ?? (item.Has(name) ? null : whenAbsent);
}
