using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Engines;

[TestClass]
public class EngineRunnerTests
{
    [TestMethod]
    public void The_last_progress_is_found_behind_a_text_of_handleSummary_without_a_line_break()
    {
        var progress = ProgressLine.Parse("█ my summary: fine (running (x)running (00m01.5s), 0/3 VUs, 8 complete and 2 interrupted iterations"u8);
        Assert.AreEqual(new EngineProgress(TimeSpan.FromSeconds(1.5), 0, 3, 8, 2), progress);
        Assert.IsNull(ProgressLine.Parse("running late"u8));
    }

    [TestMethod]
    public async Task A_run_leaves_its_summary_its_log_and_its_last_figures()
    {
        using var lab = new EngineLab().Write(
            """
            out running (00m01.0s), 2/3 VUs, 8 complete and 0 interrupted iterations
            out running (1h02m03.5s), 1/3 VUs, 12345678901 complete and 2 interrupted iterations
            summary {"metrics":{}}
            err {"level":"warning","msg":"something is odd","time":"2026-11-22T11:51:09Z"}
            exit 0
            """);

        var run = await lab.RunAsync();

        Assert.AreEqual(EngineOutcome.Completed, run.Outcome);
        Assert.HasCount(2, lab.Progress);
        Assert.AreEqual(new EngineProgress(new TimeSpan(0, 1, 2, 3, 500), 1, 3, 12345678901, 2), run.LastProgress);
        Assert.AreEqual("""{"metrics":{}}""", await File.ReadAllTextAsync(run.SummaryFile!));
        Assert.AreEqual("something is odd", run.Warnings.Single().Message);
        Assert.Contains("something is odd", await File.ReadAllTextAsync(run.LogFile!));
        Assert.IsNull(run.RecordFile);
        var written = LoadTestJson.Read<EngineRun>(Path.Combine(lab.RunFolder, "engine-run.json"));
        Assert.AreEqual(run.LastProgress, written.LastProgress);
    }

    [TestMethod]
    [DataRow(99, EngineOutcome.ThresholdsCrossed)]
    [DataRow(100, EngineOutcome.SetupTimeout)]
    [DataRow(101, EngineOutcome.TeardownTimeout)]
    [DataRow(103, EngineOutcome.Stopped)]
    [DataRow(104, EngineOutcome.InvalidConfiguration)]
    [DataRow(105, EngineOutcome.Interrupted)]
    [DataRow(107, EngineOutcome.ScriptError)]
    [DataRow(108, EngineOutcome.Aborted)]
    [DataRow(110, EngineOutcome.MarkedAsFailed)]
    [DataRow(109, EngineOutcome.Crashed)]
    [DataRow(255, EngineOutcome.Crashed)]
    [DataRow(-1, EngineOutcome.Crashed)]
    [DataRow(137, EngineOutcome.Killed)]
    [DataRow(143, EngineOutcome.Killed)]
    public void An_exit_code_tells_how_the_run_ended(int exitCode, EngineOutcome outcome) =>
        Assert.AreEqual(outcome, EngineRunner.OutcomeOf(exitCode));

    [TestMethod]
    public async Task What_an_earlier_run_left_is_never_taken_for_this_ones()
    {
        using var lab = new EngineLab().Write("exit 255");
        Directory.CreateDirectory(lab.RunFolder);
        await File.WriteAllTextAsync(Path.Combine(lab.RunFolder, "k6-summary.json"), "{}");

        var run = await lab.RunAsync();

        Assert.IsNull(run.SummaryFile);
        Assert.AreEqual(EngineOutcome.Crashed, run.Outcome);
    }

