using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.History;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using TestResult = K6.LoadTesting.Results.TestResult;

namespace K6.LoadTesting.Tests.Reports;

/// <summary>A result with something of everything: a passed test, a failed one, texts that break XML and lines.</summary>
internal static class SampleResult
{
    public const string ProjectFile = "/src/Shop.LoadTests/Shop.LoadTests.csproj";

    public static DateTimeOffset Start { get; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static LoadTestResult Create(params TestResult[] tests) => new()
    {
        Verdict = tests.Length > 0 && tests.All(test => test.Verdict == Verdict.Passed) ? Verdict.Passed : Verdict.Failed,
        RunId = new Guid("0b9f5a54-5e1b-4f34-9d6e-9f1f4a0c7a11"),
        Project = "Shop.LoadTests",
        ProjectFile = ProjectFile,
        StartTime = Start,
        EndTime = Start.AddSeconds(40),
        Engine = new EngineInfo("k6", "2.2.0", "/usr/bin/k6"),
        Machine = new MachineInfo("build-agent-7", "Linux", "x64", 4, 8L << 30, "GitHub Actions"),
        Tests = tests,
    };

    public static LoadTestResult Mixed() => Create(
        Passed() with
        {
            Name = "browse",
            Thresholds = [Threshold("http_req_duration", "p(95)", "<", 500, 412.37)],
            Checks = [new CheckResult("is 200", "", 100, 0), new CheckResult("has \u001b[31mprice\u001b[0m\n\u0001 \ud800 ]]> 🛒", "page::top", 97, 3)],
        },
        Passed() with
        {
            Name = "checkout",
            Verdict = Verdict.Failed,
            DurationSeconds = 90_000,
            Thresholds =
            [
                Threshold("http_req_failed{scenario:checkout}", "rate", "<", 0.01, 0.0342) with
                {
                    Unit = "1", Samples = 21034, Verdict = ThresholdVerdict.Failed, Reported = DiagnosticSeverity.Error, Message = "Ask Payments.",
                },
                Threshold("http_req_duration", "p(95)", "<", 300, 412.37) with { Verdict = ThresholdVerdict.Failed, Severity = ThresholdSeverity.Warning, Reported = DiagnosticSeverity.Warning },
                Threshold("checks", "rate", ">", 0.99, 0) with { Unit = "1", Samples = 0, Actual = null, Verdict = ThresholdVerdict.NoSamples, Reported = DiagnosticSeverity.Error, File = null, Line = null },
                Threshold("http_req_duration", "p(95)", ">", 1, 412.37),
            ],
            Checks = [new CheckResult("paid", "", 1, 9)],
            Files = ["checkout/engine.log", "checkout/k6-summary.json", "checkout/samples.csv.gz"],
            LogTail = ["error: boom"],
        }) with
    {
        Diagnostics =
        [
            new ReportedDiagnostic("KSDK0320", DiagnosticSeverity.Error, "http_req_failed{scenario:checkout} rate = 0.0342, limit rate<0.01", "checkout", ProjectFile, 14, 5),
            new ReportedDiagnostic("KSDK0332", DiagnosticSeverity.Error, "3 exceptions in iterations of scenario checkout: TypeError: x", "checkout", "/src/Shop.LoadTests/checkout.ts", 31, 7),
        ],
    };

    /// <summary>A comparison with ten earlier runs: 300 ms before, 412 ms now.</summary>
    public static RegressionResult Change(RegressionVerdict verdict, ThresholdSeverity severity = ThresholdSeverity.Warning) => new()
    {
        Name = "http_req_duration p(95)",
        Metric = "http_req_duration",
        Statistic = "p(95)",
        Allowed = 0.1,
        MoreIsWorse = true,
        Actual = 412.3712,
        Unit = "ms",
        Baseline = 300,
        Change = 0.3746,
        Noise = 0.042,
        Detectable = 0.1,
        Runs = 10,
        Verdict = verdict,
        Severity = severity,
        File = ProjectFile,
        Line = 21,
        Column = 5,
    };

    public static TestResult Passed() => new()
    {
        Name = "browse",
        Verdict = Verdict.Passed,
        Outcome = EngineOutcome.Completed,
        ExitCode = 0,
        StartTime = Start.AddSeconds(1),
        DurationSeconds = 31.25,
        LoadSeconds = 30,
        Iterations = new IterationCounts(1200, 0, 0),
        Metrics = new Dictionary<string, MetricResult>
        {
            ["http_reqs"] = new() { Type = "counter", Contains = "default", Values = new Dictionary<string, double> { ["count"] = 2400, ["rate"] = 80.0123 } },
            ["http_req_duration"] = new() { Type = "trend", Contains = "time", Values = new Dictionary<string, double> { ["p(95)"] = 412.3712 } },
        },
    };

    public static ThresholdResult Threshold(string metric, string statistic, string comparison, double limit, double actual) => new()
    {
        Name = $"{metric} {statistic}",
        Metric = metric,
        Statistic = statistic,
        Operator = comparison,
        Expression = $"{statistic}{comparison}{limit}",
        Limit = limit,
        Actual = actual,
        Samples = 2400,
        Unit = "ms",
        Verdict = ThresholdVerdict.Passed,
        Severity = ThresholdSeverity.Error,
        Source = "project",
        File = ProjectFile,
        Line = 14,
        Column = 5,
    };
}
