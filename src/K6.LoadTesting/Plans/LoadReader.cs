using System.Globalization;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>Reads the load of a <c>K6Scenario</c>: which executor, and whether k6 could run it.</summary>
internal static class LoadReader
{
    private const string SharedIterations = "shared-iterations";
    private const string PerVuIterations = "per-vu-iterations";
    private const string ConstantVus = "constant-vus";
    private const string RampingVus = "ramping-vus";
    private const string ConstantArrivalRate = "constant-arrival-rate";
    private const string RampingArrivalRate = "ramping-arrival-rate";

    /// <summary>Names of k6's executors.</summary>
    internal static IReadOnlyCollection<string> ExecutorNames => Executors.Keys;

    // What each executor takes besides the metadata of all.
    private static readonly Dictionary<string, string[]> Executors = new()
    {
        [SharedIterations] = ["Vus", "Iterations", "MaxDuration"],
        [PerVuIterations] = ["Vus", "Iterations", "MaxDuration"],
        [ConstantVus] = ["Vus", "Duration"],
        [RampingVus] = ["StartVUs", "Stages", "GracefulRampDown"],
        [ConstantArrivalRate] = ["Rate", "TimeUnit", "Duration", "PreAllocatedVUs", "MaxVUs"],
        [RampingArrivalRate] = ["StartRate", "TimeUnit", "Stages", "PreAllocatedVUs", "MaxVUs"],
    };

    private static readonly string[] Common = ["StartTime", "GracefulStop"];

    private static readonly string[] Specific =
    [
        "Vus", "StartVUs", "Duration", "Iterations", "MaxDuration", "Rate", "StartRate", "TimeUnit",
        "PreAllocatedVUs", "MaxVUs", "Stages", "GracefulRampDown",
    ];

    /// <summary>Every metadatum of a load, <c>Exec</c> aside.</summary>
    public static IReadOnlyList<string> Metadata { get; } = ["Pattern", .. PatternReader.Metadata, "Executor", .. Specific, .. Common];

    /// <summary>The load; null when the item has none, or when it was refused.</summary>
    public static ScenarioLoad? Read(ItemReader item)
    {
        if (item.Has("Pattern"))
        {
            return PatternReader.Read(item);
        }

        foreach (var metadatum in item.Set(PatternReader.Metadata))
        {
            item.Report(Rules.PatternContradicted, metadatum, $"{metadatum} is a number of a pattern, and the item has none. Add one, such as Pattern=\"RampUp\", or remove it.");
        }

        if (Executor(item) is not { } executor)
        {
            return null;
        }

        var refused = false;
        foreach (var metadatum in item.Set(Specific).Except(Executors[executor]))
        {
            refused = true;
            var why = item.Has("Executor") ? "" : $", the executor that {Decisive(item, executor)} stands for";
            item.Report(Rules.ForeignMetadata, metadatum, $"{metadatum} does not belong to {executor}{why}. {Instead(metadatum, executor)}");
        }

        if (refused)
        {
            return null;
        }

        var load = new ScenarioLoad
        {
            Executor = executor,
            Vus = item.Users("Vus"),
            StartVUs = item.Users("StartVUs"),
            Duration = item.Duration("Duration"),
            Iterations = item.Number("Iterations"),
            MaxDuration = item.Duration("MaxDuration"),
            Rate = item.Number("Rate"),
            StartRate = item.Number("StartRate"),
            TimeUnit = item.Duration("TimeUnit"),
            PreAllocatedVUs = item.Users("PreAllocatedVUs"),
            MaxVUs = item.Users("MaxVUs"),
            Stages = Stages(item),
            StartTime = item.Duration("StartTime"),
            GracefulStop = item.Duration("GracefulStop"),
            GracefulRampDown = item.Duration("GracefulRampDown"),
        };
        LoadRules.Check(item, load);
        return load;
    }