    [TestMethod]
    public async Task Exceptions_of_iterations_are_folded_by_message_and_place_and_console_errors_are_not_exceptions()
    {
        using var lab = new EngineLab().Write(
            """
            err {"executor":"constant-vus","hint":"script exception","level":"error","msg":"Error: boom\n\tat default (file:///shop/b%C3%BCy.ts:9:26(24))\n","scenario":"buy","source":"stacktrace","time":"2026-11-22T11:51:09Z"}
            err {"executor":"constant-vus","hint":"script exception","level":"error","msg":"Error: boom\n\tat default (file:///shop/b%C3%BCy.ts:9:26(24))\n","scenario":"buy","source":"stacktrace","time":"2026-11-22T11:51:10Z"}
            err {"executor":"constant-vus","level":"error","msg":"Uncaught (in promise) Error: later\n\tat default (file:///shop/buy.ts:4:1(2))\n","scenario":"buy","time":"2026-11-22T11:51:10Z"}
            err {"level":"error","msg":"the user says so","scenario":"buy","source":"console","time":"2026-11-22T11:51:10Z"}
            err {"level":"error","msg":"thresholds on metrics 'http_reqs' have been crossed","time":"2026-11-22T11:51:11Z"}
            exit 99
            """);

        var run = await lab.RunAsync();

        Assert.HasCount(2, run.Errors);
        Assert.AreEqual("Error: boom", run.Errors[0].Message);
        Assert.AreEqual(2, run.Errors[0].Count);
        Assert.AreEqual("buy", run.Errors[0].Scenario);
        Assert.EndsWith("büy.ts(9,26)", run.Errors[0].Location!.ToString());
        Assert.AreEqual("Uncaught (in promise) Error: later", run.Errors[1].Message);
        Assert.AreEqual("thresholds on metrics 'http_reqs' have been crossed", run.ErrorMessage);
    }

    [TestMethod]
    public async Task A_flood_of_errors_is_drained_and_counted()
    {
        using var lab = new EngineLab().Write(
            """
            flood 200000 {"level":"error","msg":"Error: boom\n\tat default (file:///shop/buy.ts:9:26(24))\n","scenario":"buy","time":"2026-11-22T11:51:09Z"}
            exit 0
            """);

        var run = await lab.RunAsync();

        Assert.AreEqual(200000, run.Errors.Single().Count);
    }

    [TestMethod]
    public async Task A_port_that_was_taken_meanwhile_is_tried_once_more()
    {
        using var lab = new EngineLab().Write("exit-once 106");
        Assert.AreEqual(EngineOutcome.Completed, (await lab.RunAsync()).Outcome);
    }

    [TestMethod]
    public async Task Secrets_reach_the_engine_and_never_its_command_line()
    {
        using var lab = new EngineLab().Write("args\nenv TOKEN\nenv services__shop.api-1__http__0\nenv K6_VUS\nenv K6_NO_USAGE_REPORT");
        lab.Variables.Add(new EnvironmentVariablePlan("TOKEN", "s3cret", new(lab.Script, 1, 1)));
        lab.Variables.Add(new EnvironmentVariablePlan("services__shop.api-1__http__0", "http://127.0.0.1:1", new(lab.Script, 1, 1)));
        lab.Settings = lab.Settings with { Samples = true };

        await lab.RunAsync();

        var lines = lab.Output.Split('\n');
        Assert.DoesNotContain("s3cret", lines[0]);
        Assert.Contains("--out csv=samples.csv.gz", lines[0]);
        Assert.AreEqual("TOKEN=s3cret", lines[1]);
        Assert.AreEqual("services__shop.api-1__http__0=http://127.0.0.1:1", lines[2], "a name with a dot and a dash arrives too");
        Assert.AreEqual("K6_VUS=(not set)", lines[3]);
        Assert.AreEqual("K6_NO_USAGE_REPORT=true", lines[4]);
    }

