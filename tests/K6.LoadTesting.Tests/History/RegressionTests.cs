using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.History;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Reports;

namespace K6.LoadTesting.Tests.History;

[TestClass]
public class RegressionTests
{
    private static readonly double[] Quiet = [100, 101, 99, 100, 102, 98, 100, 101, 99, 100];
    private static readonly double[] Loud = [100, 180, 60, 140, 90, 220, 70, 110, 160, 80];

    [TestMethod]
    [DataRow(104, RegressionVerdict.Ok)]
    [DataRow(109, RegressionVerdict.Ok)]
    [DataRow(125, RegressionVerdict.Regressed)]
    [DataRow(80, RegressionVerdict.Improved)]
    public void A_change_is_one_when_it_is_larger_than_allowed_and_than_the_noise(double actual, RegressionVerdict verdict)
    {
        var comparison = Regression.Compare(Quiet, actual, 1, 0.1, moreIsWorse: true);

        Assert.AreEqual(verdict, comparison.Verdict);
        Assert.AreEqual(100, comparison.Baseline!.Value, 1e-9);
        Assert.AreEqual((actual / 100) - 1, comparison.Change!.Value, 1e-9);
        Assert.AreEqual(10, comparison.Runs);
    }

    [TestMethod]
    [DataRow(95, RegressionVerdict.Ok)]
    [DataRow(80, RegressionVerdict.Regressed)]
    [DataRow(130, RegressionVerdict.Improved)]
    public void Where_less_is_worse_a_fall_is_a_regression(double actual, RegressionVerdict verdict) =>
        Assert.AreEqual(verdict, Regression.Compare(Quiet, actual, 1, 0.1, moreIsWorse: false).Verdict);

