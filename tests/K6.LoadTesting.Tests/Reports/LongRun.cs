using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Reports;

/// <summary>A failed run of any length with any number of endpoints, with everything that a report can show.</summary>
internal static class LongRun
{
    public static LoadTestResult Failed(int seconds, int endpoints)
    {
        var threshold = SampleResult.Threshold("http_req_duration", "p(95)", "<", 80, 116) with
        {
            Verdict = ThresholdVerdict.Failed,
            Reported = DiagnosticSeverity.Error,
            CrossedAtSeconds = seconds * 0.6,
        };
        return SampleResult.Create(SampleResult.Passed() with
        {
            Name = "checkout",
            Verdict = Verdict.Failed,
            LoadSeconds = seconds,
            DurationSeconds = seconds + 2,
            Thresholds = [threshold],
            Scenarios = [new ScenarioResult("checkout", "ramping-vus", "/src/Shop.LoadTests/checkout.ts", null, 1200)],
            Checks = [new CheckResult("is 200", "", 100, 1)],
            Errors = [new ErrorResult("TypeError: x is undefined", 3, "checkout", "/src/Shop.LoadTests/checkout.ts", 31, 7, "TypeError: x is undefined\n\tat checkout (checkout.ts:31:7)")],
            Metrics = new Dictionary<string, MetricResult>
            {
                ["http_reqs"] = new() { Type = "counter", Contains = "default", Values = new Dictionary<string, double> { ["count"] = 1_000_000, ["rate"] = 333 } },
                ["http_req_duration"] = new()
                {
                    Type = "trend",
                    Contains = "time",
                    Values = new Dictionary<string, double> { ["count"] = 1_000_000, ["min"] = 2, ["avg"] = 45, ["med"] = 38, ["max"] = 836, ["p(90)"] = 77, ["p(95)"] = 116, ["p(99)"] = 235 },
                    Distribution = [.. Enumerable.Range(1, 49).Select(i => new[] { i * 2.0, 10 * Math.Exp(i / 20.0) })],
                },
            },
            Endpoints = [.. Enumerable.Range(0, endpoints).Select(i => new EndpointResult(
                $"GET /products/{{id}}/variants/{i}", null, 1000 - i, 12.3, i % 7 == 0 ? 0.01 : 0,
                new Dictionary<string, double> { ["avg"] = 20, ["min"] = 1, ["med"] = 18 + i, ["max"] = 900, ["p(90)"] = 60, ["p(95)"] = 90 + i, ["p(99)"] = 210 }))],
            Timeline = new Timeline
            {
                PeriodSeconds = 1,
                Seconds = [.. Enumerable.Range(1, seconds).Select(i => (double)i)],
                Series = new Dictionary<string, IReadOnlyList<double?>>
                {
                    ["http_req_duration.med"] = Wave(38),
                    ["http_req_duration.p(95)"] = Wave(116),
                    ["http_req_duration.p(99)"] = Wave(235),
                    ["http_req_duration.max"] = Wave(836),
                    ["http_reqs.count"] = Wave(333),
                    ["http_req_failed.rate"] = Wave(0.012),
                    ["vus.value"] = Wave(80),
                },
            },
        }) with
        {
            Diagnostics =
            [
                new ReportedDiagnostic("KSDK0320", DiagnosticSeverity.Error, "http_req_duration p(95) = 116 ms, limit p(95)<80", "checkout", SampleResult.ProjectFile, 14, 5),
                new ReportedDiagnostic("KSDK0338", DiagnosticSeverity.Warning, "The load generator was saturated.", "checkout", null, null, null),
            ],
        };

        IReadOnlyList<double?> Wave(double middle) => [.. Enumerable.Range(0, seconds).Select(i => (double?)(middle * (1 + (0.3 * Math.Sin(i * 0.7)))))];
    }
}
