using System.Text.Json;
using K6.LoadTesting.Gates;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Services.Monitoring;

/// <summary>A threshold that is crossed while the load runs.</summary>
/// <param name="Text">Metric and expression.</param>
/// <param name="Service">The service that it limits; null for one of the engine.</param>
/// <param name="Severity">How far beyond the limit, 1 at the limit; 1 too where nobody knows.</param>
internal sealed record CrossedThreshold(string Text, string? Service, double Severity);

/// <summary>Which thresholds are crossed at this moment: the engine's by its recording, as it grows; those of services by their last second.</summary>
internal sealed class CrossedThresholds(string recordFile, IReadOnlyList<ThresholdPlan> thresholds, Func<string, MonitoredSample?> latest)
{
    private readonly List<CrossedThreshold> _ofEngine = [];
    private readonly GrowingFile _recording = new(recordFile);

    /// <summary>Looks again.</summary>
    public IReadOnlyList<CrossedThreshold> Now()
    {
        _recording.ReadLines(Take);
        return [.. _ofEngine, .. OfServices()];
    }

    private IEnumerable<CrossedThreshold> OfServices()
    {
        foreach (var threshold in thresholds)
        {
            if (ServiceMetrics.Parse(threshold.Metric) is var (service, metric)
                && latest(service)?.Values.TryGetValue(metric, out var value) == true
                && !ThresholdEvaluator.Holds(value, threshold.Operator, threshold.Limit))
            {
                var beyond = threshold.Operator is "<" or "<=" && threshold.Limit > 0 ? value / threshold.Limit : 1;
                yield return new CrossedThreshold($"{threshold.Metric} {threshold.Expression}", service, beyond);
            }
        }
    }

    // A snapshot a second, each with the thresholds that are crossed by then in a line before it.
    private void Take(ReadOnlyMemory<byte> line)
    {
        if (line.Span.IndexOf("\"threshold\""u8) < 0)
        {
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.GetProperty("event").GetString() != "threshold")
            {
                return;
            }

            _ofEngine.Clear();
            foreach (var metric in json.RootElement.GetProperty("data").EnumerateObject())
            {
                _ofEngine.AddRange(metric.Value.EnumerateArray().Select(expression => new CrossedThreshold($"{metric.Name} {expression.GetString()}", null, 1)));
            }
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // A line of another format is no threshold.
        }
    }
}
