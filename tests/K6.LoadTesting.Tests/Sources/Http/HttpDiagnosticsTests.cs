using System.Text;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Sources.Http;

/// <summary>What is wrong with an <c>.http</c> file is told at its place, marked by ▶.</summary>
[TestClass]
public sealed class HttpDiagnosticsTests
{
    [TestMethod]
    [DataRow("KSDK0602", "\n  ▶GTE http://a/\n", "Did you mean 'GET'?")]
    [DataRow("KSDK0602", "▶POST\n", "no address")]
    [DataRow("KSDK0602", "GET http://a/ ▶HTTP/x\n", "no version")]
    [DataRow("KSDK0603", "GET http://a/\nAccept: b\n▶Content Type: c\n", "'Content Type' cannot be the name")]
    [DataRow("KSDK0603", "GET http://a/\n▶{ \"a\": 1 }\n", "a body comes after an empty line", DisplayName = "a body without an empty line before it")]
    [DataRow("KSDK0603", "GET http://a/\n▶: b\n", "there is none before the colon")]
    [DataRow("KSDK0604", "▶@host http://a\nGET http://a/\n", "defines no variable")]
    [DataRow("KSDK0604", "▶@1st = a\nGET http://a/\n", "a name starts with a letter")]
    [DataRow("KSDK0605", "@host = http://a\nGET {{host}}/{{▶hots}}\n", "Did you mean 'host'?")]
    [DataRow("KSDK0605", "POST http://a/\n\n{\n  \"ä\": {{▶id}}\n}\n", "Define it above, '@id = value'")]
    [DataRow("KSDK0605", "GET http://a/?t={{▶$dotenv TOKEN}}\n", "no file '.env'")]
    [DataRow("KSDK0606", "@a = {{b}}\n@b = x{{c}}\n@c = {{▶a}}\nGET http://h/{{a}}/{{b}}\n", "a → b → c → a", DisplayName = "a cycle of three")]
    [DataRow("KSDK0606", "@a = {{▶a}}\nGET http://h/{{a}}\n", "a → a")]
    [DataRow("KSDK0608", "GET http://a/{{▶$randomInd}}\n", "Did you mean '$randomInt'?")]
    [DataRow("KSDK0608", "GET http://a/{{▶$randomInt 5 1}}\n", "greater than the first")]
    [DataRow("KSDK0608", "GET http://a/{{▶$randomInt a}}\n", "'a' is not a whole number")]
    [DataRow("KSDK0608", "GET http://a/{{▶$datetime rfc1123 1 x}}\n", "no offset")]
    [DataRow("KSDK0608", "GET http://a/{{▶$datetime \"yyyy-'\"}}\n", "no format of dates")]
    [DataRow("KSDK0609", "GET http://a/{{▶login.response.body.$.id}}\n", "no request named 'login'")]
    [DataRow("KSDK0609", "GET http://a/{{▶login.response.body.$.id}}\n###\n# @name login\nGET http://a/\n", "comes later")]
    [DataRow("KSDK0609", "# @name me\nGET http://a/{{▶me.response.body.$.id}}\n", "refers to itself")]
    [DataRow("KSDK0609", "# @name a\nGET http://a/\n###\nGET http://a/{{▶a.response.body.//id}}\n", "XPath")]
    [DataRow("KSDK0609", "# @name a\nGET http://a/\n###\nGET http://a/{{▶a.response.body.$..id}}\n", "no path here")]
    [DataRow("KSDK0609", "# @name a\nGET http://a/\n###\nGET http://a/{{▶a.request.headers.X}}\n", "sends no header 'X'")]
    [DataRow("KSDK0609", "# @name a\nPOST http://a/\n\n{\"id\":1}\n###\nGET http://a/{{▶a.request.body.$.no}}\n", "nothing at $.no")]
    [DataRow("KSDK0609", "# @name a\n# @weight 1\nGET http://a/\n###\n# @weight 2\nGET http://a/{{▶a.response.body.$.id}}\n", "has a weight")]
    [DataRow("KSDK0609", "# @name a\n# @skip\nGET http://a/\n###\nGET http://a/{{▶a.response.body.$.id}}\n", "left out")]
    [DataRow("KSDK0610", "# @name ▶e-st\nGET http://a/\n", "letters, digits and '_'")]
    [DataRow("KSDK0610", "# @name a\nGET http://a/\n###\n# @name ▶a\nGET http://a/b\n", "already")]
    [DataRow("KSDK0611", "GET http://a/ ▶HTTP/3\n", "no effect")]
    [DataRow("KSDK0611", "▶< {% request.variables.set('a', 1) %}\nGET http://a/\n", "not run")]
    [DataRow("KSDK0611", "GET http://a/\n\n▶> {%\n  client.test('x', () => {});\n%}\n###\nGET http://a/b\n", "'# @expect'")]
    [DataRow("KSDK0611", "GET http://a/\n\n▶>> out.json\n", "not written")]
    [DataRow("KSDK0611", "GET http://a/\n\n▶<> old.json\n", "not compared")]
    [DataRow("KSDK0611", "▶import other.http\n\n###\nGET http://a/\n", "not taken over")]
    [DataRow("KSDK0611", "▶GRAPHQL http://a/\n\n###\nGET http://a/\n", "left out")]
    [DataRow("KSDK0611", "GET http://a/\nA: 1\n▶a: 2\n", "joined")]
    [DataRow("KSDK0611", "POST http://a/\n▶Content-Length: 5\n\nhello\n", "computes")]
    [DataRow("KSDK0611", "GET http://a/{{▶$datetime 'DD-MM-YYYY'}}\n", "dd-MM-yyyy")]
    [DataRow("KSDK0611", "# @▶connection-timeout 5\nGET http://a/\n", "no effect")]
    [DataRow("KSDK0611", "GET http://a/\nAuthorization: ▶Digest a b\n", "does not compute")]
    [DataRow("KSDK0612", "# @weight ▶heavy\nGET http://a/\n", "no weight")]
    [DataRow("KSDK0612", "# @weight 0\n▶GET http://a/\n", "All weights are 0")]
    [DataRow("KSDK0612", "# @▶wieght 5\nGET http://a/\n", "Did you mean 'weight'?")]
    [DataRow("KSDK0612", "# @expect ▶status maybe\nGET http://a/\n", "no expectation")]
    [DataRow("KSDK0612", "# @▶expect\nGET http://a/\n", "says nothing")]
    [DataRow("KSDK0612", "# @think ▶soon\nGET http://a/\n", "no pause")]
    [DataRow("KSDK0612", "# @timeout ▶never\nGET http://a/\n", "no time to wait")]
    [DataRow("KSDK0612", "# @tag ▶name=x\nGET http://a/\n", "set by the engine")]
    [DataRow("KSDK0612", "# @threshold ▶fast\nGET http://a/\n", "no limit")]
    [DataRow("KSDK0612", "# @k6 file scenario ▶Vuss=5 Duration=1s\nGET http://a/\n", "Did you mean 'Vus'?")]
    [DataRow("KSDK0612", "# @k6 file ▶scenari Vus=5\nGET http://a/\n", "Did you mean 'scenario'?")]
    [DataRow("KSDK0612", "# @k6 file address ▶host\nGET http://a/\n", "no variable of the file")]
    [DataRow("KSDK0612", "GET http://a/\n###\n# @▶weight 5\n\n###\n", "belongs to the request below")]
    [DataRow("KSDK0616", "▶# nothing yet\n@a = 1\n", "no request")]
    [DataRow("KSDK0617", "### Get it\nGET http://a/\n### Get it\n▶GET http://a/b\n", "one row")]
    [DataRow("KSDK0618", "GET http://{{▶host}}/\n###\n@host = a\nGET http://{{host}}/b\n", "Visual Studio does not know it here")]
    [DataRow("KSDK0619", "POST http://a/\n\n< ▶./no.json\n", "does not exist")]
    [DataRow("KSDK0619", "POST http://a/\n\n< ▶{{$guid}}.json\n", "known when the load test is built")]
    [DataRow("KSDK0620", "GET ▶ftp://a/\n", "'ftp' is not http")]
    [DataRow("KSDK0620", "GET ▶products\n", "no address")]
    [DataRow("KSDK0620", "GET ▶http://a:port/\n", "server or the port")]
    [DataRow("KSDK0621", "GET http://a/\nAuthorization: ▶Bearer abcdefghijkl\n", "{{$processEnv AUTHORIZATION}}")]
    [DataRow("KSDK0104", "# @k6 file scenario ▶Vus=many Duration=1s\nGET http://a/\n", "not a whole number", DisplayName = "a load that cannot be read")]
    public void A_mistake_is_told_where_it_is(string code, string file, string words)
    {
        using var project = new HttpProject();
        var diagnostic = project.Write("shop.http", file).Says(Rules.All.Single(rule => rule.Code == code));

        Assert.Contains(words, diagnostic.Message);
    }

