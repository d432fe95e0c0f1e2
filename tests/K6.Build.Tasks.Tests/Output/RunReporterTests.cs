using K6.Build.Tasks.Output;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Live;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using TestResult = K6.LoadTesting.Results.TestResult;

namespace K6.Build.Tasks.Tests.Output;

[TestClass]
public sealed class RunReporterTests
{
    private readonly FakeBuildEngine _engine = FakeBuildEngine.New();
    private readonly List<Diagnostic> _diagnostics = [];

    [TestMethod]
    public void A_run_is_told_in_a_few_lines()
    {
        var reporter = Reporter(terminalLogger: false);

        reporter.Report(new PhaseStarted("starting Shop.Api"));
        reporter.Report(new TestStarted("browse", new EngineInfo("k6", "2.2.0", "/k6"), TimeSpan.FromSeconds(40)));
        reporter.Report(new TestProgressed("browse", new EngineProgress(TimeSpan.FromSeconds(10), 2, 5, 34, 1)));
        reporter.Report(Finished(Result(Verdict.Failed, Threshold(512.3456, ThresholdVerdict.Failed))));
        reporter.Report(new ResultsPublished("/results"));
        reporter.Finish(Whole(Verdict.Failed));

        Assert.AreEqual(
            """
            starting Shop.Api
            browse: running on k6 2.2.0, 00:40 planned
            browse: 00:10 of 00:40, 2/5 VUs, 34 iterations, 1 interrupted
            FAILED browse  31 s, k6 2.2.0
              120 iterations (2 interrupted) (3 dropped), 240 requests, 0/s, p(95) 512.3 ms, 1.25 % failed
              -  http_req_duration p(95) = 512.3 ms, limit p(95)<500 (+2.5 %)
            Load test failed in 00:35. Results: /results
            """,
            string.Join('\n', _engine.Lines));
    }

    [TestMethod]
    [DataRow("browse", 50, 312.4, 45.2, 0.0, "browse 50 VUs 312/s p95 45.2ms -01:23")]
    [DataRow("browse", 50, 312.4, 45.2, 0.034, "browse 312/s p95 45.2ms 3.4% failed -01:23")]
    [DataRow("a-scenario-with-a-long-name", 5000, 12345.6, 1234.5, 0.5, "a-scenario-with… p95 1.23s 50% failed -01:23")]
    public void The_live_row_fits_and_keeps_what_matters_most(string test, int users, double rate, double p95, double failed, string row)
    {
        var progress = new EngineProgress(TimeSpan.FromSeconds(37), users, users, 1000, 0);

        Assert.AreEqual(row, RunReporter.Row(test, progress, new LiveFigures(rate, p95, failed), TimeSpan.FromSeconds(120)));
    }

    [TestMethod]
    public void Diagnostics_are_handed_on_at_once()
    {
        var diagnostic = new Diagnostic("KSDK0320", DiagnosticSeverity.Error, "crossed");

        Reporter(terminalLogger: false).Report(new DiagnosticReported(diagnostic, "browse"));

        Assert.AreEqual(diagnostic with { Message = "browse: crossed" }, _diagnostics.Single());
    }

    [TestMethod]
    public void A_message_that_names_its_test_is_left_as_it_is()
    {
        var diagnostic = new Diagnostic("KSDK0304", DiagnosticSeverity.Error, "The run 'browse' was stopped");

        Reporter(terminalLogger: false).Report(new DiagnosticReported(diagnostic, "browse"));

        Assert.AreEqual(diagnostic, _diagnostics.Single());
    }

    [TestMethod]
    public void Thresholds_are_the_tests_that_the_terminal_logger_counts()
    {
        Assert.AreEqual("2 1 1", Counts(Result(Verdict.Failed, Threshold(1, ThresholdVerdict.Passed), Threshold(999, ThresholdVerdict.Failed))));
        Assert.AreEqual("1 0 1", Counts(Result(Verdict.Failed, Threshold(null, ThresholdVerdict.NoSamples))));
        Assert.AreEqual("1 1 0", Counts(Result(Verdict.Passed)));
        Assert.AreEqual("1 0 1", Counts(Result(Verdict.Failed)));
        Assert.AreEqual("2 1 1", Counts(Result(Verdict.Failed, Threshold(1, ThresholdVerdict.Passed))));
        Assert.AreEqual("1 1 0", Counts(Result(Verdict.Passed, Threshold(999, ThresholdVerdict.Failed) with { Severity = ThresholdSeverity.Warning })));
    }

    [TestMethod]
    public void Hours_show_only_where_there_are_some()
    {
        Assert.AreEqual("1:00:05", RunReporter.Clock(TimeSpan.FromSeconds(3605)));
        Assert.AreEqual("59:59", RunReporter.Clock(TimeSpan.FromSeconds(3599)));
    }

    private static string Counts(TestResult result)
    {
        var engine = FakeBuildEngine.New();
        var reporter = new RunReporter(new BuildOutput(engine.Engine, terminalLogger: true, TimeSpan.Zero), _ => { });
        reporter.Report(Finished(result));
        reporter.Finish(Whole(result.Verdict));
        var counts = engine.Extended[^1].ExtendedMetadata!;
        return $"{counts["total"]} {counts["passed"]} {counts["failed"]}";
    }

    private static TestFinished Finished(TestResult result) => new(result, new EngineInfo("k6", "2.2.0", "/k6"), []);

    private RunReporter Reporter(bool terminalLogger) =>
        new(new BuildOutput(_engine.Engine, terminalLogger, TimeSpan.Zero), _diagnostics.Add);

    private static ThresholdResult Threshold(double? actual, ThresholdVerdict verdict) => new()
    {
        Name = "http_req_duration p(95)",
        Metric = "http_req_duration",
        Statistic = "p(95)",
        Operator = "<",
        Expression = "p(95)<500",
        Limit = 500,
        Actual = actual,
        Unit = "ms",
        Verdict = verdict,
        Severity = ThresholdSeverity.Error,
        Source = "project",
    };

    private static TestResult Result(Verdict verdict, params ThresholdResult[] thresholds) => new()
    {
        Name = "browse",
        Verdict = verdict,
        Outcome = EngineOutcome.Completed,
        DurationSeconds = 31,
        Iterations = new IterationCounts(120, 2, 3),
        Thresholds = thresholds,
        Metrics = new Dictionary<string, MetricResult>
        {
            ["http_reqs"] = Metric("counter", "count", 240),
            ["http_req_failed"] = Metric("rate", "rate", 0.0125),
            ["http_req_duration"] = Metric("trend", "p(95)", 512.3456),
        },
    };

    private static MetricResult Metric(string type, string statistic, double value) =>
        new() { Type = type, Contains = "default", Values = new Dictionary<string, double> { [statistic] = value } };

    private static LoadTestResult Whole(Verdict verdict) => new()
    {
        Verdict = verdict,
        RunId = Guid.Empty,
        Project = "Shop",
        StartTime = DateTimeOffset.UnixEpoch,
        EndTime = DateTimeOffset.UnixEpoch.AddSeconds(35),
        Machine = new MachineInfo("m", "linux", "x64", 2, 1, null),
    };
}
