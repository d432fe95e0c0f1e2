using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Plans;

/// <summary>Window, For, ForEach, Per and Margin: what they mean, and who judges.</summary>
[TestClass]
public sealed class ThresholdConditionTests : IDisposable
{
    private const string Scenario = "<K6Scenario Include='browse.ts' />\n";
    private const string Samples = "<K6Samples>true</K6Samples>";

    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    [DataRow("30s..", 30.0, null, null, "30s..")]
    [DataRow("30s..2m", 30.0, 120.0, null, "30s..2m")]
    [DataRow("..60s", 0.0, 60.0, null, "..1m")]
    [DataRow(" 0s .. 500ms ", 0.0, 0.5, null, "..500ms")]
    [DataRow("last 30s", null, null, 30.0, "last 30s")]
    [DataRow("Last 1m30s", null, null, 90.0, "last 1m30s")]
    public void A_window_is_a_part_of_the_load(string text, double? from, double? to, double? last, string canonical)
    {
        var window = ThresholdWindow.TryParse(text);

        Assert.AreEqual(new ThresholdWindow { FromSeconds = from, ToSeconds = to, LastSeconds = last }, window);
        Assert.AreEqual(canonical, window!.ToString());
    }

    [TestMethod]
    [DataRow("..")]
    [DataRow("30s")]
    [DataRow("30..60")]
    [DataRow("2m..30s")]
    [DataRow("30s..30s")]
    [DataRow("-5s..")]
    [DataRow("last")]
    [DataRow("last 0s")]
    [DataRow("last 30")]
    [DataRow("after warm-up")]
    public void What_is_no_window_is_an_error_at_its_place(string text) =>
        project.Reports($"{Scenario}<K6Threshold Include='http_req_duration' Statistic='max' Below='1s' ▶Window='{text}' />", Rules.InvalidValue, "30s..2m");

    [TestMethod]
    [DataRow("http_req_duration", "p(95)", "Window='5s..'", ThresholdJudge.Engine)]
    [DataRow("http_reqs", "count", "Window='5s..9s'", ThresholdJudge.Engine)]
    [DataRow("http_reqs", "rate", "Window='5s..'", ThresholdJudge.Summary)]
    [DataRow("orders", "rate", "Window='5s..'", ThresholdJudge.Summary)]
    [DataRow("dropped_iterations", "count", "Window='5s..'", ThresholdJudge.Timeline)]
    [DataRow("http_reqs", "rate", "Window='last 5s'", ThresholdJudge.Timeline)]
    [DataRow("http_req_duration", "p(95)", "Window='last 5s'", ThresholdJudge.Samples)]
    [DataRow("http_req_duration", "p(95)", "For='5s'", ThresholdJudge.Timeline)]
    [DataRow("http_req_duration", "p(97)", "For='5s'", ThresholdJudge.Samples)]
    [DataRow("http_req_duration{name:login}", "p(95)", "For='5s'", ThresholdJudge.Samples)]
    [DataRow("http_req_duration", "p(95)", "ForEach='scenario'", ThresholdJudge.Engine)]
    [DataRow("http_req_duration", "p(95)", "ForEach='name'", ThresholdJudge.Samples)]
    [DataRow("errors", "count", "Per='http_reqs'", ThresholdJudge.Summary)]
    public void Who_judges_is_who_has_the_figures(string metric, string statistic, string metadata, ThresholdJudge judge) =>
        Assert.AreEqual(judge, Only($"{Samples}{Scenario}<K6Threshold Include='{metric}' Statistic='{statistic}' Below='1' {metadata} />").Judge);

    [TestMethod]
    [DataRow("http_req_duration", "Window='last 5s'")]
    [DataRow("http_req_duration{name:login}", "For='5s'")]
    [DataRow("http_req_duration", "ForEach='name'")]
    public void What_only_samples_can_judge_is_an_error_before_the_run_unless_they_are_kept(string metric, string metadata)
    {
        var threshold = $"▶<K6Threshold Include='{metric}' Statistic='p(95)' Below='1s' {metadata} />";

        project.Reports(Scenario + threshold, Rules.NeedsSamples, "set K6Samples=true");

        Assert.HasCount(1, project.Plan(Samples + Scenario + threshold.Replace("▶", "")).Tests[0].Thresholds);
    }

