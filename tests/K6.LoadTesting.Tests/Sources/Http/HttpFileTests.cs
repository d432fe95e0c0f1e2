using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Sources.Http;

/// <summary>What an <c>.http</c> file means for the plan.</summary>
[TestClass]
public sealed class HttpFileTests
{
    [TestMethod]
    [DataRow("GET http://a/products/{{id}}?x={{id}}", "GET /products/{id}")]
    [DataRow("GET {{host}}/products/{{$randomInt 1 9}}", "GET /v1/products/{randomInt}", DisplayName = "the path within the variable of the host stays")]
    [DataRow("{{host}}", "GET /v1")]
    [DataRow("DELETE localhost:5000/a,b/{{ id }}-x", "DELETE /a b/{id}-x")]
    [DataRow("https://{{$processEnv SERVER}}:8080", "GET /")]
    [DataRow("http://a?q=/b", "GET /")]
    public void A_request_is_measured_by_its_template(string line, string name)
    {
        using var project = new HttpProject();
        project.Write("shop.http", $"@host = http://shop/v1\n@id = 5\n{line}\n");

        Assert.AreEqual(name, project.Script().Requests.Single().Name);
    }

    [TestMethod]
    public void A_name_comes_before_a_title_and_a_title_before_the_template()
    {
        using var project = new HttpProject();
        project.Write("shop.http", "### All, of them\nGET http://a/\n### ----\nGET http://a/b\n### Login\n# @name login\nPOST http://a/c\n");

        CollectionAssert.AreEqual(new[] { "All of them", "GET /b", "login" }, project.Script().Requests.Select(one => one.Name).ToArray());
    }

    [TestMethod]
    public void A_variable_is_what_stands_above_and_the_file_beats_its_environments()
    {
        using var project = new HttpProject();
        project.Write("http-client.env.json", """{ "$shared": { "a": "shared", "b": "shared", "c": "shared" }, "dev": { "b": "dev", "c": "dev" } }""");
        project.Write("http-client.env.json.user", """{ "dev": { "c": "user" } }""");
        project.Write("shop.http", "@x = 1\nGET http://h/{{x}}/{{a}}/{{b}}/{{c}}/{{d}}\n###\n@x = {{x}}2\nGET http://h/{{x}}\n###\n@a = file\nGET http://h/{{A}}\n".Replace("/{{d}}", ""));

        CollectionAssert.AreEqual(new[] { "'http://h/1/shared/dev/user'", "'http://h/12'", "'http://h/file'" }, project.Plan(("HttpEnvironment", "dev"))!.Tests[0].Scenarios[0].Requests!.Requests.Select(one => one.AddressExpression).ToArray());
        CollectionAssert.AreEqual(new[] { "'http://h/1/shared/shared/shared'" }, project.Plan()!.Tests[0].Scenarios[0].Requests!.Requests.Take(1).Select(one => one.AddressExpression).ToArray());
    }

    [TestMethod]
    public void Weights_share_the_iterations_and_what_has_none_is_done_once_by_each_user()
    {
        using var project = new HttpProject();
        project.Write("shop.http", """
            # @name login
            POST http://a/login
            ###
            # @weight 70
            GET http://a/products
            Authorization: Bearer {{login.response.body.$.token}}
            ###
            // @weight 30
            GET http://a/search
            """);

        var script = project.Script();
        Assert.AreEqual("login", script.SetUp.Single().Name);
        Assert.AreEqual("json('$.token')", script.SetUp.Single().Captures.Single().PlaceExpression);
        CollectionAssert.AreEqual(new[] { 70m, 30m }, script.Choices.Select(choice => choice.Weight).ToArray());
        Assert.AreEqual("`Bearer ${loginToken}`", script.Choices[0].Requests[0].Headers[0].ValueExpression);
    }

