using K6.LoadTesting.Engines;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using TestResult = K6.LoadTesting.Results.TestResult;

namespace K6.LoadTesting.Tests.Api;

[TestClass]
public sealed class MetricsCollectorTests
{
    [TestMethod]
    public async Task Live_figures_come_with_the_rate_since_those_before_and_end_with_the_run()
    {
        var collector = new MetricsCollector();
        collector.Report(new TestProgressed("browse", new EngineProgress(TimeSpan.FromSeconds(1), 2, 3, 100, 0)));
        collector.Report(new TestProgressed("browse", new EngineProgress(TimeSpan.FromSeconds(3), 3, 3, 500, 1)));
        collector.Report(new TestProgressed("search", new EngineProgress(TimeSpan.FromSeconds(1), 1, 1, 7, 0)));
        collector.Complete();

        var live = new List<LiveMetrics>();
        await foreach (var figures in collector.LiveAsync())
        {
            live.Add(figures);
        }

        CollectionAssert.AreEqual(new[] { 100.0, 200.0, 7.0 }, live.Select(figures => figures.IterationsPerSecond).ToArray());
        Assert.AreEqual(new LiveMetrics("browse", TimeSpan.FromSeconds(3), 3, 3, 500, 1, 200), live[1]);
        Assert.AreEqual(live[2], collector.Last);
    }

    [TestMethod]
    public void Final_values_and_series_are_those_of_the_result_and_what_was_not_measured_is_absent()
    {
        var collector = new MetricsCollector();
        var result = new TestResult
        {
            Name = "browse",
            Verdict = Verdict.Passed,
            Outcome = EngineOutcome.Completed,
            Metrics = new Dictionary<string, MetricResult>
            {
                ["http_reqs"] = new() { Type = "counter", Contains = "default", Values = new Dictionary<string, double> { ["count"] = 12 } },
            },
            Timeline = new Timeline
            {
                PeriodSeconds = 1,
                Seconds = [1, 2],
                Series = new Dictionary<string, IReadOnlyList<double?>> { ["http_reqs.rate"] = [5, null] },
            },
        };
        collector.Report(new TestFinished(result, new EngineInfo("k6", "2.2.0", "/k6"), []));

        Assert.AreSame(result, collector.Tests.Single());
        Assert.AreEqual(12, collector.Value("http_reqs", "count"));
        Assert.AreEqual(12, collector.Value("http_reqs", "count", "browse"));
        Assert.IsNull(collector.Value("http_reqs", "rate"));
        Assert.IsNull(collector.Value("http_reqs", "count", "search"));
        CollectionAssert.AreEqual(
            new MetricPoint[] { new(TimeSpan.FromSeconds(1), 5), new(TimeSpan.FromSeconds(2), null) },
            collector.Series("http_reqs", "rate").ToArray());
        Assert.IsEmpty(collector.Series("http_req_duration", "p(95)"));
    }
}
