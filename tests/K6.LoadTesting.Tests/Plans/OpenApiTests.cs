using K6.LoadTesting.Plans;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Plans;

/// <summary><c>K6OpenApi</c> items, and scenarios over a document.</summary>
[TestClass]
public sealed class OpenApiTests : IDisposable
{
    private const string Scenario = """<K6Scenario Include="browse.ts" />""";

    private readonly DeclaredProject project = new();

    public OpenApiTests() => File.WriteAllText(project.PathOf("shop.yaml"), "");

    public void Dispose() => project.Dispose();

    [TestMethod]
    public void A_document_becomes_a_client()
    {
        var client = project.Plan($"""
            {Scenario}<K6OpenApi Include="shop.yaml" Name="store" ValidateResponses="true" Security="key=STORE_KEY" Exclude="reset, DELETE /admin/*" TokenOperation="login" TokenPlace="$.t" Seed="7">
              <Parameters>
                id=1..200
                size=S|M
              </Parameters>
            </K6OpenApi>
            """).OpenApi.Single();

        Assert.AreEqual(("store", project.PathOf("shop.yaml"), null, "BASE_URL", true, "login", "$.t", 7),
            (client.Name, client.File, client.Project, client.UrlVariable, client.ValidateResponses, client.TokenOperation, client.TokenPlace, client.Seed));
        Assert.AreEqual("STORE_KEY", client.Security["key"]);
        CollectionAssert.AreEqual(new[] { "reset", "DELETE /admin/*" }, client.Exclude.ToArray());
        Assert.AreEqual("1..200 S|M", $"{client.Parameters["id"]} {client.Parameters["size"]}");
    }

    [TestMethod]
    public void A_project_that_is_a_service_too_has_its_address_and_its_name()
    {
        var client = project.Plan($"""
            {Scenario}<K6Service Include="Shop.Api/Shop.Api.csproj" UrlVariable="SHOP_URL" /><K6OpenApi Include="Shop.Api/Shop.Api.csproj" DocumentName="internal" />
            """).OpenApi.Single();

        Assert.AreEqual(("shop-api", "SHOP_URL", "internal", "Release"), (client.Name, client.UrlVariable, client.DocumentName, client.Configuration));
        Assert.AreEqual(project.PathOf("Shop.Api/Shop.Api.csproj"), client.Project);
        Assert.EndsWith(Path.Combine("obj", "k6", "clients", "shop-api.document.json"), client.File);
    }

    [TestMethod]
    public void A_scenario_may_be_all_operations_of_a_client()
    {
        var plan = project.Plan("""<K6OpenApi Include="shop.yaml" /><K6Scenario Include="k6-clients/shop" Vus="5" Duration="10s" />""");
        var scenario = plan.Tests.Single().Scenarios.Single();

        Assert.AreEqual(("shop", "constant-vus"), (scenario.Name, scenario.Load!.Executor));
        Assert.AreEqual("shop", scenario.Client);
        Assert.EndsWith(Path.Combine("obj", "k6", "sources", "shop.ts"), scenario.File);
        Assert.Contains("all operations of shop", ScenarioListing.Write(plan));
    }

    [TestMethod]
    [DataRow("""▶<K6OpenApi Include="shp.yaml" />""", "KSDK0645", "Did you mean 'shop.yaml'?")]
    [DataRow("""▶<K6OpenApi Include="missing/Api.csproj" />""", "KSDK0645", "The project 'missing/Api.csproj' does not exist")]
    [DataRow("""▶<K6OpenApi Include="notes.md" />""", "KSDK0645", ".json, .yaml, .yml, or an ASP.NET Core project")]
    [DataRow("""<K6OpenApi Include="shop.yaml" />▶<K6OpenApi Include="shop.yaml" />""", "KSDK0656", "declared at")]
    [DataRow("""<K6OpenApi Include="shop.yaml" ▶Configuration="Debug" />""", "KSDK0656", "Configuration is for a project")]
    [DataRow("""<K6OpenApi Include="shop.yaml" ▶TokenPlace="$.t" />""", "KSDK0656", "name that operation")]
    [DataRow("""<K6OpenApi Include="shop.yaml" ▶Name="my shop" />""", "KSDK0112", "k6-clients/NAME")]
    [DataRow("""<K6OpenApi Include="shop.yaml" ▶Parameters="id" />""", "KSDK0104", "is not name=values")]
    [DataRow("""<K6OpenApi Include="shop.yaml" ▶Parameters="id=1, id=2" />""", "KSDK0104", "given twice")]
    [DataRow("""<K6OpenApi Include="shop.yaml" ▶Seed="-1" />""", "KSDK0104", "not a number from 0")]
    [DataRow("""<K6OpenApi Include="shop.yaml" ▶Security="key=K6_KEY" />""", "KSDK0150", "K6_KEY")]
    [DataRow("""<K6OpenApi Include="shop.yaml" ▶Validate="true" />""", "KSDK0103", "no metadatum 'Validate'")]
    [DataRow("""<K6OpenApi Include="shop.yaml" />▶<K6Scenario Include="k6-clients/shp" />""", "KSDK0659", "Did you mean 'shop'?")]
    [DataRow("""▶<K6Scenario Include="k6-clients/shop" />""", "KSDK0659", """<K6OpenApi Include="shop.yaml" />""")]
    [DataRow("""▶<K6MinimumEndpointCoverage>80%</K6MinimumEndpointCoverage>""", "KSDK0671", "needs an OpenAPI document")]
    [DataRow("""<K6OpenApi Include="shop.yaml" />▶<K6MinimumEndpointCoverage>all</K6MinimumEndpointCoverage>""", "KSDK0108", "not a share")]
    public void What_is_wrong_is_said_at_its_place(string xml, string code, string words) =>
        project.Reports(Scenario + xml, Rules.All.Single(rule => rule.Code == code), words);
}
