using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Sources.OpenApi;

/// <summary>Bad documents: each an error or a warning at its place.</summary>
[TestClass]
public sealed class DocumentTests : IDisposable
{
    private const string Head = "openapi: 3.1.0\ninfo: { title: Shop, version: '1' }\n";

    private readonly ApiProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    [DataRow("openapi: 3.1.0\npaths:\n  /a: [1, 2\n▶", "flow sequence")]
    [DataRow("openapi: 3.1.0\npaths:\n  /a: ▶*nowhere\n", "*nowhere names no value")]
    [DataRow("openapi: 3.1.0\n▶openapi: 3.1.0\n", "'openapi' is given twice")]
    [DataRow("openapi: 3.1.0\npaths: {}\n▶---\nopenapi: 3.1.0\n", "second document")]
    [DataRow("▶", "the file is empty")]
    public void Yaml_that_is_none_is_an_error_at_its_place(string document, string words) =>
        project.Reports(Rules.OpenApiMalformed, document, "shop.yaml cannot be read", words);

    [TestMethod]
    [DataRow("{ \"openapi\": \"3.1.0\",\n  \"é\": \"ü\", \"paths\": n▶ope }")]
    [DataRow("{ \"openapi\": \"3.1.0\",\n  \"paths\": { \"/a\": {} ")]
    public void Json_that_is_none_is_an_error_at_its_character(string document)
    {
        project.Write("shop.json", document);
        project.Make(project.Client("shop.json"));
        project.Reported(Rules.OpenApiMalformed, "shop.json cannot be read");
    }