    [TestMethod]
    public void Limits_and_load_of_the_file_count_as_if_they_were_in_the_project()
    {
        using var project = new HttpProject();
        project.Write("shop.http", """
            # @k6 file scenario vus=5 stages="1s:5, 2s:0" executor=ramping-vus startVUs=1
            # @k6 file threshold http_req_failed rate<1%
            # @threshold p(95)<500ms
            GET http://a/products/{{$randomInt 9}}
            """.Replace("vus=5 ", ""));
        var plan = project.Plan()!;

        Assert.IsEmpty(project.Diagnostics, string.Join('\n', project.Diagnostics));
        var test = plan.Tests.Single();
        Assert.AreEqual("ramping-vus", test.Scenarios[0].Load!.Executor);
        Assert.HasCount(2, test.Scenarios[0].Load!.Stages!);
        var own = test.Thresholds.Single(one => one.Metric == "http_req_duration{name:GET /products/{randomInt}}");
        Assert.AreEqual("p(95)<500", own.Expression);
        Assert.AreEqual((project.Scripts.PathOf("shop.http"), 3), (own.Location.File, own.Location.Line));
        Assert.AreEqual(0.01, test.Thresholds.Single(one => one.Metric == "http_req_failed").Limit);

        Assert.AreEqual("constant-vus", project.Plan(("Vus", "2"), ("Duration", "1s"))!.Tests[0].Scenarios[0].Load!.Executor, "the item replaces the load of the file");
        Assert.AreEqual("ramping-vus", project.Plan()!.Tests[0].Scenarios[0].Load!.Executor);
    }

    [TestMethod]
    public void Annotations_say_how_a_request_is_made_and_what_the_answer_has_to_be()
    {
        using var project = new HttpProject();
        project.Write("shop.http", """
            # @k6 file timeout 5
            # @k6 file tag team=shop
            # @expect 2xx
            # @expect duration < 500ms
            # @expect header X contains y
            # @expect $.a.b == 1
            # @think 500ms..2s
            # @timeout 3 s
            # @tag size=large
            # @no-redirect
            # @no-cookie-jar
            GET http://a/
            ###
            # @skip
            GET http://a/skipped
            ###
            GET http://a/plain
            """);

        var script = project.Script();
        var (first, second) = (script.Requests.First(), script.Requests.Last());
        CollectionAssert.AreEqual(
            new[] { "status({ min: 200, max: 299 })", "within('500ms')", "header('X', contains('y'))", "json('$.a.b', equals(1))" }, first.Expectations.Select(one => one.CallExpression).ToArray());
        Assert.AreEqual("500ms 2s 3s 0 False shop large", $"{first.ThinkTime} {first.LongestThinkTime} {first.Timeout} {first.Redirects} {first.Cookies} {first.Tags["team"]} {first.Tags["size"]}");
        Assert.AreEqual("status({ min: 200, max: 399 })  5s", $"{second.Expectations.Single().CallExpression} {second.ThinkTime} {second.Timeout}");
        Assert.HasCount(2, script.Requests);
        Assert.AreEqual("checks rate==1", $"{script.Thresholds.Single().Metric} {script.Thresholds.Single().Expression}");
    }

    [TestMethod]
    public void The_address_of_a_service_replaces_the_one_that_Visual_Studio_wrote()
    {
        using var project = new HttpProject();
        project.Scripts.Write("Shop.Api/Shop.Api.csproj", "<Project />");
        project.With("K6Service", "Shop.Api/Shop.Api.csproj");
        project.Write("shop.http", "@Shop.Api_HostAddress = http://localhost:5000\n\nGET {{Shop.Api_HostAddress}}/products\n");

        var script = project.Script();
        Assert.AreEqual("__ENV.BASE_URL || 'http://localhost:5000'", script.BaseUrlExpression);
        Assert.AreEqual("GET /products '/products'", $"{script.Requests.Single().Name} {script.Requests.Single().AddressExpression}");
    }

