using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class LoadChartTests
{
    [TestMethod]
    public void A_ramp_is_drawn_to_scale_over_time()
    {
        var lines = LoadChart.Draw([Scenario("a", LoadPatterns.Expand(LoadPattern.RampUp, new() { Vus = 50, Duration = "5m" }))], ascii: false).Split('\n');

        Assert.AreEqual("  50 VUs ┤", lines[0][..10]);
        var heights = Enumerable.Range(0, 60).Select(column => lines.Take(4).Sum(line => Math.Max(0, " ▁▂▃▄▅▆▇█".IndexOf(line.PadRight(70)[10 + column])))).ToList();
        CollectionAssert.AreEqual(heights.Take(15).Order().ToList(), heights.Take(15).ToList());
        CollectionAssert.AreEqual(heights, Enumerable.Reverse(heights).ToList());
        Assert.IsTrue(heights.Skip(15).Take(30).All(height => height == 32));
        Assert.AreEqual("       0 └" + new string('─', 60), lines[4]);
        Assert.AreEqual(new string(' ', 10) + "0s" + new string(' ', 26) + "2m30s" + new string(' ', 25) + "5m", lines[5]);
    }

    [TestMethod]
    public void Letters_of_ASCII_draw_it_too()
    {
        var chart = LoadChart.Draw([Scenario("a", LoadPatterns.Expand(LoadPattern.Spike, new() { Rate = 200, Duration = "2m", PreAllocatedVUs = 5 }))], ascii: true);

        Assert.IsTrue(chart.All(letter => letter is '\n' or (>= ' ' and <= '~')), chart);
        Assert.Contains("200/s", chart);
        Assert.Contains("1m", chart);
        Assert.Contains("2m", chart);
    }

    [TestMethod]
    public void Scenarios_of_a_test_share_one_axis_of_time()
    {
        var chart = LoadChart.Draw(
        [
            Scenario("first", new() { Executor = "constant-vus", Vus = 5, Duration = "30s" }),
            Scenario("second", new() { Executor = "constant-arrival-rate", Rate = 30, TimeUnit = "1m", Duration = "30s", StartTime = "30s" }),
        ], ascii: true).Split('\n');

        Assert.AreEqual("  first", chart[0]);
        Assert.AreEqual("  5 VUs +" + new string('#', 30), chart[1]);
        Assert.AreEqual("  second", chart[5]);
        Assert.AreEqual("  0.5/s +" + new string(' ', 30) + new string('#', 30), chart[6]);
        Assert.AreEqual("         0s" + new string(' ', 27) + "30s" + new string(' ', 26) + "1m", chart[11]);
        Assert.IsTrue(chart.All(line => line.Length <= 100));
    }

    [TestMethod]
    public void What_ends_with_its_iterations_has_no_end_on_the_axis()
    {
        var chart = LoadChart.Draw([Scenario("a", new() { Executor = "shared-iterations", Vus = 2, Iterations = 100 })], ascii: false);

        Assert.Contains("until the iterations are done", chart);
        Assert.Contains(new string('█', 60), chart);
    }

    [TestMethod]
    [DataRow("ramping-vus", 0.0, 10.0, 5.0)]
    [DataRow("ramping-vus", 10.0, 20.0, 10.0)]
    [DataRow("ramping-vus", 20.0, 30.0, 0.0)]
    public void The_mean_of_a_span_is_that_of_the_planned_load(string executor, double from, double to, double mean) => Assert.AreEqual(
        mean,
        LoadCurve.Of(new() { Executor = executor, StartVUs = 0, Stages = [new("10s", 10), new("10s", 10), new("0s", 3)] }).Mean(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to)),
        1e-9);

    private static ScenarioPlan Scenario(string name, ScenarioLoad load) => new() { Name = name, File = "/a.ts", Load = load, Location = new SourceLocation("/a.csproj", 1, 1) };
}
