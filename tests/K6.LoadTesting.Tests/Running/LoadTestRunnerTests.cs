using K6.LoadTesting.Bundling;
using K6.LoadTesting.Comparing;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.History;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using K6.LoadTesting.Tests.Engines;

namespace K6.LoadTesting.Tests.Running;

/// <summary>The second half of the road with an engine that does what its bundle says, one command a line.</summary>
[TestClass]
[DoNotParallelize]
public sealed class LoadTestRunnerTests : IDisposable
{
    private const string Options = """inspect:out {"totalDuration":"1s","maxVUs":1,"scenarios":{"default":{"executor":"per-vu-iterations"}},"thresholds":{}}""";

    private const string Healthy = """
        run:out running (00m01.0s), 0/1 VUs, 5 complete and 0 interrupted iterations
        run:summary {"metrics":{"iterations":{"type":"counter","contains":"default","values":{"count":5,"rate":5}}},"root_group":{"name":"","path":"","groups":[],"checks":[]},"state":{"testRunDurationMs":1000}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk runner ").FullName;
    private readonly List<RunEvent> _events = [];

    private string Results => Path.Combine(_folder, "TestResults");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Tests_run_in_the_order_of_declaration_and_their_results_are_published()
    {
        var result = await RunAsync(("second", $"{Options}\n{Healthy}"), ("first", $"{Options}\n{Healthy}"));

        Assert.AreEqual(Verdict.Passed, result.Verdict, string.Join('\n', result.Diagnostics));
        CollectionAssert.AreEqual(new[] { "second", "first" }, result.Tests.Select(test => test.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "second", "first" }, _events.OfType<TestFinished>().Select(finished => finished.Result.Name).ToArray());
        Assert.AreEqual(result.RunId, LoadTestJson.Read<LoadTestResult>(Path.Combine(Results, "loadtest.json")).RunId);
        Assert.IsTrue(File.Exists(Path.Combine(Results, "loadtest.trx")));
        Assert.IsEmpty(Directory.GetDirectories(Results, ".staging-*"));

        var run = LoadTestJson.Read<EngineRun>(Path.Combine(Results, "first", "engine-run.json"));
        Assert.AreEqual(Path.Combine(Results, "first"), run.Folder);
        Assert.IsTrue(File.Exists(run.SummaryFile), "its paths are those of the published folder");
    }

    [TestMethod]
    public async Task Nothing_runs_when_the_engine_refuses_one_of_the_tests()
    {
        var result = await RunAsync(
            ("good", $"{Options}\n{Healthy}"),
            ("bad", "inspect:err {\"level\":\"error\",\"msg\":\"unknown executor type 'nope'\"}\nexit 104"));

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        Assert.IsTrue(result.Tests.All(test => test.Outcome == EngineOutcome.NotRun && test.Verdict == Verdict.Failed));
        Assert.IsEmpty(_events.OfType<TestStarted>());
        var reason = result.Diagnostics.Single(one => one.Severity == DiagnosticSeverity.Error);
        Assert.AreEqual("bad", reason.Test);
        StringAssert.Contains(reason.Message, "nope");
        Assert.IsTrue(File.Exists(Path.Combine(Results, "loadtest.json")));
    }

    [TestMethod]
    public async Task A_cancelled_run_keeps_its_results_and_says_once_that_it_was_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var running = RunAsync(
            stop.Token,
            ("first", $"{Options}\nrun:rest 103\nrun:out running (00m01.0s), 1/1 VUs, 0 complete and 0 interrupted iterations\nrun:sleep 60"),
            ("second", $"{Options}\n{Healthy}"));
        while (!_events.OfType<TestProgressed>().Any() && !running.IsCompleted)
        {
            await Task.Delay(20, CancellationToken.None);
        }

        await stop.CancelAsync();
        var result = await running;

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        Assert.AreEqual(EngineOutcome.Cancelled, result.Tests[0].Outcome);
        Assert.AreEqual(EngineOutcome.NotRun, result.Tests[1].Outcome);
        Assert.HasCount(1, result.Diagnostics.Where(one => one.Code is "KSDK0312" or "KSDK0381").ToList());
        Assert.IsTrue(File.Exists(Path.Combine(Results, "loadtest.json")));
    }

    [TestMethod]
    public async Task A_cancellation_before_the_first_run_is_a_result_too()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var result = await RunAsync(stop.Token, ("browse", $"{Options}\n{Healthy}"));

        Assert.AreEqual("KSDK0381", result.Diagnostics.Single().Code);
        Assert.AreEqual(Verdict.Failed, result.Verdict);
        Assert.AreEqual(EngineOutcome.NotRun, result.Tests.Single().Outcome);
    }

    [TestMethod]
    public async Task A_run_that_never_began_leaves_no_earlier_result_to_be_verified_and_the_next_run_is_fine()
    {
        await RunAsync(("browse", $"{Options}\n{Healthy}"));
        Assert.AreEqual(Verdict.Passed, EarlierResult.Read(Plan(("browse", ""))).Verdict);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await RunAsync(stop.Token, ("browse", $"{Options}\n{Healthy}"));

        Assert.AreEqual("KSDK0385", Assert.ThrowsExactly<LoadTestException>(() => EarlierResult.Read(Plan(("browse", "")))).Diagnostic.Code);
        await RunAsync(("browse", $"{Options}\n{Healthy}"));
        Assert.AreEqual(Verdict.Passed, EarlierResult.Read(Plan(("browse", ""))).Verdict);
    }

    [TestMethod]
    public async Task An_engine_that_is_missing_fails_every_test_with_its_code()
    {
        var plan = Plan(("browse", ""));
        var options = new LoadTestRunOptions { Engines = new EngineLocations(Path.Combine(_folder, "none.dll"), EngineLab.Dotnet) };

        var result = await LoadTestRunner.RunAsync(plan, [], options, null, CancellationToken.None);

        Assert.AreEqual("KSDK0008", result.Diagnostics.Single().Code);
        Assert.AreEqual(EngineOutcome.NotRun, result.Tests.Single().Outcome);
        Assert.AreEqual(Verdict.Failed, LoadTestJson.Read<LoadTestResult>(Path.Combine(Results, "loadtest.json")).Verdict);
    }

    [TestMethod]
    public async Task A_service_that_ends_during_the_run_stops_the_load_and_is_the_reason()
    {
        var plan = Plan(("browse", $"{Options}\nrun:rest 103\nrun:out running (00m01.0s), 1/1 VUs, 0 complete and 0 interrupted iterations\nrun:sleep 60"));
        plan = plan with
        {
            Services =
            [
                new ServicePlan
                {
                    Name = "shop",
                    Command = EngineLab.Dotnet,
                    Arguments = ["exec", EngineLab.DummyAssembly, "service", "--crash", "2"],
                    Location = new SourceLocation(plan.ProjectFile, 3, 5),
                },
            ],
        };

        var result = await RunAsync(plan, CancellationToken.None);

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        var reason = result.Diagnostics.Single(one => one.Severity == DiagnosticSeverity.Error);
        Assert.AreEqual("KSDK0505", reason.Code);
        Assert.AreEqual(3, reason.Line);
        Assert.AreEqual("browse", reason.Test);
        Assert.IsLessThan(30, result.Tests.Single().DurationSeconds);
    }

    [TestMethod]
    public async Task A_warm_up_is_a_run_of_its_own_before_the_measured_one_and_no_figure_counts_it()
    {
        var plan = WithWarmUp(Plan(("browse", $"{Options}\nrun:env K6SDK_WARM_UP\n{Healthy}")), "2s");

        var result = await RunAsync(plan, CancellationToken.None);

        Assert.AreEqual(Verdict.Passed, result.Verdict, string.Join('\n', result.Diagnostics));
        StringAssert.Contains(Output("browse/warm-up"), "K6SDK_WARM_UP=2s");
        StringAssert.Contains(Output("browse"), "K6SDK_WARM_UP=(not set)");
        Assert.AreEqual(2, result.Tests.Single().WarmUp!.Seconds);
        Assert.AreEqual(5, result.Tests.Single().Iterations.Complete);
        var warmUp = LoadTestJson.Read<EngineRun>(Path.Combine(Results, "browse", "warm-up", "engine-run.json"));
        Assert.AreEqual(Path.Combine(Results, "browse", "warm-up"), warmUp.Folder);
        Assert.HasCount(1, _events.OfType<WarmUpProgressed>().ToList());
        Assert.IsLessThan(_events.FindIndex(one => one is TestStarted), _events.FindIndex(one => one is WarmUpProgressed));
    }

    [TestMethod]
    public async Task A_test_whose_warm_up_fails_is_not_measured()
    {
        var plan = WithWarmUp(Plan(("browse", $"{Options}\nrun:err {{\"level\":\"error\",\"msg\":\"TypeError: nobody at file:///shop/browse.ts:3:7(2)\"}}\nrun:exit-once 107\n{Healthy}"), ("next", $"{Options}\n{Healthy}")), "2s");

        var result = await RunAsync(plan, CancellationToken.None);

        Assert.AreEqual(Verdict.Failed, result.Tests[0].Verdict);
        Assert.AreEqual(EngineOutcome.ScriptError, result.Tests[0].Outcome);
        var reason = result.Diagnostics.Single(one => one.Severity == DiagnosticSeverity.Error);
        StringAssert.StartsWith(reason.Message, "In the warm-up, so that nothing was measured:");
        StringAssert.Contains(reason.Message, "nobody");
        Assert.IsEmpty(result.Tests[0].Metrics);
        Assert.IsFalse(File.Exists(Path.Combine(Results, "browse", "k6-summary.json")));
        Assert.AreEqual(Verdict.Passed, result.Tests[1].Verdict);
    }

    [TestMethod]
    public async Task A_warm_up_without_an_iteration_is_a_warning()
    {
        var plan = WithWarmUp(Plan(("browse", $"{Options}\n{Healthy.Replace("5 complete", "0 complete")}")), "2s");

        var result = await RunAsync(plan, CancellationToken.None);

        Assert.HasCount(1, result.Diagnostics.Where(one => one.Code == "KSDK0510" && one.Severity == DiagnosticSeverity.Warning).ToList());
    }

    [TestMethod]
    public async Task What_a_service_prints_during_a_run_is_kept_with_its_seconds_and_its_errors_can_be_limited()
    {
        var plan = Plan(("browse", $"{Options}\nrun:sleep 4\n{Healthy.Replace("1000", "3500")}"));
        plan = plan with { Services = [Service("shop", "--chatty")] };
        plan = plan with { Tests = [plan.Tests[0] with { Thresholds = [Limit("service:shop.log.errors", "max", "<", 1)] }] };

        var result = await RunAsync(plan, CancellationToken.None);

        var log = result.Tests.Single().ServiceLogs.Single();
        Assert.AreEqual("browse/services/shop.log", log.File);
        Assert.IsGreaterThan(5, log.Errors);
        Assert.AreEqual("error fail: Dummy[0] request 1 broke", $"{log.Events[0].Level} {System.Text.RegularExpressions.Regex.Replace(log.Events[0].Message, @"request \d+", "request 1")}");
        Assert.HasCount(1, log.Events);
        StringAssert.Matches(File.ReadAllLines(Path.Combine(Results, log.File))[^1], new(@"^ +\d+\.\d{3}  "));
        Assert.AreEqual("KSDK0320", result.Diagnostics.Single(one => one.Severity == DiagnosticSeverity.Error).Code);
        Assert.IsNotNull(result.Tests.Single().Thresholds.Single().CrossedAtSeconds);
    }

    [TestMethod]
    [DataRow("--leak", "gc.heap", "max", 30_000_000)]
    [DataRow("--starve", "threadpool.queue", "max", 20)]
    [DataRow("--allocate", "gc.allocation", "max", 30_000_000)]
    public async Task A_sick_service_is_caught_by_a_gate_and_a_healthy_one_is_not(string illness, string metric, string statistic, double limit)
    {
        var plan = Plan(("browse", $"{Options}\nrun:sleep 7\n{Healthy.Replace("1000", "6500")}"));
        plan = plan with
        {
            Services = [Service("sick", illness), Service("well", "--none") with { UrlVariable = "WELL_URL" }],
            Tests = [plan.Tests[0] with { Thresholds = [Limit($"service:sick.{metric}", statistic, "<", limit), Limit($"service:well.{metric}", statistic, "<", limit)] }],
        };

        var result = await RunAsync(plan, CancellationToken.None);

        Assert.AreEqual("Failed Passed", string.Join(' ', result.Tests.Single().Thresholds.Select(one => one.Verdict)), string.Join('\n', result.Diagnostics));
        StringAssert.Contains(File.ReadAllText(Path.Combine(Results, "loadtest.html")), "Inside of sick");
    }

    private static LoadPlan WithWarmUp(LoadPlan plan, string length) => plan with { Tests = [.. plan.Tests.Select(test => test with { WarmUp = length })] };

    private string Output(string run) => File.ReadAllText(Path.Combine(Results, run, "engine-output.txt"));

    private ServicePlan Service(string name, params string[] options) => new()
    {
        Name = name,
        Command = EngineLab.Dotnet,
        Arguments = ["exec", EngineLab.DummyAssembly, "service", .. options],
        Location = new SourceLocation(Path.Combine(_folder, "Shop.csproj"), 3, 5),
    };

    private ThresholdPlan Limit(string metric, string statistic, string comparison, double limit) => new()
    {
        Name = $"{metric} {statistic}",
        Metric = metric,
        Statistic = statistic,
        Operator = comparison,
        Limit = limit,
        Expression = FormattableString.Invariant($"{statistic}{comparison}{limit}"),
        Location = new SourceLocation(Path.Combine(_folder, "Shop.csproj"), 7, 5),
    };

    [TestMethod]
    public async Task What_is_slower_than_five_runs_before_is_measured_again_and_then_a_regression()
    {
        var path = Path.Combine(_folder, ".k6", "history.jsonl");
        var regression = new RegressionPlan
        {
            Name = "iterations rate",
            Metric = "iterations",
            Statistic = "rate",
            Allowed = 0.1,
            MoreIsWorse = false,
            Severity = ThresholdSeverity.Error,
            Location = new SourceLocation(Path.Combine(_folder, "Shop.csproj"), 7, 5),
        };
        var plan = Plan(("browse", $"{Options}\n{Healthy}"));
        plan = plan with { Settings = plan.Settings with { HistoryPath = path }, Tests = [plan.Tests[0] with { Regressions = [regression] }] };

        var first = await RunAsync(plan, CancellationToken.None);

        Assert.AreEqual(Verdict.Passed, first.Verdict, string.Join('\n', first.Diagnostics));
        Assert.AreEqual(RegressionVerdict.NoBaseline, first.Tests[0].Regressions.Single().Verdict);
        Assert.AreEqual("KSDK0412", first.Diagnostics.Single(one => one.Severity == DiagnosticSeverity.Info).Code);
        var store = new HistoryStore(path);
        var line = store.Read([]).Single();
        Assert.AreEqual(first.RunId, line.RunId);
        Assert.AreEqual(5, line.Metrics["iterations"].Values["rate"]);

        HistoryMetric Rate(double rate) => new() { Type = "counter", Values = new Dictionary<string, double> { ["rate"] = rate } };
        store.Append([.. new[] { 9.9, 10, 10.1, 10, 9.9, 10.1 }.Select(rate => line with { RunId = Guid.NewGuid(), Metrics = new Dictionary<string, HistoryMetric> { ["iterations"] = Rate(rate) } })]);
        var second = await RunAsync(plan, CancellationToken.None);

        Assert.AreEqual(Verdict.Failed, second.Verdict);
        var result = second.Tests[0].Regressions.Single();
        Assert.AreEqual(RegressionVerdict.Regressed, result.Verdict);
        Assert.AreEqual(5, result.ActualAgain);
        Assert.AreEqual(10, result.Baseline!.Value, 0.11);
        var error = second.Diagnostics.Single(one => one.Severity == DiagnosticSeverity.Error);
        Assert.AreEqual("KSDK0410", error.Code);
        Assert.AreEqual(7, error.Line);
        Assert.Contains("iterations rate = 5/s, and 5/s when measured again: -50 % against 10/s", error.Message);
        Assert.IsTrue(Directory.Exists(Path.Combine(Results, "browse", "again")));
        Assert.AreEqual(Verdict.Failed, store.Read([])[^1].Verdict, "a regression is no baseline");

        store.Append(HistoryLine.Accepted(plan));
        Assert.AreEqual(RegressionVerdict.NoBaseline, (await RunAsync(plan, CancellationToken.None)).Tests[0].Regressions.Single().Verdict);
    }

    [TestMethod]
    [DataRow(true, "Failed Passed")]
    [DataRow(false, "Failed NotRun")]
    public async Task All_tests_run_even_if_one_fails_unless_somebody_wants_the_rest_spared(bool goOn, string outcomes)
    {
        var plan = Plan(("crash", $"{Options}\nrun:exit-once 107\n{Healthy}"), ("good", $"{Options}\n{Healthy}"));

        var result = await RunAsync(plan with { Settings = plan.Settings with { ContinueOnFailure = goOn } }, CancellationToken.None);

        Assert.AreEqual(outcomes, string.Join(' ', result.Tests.Select(test => test.Outcome == EngineOutcome.NotRun ? "NotRun" : test.Verdict.ToString())));
        Assert.AreEqual(goOn ? 0 : 1, result.Diagnostics.Count(one => one.Code == "KSDK0384"));
        Assert.AreEqual(Verdict.Failed, result.Verdict);
    }

    [TestMethod]
    public async Task A_base_is_measured_in_turn_with_the_head_and_a_slower_head_twice()
    {
        var (plan, options) = Compared("");

        var result = await RunAsync(plan, options, CancellationToken.None);

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        var error = result.Diagnostics.Single(one => one.Severity == DiagnosticSeverity.Error);
        Assert.AreEqual("KSDK0410", error.Code);
        Assert.StartsWith("iterations rate = 4/s, and 4/s when measured again: -20 % against 5/s of main (1a2b3c4d5), measured in turn 3 times; allowed is -10 %", error.Message);
        CollectionAssert.AreEqual(
            new[] { "01-base", "02-base", "03-head", "04-head", "05-base", "06-base", "07-head", "08-base", "09-head", "10-head", "11-base", "12-base", "13-head" },
            Directory.GetDirectories(Path.Combine(Results, "browse", "compared")).Select(Path.GetFileName).Order().ToArray());
        Assert.IsTrue(File.Exists(Path.Combine(Results, "base", "services", "shop.log")));
        var compared = result.Tests[0].Regressions.Single();
        Assert.AreEqual("main (1a2b3c4d5)", compared.Against);
        Assert.AreEqual((4, 5), (compared.Actual, compared.Baseline));
        Assert.AreEqual(4, result.Tests[0].Metrics["iterations"].Values["rate"], "the figures are those of the run that the thresholds judged");
        var markdown = File.ReadAllText(Path.Combine(Results, "loadtest.md"));
        Assert.IsLessThan(markdown.IndexOf("KSDK0410", StringComparison.Ordinal), markdown.IndexOf("### What changed against main (1a2b3c4d5)", StringComparison.Ordinal));
        Assert.Contains("| ❌ worse | `iterations` rate | 5/s | 4/s, again 4/s | -20 % |", markdown);
        Assert.Contains("What changed against main (1a2b3c4d5)", File.ReadAllText(Path.Combine(Results, "loadtest.html")));
    }

    [TestMethod]
    public async Task A_comparison_with_a_base_that_breaks_off_is_no_green_gate()
    {
        var (plan, options) = Compared("run:exit-if OTHER_URL 107\n");

        var result = await RunAsync(plan, options, CancellationToken.None);

        Assert.AreEqual("KSDK0424", result.Diagnostics.Single(one => one.Severity == DiagnosticSeverity.Error).Code);
        Assert.AreEqual(Verdict.Failed, result.Tests[0].Verdict);
        Assert.HasCount(1, Directory.GetDirectories(Path.Combine(Results, "browse", "compared")));
    }

    // The base is the one whose address has a name of its own too; there the load is 5 a second.
    private (LoadPlan Plan, LoadTestRunOptions Options) Compared(string commands)
    {
        var plan = Plan(("browse", $"{Options}\n{commands}{Healthy.Replace("\"rate\":5", "\"rate\":4", StringComparison.Ordinal)}\n{Healthy.Split('\n')[1].Replace("run:summary", "run:summary-if OTHER_URL", StringComparison.Ordinal)}"));
        var regression = new RegressionPlan
        {
            Name = "iterations rate",
            Metric = "iterations",
            Statistic = "rate",
            Allowed = 0.1,
            MoreIsWorse = false,
            Severity = ThresholdSeverity.Error,
            Location = new SourceLocation(plan.ProjectFile, 7, 5),
        };
        plan = plan with
        {
            Services = [Service("shop", "--none")],
            Tests = [plan.Tests[0] with { Regressions = [regression] }],
            Settings = plan.Settings with { ComparePairs = 3 },
        };
        var compared = new BasePlan { Title = "main (1a2b3c4d5)", Services = [plan.Services[0] with { UrlVariable = "OTHER_URL" }] };
        return (plan, new LoadTestRunOptions { Engines = new EngineLocations(EngineLab.DummyAssembly, EngineLab.Dotnet), Base = compared });
    }

    [TestMethod]
    public async Task A_history_that_cannot_be_written_is_an_error_and_the_results_are_there()
    {
        var plan = Plan(("browse", $"{Options}\n{Healthy}"));
        Directory.CreateDirectory(Path.Combine(_folder, "history.jsonl"));

        var result = await RunAsync(plan with { Settings = plan.Settings with { HistoryPath = Path.Combine(_folder, "history.jsonl") } }, CancellationToken.None);

        Assert.AreEqual("KSDK0402", result.Diagnostics.Single().Code);
        Assert.AreEqual(Verdict.Failed, LoadTestJson.Read<LoadTestResult>(Path.Combine(Results, "loadtest.json")).Verdict);
    }

    private Task<LoadTestResult> RunAsync(params (string Name, string Commands)[] tests) => RunAsync(CancellationToken.None, tests);

    private Task<LoadTestResult> RunAsync(CancellationToken cancellationToken, params (string Name, string Commands)[] tests) =>
        RunAsync(Plan(tests), cancellationToken);

    private Task<LoadTestResult> RunAsync(LoadPlan plan, CancellationToken cancellationToken) =>
        RunAsync(plan, new LoadTestRunOptions { Engines = new EngineLocations(EngineLab.DummyAssembly, EngineLab.Dotnet) }, cancellationToken);

    private Task<LoadTestResult> RunAsync(LoadPlan plan, LoadTestRunOptions options, CancellationToken cancellationToken) => LoadTestRunner.RunAsync(
        plan,
        [.. plan.Tests.Select(test => new TestBundle { Test = test.Name, EntryFile = Script(test.Name), File = Script(test.Name) })],
        options,
        new Listener(_events),
        cancellationToken);

    private LoadPlan Plan(params (string Name, string Commands)[] tests)
    {
        var project = Path.Combine(_folder, "Shop.csproj");
        foreach (var (name, commands) in tests)
        {
            File.WriteAllText(Script(name), commands);
        }

        return new LoadPlan
        {
            Project = "Shop",
            ProjectFile = project,
            Settings = new RunSettings { Engine = EngineChoice.Embedded, ResultsDirectory = Results, StopTimeout = "10s" },
            Tests =
            [
                .. tests.Select(test => new TestPlan
                {
                    Name = test.Name,
                    Scenarios = [new ScenarioPlan { Name = test.Name, File = Script(test.Name), Location = new SourceLocation(project, 5, 5) }],
                }),
            ],
        };
    }

    private string Script(string name) => Path.Combine(_folder, $"{name}.js");

    private sealed class Listener(List<RunEvent> events) : IProgress<RunEvent>
    {
        public void Report(RunEvent value)
        {
            lock (events)
            {
                events.Add(value);
            }
        }
    }
}
