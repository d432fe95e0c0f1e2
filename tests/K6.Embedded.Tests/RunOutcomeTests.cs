using K6.Embedded.Execution;

namespace K6.Embedded.Tests;

[TestClass]
public class RunOutcomeTests
{
    [TestMethod]
    public void A_crossed_threshold_is_exit_code_99_with_k6s_message()
    {
        var run = EngineRun.Of(new FakeScript { OptionsJson = """{"thresholds":{"iterations":["count>5"],"checks{a:b}":["rate>0.5"]}}""" });
        Assert.AreEqual(99, run.ExitCode);
        StringAssert.Contains(run.Error, "level=error msg=\"thresholds on metrics 'iterations' have been crossed\"");
        Assert.IsFalse(run.Summary!.Value.GetProperty("metrics").GetProperty("iterations").GetProperty("thresholds").GetProperty("count>5").GetProperty("ok").GetBoolean());
    }

    [TestMethod]
    public void Thresholds_can_be_switched_off()
    {
        var run = EngineRun.Of(new FakeScript { OptionsJson = """{"thresholds":{"iterations":["count>5"]}}""" }, ["--no-thresholds"]);
        Assert.AreEqual(0, run.ExitCode);
        Assert.IsFalse(run.Summary!.Value.GetProperty("metrics").GetProperty("iterations").TryGetProperty("thresholds", out _));
    }

    [TestMethod]
    public void AbortOnFail_ends_the_load_at_the_next_evaluation()
    {
        var script = new FakeScript
        {
            OptionsJson = """{"vus":1,"duration":"30s","thresholds":{"iterations":[{"threshold":"count<3","abortOnFail":true}]}}""",
            Iteration = (_, interrupt) => FakeScript.Sleep(100, interrupt),
        };
        var run = EngineRun.Of(script);
        Assert.AreEqual(99, run.ExitCode);
        StringAssert.Contains(run.Error, "thresholds on metrics 'iterations' were crossed; at least one has abortOnFail enabled, stopping test prematurely");
        Assert.IsLessThan(100, run.Value("iterations", "count"));
    }

    [TestMethod]
    public void Abort_by_the_script_is_108_and_beats_thresholds_and_teardown_runs()
    {
        var tornDown = false;
        var script = new FakeScript
        {
            OptionsJson = """{"vus":2,"duration":"30s","thresholds":{"iterations":["count>1000000"]}}""",
            Iteration = (vu, interrupt) => vu.IdInTest == 1 ? IterationOutcome.Aborted("test aborted: why at default (file:///a.js:1:1)") : FakeScript.Sleep(60_000, interrupt),
            Teardown = (_, _, _) => tornDown = true,
        };
        var run = EngineRun.Of(script);
        Assert.AreEqual(108, run.ExitCode);
        StringAssert.Contains(run.Error, "test aborted: why at default (file:///a.js:1:1)");
        Assert.IsTrue(tornDown);
        Assert.IsNotNull(run.Summary);
    }

    [TestMethod]
    public void A_run_marked_as_failed_is_110()
    {
        var run = EngineRun.Of(new FakeScript
        {
            OptionsJson = """{"thresholds":{"iterations":["count>5"]}}""",
            Iteration = (vu, _) =>
            {
                vu.Test.MarkAsFailed("marked");
                return IterationOutcome.Completed;
            },
        });
        Assert.AreEqual(110, run.ExitCode);
        StringAssert.Contains(run.Error, "msg=\"test marked as failed: marked\"");
        StringAssert.Contains(run.Error, "msg=\"test run was marked as failed\"");
    }

    [TestMethod]
    public void Setup_hands_its_data_to_teardown_and_the_summary()
    {
        string? got = null;
        var run = EngineRun.Of(new FakeScript { Setup = (_, _) => """{"token":"abc"}""", Teardown = (_, data, _) => got = data });
        Assert.AreEqual("""{"token":"abc"}""", got);
        Assert.AreEqual("abc", run.Summary!.Value.GetProperty("setup_data").GetProperty("token").GetString());
        Assert.AreEqual(0, run.Summary!.Value.GetProperty("root_group").GetProperty("groups").GetArrayLength(), "a group without anything in it");
    }

    [TestMethod]
    public void A_setup_that_throws_is_107_and_no_iteration_and_no_teardown_runs()
    {
        var tornDown = false;
        var run = EngineRun.Of(new FakeScript
        {
            Setup = (_, _) => throw new ScriptException("Error: boom\n\tat setup (file:///a.js:1:32)\n"),
            Teardown = (_, _, _) => tornDown = true,
        });
        Assert.AreEqual(107, run.ExitCode);
        StringAssert.Contains(run.Error, """msg="Error: boom\n\tat setup (file:///a.js:1:32)\n" hint="script exception" source=stacktrace""");
        Assert.IsFalse(tornDown);
        Assert.IsFalse(run.Summary!.Value.GetProperty("metrics").TryGetProperty("iterations", out _));
    }

