using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
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

    private Task<LoadTestResult> RunAsync(params (string Name, string Commands)[] tests) => RunAsync(CancellationToken.None, tests);

    private Task<LoadTestResult> RunAsync(CancellationToken cancellationToken, params (string Name, string Commands)[] tests) =>
        RunAsync(Plan(tests), cancellationToken);

    private Task<LoadTestResult> RunAsync(LoadPlan plan, CancellationToken cancellationToken) => LoadTestRunner.RunAsync(
        plan,
        [.. plan.Tests.Select(test => new TestBundle { Test = test.Name, EntryFile = Script(test.Name), File = Script(test.Name) })],
        new LoadTestRunOptions { Engines = new EngineLocations(EngineLab.DummyAssembly, EngineLab.Dotnet) },
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
