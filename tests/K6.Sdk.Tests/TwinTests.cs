using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using K6.LoadTesting;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.Sdk.Tests;

/// <summary>A scenario class and a project that say the same.</summary>
[TestClass]
public sealed class TwinTests : IDisposable
{
    private readonly Consumer _consumer = new();
    private readonly HttpListener _listener = new();
    private readonly string _address;

    public TwinTests()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            _address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add(_address + "/");
        _listener.Start();
        _ = AnswerAsync();
    }

    public void Dispose()
    {
        ((IDisposable)_listener).Dispose();
        _consumer.Dispose();
    }

    [TestMethod]
    public async Task A_scenario_class_has_the_plan_and_the_figures_of_its_twin_in_a_project()
    {
        _consumer.Write("Twin/Twin.csproj", $$"""
            <Project Sdk="K6.Sdk/$VERSION$">
              <PropertyGroup>
                <K6Engine>embedded</K6Engine>
                <K6MaxDropped>5%</K6MaxDropped>
              </PropertyGroup>
              <ItemGroup>
                <K6EnvironmentVariable Include="BASE_URL" Value="{{_address}}" />
                <K6Scenario Include="Twin" Executor="shared-iterations" Vus="2" Iterations="20" Tags="team=shop" />
                <K6Endpoint Include="GET /products" Scenario="Twin" Query="page={page}" Parameters="page=1..5" Weight="70" Expect="200, $.page > 0" />
                <K6Endpoint Include="GET /missing" Scenario="Twin" Weight="30" Expect="404" />
                <K6Threshold Include="http_req_duration" Statistic="p(95)" Below="1m" Test="Twin" />
                <K6Threshold Include="http_reqs" Expression="count==20" Test="Twin" />
                <K6Threshold Include="http_reqs{name:GET /missing}" Expression="count==6" Test="Twin" />
              </ItemGroup>
            </Project>
            """);
        ZipFile.ExtractToDirectory(PackedSdk.LibraryFile, _consumer.PathOf("package"));
        var runner = new K6Runner(new K6Options
        {
            Engine = EngineChoice.Embedded,
            MaxDropped = 0.05,
            Directory = _consumer.PathOf("class"),
            ToolsDirectory = _consumer.PathOf("package/tools"),
        });

        _consumer.Dotnet("build", "Twin", "-t:LoadTest").Succeeded();
        var fromProject = LoadTestResult.Read(_consumer.PathOf("Twin/TestResults/loadtest.json"));
        var fromClass = await runner.RunAsync(new Twin(_address));

        Assert.AreEqual(PlanOf(LoadPlan.Read(_consumer.PathOf("Twin/obj/k6/plan.json"))), PlanOf(runner.Plan(new Twin(_address))));
        Assert.AreEqual(Figures(fromProject), Figures(fromClass));
        StringAssert.Contains(Figures(fromClass), "GET /products 14, GET /missing 6");
    }

    /// <summary>A plan but for where it was said, and where its results go.</summary>
    private string PlanOf(LoadPlan plan)
    {
        var json = JsonSerializer.SerializeToNode(plan, typeof(LoadPlan), LoadTestJson.Instance)!;
        foreach (var name in (string[])["project", "projectFile"])
        {
            json.AsObject().Remove(name);
        }

        foreach (var name in (string[])["resultsDirectory", "historyPath"])
        {
            json["settings"]!.AsObject().Remove(name);
        }

        RemovePlaces(json);
        return json.ToJsonString(new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            .Replace(_consumer.PathOf("class/k6-results/Twin/generated"), "generated", StringComparison.Ordinal)
            .Replace(_consumer.PathOf("Twin/obj/k6"), "generated", StringComparison.Ordinal);
    }

    private static void RemovePlaces(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject some:
                some.Remove("location");
                some.Remove("metadataLocations");
                some.Remove("origin");
                some.ToList().ForEach(property => RemovePlaces(property.Value));
                break;
            case JsonArray list:
                list.ToList().ForEach(RemovePlaces);
                break;
        }
    }

    private static string Figures(LoadTestResult result)
    {
        var test = result.Tests.Single();
        return $"""
            {result.Verdict}, {test.Name}
            {string.Join(", ", test.Scenarios.Select(scenario => $"{scenario.Name} {scenario.Executor} {scenario.Iterations}"))}
            {string.Join(", ", test.Endpoints.Select(endpoint => $"{endpoint.Name} {endpoint.Requests}"))}
            {string.Join(", ", test.Checks.OrderBy(check => check.Name, StringComparer.Ordinal).Select(check => $"{check.Name} {check.Passes} {check.Fails}"))}
            {string.Join(", ", test.Thresholds.Select(threshold => $"{threshold.Name} {threshold.Expression} {threshold.Verdict} {threshold.Samples}"))}
            {string.Join(", ", test.Metrics.Where(metric => metric.Value.Type == "counter" && metric.Value.Contains != "data").Select(metric => $"{metric.Key} {metric.Value.Values["count"]}"))}
            """;
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var request = await _listener.GetContextAsync();
                request.Response.StatusCode = request.Request.Url!.AbsolutePath == "/products" ? 200 : 404;
                request.Response.Close("""{"page":3}"""u8.ToArray(), willBlock: false);
            }
        }
        catch (Exception failure) when (failure is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The end of the test.
        }
    }

    private sealed class Twin(string baseUrl) : LoadTestScenario(baseUrl)
    {
        protected internal override void Define(LoadTestDefinition test)
        {
            test.Load(new ScenarioLoad { Executor = "shared-iterations", Vus = 2, Iterations = 20 });
            test.Tag("team", "shop");
            test.Get("/products").Query("page", "{page}").Parameter("page", "1..5").Weight(70).Expect("200").Expect("$.page > 0");
            test.Get("/missing").Weight(30).Expect("404");
            test.Threshold(Threshold.On("http_req_duration").Percentile(95).Below("1m"));
            test.Threshold("http_reqs", "count==20");
            test.Threshold("http_reqs{name:GET /missing}", "count==6");
        }
    }
}
