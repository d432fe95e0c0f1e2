using K6.LoadTesting.Results;

namespace K6.Sdk.Tests;

/// <summary>A load test without a script, in a project of ten lines, with the packed SDK.</summary>
[TestClass]
public sealed class EndpointTests : IDisposable
{
    private static readonly (string Name, double Weight)[] Weights = [("GET /products", 60), ("GET /products/{id}", 25), ("search", 10), ("POST /login", 5)];

    private readonly Consumer _consumer = new();

    public EndpointTests()
    {
        _consumer.WriteService("Shop");
        _consumer.Write("Shop/Program.cs", """
            var app = WebApplication.CreateBuilder(args).Build();
            app.MapGet("/health", () => "fine");
            app.MapGet("/products", (int page) => new { items = new[] { page } });
            app.MapGet("/products/{id}", (int id) => id is >= 1 and <= 200 ? Results.Ok(new { id }) : Results.NotFound());
            app.MapGet("/search", (string q) => q);
            app.MapPost("/login", (User user) => new { token = user.Name });
            app.Run();
            record User(string Name);
            """);
        // What is looked at are weights; other tests share the machine, and late or dropped starts are no news here.
        _consumer.Write("load/load.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$"><PropertyGroup><K6RuleSeverity>KSDK0336=warning, KSDK0338=warning</K6RuleSeverity></PropertyGroup><ItemGroup>
              <K6Service Include="../Shop/Shop.csproj" HealthPath="/health" />
              <K6Scenario Include="smoke" Pattern="Smoke" Duration="2s" />
              <K6Scenario Include="ramp" Pattern="RampUp" Vus="3" Duration="4s" />
              <K6Scenario Include="spike" Pattern="Spike" Rate="40" Duration="5s" PreAllocatedVUs="5" />
              <K6Endpoint Include="GET /products" Weight="60" Query="page={page}" Parameters="page=1..5" Expect="200, $.items.length > 0" ThinkTime="5ms" />
              <K6Endpoint Include="GET /products/{id}" Weight="25" Parameters="id=1..200" Expect="200" ThinkTime="5ms" />
              <K6Endpoint Include="search" Request="GET /search?q={word}" Weight="10" Parameters="word=oak|steel pan" Expect="body matches /oak|steel pan/" />
              <K6Endpoint Include="POST /login" Weight="5" Body='{ "name": "alice" }' Expect="200, $.token == alice" />
            </ItemGroup></Project>
            """);
    }

    public void Dispose() => _consumer.Dispose();

    [TestMethod]
    [DataRow("embedded")]
    [DataRow("k6")]
    public void Four_weighted_endpoints_under_three_patterns_keep_their_ratio_and_the_ejected_scripts_do_the_same(string engine)
    {
        if (engine == "k6")
        {
            RealK6.Require();
        }

        _consumer.Dotnet("build", "load", "-t:K6ListScenarios", "-tl:on", "-tlp:disablenodedisplay").Succeeded().Says("40/s ┤").Says("GET /products/{id}", "25%");
        _consumer.Dotnet("build", "load", "-t:LoadTest", "-tl:off", $"-p:K6Engine={engine}").Succeeded().Says("PASSED smoke").Says("PASSED ramp").Says("PASSED spike");
        var before = Read();
        CheckWeights(before);

        _consumer.Dotnet("build", "load", "-t:K6Eject", "-tl:off").Succeeded().Says("wrote scenarios", "spike.ts");

        Assert.IsTrue(_consumer.Has("load/scenarios/smoke.ts"));
        Assert.DoesNotContain("K6Endpoint", File.ReadAllText(_consumer.PathOf("load/load.csproj")));
        _consumer.Dotnet("build", "load", "-t:LoadTest", "-tl:off", $"-p:K6Engine={engine}").Succeeded().Says("PASSED spike");
        var after = Read();
        CheckWeights(after);
        foreach (var (test, same) in before.Tests.Zip(after.Tests))
        {
            CollectionAssert.AreEqual(test.Checks.Select(check => check.Name).Order().ToList(), same.Checks.Select(check => check.Name).Order().ToList());
            CollectionAssert.AreEqual(Measured(test.Metrics.Keys), Measured(same.Metrics.Keys));
            CollectionAssert.AreEqual(test.Thresholds.Select(threshold => threshold.Name).ToList(), same.Thresholds.Select(threshold => threshold.Name).ToList());
        }

        // Dropped starts are a metric where there are any.
        static List<string> Measured(IEnumerable<string> metrics) => [.. metrics.Where(metric => metric != "dropped_iterations").Order()];
    }

    [TestMethod]
    public void A_missed_expectation_fails_the_build_at_the_line_of_the_endpoint()
    {
        _consumer.Write("load/load.csproj", File.ReadAllText(_consumer.PathOf("load/load.csproj")).Replace("$.token == alice", "$.token == bob", StringComparison.Ordinal));

        _consumer.Dotnet("build", "load", "-t:LoadTest", "-tl:off", "-p:K6Engine=embedded", "-p:K6ScenarioFilter=smoke").FailedWith("load.csproj(6,", "error KSDK0320: smoke: checks rate");
    }

    private LoadTestResult Read() => LoadTestJson.Read<LoadTestResult>(_consumer.PathOf("load/TestResults/loadtest.json"));

    // The observed share is the declared one, but for the last turn, which may be cut short.
    private static void CheckWeights(LoadTestResult result)
    {
        Assert.HasCount(3, result.Tests);
        foreach (var test in result.Tests)
        {
            var total = test.Endpoints.Sum(endpoint => endpoint.Requests);
            Assert.IsGreaterThan(20, total);
            foreach (var (name, weight) in Weights)
            {
                var observed = test.Endpoints.Single(endpoint => endpoint.Name == name).Requests;
                Console.WriteLine($"{test.Name} {name}: declared {weight / 100:0.00}, observed {(double)observed / total:0.0000} of {total}");
                // Requests that are under way when the load ends are counted or not; nothing else may differ.
                Assert.IsLessThanOrEqualTo(4, Math.Abs(observed - (total * weight / 100)), $"{test.Name} {name}: {observed} of {total}");
            }
        }
    }
}
