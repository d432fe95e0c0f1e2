using K6.LoadTesting.Sources.OpenApi;

namespace K6.LoadTesting.Tests.Sources.OpenApi;

/// <summary>What the client of a document says, in each version of OpenAPI.</summary>
[TestClass]
public sealed class ClientTests : IDisposable
{
    private readonly ApiProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    [DataRow("3.0.3", "nullable: true, type: string")]
    [DataRow("3.1.1", "type: [string, 'null']")]
    [DataRow("3.2.0", "anyOf: [ { type: string }, { type: 'null' } ]")]
    public void Types_of_version_3_are_types_of_TypeScript(string version, string nullable)
    {
        var text = project.Module($$"""
            openapi: {{version}}
            info: { title: Shop, version: '1' }
            servers: [ { url: 'https://{host}/v1/', variables: { host: { default: shop.example } } } ]
            paths:
              /products/{id}:
                parameters: [ { $ref: '#/components/parameters/id' } ]
                get:
                  operationId: products/get-one
                  summary: Shows one product.
                  parameters:
                  - { name: fields, in: query, schema: { type: array, items: { enum: [name, price] } } }
                  - { name: X-Trace, in: header, schema: { type: string } }
                  - { name: Authorization, in: header, schema: { type: string } }
                  responses:
                    200: { content: { application/json: { schema: { $ref: '#/components/schemas/Product' } } } }
                    404: { description: none }
            components:
              parameters: { id: { name: id, in: path, required: true, schema: { type: integer } } }
              schemas:
                Product:
                  type: object
                  required: [id, part]
                  properties:
                    id: { type: integer, readOnly: true }
                    name: { {{nullable}} }
                    part: { $ref: '#/components/schemas/Product' }
                    size-in-cm: { type: number }
                    any: {}
                    more: { type: object, additionalProperties: { type: boolean } }
                    mixed: { oneOf: [ { type: string }, { type: array, items: { type: string, enum: [a, b] } } ] }
                    all: { allOf: [ { $ref: '#/components/schemas/Other' }, { type: object, properties: { z: { const: 1 } } } ] }
                Other: { type: object, properties: { x: { type: string } }, additionalProperties: true }
            """);

        Assert.Contains("""
              server: 'https://shop.example',
              basePath: '/v1',
            """.ReplaceLineEndings("\n"), text);
        Assert.Contains("""
            const productsGetOne$: Operation$ = { method: 'GET', path: '/products/{id}', parameters: [['fields', 'query', 'form'], ['X-Trace', 'header', 'csv']], statuses: [200] };

            /** Shows one product. GET /products/{id} */
            export function productsGetOne(args: {
              id: number;
              fields?: ('name' | 'price')[];
              'X-Trace'?: string;
            }, options?: Options$): Result$<Product> {
              return client.call(productsGetOne$, args, options);
            }
            """.ReplaceLineEndings("\n"), text);
        Assert.Contains("""
            export interface Product {
              id: number;
              name?: string | null;
              part: Product;
              'size-in-cm'?: number;
              any?: unknown;
              more?: { [key: string]: boolean };
              mixed?: string | ('a' | 'b')[];
              all?: Other & {
                z?: 1;
              };
            }
            """.ReplaceLineEndings("\n"), text);
        Assert.Contains("  [key: string]: unknown;\n}\n", text);
    }

    [TestMethod]
    public void Swagger_2_says_the_same_in_its_own_words()
    {
        var text = project.Module("""
            swagger: '2.0'
            info: { title: Shop, version: '1' }
            host: shop.example
            basePath: /v1
            schemes: [http]
            produces: [application/json]
            securityDefinitions:
              key: { type: apiKey, in: header, name: X-Key }
              login: { type: basic }
              grant: { type: oauth2, flow: application, tokenUrl: 'https://x', scopes: {} }
            security: [ { key: [] }, { login: [], grant: [] } ]
            paths:
              /orders:
                post:
                  operationId: placeOrder
                  parameters:
                  - { name: order, in: body, required: true, schema: { $ref: '#/definitions/Order' } }
                  - { name: tags, in: query, type: array, items: { type: string }, collectionFormat: pipes }
                  responses: { 201: { schema: { $ref: '#/definitions/Order' } } }
              /photos:
                post:
                  operationId: upload
                  security: []
                  parameters:
                  - { name: photo, in: formData, type: file, required: true }
                  - { name: title, in: formData, type: string }
                  responses: { default: { description: any } }
            definitions:
              Order: { type: object, required: [id], properties: { id: { type: integer, readOnly: true }, note: { type: string } } }
            """);

        Assert.Contains("server: 'http://shop.example',\n  basePath: '/v1',", text);
        Assert.Contains("key: { kind: 'header', key: 'X-Key', variable: 'SHOP_KEY' },", text);
        Assert.Contains("login: { kind: 'basic', variable: 'SHOP_LOGIN' },", text);
        Assert.Contains("grant: { kind: 'bearer', variable: 'SHOP_GRANT' },", text);
        Assert.Contains("security: [['key'], ['login', 'grant']]", text);
        Assert.Contains("['tags', 'query', 'pipe']", text);
        Assert.Contains("body: Omit<Order, 'id'>;", text, "what the server makes need not be given");
        Assert.Contains("body: {\n    photo: File$ | ArrayBuffer | string;\n    title?: string;\n  };", text);
        Assert.Contains("const upload$: Operation$ = { method: 'POST', path: '/photos', body: ['multipart', 'multipart/form-data'], statuses: [{ min: 200, max: 299 }] };", text);
    }

