using System.Text.Json;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Results;

/// <summary>The merged truth of a run, as <c>inspect</c> printed it.</summary>
internal sealed record RunOptions
{
    /// <summary>Nothing known: the engine never got to print its options.</summary>
    public static RunOptions Unknown { get; } = new();

    /// <summary>The scenarios that run, in the order printed.</summary>
    public IReadOnlyList<RunScenario> Scenarios { get; init; } = [];

    /// <summary>Keys and values of the tags of the run and of its scenarios.</summary>
    public IReadOnlyList<string> TagWords { get; init; } = [];

    /// <summary>Hash of the load: scenarios with their executors and numbers, without what they run; null when unknown.</summary>
    public string? LoadKey { get; init; }

    /// <summary>What the entry module says that it merged; null when there is no report.</summary>
    public EntryReport? Entry { get; init; }

    /// <summary>Reads the file; unknown when it is missing or not what it should be.</summary>
    public static RunOptions Read(string? file)
    {
        if (file is null || !File.Exists(file))
        {
            return Unknown;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var scenarios = Members(document.RootElement, "scenarios").ToList();
            return new RunOptions
            {
                Scenarios = [.. scenarios.Select(scenario => new RunScenario(
                    scenario.Name,
                    Text(scenario.Value, "executor") ?? "",
                    Text(scenario.Value, "exec") is { } exec && exec != "default" ? exec : null,
                    IsZero(scenario.Value, "gracefulStop") || IsZero(scenario.Value, "gracefulRampDown")))],
                TagWords = [.. Members(document.RootElement, "tags").Concat(scenarios.SelectMany(scenario => Members(scenario.Value, "tags")))
                    .SelectMany(tag => new[] { tag.Name, tag.Value.ToString() })
                    .Distinct()],
                LoadKey = scenarios.Count == 0 ? null : History.HistoryLine.Hash(string.Join('\n', scenarios.OrderBy(scenario => scenario.Name, StringComparer.Ordinal).Select(Load))),
                Entry = EntryReport.Read(file) is { } entry ? Whole(entry) : null,
            };
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            return Unknown;
        }
    }

    // What a scenario runs is not its load; two versions of a script are there to be compared.
    private static string Load(JsonProperty scenario) => scenario.Value.ValueKind != JsonValueKind.Object ? scenario.Name
        : $"{scenario.Name} {string.Join(' ', scenario.Value.EnumerateObject()
            .Where(option => option.Name is not ("exec" or "env" or "tags" or "options") && option.Value.ValueKind != JsonValueKind.Null)
            .OrderBy(option => option.Name, StringComparer.Ordinal)
            .Select(option => $"{option.Name}={option.Value.GetRawText().Replace(" ", "", StringComparison.Ordinal)}"))}";

    // What a report lacks comes out of the reader as null.
    private static EntryReport Whole(EntryReport entry) => entry with
    {
        Thresholds = entry.Thresholds ?? [],
        Scenarios = entry.Scenarios ?? [],
        Submetrics = entry.Submetrics ?? [],
        TrendStats = entry.TrendStats ?? [],
    };

    private static bool IsZero(JsonElement scenario, string name) =>
        scenario.ValueKind == JsonValueKind.Object && scenario.TryGetProperty(name, out var value) && value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble() == 0,
            JsonValueKind.String => value.GetString() is "0" or "0s" or "0ms" or "0m" or "0h",
            _ => false,
        };

    private static JsonElement.ObjectEnumerator Members(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject()
            : default;

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

/// <summary>A scenario that runs.</summary>
/// <param name="Name">Name.</param>
/// <param name="Executor">Executor.</param>
/// <param name="Exec">Function; null for the default export.</param>
/// <param name="HasNoGrace">Whether iterations get no time to finish (<c>gracefulStop</c> or <c>gracefulRampDown</c> is 0); an interrupted one then says nothing about the application.</param>
internal sealed record RunScenario(string Name, string Executor, string? Exec, bool HasNoGrace)
{
    /// <summary>Whether the executor schedules iterations, which it can drop.</summary>
    public bool CanDrop => Executor is not ("constant-vus" or "ramping-vus");
}
