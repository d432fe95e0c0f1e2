using System.Xml.Linq;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Sources.OpenApi;
using K6.LoadTesting.Tests.Bundling;
using K6.LoadTesting.Tests.Sources.Http;

namespace K6.LoadTesting.Tests.Sources;

/// <summary>Each request of the sources once, without load, each a test case.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ApiCheckTests
{
    private const string File_ = """
        # @k6 file address host
        # @k6 file scenario Vus=50 Duration=10m
        # @k6 file threshold http_req_duration p(95)<1ms
        @host = x

        # @name login
        # @expect 200
        POST {{host}}/login
        ###
        # @weight 70
        # @think 5m
        GET {{host}}/products
        ###
        # @name basket
        # @weight 0
        # @expect 200
        # @expect $.items.length > 0
        GET {{host}}/basket
        Authorization: {{login.response.body.$.token}}
        ###
        # @weight 30
        GET {{host}}/products
        """;

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Each_request_is_made_once_and_is_a_test_case(string engine)
    {
        using var server = new RecordingServer(request => new(200, request.Target == "/basket" ? """{"items":[1]}""" : """{"token":"t-1"}"""));
        using var project = new HttpProject();
        project.Write("shop.http", File_);
        var (result, trx) = await CheckAsync(project, engine, server);

        Assert.AreEqual(Verdict.Passed, result.Verdict, string.Join('\n', result.Diagnostics));
        CollectionAssert.AreEqual(new[] { "/login", "/products", "/basket", "/products" }, server.Requests.Select(one => one.Target).ToArray());
        CollectionAssert.AreEqual(new[] { "login", "GET /products", "basket", "GET /products (2)" }, result.Tests.Single().Requests!.Select(one => one.Name).ToArray());
        Assert.IsEmpty(result.Tests.Single().Thresholds);
        CollectionAssert.AreEqual(
            new[] { "Load.shop.Requests login Passed", "Load.shop.Requests GET /products Passed", "Load.shop.Requests basket Passed", "Load.shop.Requests GET /products (2) Passed" }, Cases(trx));
        Assert.StartsWith("200\n\n{\"items\":[1]}", trx.Descendants().Where(one => one.Name.LocalName == "StdOut").Select(one => one.Value).ElementAt(2));
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task An_answer_that_is_not_as_expected_is_an_error_at_the_expectation(string engine)
    {
        using var server = new RecordingServer(request => request.Target switch { "/basket" => new(200, """{"items":[]}"""), "/products" => new(500, "no\nproducts"), _ => new(200, """{"token":"t-1"}""") });
        using var project = new HttpProject();
        project.Write("shop.http", File_);
        var (result, trx) = await CheckAsync(project, engine, server);

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        var errors = result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).ToList();
        Assert.IsTrue(errors.TrueForAll(one => one.Code == "KSDK0640"), string.Join('\n', errors));
        var basket = errors.Single(one => one.Message.StartsWith("basket:", StringComparison.Ordinal));
        Assert.AreEqual((17, 11), (basket.Line, basket.Column));
        Assert.Contains("not so: $.items.length > 0. The answer was 200: {\"items\":[]}", basket.Message);
        Assert.Contains("The answer was 500: no products", errors.First(one => one.Message.StartsWith("GET /products:", StringComparison.Ordinal)).Message);
        CollectionAssert.AreEqual(new[] { "Passed", "Failed", "Failed", "Failed" }, Cases(trx).Select(one => one.Split(' ')[^1]).ToArray());
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Each_operation_of_a_document_is_made_once_and_judged_by_what_the_document_says(string engine)
    {
        using var server = new RecordingServer(request => request.Target == "/login" ? new(200, """{"token":"t-1"}""") : new(request.Target == "/basket" ? 500 : 404, """{"why":"none"}"""));
        using var project = new HttpProject { Scenario = "k6-clients/shop" };
        project.Write("shop.yaml", """
            openapi: 3.1.0
            paths:
              /login:
                post: { operationId: login, x-k6-weight: 50, responses: { 200: {} } }
              /products/{id}:
                get: { operationId: getProduct, parameters: [ { name: id, in: path, required: true, schema: { type: integer } } ], responses: { 200: {}, 404: {} } }
              /basket:
                get: { operationId: getBasket, security: [ { token: [] } ], responses: { 200: {} } }
            components: { securitySchemes: { token: { type: http, scheme: bearer } } }
            """);
        project.With("K6OpenApi", "shop.yaml", ("TokenOperation", "login"));
        project.Properties.Add(new("K6MinimumEndpointCoverage", "100%", new SourceLocation(project.Scripts.ProjectFile, 2, 1)));
        var (result, trx) = await CheckAsync(project, engine, server);

        CollectionAssert.AreEqual(new[] { "POST /login", "POST /login", "GET /products/1", "GET /basket" }, server.Requests.Select(one => $"{one.Method} {one.Target}").ToArray());
        Assert.AreEqual("Bearer t-1", server.Requests.Last().Header("Authorization"));
        CollectionAssert.AreEqual(
            new[] { "Load.shop.Requests POST /login Passed", "Load.shop.Requests POST /login (2) Passed", "Load.shop.Requests GET /products/{id} Passed", "Load.shop.Requests GET /basket Failed" }, Cases(trx));
        var error = result.Diagnostics.Single(one => one.Severity == DiagnosticSeverity.Error);
        Assert.AreEqual(("KSDK0640", project.Scripts.PathOf("shop.yaml"), 8), (error.Code, error.File, error.Line));
        Assert.Contains("GET /basket: not so: status is 200. The answer was 500: {\"why\":\"none\"}", error.Message);
    }

    [TestMethod]
    public async Task What_needs_a_value_that_did_not_come_is_not_executed()
    {
        using var server = new RecordingServer(_ => new(200, "{}"));
        using var project = new HttpProject();
        project.Write("shop.http", File_);
        var (result, trx) = await CheckAsync(project, "embedded", server);

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        CollectionAssert.AreEqual(new[] { "Failed", "NotExecuted", "NotExecuted", "NotExecuted" }, Cases(trx).Select(one => one.Split(' ')[^1]).ToArray());
        Assert.Contains("token is in $.token", result.Diagnostics.Single(one => one.Severity == DiagnosticSeverity.Error).Message);
    }

    [TestMethod]
    public async Task A_server_that_does_not_answer_is_told_with_its_reason()
    {
        using var project = new HttpProject();
        project.Write("shop.http", "# @k6 file address host\n@host = x\nGET {{host}}/\n");
        var (result, _) = await CheckAsync(project, "embedded", "http://127.0.0.1:1");

        Assert.Contains("There was no answer: ", result.Diagnostics.First(one => one.Code == "KSDK0640").Message);
        Assert.AreEqual(0, result.Tests.Single().Requests!.Single().Status);
    }

    [TestMethod]
    public void A_project_of_scripts_alone_has_nothing_to_check()
    {
        using var project = new HttpProject();
        project.Scripts.Write("a.ts", "export default () => {};");
        var plan = LoadPlanBuilder.Build(
            new()
            {
                File = project.Scripts.ProjectFile,
                Items = [new("K6Scenario", "a.ts", new(project.Scripts.ProjectFile, 3, 5))],
                Properties = [new("K6ApiCheck", "true", new(project.Scripts.ProjectFile, 1, 1))],
            },
            project.Diagnostics);

        Assert.IsNull(plan);
        Assert.AreEqual("KSDK0641", project.Diagnostics.Single().Code);
    }

    private static Task<(LoadTestResult Result, XDocument Trx)> CheckAsync(HttpProject project, string engine, RecordingServer server) => CheckAsync(project, engine, server.Address);

    private static async Task<(LoadTestResult Result, XDocument Trx)> CheckAsync(HttpProject project, string engine, string address)
    {
        var k6 = engine == "k6" ? TestTools.RequireK6() : "";
        project.With("K6EnvironmentVariable", "BASE_URL", ("Value", address));
        var place = new SourceLocation(project.Scripts.ProjectFile, 1, 1);
        project.Properties.AddRange([new("K6ApiCheck", "true", place), new("K6Engine", engine, place)]);
        if (k6.Length > 0)
        {
            project.Properties.Add(new("K6Path", k6, place));
        }

        var plan = project.Plan()!;
        Assert.IsNotNull(plan, string.Join('\n', project.Diagnostics));
        OpenApiClients.Write(plan.OpenApi, project.Scripts.Folder, project.Scripts.Output, [.. plan.OpenApi.Select(client => client.Name)], project.Diagnostics);
        plan = OpenApiClients.WithRequests(plan, project.Scripts.Output);
        SourceScripts.Write(plan, project.Scripts.Output);
        var bundles = await project.Scripts.BundlesAsync(plan);
        var result = await LoadTestRunner.RunAsync(plan, bundles, new LoadTestRunOptions { Engines = new EngineLocations(TestTools.Embedded, "dotnet") }, null, CancellationToken.None);
        var folder = Path.Combine(project.Scripts.Folder, "TestResults", "api-check");
        return (result, XDocument.Load(Path.Combine(folder, "loadtest.trx")));
    }

    private static string[] Cases(XDocument trx)
    {
        var classes = trx.Descendants().Where(one => one.Name.LocalName == "TestMethod").Select(one => (string)one.Attribute("className")!);
        return [.. trx.Descendants().Where(one => one.Name.LocalName == "UnitTestResult").Zip(classes, (one, name) => $"{name} {(string)one.Attribute("testName")!} {(string)one.Attribute("outcome")!}")];
    }
}
