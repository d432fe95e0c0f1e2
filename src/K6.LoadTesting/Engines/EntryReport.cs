using System.Text.Json;
using System.Text.Json.Serialization;

namespace K6.LoadTesting.Engines;

/// <summary>What the generated entry module says of its merge, in <c>options.ext.k6sdk</c>.</summary>
internal sealed record EntryReport
{
    /// <summary>Every threshold, of the project and of the scripts, under its final metric.</summary>
    public IReadOnlyList<EntryThreshold> Thresholds { get; init; } = [];

    /// <summary>Which of k6's scenarios belong to which item.</summary>
    public IReadOnlyList<EntryScenario> Scenarios { get; init; } = [];

    /// <summary>Submetrics that we declared, with empty lists of thresholds.</summary>
    public IReadOnlyList<string> Submetrics { get; init; } = [];

    /// <summary>Statistics of trends that we added.</summary>
    public IReadOnlyList<string> TrendStats { get; init; } = [];

    /// <summary>Reads it out of an <c>options.json</c>; null when the file has none.</summary>
    /// <exception cref="JsonException">The file is not JSON.</exception>
    public static EntryReport? Read(string optionsFile) => EngineRequirements.Parse(File.ReadAllBytes(optionsFile)).Entry;
}

/// <summary>A threshold in the merged options.</summary>
internal sealed record EntryThreshold
{
    /// <summary><c>project</c> or <c>script</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Index in <see cref="Plans.TestPlan.Thresholds"/>, for one of the project.</summary>
    public int? Index { get; init; }

    /// <summary>Absolute path of the script, for one of a script.</summary>
    public string? Script { get; init; }

    /// <summary>Metric as the script writes it.</summary>
    public string? Written { get; init; }

    /// <summary>Final metric, the key in the summary.</summary>
    public required string Metric { get; init; }

    /// <summary>k6's expression.</summary>
    public required string Expression { get; init; }

    /// <summary>Whether a breach stops the run.</summary>
    public bool AbortOnFail { get; init; }

    /// <summary>Final metric by whose same statistic the figure is divided; null for none.</summary>
    public string? Per { get; init; }

    /// <summary>Value of the tag that it is declared for, of a threshold for each of several; null for any other.</summary>
    public string? Each { get; init; }
}

/// <summary>An item of the project and the scenarios that it became.</summary>
/// <param name="Item">Name of the item.</param>
/// <param name="Script">Absolute path of its script.</param>
/// <param name="Names">k6's names of its scenarios.</param>
internal sealed record EntryScenario(string Item, string Script, IReadOnlyList<string> Names);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(EntryReport))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class EngineJson : JsonSerializerContext;
