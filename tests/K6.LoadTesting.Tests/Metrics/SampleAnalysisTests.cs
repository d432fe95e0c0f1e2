using System.Globalization;
using System.Text;
using K6.LoadTesting.Metrics;

namespace K6.LoadTesting.Tests.Metrics;

[TestClass]
public class SampleAnalysisTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("k6sdk-analysis-").FullName;

    [TestCleanup]
    public void Cleanup() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Requests_are_counted_by_any_tag_with_exact_percentiles()
    {
        var random = new Random(7);
        var requests = Enumerable.Range(0, 5000).Select(i => (Name: i % 3 == 0 ? "slow" : "fast", Ms: Math.Round(random.NextDouble() * (i % 3 == 0 ? 900 : 90), 6), Failed: i % 10 == 0)).ToList();
        var file = Csv(requests.SelectMany(one => new[] { ("http_reqs", 1.0, one.Name), ("http_req_duration", one.Ms, one.Name), ("http_req_failed", one.Failed ? 1 : 0, one.Name) }));

        var rows = SampleAnalysis.Read([file], new SampleQuestions { By = ["name"] }).Groups.Single().Results(loadSeconds: 10);

        Assert.AreEqual("fast slow", string.Join(' ', rows.Select(row => row.Name)));
        var sorted = requests.Where(one => one.Name == "slow").Select(one => one.Ms).Order().ToArray();
        var slow = rows[1];
        Assert.AreEqual((sorted.Length, sorted.Length / 10.0), (slow.Requests, slow.Rate!.Value));
        foreach (var percent in new[] { 90, 95, 99 })
        {
            Assert.AreEqual(Percentile.Of(sorted, percent), slow.Duration[$"p({percent})"]);
        }

        Assert.AreEqual((double)requests.Count(one => one is { Name: "slow", Failed: true }) / sorted.Length, slow.FailedShare);
    }

    [TestMethod]
    public void Values_beyond_the_most_are_counted_together_and_told()
    {
        var file = Csv(Enumerable.Range(0, 1000).SelectMany(i => new[] { ("http_reqs", 1.0, $"http://localhost/products/{i}"), ("http_req_duration", i, $"http://localhost/products/{i}") }));

        var groups = SampleAnalysis.Read([file], new SampleQuestions { By = ["name"], MostGroups = 100 }).Groups.Single();
        var rows = groups.Results(1);

        Assert.HasCount(101, rows);
        Assert.AreEqual((SampleGroups.Rest, 900L, 999.0), (rows[^1].Name, rows[^1].Requests, rows[^1].Duration["max"]));
        var told = SampleGroups.TooMany(groups);
        Assert.Contains("http://localhost/products/100", told);
        Assert.Contains("id in a URL", told);
    }

    [TestMethod]
    public void Seconds_have_their_own_counts_shares_and_percentiles()
    {
        var lines = new StringBuilder(Header);
        for (var second = 0; second < 3; second++)
        {
            for (var i = 1; i <= 100; i++)
            {
                var at = ((1795416433L + second) * 1_000_000) + (i * 9_000);
                lines.Append(CultureInfo.InvariantCulture, $"http_reqs,{at},1,a,,\nhttp_req_duration,{at},{i * (second + 1)},a,,\nhttp_req_failed,{at},{(i <= 10 * second ? 1 : 0)},a,,\n");
            }
        }

        lines.Append(CultureInfo.InvariantCulture, $"vus,1795416433500000,5,,,\n");
        var timeline = SampleAnalysis.Read([Write(lines.ToString())], new SampleQuestions { Everything = true }).Timeline!;

        Assert.AreEqual("1 2 3", string.Join(' ', timeline.Seconds));
        Assert.AreEqual("100 100 100", string.Join(' ', timeline.Series["http_reqs.count"]));
        Assert.AreEqual("0 0.1 0.2", string.Join(' ', timeline.Series["http_req_failed.rate"].Select(value => value!.Value.ToString(CultureInfo.InvariantCulture))));
        Assert.AreEqual("5 5 5", string.Join(' ', timeline.Series["vus.value"]), "a gauge holds its value");
        Assert.AreEqual(Percentile.Of([.. Enumerable.Range(1, 100).Select(i => i * 2.0)], 95), timeline.Series["http_req_duration.p(95)"][1]);
    }

    [TestMethod]
    public void Samples_alone_make_a_summary()
    {
        var file = Write("""
            {"type":"Metric","data":{"name":"steps","type":"trend","contains":"time","thresholds":["max<1","min>=1"],"submetrics":null},"metric":"steps"}
            {"metric":"steps","type":"Point","data":{"time":"2026-11-22T12:10:29Z","value":1,"tags":{"scenario":"buy"}}}
            {"metric":"iterations","type":"Point","data":{"time":"2026-11-22T12:10:31Z","value":1,"tags":{"scenario":"buy"}}}
            {"metric":"checks","type":"Point","data":{"time":"2026-11-22T12:10:31Z","value":1,"tags":{"check":"is 200","group":"::page"}}}
            {"metric":"checks","type":"Point","data":{"time":"2026-11-22T12:10:31Z","value":0,"tags":{"check":"is 200","group":"::page"}}}
            """);

        var analysis = SampleAnalysis.Read([file], new SampleQuestions { Everything = true });
        var summary = analysis.Summary();

        Assert.AreEqual(2, summary.LoadSeconds);
        Assert.AreEqual(("trend", "time"), (summary.Metrics["steps"].Type, summary.Metrics["steps"].Contains));
        Assert.AreEqual("max<1=False min>=1=True", string.Join(' ', summary.Metrics["steps"].Thresholds.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}")));
        Assert.AreEqual("buy", analysis.Scenarios.Single());
        Assert.AreEqual(1, summary.Metrics["iterations{scenario:buy}"].Values["count"]);
        Assert.AreEqual(("is 200", "page", 1L, 1L), (summary.Checks[0].Name, summary.Checks[0].Group, summary.Checks[0].Passes, summary.Checks[0].Fails));
    }

    [TestMethod]
    public void The_export_has_a_column_for_every_tag_and_gives_no_formula_to_a_spreadsheet()
    {
        var file = Write("metric_name,timestamp,metric_value,name,extra_tags,metadata\na1,1795416433762762,1.5,\"=cmd(), \"\"x\"\"\",k=v,\nb1,1795416433762763,2,,,\n");
        var target = Path.Combine(folder, "out", "samples.csv");

        Assert.AreEqual(2, SamplesExport.Write([file], target));

        Assert.AreEqual(
            "metric,time,value,k,name\na1,2026-11-23T06:47:13.762762Z,1.5,v,\"'=cmd(), \"\"x\"\"\"\nb1,2026-11-23T06:47:13.762763Z,2,,\n",
            File.ReadAllText(target));
    }

    private const string Header = "metric_name,timestamp,metric_value,name,extra_tags,metadata\n";

    private string Csv(IEnumerable<(string Metric, double Value, string Name)> samples) => Write(Header + string.Concat(samples.Select(
        sample => string.Create(CultureInfo.InvariantCulture, $"{sample.Metric},1795416433762762,{sample.Value:F6},{sample.Name},,\n"))));

    private string Write(string text)
    {
        var file = Path.Combine(folder, "samples");
        File.WriteAllText(file, text);
        return file;
    }
}
