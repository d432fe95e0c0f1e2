using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>What is wrong with one number of a pattern.</summary>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="Number">Name of the number, such as <c>Ramp</c>; null when one is missing.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record PatternFault(DiagnosticRule Rule, string? Number, string Message);

/// <summary>
/// Makes loads of patterns. Whole milliseconds and whole virtual users only, so that MSBuild, TypeScript and C# agree to the last
/// digit; docs/patterns.md has the formulas.
/// </summary>
internal static class LoadPatterns
{
    private const int DefaultSteps = 5;
    private const int MostSteps = 100;
    private const long Most = 100_000_000;

    /// <summary>Numbers that any pattern takes.</summary>
    private static readonly string[] Everywhere = ["Vus", "Rate", "Duration", "TimeUnit", "PreAllocatedVUs", "MaxVUs", "StartTime", "GracefulStop"];

    /// <summary>The numbers that a pattern takes.</summary>
    public static IReadOnlyList<string> NumbersOf(LoadPattern pattern) => pattern switch
    {
        LoadPattern.Smoke or LoadPattern.Steady => Everywhere,
        LoadPattern.Breakpoint => [.. Everywhere, "StartVUs", "StartRate", "GracefulRampDown"],
        LoadPattern.Stress => [.. Everywhere, "Ramp", "Steps", "StartVUs", "StartRate", "GracefulRampDown"],
        _ => [.. Everywhere, "Ramp", "StartVUs", "StartRate", "GracefulRampDown"],
    };

    /// <summary>The load of a pattern.</summary>
    /// <exception cref="ArgumentException">A number is missing, or does not fit; the message is that of <see cref="Check"/>.</exception>
    public static ScenarioLoad Expand(LoadPattern pattern, PatternNumbers numbers)
    {
        if (Check(pattern, numbers) is [var fault, ..])
        {
            throw new ArgumentException(fault.Message, nameof(numbers));
        }

        var open = numbers.Rate is not null;
        var top = Top(numbers);
        var common = new ScenarioLoad
        {
            Executor = "",
            TimeUnit = numbers.TimeUnit,
            PreAllocatedVUs = numbers.PreAllocatedVUs,
            MaxVUs = numbers.MaxVUs,
            StartTime = numbers.StartTime,
            GracefulStop = numbers.GracefulStop,
            GracefulRampDown = numbers.GracefulRampDown,
        };
        if (pattern is LoadPattern.Smoke or LoadPattern.Steady)
        {
            var duration = Text(Length(pattern, numbers));
            return open
                ? common with { Executor = "constant-arrival-rate", Rate = top, Duration = duration }
                : common with { Executor = "constant-vus", Vus = (int)top, Duration = duration };
        }

        var start = Start(pattern, numbers);
        var stages = Stages(pattern, numbers, start, top);
        return open
            ? common with { Executor = "ramping-arrival-rate", StartRate = start, Stages = stages }
            : common with { Executor = "ramping-vus", StartVUs = (int)start, Stages = stages };
    }