    private static string? Executor(ItemReader item)
    {
        if (item.Text("Executor") is { } named)
        {
            var known = Executors.Keys.FirstOrDefault(name => name.Equals(named, StringComparison.OrdinalIgnoreCase));
            if (known is null)
            {
                item.Report(Rules.UnknownExecutor, "Executor", named == "externally-controlled"
                    ? "k6 2.0 removed the executor externally-controlled; use constant-vus or ramping-vus."
                    : $"k6 has no executor '{named}'.{NearestName.Hint(named, Executors.Keys)}");
            }

            return known;
        }

        if (item.Set(Specific) is not [var first, ..])
        {
            foreach (var metadatum in item.Set([.. Common, "Exec"]))
            {
                item.Report(Rules.NoLoad, metadatum,
                    $"{metadatum} has no effect here: without Pattern, Vus, Duration, Stages, Iterations or Rate the script's own scenarios run as they are. Add a load to the item, or say it in the script's options.");
            }

            return null;
        }

        var inferred =
            item.Set(["Stages", "StartRate"]).Count > 0 && item.Set(["Rate", "StartRate", "TimeUnit", "PreAllocatedVUs", "MaxVUs"]).Count > 0 ? RampingArrivalRate
            : item.Set(["Stages", "StartVUs", "GracefulRampDown"]).Count > 0 ? RampingVus
            : item.Set(["Rate", "TimeUnit", "PreAllocatedVUs", "MaxVUs"]).Count > 0 ? ConstantArrivalRate
            : item.Has("Iterations") ? SharedIterations
            : item.Has("Duration") ? ConstantVus
            : null;
        if (inferred is null)
        {
            item.Report(Rules.UnclearLoad, first,
                $"{first} alone does not say how long the scenario runs. Add Duration (constant-vus), Stages (ramping-vus), Iterations (shared-iterations) or Rate (constant-arrival-rate).");
        }

        return inferred;
    }

    // The metadatum that made us choose, for messages.
    private static string Decisive(ItemReader item, string executor) => executor switch
    {
        RampingArrivalRate => string.Join(" with ", item.Set(["Stages", "StartRate", "PreAllocatedVUs", "MaxVUs", "TimeUnit", "Rate"]).Take(2)),
        RampingVus => item.Set(["Stages", "StartVUs", "GracefulRampDown"])[0],
        ConstantArrivalRate => item.Set(["Rate", "PreAllocatedVUs", "MaxVUs", "TimeUnit"])[0],
        SharedIterations => "Iterations",
        _ => "Duration",
    };

    private static string Instead(string metadatum, string executor) => (metadatum, executor) switch
    {
        ("Vus", RampingVus) => "Write StartVUs for the virtual users at the start.",
        ("StartVUs", ConstantVus or SharedIterations or PerVuIterations) => "Write Vus.",
        ("Vus" or "StartVUs", ConstantArrivalRate or RampingArrivalRate) => "Write PreAllocatedVUs, and MaxVUs where more may be needed.",
        ("PreAllocatedVUs" or "MaxVUs", ConstantVus or SharedIterations or PerVuIterations) => "Write Vus.",
        ("Rate", RampingArrivalRate) => "Write StartRate for the rate at the start.",
        ("StartRate", ConstantArrivalRate) => "Write Rate.",
        ("Duration", SharedIterations or PerVuIterations) => "Write MaxDuration for the upper bound of its time.",
        ("Duration" or "MaxDuration", RampingVus or RampingArrivalRate) => "Its length is the sum of its Stages.",
        ("MaxDuration", _) => "Write Duration.",
        ("Iterations", _) => "Remove it, or the rest, or write Executor=\"shared-iterations\" or \"per-vu-iterations\" with Vus and MaxDuration.",
        ("Stages", ConstantVus) => "Write Executor=\"ramping-vus\".",
        ("Stages", ConstantArrivalRate) => "Write Executor=\"ramping-arrival-rate\".",
        _ => $"It takes {string.Join(", ", Executors[executor].Concat(Common))}.",
    };

    private static List<Stage>? Stages(ItemReader item)
    {
        if (!item.Has("Stages"))
        {
            return null;
        }

        var stages = new List<Stage>();
        foreach (var entry in item.List("Stages"))
        {
            var parts = entry.Split(':', StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var target))
            {
                item.Report(Rules.InvalidValue, "Stages",
                    $"'{entry}' in Stages is not duration:target; write stages as Stages=\"10s:5, 1m:5, 10s:0\", separated by commas, targets whole numbers.");
            }
            else if (item.CheckDuration("Stages", parts[0]))
            {
                stages.Add(new Stage(parts[0], target));
            }
        }

        return stages;
    }
}
