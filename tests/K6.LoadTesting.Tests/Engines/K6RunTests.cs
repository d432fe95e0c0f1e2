using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Engines;

/// <summary>With real k6; inconclusive without.</summary>
[TestClass]
public class K6RunTests
{
    [TestMethod]
    public async Task K6_runs_in_a_folder_with_any_name_and_leaves_summary_recording_and_samples()
    {
        var k6 = await EngineLab.K6Async();
        using var lab = new EngineLab().Write(
            """
            import { sleep } from 'k6';
            export const options = { vus: 2, duration: '2s', thresholds: { iterations: ['count>100000'] } };
            export default function () {
              sleep(0.2);
              if (__ITER === 1) throw new Error('boom');
              if (__ITER === 2) Promise.reject(new Error('later'));
              console.error('not an exception');
            }
            export function handleSummary(data) { return { [__ENV.K6SDK_SUMMARY]: JSON.stringify(data) }; }
            """);
        lab.Settings = lab.Settings with { Samples = true, TimelinePeriod = "2s" };
        var inspection = await lab.InspectAsync(k6);
        Assert.IsEmpty(inspection.Diagnostics);
        Assert.IsNull(inspection.Requirements!.MostIterations);
        Assert.AreEqual(TimeSpan.FromSeconds(32), inspection.Requirements!.TotalDuration);
        Assert.AreEqual(TimeSpan.FromSeconds(2), inspection.Requirements.PlannedDuration);
        Assert.AreEqual(2, inspection.Requirements.MaxVUs);
        Assert.AreEqual("constant-vus", inspection.Requirements.Scenarios["default"].Executor);
        Assert.AreEqual("count>100000", inspection.Requirements.Thresholds["iterations"].Single());

        var run = await lab.RunAsync(k6, inspection.Requirements);

        Assert.AreEqual(EngineOutcome.ThresholdsCrossed, run.Outcome, run.ErrorMessage);
        Assert.IsNotNull(run.SummaryFile);
        Assert.Contains("\"period\":2000,", await File.ReadAllTextAsync(run.RecordFile!));
        Assert.IsNotNull(run.SamplesFile);
        Assert.IsNotNull(run.OptionsFile);
        Assert.IsGreaterThan(0, run.LastProgress!.Complete);
        CollectionAssert.AreEquivalent(new[] { "Error: boom", "Uncaught (in promise) Error: later" }, run.Errors.Select(error => error.Message).ToArray());
        Assert.AreEqual(lab.Script, run.Errors[0].Location!.File);
        Assert.AreEqual(2, run.Errors.Single(error => error.Message == "Error: boom").Count);
        Assert.AreEqual(5, run.Errors.Single(error => error.Message == "Error: boom").Location!.Line);
    }

    [TestMethod]
    public async Task An_exception_in_setup_is_told_with_its_place()
    {
        var k6 = await EngineLab.K6Async();
        using var lab = new EngineLab().Write(
            """
            export function setup() {
              throw new Error('no token');
            }
            export default function () {}
            """);

        var run = await lab.RunAsync(k6);

        Assert.AreEqual(EngineOutcome.ScriptError, run.Outcome);
        var diagnostic = OutcomeDiagnostics.From(run, lab.Test).Single();
        Assert.AreEqual("KSDK0301", diagnostic.Code);
        Assert.AreEqual(lab.Script, diagnostic.Location!.File);
        Assert.AreEqual(2, diagnostic.Location.Line);
        Assert.Contains("in setup(): Error: no token", diagnostic.Message);
    }

    [TestMethod]
    [DataRow("export function setup() { sleep(30); }", "while true", DisplayName = "in setup")]
    [DataRow("", "running (", DisplayName = "in the load")]
    [DataRow("export function teardown() { sleep(0.5); console.log('torn down'); }", "running (", DisplayName = "with a teardown")]
    public async Task K6_stops_in_each_phase_and_keeps_its_summary(string more, string when)
    {
        var k6 = await EngineLab.K6Async();
        using var lab = new EngineLab().Write(
            $$"""
            import { sleep } from 'k6';
            export const options = { vus: 1, duration: '60s' };
            {{more}}
            export default function () { sleep(0.1); }
            export function handleSummary(data) { return { [__ENV.K6SDK_SUMMARY]: JSON.stringify(data) }; }
            """);
        using var cancel = new CancellationTokenSource();
        var running = lab.RunAsync(k6, cancellationToken: cancel.Token);
        await lab.OutputLineAsync(when == "running (" ? when : "Run ");
        await cancel.CancelAsync();

        var run = await running;

        Assert.AreEqual(EngineOutcome.Cancelled, run.Outcome);
        Assert.AreEqual(103, run.ExitCode, run.ErrorMessage);
        Assert.IsNotNull(run.SummaryFile);
        if (more.Contains("teardown", StringComparison.Ordinal))
        {
            Assert.Contains("torn down", await File.ReadAllTextAsync(run.LogFile!));
        }
    }

    [TestMethod]
    public async Task A_script_that_loops_for_ever_while_loading_does_not_outlive_the_cancellation()
    {
        var k6 = await EngineLab.K6Async();
        using var lab = new EngineLab().Write("while (true) {}\nexport default function () {}");
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var run = await lab.RunAsync(k6, cancellationToken: cancel.Token);
        Assert.AreEqual(EngineOutcome.Cancelled, run.Outcome);
    }

    [TestMethod]
    public async Task Iterations_that_hang_do_not_hold_up_the_time_limit()
    {
        var k6 = await EngineLab.K6Async();
        using var lab = new EngineLab().Write(
            """
            export const options = { vus: 1, iterations: 1 };
            export default function () { while (true) {} }
            """);
        lab.Settings = lab.Settings with { MaxDuration = "2s" };
        var run = await lab.RunAsync(k6);
        Assert.AreEqual(EngineOutcome.TimedOut, run.Outcome);
    }

    [TestMethod]
    public async Task Variables_of_the_machine_do_not_configure_k6()
    {
        var k6 = await EngineLab.K6Async();
        using var lab = new EngineLab().Write("export default function () {}");
        var machine = new Dictionary<string, string>(EngineEnvironment.Machine()) { ["K6_VUS"] = "7", ["K6_ITERATIONS"] = "77", ["TOKEN"] = "s3cret" };
        var environment = EngineEnvironment.Build(machine, [new EnvironmentVariablePlan("TOKEN", null, new SourceLocation("x", 1, 1))], [], []);

        var inspection = await EngineInspector.InspectAsync(lab.Test, lab.Bundle, k6, environment, lab.RunFolder, CancellationToken.None);

        Assert.AreEqual(1, inspection.Requirements!.MaxVUs);
        Assert.IsFalse(environment.ContainsKey("K6_VUS"));
        Assert.AreEqual("s3cret", environment["TOKEN"]);
    }
}
