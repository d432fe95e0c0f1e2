using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class LoadPlanTests : IDisposable
{
    private const string Shop = """
        <K6Scenario Include="browse.ts" Test="peak" Vus="10" Duration="30s" />
        <K6Scenario Include="checkout.ts" Test="peak" Exec="pay" Stages="10s:5, 1m:5, 10s:0" StartTime="5s" Tags="team=shop" Environment="DEPTH=3" />
        <K6Scenario Include="login.js" />
        <K6Threshold Include="http_req_duration" Statistic="p(95)" Below="500ms" Scenario="browse" AbortOnFail="true" DelayAbortEval="10s" />
        <K6Threshold Include="http_req_failed" Below="0.1%" Message="the shop is down" />
        <K6Threshold Include="http_reqs{name:a rather long name of a request that somebody chose}" Statistic="rate" AtLeast="10/s" Severity="warning" Test="peak" />
        <K6Threshold Include="orders" Expression="count>0" Test="login" />
        <K6EnvironmentVariable Include="TOKEN" />
        <K6Service Include="Shop.Api/Shop.Api.csproj" />
        <K6RuleSeverity>KSDK0107=none</K6RuleSeverity>
        """;

    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    public void A_plan_survives_its_file()
    {
        var plan = project.Plan(Shop);
        var (first, second) = (project.PathOf("obj/plan.json"), project.PathOf("obj/again.json"));

        LoadTestJson.Write(first, plan);
        var read = LoadTestJson.Read<LoadPlan>(first);
        LoadTestJson.Write(second, read);

        Assert.AreEqual(File.ReadAllText(first), File.ReadAllText(second));
        Assert.AreSequenceEqual(plan.Tests[0].Thresholds, read.Tests[0].Thresholds);
        Assert.AreEqual(plan.Tests[0].Scenarios[1].Location, read.Tests[0].Scenarios[1].Location);
        Assert.AreSequenceEqual(plan.Tests[0].Scenarios[1].Load!.Stages!, read.Tests[0].Scenarios[1].Load!.Stages!);
        Assert.AreSequenceEqual(plan.Environment, read.Environment);
        Assert.IsTrue(read.Settings.RuleSeverities.TryGetValue("KSDK0107", out var severity));
        Assert.IsNull(severity);
    }

    [TestMethod]
    public void The_listing_shows_tests_loads_and_thresholds()
    {
        var expected = """
            peak
              SCENARIO  EXECUTOR      LOAD                                                   SCRIPT
              browse    constant-vus  10 VUs for 30s                                         browse.ts
              checkout  ramping-vus   1 VU, to 5 in 10s, to 5 in 1m, to 0 in 10s, after 5s   checkout.ts (pay)
              THRESHOLD                                                        LIMIT           WHEN CROSSED
              http_req_duration{scenario:browse} p(95)                         p(95) < 500ms   stops the run
              http_req_failed rate                                             rate < 0.1%     fails
              http_reqs{name:a rather long name of a request that somebody chose}… rate >= 10/s    warns

            login
              SCENARIO  EXECUTOR  LOAD                SCRIPT
              login     -         as the script says  login.js
              THRESHOLD             LIMIT        WHEN CROSSED
              http_req_failed rate  rate < 0.1%  fails
              orders count          count > 0    fails

            """;

        var plan = project.Plan(Shop);
        var listing = ScenarioListing.Write(plan);
        var chart = LoadChart.Draw(plan.Tests[0].Scenarios, ascii: false);

        Assert.Contains(chart, listing);
        Assert.AreEqual(Squeeze(expected), Squeeze(listing.Replace(chart, "", StringComparison.Ordinal)));
        Assert.IsTrue(listing.Split('\n').All(line => line.Length <= 100), listing);
    }

    // Columns are aligned by the widest cell; how wide that is does not matter here.
    private static string Squeeze(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
}
