using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class ServiceThresholdPlanTests : IDisposable
{
    private const string Items = "<K6Scenario Include='browse.ts' />\n<K6Service Include='Shop.Api/Shop.Api.csproj' />\n";

    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    [DataRow("cpu' Statistic='avg' AtMost='80%'", "avg<=0.8")]
    [DataRow("cpu' Statistic='p(95)' AtMost='1.5'", "p(95)<=1.5")]
    [DataRow("cpu' Statistic='max' AtMost='250%'", "max<=2.5")]
    [DataRow("gc.pause' Statistic='max' Below='20ms'", "max<20")]
    [DataRow("gc.allocation' Statistic='avg' Below='50MB/s'", "avg<50000000")]
    [DataRow("working_set' Statistic='max' Below='500MB'", "max<500000000")]
    [DataRow("threadpool.queue' Statistic='max' Below='10'", "max<10")]
    [DataRow("exceptions' Statistic='avg' Below='1/s'", "avg<1")]
    [DataRow("requests' Statistic='avg' AtLeast='10/s'", "avg>=10")]
    public void A_limit_on_the_inside_of_a_service_has_the_units_of_its_metric(string metadata, string expression)
    {
        var threshold = project.Plan($"{Items}<K6Threshold Include='service:shop-api.{metadata} />").Tests.Single().Thresholds.Single();

        Assert.AreEqual(expression, threshold.Expression);
        Assert.StartsWith("service:shop-api.", threshold.Metric);
    }

    [TestMethod]
    public void The_engine_never_hears_of_a_services_metric_and_the_others_keep_their_numbers()
    {
        var test = project.Plan($"{Items}<K6Threshold Include='service:shop-api.cpu' Statistic='avg' AtMost='80%' />\n<K6Threshold Include='http_req_failed' Below='1%' />").Tests.Single();

        var json = EntryModule.PlanJson(test, debug: false);

        Assert.DoesNotContain("service:", json);
        StringAssert.Contains(json, "\"index\": 1");
        Assert.DoesNotContain("\"index\": 0", json);
    }

    [TestMethod]
    public void A_service_that_is_not_declared_is_an_error_with_the_nearest_name() =>
        project.Reports(Items + "▶<K6Threshold Include='service:shop-apu.cpu' Statistic='avg' AtMost='80%' />", Rules.UnknownScope, "no service 'shop-apu'", "shop-api");

    [TestMethod]
    public void A_metric_that_nobody_measures_is_an_error_with_what_there_is() =>
        project.Reports(Items + "▶<K6Threshold Include='service:shop-api.gc.pauses' Statistic='max' Below='20ms' />", Rules.InvalidMetric, "gc.pause", "working_set");

    [TestMethod]
    public void A_service_without_a_metric_is_an_error() =>
        project.Reports(Items + "▶<K6Threshold Include='service:shop-api' Statistic='max' Below='20ms' />", Rules.InvalidMetric, "service:NAME.METRIC");

    [TestMethod]
    public void Tags_on_a_services_metric_are_an_error() =>
        project.Reports(Items + "▶<K6Threshold Include='service:shop-api.cpu{core:1}' Statistic='max' Below='1' />", Rules.InvalidMetric, "as a whole");

    [TestMethod]
    [DataRow("▶AbortOnFail='true'")]
    [DataRow("▶Scenario='browse'")]
    public void What_only_the_engine_could_do_is_an_error_on_a_services_metric(string metadatum) =>
        project.Reports($"{Items}<K6Threshold Include='service:shop-api.cpu' Statistic='max' Below='1' {metadatum} />", Rules.ContradictoryThreshold, "after the run");

    [TestMethod]
    public void A_unit_of_another_kind_is_an_error() =>
        project.Reports(Items + "<K6Threshold Include='service:shop-api.cpu' Statistic='max' ▶Below='10ms' />", Rules.InvalidLimit, "80%");
}
