using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Tests.Bundling;

namespace K6.LoadTesting.Tests.Sources;

/// <summary>What becomes of the requests of any source.</summary>
[TestClass]
public sealed class ScriptWriterTests
{
    private static SourceLocation At(int line) => new("/shop/Shop.LoadTests.csproj", line, 5);

    private static ScriptExpectation Expect(string text, int line) => ExpectationText.Parse(text, At(line), out _)!;

    private static RequestScript Shop(SourceLocation? broken = null) => new()
    {
        Origin = "the K6Endpoint items of Shop.LoadTests.csproj",
        Thresholds = [new("checks", "rate==1", At(3))],
        Imports = [new("k6-sdk", ["integer", "jsonText"])],
        Choices =
        [
            new()
            {
                Weight = 7,
                Location = At(5),
                Variables = [new("id", "integer(1, 9)", At(5))],
                Requests =
                [
                    new()
                    {
                        Name = "GET /products/{id}", Method = "GET", AddressExpression = "'/products/{id}'", Path = [new("id", "id")], Query = [new("size", "20"), new("q", "'a b&c'")],
                        Expectations = [Expect("200|404", 5), Expect("$.id > 0", 5)], ThinkTime = "1ms", LongestThinkTime = "2ms", Location = At(5),
                    },
                ],
            },
            new() { Weight = 2.5m, Location = At(6), Requests = [new() { Name = "home", Method = "GET", AddressExpression = "'/'", Tags = new Dictionary<string, string> { ["page"] = "home" }, Location = At(6) }] },
            new()
            {
                Name = "buying",
                Weight = 0.5m,
                Location = At(7),
                Requests =
                [
                    new()
                    {
                        Name = "POST /login", Method = "POST", AddressExpression = "'/login'", BodyExpression = "`{\n  \"user\": \"${jsonText('a\"b')}\"\n}`",
                        Headers = [new("Content-Type", "'application/json'")], Captures = [ExpectationText.ParsePlace("token", "token", "$.token", At(8), out _)!], Location = At(7),
                    },
                    new()
                    {
                        Name = "GET /basket", Method = "GET", AddressExpression = "'/basket'", Headers = [new("Authorization", "`Bearer ${token}`")],
                        Before = broken is null ? [] : ["throw new Error('broken');"], Location = broken ?? At(9),
                    },
                ],
            },
        ],
    };

    [TestMethod]
    public void The_script_is_one_that_a_person_would_write()
    {
        Assert.AreEqual("""
            // browse: made of the K6Endpoint items of Shop.LoadTests.csproj.
            import { group } from 'k6';
            import type { Options } from 'k6/options';
            import { above, ApiClient, capture, integer, json, jsonText, status, think, weighted } from 'k6-sdk';

            declare const __ENV: { BASE_URL: string };

            export const options: Options = {
              thresholds: {
                checks: ['rate==1'],
              },
              ext: {
                k6sdk: {
                  endpoints: [
                    'GET /products/{id}',
                    'home',
                    'POST /login',
                    'GET /basket',
                  ],
                },
              },
            };

            const api = new ApiClient({ baseUrl: __ENV.BASE_URL });

            const getProductsIdAnswer = [
              status(200, 404),
              json('$.id', above(0)),
            ];
            // GET /products/{id} (Shop.LoadTests.csproj:5)
            function getProductsId(): void {
              const id = integer(1, 9);
              api.get('/products/{id}', { path: { id }, query: { size: 20, q: 'a b&c' }, expect: getProductsIdAnswer });
              think('1ms', '2ms');
            }

            // home (Shop.LoadTests.csproj:6)
            function home(): void {
              api.get('/', { name: 'home', tags: { page: 'home' } });
            }

            // buying (Shop.LoadTests.csproj:7)
            function buying(): void {
              group('buying', () => {
                const postLoginResponse = api.post('/login', {
                  headers: { 'Content-Type': 'application/json' },
                  body: `{
              "user": "${jsonText('a"b')}"
            }`,
                });
                const token = capture(postLoginResponse, 'POST /login: token', json('$.token'));
                if (token === undefined) {
                  return;
                }

                api.get('/basket', { headers: { Authorization: `Bearer ${token}` } });
              });
            }

            const choose = weighted(
              [getProductsId, 7],
              [home, 2.5],
              [buying, 0.5],
            );

            export default function (): void {
              choose()();
            }

            """.ReplaceLineEndings("\n"), ScriptWriter.Write("browse", Shop(), "/shop/obj/k6/sources").Text);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Requests_arrive_as_declared_in_the_exact_ratio_of_their_weights(string engine)
    {
        using var server = new RecordingServer(request => request.Target == "/login" ? new(200, """{"token":"t-1"}""") : new(404, """{"id":1}"""));
        using var project = new ScriptProject();
        var (exit, log) = await RunAsync(project, engine, server, Shop());

        Assert.AreEqual(0, exit, log);
        var requests = server.Requests.ToList();
        Assert.AreEqual("140 50 10", $"{requests.Count(one => one.Target.StartsWith("/products/", StringComparison.Ordinal))} {requests.Count(one => one.Target == "/")} {requests.Count(one => one.Target == "/login")}");
        Assert.IsTrue(requests.Where(one => one.Target.StartsWith("/products/", StringComparison.Ordinal)).All(one => one.Target.EndsWith("?size=20&q=a%20b%26c", StringComparison.Ordinal)), log);
        var login = requests.First(one => one.Target == "/login");
        Assert.AreEqual("POST application/json {\n  \"user\": \"a\\\"b\"\n}", $"{login.Method} {login.Header("Content-Type")} {login.Body}");
        Assert.IsTrue(requests.Where(one => one.Target == "/basket").All(one => one.Header("Authorization") == "Bearer t-1"));
        Assert.HasCount(10, requests.Where(one => one.Target == "/basket"));
        Assert.IsGreaterThan(3, requests.Select(one => one.Target).Distinct().Count(target => target.StartsWith("/products/", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_value_that_is_not_there_is_a_failed_check_and_ends_what_needs_it(string engine)
    {
        using var server = new RecordingServer(request => new(request.Target == "/login" ? 500 : 200, """{"id":1}"""));
        using var project = new ScriptProject();
        var (exit, log) = await RunAsync(project, engine, server, Shop());

        Assert.AreEqual(99, exit, log);
        Assert.IsFalse(server.Requests.Any(one => one.Target == "/basket"));
        Assert.Contains("POST /login: token is in $.token", log);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task An_exception_has_the_line_of_the_declaration(string engine)
    {
        using var server = new RecordingServer(_ => new(200, """{"token":"t","id":1}"""));
        using var project = new ScriptProject();
        project.Write("Shop.csproj", "<Project />");
        var (_, log) = await RunAsync(project, engine, server, Shop(new SourceLocation(project.PathOf("Shop.csproj"), 42, 7)));

        Assert.Contains("broken", log);
        Assert.Contains("Shop.csproj:42:", log);
    }

    private static async Task<(int Exit, string Log)> RunAsync(ScriptProject project, string engine, RecordingServer server, RequestScript script)
    {
        var scenario = project.Scenario("browse.ts") with
        {
            File = SourceScripts.PathOf(project.Output, "browse"),
            Requests = script,
            Load = new() { Executor = "shared-iterations", Vus = 3, Iterations = 200 },
        };
        var plan = project.Plan(scenario);
        SourceScripts.Write(plan, project.Output);
        return await project.RunOnAsync(engine, (await project.BundlesAsync(plan)).Single(), ("BASE_URL", server.Address));
    }
}