    [TestMethod]
    [DataRow("Statistic='p(95)' Below='1s' Window='5s..' For='3s'", "http_req_duration p(95) in 5s.. for 3s")]
    [DataRow("Statistic='p(95)' Below='1s' ForEach='scenario'", "http_req_duration p(95) for each scenario")]
    [DataRow("Statistic='p(95)' Below='2' Per='http_req_duration{name:a}'", "http_req_duration p(95) per http_req_duration{name:a}")]
    [DataRow("Statistic='p(95)' Below='1s' Margin='10%'", "http_req_duration p(95)")]
    public void Its_name_tells_what_it_is_about_and_never_the_limit(string metadata, string name) =>
        Assert.AreEqual(name, Only($"{Scenario}<K6Threshold Include='http_req_duration' {metadata} />").Name);

    [TestMethod]
    [DataRow("errors", "count", "5%", 0.05)]
    [DataRow("errors", "count", "0.2", 0.2)]
    [DataRow("data_received", "count", "20kB", 20000.0)]
    public void The_limit_of_a_ratio_is_a_share_or_a_number(string metric, string statistic, string limit, double expected) =>
        Assert.AreEqual(expected, Only($"{Scenario}<K6Threshold Include='{metric}' Statistic='{statistic}' Per='http_reqs' Below='{limit}' />").Limit);

    [TestMethod]
    [DataRow("Include='http_req_duration' Statistic='max' Below='1s' ▶AbortOnFail='true' For='3s'", "after the run")]
    [DataRow("Include='http_reqs' Statistic='rate' Above='1' ▶AbortOnFail='true' Window='5s..'", "in a window")]
    [DataRow("Include='errors' Statistic='count' Below='1%' Per='http_reqs' ▶For='3s'", "keep one of the two")]
    [DataRow("Include='http_req_duration' Expression='max!=3' ▶For='3s'", "has no sides")]
    [DataRow("Include='http_req_duration{scenario:browse}' Statistic='max' Below='1s' ▶ForEach='scenario'", "has one value of the tag")]
    public void Conditions_that_exclude_each_other_are_an_error(string metadata, string words) =>
        project.Reports($"{Scenario}<K6Threshold {metadata} />", Rules.ContradictoryThreshold, words);

    [TestMethod]
    [DataRow("▶For='500ms'", "shorter than the second")]
    [DataRow("▶For='soon'", "not a duration")]
    [DataRow("▶ForEach='url'", "nearly every request")]
    [DataRow("▶ForEach='name:login'", "not the key of a tag")]
    [DataRow("▶Margin='0%'", "above 0")]
    [DataRow("▶Margin='a bit'", "such as Margin=\"10%\"")]
    public void Conditions_that_cannot_be_read_are_errors_at_their_place(string metadata, string words) =>
        project.Reports($"{Scenario}<K6Threshold Include='http_req_duration' Statistic='max' Below='1s' {metadata} />", Rules.InvalidValue, words);

    [TestMethod]
    public void A_divisor_that_is_no_metric_is_an_error_at_its_place() =>
        project.Reports($"{Scenario}<K6Threshold Include='errors' Statistic='count' Below='1%' ▶Per='http-reqs' />", Rules.InvalidMetric, "not the name of a metric");

    [TestMethod]
    public void The_same_can_be_said_in_csharp()
    {
        var threshold = Threshold.On("errors").Per("http_reqs").Count().Below("1%").In("30s..").WithMargin(0.1);

        Assert.AreEqual("http_reqs", threshold.Metadata["Per"]);
        Assert.AreEqual("30s..", threshold.Metadata["Window"]);
        Assert.AreEqual("0.1", threshold.Metadata["Margin"]);
        Assert.AreEqual("10s", Threshold.On("http_req_duration").Maximum().Below("1s").For(TimeSpan.FromSeconds(10)).Metadata["For"]);
        Assert.AreEqual("name", Threshold.On("http_req_duration").Maximum().Below("1s").ForEach("name").Metadata["ForEach"]);
        Assert.ThrowsExactly<ArgumentException>(() => Threshold.On("http_req_duration").Maximum().Below("1s").In("soon"));
    }

    private ThresholdPlan Only(string xml) => project.Plan(xml).Tests.Single().Thresholds.Single();
}
