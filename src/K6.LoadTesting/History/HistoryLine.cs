using System.Security.Cryptography;
using System.Text;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.History;

/// <summary>Makes the line of a history that a result becomes.</summary>
internal static class HistoryLine
{
    // One line is to be about 2 KB: whole metrics and what is judged, and of single requests the most frequent.
    private const int MaxEndpoints = 20;
    private const long EnoughRequests = 500;
    private const int EnoughSeconds = 5;
    private static readonly string[] Kept = ["http_req_duration", "http_req_failed", "http_reqs", "iterations", "iteration_duration", "checks", "dropped_iterations"];
    private static readonly string[] Statistics = ["count", "rate", "passes", "fails", "value", "avg", "min", "med", "max", "p(90)", "p(95)", "p(99)"];

    /// <summary>The lines of a result: one for each test that ran.</summary>
    /// <param name="result">The result.</param>
    /// <param name="label"><c>K6HistoryLabel</c>; null without one.</param>
    public static IReadOnlyList<HistoryEntry> Of(LoadTestResult result, string? label) =>
        [.. result.Tests.Where(test => test.LoadKey is not null && test.Metrics.Count > 0).Select(test => Of(result, test, label))];

    /// <summary>The line of one test.</summary>
    public static HistoryEntry Of(LoadTestResult result, TestResult test, string? label) => new()
    {
        RunId = result.RunId,
        Time = test.StartTime ?? result.StartTime,
        Project = result.Project,
        Test = test.Name,
        Verdict = test.Verdict,
        Key = KeyOf(result, test, label),
        Engine = result.Engine is { } engine ? $"{engine.Name} {engine.Version}" : null,
        Commit = result.Commit,
        Ci = result.Machine.Ci,
        Busy = test.Monitored.FirstOrDefault(one => one.Kind == MonitoredKind.Machine)?.Metrics.GetValueOrDefault("cpu")?.Values.GetValueOrDefault("med"),
        Noisy = test.Noisy,
        LoadSeconds = test.LoadSeconds,
        Metrics = Metrics(test),
        Crossed = [.. test.Thresholds.Where(threshold => threshold.Verdict == ThresholdVerdict.Failed).Select(threshold => threshold.Name)],
    };

    /// <summary>The lines after which the baselines of a project's tests begin anew.</summary>
    public static IReadOnlyList<HistoryEntry> Accepted(LoadPlan plan) => [.. plan.Tests.Select(test => new HistoryEntry
    {
        Kind = HistoryKind.Accepted,
        RunId = Guid.NewGuid(),
        Time = DateTimeOffset.UtcNow,
        Project = plan.Project,
        Test = test.Name,
        Verdict = Verdict.Passed,
        Commit = LoadTestResults.CommitOf(plan),
    })];

    /// <summary>What has to be equal for two runs to be compared.</summary>
    public static HistoryKey KeyOf(LoadTestResult result, TestResult test, string? label)
    {
        var machine = result.Machine;
        // Machines of a CI system come and go by name; one of one's own is itself.
        var kind = $"{System(machine.OperatingSystem)}-{machine.Architecture}/{machine.Cpus} cpus/{machine.Ci ?? machine.Name}";
        var engine = result.Engine is { } known ? $"{known.Name} {known.Version.Split('.')[0]}" : "none";
        return new HistoryKey(test.LoadKey ?? "", engine, kind, label);
    }

    /// <summary>Hash of a text: the same on each machine, short enough to read.</summary>
    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private static Dictionary<string, HistoryMetric> Metrics(TestResult test)
    {
        var names = Kept.Concat(test.Thresholds.Select(threshold => threshold.Metric)).Concat(test.Regressions.Select(one => one.Metric))
            .Concat(test.Endpoints.Where(endpoint => endpoint.Requests >= EnoughRequests).Take(MaxEndpoints).Select(endpoint => $"http_req_duration{{name:{endpoint.Name}}}"))
            .Distinct();
        return names.Where(test.Metrics.ContainsKey).ToDictionary(name => name, name => Metric(test, name, test.Metrics[name]));
    }

    private static HistoryMetric Metric(TestResult test, string name, MetricResult metric) => new()
    {
        Type = metric.Type,
        Values = metric.Values.Where(value => Statistics.Contains(value.Key) && double.IsFinite(value.Value)).ToDictionary(value => value.Key, value => Math.Round(value.Value, 6)),
        LogError = metric.Type == "trend" ? LogError(test.Timeline?.Series.GetValueOrDefault($"{name}.med")) : null,
        Sketch = name == "http_req_duration" && metric.Distribution is { Count: > 1 } distribution && metric.Values.TryGetValue("count", out var count)
            ? DistributionSketch.Of(distribution, (long)count)
            : null,
    };

    // Seconds as blocks: neighbouring samples are alike, and a formula for independent ones would promise too much.
    private static double? LogError(IReadOnlyList<double?>? seconds)
    {
        double[] logs = [.. (seconds ?? []).OfType<double>().Where(value => value > 0).Select(value => Math.Log(value))];
        if (logs.Length < EnoughSeconds)
        {
            return null;
        }

        var mean = logs.Average();
        return Math.Round(Math.Sqrt(logs.Sum(log => (log - mean) * (log - mean)) / (logs.Length - 1) / logs.Length), 6);
    }

    private static string System(string description) =>
        description.Contains("Windows", StringComparison.OrdinalIgnoreCase) ? "windows"
        : description.Contains("Darwin", StringComparison.OrdinalIgnoreCase) || description.Contains("macOS", StringComparison.OrdinalIgnoreCase) ? "macos"
        : "linux";
}
