using System.Text.Json;

namespace K6.Sdk.Tests;

/// <summary><c>dotnet new</c> from the packed templates, with a hive of its own; what they make is built and run.</summary>
[TestClass]
public sealed class TemplateTests
{
    private static Consumer _consumer = null!;

    [ClassInitialize]
    public static void Install(TestContext _)
    {
        _consumer = new Consumer();
        New("install", $"K6.Templates@{PackedSdk.Version}").Succeeded().Says("k6-loadtest").Says("k6-scenario");
    }

    [ClassCleanup]
    public static void Remove() => _consumer.Dispose();

    [TestMethod]
    public void A_new_load_test_of_an_application_is_checked_and_runs_green_as_it_is()
    {
        _consumer.WriteService("Shop.Api");

        New("k6-loadtest", "-o", "Shop.LoadTests", "--api", "../Shop.Api", "--health", "/health", "--path", "/hello").Succeeded().Says("dotnet build -t:LoadTest");

        Assert.IsTrue(_consumer.Has("Shop.LoadTests/obj/k6/tsconfig.json"), "it was restored");
        _consumer.Dotnet("build", "Shop.LoadTests", "-t:LoadTest", "-tl:off", "-p:K6TypeCheck=true", "-p:K6Engine=embedded").Succeeded().Says("PASSED first").DoesNotSay("KSDK00");
        using var result = JsonDocument.Parse(File.ReadAllText(_consumer.PathOf("Shop.LoadTests/TestResults/loadtest.json")));
        Assert.IsGreaterThan(0, result.RootElement.GetProperty("tests")[0].GetProperty("metrics").GetProperty("http_reqs").GetProperty("values").GetProperty("count").GetDouble());

        New("k6-scenario", "-n", "orders", "-o", "Shop.LoadTests/requests", "--kind", "http", "--path", "/hello").Succeeded();
        var project = _consumer.PathOf("Shop.LoadTests/Shop.LoadTests.csproj");
        File.WriteAllText(project, File.ReadAllText(project).Replace("</Project>", """<ItemGroup><K6Scenario Include="requests/orders.http" Vus="1" Iterations="5" /></ItemGroup></Project>""", StringComparison.Ordinal));
        _consumer.Dotnet("build", "Shop.LoadTests", "-t:LoadTest", "-tl:off", "-p:K6Engine=embedded", "-p:K6ScenarioFilter=orders").Succeeded().Says("PASSED orders");

        New("k6-scenario", "-n", "search", "-o", "Shop.LoadTests/scenarios", "--path", "/hello").Succeeded();
        _consumer.Dotnet("build", "Shop.LoadTests", "-t:K6ListScenarios", "-tl:off").Succeeded().Says("search");
        File.AppendAllText(_consumer.PathOf("Shop.LoadTests/scenarios/search.ts"), "export const wrong: number = 'text';\n");
        _consumer.Dotnet("build", "Shop.LoadTests", "-t:LoadTest", "-tl:off").FailedWith("search.ts(9,14): error TS2322").DoesNotSay("running on");
    }

    [TestMethod]
    [DataRow("Smoke")]
    [DataRow("Steady")]
    [DataRow("RampUp")]
    [DataRow("Spike")]
    [DataRow("Stress")]
    [DataRow("Soak")]
    [DataRow("Breakpoint")]
    public void Each_pattern_makes_a_project_that_is_valid(string pattern)
    {
        New("k6-loadtest", "-o", pattern, "--pattern", pattern, "--url", "http://localhost:1234", "--no-restore").Succeeded();

        StringAssert.Contains(File.ReadAllText(_consumer.PathOf($"{pattern}/{pattern}.csproj")), "http://localhost:1234");
        _consumer.Dotnet("build", pattern, "-t:K6Validate;K6Bundle;K6TypeCheck", "-tl:off").Succeeded().Says("valid").DoesNotSay("warning");
    }

    [TestMethod]
    [DataRow("../Shop.Api/", "../Shop.Api/Shop.Api.csproj")]
    [DataRow(@"..\src\Shop.Api", "../src/Shop.Api/Shop.Api.csproj")]
    [DataRow("Api", "Api/Api.csproj")]
    [DataRow("../Shop/Server.fsproj", "../Shop/Server.fsproj")]
    public void The_application_is_a_folder_or_a_project(string api, string project)
    {
        var folder = $"api{Math.Abs(api.GetHashCode(StringComparison.Ordinal))}";
        New("k6-loadtest", "-o", folder, "--api", api, "--no-restore").Succeeded();

        StringAssert.Contains(File.ReadAllText(_consumer.PathOf($"{folder}/{folder}.csproj")), $"<K6Service Include=\"{project}\"");
    }

    [TestMethod]
    public void A_new_scenario_can_be_a_file_of_requests()
    {
        New("k6-scenario", "-n", "orders", "-o", "requests", "--kind", "http", "--path", "/orders").Succeeded();

        Assert.IsFalse(_consumer.Has("requests/orders.ts"));
        StringAssert.Contains(File.ReadAllText(_consumer.PathOf("requests/orders.http")), "GET {{baseUrl}}/orders");
    }

    private static DotnetRun New(params string[] arguments) => _consumer.Dotnet(["new", .. arguments, "--debug:custom-hive", _consumer.PathOf("hive")]);
}
