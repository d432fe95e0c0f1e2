using System.Text.Json.Nodes;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Sources.OpenApi;

namespace K6.LoadTesting.Tests.Sources.OpenApi;

/// <summary>The scenario over all operations of a document, and which operations a load touched.</summary>
[TestClass]
public sealed class SmokeTests : IDisposable
{
    private const string Document = """
        openapi: 3.1.0
        info: { title: Shop, version: '1' }
        paths:
          /login:
            post:
              operationId: login
              x-k6-weight: 1
              requestBody: { content: { application/json: { schema: { type: object, properties: { user: { type: string }, password: { type: string } } } } } }
              responses: { 200: { content: { application/json: { schema: { type: object } } } } }
          /products/{id}:
            get:
              operationId: getProduct
              x-k6-weight: 6
              parameters:
              - { name: id, in: path, required: true, schema: { type: integer, minimum: 1, maximum: 9 } }
              - { name: page, in: query, schema: { type: integer } }
              - { name: q, in: query, example: oak lamp, schema: { type: string } }
              responses: { 200: { description: ok }, 404: { description: none } }
          /basket:
            delete: { operationId: clear, x-k6-weight: 3, security: [ { token: [] } ], responses: { 204: { description: done } } }
          /admin/reset:
            post: { operationId: reset, responses: { 204: { description: done } } }
        components: { securitySchemes: { token: { type: http, scheme: bearer } } }
        """;

