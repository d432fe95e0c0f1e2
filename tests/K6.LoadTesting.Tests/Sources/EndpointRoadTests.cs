using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Sources.Endpoints;
using K6.LoadTesting.Tests.Bundling;

namespace K6.LoadTesting.Tests.Sources;

/// <summary>Declared requests from the project to what arrives, and the same after their script was taken over.</summary>
[TestClass]
public sealed class EndpointRoadTests
{
    private const string Xml = """
        <Project>
          <ItemGroup>
            <!-- stays as it is -->
            <K6Data Include="users.csv" />
            <K6EnvironmentVariable Include="BASE_URL" />
            <K6Scenario Include="shop" Executor="per-vu-iterations" Vus="1" Iterations="100"
                        Parameters="size=S|M|L" />
            <K6Scenario Include="other" Vus="1" Duration="1s" Parameters="size=S" />
            <K6Endpoint Include="GET /products/{id}" Weight="70" Parameters="id=1..9" Query="size={size}" Expect="200, $.size == {size}" />
            <K6Endpoint Include="GET /users/{users.random.name}" Weight="20" Scenario="other, shop" />
            <K6Endpoint Include="POST /login" Journey="buying" Weight="10" Scenario="shop" Capture="token=$.token">
              <Body>
                { "user": "{users.name}",
                  "cost": "5 ${" }
              </Body>
            </K6Endpoint>
            <K6Endpoint Include="PUT /orders/{users.name}" Journey="buying" Scenario="shop" BodyFile="order.bin" Headers="Authorization: Bearer {token}" Redirects="0" Expect="302, header Location contains /{token}/{users.name}" />
          </ItemGroup>
        </Project>

        """;

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task The_ejected_script_makes_the_same_plan_and_the_same_requests(string engine)
    {
        using var project = new EndpointProject(Xml);
        var before = await project.RunAsync(engine);
        Assert.AreEqual("70 20 10 10", string.Join(' ', new[] { "GET /products/", "GET /users/", "POST /login", "PUT /orders/" }.Select(start => before.Requests.Count(one => one.StartsWith(start, StringComparison.Ordinal)))));
        Assert.Contains("POST /login { \"user\": \"a\\\"b\",\n          \"cost\": \"5 ${\" }", before.Requests);
        Assert.Contains("PUT /orders/a%22b ÿ\0x Bearer t-1", before.Requests);

        var diagnostics = new List<Diagnostic>();
        var written = ScriptEjection.Eject(project.Plan("shop"), Path.Combine(project.Scripts.Folder, "scenarios"), diagnostics);

        Assert.IsEmpty(diagnostics, string.Join('\n', diagnostics));
        Assert.AreEqual("shop.ts", Path.GetFileName(written.Single()));
        Assert.AreEqual("""
            <Project>
              <ItemGroup>
                <!-- stays as it is -->
                <K6Data Include="users.csv" />
                <K6EnvironmentVariable Include="BASE_URL" />
                <K6Scenario Include="scenarios/shop.ts" Executor="per-vu-iterations" Vus="1" Iterations="100" />
                <K6Scenario Include="other" Vus="1" Duration="1s" Parameters="size=S" />
                <K6Endpoint Include="GET /products/{id}" Weight="70" Parameters="id=1..9" Query="size={size}" Expect="200, $.size == {size}" />
                <K6Endpoint Include="GET /users/{users.random.name}" Weight="20" Scenario="other" />
              </ItemGroup>
            </Project>

            """.ReplaceLineEndings("\n"), File.ReadAllText(project.Scripts.ProjectFile));

        var after = await project.RunAsync(engine);
        Assert.IsNull(project.Plan("shop").Tests[0].Scenarios[0].Requests);
        CollectionAssert.AreEqual(before.Requests, after.Requests);
        Assert.AreEqual("170 out of 170", Checks(before.Log));
        Assert.AreEqual(Checks(before.Log), Checks(after.Log));
        JsonAssert.AreEqual(before.Options.ToJsonString(), after.Options);
    }

    [TestMethod]
    public void Nothing_is_overwritten_and_nothing_is_written_then()
    {
        using var project = new EndpointProject(Xml);
        project.Scripts.Write("scenarios/other.ts", "mine");
        var diagnostics = new List<Diagnostic>();

        var written = ScriptEjection.Eject(project.Plan("*"), Path.Combine(project.Scripts.Folder, "scenarios"), diagnostics);

        Assert.IsEmpty(written);
        Assert.AreEqual((Rules.EjectWouldOverwrite.Code, 8), (diagnostics.Single().Code, diagnostics[0].Location!.Line));
        Assert.AreEqual("mine", File.ReadAllText(project.Scripts.PathOf("scenarios/other.ts")));
        Assert.IsFalse(File.Exists(project.Scripts.PathOf("scenarios/shop.ts")));
        Assert.AreEqual(Xml, File.ReadAllText(project.Scripts.ProjectFile));
    }