    [TestMethod]
    public void A_setup_that_takes_too_long_is_100_and_a_teardown_101()
    {
        var setup = EngineRun.Of(new FakeScript
        {
            OptionsJson = """{"setupTimeout":"200ms"}""",
            Setup = (_, interrupt) => interrupt.WaitHandle.WaitOne(60_000) ? throw new OperationCanceledException() : null,
        });
        Assert.AreEqual(100, setup.ExitCode);
        StringAssert.Contains(setup.Error, "setup() execution timed out after 0 seconds\" hint=\"You can increase the time limit via the setupTimeout option\"");
        var teardown = EngineRun.Of(new FakeScript
        {
            OptionsJson = """{"teardownTimeout":"200ms"}""",
            Teardown = (_, _, interrupt) => _ = interrupt.WaitHandle.WaitOne(60_000) ? throw new OperationCanceledException() : 0,
        });
        Assert.AreEqual(101, teardown.ExitCode);
    }

    [TestMethod]
    public void Setup_and_teardown_can_be_switched_off()
    {
        var called = 0;
        var run = EngineRun.Of(
            new FakeScript
            {
                Setup = (_, _) =>
                {
                    called++;
                    return null;
                },
                Teardown = (_, _, _) => called++,
            },
            ["--no-setup", "--no-teardown"]);
        Assert.AreEqual(0, run.ExitCode);
        Assert.AreEqual(0, called);
    }

    [TestMethod]
    public void An_error_of_the_engine_itself_is_109_with_a_code()
    {
        var run = EngineRun.Of(new FakeScript { Iteration = (_, _) => throw new InvalidOperationException("a mistake") });
        Assert.AreEqual(109, run.ExitCode);
        StringAssert.Contains(run.Error, "KSDK0799");
    }

    [TestMethod]
    public void Late_starts_above_one_percent_are_reported_for_machines_too()
    {
        var saturation = new Saturation();
        for (var i = 0; i < 100; i++)
        {
            saturation.CountStart(TimeSpan.FromMilliseconds(i < 3 ? 6 : 1));
        }

        saturation.CountPause(TimeSpan.FromMilliseconds(12));
        saturation.CountPause(TimeSpan.FromMilliseconds(5));
        saturation.CountPoolWait(TimeSpan.FromMilliseconds(6));
        saturation.CountPoolWait(TimeSpan.Zero);
        using var text = new StringWriter();
        saturation.Report(new EngineLog(text, LogFormat.Json));
        var record = System.Text.Json.JsonDocument.Parse(text.ToString()).RootElement;
        Assert.AreEqual("warning", record.GetProperty("level").GetString());
        Assert.AreEqual(3, record.GetProperty("lateStarts").GetInt32());
        Assert.AreEqual(100, record.GetProperty("starts").GetInt32());
        Assert.AreEqual(17, record.GetProperty("gcPauseMs").GetDouble());
        Assert.AreEqual(1, record.GetProperty("longGcPauses").GetInt32());
        Assert.AreEqual(1, record.GetProperty("longPoolWaits").GetInt32());
        StringAssert.StartsWith(record.GetProperty("msg").GetString(), "generator saturated: ");
        StringAssert.Contains(record.GetProperty("msg").GetString(), "1 of 2 waits for the thread pool");
    }

    [TestMethod]
    [DataRow(2, 20)]
    [DataRow(10, 1_000)]
    public void A_few_hiccups_are_no_saturation(int late, int starts)
    {
        var saturation = new Saturation();
        for (var i = 0; i < starts; i++)
        {
            saturation.CountStart(TimeSpan.FromMilliseconds(i < late ? 6 : 5));
        }

        Assert.IsFalse(saturation.IsSaturated);
    }

    [TestMethod]
    public void Pauses_and_waits_are_counted_while_the_load_runs_and_shown_in_the_summary()
    {
        var saturation = new Saturation();
        using (new PauseWatch(saturation))
        {
            Assert.IsTrue(SpinWait.SpinUntil(() =>
            {
                GC.Collect();
                return saturation.PoolWaits > 0 && saturation.Pauses > TimeSpan.Zero;
            }, TimeSpan.FromSeconds(60)));
        }

        Assert.IsNull(new Saturation().Description);
        saturation.CountPoolWait(TimeSpan.FromMilliseconds(6));
        StringAssert.Contains(saturation.Description, "waits for the thread pool above 5 ms");
    }
}