    [TestMethod]
    public void Numbers_that_AspNetCore_takes_as_texts_too_are_numbers()
    {
        var text = project.Module("""
            openapi: 3.1.1
            paths:
              /a:
                get: { operationId: a, responses: { 200: { content: { application/json: { schema: { type: ['null', integer, string], pattern: '^-?(?:0|[1-9]\d*)$', format: int32 } } } } } }
            """);

        Assert.Contains("Result$<number | null>", text);
    }

    [TestMethod]
    public void Files_that_refer_to_each_other_are_one_document()
    {
        project.Write("schemas/product.yaml", "type: object\nproperties:\n  related: { type: array, items: { $ref: '../schemas/product.yaml' } }\n  maker: { $ref: 'common.json#/$defs/a~1b' }\n");
        project.Write("schemas/common.json", """{ "$defs": { "a/b": { "$ref": "#/$defs/Maker" }, "Maker": { "type": "object", "properties": { "name": { "type": "string" } } } } }""");
        var text = project.Module("openapi: 3.0.0\npaths:\n  /a:\n    get: { operationId: a, responses: { 200: { content: { application/json: { schema: { $ref: 'schemas/product.yaml' } } } } } }\n");

        Assert.Contains("export interface Product {\n  related?: Product[];\n  maker?: Maker;\n}", text);
    }

    [TestMethod]
    public void Yaml_anchors_and_merges_are_what_they_stand_for()
    {
        var text = project.Module("""
            openapi: 3.0.0
            x: &base { type: object, properties: { a: { type: string } } }
            paths:
              /a:
                get: { operationId: a, responses: { 200: { content: { application/json: { schema: { <<: *base, required: [a] } } } } } }
            """);

        Assert.Contains("Result$<{\n  a: string;\n}>", text);
    }

    [TestMethod]
    public void Schemas_for_validation_have_functions_in_place_of_refs()
    {
        var text = project.Module("""
            openapi: 3.0.0
            paths:
              /a:
                get: { operationId: a, responses: { 200: { content: { application/json: { schema: { $ref: '#/components/schemas/Node' } } } } } }
            components:
              schemas:
                Node:
                  type: object
                  required: [id, secret]
                  properties: { id: { type: integer, minimum: 1, exclusiveMinimum: true }, secret: { type: string, writeOnly: true }, next: { $ref: '#/components/schemas/Node' }, kind: { type: string, enum: [a], nullable: true } }
            """, "schemas");

        Assert.Contains("export const Node: Schema$ = { type: ['object'], properties: { id: { type: ['integer'], minimum: 1, exclusiveMinimum: 1 }, secret: { type: ['string'] }, next: () => Node, kind: { type: ['string', 'null'], enum: ['a', null] } }, required: ['id'] };", text);
    }

    [TestMethod]
    public void The_same_document_gives_the_same_bytes()
    {
        const string Document = "openapi: 3.0.0\npaths:\n  /a/{id}:\n    get: { operationId: a, parameters: [ { name: id, in: path, required: true, schema: { type: string, pattern: '^[A-Z]{3}-[0-9]{4}$' } } ], responses: { 200: {} } }\n";
        var first = Texts();
        File.Delete(Path.Combine(project.Output, "clients", "shop.state.json"));
        Assert.AreEqual(first, Texts());

        string Texts()
        {
            var client = project.Module(Document, smoke: true);
            project.Complete(project.Plan(project.Client()));
            return client + File.ReadAllText(Path.Combine(project.Output, "sources", "test.ts"));
        }
    }

    [TestMethod]
    [DataRow("repos/list-for_org", "reposListForOrg")]
    [DataRow("GetProduct", "getProduct")]
    [DataRow("HTTPStatus", "HTTPStatus")]
    [DataRow("delete", "delete_")]
    [DataRow("client", "client_")]
    [DataRow("2fa", "_2fa")]
    [DataRow("größe", "größe")]
    [DataRow("---", "")]
    public void Names_become_functions(string id, string name) => Assert.AreEqual(name, ApiNames.Function(id));
}
