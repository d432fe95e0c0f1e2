using System.Globalization;
using System.Text.Json;

namespace K6.LoadTesting.Results;

/// <summary>What the engine measured over the whole run: the data of <c>handleSummary</c>, as the entry module wrote it.</summary>
internal sealed record Summary
{
    /// <summary>Metrics and submetrics with all their statistics.</summary>
    public required IReadOnlyDictionary<string, SummaryMetric> Metrics { get; init; }

    /// <summary>Checks: those at the root, then group by group.</summary>
    public required IReadOnlyList<CheckResult> Checks { get; init; }

    /// <summary>Length of the load, seconds: the divisor of the rates of counters.</summary>
    public required double LoadSeconds { get; init; }

    /// <summary>Statistics of trends that the run was asked for.</summary>
    public required IReadOnlyList<string> TrendStatistics { get; init; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="JsonException">It is not JSON, is cut short, or has another shape.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Summary Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        try
        {
            var root = document.RootElement;
            return new Summary
            {
                Metrics = root.GetProperty("metrics").EnumerateObject()
                    .ToDictionary(metric => metric.Name, metric => Metric(metric.Value), StringComparer.Ordinal),
                Checks = [.. ChecksOf(root.GetProperty("root_group"), "")],
                LoadSeconds = Seconds(Number(root.GetProperty("state").GetProperty("testRunDurationMs"))),
                TrendStatistics = root.TryGetProperty("options", out var options)
                    && options.TryGetProperty("summaryTrendStats", out var statistics)
                    && statistics.ValueKind == JsonValueKind.Array
                        ? [.. statistics.EnumerateArray().Select(statistic => statistic.GetString()!)]
                        : [],
            };
        }
        catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new JsonException(failure.Message, failure);
        }
    }

    // NaN and infinity of a custom metric are null in JSON.
    private static SummaryMetric Metric(JsonElement metric) => new(
        metric.GetProperty("type").GetString()!,
        metric.TryGetProperty("contains", out var contains) ? contains.GetString()! : "default",
        metric.GetProperty("values").EnumerateObject()
            .Where(value => value.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(value => value.Name, value => Number(value.Value), StringComparer.Ordinal),
        metric.TryGetProperty("thresholds", out var thresholds)
            ? thresholds.EnumerateObject().ToDictionary(
                threshold => threshold.Name, threshold => threshold.Value.GetProperty("ok").GetBoolean(), StringComparer.Ordinal)
            : new Dictionary<string, bool>());

    // k6's JSON.stringify prints about one number in ten thousand one unit of its last digit off; the entry module writes those as text.
    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? double.Parse(value.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture)
        : value.GetDouble();

    // The same operations as k6's own division of whole nanoseconds, so that rates can be recomputed to the last digit.
    private static double Seconds(double milliseconds)
    {
        var nanoseconds = (long)Math.Round(milliseconds * 1e6);
        return (nanoseconds / 1_000_000_000) + (nanoseconds % 1_000_000_000 / 1e9);
    }

    /// <summary>Checks of a group and of those in it.</summary>
    internal static IEnumerable<CheckResult> ChecksOf(JsonElement group, string path)
    {
        foreach (var check in Members(group, "checks"))
        {
            yield return new CheckResult(
                check.GetProperty("name").GetString()!, path, (long)Number(check.GetProperty("passes")), (long)Number(check.GetProperty("fails")));
        }

        foreach (var child in Members(group, "groups"))
        {
            var name = child.GetProperty("name").GetString()!;
            foreach (var check in ChecksOf(child, path.Length == 0 ? name : $"{path}::{name}"))
            {
                yield return check;
            }
        }
    }

    // Arrays in data of handleSummary; objects in older shapes of the same data.
    private static IEnumerable<JsonElement> Members(JsonElement group, string name) =>
        !group.TryGetProperty(name, out var members) ? []
        : members.ValueKind == JsonValueKind.Array ? members.EnumerateArray()
        : members.ValueKind == JsonValueKind.Object ? members.EnumerateObject().Select(member => member.Value)
        : [];
}

/// <summary>A metric or submetric of the summary.</summary>
/// <param name="Type"><c>counter</c>, <c>gauge</c>, <c>rate</c> or <c>trend</c>.</param>
/// <param name="Contains"><c>time</c>, <c>data</c> or <c>default</c>.</param>
/// <param name="Values">Statistics.</param>
/// <param name="Thresholds">Whether the engine says that each threshold holds, by expression as written.</param>
internal sealed record SummaryMetric(
    string Type, string Contains, IReadOnlyDictionary<string, double> Values, IReadOnlyDictionary<string, bool> Thresholds);
