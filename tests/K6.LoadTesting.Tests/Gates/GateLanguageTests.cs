using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Bundling;
using K6.LoadTesting.Tests.Engines;
using K6.LoadTesting.Tests.Plans;
using TestResult = K6.LoadTesting.Results.TestResult;

namespace K6.LoadTesting.Tests.Gates;

/// <summary>Windows, lasting breaches, limits for each, ratios and margins, from the item through the engine to the verdict.</summary>
[TestClass]
public sealed class GateLanguageTests
{
    // Values of which a test knows when they come: 10 in the first second, 30 in the second one, 20 after it. Two pages, one of them slow.
    private const string Script =
        """
        import { sleep } from 'k6';
        import exec from 'k6/execution';
        import { Counter, Trend } from 'k6/metrics';
        const latency = new Trend('latency');
        const orders = new Counter('orders');
        const faults = new Counter('faults');
        let turn = 0;
        export const options = { scenarios: { early: { executor: 'constant-vus', vus: 1, duration: '2s', gracefulStop: '3s' }, late: { executor: 'constant-vus', vus: 1, startTime: '2s', duration: '2s', gracefulStop: '3s' } } };
        export default function () {
          const second = Math.floor((Date.now() - exec.scenario.startTime) / 1000) + (exec.scenario.name === 'late' ? 2 : 0);
          const page = turn++ % 2 === 0 ? 'list' : 'detail';
          latency.add(second === 0 ? 10 : second === 1 ? 30 : page === 'list' ? 20 : 25, { page });
          orders.add(1);
          if (turn % 10 === 0) { faults.add(1); }
          sleep(0.02);
        }
        """;

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Limits_hold_where_and_when_they_were_declared(string engine)
    {
        var (result, diagnostics) = await RunAsync(
            engine,
            """
            <K6Threshold Include='latency' Statistic='max' Below='11' Window='..900ms' />
            <K6Threshold Include='latency' Statistic='max' Below='29' Window='1s..' Severity='warning' />
            <K6Threshold Include='latency' Statistic='min' Above='19' Window='2s..' Name='late minimum' />
            <K6Threshold Include='orders' Statistic='rate' AtLeast='20/s' Window='1s..3s' />
            <K6Threshold Include='latency' Statistic='med' Below='31' Window='last 1s' Name='the end' />
            <K6Threshold Include='latency' Statistic='max' Below='26' ForEach='page' Window='2500ms..' />
            <K6Threshold Include='iterations' Statistic='count' Above='10' ForEach='scenario' />
            <K6Threshold Include='faults' Statistic='count' Per='orders' AtMost='11%' />
            <K6Threshold Include='latency' Statistic='avg' Below='19' Margin='50%' />
            <K6Threshold Include='latency' Statistic='min' Below='26' For='2s' Name='lasting' />
            <K6Threshold Include='latency{page:list}' Statistic='min' Below='15' For='2s' Name='lasting list' />
            """);

        string At(string name) => result.Thresholds.Single(one => one.Name == name) is var one ? $"{one.Verdict} {one.Reported}" : "";
        Assert.AreEqual("Passed ", At("latency max in ..900ms"));
        Assert.AreEqual("Failed Warning", At("latency max in 1s.."));
        Assert.AreEqual("Passed ", At("late minimum"));
        Assert.AreEqual("Passed ", At("orders rate in 1s..3s"));
        Assert.AreEqual("Passed ", At("the end"));
        Assert.AreEqual("Passed ", At("latency max for list in 2.5s.."));
        Assert.AreEqual("Passed ", At("latency max for detail in 2.5s.."));
        Assert.AreEqual("Passed ", At("iterations count for early"));
        Assert.AreEqual("Passed ", At("iterations count for late"));
        Assert.AreEqual("Passed ", At("faults count per orders"));
        Assert.AreEqual("Failed Warning", At("latency avg"));
        Assert.AreEqual("Failed Error", At("lasting list"));
        Assert.AreEqual(30, result.Thresholds.Single(one => one.Name == "latency max in 1s..").Actual);
        Assert.AreEqual("latency{page:detail}", result.Thresholds.Single(one => one.Name == "latency max for detail in 2.5s..").Metric);
        Assert.AreEqual(25, result.Thresholds.Single(one => one.Name == "latency max for detail in 2.5s..").Actual);
        Assert.IsInRange(20, 55, result.Thresholds.Single(one => one.Name == "orders rate in 1s..3s").Actual!.Value);
        Assert.IsInRange(0.05, 0.11, result.Thresholds.Single(one => one.Name == "faults count per orders").Actual!.Value);
        Assert.AreEqual(Verdict.Failed, result.Verdict);
        var lasting = diagnostics.Single(one => one.Severity == DiagnosticSeverity.Error);
        Assert.AreEqual("KSDK0320", lasting.Code);
        Assert.Contains("for 2s on end", lasting.Message);
        Assert.Contains("within the margin of 50 %", diagnostics.Single(one => one.Message.StartsWith("latency avg", StringComparison.Ordinal)).Message);
        Assert.IsTrue(result.Metrics.Keys.All(key => !key.Contains("k6sdk_window", StringComparison.Ordinal) || result.Metrics[key].Values.Count > 0));
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_breach_in_a_window_stops_the_load_and_the_time_before_it_does_not(string engine)
    {
        var (result, diagnostics) = await RunAsync(
            engine,
            """
            <K6Threshold Include='latency' Statistic='max' Below='15' Window='..800ms' AbortOnFail='true' />
            <K6Threshold Include='latency' Statistic='max' Below='29' Window='1s..' AbortOnFail='true' />
            """);

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        Assert.AreEqual("KSDK0320", string.Join(' ', diagnostics.Select(one => one.Code)));
        Assert.StartsWith("latency in 1s.. max = 30", diagnostics[0].Message);
        Assert.AreEqual(EngineOutcome.ThresholdsCrossed, result.Outcome);
        Assert.IsLessThan(3.9, result.LoadSeconds!.Value);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_tag_with_a_value_for_every_request_is_an_error_and_a_load_shorter_than_the_breach_proves_nothing(string engine)
    {
        var (result, diagnostics) = await RunAsync(
            engine,
            """
            <K6Threshold Include='latency' Statistic='max' Below='1s' ForEach='id' />
            <K6Threshold Include='latency' Statistic='max' Below='1s' For='30s' />
            <K6Threshold Include='latency' Statistic='max' Below='1s' ForEach='nothing' />
            """,
            """
            import { Trend } from 'k6/metrics';
            const latency = new Trend('latency');
            export const options = { iterations: 1 };
            export default function () { for (let id = 0; id < 300; id++) { latency.add(1, { id: String(id) }); } }
            """);

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        Assert.AreEqual("KSDK0343 KSDK0322 KSDK0322", string.Join(' ', diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).Select(one => one.Code)));
        Assert.Contains("more than 200 values", diagnostics[0].Message);
    }

    private static async Task<(TestResult Result, List<Diagnostic> Diagnostics)> RunAsync(string name, string thresholds, string script = Script)
    {
        var engine = name == "k6"
            ? await EngineLab.K6Async()
            : new EngineProgram(new EngineInfo("embedded", "0.0.0", TestTools.Embedded), EngineLab.Dotnet, ["exec", TestTools.Embedded]);
        using var declared = new DeclaredProject();
        using var project = new ScriptProject();
        project.Write("browse.ts", script);
        var declaration = declared.Plan("<K6Samples>true</K6Samples><K6Scenario Include='browse.ts' />" + thresholds);
        var test = project.Plan(project.Scenario("browse.ts")).Tests[0] with { Thresholds = declaration.Tests[0].Thresholds };
        var bundle = (await project.BundlesAsync(project.PlanOf(test))).Single();
        var diagnostics = new List<Diagnostic>();
        var environment = EngineEnvironment.Build(EngineEnvironment.Machine(), [], new Dictionary<string, string>(), diagnostics);
        var folder = Path.Combine(project.Folder, "results", test.Name);
        var inspection = await EngineInspector.InspectAsync(test, bundle, engine, environment, folder, CancellationToken.None);
        Assert.IsNotNull(inspection.Requirements, string.Join(' ', inspection.Diagnostics));
        var run = await EngineRunner.RunAsync(
            new EngineRunRequest { Test = test, Bundle = bundle, Engine = engine, Settings = declaration.Settings, Environment = environment, Folder = folder, Requirements = inspection.Requirements },
            null,
            CancellationToken.None);
        return (TestResultReader.Read(test, bundle, run, declaration.Settings, diagnostics), diagnostics);
    }
}
