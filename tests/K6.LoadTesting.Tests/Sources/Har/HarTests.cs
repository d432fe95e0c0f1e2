using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Tests.Bundling;

namespace K6.LoadTesting.Tests.Sources.Har;

/// <summary>Recordings as scenarios.</summary>
[TestClass]
public sealed class HarTests
{
    private const string Shop = "https://shop.example.com";

    /// <summary>A purchase: a page with a form, a login, an order; beside it what is no part of it.</summary>
    private static JsonObject Purchase() => Har.Of(
        [("p1", "Shop: home"), ("p2", "https://shop.example.com/orders")],
        Har.Entry("p1", 0, "GET", $"{Shop}/", 200, "text/html", """<form><input type="hidden" name="csrf" value="form-field-0001"></form><script>var key = "in-script-4242";</script>""", setCookie: "sid"),
        Har.Entry("p1", 50, "GET", $"{Shop}/app.js", 200, "application/javascript", "alert(1)"),
        Har.Entry("p1", 60, "GET", "https://stats.example.org/hit", 200, "text/plain", "ok"),
        Har.Entry("p1", 70, "OPTIONS", $"{Shop}/login", 204, "", ""),
        Har.Entry("p1", 2100, "POST", $"{Shop}/login?key=in-script-4242", 200, "application/json", """{"token":"recorded-token-1","user":{"id":4711,"name":"alice"}}""",
            """{"user":"alice","password":"my password","csrf":"form-field-0001","n":1}""", ("Content-Type", "application/json"), ("User-Agent", "browser"), ("sec-ch-ua", "x")),
        Har.Entry("p2", 2200, "GET", $"{Shop}/old", 302, "", "", redirect: "/users/4711/orders?page=2&sort=name,asc"),
        Har.Entry("p2", 2300, "GET", $"{Shop}/users/4711/orders?page=2&sort=name,asc", 200, "application/json", """{"items":[{"id":1,"sku":"SKU-2024-01"}]}"""),
        Har.Entry("p2", 4000, "POST", "https://api.shop.example.com/orders", 201, "application/json", """{"orderId":98}""",
            "sku=SKU-2024-01&token=abcdef&note=two+words", ("Content-Type", "application/x-www-form-urlencoded"), ("Authorization", "Bearer recorded-token-1")),
        Har.Entry("p2", 64100 + 60000, "GET", $"{Shop}/orders/98", 404, "application/json", "{}", null, ("X-Api-Key", "key-from-nowhere-1")),
        Har.Entry("p2", 64200 + 60000, "GET", "wss://shop.example.com/live", 101, "", ""));

