using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Bundling;
using K6.LoadTesting.Tests.Engines;
using K6.LoadTesting.Tests.Results;
using TestResult = K6.LoadTesting.Results.TestResult;

namespace K6.LoadTesting.Tests.Gates;

/// <summary>The rows of docs/verdict.md on both engines. k6 alone calls most of these a success; its half is inconclusive without it.</summary>
[TestClass]
public class K6VerdictTests
{
    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Forty_percent_of_the_users_hang_and_the_run_fails(string engine)
    {
        using var verdict = await RunAsync(
            engine,
            """
            export const options = { scenarios: { browse: { executor: 'constant-vus', vus: 5, duration: '1s', gracefulStop: '1s' } } };
            export default function () { http.get(url + (__VU <= 2 ? '/hang' : '/ok')); sleep(0.001); }
            """);

        Assert.AreEqual(0, verdict.Run.ExitCode);
        Assert.AreEqual(Verdict.Failed, verdict.Result.Verdict);
        Assert.AreEqual("KSDK0333", verdict.Codes);
        Assert.AreEqual(2, verdict.Result.Iterations.Interrupted);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Nine_of_ten_arrivals_are_dropped_and_the_run_fails(string engine)
    {
        using var verdict = await RunAsync(
            engine,
            """
            export const options = { scenarios: { browse: { executor: 'constant-arrival-rate', rate: 100, duration: '2s', preAllocatedVUs: 2 } } };
            export default function () { sleep(0.2); }
            """);

        Assert.AreEqual(0, verdict.Run.ExitCode);
        Assert.AreEqual(Verdict.Failed, verdict.Result.Verdict);
        Assert.AreEqual("KSDK0336", verdict.Codes);
        Assert.IsGreaterThan(150, verdict.Result.Iterations.Dropped);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_threshold_with_a_typo_in_its_tag_fails_and_names_the_right_one(string engine)
    {
        using var verdict = await RunAsync(
            engine,
            """
            export const options = { iterations: 3, thresholds: { 'http_req_duration{name:chekout}': ['p(95)<500'] } };
            export default function () { http.get(url + '/ok', { tags: { name: 'checkout' } }); }
            """,
            literals: ["name", "checkout"]);

        Assert.AreEqual(0, verdict.Run.ExitCode);
        Assert.AreEqual(Verdict.Failed, verdict.Result.Verdict);
        Assert.AreEqual("KSDK0322 KSDK0324", verdict.Codes);
        Assert.Contains("Did you mean 'checkout'?", verdict.Diagnostics[1].Message);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task No_server_error_on_a_healthy_run_is_green(string engine)
    {
        using var verdict = await RunAsync(
            engine,
            """
            export const options = { iterations: 3, thresholds: { 'http_reqs{status:500}': ['count<1'], http_req_failed: ['rate<0.01'] } };
            export default function () { http.get(url + '/ok'); }
            """,
            literals: ["name"]);

        Assert.AreEqual(Verdict.Passed, verdict.Result.Verdict, verdict.Codes);
        Assert.IsEmpty(verdict.Diagnostics);
        Assert.AreEqual(0, verdict.Result.Thresholds.Single(threshold => threshold.Metric == "http_reqs{status:500}").Actual);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Exceptions_in_iterations_fail_the_run_at_their_line(string engine)
    {
        using var verdict = await RunAsync(
            engine,
            """
            export const options = { iterations: 3 };
            export default function () { http.get(url + '/ok'); throw new Error('boom'); }
            """);

        Assert.AreEqual(0, verdict.Run.ExitCode);
        Assert.AreEqual(Verdict.Failed, verdict.Result.Verdict);
        Assert.AreEqual("KSDK0332", verdict.Codes);
        Assert.AreEqual(5, verdict.Diagnostics[0].Location!.Line);
        Assert.AreEqual(3, verdict.Result.Errors.Single().Count);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Every_request_failed_and_checks_without_samples_fail_the_run(string engine)
    {
        using var verdict = await RunAsync(
            engine,
            """
            export const options = { iterations: 3, thresholds: { checks: ['rate>0.99'] } };
            export default function () { http.get(url + '/fail'); }
            """);

        Assert.AreEqual(0, verdict.Run.ExitCode);
        Assert.AreEqual(Verdict.Failed, verdict.Result.Verdict);
        Assert.AreEqual("KSDK0322 KSDK0331", verdict.Codes);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_gauge_that_no_iteration_set_fails_the_run(string engine)
    {
        using var verdict = await RunAsync(
            engine,
            """
            import { Gauge } from 'k6/metrics';
            const queue = new Gauge('queue'), other = new Gauge('other');
            export const options = { iterations: 3, thresholds: { queue: ['value<5'], other: ['value<5'] } };
            export default function () { other.add(0); }
            """);

        Assert.AreEqual(0, verdict.Run.ExitCode);
        Assert.AreEqual(Verdict.Failed, verdict.Result.Verdict);
        Assert.AreEqual("KSDK0322", verdict.Codes);
        Assert.StartsWith("queue got no samples", verdict.Diagnostics[0].Message);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_summary_that_never_comes_fails_the_run(string engine)
    {
        using var verdict = await RunAsync(
            engine,
            """
            export const options = { iterations: 1, handleSummaryTimeout: '1s' };
            export default function () {}
            """,
            handleSummary: "while (true) {}");

        Assert.AreEqual(0, verdict.Run.ExitCode);
        Assert.AreEqual(Verdict.Failed, verdict.Result.Verdict);
        Assert.AreEqual("KSDK0340", verdict.Codes);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_crossed_threshold_that_stops_the_load_is_told_alone(string engine)
    {
        using var verdict = await RunAsync(
            engine,
            """
            export const options = { vus: 2, duration: '30s', thresholds: { iterations: [{ threshold: 'count<3', abortOnFail: true }] },
              ext: { k6sdk: { thresholds: [{ source: 'script', script: 'shop.js', written: 'iterations', metric: 'iterations', expression: 'count<3', abortOnFail: true }] } } };
            export default function () { sleep(0.3); }
            """);

        Assert.AreEqual(99, verdict.Run.ExitCode);
        Assert.AreEqual(Verdict.Failed, verdict.Result.Verdict);
        Assert.AreEqual("KSDK0320", verdict.Codes);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_result_has_scenarios_checks_metrics_and_a_timeline(string engine)
    {
        using var verdict = await RunAsync(
            engine,
            """
            import { check, group } from 'k6';
            export const options = {
              scenarios: { browse: { executor: 'constant-vus', vus: 1, duration: '3s', exec: 'browse' } },
              thresholds: { 'iterations{scenario:browse}': [], 'http_reqs{scenario:browse}': ['count>1'] },
              summaryTrendStats: ['avg', 'p(95)', 'count', 'p(10)', 'p(20)', 'p(99.9)'],
              ext: { k6sdk: { scenarios: [{ item: 'shop', script: '/shop/browse.ts', names: ['browse'] }], trendStats: ['p(10)', 'p(20)'] } },
            };
            export function browse() {
              group('page', () => group('top', () => check(http.get(url + '/ok'), { 'is 200': (r) => r.status === 200, 'is 500': (r) => r.status === 500 })));
              sleep(0.05);
            }
            """);
        var result = verdict.Result;

        Assert.AreEqual(Verdict.Passed, result.Verdict, verdict.Codes);
        var scenario = result.Scenarios.Single();
        Assert.AreEqual("browse", scenario.Name);
        Assert.AreEqual("constant-vus", scenario.Executor);
        Assert.AreEqual("/shop/browse.ts", scenario.File);
        Assert.AreEqual("browse", scenario.Exec);
        Assert.AreEqual(result.Iterations.Complete, scenario.Iterations);
        CollectionAssert.AreEqual(
            new[] { new CheckResult("is 200", "page::top", scenario.Iterations!.Value, 0), new CheckResult("is 500", "page::top", 0, scenario.Iterations.Value) },
            result.Checks.ToArray());
        var duration = result.Metrics["http_req_duration"];
        CollectionAssert.AreEqual(new[] { "count", "avg", "p(95)", "p(99.9)" }, duration.Values.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { 10, 20, 95, 99.9 }, duration.Distribution!.Select(point => point[0]).ToArray());
        Assert.AreEqual(scenario.Iterations, (long)result.Metrics["http_reqs{scenario:browse}"].Values["count"]);
        Assert.AreEqual(1, result.Timeline!.PeriodSeconds);
        Assert.IsGreaterThanOrEqualTo(2, result.Timeline.Seconds.Count);
        Assert.IsTrue(result.Timeline.Series.Values.All(column => column.Count == result.Timeline.Seconds.Count));
        Assert.IsNotNull(result.Timeline.Series["http_req_duration.p(95)"][^1]);
        Assert.IsNotNull(result.Timeline.Series["vus.value"][^1]);
        Assert.IsGreaterThan(2.9, result.LoadSeconds!.Value);
        Assert.Contains("run/k6-summary.json", result.Files);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_few_dropped_arrivals_are_a_warning(string engine)
    {
        using var verdict = await RunAsync(
            engine,
            """
            export const options = { scenarios: { browse: { executor: 'constant-arrival-rate', rate: 100, duration: '1s', preAllocatedVUs: 2 } } };
            export default function () { sleep(0.2); }
            """,
            change: lab => lab.Settings = lab.Settings with { MaxDropped = 0.99 });

        Assert.AreEqual(Verdict.Passed, verdict.Result.Verdict);
        Assert.AreEqual("KSDK0337", verdict.Codes);
        Assert.AreEqual(DiagnosticSeverity.Warning, verdict.Diagnostics[0].Severity);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task No_complete_iteration_fails_the_run_and_a_scenario_without_one_does(string engine)
    {
        using var nothing = await RunAsync(
            engine,
            """
            export const options = { scenarios: { browse: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } } };
            export default function () { sleep(5); }
            """);
        using var half = await RunAsync(
            engine,
            """
            export const options = {
              scenarios: {
                browse: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' },
                late: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s', exec: 'late' },
              },
              thresholds: { 'iterations{scenario:browse}': [], 'iterations{scenario:late}': [] },
            };
            export default function () { sleep(0.002); }
            export function late() { sleep(5); }
            """,
            change: lab => lab.Settings = lab.Settings with { MaxInterrupted = 0.5 });

        Assert.AreEqual(Verdict.Failed, nothing.Result.Verdict);
        Assert.AreEqual("KSDK0330", nothing.Codes);
        Assert.AreEqual(Verdict.Failed, half.Result.Verdict);
        Assert.AreEqual("KSDK0334", half.Codes);
        Assert.StartsWith("Scenario late completed no iteration", half.Diagnostics[0].Message);
    }

    // A script may do anything to what it is given; whatever comes out of that is no reason to call a run green.
    [TestMethod]
    [DataRow("k6", "KSDK0321", "count>0", "data.metrics.iterations.thresholds = { 'count>0': { ok: false } };", "JSON.stringify(data)")]
    [DataRow("embedded", "KSDK0321", "count>0", "data.metrics.iterations.thresholds = { 'count>0': { ok: false } };", "JSON.stringify(data)")]
    [DataRow("k6", "KSDK0325", "count>100", "delete data.metrics.iterations.thresholds;", "JSON.stringify(data)")]
    [DataRow("embedded", "KSDK0325", "count>100", "delete data.metrics.iterations.thresholds;", "JSON.stringify(data)")]
    [DataRow("k6", "KSDK0341", "count>0", "data.state.testRunDurationMs = 3600000;", "JSON.stringify(data)")]
    [DataRow("embedded", "KSDK0341", "count>0", "data.state.testRunDurationMs = 3600000;", "JSON.stringify(data)")]
    [DataRow("k6", "KSDK0342", "count>0", "", "JSON.stringify(data).slice(0, 200)")]
    [DataRow("embedded", "KSDK0342", "count>0", "", "JSON.stringify(data).slice(0, 200)")]
    public async Task A_summary_that_was_changed_cut_short_or_is_of_another_run_fails_the_run(string engine, string code, string threshold, string change, string text)
    {
        using var verdict = await RunAsync(
            engine,
            $$"""
            export const options = { iterations: 3, thresholds: { iterations: ['{{threshold}}'] } };
            export default function () {}
            """,
            handleSummary: $$"""{{change}} return { [__ENV.K6SDK_SUMMARY]: {{text}} };""");

        Assert.AreEqual(Verdict.Failed, verdict.Result.Verdict);
        Assert.AreEqual(code, verdict.Codes);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_declared_threshold_that_the_engine_never_saw_fails_the_run(string engine)
    {
        using var verdict = await RunAsync(
            engine,
            """
            export const options = { iterations: 3 };
            export default function () { http.get(url + '/ok'); }
            """,
            change: lab => lab.Test = lab.Test with
            {
                Thresholds =
                [
                    new() { Name = "slow", Metric = "http_req_waiting{name:gone}", Statistic = "p(95)", Operator = "<", Limit = 500, Expression = "p(95)<500", Location = new SourceLocation(lab.Script, 7, 3) },
                ],
            });

        Assert.AreEqual(0, verdict.Run.ExitCode);
        Assert.AreEqual(Verdict.Failed, verdict.Result.Verdict);
        Assert.AreEqual("KSDK0323", verdict.Diagnostics[0].Code);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_run_that_broke_off_fails_with_the_code_of_how_it_ended(string engine)
    {
        var endings = new (string Code, string Script)[]
        {
            ("KSDK0301", "export function setup() { throw new Error('no stock'); } export default function () {}"),
            ("KSDK0302", "export const options = { setupTimeout: '1s' }; export function setup() { sleep(5); } export default function () {}"),
            ("KSDK0303", "export const options = { teardownTimeout: '1s' }; export function teardown() { sleep(5); } export default function () {}"),
            ("KSDK0304", "export default function () { sleep(60); }"),
            ("KSDK0305", "import exec from 'k6/execution'; export default function () { exec.test.abort('enough'); }"),
            ("KSDK0306", "import exec from 'k6/execution'; export default function () { exec.test.fail('not today'); }"),
            ("KSDK0307", "export default function () { sleep(60); }"),
            ("KSDK0310", "export default function () { sleep(60); }"),
            ("KSDK0311", "export default function () { sleep(60); }"),
        };
        var signals = new Dictionary<string, string> { ["KSDK0307"] = "INT", ["KSDK0310"] = "ABRT", ["KSDK0311"] = "KILL" };
        foreach (var (code, script) in endings)
        {
            // Windows has no signals to send, and .NET goes on after the one that makes k6 crash.
            if ((OperatingSystem.IsWindows() && signals.ContainsKey(code)) || (engine == "embedded" && code == "KSDK0310"))
            {
                continue;
            }

            using var verdict = await RunAsync(
                engine,
                script,
                change: lab => lab.Settings = code == "KSDK0304" ? lab.Settings with { MaxDuration = "2s", StopTimeout = "2s" } : lab.Settings,
                signal: signals.GetValueOrDefault(code));

            Assert.AreEqual(Verdict.Failed, verdict.Result.Verdict, code);
            Assert.AreEqual(code, OutcomeDiagnostics.From(verdict.Run, verdict.Lab.Test)[0].Code, verdict.Run.ErrorMessage);
        }
    }

    private static async Task<VerdictOfRun> RunAsync(
        string name, string script, string? handleSummary = null, IReadOnlyList<string>? literals = null, Action<EngineLab>? change = null, string? signal = null)
    {
        var engine = name == "k6"
            ? await EngineLab.K6Async()
            : new EngineProgram(new EngineInfo("embedded", "0.0.0", TestTools.Embedded), EngineLab.Dotnet, ["exec", TestTools.Embedded]);
        using var server = new LoopbackServer();
        var lab = new EngineLab().Write(
            $$$"""
            import http from 'k6/http';
            import { sleep } from 'k6';
            const url = 'http://127.0.0.1:{{{server.Port}}}';
            {{{script}}}
            export function handleSummary(data) { {{{handleSummary ?? "return { [__ENV.K6SDK_SUMMARY]: JSON.stringify(data) };"}}} }
            """);
        lab.Bundle = lab.Bundle with { Literals = literals ?? [] };
        // Whether the machine was too busy for the load is no question of these tests.
        lab.Settings = lab.Settings with { RuleSeverities = new Dictionary<string, DiagnosticSeverity?> { ["KSDK0338"] = null } };
        change?.Invoke(lab);
        await lab.InspectAsync(engine);
        var run = await lab.RunAsync(engine, started: id =>
        {
            if (signal is not null)
            {
                // The engine has to be up: before that the system ends it by itself.
                _ = Task.Delay(TimeSpan.FromSeconds(1.5)).ContinueWith(
                    _ => System.Diagnostics.Process.Start("kill", [$"-{signal}", id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).Dispose(), TaskScheduler.Default);
            }
        });
        var diagnostics = new List<Diagnostic>();
        var result = TestResultReader.Read(lab.Test, lab.Bundle, run, lab.Settings, diagnostics);
        return new VerdictOfRun(lab, run, result, diagnostics);
    }

    private sealed record VerdictOfRun(EngineLab Lab, EngineRun Run, TestResult Result, IReadOnlyList<Diagnostic> Diagnostics) : IDisposable
    {
        public string Codes => string.Join(' ', Diagnostics.Select(one => one.Code));

        public void Dispose() => Lab.Dispose();
    }
}
