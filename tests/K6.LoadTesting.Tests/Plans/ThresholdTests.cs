using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class ThresholdTests : IDisposable
{
    private const string Scenario = "<K6Scenario Include='browse.ts' />\n";

    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    [DataRow("Include='http_req_duration' Statistic='p(95)' Below='500ms'", "p(95)<500")]
    [DataRow("Include='http_req_duration' Statistic='avg' AtMost='1.5s'", "avg<=1500")]
    [DataRow("Include='http_reqs' Statistic='rate' Above='100/s'", "rate>100")]
    [DataRow("Include='http_reqs' Statistic='count' AtLeast='1000'", "count>=1000")]
    [DataRow("Include='http_req_failed' Below='1%'", "rate<0.01")]
    [DataRow("Include='checks' AtLeast='99.9%'", "rate>=0.999")]
    [DataRow("Include='vus' AtLeast='5'", "value>=5")]
    [DataRow("Include='data_received' Statistic='rate' Below='2MB/s'", "rate<2000000")]
    [DataRow("Include='http_req_duration' Expression=' p(95) &lt; 5e2 '", "p(95) < 5e2")]
    [DataRow("Include='http_reqs{status:500}' Expression='count&lt;1'", "count<1")]
    [DataRow("Include='orders' Statistic='count' AtLeast='7'", "count>=7")]
    [DataRow("Include='checkout_time' Statistic='p(99)' Below='2s'", "p(99)<2000")]
    public void A_threshold_becomes_an_expression_of_k6(string metadata, string expression) =>
        Assert.AreEqual(expression, Only($"{Scenario}<K6Threshold {metadata} />").Expression);

    [TestMethod]
    public void Everything_of_a_threshold_arrives_in_the_plan()
    {
        var threshold = Only(Scenario + "<K6Threshold Include='http_req_duration{ name: \"login\" }' Statistic='p(99.9)' Below='2s' AbortOnFail='true' DelayAbortEval='10s' Message='too slow' />");

        Assert.AreEqual(new ThresholdPlan
        {
            Name = "http_req_duration{name:login} p(99.9)",
            Metric = "http_req_duration{name:login}",
            Statistic = "p(99.9)",
            Operator = "<",
            Limit = 2000,
            Expression = "p(99.9)<2000",
            AbortOnFail = true,
            DelayAbortEval = "10s",
            Message = "too slow",
            Location = new SourceLocation(project.File_, 2, 1),
        }, threshold);
    }

    [TestMethod]
    public void A_warning_and_a_name_of_ones_own_arrive_in_the_plan()
    {
        var threshold = Only(Scenario + "<K6Threshold Include='checks' Above='99%' Severity='Warning' Name='checks hold' />");

        Assert.AreEqual(ThresholdSeverity.Warning, threshold.Severity);
        Assert.AreEqual("checks hold", threshold.Name);
    }

    [TestMethod]
    [DataRow("http_req{", "closing brace")]
    [DataRow("http_reqs{a}", "not a tag")]
    [DataRow("my-metric", "not the name of a metric")]
    public void A_malformed_metric_is_an_error_at_its_item(string metric, string words) =>
        project.Reports($"{Scenario}  ▶<K6Threshold Include='{metric}' Statistic='rate' Below='1' />", Rules.InvalidMetric, words);

    [TestMethod]
    [DataRow("p(95)&lt;500ms", "no units")]
    [DataRow("p(95)=500", "no operator")]
    [DataRow("p95&lt;500", "Did you mean 'p(95)'?")]
    [DataRow("avg&lt;Inf", "write a number")]
    public void A_malformed_expression_is_an_error_at_its_place(string expression, string words) =>
        project.Reports($"{Scenario}<K6Threshold Include='http_req_duration' ▶Expression='{expression}' />", Rules.InvalidExpression, words);

    [TestMethod]
    [DataRow("Include='http_req_duration' ▶Statistic='count' Below='5'", "is a trend and has no count; it has avg, min, med, max, p(N) such as p(95).")]
    [DataRow("Include='http_req_duration' ▶Expression='rate&lt;0.1'", "is a trend and has no rate")]
    [DataRow("Include='http_reqs' ▶Statistic='p(95)' Below='5'", "is a counter and has no p(95); it has count, rate.")]
    [DataRow("Include='checks' ▶Statistic='avg' Below='5'", "is a rate and has no avg; it has rate.")]
    [DataRow("Include='vus' ▶Statistic='max' Below='5'", "is a gauge and has no max; it has value.")]
    [DataRow("Include='http_req_duration' ▶Statistic='p95' Below='5'", "Did you mean 'p(95)'?")]
    [DataRow("Include='http_req_duration' ▶Statistic='stddev' Below='5'", "is a trend and has avg, min")]
    [DataRow("Include='http_req_duration' ▶Statistic='p(101)' Below='5'", "'101'")]
    [DataRow("Include='orders' ▶Statistic='total' Below='5'", "There is: avg")]
    public void A_statistic_that_the_metric_does_not_have_is_an_error_with_those_it_has(string metadata, string words) =>
        project.Reports($"{Scenario}<K6Threshold {metadata} />", Rules.UnknownStatistic, words);

    [TestMethod]
    [DataRow("Include='http_req_duration' Below='500ms'", "is a trend: say which Statistic is limited, one of avg")]
    [DataRow("Include='http_reqs' Above='5'", "is a counter: say which Statistic is limited, one of count, rate")]
    [DataRow("Include='orders' Above='5'", "metric of a script")]
    public void A_metric_with_several_statistics_must_say_which(string metadata, string words) =>
        project.Reports($"{Scenario}▶<K6Threshold {metadata} />", Rules.MissingStatistic, words);

    [TestMethod]
    [DataRow("▶<K6Threshold Include='checks' />", "has none")]
    [DataRow("▶<K6Threshold Include='checks' Below='' />", "has none")]
    [DataRow("<K6Threshold Include='checks' Below='1%' ▶Above='99%' />", "Below and Above")]
    [DataRow("<K6Threshold Include='checks' ▶Below='1%' Expression='rate&lt;1' />", "remove Below, or Expression")]
    [DataRow("<K6Threshold Include='checks' ▶Statistic='rate' Expression='rate&lt;1' />", "remove Statistic")]
    public void A_threshold_has_exactly_one_limit(string xml, string words) => project.Reports(Scenario + xml, Rules.NotOneLimit, words);

    [TestMethod]
    [DataRow("Include='http_req_failed' ▶Below='5ms'", "share of 1")]
    [DataRow("Include='http_req_failed' ▶Below='5'", "write 5%")]
    [DataRow("Include='http_req_duration' Statistic='max' ▶Below='5%'", "a time")]
    [DataRow("Include='http_req_duration' Statistic='max' ▶Below='quick'", "500ms or 1.5s")]
    public void A_limit_that_does_not_fit_the_metric_is_an_error_at_its_place(string metadata, string words) =>
        project.Reports($"{Scenario}<K6Threshold {metadata} />", Rules.InvalidLimit, words);

    [TestMethod]
    [DataRow("▶Baseline='10%'")]
    public void Metadata_of_later_versions_are_an_error_that_says_so(string metadata) =>
        project.Reports($"{Scenario}<K6Threshold Include='checks' Above='1%' {metadata} />", Rules.NotYetSupported, "not supported yet");

    [TestMethod]
    [DataRow("▶DelayAbortEval='10s'", "AbortOnFail=\"true\"")]
    [DataRow("▶AbortOnFail='true' Severity='warning'", "cannot stop the run")]
    public void Metadata_that_exclude_each_other_are_an_error(string metadata, string words) =>
        project.Reports($"{Scenario}<K6Threshold Include='checks' Above='1%' {metadata} />", Rules.ContradictoryThreshold, words);

    [TestMethod]
    public void A_delay_may_stay_while_a_property_turns_the_abort_off() =>
        Assert.IsFalse(Only(Scenario + "<K6Threshold Include='checks' Above='1%' AbortOnFail='false' DelayAbortEval='10s' />").AbortOnFail);

    [TestMethod]
    [DataRow("▶Severity='fatal'")]
    [DataRow("▶Severity='1'")]
    [DataRow("▶AbortOnFail='yes'")]
    [DataRow("AbortOnFail='true' ▶DelayAbortEval='later'")]
    public void Values_that_cannot_be_read_are_errors_at_their_place(string metadata) =>
        project.Reports($"{Scenario}<K6Threshold Include='checks' Above='1%' {metadata} />", Rules.InvalidValue);

    [TestMethod]
    [DataRow("<K6Threshold Include='checks' Above='1%' />\n▶<K6Threshold Include='checks' AtLeast='2%' />")]
    [DataRow("<K6Threshold Include='checks{ a:1, b:2}' Above='1%' />\n▶<K6Threshold Include='checks{b:2,a:1}' AtLeast='2%' />")]
    [DataRow("<K6Threshold Include='checks' Above='1%' Name='x' />\n▶<K6Threshold Include='http_req_failed' Below='2%' Name='x' />")]
    [DataRow("<K6Threshold Include='checks' Above='1%' />\n▶<K6Threshold Include='checks' AtLeast='2%' Test='browse' />")]
    public void Two_thresholds_of_one_name_in_a_test_are_an_error_that_names_both_places(string xml)
    {
        var diagnostic = project.Reports(Scenario + "<K6Scenario Include='login.js' />" + xml, Rules.AmbiguousThreshold, "give each a Name");

        Assert.Contains(new SourceLocation(project.File_, 2, 34).ToString(), diagnostic.Message);
    }

    [TestMethod]
    public void Two_thresholds_on_one_statistic_live_together_with_names() =>
        Assert.HasCount(2, project.Plan(Scenario
            + "<K6Threshold Include='checks' Above='90%' Name='most checks hold' /><K6Threshold Include='checks' Above='99%' Severity='warning' Name='nearly all checks hold' />")
            .Tests[0].Thresholds);

    private ThresholdPlan Only(string xml) => project.Plan(xml).Tests.Single().Thresholds.Single();
}