    [TestMethod]
    public void Bytes_that_are_no_utf8_are_an_error()
    {
        File.WriteAllBytes(project.Scripts.PathOf("shop.yaml"), [.. "openapi: 3.1.0\ntitle: "u8, 0xff, 0xfe, (byte)'\n']);
        project.Make(project.Client());
        project.Reported(Rules.OpenApiMalformed, "UTF-8");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Values_that_are_nested_without_end_are_an_error(bool json)
    {
        var deep = string.Concat(Enumerable.Repeat("[", 5000)) + string.Concat(Enumerable.Repeat("]", 5000));
        project.Write(json ? "shop.json" : "shop.yaml", json ? $$"""{ "openapi": "3.1.0", "x": {{deep}} }""" : $"openapi: 3.1.0\nx: {deep}\n");
        project.Make(project.Client(json ? "shop.json" : "shop.yaml"));
        project.Reported(Rules.OpenApiMalformed);
    }

    [TestMethod]
    [DataRow("▶title: Shop\n", "neither 'openapi: 3.…' nor 'swagger: 2.0'")]
    [DataRow("openapi: ▶4.0.0\npaths: {}\n", "Version '4.0.0'")]
    [DataRow("swagger: ▶'1.2'\npaths: {}\n", "Version '1.2'")]
    [DataRow("▶openapi: 3.0.3\ninfo: {}\n", "no 'paths'")]
    [DataRow("openapi: 3.0.3\n▶paths: []\n", "no 'paths'")]
    [DataRow("openapi: 3.0.3\npaths:\n  /a:\n    ▶get: 5\n", "is no operation")]
    public void A_document_that_is_no_openapi_is_an_error(string document, string words) => project.Reports(Rules.NotOpenApi, document, words);

    [TestMethod]
    [DataRow("▶$ref: '#/components/schemas/Prodct'", "Did you mean 'Product'?")]
    [DataRow("▶$ref: 'missing.yaml#/X'", "does not exist")]
    [DataRow("▶$ref: 'https://example.com/x.yaml'", "does not load documents from the network")]
    [DataRow("▶$ref: '#product'", "anchor")]
    public void A_ref_that_leads_nowhere_is_an_error_where_it_stands(string reference, string words) => project.Reports(
        Rules.OpenApiRefUnresolved, $"{Head}paths:\n  /a:\n    get:\n      responses:\n        200:\n          content:\n            application/json:\n              schema:\n                {reference}\ncomponents: {{ schemas: {{ Product: {{ type: object }} }} }}\n", words);

    [TestMethod]
    public void Refs_that_lead_in_a_circle_are_an_error() => project.Reports(Rules.OpenApiRefCircle, Head + """
        paths:
          /a:
            get:
              responses:
                200:
                  content:
                    application/json:
                      schema: { ▶$ref: '#/components/schemas/A' }
        components:
          schemas:
            A: { $ref: '#/components/schemas/B' }
            B: { $ref: '#/components/schemas/A' }
        """, "leads in a circle");

    [TestMethod]
    public void What_is_wrong_in_another_file_is_said_there()
    {
        project.Write("shop.yaml", Head + "paths:\n  /a: { $ref: 'parts/a.yaml' }\n");
        project.Write("parts/a.yaml", "get:\n  responses:\n    200: ▶{ content: [ }\n");
        project.Make(project.Client());
        Assert.AreEqual((Rules.OpenApiMalformed.Code, project.Scripts.PathOf("parts/a.yaml"), 3), (project.Diagnostics[0].Code, project.Diagnostics[0].Location!.File, project.Diagnostics[0].Location!.Line));
    }

    [TestMethod]
    public void An_operation_without_responses_is_a_warning_and_any_success_is_right()
    {
        project.Reports(Rules.OpenApiNoResponses, Head + "paths:\n  /a:\n    ▶get: { operationId: a }\n", "GET /a has no responses");
        Assert.Contains("statuses: [{ min: 200, max: 399 }]", project.Text("operations"));
    }

    [TestMethod]
    public void A_response_without_a_status_is_left_out() => project.Reports(Rules.OpenApiNoResponses,
        Head + "paths:\n  /a:\n    get:\n      responses:\n        200: {}\n        ▶fine: {}\n", "'fine' is no status");

    [TestMethod]
    public void Operations_that_would_be_called_the_same_get_a_number()
    {
        project.Reports(Rules.OpenApiNameCollides, Head + "paths:\n  /a:\n    get: { operationId: get-it, responses: { 200: {} } }\n  /b:\n    get: { ▶operationId: get it, responses: { 200: {} } }\n", "getIt2");
        Assert.Contains("export function getIt2(", project.Text("operations"));
    }

    [TestMethod]
    public void A_name_without_a_letter_gives_way_to_the_path()
    {
        project.Reports(Rules.OpenApiNameUnusable, Head + "paths:\n  /a/{id}:\n    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]\n    get: { ▶operationId: '---', responses: { 200: {} } }\n", "getAById");
        Assert.Contains("export function getAById(", project.Text("operations"));
    }

    [TestMethod]
    public void Arguments_that_share_a_name_are_told_apart()
    {
        project.Reports(Rules.OpenApiNameCollides, Head + """
            paths:
              /a/{id}:
                get:
                  operationId: a
                  parameters:
                  - { name: id, in: path, required: true, schema: { type: integer } }
                  - ▶{ name: id, in: query, schema: { type: string } }
                  responses: { 200: {} }
            """, "'id_query'");
        Assert.Contains("['id', 'query', 'form', 'id_query']", project.Text("operations"));
    }

    [TestMethod]
    public void A_placeholder_without_a_parameter_is_a_text() =>
        project.Reports(Rules.OpenApiParameterUndeclared, Head + "paths:\n  /a/{id}:\n    ▶get: { operationId: a, responses: { 200: {} } }\n", "no parameter 'id'");

    [TestMethod]
    public void A_security_scheme_that_is_not_supported_is_a_warning() => project.Reports(Rules.OpenApiPartUnsupported,
        Head + "paths: {}\ncomponents:\n  securitySchemes:\n    ▶tls: { type: mutualTLS }\n", "'tls'");

    [TestMethod]
    public void A_schema_that_is_made_of_itself_is_a_warning_and_compiles() => project.Reports(Rules.OpenApiPartUnsupported, Head + """
        paths:
          /a:
            get: { operationId: a, responses: { 200: { content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } } }
        components:
          schemas:
            A: { anyOf: [ { type: string }, { ▶$ref: '#/components/schemas/A' } ] }
        """, "made of itself");

    [TestMethod]
    [DataRow("-1")]
    [DataRow("often")]
    public void A_weight_that_is_none_is_an_error(string weight) => project.Reports(Rules.OpenApiWeightInvalid,
        $"{Head}paths:\n  /a:\n    get: {{ operationId: a, ▶x-k6-weight: {weight}, responses: {{ 200: {{}} }} }}\n", weight);

    [TestMethod]
    public void A_scheme_that_the_document_does_not_have_is_an_error_of_the_item()
    {
        project.Write("shop.yaml", Head + "paths: {}\ncomponents: { securitySchemes: { token: { type: http, scheme: bearer } } }\n");
        project.Make(project.Client() with { Security = new Dictionary<string, string> { ["tokn"] = "T" } });
        project.Reported(Rules.OpenApiNameUnknown, "'tokn'", "Did you mean 'token'?");
    }

    [TestMethod]
    public void Nothing_is_made_when_nothing_changed_and_again_when_any_file_did()
    {
        project.Write("shop.yaml", Head + "paths:\n  /a: { $ref: 'a.yaml' }\n");
        project.Write("a.yaml", "get: { operationId: a }\n");
        CollectionAssert.AreEqual(new[] { "shop" }, project.Make(project.Client()).ToArray());
        var said = project.Diagnostics.Single();
        Assert.IsEmpty(project.Make(project.Client()));
        Assert.AreEqual(said, project.Diagnostics.Single(), "a warning is said again");

        project.Write("a.yaml", "get: { operationId: b }\n");
        Assert.HasCount(1, project.Make(project.Client()));
        Assert.Contains("export function b(", project.Text("operations"));

        project.Write("a.yaml", "get: {");
        Assert.IsEmpty(project.Make(project.Client()));
        project.Write("a.yaml", "get: { operationId: b }\n");
        Assert.HasCount(1, project.Make(project.Client()), "after an error it is made again");
    }
}
