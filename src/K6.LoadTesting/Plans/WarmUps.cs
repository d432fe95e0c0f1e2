using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>How long each test warms up: <c>WarmUp</c> of its scenarios, else the property <c>K6WarmUp</c> (docs/warm-up.md).</summary>
internal static class WarmUps
{
    /// <summary>Metadatum of a scenario.</summary>
    public const string Metadatum = "WarmUp";

    /// <summary>Property for every test.</summary>
    public const string Property = "K6WarmUp";

    // k6 takes no shorter scenario.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The metadatum of a scenario, valid; null when absent.</summary>
    public static string? Read(ItemReader item)
    {
        if (item.Duration(Metadatum) is not { } text)
        {
            return null;
        }

        if (Problem(text) is not { } problem)
        {
            return text;
        }

        item.Report(Rules.InvalidValue, Metadatum, $"{Metadatum}=\"{text}\" {problem}");
        return null;
    }

    /// <summary>What is wrong with a length; null when nothing is.</summary>
    public static string? Problem(string text) =>
        K6Duration.Parse(text) is var length && length > TimeSpan.Zero && length < Shortest ? "is less than a second, the shortest that k6 runs; write 10s, or 0s for no warm-up." : null;

    /// <summary>The warm-up of a test; its scenarios run together, so those that name one must name the same.</summary>
    /// <param name="scenarios">The scenarios of the test.</param>
    /// <param name="everywhere">What the property says; null when it says nothing.</param>
    /// <param name="diagnostics">Hears of two lengths.</param>
    public static string? Of(IReadOnlyList<DeclaredScenario> scenarios, string? everywhere, ICollection<Diagnostic> diagnostics)
    {
        var own = scenarios.Where(scenario => scenario.WarmUp is not null).ToList();
        foreach (var other in own.Skip(1).Where(other => K6Duration.Parse(other.WarmUp!) != K6Duration.Parse(own[0].WarmUp!)))
        {
            diagnostics.Add(Rules.WarmUpsDiffer.At(
                other.Plan.MetadataLocations.GetValueOrDefault(Metadatum, other.Plan.Location),
                $"Scenario '{other.Name}' warms up for {other.WarmUp} and '{own[0].Name}' for {own[0].WarmUp}, but they run together as '{other.Test}' and warm up together. Say it on one of them, or give one a Test of its own."));
        }

        var text = own.Count > 0 ? own[0].WarmUp : everywhere;
        return text is not null && K6Duration.Parse(text) > TimeSpan.Zero ? text : null;
    }
}