    [TestMethod]
    public void Values_of_the_machine_are_asked_for_by_name_and_never_in_the_script()
    {
        using var project = new HttpProject { UserSecretsId = "u" };
        project.Write(".env", "PORT=123456\nSHOP_TOKEN='dotenv-secret'\n");
        project.Write("http-client.env.json", """{ "$shared": { "ApiKey": { "provider": "AspnetUserSecrets", "secretName": "config:ApiKey" } } }""");
        project.Write("shop.http", "# @prompt who Your name\nGET http://a/{{who}}\nX-Key: {{ApiKey}}\nX-Dot: {{$dotenv SHOP_TOKEN}}\nX-Env: {{$processEnv USER_NAME}} {{$processEnv API_TOKEN}}\n");

        var text = project.Text();
        Assert.Contains("__ENV.ApiKey", text);
        Assert.DoesNotContain("dotenv-secret", text);
        var plan = project.Plan()!;
        CollectionAssert.AreEquivalent(
            new[] { "ApiKey UserSecret config:ApiKey", "DOTENV_SHOP_TOKEN FileKey SHOP_TOKEN", "API_TOKEN Environment API_TOKEN" }, plan.Secrets.Select(one => $"{one.Name} {one.Source} {one.Key}").ToArray());
        CollectionAssert.AreEquivalent(new[] { "who", "USER_NAME" }, plan.Environment.Select(one => one.Name).ToArray());
        Assert.IsTrue(plan.Secrets.All(one => one.Location.File.EndsWith("shop.http", StringComparison.Ordinal)));
        Assert.AreEqual("dotenv-secret", LoadTesting.Secrets.SecretValues.Read([.. plan.Secrets.Where(one => one.Source == SecretSource.FileKey)], new Dictionary<string, string>())["DOTENV_SHOP_TOKEN"]);
    }

    [TestMethod]
    public void A_line_of_a_file_of_secrets_may_have_quotes_export_and_a_comment()
    {
        using var project = new HttpProject();
        project.Write(".env", "# comment\nA=1\n export B = \"two words\" # x\r\nC='#3'\nD=four # words\nA=last\n");
        SecretPlan Secret(string key) => new(key, SecretSource.FileKey, key, new(project.Scripts.ProjectFile, 1, 1)) { File = project.Scripts.PathOf(".env") };

        var values = LoadTesting.Secrets.SecretValues.Read([Secret("A"), Secret("B"), Secret("C"), Secret("D")], new Dictionary<string, string>());
        Assert.AreEqual("last|two words|#3|four", string.Join('|', values.Values));
        Assert.Contains("no line 'E=…'", Assert.ThrowsExactly<LoadTesting.Diagnostics.LoadTestException>(() => LoadTesting.Secrets.SecretValues.Read([Secret("E")], new Dictionary<string, string>())).Message);
    }

    [TestMethod]
    public async Task What_a_file_is_made_of_is_an_input_of_its_bundle_and_the_same_file_gives_the_same_script()
    {
        using var project = new HttpProject();
        project.Write("http-client.env.json", """{ "$shared": { "id": "1" } }""").Write("body.json", "{}").Write("filled.json", "{{id}}");
        project.Write("shop.http", "POST http://a/{{id}}\n\n< body.json\n###\nPOST http://a/b\n\n<@ filled.json\n");
        var plan = project.Plan()!;
        LoadTesting.Sources.SourceScripts.Write(plan, project.Scripts.Output);
        var first = await project.Scripts.BundleAsync(plan);
        Assert.IsTrue(first.Ran);
        var inputs = first.Bundles.Single().Inputs.Select(file => Path.GetFileName(file)).ToArray();
        foreach (var name in new[] { "shop.http", "http-client.env.json", "body.json", "filled.json" })
        {
            Assert.Contains(name, inputs);
        }

        Assert.IsFalse(await AgainAsync(), "nothing changed");
        project.Write("filled.json", "{{id}}!");
        Assert.IsTrue(await AgainAsync());
        project.Write("http-client.env.json", """{ "$shared": { "id": "2" } }""");
        Assert.IsTrue(await AgainAsync());
        Assert.IsFalse(await AgainAsync());

        async Task<bool> AgainAsync()
        {
            var next = project.Plan()!;
            LoadTesting.Sources.SourceScripts.Write(next, project.Scripts.Output);
            return (await project.Scripts.BundleAsync(next)).Ran;
        }
    }
}
