using K6.Embedded.Metrics;
using K6.Embedded.Options;

namespace K6.Embedded.Tests;

[TestClass]
public class MetricsTests
{
    [TestMethod]
    public void Percentiles_are_exact_by_k6s_formula()
    {
        var random = new Random(7);
        var sink = new TrendSink(isTime: true);

        // A long tail of values that are alone, and some that come often.
        var values = Enumerable.Range(0, 10_001).Select(i => Math.Round(random.NextDouble() * (i % 3 == 0 ? 900_000 : 300)) / 1000).ToArray();
        foreach (var value in values)
        {
            sink.Add(value);
        }

        Array.Sort(values);
        foreach (var percentile in new[] { 0, 1, 50, 90, 95, 99, 99.9, 99.99, 100 })
        {
            var position = percentile / 100 * (values.Length - 1.0);
            var index = (int)position;
            var above = values[Math.Min(index + 1, values.Length - 1)];
            Assert.AreEqual(values[index] + ((above - values[index]) * (position - index)), sink.Percentile(percentile), 1e-12, $"p({percentile})");
        }

        Assert.AreEqual(values[0], sink.Minimum);
        Assert.AreEqual(values[^1], sink.Maximum);
        Assert.AreEqual(values.Average(), sink.Average, 1e-9);
    }

    [TestMethod]
    public void Memory_grows_with_distinct_values_and_not_with_samples()
    {
        var sink = new TrendSink(isTime: true);
        for (var i = 0; i < 1_000_000; i++)
        {
            sink.Add(i % 1000 / 1000.0);
        }

        Assert.AreEqual(1_000, sink.Distinct);
        Assert.AreEqual(1_000_000, sink.Count);
    }

    [TestMethod]
    [DoNotParallelize]
    public void A_rare_value_of_a_long_tail_takes_little_memory()
    {
        const int Count = 100_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sink = new TrendSink(isTime: true);
        for (var i = 0; i < Count; i++)
        {
            sink.Add(i);
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.IsLessThan(150, (after - before) / Count, "bytes for each");
        Assert.AreEqual(Count - 1, sink.Maximum);
    }

    [TestMethod]
    public void A_trend_that_is_no_time_is_exact_up_to_its_bound_and_has_six_digits_beyond()
    {
        var sink = new TrendSink(isTime: false);
        sink.Add(1e-9);
        sink.Add(3e-9);
        Assert.AreEqual(2e-9, sink.Percentile(50), 1e-24);
        for (var i = 0; i < 3 * TrendSink.MaximumDistinct; i++)
        {
            sink.Add(1_000_000 + (i * 0.001));
        }

        Assert.IsLessThanOrEqualTo(TrendSink.MaximumDistinct, sink.Distinct);
        Assert.AreEqual(1_000_150, sink.Percentile(50), 2);
    }

    [TestMethod]
    public void Without_samples_statistics_are_zero()
    {
        foreach (var type in Enum.GetValues<MetricType>())
        {
            var sink = Sink.For(new Metric(0, "m", type, MetricValueType.Default));
            Assert.AreEqual(0, sink.Statistic("value", 0, 5));
            Assert.AreEqual(0, sink.Statistic("count", 0, 5));
        }
    }

    [TestMethod]
    public void The_same_tags_are_the_same_object_whatever_the_order()
    {
        var one = TagSet.Empty.With("b", "2").With("a", "1");
        var other = TagSet.Empty.With("a", "1").With("b", "3").With("b", "2");
        Assert.AreSame(one, other);
        Assert.AreSame(TagSet.Empty.With("a", "1"), one.Without("b"));
        Assert.AreEqual("a:1,b:2", one.ToString());
    }

    [TestMethod]
    public void Samples_of_time_have_a_resolution_of_one_microsecond()
    {
        var registry = new MetricRegistry();
        var buffer = new SampleBuffer(_ => { });
        buffer.Add(registry.HttpReqDuration, TagSet.Empty, 1.23456789, 0);
        buffer.Add(registry.Iterations, TagSet.Empty, 1.23456789, 0);
        var samples = buffer.Take();
        Assert.AreEqual(1.235, samples[0].Value);
        Assert.AreEqual(1.23456789, samples[1].Value);
    }

    [TestMethod]
    public void No_sample_is_lost_when_buffers_overflow()
    {
        var registry = new MetricRegistry();
        using var collector = new MetricsCollector(registry, new Execution.EngineLog(TextWriter.Null, Execution.LogFormat.Text));
        collector.Start();
        var threads = Enumerable.Range(0, 4).Select(_ =>
        {
            var buffer = collector.NewBuffer();
            var thread = new Thread(() =>
            {
                for (var i = 0; i < 50_000; i++)
                {
                    buffer.Add(registry.Iterations, TagSet.Empty, 1, 0);
                }
            });
            thread.Start();
            return thread;
        }).ToArray();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        collector.Stop();
        Assert.AreEqual(200_000, ((CounterSink)collector.SeriesOf(registry.Iterations).Sink).Total);
    }

    [TestMethod]
    public void A_submetric_takes_the_samples_that_carry_all_its_tags()
    {
        var registry = new MetricRegistry();
        using var collector = new MetricsCollector(registry, new Execution.EngineLog(TextWriter.Null, Execution.LogFormat.Text));
        collector.Declare(new Dictionary<string, IReadOnlyList<ThresholdOptions>>
        {
            ["http_reqs{ status:200 , name:http://h/p}"] = [],
            ["http_reqs"] = [],
        });
        var buffer = collector.NewBuffer();
        var tags = TagSet.Empty.With("status", "200");
        buffer.Add(registry.HttpReqs, tags, 1, 0);
        buffer.Add(registry.HttpReqs, tags.With("name", "http://h/p"), 1, 0);
        buffer.Add(registry.HttpReqs, tags.With("name", "http://h/p").With("more", "x"), 1, 0);
        collector.Drain();
        var series = collector.Series.ToDictionary(s => s.Name, s => s.Sink.Count);
        Assert.AreEqual(3, series["http_reqs"]);
        Assert.AreEqual(2, series["http_reqs{ status:200 , name:http://h/p}"]);
    }

    [TestMethod]
    [DataRow("a", "Invalid metric name: 'a'.")]
    [DataRow("1ab", "Invalid metric name: '1ab'.")]
    [DataRow("http_reqs", "metric 'http_reqs' already exists but with type counter, instead of trend")]
    public void A_bad_custom_metric_has_k6s_message(string name, string message)
    {
        var thrown = Assert.ThrowsExactly<MetricException>(() => new MetricRegistry().GetOrAddCustom(name, MetricType.Trend, isTime: false));
        StringAssert.StartsWith(thrown.Message, message);
    }

    [TestMethod]
    [DataRow("90", "1m30s")]
    [DataRow("1500", "1.5s")]
    public void A_duration_without_unit_is_milliseconds(string text, string unused)
    {
        Assert.AreEqual(TimeSpan.FromMilliseconds(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)), GoDuration.ParseExtended(text));
        Assert.AreEqual(TimeSpan.FromSeconds(unused == "1.5s" ? 1.5 : 90), GoDuration.Parse(unused));
    }

    [TestMethod]
    [DataRow("0s")]
    [DataRow("1.5s")]
    [DataRow("500ms")]
    [DataRow("1m30s")]
    [DataRow("24h0m30s")]
    [DataRow("10m0.5s")]
    [DataRow("250µs")]
    public void Durations_are_written_as_they_are_read(string text) => Assert.AreEqual(text, GoDuration.Format(GoDuration.Parse(text)));
}
