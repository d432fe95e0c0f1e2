using System.Text.Json;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Results;

/// <summary>Reads <c>loadtest.json</c> as somebody hands it to us: of this version or an older one, whole or not.</summary>
internal static class ResultFile
{
    /// <summary>The version that this library writes.</summary>
    public const int Version = 1;

    /// <summary>Reads a result. What an older version did not have yet is empty.</summary>
    /// <exception cref="LoadTestException">It is not there, half written, something else, or of a later version.</exception>
    public static LoadTestResult Read(string file)
    {
        try
        {
            var bytes = File.ReadAllBytes(file);
            using (var document = JsonDocument.Parse(bytes))
            {
                Check(file, document.RootElement);
            }

            return Whole(JsonSerializer.Deserialize(bytes, LoadTestJson.Instance.LoadTestResult)!);
        }
        catch (JsonException failure)
        {
            throw Invalid(file, $"it is cut short or not what it should be ({failure.Message})", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LoadTestException(
                Rules.ResultUnreadable.At(new SourceLocation(file, 0, 0), $"There is no result to read: {failure.Message} Run the load test first, or name a file with K6ReportInput."), failure);
        }
    }

    private static void Check(string file, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schemaVersion", out var version) || !version.TryGetInt32(out var number) || number < 1)
        {
            throw Invalid(file, "it has no schemaVersion, so it is not a result of K6.Sdk", null);
        }

        if (number > Version)
        {
            throw new LoadTestException(Rules.ResultTooNew.At(
                new SourceLocation(file, 0, 0),
                $"The result has schemaVersion {number}, and this version of K6.Sdk knows versions up to {Version}. Use the version that wrote it, or a later one."));
        }
    }

    private static LoadTestException Invalid(string file, string why, Exception? failure) => new(
        Rules.ResultUnreadable.At(new SourceLocation(file, 0, 0), $"The result cannot be read: {why}. Run the load test again."), failure);

    // The reader leaves null where a list is missing.
    private static LoadTestResult Whole(LoadTestResult result) => result with
    {
        Tests = [.. (result.Tests ?? []).Select(Whole)],
        Coverage = result.Coverage ?? [],
        Diagnostics = result.Diagnostics ?? [],
        ImportedFrom = result.ImportedFrom ?? [],
        Files = result.Files ?? [],
    };

    private static TestResult Whole(TestResult test) => test with
    {
        Scenarios = test.Scenarios ?? [],
        Metrics = test.Metrics ?? new Dictionary<string, MetricResult>(),
        Endpoints = test.Endpoints ?? [],
        Breakdowns = test.Breakdowns ?? [],
        Operations = test.Operations ?? [],
        Regressions = test.Regressions ?? [],
        ServiceLogs = test.ServiceLogs ?? [],
        SlowestRequests = test.SlowestRequests ?? [],
        Thresholds = [.. (test.Thresholds ?? []).Select(threshold => threshold with { Unit = threshold.Unit ?? "" })],
        Checks = test.Checks ?? [],
        Errors = test.Errors ?? [],
        Iterations = test.Iterations ?? new IterationCounts(0, 0, 0),
        Timeline = test.Timeline is { } timeline && timeline.Series.Values.All(series => series.Count == timeline.Seconds.Count) ? timeline : null,
        Monitored = test.Monitored ?? [],
        LogTail = test.LogTail ?? [],
        Files = test.Files ?? [],
    };
}
