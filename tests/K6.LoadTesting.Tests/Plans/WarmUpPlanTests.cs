using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class WarmUpPlanTests : IDisposable
{
    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    [DataRow("<K6Scenario Include='browse.ts' />", null)]
    [DataRow("<K6Scenario Include='browse.ts' WarmUp='10s' />", "10s")]
    [DataRow("<K6WarmUp>5s</K6WarmUp><K6Scenario Include='browse.ts' />", "5s")]
    [DataRow("<K6WarmUp>5s</K6WarmUp><K6Scenario Include='browse.ts' WarmUp='1m' />", "1m")]
    [DataRow("<K6WarmUp>5s</K6WarmUp><K6Scenario Include='browse.ts' WarmUp='0s' />", null)]
    [DataRow("<K6WarmUp>0s</K6WarmUp><K6Scenario Include='browse.ts' />", null)]
    [DataRow("<K6WarmUp>5s</K6WarmUp><K6Debug>true</K6Debug><K6Scenario Include='browse.ts' />", null)]
    [DataRow("<K6Scenario Include='browse.ts' Test='all' /><K6Scenario Include='checkout.ts' Test='all' WarmUp='90s' />", "90s")]
    [DataRow("<K6Scenario Include='browse.ts' Test='all' WarmUp='1m30s' /><K6Scenario Include='checkout.ts' Test='all' WarmUp='90s' />", "1m30s")]
    public void A_test_warms_up_as_its_scenarios_say_and_else_as_the_property_says(string xml, string? expected) =>
        Assert.AreEqual(expected, project.Plan(xml).Tests.Single().WarmUp);

    [TestMethod]
    public void A_warm_up_that_is_no_length_is_an_error_at_its_place()
    {
        project.Reports("<K6Scenario Include='browse.ts' ▶WarmUp='long' />", Rules.InvalidValue, "'long' in WarmUp");
        project.Reports("<K6Scenario Include='browse.ts' ▶WarmUp='500ms' />", Rules.InvalidValue, "less than a second");
        project.Reports("▶<K6WarmUp>500ms</K6WarmUp><K6Scenario Include='browse.ts' />", Rules.InvalidProperty, "less than a second");
    }

    [TestMethod]
    public void Scenarios_that_run_together_warm_up_together() =>
        project.Reports(
            "<K6Scenario Include='browse.ts' Test='all' WarmUp='10s' /><K6Scenario Include='checkout.ts' Test='all' ▶WarmUp='20s' />",
            Rules.WarmUpsDiffer,
            "'checkout' warms up for 20s",
            "'browse' for 10s");
}