    [TestMethod]
    public void A_journey_has_its_pages_pauses_and_names_and_nothing_of_other_hosts_or_static_files()
    {
        using var project = new HarProject(Purchase());
        var script = project.Script("CHECKOUT_PASSWORD", "CHECKOUT_TOKEN", "CHECKOUT_X_API_KEY");

        var requests = script.Choices.Single().Requests;
        CollectionAssert.AreEqual(
            new[] { "GET /", "POST /login", "GET /old", "POST /orders", "GET /orders/{orderId}" }, requests.Select(one => one.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "Shop: home", "Shop: home", "/old", "/old", "/old" }, requests.Select(one => one.Group).ToArray());
        CollectionAssert.AreEqual(new[] { "2.1s", null, "1.7s", "1m", null }, requests.Select(one => one.ThinkTime).ToArray());
        CollectionAssert.AreEqual(new[] { "status(200)", "status(200)", "status(200)", "status(201)", "status(404)" }, requests.Select(one => one.Expectations.Single().CallExpression).ToArray());
        Assert.AreEqual("__ENV.BASE_URL || 'https://shop.example.com'", script.BaseUrlExpression);
        CollectionAssert.AreEqual(new[] { "Content-Type" }, requests[1].Headers.Select(one => one.Name).ToArray());
        Assert.Contains("stats.example.org (1)", project.Diagnostics[0].Message);
        Assert.Contains("1 WebSocket connection", project.Diagnostics[1].Message);
        Assert.IsTrue(project.Diagnostics.TrueForAll(one => one.Code == "KSDK0633"));

        project.Options = [("HarHosts", "*.example.org, shop.example.com"), ("HarStaticFiles", "true")];
        CollectionAssert.Contains(project.Script("CHECKOUT_PASSWORD", "CHECKOUT_X_API_KEY").Requests.Select(one => one.Name).ToArray(), "GET /hit");
        CollectionAssert.Contains(project.Script("CHECKOUT_PASSWORD", "CHECKOUT_X_API_KEY").Requests.Select(one => one.Name).ToArray(), "GET /app.js");
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Values_of_answers_come_back_as_the_server_gives_them_today(string engine)
    {
        using var server = new RecordingServer(request => request.Target.Split('?')[0] switch
        {
            "/" => new(200, """<form><input type="hidden" name="csrf" value="today's &amp; field"></form><script>var key = "script today";</script>""", "Content-Type: text/html", "Set-Cookie: sid=server"),
            "/login" => new(200, """{"token":"to\"day","user":{"id":5,"name":"alice"}}"""),
            "/old" => new(302, "", "Location: /users/5/orders"),
            "/users/5/orders" => new(200, """{"items":[{"id":1,"sku":"a&b"}]}"""),
            "/orders" => new(201, """{"orderId":7}"""),
            "/orders/7" => new(404, "{}"),
            _ => new(500),
        });
        using var project = new HarProject(JsonNode.Parse(Purchase().ToJsonString().Replace("https://api.shop.example.com", Shop, StringComparison.Ordinal))!.AsObject());
        var plan = project.Plan("CHECKOUT_PASSWORD", "CHECKOUT_TOKEN", "CHECKOUT_X_API_KEY")!;
        // Nobody waits a minute in a test.
        var scenario = plan.Tests[0].Scenarios[0];
        var script = scenario.Requests! with { Choices = [scenario.Requests.Choices[0] with { Requests = [.. scenario.Requests.Choices[0].Requests.Select(one => one with { ThinkTime = null })] }] };
        plan = plan with { Tests = [plan.Tests[0] with { Scenarios = [scenario with { Requests = script }] }] };
        SourceScripts.Write(plan, project.Scripts.Output);
        var (exit, log) = await project.Scripts.RunOnAsync(
            engine, (await project.Scripts.BundlesAsync(plan)).Single(),
            ("BASE_URL", server.Address), ("CHECKOUT_PASSWORD", "p\"w"), ("CHECKOUT_TOKEN", "t k"), ("CHECKOUT_X_API_KEY", "key"));

        Assert.AreEqual(0, exit, log);
        CollectionAssert.AreEqual(
            new[] { "GET /", "POST /login?key=script%20today", "GET /old", "GET /users/5/orders", "POST /orders", "GET /orders/7" },
            server.Requests.Select(one => $"{one.Method} {one.Target}").ToArray(), log);
        var requests = server.Requests.ToArray();
        JsonAssert.AreEqual("""{"user":"alice","password":"p\"w","csrf":"today's & field","n":1}""", JsonNode.Parse(requests[1].Body));
        Assert.AreEqual("sid=server", requests[1].Header("Cookie"));
        Assert.AreEqual("sku=a%26b&token=t%20k&note=two+words", requests[4].Body);
        Assert.AreEqual("Bearer to\"day", requests[4].Header("Authorization"));
        Assert.AreEqual("key", requests[5].Header("X-Api-Key"));
    }

    [TestMethod]
    public void A_header_that_was_sent_twice_keeps_the_values_of_each_apart()
    {
        using var project = new HarProject(Har.Of(
            [("p1", "Shop: home")],
            Har.Entry("p1", 0, "GET", $"{Shop}/token", 200, "application/json", """{"token":"recorded-token-1"}"""),
            Har.Entry("p1", 100, "GET", $"{Shop}/orders", 200, "application/json", "{}", null, ("Authorization", "Bearer recorded-token-1"), ("Authorization", "Basic and-this-is-a-longer-one-42"))));

        var headers = project.Script("CHECKOUT_AUTHORIZATION").Choices.Single().Requests[1].Headers;
        Assert.AreEqual("Authorization", headers.Single().Name);
        Assert.DoesNotContain("recorded-token-1", headers.Single().ValueExpression);
        Assert.Contains("Bearer ", headers.Single().ValueExpression);
    }

    [TestMethod]
    public void Secrets_are_told_with_the_line_to_add_and_are_nowhere_in_what_is_written()
    {
        using var project = new HarProject(Purchase());
        Assert.IsNull(project.Plan());

        var told = project.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).ToList();
        CollectionAssert.AreEqual(new[] { "KSDK0632", "KSDK0632", "KSDK0632" }, told.Select(one => one.Code).ToArray());
        Assert.Contains("the value password in the body of POST /login", told[0].Message);
        Assert.Contains("<K6Secret Include=\"CHECKOUT_PASSWORD\" />", told[0].Message);
        Assert.AreEqual(project.LineOf("/login?key") - 5, told[0].Location!.Line, "where the entry begins");

        var plan = project.Plan("CHECKOUT_PASSWORD", "CHECKOUT_TOKEN", "CHECKOUT_X_API_KEY")!;
        SourceScripts.Write(plan, project.Scripts.Output);
        var written = string.Concat(Directory.GetFiles(project.Scripts.Output, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
        foreach (var secret in new[] { "my password", "abcdef", "key-from-nowhere-1", "recorded-token-1", "form-field-0001" })
        {
            Assert.DoesNotContain(secret, written);
        }
    }

    [TestMethod]
    public void A_session_from_before_the_recording_is_a_secret_and_a_harmless_cookie_is_sent()
    {
        var entry = Har.Entry(null, 0, "GET", $"{Shop}/", 200, "text/html", "");
        entry["request"]!["cookies"] = new JsonArray(new JsonObject { ["name"] = ".AspNetCore.Identity", ["value"] = "chunk" }, new JsonObject { ["name"] = "theme", ["value"] = "dark" }, new JsonObject { ["name"] = "_ga", ["value"] = "1" });
        using var project = new HarProject(Har.Of([], entry));

        Assert.AreEqual("`.AspNetCore.Identity=${__ENV.CHECKOUT_ASPNETCORE_IDENTITY}; theme=dark`", project.Script("CHECKOUT_ASPNETCORE_IDENTITY").Requests.Single().Headers.Single().ValueExpression);
    }

    [TestMethod]
    [DataRow(0.05)]
    [DataRow(0.5)]
    [DataRow(0.999)]
    public void A_recording_that_is_cut_off_is_told_at_its_end(double share)
    {
        using var project = new HarProject(Purchase());
        var text = File.ReadAllText(project.File_);
        var cut = text[..(int)(text.Length * share)];
        File.WriteAllText(project.File_, cut);
        project.Plan();

        var diagnostic = project.Diagnostics.Single();
        Assert.AreEqual("KSDK0630", diagnostic.Code);
        Assert.Contains("ends in the middle", diagnostic.Message);
        Assert.IsLessThanOrEqualTo(cut.Count(one => one == '\n') + 1, diagnostic.Location!.Line);
    }

    [TestMethod]
    [DataRow("KSDK0630", "", "empty")]
    [DataRow("KSDK0630", "{ \"log\": {} }", "no list log.entries")]
    [DataRow("KSDK0630", "[]", "no recording")]
    [DataRow("KSDK0630", "{ \"log\": { \"entries\": [ { x } ] } }", "not JSON")]
    [DataRow("KSDK0631", "{ \"log\": { \"entries\": [] } }", "nothing is left")]
    [DataRow("KSDK0631", "{ \"log\": { \"entries\": [ { \"request\": { \"method\": \"GET\", \"url\": \"data:x\" } }, {} ] } }", "nothing is left")]
    public void What_is_no_recording_is_told(string code, string text, string words)
    {
        using var project = new HarProject(null);
        File.WriteAllText(project.File_, text);
        project.Plan();

        Assert.AreEqual(code, project.Diagnostics.Single().Code, project.Diagnostics[0].Message);
        Assert.Contains(words, project.Diagnostics[0].Message);
        Assert.AreEqual(project.File_, project.Diagnostics[0].Location!.File);
    }

    [TestMethod]
    public void Too_many_requests_are_told_with_what_to_do()
    {
        using var project = new HarProject(Har.Of([], [.. Enumerable.Range(0, 2001).Select(i => Har.Entry(null, i, "GET", $"{Shop}/{i}", 200, "application/json", "{}"))]));
        project.Plan();

        Assert.AreEqual("KSDK0634", project.Diagnostics.Single().Code);
        Assert.Contains("HarHosts", project.Diagnostics[0].Message);
    }

    [TestMethod]
    public void What_was_made_is_remembered_until_the_recording_or_what_is_chosen_changes()
    {
        using var project = new HarProject(Har.Of([], Har.Entry(null, 0, "GET", $"{Shop}/one", 200, "text/html", "")));
        Assert.AreEqual("GET /one", project.Script().Requests.Single().Name);
        var state = Directory.GetFiles(Path.Combine(project.Scripts.Output, "recordings")).Single();
        File.WriteAllText(state, File.ReadAllText(state).Replace("GET /one", "GET /remembered", StringComparison.Ordinal));
        Assert.AreEqual("GET /remembered", project.Script().Requests.Single().Name);

        project.Options = [("HarStaticFiles", "true")];
        Assert.AreEqual("GET /one", project.Script().Requests.Single().Name);
        File.WriteAllText(project.File_, Har.Of([], Har.Entry(null, 0, "GET", $"{Shop}/two", 200, "text/html", "")).ToJsonString());
        Assert.AreEqual("GET /two", project.Script().Requests.Single().Name);
    }

    [TestMethod]
    public void Metadata_of_recordings_belong_to_recordings()
    {
        using var project = new HarProject(null);
        project.Scripts.Write("a.ts", "export default () => {};");
        project.Items.Add(new("K6Scenario", "a.ts", new SourceLocation(project.Scripts.ProjectFile, 9, 5)) { Metadata = new Dictionary<string, string> { ["HarHosts"] = "x" } });
        LoadPlanBuilder.Build(new() { File = project.Scripts.ProjectFile, Items = project.Items }, project.Diagnostics);

        Assert.AreEqual("KSDK0103", project.Diagnostics.Single().Code);
    }

    /// <summary>A project with <c>checkout.har</c>.</summary>
    private sealed class HarProject : IDisposable
    {
        public HarProject(JsonObject? har)
        {
            if (har is not null)
            {
                File.WriteAllText(File_, har.ToJsonString(new JsonSerializerOptions { WriteIndented = true }), new UTF8Encoding(true));
            }
        }

        public ScriptProject Scripts { get; } = new();

        public string File_ => Scripts.PathOf("checkout.har");

        public (string Name, string Value)[] Options { get; set; } = [];

        public List<ItemDeclaration> Items { get; } = [];

        public List<Diagnostic> Diagnostics { get; } = [];

        public int LineOf(string text) => File.ReadAllLines(File_).ToList().FindIndex(line => line.Contains(text, StringComparison.Ordinal)) + 1;

        public LoadPlan? Plan(params string[] secrets)
        {
            Diagnostics.Clear();
            var place = new SourceLocation(Scripts.ProjectFile, 3, 5);
            var scenario = new ItemDeclaration("K6Scenario", "checkout.har", place) { Metadata = Options.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.OrdinalIgnoreCase) };
            return LoadPlanBuilder.Build(
                new ProjectDeclaration { File = Scripts.ProjectFile, GeneratedDirectory = Scripts.Output, Items = [scenario, .. secrets.Select(name => new ItemDeclaration("K6Secret", name, place))] }, Diagnostics);
        }

        public RequestScript Script(params string[] secrets)
        {
            var plan = Plan(secrets);
            Assert.IsNotNull(plan, string.Join(Environment.NewLine, Diagnostics));
            return plan.Tests.Single().Scenarios.Single().Requests!;
        }

        public void Dispose() => Scripts.Dispose();
    }
}

/// <summary>Makes recordings.</summary>
internal static class Har
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 9, 0, 0, TimeSpan.Zero);

    public static JsonObject Of((string Id, string Title)[] pages, params JsonObject[] entries) => new()
    {
        ["log"] = new JsonObject
        {
            ["version"] = "1.2",
            ["creator"] = new JsonObject { ["name"] = "test" },
            ["pages"] = new JsonArray([.. pages.Select(page => new JsonObject { ["id"] = page.Id, ["title"] = page.Title })]),
            ["entries"] = new JsonArray([.. entries]),
        },
    };

    public static JsonObject Entry(
        string? page, int milliseconds, string method, string url, int status, string type, string content, string? body, params (string Name, string Value)[] headers)
    {
        var entry = Entry(page, milliseconds, method, url, status, type, content);
        entry["request"]!["headers"] = new JsonArray([.. headers.Select(header => new JsonObject { ["name"] = header.Name, ["value"] = header.Value })]);
        if (body is not null)
        {
            entry["request"]!["postData"] = new JsonObject { ["mimeType"] = headers[0].Value, ["text"] = body };
        }

        return entry;
    }

    public static JsonObject Entry(
        string? page, int milliseconds, string method, string url, int status, string type, string content, string redirect = "", string? setCookie = null) => new()
        {
            ["startedDateTime"] = Start.AddMilliseconds(milliseconds).ToString("o"),
            ["time"] = 10,
            ["request"] = new JsonObject { ["method"] = method, ["url"] = url, ["headers"] = new JsonArray(), ["cookies"] = new JsonArray() },
            ["response"] = new JsonObject
            {
                ["status"] = status,
                ["headers"] = new JsonArray(),
                ["cookies"] = setCookie is null ? new JsonArray() : new JsonArray(new JsonObject { ["name"] = setCookie, ["value"] = "recorded-sid-0001" }),
                ["redirectURL"] = redirect,
                ["content"] = new JsonObject { ["mimeType"] = type, ["text"] = content },
            },
            ["pageref"] = page,
        };
}
