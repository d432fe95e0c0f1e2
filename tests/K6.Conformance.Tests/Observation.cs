using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace K6.Conformance.Tests;

/// <summary>What can be seen of a run from outside, without what varies (times, ports, identifiers). Parts that a case does not have are null.</summary>
internal sealed record Observation
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NewLine = "\n",
    };

    /// <summary>The process's exit code.</summary>
    public int ExitCode { get; init; }

    /// <summary>The log's records: <c>level(fields) message</c>.</summary>
    public IReadOnlyList<string>? Log { get; init; }

    /// <summary>Lines of standard output.</summary>
    public IReadOnlyList<string>? Output { get; init; }

    /// <summary>Metrics of the end-of-test summary with values, where they do not vary, and outcomes of thresholds.</summary>
    public SortedDictionary<string, string>? Metrics { get; init; }

    /// <summary>Checks of the end-of-test summary: path, passes/fails.</summary>
    public SortedDictionary<string, string>? Checks { get; init; }

    /// <summary>Samples by metric and tags: how many, and the values where they do not vary.</summary>
    public SortedDictionary<string, string>? Samples { get; init; }

    /// <summary>What arrived at the truth server: requests and how many of each, and connections.</summary>
    public SortedDictionary<string, int>? Server { get; init; }

    /// <summary>Files that the run wrote, as lines.</summary>
    public SortedDictionary<string, IReadOnlyList<string>>? Files { get; init; }

    /// <summary>The parts by name, as JSON.</summary>
    public IReadOnlyDictionary<string, string> Parts()
    {
        using var document = JsonSerializer.SerializeToDocument(this, Readable);
        return document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => JsonSerializer.Serialize(p.Value, Readable), StringComparer.Ordinal);
    }

    /// <summary>The names of the parts in which two observations differ.</summary>
    public static IReadOnlyList<string> DifferingParts(Observation one, Observation other)
    {
        var (a, b) = (one.Parts(), other.Parts());
        return [.. a.Keys.Union(b.Keys).Where(name => a.GetValueOrDefault(name) != b.GetValueOrDefault(name)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The differences as lines: <c>-</c> of the first, <c>+</c> of the second.</summary>
    public static string Difference(Observation expected, Observation actual)
    {
        var (a, b) = (expected.Parts(), actual.Parts());
        var lines = new List<string>();
        foreach (var part in DifferingParts(expected, actual))
        {
            var (before, after) = (a.GetValueOrDefault(part, "(none)").Split('\n'), b.GetValueOrDefault(part, "(none)").Split('\n'));
            lines.Add($"{part}:");
            lines.AddRange(Without(before, after).Select(line => "  - " + line.Trim()));
            lines.AddRange(Without(after, before).Select(line => "  + " + line.Trim()));
            if (lines[^1] == $"{part}:")
            {
                lines.Add("  another order: " + string.Join(" | ", after.Select(line => line.Trim())));
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>Writes an expectation.</summary>
    public static void Write(string file, Expectation expectation) => File.WriteAllText(file, JsonSerializer.Serialize(expectation, Readable) + "\n");

    /// <summary>Reads an expectation.</summary>
    public static Expectation ReadExpectation(string file) => JsonSerializer.Deserialize<Expectation>(File.ReadAllText(file), Readable)!;

    private static IEnumerable<string> Without(string[] lines, string[] others)
    {
        var left = others.Select(l => l.Trim(' ', ',')).GroupBy(l => l, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        return lines.Where(line => !(left.TryGetValue(line.Trim(' ', ','), out var n) && (left[line.Trim(' ', ',')] = n - 1) >= 0));
    }
}

/// <summary>A recorded case: what k6 did, and, where the engine differs knowingly, what the engine did.</summary>
/// <param name="K6">Real k6 2.2.0.</param>
/// <param name="Embedded">The embedded engine; null where it must do the same.</param>
internal sealed record Expectation(Observation K6, Observation? Embedded);
