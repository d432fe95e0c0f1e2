using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Engines;

[TestClass]
public class OutcomeDiagnosticsTests
{
    private static readonly TestPlan Test = new()
    {
        Name = "shop",
        Scenarios = [new ScenarioPlan { Name = "shop", File = "/shop/shop.ts", Location = new SourceLocation("Shop.csproj", 5, 3) }],
    };

    [TestMethod]
    [DataRow(EngineOutcome.ScriptError, "KSDK0301")]
    [DataRow(EngineOutcome.SetupTimeout, "KSDK0302")]
    [DataRow(EngineOutcome.TeardownTimeout, "KSDK0303")]
    [DataRow(EngineOutcome.TimedOut, "KSDK0304")]
    [DataRow(EngineOutcome.Aborted, "KSDK0305")]
    [DataRow(EngineOutcome.MarkedAsFailed, "KSDK0306")]
    [DataRow(EngineOutcome.Interrupted, "KSDK0307")]
    [DataRow(EngineOutcome.Stopped, "KSDK0308")]
    [DataRow(EngineOutcome.InvalidConfiguration, "KSDK0309")]
    [DataRow(EngineOutcome.Crashed, "KSDK0310")]
    [DataRow(EngineOutcome.Killed, "KSDK0311")]
    [DataRow(EngineOutcome.Cancelled, "KSDK0312")]
    public void Each_end_that_is_not_a_run_is_an_error_of_its_own(EngineOutcome outcome, string code)
    {
        var error = OutcomeDiagnostics.From(Run(outcome), Test).Single();
        Assert.AreEqual(code, error.Code);
        Assert.AreEqual(DiagnosticSeverity.Error, error.Severity);
        Assert.Contains("'shop'", error.Message);
    }

    [TestMethod]
    public void Each_outcome_is_told_or_judged_elsewhere() =>
        CollectionAssert.AreEqual(
            new[] { EngineOutcome.Completed, EngineOutcome.ThresholdsCrossed },
            Enum.GetValues<EngineOutcome>().Where(outcome => OutcomeDiagnostics.From(Run(outcome), Test).Count == 0).ToArray());

    [TestMethod]
    public void An_abort_tells_its_reason_and_its_line()
    {
        var error = OutcomeDiagnostics.From(Run(EngineOutcome.Aborted, "test aborted: no stock at default (file:///shop/shop.ts:14:3(6))"), Test).Single();
        Assert.EndsWith("aborted the run: no stock", error.Message);
        Assert.AreEqual(14, error.Location!.Line);
    }

    [TestMethod]
    public void An_engine_that_crashed_is_told_with_its_last_words()
    {
        var error = OutcomeDiagnostics.From(Run(EngineOutcome.Crashed, "invalid output type 'nope'", exitCode: 255), Test).Single();
        Assert.Contains("exit code 255: invalid output type 'nope'", error.Message);
    }

    [TestMethod]
    public void A_module_that_came_with_a_newer_k6_is_told_as_such()
    {
        // As k6 1.0.0 says it.
        var error = OutcomeDiagnostics.From(Run(EngineOutcome.ScriptError, "GoError: unknown module: k6/websockets\n"), Test).Single();
        Assert.AreEqual("KSDK0317", error.Code);
        Assert.Contains("does not have k6/websockets, which the scripts of 'shop' import. Update k6", error.Message);
    }

    private static EngineRun Run(EngineOutcome outcome, string? message = null, int exitCode = 137) => new()
    {
        Test = "shop",
        Engine = new EngineInfo("k6", "2.2.0", "/usr/bin/k6"),
        StartTime = DateTimeOffset.UnixEpoch,
        EndTime = DateTimeOffset.UnixEpoch.AddSeconds(9),
        Outcome = outcome,
        ExitCode = exitCode,
        ErrorMessage = message,
        Folder = "/results/shop",
    };
}