    [TestMethod]
    public async Task Cancellation_stops_the_engine_over_REST()
    {
        using var lab = new EngineLab().Write("rest 103\nout ready\nsleep 60");
        using var cancel = new CancellationTokenSource();
        var running = lab.RunAsync(cancellationToken: cancel.Token);
        await lab.OutputLineAsync("ready");
        await cancel.CancelAsync();

        var run = await running;

        Assert.AreEqual(EngineOutcome.Cancelled, run.Outcome);
        Assert.AreEqual(103, run.ExitCode);
        Assert.Contains("rest PATCH /v1/status", lab.Output);
    }

    [TestMethod]
    public async Task An_engine_that_stops_for_nothing_is_killed_with_all_that_it_started()
    {
        using var lab = new EngineLab().Write("deaf\nignore-term\nfork\nout ready\nsleep 60");
        lab.Settings = lab.Settings with { StopTimeout = "1s" };
        using var cancel = new CancellationTokenSource();
        var running = lab.RunAsync(cancellationToken: cancel.Token);
        var forked = int.Parse(await lab.OutputLineAsync("forked "));
        await lab.OutputLineAsync("ready");
        await cancel.CancelAsync();

        var run = await running;

        Assert.AreEqual(EngineOutcome.Cancelled, run.Outcome);
        Assert.AreEqual(ChildProcess.KilledExitCode, run.ExitCode);
        await EngineLab.GoneAsync(forked);
    }

    [TestMethod]
    public async Task An_engine_that_does_not_listen_gets_one_signal()
    {
        using var lab = new EngineLab().Write("out ready\nsleep 60");
        using var cancel = new CancellationTokenSource();
        var running = lab.RunAsync(cancellationToken: cancel.Token);
        await lab.OutputLineAsync("ready");
        await cancel.CancelAsync();

        var run = await running;

        Assert.AreEqual(EngineOutcome.Cancelled, run.Outcome);
        Assert.AreEqual(143, run.ExitCode);
    }

    [TestMethod]
    public async Task A_cancelled_run_does_not_start()
    {
        using var lab = new EngineLab().Write("out ready");
        var run = await lab.RunAsync(cancellationToken: new CancellationToken(canceled: true));
        Assert.AreEqual(EngineOutcome.Cancelled, run.Outcome);
        Assert.IsNull(run.LogFile);
    }

    [TestMethod]
    public async Task A_run_past_its_upper_bound_is_stopped()
    {
        using var lab = new EngineLab().Write("rest 103\nsleep 60");
        lab.Settings = lab.Settings with { MaxDuration = "2s" };
        var run = await lab.RunAsync();
        Assert.AreEqual(EngineOutcome.TimedOut, run.Outcome);
        Assert.AreEqual("KSDK0304", OutcomeDiagnostics.From(run, lab.Test).Single().Code);
    }

    [TestMethod]
    public void Without_a_limit_of_the_project_the_plans_own_length_bounds_the_run()
    {
        using var lab = new EngineLab().Write("");
        var request = Request(lab) with { Requirements = new EngineRequirements { TotalDuration = TimeSpan.FromMinutes(10), SetupTimeout = TimeSpan.FromSeconds(90) } };
        Assert.AreEqual(TimeSpan.FromSeconds(600 + 90 + 60 + 60), request.UpperBound);
        Assert.AreEqual(TimeSpan.FromMinutes(3), (request with { Settings = new RunSettings { MaxDuration = "3m" } }).UpperBound);
    }