    private readonly ApiProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Every_operation_is_called_by_its_weight_with_values_that_fit(string engine)
    {
        using var server = new RecordingServer(request => request.Target == "/login" ? new(200, """{"token":"T1"}""", "Content-Type: application/json")
            : request.Method == "DELETE" ? new(204) : new(request.Target.StartsWith("/products/4", StringComparison.Ordinal) ? 404 : 200));
        project.Write("shop.yaml", Document);
        var client = project.Client() with
        {
            TokenOperation = "POST /login",
            Exclude = ["* /admin/*"],
            Parameters = new Dictionary<string, string> { ["user"] = "alice|bob", ["password"] = "env.SHOP_PASSWORD", ["id"] = "3..5" },
        };
        var bundle = await project.BundleAsync(client);
        var (exit, log) = await project.Scripts.RunOnAsync(engine, bundle, ("BASE_URL", server.Address), ("SHOP_PASSWORD", "s3"));

        Assert.AreEqual(0, exit, log);
        var requests = server.Requests.ToList();
        Assert.AreEqual("2 6 3", $"{requests.Count(one => one.Target == "/login")} {requests.Count(one => one.Target.StartsWith("/products/", StringComparison.Ordinal))} {requests.Count(one => one.Method == "DELETE")}", "one turn, and the login of the virtual user");
        Assert.IsTrue(requests.Where(one => one.Target.StartsWith("/products/", StringComparison.Ordinal)).All(one => one.Target.Split('?') is ["/products/3" or "/products/4" or "/products/5", "q=oak%20lamp"]), string.Join(' ', requests.Select(one => one.Target)));
        Assert.IsTrue(requests.Where(one => one.Target == "/login").All(one => one.Body is """{"user":"alice","password":"s3"}""" or """{"user":"bob","password":"s3"}"""));
        Assert.IsTrue(requests.Where(one => one.Method == "DELETE").All(one => one.Header("Authorization") == "Bearer T1"));
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_credential_that_is_not_set_is_named(string engine)
    {
        project.Write("shop.yaml", Document);
        var bundle = await project.BundleAsync(project.Client() with { Security = new Dictionary<string, string> { ["token"] = "MY_TOKEN" } });
        var (exit, log) = await project.Scripts.RunOnAsync(engine, bundle, ("BASE_URL", "http://127.0.0.1:9"));

        Assert.AreNotEqual(0, exit);
        Assert.Contains("MY_TOKEN is not set, and the security scheme token needs it", log);
    }

    [TestMethod]
    [DataRow("Exclude", "GET /prodcts", "no operation matches 'GET /prodcts'")]
    [DataRow("TokenOperation", "logn", "Did you mean 'login'?")]
    [DataRow("Parameters", "idd", "no request of the smoke scenario has a 'idd'. Did you mean 'id'?")]
    public void A_name_that_the_document_does_not_have_is_an_error_at_the_metadatum(string metadatum, string name, string words)
    {
        project.Write("shop.yaml", Document);
        var place = new SourceLocation(project.Scripts.ProjectFile, 9, 3);
        var client = project.Client() with { MetadataLocations = new Dictionary<string, SourceLocation> { [metadatum] = place } };
        project.Make(metadatum switch
        {
            "Exclude" => client with { Exclude = [name] },
            "TokenOperation" => client with { TokenOperation = name },
            _ => client with { Parameters = new Dictionary<string, string> { [name] = "1" } },
        }, smoke: true);

        project.Reported(Rules.OpenApiNameUnknown, words);
        Assert.AreEqual(place, project.Diagnostics[0].Location);
    }

    [TestMethod]
    public void A_document_without_operations_is_an_error()
    {
        project.Write("shop.yaml", "openapi: 3.0.0\npaths: {}\n");
        project.Make(project.Client(), smoke: true);
        project.Reported(Rules.OpenApiNoOperations);
    }

    [TestMethod]
    [DataRow("{ type: integer, minimum: 5, maximum: 7 }", "^[5-7]$")]
    [DataRow("{ type: integer, exclusiveMinimum: 5, multipleOf: 4 }", "^8$")]
    [DataRow("{ type: number, minimum: 1, maximum: 2 }", "^[12](\\.[0-9]+)?$")]
    [DataRow("{ type: string, minLength: 9, maxLength: 9 }", "^\"text.{5}\"$")]
    [DataRow("{ type: string, maxLength: 2 }", "^\"te\"$")]
    [DataRow("{ type: string, pattern: '^[A-Z]{3}-[0-9]{2}$' }", "^\"[A-Z]{3}-[0-9]{2}\"$")]
    [DataRow("{ type: string, format: uuid }", "^\"[0-9a-f]{8}-0000-4000-")]
    [DataRow("{ type: string, format: date-time }", "^\"2025-[01][0-9]-[0-3][0-9]T12:00:00Z\"$")]
    [DataRow("{ type: string, enum: [red, green] }", "^\"(red|green)\"$")]
    [DataRow("{ type: array, minItems: 2, items: { type: boolean } }", "^\\[(true|false),(true|false)\\]$")]
    [DataRow("{ type: object, properties: { a: { type: integer }, made: { type: integer, readOnly: true } } }", "^\\{\"a\":1\\}$")]
    [DataRow("{ allOf: [ { type: object, properties: { a: { const: 1 } } }, { type: object, properties: { b: { default: x } } } ] }", "^\\{\"a\":1,\"b\":\"x\"\\}$")]
    [DataRow("{ oneOf: [ { type: 'null' }, { type: integer } ] }", "^1$")]
    [DataRow("{ $ref: '#/components/schemas/Node' }", "^\\{\"id\":1\\}$")]
    [DataRow("{ type: string, example: mine, pattern: 'x' }", "^\"mine\"$")]
    public void Values_fit_their_schemas(string schema, string pattern)
    {
        project.Write("shop.yaml", $"openapi: 3.1.0\npaths: {{}}\nx: {schema}\ncomponents: {{ schemas: {{ Node: {{ type: object, properties: {{ id: {{ type: integer }}, next: {{ $ref: '#/components/schemas/Node' }} }} }} }} }}\n");
        var documents = new DocumentSet(new DocumentProblems([]));
        var root = documents.Open(project.Scripts.PathOf("shop.yaml"), new SourceLocation("", 0, 0))!;

        for (var seed = 0; seed < 20; seed++)
        {
            var value = new Samples(documents, seed).Of(root["x"], null, "key");
            Assert.MatchesRegex(pattern, value!.ToJsonString());
            Assert.IsTrue(JsonNode.DeepEquals(value, new Samples(documents, seed).Of(root["x"], null, "key")));
        }
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Operations_that_plain_requests_touch_are_noted(string engine)
    {
        using var server = new RecordingServer(request => new(request.Target.Contains("/basket", StringComparison.Ordinal) ? 500 : 200, "{}", "Content-Type: application/json"));
        project.Write("shop.yaml", Document.Replace("paths:", "servers: [ { url: /v1 } ]\npaths:", StringComparison.Ordinal));
        var bundle = await project.BundleAsync(project.Client(), """
            import http, { get, del } from 'k6/http';
            export default async function () {
              get(`${__ENV.BASE_URL}/v1/products/7?q=x`);
              http.batch([['POST', `${__ENV.BASE_URL}/v1/login`, '{}'], `${__ENV.BASE_URL}/v1/unknown`]);
              await http.asyncRequest('DELETE', `${__ENV.BASE_URL}/v1/basket`);
              http.post('http://127.0.0.1:9/v1/admin/reset');
              console.log(`same:${typeof http.cookieJar}:${http.get !== get || typeof del}:${http.url`${__ENV.BASE_URL}/v1/x`.name.length > 0}:`);
            }
            """);
        Assert.HasCount(1, bundle.OperationLists);
        var summary = Path.Combine(project.Output, "summary.json");
        var (exit, log) = await project.Scripts.RunOnAsync(engine, bundle, ("BASE_URL", server.Address), ("K6SDK_SUMMARY", summary));

        Assert.AreEqual(0, exit, log);
        Assert.Contains("same:function:function:true:", log);
        var metrics = JsonNode.Parse(File.ReadAllText(summary))!["metrics"]!.AsObject();
        string[] touched = [.. metrics.Where(metric => metric.Key.StartsWith("openapi_operations{", StringComparison.Ordinal) && metric.Value!["values"]!["count"]!.GetValue<double>() > 0).Select(metric => metric.Key).Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(new[]
        {
            "openapi_operations{operation:shop.0.ok}", "openapi_operations{operation:shop.0}", "openapi_operations{operation:shop.1.ok}", "openapi_operations{operation:shop.1}", "openapi_operations{operation:shop.2}",
        }, touched, "another host is another application, and an answer of 500 is no success");
    }
}
