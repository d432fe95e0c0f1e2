using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>A <c>K6Output</c> item: where the engine streams every sample while the load runs.</summary>
public sealed record OutputPlan
{
    /// <summary>k6's name of the output, such as <c>opentelemetry</c> (https://grafana.com/docs/k6/latest/results-output/real-time/).</summary>
    public required string Name { get; init; }

    /// <summary>What follows the name on k6's command line: an address, or a file in the folder of the run; null for none.</summary>
    public string? Argument { get; init; }

    /// <summary>Variables by which k6 configures it, such as <c>K6_PROMETHEUS_RW_SERVER_URL</c>; never secrets.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>First parts of the variables that reach it from the machine: where its secrets come from.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    /// <summary>Where it was declared.</summary>
    public required SourceLocation Location { get; init; }
}
