namespace K6.LoadTesting.Tests.Sources.OpenApi;

/// <summary>Clients in scripts, on real k6 and on the embedded engine.</summary>
[TestClass]
public sealed class ClientOnEnginesTests
{
    private const string Document = """
        openapi: 3.1.0
        info: { title: Shop, version: '1' }
        servers: [ { url: /api } ]
        security: [ { token: [] } ]
        paths:
          /products/{id}:
            get:
              operationId: getProduct
              security: []
              parameters:
              - { name: id, in: path, required: true, schema: { type: string } }
              - { name: tags, in: query, schema: { type: array, items: { type: string } } }
              - { name: sizes, in: query, explode: false, schema: { type: array, items: { type: integer } } }
              - { name: where, in: query, style: deepObject, explode: true, schema: { type: object, properties: { color: { type: string } } } }
              - { name: X-Trace, in: header, schema: { type: string } }
              - { name: lang, in: cookie, schema: { type: string } }
              responses:
                200: { content: { application/json: { schema: { $ref: '#/components/schemas/Product' } } } }
                404: { description: none }
          /orders:
            post:
              operationId: placeOrder
              requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { note: { type: string } } } } } }
              responses: { 201: { description: done } }
          /form:
            post:
              operationId: sendForm
              security: [ { key: [] }, { login: [] } ]
              requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { a: { type: string }, b: { type: array, items: { type: integer } } } } } } }
              responses: { 200: { description: done } }
          /unused:
            get: { operationId: neverCalledAtAll, responses: { 200: {} } }
        components:
          securitySchemes:
            token: { type: http, scheme: bearer }
            login: { type: http, scheme: basic }
            key: { type: apiKey, in: query, name: key }
          schemas:
            Product: { type: object, required: [id], properties: { id: { type: integer }, name: { type: string } } }
        """;

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Calls_arrive_as_the_document_says(string engine)
    {
        using var server = new RecordingServer(request => request.Target.StartsWith("/api/products", StringComparison.Ordinal)
            ? new(200, """{"id":7,"name":"Lamp"}""", "Content-Type: application/json") : new(request.Method == "POST" && request.Target == "/api/orders" ? 201 : 200));
        using var project = new ApiProject();
        project.Write("shop.yaml", Document);
        var bundle = await project.BundleAsync(project.Client(), """
            import { ShopApi } from 'k6-clients/shop';
            export const options = { thresholds: { checks: ['rate==1'], 'http_reqs{name:GET /products/{id}}': ['count==1'] } };
            export default function () {
              const found = ShopApi.getProduct({ id: 'a b/c', tags: ['x', 'y&z'], sizes: [1, 2], where: { color: 'red' }, 'X-Trace': 't1', lang: 'de' });
              console.log(`found:${found.status}:${found.ok}:${found.data.id}:${found.data.name}:`);
              ShopApi.client.authorize({ token: 'T0' });
              const order = ShopApi.placeOrder({ body: { note: 'ü' } });
              console.log(`order:${order.ok}:${order.data}:`);
              ShopApi.sendForm({ body: { a: 'x&y', b: [1, 2] } }, { security: { login: 'u:p' }, headers: { 'X-Own': '1' } });
              ShopApi.sendForm({ body: { a: '1' } });
            }
            """);
        var (exit, log) = await project.Scripts.RunOnAsync(engine, bundle, ("BASE_URL", server.Address), ("SHOP_KEY", "K"));

        Assert.AreEqual(0, exit, log);
        Assert.Contains("found:200:true:7:Lamp:", log);
        Assert.Contains("order:true:undefined:", log);
        var requests = server.Requests.ToList();
        Assert.AreEqual("/api/products/a%20b%2Fc?tags=x&tags=y%26z&sizes=1%2C2&where%5Bcolor%5D=red", requests[0].Target);
        Assert.AreEqual("t1 lang=de application/json", $"{requests[0].Header("X-Trace")} {requests[0].Header("Cookie")} {requests[0].Header("Accept")}");
        Assert.IsNull(requests[0].Header("Authorization"));
        Assert.AreEqual("Bearer T0 application/json {\"note\":\"Ã¼\"}", $"{requests[1].Header("Authorization")} {requests[1].Header("Content-Type")} {requests[1].Body}");
        Assert.AreEqual("/api/form Basic dTpw", $"{requests[2].Target} {requests[2].Header("Authorization")}", "credentials of the call come first");
        Assert.AreEqual("/api/form?key=K", requests[3].Target, "else the first alternative that has them");
        Assert.AreEqual("application/x-www-form-urlencoded a=x%26y&b=%5B1%2C2%5D 1", $"{requests[2].Header("Content-Type")} {requests[2].Body} {requests[2].Header("X-Own")}");
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_status_or_a_body_that_was_not_promised_is_a_failed_check(string engine)
    {
        using var server = new RecordingServer(request => request.Target.EndsWith("/1", StringComparison.Ordinal) ? new(500, "{}", "Content-Type: application/json")
            : request.Target.EndsWith("/4", StringComparison.Ordinal) ? new(404) : new(200, """{"id":"seven"}""", "Content-Type: application/json"));
        using var project = new ApiProject();
        project.Write("shop.yaml", Document);
        var bundle = await project.BundleAsync(project.Client() with { ValidateResponses = true }, """
            import * as shop from 'k6-clients/shop';
            export const options = { thresholds: {
              'checks{check:GET /products/{id}: status is 200}': ['rate<0.6'], 'checks{check:GET /products/{id}: status is 404}': ['rate==1'],
              'checks{check:GET /products/{id}: body fits its schema}': ['rate<0.8'], http_req_failed: ['rate<0.5'],
            } };
            export default function () {
              shop.getProduct({ id: '1' });
              shop.getProduct({ id: '2' });
              console.log(`right:${shop.getProduct({ id: '4' }, { status: 404 }).ok}:`);
              try { shop.placeOrder({ body: {} }); } catch (error) { console.log(`refused:${(error as Error).message}:`); }
              try { shop.client.authorize({ tokn: 'x' }); } catch (error) { console.log(`unknown:${(error as Error).message}:`); }
            }
            """);
        var (exit, log) = await project.Scripts.RunOnAsync(engine, bundle, ("BASE_URL", server.Address));

        Assert.AreEqual(0, exit, log);
        Assert.Contains("$.id is string, and integer is wanted", log);
        Assert.Contains("right:true:", log);
        Assert.Contains("refused:POST /orders needs credentials: token (variable SHOP_TOKEN).", log);
        Assert.Contains("unknown:shop has no security scheme 'tokn'; there is: token, login, key:", log);
    }

    [TestMethod]
    [DataRow("import { ShopApi } from 'k6-clients/shop';\nexport default () => { ShopApi.getProduct({ id: '1' }); };", false)]
    [DataRow("import {\n  ShopApi as api,\n  type Product,\n} from \"k6-clients/shop\";\nexport default () => { const p: Product = api.getProduct({ id: '1' }).data; };", false)]
    [DataRow("import { getProduct, schemas } from 'k6-clients/shop';\nexport default () => { getProduct({ id: '1' }); console.log(schemas.Product); };", false)]
    [DataRow("import * as shop from 'k6-clients/shop';\nexport default () => { shop.getProduct({ id: '1' }); };", false)]
    [DataRow("import { ShopApi } from 'k6-clients/shop';\nexport default (data: any) => { (ShopApi as any)[data.name](); };", true)]
    public async Task A_bundle_has_the_operations_that_are_used(string script, bool all)
    {
        using var project = new ApiProject();
        project.Write("shop.yaml", Document);
        var bundle = File.ReadAllText((await project.BundleAsync(project.Client(), script)).File);

        Assert.Contains("/products/{id}", bundle);
        Assert.AreEqual(all, bundle.Contains("neverCalledAtAll", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("import { x } from 'k6-clients/shp';", "Did you mean 'shop'?")]
    [DataRow("import { x } from 'k6-clients';", "There is: shop.")]
    public async Task A_client_that_does_not_exist_is_an_error_at_its_import(string import, string words)
    {
        using var project = new ApiProject();
        project.Write("shop.yaml", Document);
        project.Make(project.Client());
        await project.Scripts.BundleAsync(project.Plan(project.Client(), $"{import}\nexport default () => x;"));
        Assert.Contains(words, project.Scripts.Diagnostics[0].Message);
        Assert.AreEqual((project.Scripts.PathOf("test.ts"), 1), (project.Scripts.Diagnostics[0].Location!.File, project.Scripts.Diagnostics[0].Location!.Line));
    }
}
