using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Results;

namespace K6.LoadTesting.Tests.Gates;

[TestClass]
public class LoadRuleTests
{
    [TestMethod]
    public void No_iterations_is_an_error()
    {
        using var files = new RunFiles(healthy: false).Scenario("browse", 0).Counter("iterations", 0).Interrupted(0, complete: 0);

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0330", files.Only.Code);
        Assert.AreEqual(4, files.Only.Location!.Line);
    }

    [TestMethod]
    public void A_scenario_without_one_complete_iteration_is_an_error()
    {
        using var files = new RunFiles().Scenario("checkout", 0);

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0334", files.Only.Code);
        Assert.Contains("Scenario checkout completed no iteration", files.Only.Message);
    }

    [TestMethod]
    public void Every_request_failed_and_no_threshold_looked_is_an_error()
    {
        using var files = new RunFiles().Rate("http_req_failed", passes: 200, fails: 0);

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0331", files.Only.Code);
        Assert.StartsWith("All 200 requests failed", files.Only.Message);
    }

    [TestMethod]
    public void Failure_that_a_threshold_expects_is_no_error()
    {
        using var files = new RunFiles().Rate("http_req_failed", passes: 200, fails: 0).Declare("http_req_failed", "rate>0.99");

        Assert.AreEqual(Verdict.Passed, files.Read().Verdict);
        Assert.IsEmpty(files.Diagnostics);
    }

    [TestMethod]
    public void Every_request_of_one_scenario_failed_and_a_threshold_on_another_looked_is_an_error()
    {
        using var files = new RunFiles().Scenario("checkout", 9)
            .Rate("http_req_failed", passes: 50, fails: 150)
            .Rate("http_req_failed{scenario:checkout}", passes: 50, fails: 0)
            .Rate("http_req_failed{scenario:browse}", passes: 0, fails: 150)
            .Declare("http_req_failed{scenario:browse}", "rate<0.01");

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0331", files.Only.Code);
        Assert.Contains("scenario checkout", files.Only.Message);
    }

    [TestMethod]
    public void Exceptions_in_iterations_are_an_error_at_the_most_frequent_ones_line()
    {
        var place = new SourceLocation(RunFiles.Script, 12, 7);
        using var files = new RunFiles().With(run => run with
        {
            Errors = [new FoldedError("TypeError: basket is undefined", 7, "browse", place, null), new FoldedError("Error: late", 1, "browse", null, null)],
        });

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0332", files.Only.Code);
        Assert.AreEqual(place, files.Only.Location);
        Assert.StartsWith("8 exceptions in iterations of scenario browse: 2 different ones, most often (7 times) TypeError: basket is undefined. k6 itself does not count them.", files.Only.Message);
    }

    [TestMethod]
    public void K6MaxExceptions_allows_some_exceptions()
    {
        using var files = new RunFiles().With(run => run with { Errors = [new FoldedError("Error: late", 2, "browse", null, null)] });
        files.Settings = new RunSettings { MaxExceptions = 2 };

        Assert.AreEqual(Verdict.Passed, files.Read().Verdict);
        Assert.IsEmpty(files.Diagnostics);
    }

    [TestMethod]
    public void Iterations_interrupted_above_the_limit_are_an_error()
    {
        using var files = new RunFiles().Scenario("browse", 100, gracefulStop: "0s").Interrupted(2);

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0333", files.Only.Code);
        Assert.StartsWith("2 of 102 iterations (1.96 %) were interrupted", files.Only.Message);
    }

    [TestMethod]
    public void Two_of_five_users_that_hang_are_seen_even_where_the_others_are_fast()
    {
        using var files = new RunFiles().Counter("iterations", 10_000).Scenario("browse", 10_000).Interrupted(2, users: 5, complete: 10_000);

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0333", files.Only.Code);
        Assert.StartsWith("2 iterations of 5 virtual users (40 %) were interrupted", files.Only.Message);
    }

    [TestMethod]
    public void Without_a_graceful_stop_each_user_may_be_interrupted_once()
    {
        using var files = new RunFiles().Counter("iterations", 10_000).Scenario("browse", 10_000, gracefulStop: "0s").Interrupted(5, users: 5, complete: 10_000);

        Assert.AreEqual(Verdict.Passed, files.Read().Verdict);
    }

    [TestMethod]
    public void A_run_without_progress_figures_cannot_pass()
    {
        using var files = new RunFiles().With(run => run with { LastProgress = null });

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0335", files.Only.Code);
    }

