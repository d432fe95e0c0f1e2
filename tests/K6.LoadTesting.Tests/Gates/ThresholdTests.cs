using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Gates;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Results;

namespace K6.LoadTesting.Tests.Gates;

[TestClass]
public class ThresholdTests
{
    [TestMethod]
    public void A_healthy_run_whose_threshold_holds_passes_without_a_word()
    {
        using var files = new RunFiles().Declare("http_req_duration", "p(95)<500");

        var result = files.Read();

        Assert.AreEqual(Verdict.Passed, result.Verdict);
        Assert.IsEmpty(files.Diagnostics);
        var threshold = result.Thresholds.Single();
        Assert.AreEqual(ThresholdVerdict.Passed, threshold.Verdict);
        Assert.AreEqual(412.37, threshold.Actual);
        Assert.AreEqual(500, threshold.Limit);
        Assert.AreEqual(200, threshold.Samples);
        Assert.AreEqual("ms", threshold.Unit);
        Assert.IsNull(threshold.Reported);
    }

    [TestMethod]
    public void A_crossed_threshold_is_an_error_at_its_declaration_with_value_limit_margin_and_the_users_words()
    {
        using var files = new RunFiles()
            .Trend("http_req_duration{scenario:browse}", 100, ("p(95)", 612.4321))
            .Declare("http_req_duration{scenario:browse}", "p(95)<500", engineHolds: false, message: "Ask team Catalogue.")
            .With(run => run with { Outcome = EngineOutcome.ThresholdsCrossed, ExitCode = 99 });

        var result = files.Read();

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        Assert.AreEqual("KSDK0320", files.Only.Code);
        Assert.AreEqual("http_req_duration{scenario:browse} p(95) = 612.4 ms, limit p(95)<500 (+22 %) Ask team Catalogue.", files.Only.Message);
        Assert.AreEqual(new SourceLocation(RunFiles.Project, 10, 5), files.Only.Location);
        Assert.AreEqual(DiagnosticSeverity.Error, result.Thresholds.Single().Reported);
        Assert.AreEqual(10, result.Thresholds.Single().Line);
    }

    [TestMethod]
    public void A_crossed_threshold_of_a_script_stands_at_its_literal()
    {
        using var files = new RunFiles().InScript("http_req_failed", "rate<0.001", engineHolds: false);

        var result = files.Read();

        Assert.AreEqual("http_req_failed rate = 0.01 (2 of 200), limit rate<0.001 (10 times the limit)", files.Only.Message);
        Assert.AreEqual(new SourceLocation(RunFiles.Script, 7, 9), files.Only.Location);
        Assert.AreEqual("script", result.Thresholds.Single().Source);
    }

    [TestMethod]
    public void A_crossed_threshold_that_a_script_computes_stands_at_its_options_and_says_so()
    {
        using var files = new RunFiles().InScript("http_req_failed", "rate<0.001", engineHolds: false, computed: true);

        var result = files.Read();

        Assert.Contains("is computed in the script", files.Only.Message);
        Assert.AreEqual(3, files.Only.Location!.Line);
        Assert.AreEqual("script (computed)", result.Thresholds.Single().Source);
    }

    [TestMethod]
    public void A_threshold_that_no_report_names_is_judged_all_the_same()
    {
        using var files = new RunFiles().Judge("http_reqs", "count>1000", engineHolds: false);

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("http_reqs count = 200, limit count>1000 (-80 %). The threshold is computed in the script; the line is that of its options.", files.Only.Message);
    }

    [TestMethod]
    public void Two_spellings_of_a_threshold_are_one()
    {
        using var files = new RunFiles().Declare("http_req_duration", "p(95)<500").Judge("http_req_duration", " p(95)  < 500", engineHolds: true);

        Assert.HasCount(1, files.Read().Thresholds);
    }

    [TestMethod]
    public void A_threshold_of_severity_warning_does_not_fail_the_run()
    {
        using var files = new RunFiles()
            .Declare("http_req_duration", "p(95)<100", engineHolds: false, ThresholdSeverity.Warning)
            .With(run => run with { Outcome = EngineOutcome.ThresholdsCrossed, ExitCode = 99 });

        Assert.AreEqual(Verdict.Passed, files.Read().Verdict);
        Assert.AreEqual(DiagnosticSeverity.Warning, files.Only.Severity);
    }

