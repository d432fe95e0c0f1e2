using System.Text.Json.Serialization;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.History;

/// <summary>
/// One line of a history: a run of a test, or the mark of a baseline. The line is one JSON object; docs/history.md has its members. Members that a
/// reader does not know are kept out of its way, and never written back: lines are only ever appended.
/// </summary>
internal sealed record HistoryEntry
{
    /// <summary>Name of the format.</summary>
    internal const string CurrentSchema = "k6sdk.history/1";

    /// <summary>Name and version of the format: <c>k6sdk.history/1</c>.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>What the line is.</summary>
    public HistoryKind Kind { get; init; }

    /// <summary>Id of the invocation.</summary>
    public required Guid RunId { get; init; }

    /// <summary>Start of the load; for a mark, when it was set.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Name of the project.</summary>
    public required string Project { get; init; }

    /// <summary>Name of the test; of a mark, the test whose baseline it is.</summary>
    public required string Test { get; init; }

    /// <summary>Its verdict.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>What has to be equal for two runs to be compared; null for a mark.</summary>
    public HistoryKey? Key { get; init; }

    /// <summary>The engine, such as <c>k6 2.2.0</c>.</summary>
    public string? Engine { get; init; }

    /// <summary>The commit; null outside of a repository.</summary>
    public CommitInfo? Commit { get; init; }

    /// <summary>Name of the CI system; null outside of one.</summary>
    public string? Ci { get; init; }

    /// <summary>Share of the machine's CPU that was busy during the load, median of its seconds, 0 to 1; null when not measured.</summary>
    public double? Busy { get; init; }

    /// <summary>Whether the machine or the load generator was saturated.</summary>
    public bool Noisy { get; init; }

    /// <summary>Length of the load, seconds.</summary>
    public double? LoadSeconds { get; init; }

    /// <summary>Metrics by name.</summary>
    public IReadOnlyDictionary<string, HistoryMetric> Metrics { get; init; } = new Dictionary<string, HistoryMetric>();

    /// <summary>Thresholds that were crossed, by name.</summary>
    public IReadOnlyList<string> Crossed { get; init; } = [];
}

/// <summary>What a line of a history is.</summary>
internal enum HistoryKind
{
    /// <summary>A run.</summary>
    Run,

    /// <summary>From here on a baseline begins anew: runs before it are compared with no more.</summary>
    Accepted,
}

/// <summary>What has to be equal for two runs to be compared.</summary>
/// <param name="Load">Hash of the scenarios: executors, users, rates, times.</param>
/// <param name="Engine">Engine and its major version, such as <c>k6 2</c>.</param>
/// <param name="Machine">Kind of the machine: system, architecture, processors, and the name of the CI system or of the machine.</param>
/// <param name="Label"><c>K6HistoryLabel</c>: what else is to be kept apart, such as an environment; null without one.</param>
internal sealed record HistoryKey(string Load, string Engine, string Machine, string? Label);

/// <summary>A metric of a run.</summary>
internal sealed record HistoryMetric
{
    /// <summary><c>counter</c>, <c>gauge</c>, <c>rate</c> or <c>trend</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Statistics by k6's name, in k6's units.</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>Standard error of the logarithm of the median, from the seconds of the load; null when they are too few.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LogError { get; init; }

    /// <summary>The distribution as a sketch that can be merged with others; null where it was not kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DistributionSketch? Sketch { get; init; }
}
