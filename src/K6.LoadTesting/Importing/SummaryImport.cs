using System.Text.Json;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Importing;

/// <summary>Reads a summary that k6 itself wrote: the data of <c>handleSummary</c>, or the older shape of <c>--summary-export</c>.</summary>
internal static class SummaryImport
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="JsonException">It is of another shape.</exception>
    public static Summary Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var metrics = document.RootElement.GetProperty("metrics").EnumerateObject().ToList();
        return metrics.TrueForAll(metric => metric.Value.ValueKind == JsonValueKind.Object && metric.Value.TryGetProperty("values", out _))
            && document.RootElement.TryGetProperty("state", out _)
            ? Summary.Read(file)
            : Export(document.RootElement, metrics);
    }

    private static Summary Export(JsonElement root, IReadOnlyList<JsonProperty> metrics)
    {
        try
        {
            var read = metrics.ToDictionary(metric => metric.Name, metric => Metric(metric.Name, metric.Value), StringComparer.Ordinal);
            return new Summary
            {
                Metrics = read,
                Checks = root.TryGetProperty("root_group", out var group) ? [.. Summary.ChecksOf(group, "")] : [],
                LoadSeconds = Seconds(read.Values),
                TrendStatistics = [],
            };
        }
        catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException(failure.Message, failure);
        }
    }

    // Statistics beside each other, and true at a threshold means that it was crossed: https://grafana.com/docs/k6/latest/results-output/end-of-test/custom-summary/
    private static SummaryMetric Metric(string key, JsonElement metric)
    {
        var values = metric.EnumerateObject().Where(value => value.Value.ValueKind == JsonValueKind.Number)
            .ToDictionary(value => value.Name, value => value.Value.GetDouble(), StringComparer.Ordinal);
        var known = BuiltInMetrics.Find(key.Split('{')[0]);
        var type = known?.Type.ToString().ToLowerInvariant()
            ?? (values.ContainsKey("passes") && values.ContainsKey("fails") ? "rate"
            : values.ContainsKey("count") && values.ContainsKey("rate") ? "counter"
            : values.ContainsKey("value") && values.ContainsKey("min") ? "gauge"
            : "trend");
        if (type == "rate" && values.Remove("value", out var share))
        {
            values["rate"] = share;
        }

        return new SummaryMetric(
            type,
            known?.Contents.ToString().ToLowerInvariant() ?? "default",
            values,
            metric.TryGetProperty("thresholds", out var thresholds) && thresholds.ValueKind == JsonValueKind.Object
                ? thresholds.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.ValueKind == JsonValueKind.False, StringComparer.Ordinal)
                : new Dictionary<string, bool>());
    }

    // The file does not say it; any counter does.
    private static double Seconds(IEnumerable<SummaryMetric> metrics) => metrics
        .Where(metric => metric.Type == "counter" && metric.Values.GetValueOrDefault("count") > 0 && metric.Values.GetValueOrDefault("rate") > 0)
        .Select(metric => metric.Values["count"] / metric.Values["rate"])
        .FirstOrDefault();
}