    [TestMethod]
    public void All_scenarios_together_leave_no_endpoint_behind()
    {
        using var project = new EndpointProject(Xml);
        var diagnostics = new List<Diagnostic>();

        var written = ScriptEjection.Eject(project.Plan("*"), Path.Combine(project.Scripts.Folder, "scenarios"), diagnostics);

        Assert.HasCount(2, written);
        Assert.IsEmpty(diagnostics);
        Assert.DoesNotContain("K6Endpoint", File.ReadAllText(project.Scripts.ProjectFile));
        diagnostics.Clear();
        ScriptEjection.Eject(project.Plan("*"), Path.Combine(project.Scripts.Folder, "scenarios"), diagnostics);
        Assert.AreEqual(Rules.NothingToEject.Code, diagnostics.Single().Code);
    }

    [TestMethod]
    public void A_declaration_that_is_not_literal_is_left_to_the_user()
    {
        using var project = new EndpointProject(Xml);
        var plan = project.Plan("other");
        File.WriteAllText(project.Scripts.ProjectFile, Xml.Replace("K6Scenario Include=\"other\"", "K6Scenario Include=\"$(Oth)\"", StringComparison.Ordinal));
        var diagnostics = new List<Diagnostic>();

        ScriptEjection.Eject(plan, Path.Combine(project.Scripts.Folder, "scenarios"), diagnostics);

        Assert.AreEqual(Rules.EjectByHand.Code, diagnostics.Single().Code);
        Assert.Contains("Include \"scenarios/other.ts\"", diagnostics[0].Message);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Each_request_has_figures_of_its_own(string engine)
    {
        using var project = new EndpointProject(Xml);
        var (_, _, options) = await project.RunAsync(engine);

        var thresholds = options["thresholds"]!.AsObject().Select(pair => pair.Key).ToList();
        foreach (var name in new[] { "GET /products/{id}", "GET /users/{users.random.name}", "POST /login", "PUT /orders/{users.name}" })
        {
            Assert.Contains($"http_req_duration{{name:{name}}}", thresholds);
            Assert.Contains($"http_req_failed{{name:{name}}}", thresholds);
        }
    }

    private static string Checks(string log) => Regex.Match(log, @"checks.*?(\d+ out of \d+)").Groups[1].Value;

    /// <summary>A project of endpoints on disk.</summary>
    private sealed class EndpointProject : IDisposable
    {
        public EndpointProject(string xml)
        {
            Scripts.Write("Load.csproj", xml);
            Scripts.Write("users.csv", "name\n\"a\"\"b\"\n");
            File.WriteAllBytes(Scripts.PathOf("order.bin"), [0xff, 0, 0x78]);
        }

        public ScriptProject Scripts { get; } = new();

        public void Dispose() => Scripts.Dispose();

        public LoadPlan Plan(string filter)
        {
            var declared = Plans.DeclaredProject.Read(File.ReadAllText(Scripts.ProjectFile), Scripts.ProjectFile);
            var diagnostics = new List<Diagnostic>();
            var plan = LoadPlanBuilder.Build(
                declared with { GeneratedDirectory = Scripts.Output, Properties = [new("K6ScenarioFilter", filter, new SourceLocation(Scripts.ProjectFile, 1, 1))] }, diagnostics);
            return plan ?? throw new AssertFailedException(string.Join('\n', diagnostics));
        }

        public async Task<(List<string> Requests, string Log, JsonObject Options)> RunAsync(string engine)
        {
            using var server = new RecordingServer(request => request.Method == "PUT" ? new(302, "", "Location: /t-1/a\"b")
                : new(200, $$"""{"size":"{{request.Target[^1]}}","token":"t-1"}"""));
            var plan = Plan("shop");
            SourceScripts.Write(plan, Scripts.Output);
            DataModules.Write(plan.Data, Scripts.Folder, Scripts.Output, Scripts.Diagnostics);
            var bundle = (await Scripts.BundlesAsync(plan)).Single();
            var (exit, log) = await Scripts.RunOnAsync(engine, bundle, ("BASE_URL", server.Address));
            Assert.AreEqual(0, exit, log);
            var options = await Scripts.InspectAsync(bundle, ("BASE_URL", server.Address), ("K6SDK_SUMMARY", "summary.json"));
            options.Remove("ext"); // where the script is
            return ([.. server.Requests.Select(one => $"{one.Method} {one.Target} {one.Body}{(one.Header("Authorization") is { } token ? " " + token : "")}".TrimEnd())], log, options);
        }
    }
}
