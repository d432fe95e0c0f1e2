using System.Collections.Concurrent;
using K6.Embedded.Execution;

namespace K6.Embedded.Tests;

[TestClass]
public class ExecutorTests
{
    private static FakeScript Script(string scenario, Func<VuContext, CancellationToken, IterationOutcome>? iteration = null) =>
        new() { OptionsJson = "{\"scenarios\":{\"s\":" + scenario + "}}", Iteration = iteration ?? ((_, _) => IterationOutcome.Completed) };

    [TestMethod]
    public void Without_options_one_VU_runs_one_iteration()
    {
        var run = EngineRun.Of(new FakeScript());
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(1, run.Value("iterations", "count"));
    }

    [TestMethod]
    public void Shared_iterations_are_run_exactly_once_each()
    {
        var seen = new ConcurrentBag<long>();
        var run = EngineRun.Of(Script("""{"executor":"shared-iterations","vus":7,"iterations":500}""", (vu, _) =>
        {
            seen.Add(vu.ScenarioIteration);
            return IterationOutcome.Completed;
        }));
        Assert.AreEqual(500, run.Value("iterations", "count"));
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 500).Select(i => (long)i).ToArray(), seen.ToArray());
    }

    [TestMethod]
    public void Every_VU_runs_its_own_number_of_iterations()
    {
        var perVu = new ConcurrentDictionary<int, int>();
        var run = EngineRun.Of(Script("""{"executor":"per-vu-iterations","vus":5,"iterations":20}""", (vu, _) =>
        {
            perVu.AddOrUpdate(vu.IdInTest, 1, (_, n) => n + 1);
            return IterationOutcome.Completed;
        }));
        Assert.AreEqual(100, run.Value("iterations", "count"));
        Assert.HasCount(5, perVu);
        Assert.IsTrue(perVu.Values.All(n => n == 20));
    }

    [TestMethod]
    public void Iterations_that_maxDuration_cuts_off_are_dropped_or_interrupted()
    {
        var run = EngineRun.Of(Script(
            """{"executor":"shared-iterations","vus":2,"iterations":10,"maxDuration":"1s","gracefulStop":"0s"}""",
            (_, interrupt) => FakeScript.Sleep(700, interrupt)));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(2, run.Value("iterations", "count"));
        Assert.AreEqual(6, run.Value("dropped_iterations", "count"));
        StringAssert.Contains(run.Output, "2 complete and 2 interrupted iterations");
    }

    [TestMethod]
    public void A_VU_that_hangs_is_interrupted_after_gracefulStop()
    {
        var run = EngineRun.Of(Script(
            """{"executor":"constant-vus","vus":3,"duration":"1s","gracefulStop":"200ms"}""",
            (_, interrupt) => FakeScript.Sleep(60_000, interrupt)));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, "0 complete and 3 interrupted iterations");
        StringAssert.Contains(run.Error, "No script iterations fully finished");
    }

    [TestMethod]
    [DataRow("""{"executor":"constant-arrival-rate","rate":100,"duration":"1s","preAllocatedVUs":20}""", 101)]
    [DataRow("""{"executor":"constant-arrival-rate","rate":30,"timeUnit":"500ms","duration":"1s","preAllocatedVUs":20}""", 61)]
    [DataRow("""{"executor":"ramping-arrival-rate","startRate":0,"preAllocatedVUs":20,"stages":[{"duration":"1s","target":100},{"duration":"500ms","target":0}]}""", 75)]
    public void Arrivals_follow_the_closed_form_of_the_schedule(string scenario, int expected)
    {
        var run = EngineRun.Of(Script(scenario, (_, interrupt) => FakeScript.Sleep(5, interrupt)));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        var dropped = run.Summary!.Value.GetProperty("metrics").TryGetProperty("dropped_iterations", out _) ? run.Value("dropped_iterations", "count") : 0;
        Assert.AreEqual(expected, run.Value("iterations", "count") + dropped, 1);
    }

    [TestMethod]
    public void Without_a_free_VU_an_arrival_is_dropped_at_once()
    {
        var run = EngineRun.Of(Script(
            """{"executor":"constant-arrival-rate","rate":10,"duration":"1s","preAllocatedVUs":1,"gracefulStop":"5s"}""",
            (_, interrupt) => FakeScript.Sleep(1_200, interrupt)));
        Assert.AreEqual(1, run.Value("iterations", "count"));
        Assert.AreEqual(10, run.Value("dropped_iterations", "count"));
        StringAssert.Contains(run.Error, "Insufficient VUs, reached 1 active VUs and cannot initialize more");
    }

    [TestMethod]
    public void VUs_beyond_the_preallocated_ones_are_made_when_arrivals_need_them()
    {
        var vus = new ConcurrentDictionary<int, bool>();
        var run = EngineRun.Of(Script(
            """{"executor":"constant-arrival-rate","rate":10,"duration":"2s","preAllocatedVUs":1,"maxVUs":3,"gracefulStop":"5s"}""",
            (vu, interrupt) =>
            {
                vus[vu.IdInTest] = true;
                return FakeScript.Sleep(400, interrupt);
            }));
        Assert.HasCount(3, vus);
        Assert.AreEqual(3, run.Value("vus_max", "max"));
    }

    [TestMethod]
    public void Ramping_VUs_come_and_go_by_the_schedule()
    {
        var starts = new ConcurrentDictionary<int, TimeSpan>();
        var ends = new ConcurrentDictionary<int, TimeSpan>();
        var run = EngineRun.Of(Script(
            """{"executor":"ramping-vus","startVUs":0,"gracefulRampDown":"0s","stages":[{"duration":"1s","target":4},{"duration":"1s","target":0}]}""",
            (vu, interrupt) =>
            {
                starts.TryAdd(vu.IdInTest, vu.Test.RunDuration);
                var outcome = FakeScript.Sleep(10, interrupt);
                ends[vu.IdInTest] = vu.Test.RunDuration;
                return outcome;
            }));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.HasCount(4, starts);
        var inOrder = starts.Values.Order().ToArray();
        for (var i = 0; i < 4; i++)
        {
            Assert.AreEqual(250 * (i + 1), inOrder[i].TotalMilliseconds, 150, $"start {i}");
        }

        var endsInOrder = ends.Values.Order().ToArray();
        for (var i = 0; i < 4; i++)
        {
            Assert.AreEqual(1250 + (250 * i), endsInOrder[i].TotalMilliseconds, 150, $"end {i}");
        }
    }

    [TestMethod]
    public void A_VU_that_a_ramp_lets_go_is_interrupted_after_gracefulRampDown()
    {
        var run = EngineRun.Of(Script(
            """{"executor":"ramping-vus","startVUs":2,"gracefulRampDown":"100ms","gracefulStop":"0s","stages":[{"duration":"0s","target":1},{"duration":"1s","target":1}]}""",
            (_, interrupt) => FakeScript.Sleep(60_000, interrupt)));
        StringAssert.Contains(run.Output, "interrupted iterations");
        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    [TestMethod]
    public void A_scenario_waits_for_its_start_time_and_an_iteration_for_its_least_duration()
    {
        var first = TimeSpan.Zero;
        var count = 0;
        var script = new FakeScript
        {
            OptionsJson = """{"minIterationDuration":"300ms","scenarios":{"s":{"executor":"constant-vus","duration":"1s","startTime":"500ms"}}}""",
            Iteration = (vu, _) =>
            {
                first = count++ == 0 ? vu.Test.RunDuration : first;
                return IterationOutcome.Completed;
            },
        };
        var run = EngineRun.Of(script);
        Assert.IsGreaterThanOrEqualTo(500, first.TotalMilliseconds);
        Assert.AreEqual(4, run.Value("iterations", "count"), 1);
    }

    [TestMethod]
    public void Requests_per_second_are_limited_over_all_VUs()
    {
        var count = 0;
        var script = new FakeScript
        {
            OptionsJson = """{"rps":50,"vus":10,"duration":"1s"}""",
            Iteration = (vu, interrupt) =>
            {
                try
                {
                    vu.Test.RequestRate!.Wait(interrupt);
                    Interlocked.Increment(ref count);
                    return IterationOutcome.Completed;
                }
                catch (OperationCanceledException)
                {
                    return IterationOutcome.Interrupted;
                }
            },
        };
        _ = EngineRun.Of(script);
        Assert.AreEqual(55, count, 10);
    }
}
