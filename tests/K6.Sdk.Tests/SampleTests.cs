using K6.LoadTesting.Gates;
using K6.LoadTesting.Metrics;
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
            foreach (var threshold in test.Thresholds)
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

    private static string Project => Path.Combine(PackedSdk.Repository, "samples", "Shop", "Shop.LoadTests", "Shop.LoadTests.csproj");

    private IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Recompute(
        K6.LoadTesting.Results.TestResult test, IEnumerable<StatisticsRequest> requests) =>
        SampleStatistics.Compute(Path.Combine(_results, test.Name, "samples.csv.gz"), [.. requests], test.LoadSeconds!.Value);

    private DotnetRun Sample(params string[] properties) => Dotnet.Run(
        PackedSdk.Repository,
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? "",
        ["build", Project, "-t:LoadTest", "-tl:off", $"-p:K6ResultsDirectory={_results}", .. properties]);
}
