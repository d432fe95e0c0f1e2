using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Tests.Sources;
using K6.LoadTesting.Tests.Sources.Har;

namespace K6.LoadTesting.Tests.Api;

/// <summary>Requests that C# declares are those of K6Endpoint items, and run.</summary>
[TestClass]
public sealed class RequestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk requests ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Requests_of_a_class_make_the_script_of_its_twin_in_a_project()
    {
        var fromClass = new K6Runner(new K6Options { Directory = _folder }).Plan(new Shop("http://127.0.0.1:5000")).Tests.Single().Scenarios.Single();
        var item = new ItemDeclaration("K6Scenario", "Shop", At(2))
        {
            Metadata = Metadata(("Pattern", "Steady"), ("Vus", "2"), ("Duration", "1s"), ("Parameters", "size=S|M"), ("ThinkTime", "1ms"), ("Headers", "X-All: a, b\n")),
        };
        var diagnostics = new List<Diagnostic>();
        var fromProject = LoadPlanBuilder.Build(
            new ProjectDeclaration
            {
                File = Path.Combine(_folder, "Shop.LoadTests.csproj"),
                Items =
                [
                    item,
                    new("K6EnvironmentVariable", "BASE_URL", At(3)),
                    new("K6Endpoint", "GET /products?page={page}", At(4)) { Metadata = Metadata(("Scenario", "Shop"), ("Query", "q=\"a, b\", size={size}"), ("Parameters", "page=1..5"), ("Weight", "70"), ("Expect", "200, header Content-Type contains \"a, b\", $.page == {page}"), ("Redirects", "0"), ("Cookies", "false"), ("Timeout", "5s")) },
                    new("K6Endpoint", "POST /login", At(5)) { Metadata = Metadata(("Name", "login"), ("Journey", "buying"), ("Weight", "30"), ("Body", "{}"), ("Capture", "token=$.token")) },
                    new("K6Endpoint", "DELETE /basket", At(6)) { Metadata = Metadata(("Journey", "buying"), ("Headers", "Authorization: {token}"), ("ThinkTime", "1ms..2ms")) },
                ],
            },
            diagnostics)!.Tests.Single().Scenarios.Single();

        Assert.IsEmpty(diagnostics);
        Assert.AreEqual(Text(fromProject), Text(fromClass));
    }

    [TestMethod]
    public void What_is_wrong_with_a_request_is_said_at_the_line_of_its_call()
    {
        var line = Here();
        var invalid = Assert.ThrowsExactly<InvalidLoadTestException>(() => new K6Runner(new K6Options { Directory = _folder }).Plan(new Broken(test =>
        {
            test.Load(LoadPattern.Smoke, new());
            test.Get("/a")
                .Expect("200")
                .Expect("nonsense")
                .Header("X", "{unknown}");
        })));

        CollectionAssert.AreEquivalent(
            new[] { (Rules.InvalidExpectation.Code, line + 6), (Rules.UnknownParameter.Code, line + 7) },
            invalid.Diagnostics.Select(one => (one.Code, one.Location!.Line)).ToArray());
    }

    [TestMethod]
    public async Task A_class_of_requests_runs_and_each_request_is_a_row()
    {
        using var server = new RecordingServer(request => new(200, $$"""{"token":"t","page":{{Regex.Match(request.Target, "(?<=page=).").Value.PadLeft(1, '0')}}}""", "Content-Type: a, b"));
        var result = await Runner().RunAsync(new Shop(server.Address));

        result.ShouldHold();
        CollectionAssert.AreEquivalent(new[] { "GET /products", "login", "DELETE /basket" }, result.Tests[0].Endpoints.Select(endpoint => endpoint.Name).ToArray());
        var requests = server.Requests.ToList();
        Assert.IsTrue(requests.Where(one => one.Method == "DELETE").All(one => one.Header("Authorization") == "t" && one.Header("X-All") == "a, b"));
        Assert.AreEqual(requests.Count(one => one.Method == "GET"), result.Tests[0].Endpoints.Single(endpoint => endpoint.Name == "GET /products").Requests);
    }

    [TestMethod]
    public async Task Files_of_requests_run_as_a_script_does()
    {
        using var server = new RecordingServer(request => new(request.Target == "/missing" ? 404 : 200, """{"token":"t-4711-b","id":"today-5678"}"""));
        File.WriteAllText(Path.Combine(_folder, "shop.http"), "# @name login\nPOST /login\n###\n# @name basket\n# @expect 404\nGET /missing\nAuthorization: {{login.response.body.$.token}}\n");
        File.WriteAllText(Path.Combine(_folder, "checkout.har"), Har.Of([],
            Har.Entry(null, 0, "GET", "https://shop.example.com/start", 200, "application/json", """{"id":"recorded-1234"}"""),
            Har.Entry(null, 20, "GET", "https://shop.example.com/things/recorded-1234", 200, "application/json", "{}")).ToJsonString());
        void Once(LoadTestDefinition test) => test.Load(new ScenarioLoad { Executor = "shared-iterations", Vus = 1, Iterations = 1 }).Environment("BASE_URL", server.Address);

        var http = await Runner().RunAsync(LoadTestScenario.FromScript("shop.http", Once));
        http.ShouldHold();
        CollectionAssert.AreEqual(new[] { "POST /login", "GET /missing t-4711-b" }, server.Requests.Select(one => $"{one.Method} {one.Target} {one.Header("Authorization")}".Trim()).ToArray());
        CollectionAssert.AreEquivalent(new[] { "login", "basket" }, http.Tests[0].Endpoints.Select(one => one.Name).ToArray());

        var har = await Runner().RunAsync(LoadTestScenario.FromScript("checkout.har", Once));
        har.ShouldHold();
        CollectionAssert.AreEqual(new[] { "/start", "/things/today-5678" }, server.Requests.Skip(2).Select(one => one.Target).ToArray());
    }

    private K6Runner Runner() => new(EmbeddedOptions.In(_folder));

    private static string Text(ScenarioPlan scenario) =>
        ScriptWriter.Write(scenario.Name, scenario.Requests! with { Origin = "" }, "/").Text.Split('\n').Where(line => !line.StartsWith("// ", StringComparison.Ordinal)).Aggregate((a, b) => a + "\n" + b)
        + JsonSerializer.Serialize(scenario.Load);

    private SourceLocation At(int line) => new(Path.Combine(_folder, "Shop.LoadTests.csproj"), line, 3);

    private static Dictionary<string, string> Metadata(params (string Name, string Value)[] pairs) => pairs.ToDictionary(pair => pair.Name, pair => pair.Value);

    private static int Here([CallerLineNumber] int line = 0) => line;

    private sealed class Shop(string baseUrl) : LoadTestScenario(baseUrl)
    {
        protected internal override void Define(LoadTestDefinition test)
        {
            test.Load(LoadPattern.Steady, new() { Vus = 2, Duration = "1s" });
            test.Parameter("size", "S|M").ThinkTime("1ms").Header("X-All", "a, b");
            test.Get("/products?page={page}").Query("q", "a, b").Query("size", "{size}").Parameter("page", "1..5").Weight(70).Expect("200").Expect("header Content-Type contains \"a, b\"").Expect("$.page == {page}")
                .Redirects(0).WithoutCookies().Timeout("5s");
            test.Journey("buying", () =>
            {
                test.Post("/login").Named("login").Weight(30).Body("{}").Capture("token", "$.token");
                test.Delete("/basket").Header("Authorization", "{token}").ThinkTime("1ms..2ms");
            });
        }
    }

    private sealed class Broken(Action<LoadTestDefinition> define) : LoadTestScenario
    {
        protected internal override void Define(LoadTestDefinition test) => define(test);
    }
}