    [TestMethod]
    public void K6ThresholdSeverity_turns_every_crossed_threshold_into_a_warning()
    {
        using var files = new RunFiles().Declare("http_req_duration", "p(95)<100", engineHolds: false);
        files.Settings = new RunSettings { ThresholdSeverity = ThresholdSeverity.Warning };

        Assert.AreEqual(Verdict.Passed, files.Read().Verdict);
        Assert.AreEqual("KSDK0320", files.Only.Code);
    }

    [TestMethod]
    public void A_rule_can_be_tuned_and_turned_off_by_its_code()
    {
        using var files = new RunFiles().Declare("http_req_duration", "p(95)<100", engineHolds: false);
        files.Settings = new RunSettings { RuleSeverities = new Dictionary<string, DiagnosticSeverity?> { ["KSDK0320"] = null } };

        var result = files.Read();

        Assert.AreEqual(Verdict.Passed, result.Verdict);
        Assert.IsEmpty(files.Diagnostics);
        Assert.AreEqual(ThresholdVerdict.Failed, result.Thresholds.Single().Verdict);
    }

    [TestMethod]
    public void A_threshold_that_only_the_engine_calls_crossed_is_crossed()
    {
        using var files = new RunFiles().Declare("http_req_duration", "p(95)<500", engineHolds: false);

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0321", files.Only.Code);
        Assert.Contains("the engine is believed", files.Only.Message);
    }

    [TestMethod]
    public void A_threshold_that_only_the_figures_show_crossed_is_crossed()
    {
        using var files = new RunFiles().Declare("http_req_duration", "p(95)<100");

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0320", files.Only.Code);
    }

    [TestMethod]
    public void A_trend_without_samples_proves_nothing()
    {
        using var files = new RunFiles().Trend("http_req_duration{name:login}", 0).Declare("http_req_duration{name:login}", "p(95)<500");

        var result = files.Read();

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        Assert.AreEqual("KSDK0322", files.Only.Code);
        Assert.AreEqual(10, files.Only.Location!.Line);
        Assert.AreEqual(ThresholdVerdict.NoSamples, result.Thresholds.Single().Verdict);
        Assert.IsNull(result.Thresholds.Single().Actual);
    }

    [TestMethod]
    public void A_rate_without_samples_proves_nothing()
    {
        using var files = new RunFiles().Rate("checks", 0, 0).Declare("checks", "rate>0.99");

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0322", files.Only.Code);
    }

    [TestMethod]
    public void No_server_errors_on_a_healthy_run_is_green()
    {
        using var files = new RunFiles().Counter("http_reqs{status:500}", 0).Declare("http_reqs{status:500}", "count<1");

        Assert.AreEqual(Verdict.Passed, files.Read().Verdict);
        Assert.IsEmpty(files.Diagnostics);
    }

    [TestMethod]
    public void A_gauge_without_samples_is_an_error_where_the_recording_proves_it()
    {
        const string Start = """{"event":"param","data":{"period":1000,"aggregates":{}}}""";
        const string Metric = """{"event":"metric","data":{"other":{"type":"gauge"}}}""";
        const string Stop = """{"event":"stop","data":[[1]]}""";
        using var proved = new RunFiles().Gauge("queue", 0).Declare("queue", "value<5").Record(Start, Metric, Stop);
        using var cut = new RunFiles().Gauge("queue", 0).Declare("queue", "value<5").Record(Start, Metric);
        using var sampled = new RunFiles().Gauge("other", 0).Declare("other", "value<5").Record(Start, Metric, Stop);

        Assert.AreEqual(Verdict.Failed, proved.Read().Verdict);
        Assert.AreEqual("KSDK0322", proved.Only.Code);
        Assert.AreEqual(Verdict.Passed, cut.Read().Verdict);
        Assert.AreEqual(Verdict.Passed, sampled.Read().Verdict);
    }

