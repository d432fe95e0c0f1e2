using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class RegressionItemTests : IDisposable
{
    private const string Scenario = "<K6Scenario Include='browse.ts' />\n";

    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    public void A_regression_arrives_in_the_plan_of_its_test()
    {
        var plan = project.Plan(Scenario + "<K6Scenario Include='login.js' />\n<K6Regression Include='http_req_duration' Statistic='p(95)' MaxIncrease='10%' />\n<K6Regression Include='http_reqs' Statistic='rate' MaxDecrease='0.05' Test='login' Severity='error' Message='Slower!' Name='throughput' />");

        Assert.HasCount(1, plan.Tests[0].Regressions);
        Assert.AreEqual(
            new RegressionPlan { Name = "http_req_duration p(95)", Metric = "http_req_duration", Statistic = "p(95)", Allowed = 0.1, MoreIsWorse = true, Location = new SourceLocation(project.File_, 3, 1) },
            plan.Tests[0].Regressions[0]);
        Assert.AreEqual(
            new RegressionPlan { Name = "throughput", Metric = "http_reqs", Statistic = "rate", Allowed = 0.05, MoreIsWorse = false, Severity = ThresholdSeverity.Error, Message = "Slower!", Location = new SourceLocation(project.File_, 4, 1) },
            plan.Tests[1].Regressions[1]);
        Assert.AreEqual("http_req_duration{scenario:browse}", project.Plan(Scenario + "<K6Regression Include='http_req_duration' Statistic='med' MaxIncrease='5%' Scenario='browse' />").Tests[0].Regressions[0].Metric);
    }

    [TestMethod]
    [DataRow("▶<K6Regression Include='http_req_duration' Statistic='med' />", "MaxIncrease")]
    [DataRow("▶<K6Regression Include='http_req_duration' Statistic='med' MaxIncrease='5%' MaxDecrease='5%' />", "exactly one")]
    [DataRow("<K6Regression Include='http_req_duration' Statistic='med' ▶MaxIncrease='a lot' />", "such as MaxIncrease=\"10%\"")]
    [DataRow("<K6Regression Include='http_reqs' Statistic='rate' ▶MaxDecrease='100%' />", "such as MaxDecrease=\"10%\"")]
    [DataRow("<K6Regression Include='http_req_duration' ▶Statistic='p(97)' MaxIncrease='5%' />", "does not keep p(97)")]
    [DataRow("▶<K6Regression Include='service:shop.cpu' Statistic='max' MaxIncrease='5%' />", "K6Threshold")]
    [DataRow("<K6Regression Include='http_req_duration' Statistic='med' MaxIncrease='5%' ▶Baseline='x' />", "no metadatum")]
    public void What_cannot_be_compared_is_an_error_at_its_place(string xml, string words)
    {
        var diagnostic = project.Diagnostics(Scenario + xml.Replace("▶", "")).Single();

        Assert.Contains(words, diagnostic.Message);
        var column = (Scenario + xml).Split('\n')[1].IndexOf('▶') + 1;
        Assert.AreEqual(new SourceLocation(project.File_, 2, column), diagnostic.Location);
    }

    [TestMethod]
    public void A_comparison_that_nothing_judges_is_an_error()
    {
        const string With = "<K6CompareWith>main</K6CompareWith>";

        Assert.AreEqual("KSDK0423", project.Diagnostics(With + Scenario).Single().Code);
        Assert.AreEqual("main", project.Plan(With + Scenario + "<K6Regression Include='http_req_duration' Statistic='med' MaxIncrease='5%' />").Settings.CompareWith);
    }

    [TestMethod]
    [DataRow("2")]
    [DataRow("11")]
    [DataRow("many")]
    public void Pairs_are_enough_to_tell_their_noise(string pairs) =>
        project.Reports($"▶<K6ComparePairs>{pairs}</K6ComparePairs>{Scenario}", Rules.InvalidProperty, "K6ComparePairs");

    [TestMethod]
    [DataRow("", ".k6/history.jsonl")]
    [DataRow("<K6HistoryPath>history/all.jsonl</K6HistoryPath>", "history/all.jsonl")]
    [DataRow("<K6HistoryPath>histories/</K6HistoryPath>", "histories/Shop.LoadTests.jsonl")]
    [DataRow("<K6HistoryPath>none</K6HistoryPath>", null)]
    public void The_history_is_a_file_a_folder_or_none(string property, string? path) =>
        Assert.AreEqual(path is null ? null : project.PathOf(path), project.Plan(property + Scenario).Settings.HistoryPath);
}