    /// <summary>Everything that is wrong with the numbers of a pattern; durations among them are expected to be readable.</summary>
    public static IReadOnlyList<PatternFault> Check(LoadPattern pattern, PatternNumbers numbers)
    {
        var faults = Given(numbers).Except(NumbersOf(pattern))
            .Select(name => new PatternFault(Rules.PatternContradicted, name, $"{pattern} has no {name}; it takes {string.Join(", ", NumbersOf(pattern))}."))
            .ToList();
        Model(pattern, numbers, faults);
        if (faults.Count > 0)
        {
            return faults;
        }

        var (open, top, length) = (numbers.Rate is not null, Top(numbers), Length(pattern, numbers));
        if (top is < 1 or > Most)
        {
            faults.Add(new(Rules.ImpossibleLoad, open ? "Rate" : "Vus", $"{(open ? "Rate" : "Vus")}=\"{top}\" does not lie between 1 and 100 million."));
        }

        if (length < 1000)
        {
            faults.Add(new(Rules.ImpossibleLoad, "Duration", $"Duration=\"{numbers.Duration}\" is less than 1s, the least that k6 takes."));
        }

        if (faults.Count == 0 && pattern is not (LoadPattern.Smoke or LoadPattern.Steady))
        {
            Ramps(pattern, numbers, faults);
        }

        if (open && numbers.PreAllocatedVUs < 1)
        {
            faults.Add(new(Rules.ImpossibleLoad, "PreAllocatedVUs", $"PreAllocatedVUs=\"{numbers.PreAllocatedVUs}\" starts no iteration, and k6 would pass; write 1 or more."));
        }
        else if (open && numbers.MaxVUs < numbers.PreAllocatedVUs)
        {
            faults.Add(new(Rules.ImpossibleLoad, "MaxVUs", $"MaxVUs=\"{numbers.MaxVUs}\" is less than PreAllocatedVUs=\"{numbers.PreAllocatedVUs}\"; raise it, or leave it out."));
        }

        if (numbers.TimeUnit is { } unit && Milliseconds(unit) == 0)
        {
            faults.Add(new(Rules.ImpossibleLoad, "TimeUnit", $"TimeUnit=\"{unit}\" must be more than 0; k6's default is 1s."));
        }

        return faults;
    }

    // Closed or open, and what that asks for.
    private static void Model(LoadPattern pattern, PatternNumbers numbers, List<PatternFault> faults)
    {
        if (numbers is { Vus: not null, Rate: not null })
        {
            faults.Add(new(Rules.PatternContradicted, "Rate", "Vus and Rate exclude each other: virtual users that wait for answers, or iterations that start at a rate. Keep one."));
            return;
        }

        var open = numbers.Rate is not null;
        string[] foreign = open ? ["StartVUs", "GracefulRampDown"] : ["StartRate", "TimeUnit", "PreAllocatedVUs", "MaxVUs"];
        var known = numbers.Vus is not null || open || pattern == LoadPattern.Smoke;
        if (!known)
        {
            faults.Add(new(Rules.MissingMetadata, null, $"{pattern} lacks its number: Vus, the virtual users at the top, or Rate, the iterations that start per second."));
        }
        else
        {
            faults.AddRange(Given(numbers).Intersect(foreign).Select(name => new PatternFault(Rules.PatternContradicted, name,
                open ? $"{name} belongs to Vus, and this pattern has a Rate. {(name == "StartVUs" ? "Write StartRate." : "Remove it.")}"
                : $"{name} belongs to Rate, and this pattern has {(numbers.Vus is null ? "none" : "Vus")}. {(name == "StartRate" ? "Write StartVUs." : "Remove it, or write Rate.")}")));
        }

        if (open && numbers.PreAllocatedVUs is null)
        {
            faults.Add(new(Rules.MissingMetadata, null, $"{pattern} with a Rate lacks PreAllocatedVUs: how many virtual users are ready to start iterations (about Rate × the seconds that an iteration takes)."));
        }

        if (numbers.Duration is null && pattern != LoadPattern.Smoke)
        {
            faults.Add(new(Rules.MissingMetadata, null, $"{pattern} lacks Duration: how long it takes as a whole, such as Duration=\"5m\"."));
        }
    }

    private static void Ramps(LoadPattern pattern, PatternNumbers numbers, List<PatternFault> faults)
    {
        var (start, top, length) = (Start(pattern, numbers), Top(numbers), Length(pattern, numbers));
        var open = numbers.Rate is not null;
        var (startName, topName) = open ? ("StartRate", "Rate") : ("StartVUs", "Vus");
        if (start < 0)
        {
            faults.Add(new(Rules.ImpossibleLoad, startName, $"{startName}=\"{start}\" is negative; write 0 or more."));
        }
        else if (start >= top)
        {
            faults.Add((open ? numbers.StartRate : numbers.StartVUs) is null
                ? new(Rules.ImpossibleLoad, topName, $"{topName}=\"{top}\" is too little for a {pattern}: it starts at {start}. Raise it, or write {startName}=\"0\".")
                : new(Rules.ImpossibleLoad, startName, $"{startName}=\"{start}\" is not less than {topName}=\"{top}\", the top of a {pattern}."));
        }

        if (pattern == LoadPattern.Stress && numbers.Steps is < 1 or > MostSteps)
        {
            faults.Add(new(Rules.ImpossibleLoad, "Steps", $"Steps=\"{numbers.Steps}\" does not lie between 1 and {MostSteps}."));
        }
        else if (pattern == LoadPattern.Stress && start < top && Steps(numbers) > top - start)
        {
            faults.Add(new(Rules.ImpossibleLoad, numbers.Steps is null ? topName : "Steps",
                $"{Steps(numbers)} steps from {start} to {top} would not all be steps up. Raise {topName}, or write fewer Steps."));
        }
        else if (numbers.Ramp is { } ramp && Milliseconds(ramp) > LongestRamp(pattern, numbers, length))
        {
            faults.Add(new(Rules.ImpossibleLoad, "Ramp", $"Ramp=\"{ramp}\" is too long: {pattern} of {numbers.Duration} has {Text(LongestRamp(pattern, numbers, length))} at most for one ramp."));
        }
    }

