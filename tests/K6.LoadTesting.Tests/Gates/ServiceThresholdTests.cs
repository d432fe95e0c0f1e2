using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Results;

namespace K6.LoadTesting.Tests.Gates;

[TestClass]
public class ServiceThresholdTests
{
    [TestMethod]
    public void A_limit_on_the_inside_of_a_service_is_judged_by_its_seconds()
    {
        using var files = new RunFiles()
            .Declare("service:shop.gc.pause", "max<20")
            .Observed(MonitoredKind.Service, "other", "gc.pause", 90, 90)
            .Observed(MonitoredKind.Service, "shop", "gc.pause", 3, 0, 31.5, 4);

        var result = files.Read();

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        var pause = result.Thresholds.Single(one => one.Metric == "service:shop.gc.pause");
        Assert.AreEqual(ThresholdVerdict.Failed, pause.Verdict);
        Assert.AreEqual(31.5, pause.Actual);
        Assert.AreEqual(4, pause.Samples);
        Assert.AreEqual("ms", pause.Unit);
        Assert.AreEqual("KSDK0320", files.Only.Code);
        Assert.AreEqual("service:shop.gc.pause max = 31.5 ms, limit max<20 (+57 %)", files.Only.Message);
        Assert.IsNotNull(files.Only.Location);
    }

    [TestMethod]
    public void A_limit_on_what_a_service_does_not_publish_is_no_green_gate()
    {
        using var files = new RunFiles()
            .Declare("service:shop.gc.heap", "max<20")
            .Observed(MonitoredKind.Service, "shop", "cpu", 0.1, 0.2);

        var result = files.Read();

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        Assert.AreEqual("KSDK0322", files.Only.Code);
        StringAssert.Contains(files.Only.Message, "service:shop.gc.heap was not measured");
    }

    [TestMethod]
    public void Percentiles_of_seconds_follow_k6()
    {
        using var files = new RunFiles().Declare("service:shop.cpu", "p(90)<=0.8").Observed(MonitoredKind.Service, "shop", "cpu", 0.1, 0.2, 0.3, 0.4, 0.5);

        var result = files.Read();

        Assert.AreEqual(0.46, result.Thresholds.Single().Actual!.Value, 1e-9);
        Assert.AreEqual("cores", result.Thresholds.Single().Unit);
        Assert.AreEqual(Verdict.Passed, result.Verdict);
    }

    [TestMethod]
    public void What_was_watched_is_in_the_result_on_the_axis_of_the_load()
    {
        using var files = new RunFiles().Observed(MonitoredKind.Engine, "engine", "cpu", 0.5, 0.7, 0.6);

        var engine = files.Read().Monitored.Single();

        Assert.AreEqual(MonitoredKind.Engine, engine.Kind);
        CollectionAssert.AreEqual(new[] { 1.0, 2.0, 3.0 }, engine.Timeline.Seconds.ToArray());
        CollectionAssert.AreEqual(new double?[] { 0.5, 0.7, 0.6 }, engine.Timeline.Series["cpu"].ToArray());
        Assert.AreEqual(0.6, engine.Metrics["cpu"].Values["med"]);
    }

    [TestMethod]
    [DataRow(new[] { 0.99, 1, 0.97, 0.5 }, true)]
    [DataRow(new[] { 0.99, 1, 0.4, 0.5, 0.3 }, false)]
    [DataRow(new[] { 1.0, 1.0 }, false)]
    public void A_machine_without_a_core_to_spare_for_half_of_the_load_is_a_warning(double[] cpu, bool warns)
    {
        using var files = new RunFiles().Observed(MonitoredKind.Machine, "machine", "cpu", cpu).Observed(MonitoredKind.Engine, "engine", "cpu", 1.5, 1.5);

        var result = files.Read();

        Assert.AreEqual(Verdict.Passed, result.Verdict);
        Assert.AreEqual(warns ? "KSDK0339" : "", files.Codes);
        Assert.AreEqual(warns, result.Noisy);
        if (warns)
        {
            Assert.AreEqual(DiagnosticSeverity.Warning, files.Only.Severity);
            StringAssert.Contains(files.Only.Message, "engine 1.5");
        }
    }

    [TestMethod]
    public void A_generator_that_uses_all_cores_is_a_warning_and_the_run_is_noisy_even_when_nobody_wants_to_hear_of_it()
    {
        using var files = new RunFiles().Observed(MonitoredKind.Engine, "engine", "cpu", [.. Enumerable.Repeat((double)Environment.ProcessorCount, 5)]);

        Assert.IsTrue(files.Read().Noisy);
        Assert.AreEqual("KSDK0338", files.Only.Code);
        Assert.AreEqual(DiagnosticSeverity.Warning, files.Only.Severity);
        StringAssert.Contains(files.Only.Message, $"of the {Environment.ProcessorCount} cores");

        files.Settings = files.Settings with { RuleSeverities = new Dictionary<string, DiagnosticSeverity?> { ["KSDK0338"] = null } };
        Assert.IsTrue(files.Read().Noisy);
        Assert.IsEmpty(files.Diagnostics);
    }

    [TestMethod]
    public void A_machine_without_memory_is_a_warning_and_the_run_is_noisy()
    {
        using var files = new RunFiles()
            .Observed(MonitoredKind.Machine, "machine", "memory.available", 8e9, 4096, 8e9)
            .Observed(MonitoredKind.Service, "shop", "working_set", 2e9, 7.5e9);

        Assert.IsTrue(files.Read().Noisy);
        Assert.AreEqual("KSDK0512", files.Only.Code);
        StringAssert.Contains(files.Only.Message, "shop 7.5 GB");
    }

    [TestMethod]
    public void A_run_on_a_machine_with_room_is_not_noisy()
    {
        using var files = new RunFiles().Observed(MonitoredKind.Engine, "engine", "cpu", 0.4, 0.4, 0.4).Observed(MonitoredKind.Machine, "machine", "memory.available", 8e12, 8e12);
        Assert.IsFalse(files.Read().Noisy);
    }

    [TestMethod]
    [DataRow("max<20", 3.0)]
    [DataRow("avg<12", 4.0)]
    [DataRow("min>4", 2.0)]
    [DataRow("p(50)<5.5", 4.0)]
    public void Since_when_a_limit_on_a_service_is_crossed_is_told(string expression, double seconds)
    {
        using var files = new RunFiles().Declare("service:shop.gc.pause", expression).Observed(MonitoredKind.Service, "shop", "gc.pause", 5, 4, 22, 30, 6);
        Assert.AreEqual(seconds, files.Read().Thresholds.Single().CrossedAtSeconds);
    }
}