    [TestMethod]
    [DataRow("KSDK0613", "▶[]", "object of environments")]
    [DataRow("KSDK0613", "{ \"dev\": ▶5 }", "no object of names")]
    [DataRow("KSDK0613", "{ \"dev\": { \"a\": 1 }, \n  ▶x }", "not JSON")]
    public void A_mistake_in_an_environment_file_is_told_there(string code, string file, string words)
    {
        using var project = new HttpProject();
        project.Write("shop.http", "GET http://a/\n").Write("http-client.env.json", file);

        Assert.Contains(words, project.Says(Rules.All.Single(rule => rule.Code == code)).Message);
    }

    [TestMethod]
    public void An_environment_that_does_not_exist_is_told_at_the_item_with_the_nearest_one()
    {
        using var project = new HttpProject();
        project.Write("shop.http", "GET http://a/\n").Write("http-client.env.json", """{ "staging": {}, "$shared": {} }""");
        project.Plan(("HttpEnvironment", "stagin"));

        var diagnostic = project.Diagnostics.Single();
        Assert.AreEqual("KSDK0614", diagnostic.Code);
        Assert.AreEqual(7, diagnostic.Location!.Line);
        Assert.Contains("Did you mean 'staging'?", diagnostic.Message);
    }

    [TestMethod]
    public void A_variable_that_only_environments_have_says_which()
    {
        using var project = new HttpProject();
        project.Write("http-client.env.json", """{ "dev": { "host": "http://a" } }""").Write("shop.http", "GET {{▶host}}/\n");

        Assert.Contains("HttpEnvironment=\"dev\"", project.Says(Rules.HttpUnknownVariable).Message);
    }