    [TestMethod]
    public void Runs_that_differ_much_make_a_change_inconclusive_and_tell_how_large_it_would_have_to_be()
    {
        var comparison = Regression.Compare(Loud, 150, 1, 0.1, moreIsWorse: true);

        Assert.AreEqual(RegressionVerdict.Inconclusive, comparison.Verdict);
        Assert.IsGreaterThan(0.5, comparison.Detectable!.Value);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void What_can_be_detected_is_the_larger_one_of_noise_and_allowed(bool moreIsWorse)
    {
        var (quiet, loud) = (Regression.Compare(Quiet, 100, 1, 0.1, moreIsWorse), Regression.Compare(Loud, 100, 1, 0.1, moreIsWorse));

        Assert.IsLessThan(0.1, quiet.Noise!.Value);
        Assert.AreEqual(0.1, quiet.Detectable!.Value, 1e-9);
        Assert.AreEqual(loud.Noise, loud.Detectable);
        Assert.IsLessThan(moreIsWorse ? double.MaxValue : 1, loud.Noise!.Value, "nothing falls by more than everything");
    }

    [TestMethod]
    public void The_noise_within_runs_counts_where_it_is_the_larger_one() =>
        Assert.IsGreaterThan(Regression.Compare(Quiet, 100, 1, 0.01, true).Detectable!.Value, Regression.Compare(Quiet, 100, 1, 0.01, true, logError: 0.08).Detectable!.Value);

    [TestMethod]
    public void Equal_runs_leave_room_for_one_percent_and_more() =>
        Assert.AreEqual(RegressionVerdict.Ok, Regression.Compare([100, 100, 100, 100, 100], 101, 1, 0.005, moreIsWorse: true).Verdict);

    [TestMethod]
    public void Fewer_than_five_runs_are_no_baseline()
    {
        var comparison = Regression.Compare([100, 100, 100, 100], 200, 1, 0.1, moreIsWorse: true);

        Assert.AreEqual(RegressionVerdict.NoBaseline, comparison.Verdict);
        Assert.AreEqual(4, comparison.Runs);
    }

    [TestMethod]
    public void Only_the_last_ten_runs_count() =>
        Assert.AreEqual(100, Regression.Compare([500, 500, 500, .. Quiet], 100, 1, 0.1, true).Baseline!.Value, 1e-9);

    [TestMethod]
    [DataRow(1.0, 0, RegressionVerdict.Ok)]
    [DataRow(1.2, 0, RegressionVerdict.Regressed)]
    [DataRow(0.8, 0, RegressionVerdict.Improved)]
    // Both get slower bit by bit, up to three times: their ratio stays, and a comparison with runs before would be lost.
    [DataRow(1.0, 0.5, RegressionVerdict.Ok)]
    [DataRow(1.2, 0.5, RegressionVerdict.Regressed)]
    public void What_slows_the_machine_down_slows_both_of_a_pair(double factor, double drift, RegressionVerdict verdict)
    {
        double[] noise = [1, 1.02, 0.99, 1.01, 0.98];
        var pairs = noise.Select((one, at) => (Base: 100 * (1 + (drift * at)), Head: 100 * (1 + (drift * at)) * factor * one)).ToList();

        var comparison = Regression.ComparePairs(pairs, 0.1, moreIsWorse: true);

        Assert.AreEqual(verdict, comparison.Verdict);
        Assert.AreEqual(factor - 1, comparison.Change!.Value, 0.01);
        Assert.AreEqual(0.1, comparison.Detectable!.Value, 0.001);
    }

    [TestMethod]
    public void Pairs_that_differ_much_are_inconclusive_and_two_pairs_are_nothing()
    {
        (double, double)[] wild = [(100, 300), (100, 90), (100, 250), (100, 60), (100, 200)];

        var comparison = Regression.ComparePairs(wild, 0.1, moreIsWorse: true);

        Assert.AreEqual(RegressionVerdict.Inconclusive, comparison.Verdict);
        Assert.IsGreaterThan(0.5, comparison.Detectable!.Value);
        Assert.AreEqual(RegressionVerdict.NoBaseline, Regression.ComparePairs([(1, 2), (1, 2), (0, 2)], 0.1, true).Verdict);
        Assert.AreEqual(RegressionVerdict.Regressed, Regression.ComparePairs([(100, 80), (101, 79), (99, 80)], 0.1, moreIsWorse: false).Verdict);
    }

    [TestMethod]
    public void What_only_one_of_two_measurements_shows_is_no_regression()
    {
        static RegressionResult Of(double actual, RegressionVerdict verdict) => new()
        {
            Name = "p",
            Metric = "http_req_duration",
            Statistic = "p(95)",
            Allowed = 0.1,
            MoreIsWorse = true,
            Actual = actual,
            Verdict = verdict,
            Severity = LoadTesting.Plans.ThresholdSeverity.Warning,
        };

        var confirmed = RegressionGate.Confirm(
            [Of(130, RegressionVerdict.Regressed), Of(130, RegressionVerdict.Regressed), Of(80, RegressionVerdict.Improved)],
            [Of(128, RegressionVerdict.Regressed), Of(101, RegressionVerdict.Ok), Of(100, RegressionVerdict.Ok)]);

        CollectionAssert.AreEqual(new[] { RegressionVerdict.Regressed, RegressionVerdict.Ok, RegressionVerdict.Improved }, confirmed.Select(one => one.Verdict).ToArray());
        CollectionAssert.AreEqual(new double?[] { 128, 101, null }, confirmed.Select(one => one.ActualAgain).ToArray());
    }

    [TestMethod]
    public void A_part_without_a_sample_was_not_measured_though_k6_says_zero()
    {
        const string Part = "http_req_duration{name:GET /nothing}";
        var declared = new[] { new RegressionPlan { Name = "p", Metric = Part, Statistic = "med", Allowed = 0.1, MoreIsWorse = true, Location = new SourceLocation("/x.csproj", 3, 5) } };
        var test = SampleResult.Passed() with
        {
            Metrics = new Dictionary<string, MetricResult> { [Part] = new() { Type = "trend", Contains = "time", Values = new Dictionary<string, double> { ["count"] = 0, ["med"] = 0 } } },
        };
        var result = SampleResult.Create(test);
        var gate = new RegressionGate(new LoadPlan { Project = "x", ProjectFile = "/x.csproj" }, []);

        var compared = gate.Compare(declared, result, test);

        Assert.IsNull(compared[0].Actual);
        Assert.AreEqual("KSDK0413", gate.Report(declared, compared, result, test).Single().Code);
    }

    [TestMethod]
    public void A_new_level_is_found_where_it_begins_and_noise_is_none()
    {
        CollectionAssert.AreEqual(new[] { 8 }, ChangePoints.Of([100, 101, 99, 100, 102, 99, 100, 101, 150, 151, 149, 150, 152, 149]).ToArray());
        Assert.IsEmpty(ChangePoints.Of([100, 103, 98, 101, 97, 102, 99, 104, 96, 100, 103, 98]));
        Assert.IsEmpty(ChangePoints.Of([]));
    }

    [TestMethod]
    public void A_sketch_knows_percentiles_to_two_percent_and_can_be_merged()
    {
        double[][] distribution = [.. Enumerable.Range(0, 51).Select(i => new[] { i * 2.0, 10 * Math.Pow(100, i / 50.0) })];
        var sketch = DistributionSketch.Of(distribution, 10_000);

        Assert.AreEqual(10_000, sketch.Count, 2);
        Assert.AreEqual(100, sketch.Percentile(50), 2);
        Assert.AreEqual(10 * Math.Pow(100, 0.9), sketch.Percentile(90), 0.02 * 10 * Math.Pow(100, 0.9));
        var both = sketch.Merge(DistributionSketch.Of([.. distribution.Select(point => new[] { point[0], point[1] * 100 })], 10_000));
        Assert.AreEqual(20_000, both.Count, 4);
        Assert.AreEqual(sketch.Percentile(98), both.Percentile(49), 0.03 * sketch.Percentile(98));
    }
}
