using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class ThresholdScopeTests : IDisposable
{
    private const string Scenarios =
        "<K6Scenario Include='browse.ts' Test='peak' /><K6Scenario Include='checkout.ts' Test='peak' /><K6Scenario Include='login.js' />\n";

    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    public void Without_test_or_scenario_it_applies_to_every_run() =>
        Assert.AreEqual("peak: checks rate; login: checks rate", Applied("<K6Threshold Include='checks' Above='1%' />"));

    [TestMethod]
    public void With_a_test_it_applies_to_that_run() =>
        Assert.AreEqual("peak: checks rate; login: ", Applied("<K6Threshold Include='checks' Above='1%' Test='peak' />"));

    [TestMethod]
    public void With_a_scenario_it_applies_to_the_run_of_that_scenario_and_carries_its_tag()
    {
        const string Xml = "<K6Threshold Include='http_reqs{status:200,name:a}' Statistic='count' Above='1' Scenario='Checkout' />";
        Assert.AreEqual("peak: http_reqs{name:a,scenario:checkout,status:200} count; login: ", Applied(Xml));

        var threshold = project.Plan(Scenarios + Xml).Tests[0].Thresholds[0];
        Assert.AreEqual("http_reqs{name:a,status:200}", threshold.Metric);
        Assert.AreEqual("checkout", threshold.Scenario);
    }

    [TestMethod]
    public void The_tag_of_a_declared_scenario_in_the_metric_means_the_same() =>
        Assert.AreEqual("peak: ; login: checks{scenario:login} rate", Applied("<K6Threshold Include='checks{scenario:login}' Above='1%' />"));

    [TestMethod]
    public void The_tag_of_a_scenario_in_a_script_stays_a_tag()
    {
        var plan = project.Plan(Scenarios + "<K6Threshold Include='checks{scenario:warmup}' Above='1%' Test='login' />");

        Assert.AreEqual("checks{scenario:warmup}", plan.Tests[1].Thresholds[0].Metric);
        Assert.IsNull(plan.Tests[1].Thresholds[0].Scenario);
    }

    [TestMethod]
    public void The_same_metric_of_two_scenarios_needs_no_name() =>
        Assert.AreEqual("peak: checks{scenario:browse} rate checks{scenario:checkout} rate; login: ",
            Applied("<K6Threshold Include='checks' Above='1%' Scenario='browse' /><K6Threshold Include='checks' Above='2%' Scenario='checkout' />"));

    [TestMethod]
    public void Thresholds_of_scenarios_that_do_not_run_do_not_apply()
    {
        const string Xml = "<K6Threshold Include='checks' Above='1%' Scenario='browse' /><K6Threshold Include='checks' Above='2%' Test='login' />";

        Assert.AreEqual("peak: ", Applied($"<K6ScenarioFilter>checkout</K6ScenarioFilter>{Xml}"));
        Assert.IsEmpty(project.Plan($"<K6Scenario Include='browse.ts' Enabled='false' /><K6Scenario Include='checkout.ts' /><K6Threshold Include='checks' Above='1%' Scenario='browse' />")
            .Tests[0].Thresholds);
    }

    [TestMethod]
    [DataRow("<K6Threshold Include='checks' Above='1%' ▶Scenario='chekout' />", "Did you mean 'checkout'?")]
    [DataRow("<K6Threshold Include='checks' Above='1%' ▶Scenario='warmup' />", "checks{scenario:warmup}")]
    [DataRow("<K6Threshold Include='checks' Above='1%' ▶Test='pek' />", "Did you mean 'peak'?")]
    [DataRow("<K6Threshold Include='checks' Above='1%' ▶Test='browse' />", "There is: peak, login")]
    public void An_unknown_scenario_or_test_is_an_error_at_its_place(string xml, string words) =>
        project.Reports(Scenarios + xml, Rules.UnknownScope, words);

    [TestMethod]
    [DataRow("<K6Threshold Include='checks' Above='1%' Scenario='browse' ▶Test='login' />", "runs in test 'peak'")]
    [DataRow("<K6Threshold Include='checks{scenario:login}' Above='1%' ▶Scenario='browse' />", "exclude each other")]
    public void A_scope_that_is_empty_is_an_error_at_its_place(string xml, string words) =>
        project.Reports(Scenarios + xml, Rules.EmptyScope, words);

    private string Applied(string xml) => string.Join("; ", project.Plan(Scenarios + xml).Tests
        .Select(test => $"{test.Name}: {string.Join(' ', test.Thresholds.Select(threshold => threshold.Name))}"));
}