    [TestMethod]
    public void A_declared_threshold_that_the_engine_never_saw_is_an_error()
    {
        using var files = new RunFiles().Declare("baskets", "count>0");

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0323", files.Only.Code);
    }

    [TestMethod]
    [DataRow("http_reqs{scenario:brwose}", "Did you mean 'browse'?")]
    [DataRow("http_reqs{senario:browse}", "Did you mean 'scenario'?")]
    [DataRow("http_reqs{name:logn}", "Did you mean 'login'?")]
    [DataRow("http_reqs{expected_response:flase}", "Did you mean 'false'?")]
    public void A_tag_that_occurs_nowhere_is_a_warning_that_names_the_nearest(string metric, string hint)
    {
        using var files = new RunFiles().Counter(metric, 0).Declare(metric, "count<1");

        Assert.AreEqual(Verdict.Passed, files.Read().Verdict);
        Assert.AreEqual("KSDK0324", files.Only.Code);
        Assert.EndsWith(hint, files.Only.Message);
        Assert.AreEqual(10, files.Only.Location!.Line);
    }

    [TestMethod]
    [DataRow("http_reqs{status:404}")]
    [DataRow("http_reqs{name:login}")]
    [DataRow("http_reqs{scenario:browse}")]
    [DataRow("http_reqs{group:::page}")]
    [DataRow("http_reqs{url:http://127.0.0.1/x}")]
    [DataRow("http_reqs{method:POST,expected_response:false}")]
    public void A_tag_that_can_occur_is_no_typo(string metric)
    {
        using var files = new RunFiles().Counter(metric, 0).Declare(metric, "count<1");

        files.Read();

        Assert.IsEmpty(files.Diagnostics);
    }

    [TestMethod]
    public void A_tag_that_got_samples_is_right_whatever_it_is()
    {
        using var files = new RunFiles().Counter("http_reqs{tenant:computed}", 7).Declare("http_reqs{tenant:computed}", "count>1");

        files.Read();

        Assert.IsEmpty(files.Diagnostics);
    }

    [TestMethod]
    public void Exit_code_99_without_a_crossed_threshold_is_an_error()
    {
        using var files = new RunFiles().Declare("http_req_duration", "p(95)<500")
            .With(run => run with { Outcome = EngineOutcome.ThresholdsCrossed, ExitCode = 99, ErrorMessage = "thresholds on metrics 'x' were crossed" });

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0325", files.Only.Code);
        Assert.Contains("thresholds on metrics 'x' were crossed", files.Only.Message);
    }

    [TestMethod]
    public void A_crossed_threshold_that_stops_the_load_is_the_only_error()
    {
        using var files = new RunFiles().Interrupted(5).Scenario("later", 0)
            .Declare("http_req_duration", "p(95)<100", engineHolds: false, abortOnFail: true)
            .With(run => run with { Outcome = EngineOutcome.ThresholdsCrossed, ExitCode = 99 });

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0320", files.Only.Code);
    }

    [TestMethod]
    public void A_run_that_broke_off_shows_its_crossed_thresholds_and_fails()
    {
        using var files = new RunFiles().Declare("http_req_duration", "p(95)<100", engineHolds: false)
            .With(run => run with { Outcome = EngineOutcome.Interrupted, ExitCode = 105 });

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0320", files.Only.Code);
    }

    [TestMethod]
    [DataRow(1, "<", 1, false)]
    [DataRow(1, "<=", 1, true)]
    [DataRow(1, ">", 1, false)]
    [DataRow(1, ">=", 1, true)]
    [DataRow(1, "==", 1, true)]
    [DataRow(1, "===", 1, true)]
    [DataRow(1, "!=", 1, false)]
    public void Values_are_compared_exactly(double actual, string comparison, double limit, bool holds)
    {
        Assert.AreEqual(holds, ThresholdEvaluator.Holds(actual, comparison, limit));
        Assert.AreEqual(comparison is "<" or "<=" or "!=", ThresholdEvaluator.Holds(Math.BitDecrement(actual), comparison, limit));
    }
}