    private static long LongestRamp(LoadPattern pattern, PatternNumbers numbers, long length) => pattern switch
    {
        LoadPattern.Spike => length / 5 / 2,
        LoadPattern.Stress => length / Steps(numbers),
        _ => length / 2,
    };

    private static List<Stage> Stages(LoadPattern pattern, PatternNumbers numbers, long start, long top)
    {
        var length = Length(pattern, numbers);
        var given = numbers.Ramp is { } text ? Milliseconds(text) : (long?)null;
        var stages = new List<(long Length, long Target)>();
        switch (pattern)
        {
            case LoadPattern.Breakpoint:
                stages.Add((length, top));
                break;
            case LoadPattern.Stress:
                var steps = Steps(numbers);
                var step = length / steps;
                var climb = given ?? step / 4;
                for (var i = 1; i <= steps; i++)
                {
                    var level = start + ((((top - start) * i * 2) + steps) / (2 * steps)); // rounded, halves up
                    stages.Add((climb, level));
                    stages.Add((i < steps ? step - climb : length - (step * (steps - 1)) - climb, level));
                }

                break;
            case LoadPattern.Spike:
                var before = length * 2 / 5;
                var peak = length / 5;
                var jump = given ?? length / 20;
                stages.AddRange([(before, start), (jump, top), (peak - (2 * jump), top), (jump, start), (length - before - peak, start)]);
                break;
            default:
                var ramp = given ?? length / (pattern == LoadPattern.Soak ? 20 : 4);
                stages.AddRange([(ramp, top), (length - (2 * ramp), top), (ramp, start)]);
                break;
        }

        // A stage of no length is a jump; one that stays where it is is nothing.
        var level0 = start;
        var kept = new List<Stage>();
        foreach (var (stage, target) in stages)
        {
            if (stage > 0 || target != level0)
            {
                kept.Add(new Stage(Text(stage), target));
            }

            level0 = target;
        }

        return kept;
    }

    private static long Top(PatternNumbers numbers) => numbers.Rate ?? numbers.Vus ?? 1;

    // A spike rises from a tenth; everything else from nothing.
    private static long Start(LoadPattern pattern, PatternNumbers numbers) =>
        (numbers.Rate is null ? numbers.StartVUs : numbers.StartRate) ?? (pattern == LoadPattern.Spike ? (Top(numbers) + 9) / 10 : 0);

    private static int Steps(PatternNumbers numbers) => numbers.Steps ?? DefaultSteps;

    private static long Length(LoadPattern pattern, PatternNumbers numbers) =>
        numbers.Duration is { } duration ? Milliseconds(duration) : pattern == LoadPattern.Smoke ? 10_000 : 0;

    private static long Milliseconds(string duration) => K6Duration.Parse(duration).Ticks / TimeSpan.TicksPerMillisecond;

    private static string Text(long milliseconds) => K6Duration.Format(TimeSpan.FromMilliseconds(milliseconds));

    private static IEnumerable<string> Given(PatternNumbers numbers) =>
        typeof(PatternNumbers).GetProperties().Where(property => property.GetValue(numbers) is not null).Select(property => property.Name);
}
