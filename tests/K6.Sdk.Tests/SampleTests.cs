using K6.LoadTesting.Gates;
using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.Sdk.Tests;

/// <summary>The README's main command, on the SDK from source.</summary>
[TestClass]
public sealed class SampleTests
{
    private readonly string _results = Directory.CreateTempSubdirectory("k6sdk-sample-").FullName;

    [TestCleanup]
    public void Remove() => Directory.Delete(_results, recursive: true);

    [TestMethod]
    public void Every_figure_and_verdict_of_the_sample_on_k6_is_what_its_samples_say_to_the_last_digit()
    {
        RealK6.Require();
        Sample("-p:K6Engine=k6", "-p:K6Samples=true").Succeeded();

        var result = LoadTestJson.Read<LoadTestResult>(Path.Combine(_results, "loadtest.json"));
        Assert.AreEqual("k6", result.Engine!.Name);
        Assert.HasCount(2, result.Tests);
        foreach (var test in result.Tests)
        {
            var figures = Recompute(test, test.Metrics.Select(metric => new StatisticsRequest(metric.Key, metric.Value.Type, [.. metric.Value.Values.Keys])));
            foreach (var (name, metric) in test.Metrics)
            {
                foreach (var (statistic, value) in metric.Values)
                {
                    Assert.AreEqual(value, figures[name][statistic], $"{test.Name}: {name} {statistic}");
                }
            }

            Assert.IsGreaterThanOrEqualTo(3, test.Thresholds.Count);
            foreach (var threshold in test.Thresholds.Where(one => !ServiceMetrics.IsOne(one.Metric)))
            {
                var request = new StatisticsRequest(threshold.Metric, test.Metrics[threshold.Metric].Type, [threshold.Statistic]);
                var actual = Recompute(test, [request])[threshold.Metric][threshold.Statistic];
                Assert.AreEqual(threshold.Actual, actual, $"{test.Name}: {threshold.Name}");
                Assert.AreEqual(
                    threshold.Verdict == ThresholdVerdict.Passed, ThresholdEvaluator.Holds(actual, threshold.Operator, threshold.Limit), threshold.Name);
            }
        }
    }

    [TestMethod]
    public void The_sample_passes_on_the_embedded_engine_and_a_tightened_limit_fails_it_at_its_line()
    {
        Sample("-p:K6Engine=embedded").Succeeded().Says("PASSED journey", "embedded engine");

        var declared = File.ReadAllLines(Project).ToList().FindIndex(line => line.Contains("$(ShopP95)\"", StringComparison.Ordinal)) + 1;
        Sample("-p:K6Engine=embedded", "-p:ShopP95=1us").FailedWith($"Shop.LoadTests.csproj({declared},5): error KSDK0320: journey: http_req_duration p(95)");
        Assert.AreEqual(Verdict.Failed, LoadTestJson.Read<LoadTestResult>(Path.Combine(_results, "loadtest.json")).Verdict);
    }

    [TestMethod]
    [DataRow("Shop__Leak=2000", "service:shop-api.gc.heap max")]
    [DataRow("Shop__Allocate=10000", "service:shop-api.gc.allocation med")]
    [DataRow("Shop__Block=1000", "service:shop-api.threadpool.queue p(90)")]
    public void A_sick_shop_is_caught_by_the_limit_on_its_inside(string fault, string limit)
    {
        Sample("-p:K6Engine=embedded", "-p:K6ScenarioFilter=browse", $"-p:ShopFault={fault}", "-p:ShopP95=60s").FailedWith("KSDK0320", limit);

        var result = LoadTestJson.Read<LoadTestResult>(Path.Combine(_results, "loadtest.json"));
        var crossed = result.Tests.Single().Thresholds.Single(one => limit == $"{one.Metric} {one.Statistic}");
        Assert.AreEqual(ThresholdVerdict.Failed, crossed.Verdict);
        Assert.IsNotNull(crossed.CrossedAtSeconds);
        var page = File.ReadAllText(Path.Combine(_results, "loadtest.html"));
        Assert.Contains("Inside of shop-api", page);
    }

