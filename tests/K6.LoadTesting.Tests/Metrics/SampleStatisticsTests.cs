using System.Globalization;
using K6.LoadTesting.Metrics;

namespace K6.LoadTesting.Tests.Metrics;

[TestClass]
public class SampleStatisticsTests
{
    [TestMethod]
    public void Percentiles_are_interpolated_as_k6_does_it()
    {
        double[] sorted = [1, 2, 3, 10];

        Assert.AreEqual(2.5, Percentile.Of(sorted, 50));
        Assert.AreEqual(3 + ((10.0 - 3) * ((0.95 * 3) - 2)), Percentile.Of(sorted, 95));
        Assert.AreEqual(1, Percentile.Of(sorted, 0));
        Assert.AreEqual(10, Percentile.Of(sorted, 100));
        Assert.AreEqual(0, Percentile.Of([], 95));
    }

    [TestMethod]
    public void Bucketed_percentiles_equal_those_of_all_samples_sorted()
    {
        var random = new Random(20_26);
        var values = Enumerable.Range(0, 30_000)
            .Select(i => Math.Round(i % 5 == 0 ? 20 : (random.NextDouble() < 0.1 ? -1 : 1) * Math.Exp(random.NextDouble() * 8), 6))
            .ToArray();
        using var file = new Samples(values.Select(value => ("latency", value)));
        string[] statistics = ["avg", "min", "max", "count", "med", "p(0)", "p(0.01)", .. Enumerable.Range(1, 99).Select(percent => $"p({percent})"), "p(99.9)", "p(99.99)", "p(100)"];

        var computed = SampleStatistics.Compute(file.Path, [new StatisticsRequest("latency", "trend", statistics)], 1)["latency"];

        var sorted = values.Order().ToArray();
        foreach (var statistic in statistics.Where(name => name.StartsWith('p')))
        {
            Assert.AreEqual(Percentile.Of(sorted, Percentile.Of(statistic)!.Value), computed[statistic], statistic);
        }

        Assert.AreEqual(Percentile.Of(sorted, 50), computed["med"]);
        Assert.AreEqual(values.Aggregate(0.0, (sum, value) => sum + value) / values.Length, computed["avg"]);
        Assert.AreEqual(sorted[0], computed["min"]);
        Assert.AreEqual(sorted[^1], computed["max"]);
        Assert.AreEqual(30_000, computed["count"]);
    }

    [TestMethod]
    public void Counters_rates_and_gauges_have_k6s_statistics()
    {
        using var file = new Samples([("baskets", 2.5), ("baskets", 1), ("queue", 7), ("queue", 3), ("ok", 1), ("ok", 0), ("ok", 2)]);

        var all = SampleStatistics.Compute(
            file.Path,
            [
                new StatisticsRequest("baskets", "counter", ["count", "rate"]),
                new StatisticsRequest("queue", "gauge", ["value", "min", "max"]),
                new StatisticsRequest("ok", "rate", ["rate", "passes", "fails"]),
                new StatisticsRequest("ok{scenario:none}", "rate", ["rate", "passes", "fails"]),
                new StatisticsRequest("baskets{scenario:s, scenario:s}", "counter", ["count"]),
            ],
            loadSeconds: 2);

        Assert.AreEqual(3.5, all["baskets"]["count"]);
        Assert.AreEqual(1.75, all["baskets"]["rate"]);
        Assert.AreEqual(3, all["queue"]["value"]);
        Assert.AreEqual(7, all["queue"]["max"]);
        Assert.AreEqual(2.0 / 3, all["ok"]["rate"]);
        Assert.AreEqual(1, all["ok"]["fails"]);
        Assert.AreEqual(0, all["ok{scenario:none}"]["rate"]);
        Assert.AreEqual(3.5, all["baskets{scenario:s, scenario:s}"]["count"]);
    }

    [TestMethod]
    public void A_statistic_that_the_type_does_not_have_is_refused()
    {
        using var file = new Samples([("baskets", 1)]);

        Assert.ThrowsExactly<ArgumentException>(() =>
            SampleStatistics.Compute(file.Path, [new StatisticsRequest("baskets", "counter", ["p(95)"])], 1));
    }

    private sealed class Samples : IDisposable
    {
        public Samples(IEnumerable<(string Metric, double Value)> samples) => File.WriteAllLines(
            Path,
            samples.Select(sample => string.Create(CultureInfo.InvariantCulture, $"{sample.Metric},1795416433762762,{sample.Value:F6},s,,"))
                .Prepend("metric_name,timestamp,metric_value,scenario,extra_tags,metadata"));

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
