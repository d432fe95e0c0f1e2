using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>Reads the <c>Pattern</c> of a <c>K6Scenario</c> and its numbers.</summary>
internal static class PatternReader
{
    /// <summary>Metadata that only patterns have, besides <c>Pattern</c> itself.</summary>
    public static IReadOnlyList<string> Metadata { get; } = ["Ramp", "Steps"];

    // What says the load itself, where a pattern does.
    private static readonly string[] Instead = ["Executor", "Stages", "Iterations", "MaxDuration"];

    /// <summary>The pattern that an item names; null when it names none that exists.</summary>
    public static LoadPattern? PatternOf(ItemReader item) =>
        item.Text("Pattern") is { } text && Enum.GetNames<LoadPattern>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<LoadPattern>(name)
            : null;

    /// <summary>The load of an item with a <c>Pattern</c>; null when it was refused.</summary>
    public static ScenarioLoad? Read(ItemReader item)
    {
        if (PatternOf(item) is not { } pattern)
        {
            item.Report(Rules.UnknownPattern, "Pattern", $"There is no pattern '{item.Text("Pattern")}'.{NearestName.Hint(item.Text("Pattern")!, Enum.GetNames<LoadPattern>())}");
            return null;
        }

        var contradictions = item.Set(Instead);
        foreach (var metadatum in contradictions)
        {
            item.Report(Rules.PatternContradicted, metadatum, metadatum switch
            {
                "Stages" => $"{pattern} makes the Stages itself; remove Stages, or Pattern. K6ListScenarios prints the stages of a pattern, to start from.",
                "Executor" => $"{pattern} chooses the executor itself: Vus makes it closed, Rate open. Remove Executor, or Pattern.",
                _ => $"{pattern} lasts for its Duration, whatever the number of iterations; remove {metadatum}, or Pattern.",
            });
        }

        var numbers = new PatternNumbers
        {
            Vus = item.Users("Vus"),
            Rate = item.Number("Rate"),
            Duration = item.Duration("Duration"),
            Ramp = item.Duration("Ramp"),
            Steps = item.Users("Steps"),
            StartVUs = item.Users("StartVUs"),
            StartRate = item.Number("StartRate"),
            TimeUnit = item.Duration("TimeUnit"),
            PreAllocatedVUs = item.Users("PreAllocatedVUs"),
            MaxVUs = item.Users("MaxVUs"),
            StartTime = item.Duration("StartTime"),
            GracefulStop = item.Duration("GracefulStop"),
            GracefulRampDown = item.Duration("GracefulRampDown"),
        };
        var unreadable = typeof(PatternNumbers).GetProperties().Any(property => item.Has(property.Name) && property.GetValue(numbers) is null);
        if (unreadable || contradictions.Count > 0)
        {
            return null;
        }

        var faults = LoadPatterns.Check(pattern, numbers);
        foreach (var fault in faults)
        {
            item.Report(fault.Rule, fault.Number ?? "Pattern", fault.Message);
        }

        return faults.Count == 0 ? LoadPatterns.Expand(pattern, numbers) : null;
    }
}