    [TestMethod]
    public void The_shop_tells_its_requests_connections_and_thread_pool()
    {
        Sample("-p:K6Engine=embedded", "-p:K6ScenarioFilter=browse", "-p:K6WarmUp=3s", "-p:K6TraceContext=true", "-p:K6Samples=true", "-p:ShopP95=60s").Succeeded();

        var test = LoadTestJson.Read<LoadTestResult>(Path.Combine(_results, "loadtest.json")).Tests.Single();
        var shop = test.Monitored.Single(one => one.Kind == MonitoredKind.Service);
        foreach (var metric in new[] { "cpu", "working_set", "gc.heap", "gc.allocation", "threadpool.threads", "requests", "requests.active", "requests.duration", "kestrel.connections", "log.errors", "exceptions", "lock.contentions", "gc.pause" })
        {
            Assert.Contains(metric, shop.Metrics.Keys);
        }

        Assert.IsGreaterThan(0, shop.Metrics["requests.duration"].Values["avg"]);
        Assert.AreEqual(test.Metrics["http_reqs"].Values["count"], shop.Metrics["requests"].Values["avg"] * shop.Metrics["requests"].Values["count"], delta: test.Metrics["http_reqs"].Values["count"] * 0.4);
        Assert.IsNotEmpty(test.WarmUp!.Timeline!.Seconds);
        Assert.IsTrue(test.WarmUp.Timeline.Seconds.All(second => second < 0));
        Assert.IsNotEmpty(test.WarmUp.Monitored);
        Assert.HasCount(10, test.SlowestRequests);
    }

    [TestMethod]
    public void The_sample_without_a_script_passes_and_buys_something_in_one_of_twenty_iterations()
    {
        SampleOf("Shop.Declared.LoadTests", "-p:K6Engine=embedded", "-p:K6ScenarioFilter=smoke").Succeeded().Says("PASSED smoke");

        var endpoints = LoadTestJson.Read<LoadTestResult>(Path.Combine(_results, "loadtest.json")).Tests.Single().Endpoints.ToDictionary(endpoint => endpoint.Name, endpoint => endpoint.Requests);
        var iterations = endpoints["GET /products"] + endpoints["GET /products/{id}"] + endpoints["search"] + endpoints["POST /login"];
        Assert.IsLessThanOrEqualTo(2, Math.Abs(endpoints["POST /login"] - (iterations / 20)));
        Assert.IsLessThanOrEqualTo(1, endpoints["POST /login"] - endpoints["GET /orders/{order}"]);
    }

    // Looked at is what was asked and answered; how fast, other tests on the machine have a say in.
    [TestMethod]
    [DataRow("Shop.Http.LoadTests", 6)]
    [DataRow("Shop.OpenApi.LoadTests", 11)]
    [DataRow("Shop.Har.LoadTests", 6)]
    public void The_samples_of_requests_that_were_there_already_get_the_answers_that_they_expect(string sample, int requests)
    {
        SampleOf(sample, "-p:K6Engine=embedded", "-p:K6FailOnError=false").Succeeded();

        var test = LoadTestJson.Read<LoadTestResult>(Path.Combine(_results, "loadtest.json")).Tests.Single();
        // One with a limit of its own in a scenario is there twice: in all, and in the scenario.
        Assert.HasCount(requests, test.Endpoints.Where(endpoint => endpoint.Requests > 0).Select(endpoint => endpoint.Name).Distinct().ToList());
        var (passes, fails) = (test.Checks.Sum(check => check.Passes), test.Checks.Sum(check => check.Fails));
        Assert.IsGreaterThan(20, passes);
        Assert.IsLessThanOrEqualTo(passes / 100, fails, string.Join('\n', test.Checks.Where(check => check.Fails > 0).Select(check => check.Name)));
    }

    private static string Project => Path.Combine(PackedSdk.Repository, "samples", "Shop", "Shop.LoadTests", "Shop.LoadTests.csproj");

    private IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Recompute(
        K6.LoadTesting.Results.TestResult test, IEnumerable<StatisticsRequest> requests) =>
        SampleStatistics.Compute(Path.Combine(_results, test.Name, "samples.csv.gz"), [.. requests], test.LoadSeconds!.Value);

    private DotnetRun Sample(params string[] properties) => SampleOf("Shop.LoadTests", properties);

    private DotnetRun SampleOf(string sample, params string[] properties) => Dotnet.Run(
        PackedSdk.Repository,
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? "",
        null,
        ["build", Path.Combine("samples", "Shop", sample), "-t:LoadTest", "-tl:off", $"-p:K6ResultsDirectory={_results}", .. properties],
        environment: new Dictionary<string, string> { ["PURCHASE_PASSWORD"] = "k6-demo" });
}