    [TestMethod]
    [DataRow("10s", null, 1)]
    [DataRow("2m", null, 1)]
    [DataRow("2m30s", null, 2)]
    [DataRow("10m", null, 5)]
    [DataRow("1h", null, 30)]
    [DataRow("24h", null, 1800)]
    [DataRow("1h", 40_000.0, 1, DisplayName = "a long load that is small")]
    [DataRow("1h", 240_000.0, 5, DisplayName = "a long load that is not large")]
    [DataRow("10m", 1e9, 5, DisplayName = "a large load")]
    public void A_long_load_is_recorded_in_longer_periods_since_k6_sorts_all_of_it_in_each(string length, double? iterations, int seconds)
    {
        using var lab = new EngineLab().Write("");
        var request = Request(lab) with
        {
            Engine = new EngineProgram(new EngineInfo("k6", "2.2.0", "k6"), "k6", []),
            Requirements = new EngineRequirements { PlannedDuration = K6Duration.Parse(length), MostIterations = iterations },
        };
        Assert.AreEqual(seconds, request.RecordingPeriod.TotalSeconds);
        Assert.AreEqual(7, (request with { Settings = new RunSettings { TimelinePeriod = "7s" } }).RecordingPeriod.TotalSeconds, "K6TimelinePeriod");
        Assert.AreEqual(1, (request with { Engine = request.Engine with { Info = request.Engine.Info with { Name = EngineProgram.Embedded } } }).RecordingPeriod.TotalSeconds, "the embedded engine");
        Assert.AreEqual(1, (request with { WarmUp = "30s" }).RecordingPeriod.TotalSeconds, "its warm-up");

        var gate = new ThresholdPlan { Name = "vus", Metric = "vus", Statistic = "value", Operator = "<", Limit = 9, Expression = "value<9", Location = new SourceLocation("Shop.csproj", 7, 3) };
        Assert.AreEqual(seconds, Period(gate));
        Assert.AreEqual(seconds, Period(gate with { Metric = "service:shop.cpu", Judge = ThresholdJudge.Timeline }), "a service has seconds of its own");
        Assert.AreEqual(1, Period(gate with { Judge = ThresholdJudge.Timeline }), "a gate that looks at seconds");

        double Period(ThresholdPlan threshold) => (request with { Test = lab.Test with { Thresholds = [threshold] } }).RecordingPeriod.TotalSeconds;
    }

    [TestMethod]
    [DataRow(200, "10m", null, true)]
    [DataRow(1000, "10m", null, true)]
    [DataRow(1001, "10m", null, false)]
    [DataRow(200, "1h", null, false)]
    [DataRow(200, "1h", 1_000_000.0, true)]
    [DataRow(200, "1h", 1_000_001.0, false)]
    public void K6_has_room_before_it_collects_garbage_unless_users_or_samples_weigh_enough(int users, string length, double? iterations, bool room)
    {
        using var lab = new EngineLab().Write("");
        var request = Request(lab) with
        {
            Engine = new EngineProgram(new EngineInfo("k6", "2.2.0", "k6"), "k6", []),
            Requirements = new EngineRequirements { MaxVUs = users, PlannedDuration = K6Duration.Parse(length), MostIterations = iterations },
        };
        Assert.AreEqual(room, request.LoadEnvironment.ContainsKey("GOGC"));
        Assert.IsFalse((request with { Engine = request.Engine with { Info = request.Engine.Info with { Name = EngineProgram.Embedded } } }).LoadEnvironment.ContainsKey("GOGC"), "the embedded engine");
    }

    private static EngineRunRequest Request(EngineLab lab) => new()
    {
        Test = lab.Test,
        Bundle = lab.Bundle,
        Engine = EngineLab.Dummy,
        Settings = new RunSettings(),
        Environment = new Dictionary<string, string>(),
        Folder = lab.RunFolder,
    };

    [TestMethod]
    public async Task An_engine_that_somebody_killed_is_told_from_one_that_failed()
    {
        using var lab = new EngineLab().Write("kill KILL");
        var run = await lab.RunAsync();
        Assert.AreEqual(EngineOutcome.Killed, run.Outcome);
        Assert.AreEqual(137, run.ExitCode);
    }

    [TestMethod]
    public async Task What_an_engine_leaves_behind_does_not_go_on()
    {
        using var lab = new EngineLab().Write("fork\nexit 0");
        var run = await lab.RunAsync();
        Assert.AreEqual(EngineOutcome.Completed, run.Outcome);
        await EngineLab.GoneAsync(int.Parse(await lab.OutputLineAsync("forked ")));
    }
}