    [TestMethod]
    public void Nine_of_ten_arrivals_dropped_is_an_error()
    {
        using var files = new RunFiles().Scenario("browse", 100, "constant-arrival-rate").Counter("dropped_iterations", 900);

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0336", files.Only.Code);
        Assert.StartsWith("900 of 1000 scheduled iterations (90 %) were dropped", files.Only.Message);
    }

    [TestMethod]
    public void Iterations_of_a_closed_model_do_not_hide_dropped_ones()
    {
        using var files = new RunFiles().Scenario("crowd", 100_000).Counter("iterations", 100_100)
            .Scenario("browse", 100, "constant-arrival-rate").Counter("dropped_iterations", 10);

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0336", files.Only.Code);
    }

    [TestMethod]
    public void A_few_dropped_iterations_are_a_warning()
    {
        using var files = new RunFiles().Scenario("browse", 100, "constant-arrival-rate").Counter("dropped_iterations", 1);

        Assert.AreEqual(Verdict.Passed, files.Read().Verdict);
        Assert.AreEqual("KSDK0337", files.Only.Code);
        Assert.AreEqual(DiagnosticSeverity.Warning, files.Only.Severity);
    }

    [TestMethod]
    [DataRow("embedded", Verdict.Failed)]
    [DataRow("k6", Verdict.Passed)]
    public void A_saturated_generator_is_an_error_with_the_embedded_engine(string engine, Verdict verdict)
    {
        using var files = new RunFiles().With(run => run with
        {
            Engine = run.Engine with { Name = engine },
            Warnings = [new FoldedError("generator saturated: 97 % CPU.", 1, null, null, null)],
        });

        Assert.AreEqual(verdict, files.Read().Verdict);
        Assert.AreEqual("KSDK0338", files.Only.Code);
    }

    [TestMethod]
    public void A_missing_summary_is_one_error_and_its_thresholds_are_not_judged()
    {
        using var files = new RunFiles().Declare("http_req_duration", "p(95)<500");

        var result = files.ReadAsIs();

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        Assert.AreEqual("KSDK0340", files.Only.Code);
        Assert.AreEqual(ThresholdVerdict.NoSamples, result.Thresholds.Single().Verdict);
    }

    [TestMethod]
    public void A_summary_from_before_the_run_is_stale()
    {
        using var files = new RunFiles().Write();
        File.SetLastWriteTimeUtc(files.SummaryFile, files.Run.StartTime.UtcDateTime.AddMinutes(-1));

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0341", files.Only.Code);
    }

    [TestMethod]
    public void A_clock_that_was_set_back_during_the_run_makes_no_summary_stale()
    {
        using var files = new RunFiles().With(run => run with { ClockSetBySeconds = -3600 }).Write();
        File.SetLastWriteTimeUtc(files.SummaryFile, files.Run.EndTime.UtcDateTime.AddHours(-1));

        Assert.AreEqual(Verdict.Passed, files.Read().Verdict);
    }

    [TestMethod]
    public void A_summary_of_a_longer_load_than_the_run_is_of_another_run()
    {
        using var files = new RunFiles().With(run => run with { EndTime = run.StartTime.AddSeconds(3) });

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0341", files.Only.Code);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{\"metrics\":{\"http_re")]
    [DataRow("[]")]
    [DataRow("{\"metrics\":{}}")]
    [DataRow("{\"metrics\":{\"x\":{\"type\":\"rate\"}},\"root_group\":{},\"state\":{\"testRunDurationMs\":1}}")]
    public void A_half_written_summary_is_an_error(string text)
    {
        using var files = new RunFiles().Write();
        File.WriteAllText(files.SummaryFile, text);

        Assert.AreEqual(Verdict.Failed, files.Read().Verdict);
        Assert.AreEqual("KSDK0342", files.Only.Code);
    }

    [TestMethod]
    public void No_outcome_but_the_two_regular_ones_can_pass()
    {
        foreach (var outcome in Enum.GetValues<EngineOutcome>().Except([EngineOutcome.Completed, EngineOutcome.ThresholdsCrossed]))
        {
            using var files = new RunFiles().With(run => run with { Outcome = outcome });

            Assert.AreEqual(Verdict.Failed, files.Read().Verdict, outcome.ToString());
            Assert.IsEmpty(files.Diagnostics, outcome.ToString());
        }
    }
}
