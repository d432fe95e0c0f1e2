using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using TestResult = K6.LoadTesting.Results.TestResult;

namespace K6.LoadTesting.Tests.Api;

[TestClass]
public sealed class AssertionTests
{
    private static readonly ThresholdResult P95 = new()
    {
        Name = "http_req_duration p(95)",
        Metric = "http_req_duration",
        Statistic = "p(95)",
        Operator = "<",
        Expression = "p(95)<1",
        Limit = 1,
        Actual = 5,
        Unit = "ms",
        Verdict = ThresholdVerdict.Failed,
        Severity = ThresholdSeverity.Error,
        Reported = DiagnosticSeverity.Error,
        Source = "project",
        File = "/src/Browse.cs",
        Line = 12,
    };

    private static readonly ThresholdResult Failed = P95 with { Name = "http_req_failed rate", Metric = "http_req_failed", Verdict = ThresholdVerdict.Passed, Reported = null, Line = 13 };

    private static readonly LoadTestResult Red = new()
    {
        Verdict = Verdict.Failed,
        RunId = Guid.Empty,
        Project = "Browse",
        StartTime = default,
        EndTime = default,
        Engine = new EngineInfo("k6", "2.2.0", "/k6"),
        Machine = new MachineInfo("m", "os", "x64", 1, 1, null),
        Tests = [new TestResult { Name = "Browse", Verdict = Verdict.Failed, Outcome = EngineOutcome.ThresholdsCrossed, Thresholds = [P95, Failed] }],
        Diagnostics =
        [
            new(Rules.ThresholdCrossed.Code, DiagnosticSeverity.Error, "http_req_duration p(95) = 5 ms, limit p(95)<1", "Browse", "/src/Browse.cs", 12, null),
            new(Rules.EmbeddedEngineUsed.Code, DiagnosticSeverity.Warning, "No usable k6 was found.", null, null, null, null),
        ],
    };

    [TestMethod]
    public void A_failed_load_test_fails_with_the_lines_of_the_build()
    {
        var failure = Assert.ThrowsExactly<LoadTestFailedException>(() => Red.ShouldHold());

        StringAssert.StartsWith(failure.Message, $"/src/Browse.cs(12): error {Rules.ThresholdCrossed.Code}: Browse: http_req_duration p(95) = 5 ms, limit p(95)<1\n");
        StringAssert.Contains(failure.Message, "1 of 1 load test failed");
        Assert.AreSame(Red, failure.Result);
        // NUnit prints what an exception holds.
        Assert.AreEqual("Browse: 1 of 1 load test failed (k6 2.2.0, 0 ms)", failure.Result.ToString());
    }

    [TestMethod]
    public void One_that_passed_is_handed_on()
    {
        var green = Red with { Verdict = Verdict.Passed };

        Assert.AreSame(green, green.ShouldHold());
    }

    [TestMethod]
    public void A_single_threshold_is_judged_alone()
    {
        Assert.AreSame(Red, Red.ShouldHold("http_req_failed rate"));
        StringAssert.Contains(Assert.ThrowsExactly<LoadTestFailedException>(() => Red.ShouldHold("http_req_duration p(95)", "Browse")).Message, Rules.ThresholdCrossed.Code);
        Assert.ThrowsExactly<LoadTestFailedException>(() => (Red with { Tests = [] }).ShouldHold("http_req_failed rate"), "nothing was judged");
    }

    [TestMethod]
    public void A_threshold_that_does_not_exist_is_a_mistake_of_the_caller()
    {
        var green = Red with { Verdict = Verdict.Passed };

        var mistake = Assert.ThrowsExactly<ArgumentException>(() => green.ShouldHold("http_req_duration p(99)"));
        StringAssert.Contains(mistake.Message, "http_req_duration p(95), http_req_failed rate");
    }
}