    [TestMethod]
    public void Variables_that_multiply_end_with_an_error_instead_of_all_memory()
    {
        using var project = new HttpProject();
        var file = new StringBuilder("@v0 = 0123456789\n");
        for (var i = 1; i < 20; i++)
        {
            file.Append(System.Globalization.CultureInfo.InvariantCulture, $"@v{i} = {string.Concat(Enumerable.Repeat($"{{{{v{i - 1}}}}}", 10))}\n");
        }

        Assert.Contains("longer than", project.Write("shop.http", file + "POST http://a/\n\n▶{{v19}}\n").Says(Rules.HttpTooLong).Message);
    }

    [TestMethod]
    public void A_file_in_another_encoding_is_told()
    {
        using var project = new HttpProject();
        File.WriteAllBytes(project.Scripts.PathOf("shop.http"), [.. "GET http://a/"u8, 0xe4, 0xff]);
        project.Plan();

        Assert.AreEqual("KSDK0601", project.Diagnostics.Single().Code);
    }

    [TestMethod]
    public void A_secret_of_a_provider_that_only_an_editor_asks_has_to_be_declared()
    {
        using var project = new HttpProject();
        project.Write("http-client.env.json", """{ "dev": { "ApiKey": { "provider": "AzureKeyVault", "secretName": "k", "resourceId": "r" }, "Other": { "provider": "AspnetUserSecrets", "secretName": "a:b" } } }""");
        project.Write("shop.http", "GET http://a/\nX-Key: {{▶ApiKey}}\n");
        Assert.Contains("<K6Secret Include=\"ApiKey\" />", project.Says(Rules.HttpSecretProvider, ("HttpEnvironment", "dev")).Message);

        project.Write("shop.http", "GET http://a/\nX-Key: {{▶Other}}\n");
        Assert.Contains("UserSecretsId", project.Says(Rules.HttpSecretProvider, ("HttpEnvironment", "dev")).Message);

        project.With("K6Secret", "Other");
        Assert.Contains("__ENV.Other", project.Text(("HttpEnvironment", "dev")));
    }

    [TestMethod]
    public void An_environment_belongs_to_http_files_and_a_key_to_a_file_of_secrets()
    {
        using var project = new HttpProject();
        project.Scripts.Write("a.ts", "export default () => {};");
        project.With("K6Secret", "TOKEN", ("Key", "a"));
        project.Items.Add(new("K6Scenario", "a.ts", new SourceLocation(project.Scripts.ProjectFile, 9, 5)) { Metadata = new Dictionary<string, string> { ["HttpEnvironment"] = "dev" } });
        var items = project.Items.ToList();
        LoadTesting.Plans.LoadPlanBuilder.Build(new() { File = project.Scripts.ProjectFile, Items = items }, project.Diagnostics);

        CollectionAssert.AreEquivalent(new[] { "KSDK0103", "KSDK0154" }, project.Diagnostics.Select(one => one.Code).ToArray());
    }
}
