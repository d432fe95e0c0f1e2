using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources;

namespace K6.LoadTesting.Tests.Plans;

/// <summary>Scenarios of K6Endpoint items: what becomes of them, and what is wrong with them.</summary>
[TestClass]
public sealed class EndpointTests : IDisposable
{
    private const string Scenario = "<K6Scenario Include='shop' Vus='5' Duration='1m' />";

    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    public void Endpoints_become_the_requests_of_scenarios_that_are_only_a_name()
    {
        var plan = project.Plan("""
            <K6Scenario Include='shop' Vus='5' Duration='1m' /><K6Scenario Include='peak' Pattern='Spike' Vus='50' Duration='1m' /><K6Scenario Include='browse.ts' />
            <K6Endpoint Include='GET /products' Weight='70' Query='page={page}, q=oak lamp' Parameters='page=1..5' />
            <K6Endpoint Include='search' Request='GET /search?q={word}&amp;size=3' Weight='29.5' Scenario='shop, peak' Parameters='word=lamp|oak' ThinkTime='500ms..2s' />
            <K6Endpoint Include='POST /log in' Weight='0.5' Scenario='peak' Body='{"a": 1}' />
            """);

        var (shop, peak, browse) = (plan.Tests[0].Scenarios[0], plan.Tests[1].Scenarios[0], plan.Tests[2].Scenarios[0]);
        Assert.IsNull(browse.Requests);
        Assert.AreEqual("GET /products 70, search 29.5", Shares(shop));
        Assert.AreEqual("GET /products 70, search 29.5, POST /log in 0.5", Shares(peak));
        Assert.AreEqual(SourceScripts.PathOf(Path.Combine(project.Folder, "obj", "k6"), "shop"), shop.File);
        var (products, search, login) = (peak.Requests!.Choices[0].Requests[0], peak.Requests.Choices[1].Requests[0], peak.Requests.Choices[2].Requests[0]);
        Assert.AreEqual("page=page q='oak lamp' page=integer(1, 5)", $"{Pairs(products.Query)} {Pairs(products.Variables.Select(one => new ScriptPair(one.Name, one.ValueExpression)))}");
        Assert.AreEqual("'/search' q=word size='3' word=oneOf(['lamp', 'oak']) 500ms 2s", $"{search.AddressExpression} {Pairs(search.Query)} {Pairs(search.Variables.Select(one => new ScriptPair(one.Name, one.ValueExpression)))} {search.ThinkTime} {search.LongestThinkTime}");
        Assert.AreEqual("""'/log%20in' '{"a": 1}' Content-Type='application/json'""", $"{login.AddressExpression} {login.BodyExpression} {Pairs(login.Headers)}");
    }

    [TestMethod]
    public void A_journey_keeps_the_order_and_hands_values_on()
    {
        File.WriteAllText(project.PathOf("users.csv"), "user,password\na,b\n");
        File.WriteAllText(project.PathOf("order.json"), "{}");
        var script = project.Plan("""
            <K6Service Include='Shop.Api/Shop.Api.csproj' />
            <K6Data Include='users.csv' /><K6Secret Include='API_KEY' />
            <K6Scenario Include='shop' Vus='5' Duration='1m' Parameters='size=S' ThinkTime='1s' Headers='X-Key: {env.API_KEY}' />
            <K6Endpoint Include='GET /home' Weight='3' />
            <K6Endpoint Include='POST /login' Journey='buying' Weight='2' Capture='the-token=$.token, next=header Location'>
              <Body>{ "user": "{users.user}", "n": {size}, "literal": "{{id}}" }</Body>
            </K6Endpoint>
            <K6Endpoint Include='POST /orders/{next}' Journey='buying' BodyFile='order.json' Timeout='3s' Tags='kind=order'>
              <Headers>
                Authorization: Bearer {the-token}
                X-Key: own, and more
              </Headers>
              <Expect>
                201|202
                body contains "a, b"
              </Expect>
            </K6Endpoint>
            """).Tests[0].Scenarios[0].Requests!;

        var buying = script.Choices[1];
        Assert.AreEqual("buying 2 usersRow=users.perIteration()", $"{buying.Name} {buying.Weight} {Pairs(buying.Variables.Select(one => new ScriptPair(one.Name, one.ValueExpression)))}");
        var (login, order) = (buying.Requests[0], buying.Requests[1]);
        Assert.AreEqual("""`{ "user": "${jsonText(usersRow.user)}", "n": ${JSON.stringify('S')}, "literal": "{id}" }`""", login.BodyExpression);
        Assert.AreEqual("Content-Type='application/json' X-Key=`${apiKey}`", Pairs(login.Headers));
        Assert.AreEqual("theToken json('$.token'), next header('Location')", string.Join(", ", login.Captures.Select(one => $"{one.Name} {one.PlaceExpression}")));
        Assert.AreEqual("Content-Type='application/json' Authorization=`Bearer ${theToken}` X-Key='own, and more'", Pairs(order.Headers));
        Assert.AreEqual("next=next", Pairs(order.Path));
        Assert.AreEqual("status(201, 202), body(contains('a, b'))", string.Join(", ", order.Expectations.Select(one => one.CallExpression)));
        Assert.AreEqual((project.PathOf("order.json"), "3s", "1s", "order"), (order.BodyFile, order.Timeout, order.ThinkTime, order.Tags["kind"]));
        Assert.AreEqual("const apiKey = environment('API_KEY');", script.Declarations.Single());
        Assert.AreEqual("checks rate==1", $"{script.Thresholds.Single().Metric} {script.Thresholds.Single().Expression}");
        Assert.AreEqual(5, script.Thresholds[0].Location.Line);
    }

    [TestMethod]
    public void Expectations_compare_with_the_values_of_the_request_and_keep_one_name()
    {
        File.WriteAllText(project.PathOf("users.csv"), "name\na\n");
        var request = project.Plan($$$"""
            <K6Data Include='users.csv' /><K6EnvironmentVariable Include='CURRENCY' />{{{Scenario}}}
            <K6Endpoint Include='GET /products/{id}' Parameters='id=1..9, least=5' Redirects='0' Cookies='false'
              Expect='$.id == {id}, $.owner != {users.name}, body contains "{env.CURRENCY} {{id}} {}", $.price > {least}, header X-Name contains {{name}}, body matches /{id}/' />
            """).Tests[0].Scenarios[0].Requests!.Requests.Single();

        CollectionAssert.AreEqual(
            new[]
            {
                "json('$.id', equals(given('{id}')))", "json('$.owner', differs(given('{users.name}')))", "body(contains(given('{env.CURRENCY} {id} {}')))",
                "json('$.price', above(given('{least}')))", "header('X-Name', contains('{name}'))", "body(matches(/{id}/))",
            },
            request.Expectations.Select(one => one.CallExpression).ToArray());
        Assert.AreEqual("id=id users.name=usersRow.name env.CURRENCY=currency least='5'", Pairs(request.Values));
        Assert.AreEqual((0, false), (request.Redirects, request.Cookies));
    }

    [TestMethod]
    [DataRow("Redirects='-1'", "0, which follows none")]
    [DataRow("Redirects='many'", "not a whole number")]
    [DataRow("Cookies='no'", "neither true nor false")]
    public void A_switch_that_cannot_be_read_is_an_error(string metadata, string words) => Reports($"<K6Endpoint Include='GET /a' ▶{metadata} />", Rules.InvalidValue, words);

    [TestMethod]
    public void A_threshold_on_checks_says_how_many_expectations_may_be_missed()
    {
        const string Endpoint = "<K6Endpoint Include='GET /' Expect='200' />";

        Assert.HasCount(1, Thresholds($"{Scenario}{Endpoint}"));
        Assert.IsEmpty(Thresholds($"{Scenario}<K6Endpoint Include='GET /' />"));
        Assert.IsEmpty(Thresholds($"{Scenario}{Endpoint}<K6Threshold Include='checks' Statistic='rate' AtLeast='99%' />"));
        Assert.HasCount(1, Thresholds($"{Scenario}{Endpoint}<K6Scenario Include='browse.ts' /><K6Threshold Include='checks' Scenario='browse' Statistic='rate' AtLeast='99%' />"));

        IReadOnlyList<ScriptThresholdLine> Thresholds(string xml) => project.Plan(xml).Tests[0].Scenarios[0].Requests!.Thresholds;
    }

    [TestMethod]
    [DataRow("<K6Endpoint Include='GET /' ▶Scenario='shpo' />", "Did you mean 'shop'?")]
    [DataRow("<K6Scenario Include='browse.ts' /><K6Endpoint Include='GET /' ▶Scenario='browse' />", "is a script")]
    public void An_endpoint_of_no_scenario_is_an_error(string xml, string words) =>
        project.Reports($"{Scenario}<K6Endpoint Include='GET /x' />{xml}", Rules.EndpointWithoutScenario, words);

    [TestMethod]
    public void Endpoints_without_any_scenario_that_is_only_a_name_are_an_error() =>
        project.Reports("<K6Scenario Include='browse.ts' />▶<K6Endpoint Include='GET /x' />", Rules.EndpointWithoutScenario, "No scenario makes this request");

    [TestMethod]
    [DataRow("▶<K6Endpoint Include='products' />", "does not say what to request")]
    [DataRow("<K6Endpoint Include='products' ▶Request='/products' />", "is not a method and an address")]
    [DataRow("▶<K6Endpoint Include='GTE /products' />", "Did you mean 'GET'?")]
    [DataRow("▶<K6Endpoint Include='GET products' />", "starts neither with / nor")]
    [DataRow("▶<K6Endpoint Include='GET /products/{id' />", "braces")]
    public void A_request_that_cannot_be_read_is_an_error(string xml, string words) => Reports(xml, Rules.InvalidRequest, words);

    [TestMethod]
    [DataRow("<K6Endpoint Include='GET /a' />▶<K6Endpoint Include='GET /a' />", "could not tell them apart")]
    [DataRow("<K6Endpoint Include='GET /a' /><K6Endpoint Include='other' ▶Request='GET /a?x=1' Name='GET /a' />", "could not tell them apart")]
    [DataRow("▶<K6Endpoint Include='GET /a,b' />", "wants none with a comma")]
    public void A_name_that_results_cannot_carry_is_an_error(string xml, string words) =>
        Reports(xml.Replace("▶Request='GET /a?x=1' Name", "Request='GET /a?x=1' ▶Name", StringComparison.Ordinal), Rules.AmbiguousEndpoint, words);

    [TestMethod]
    [DataRow("<K6Endpoint Include='GET /a' ▶Weight='much' />", "is not a number")]
    [DataRow("<K6Endpoint Include='GET /a' ▶Weight='-1' />", "between 0 and a million")]
    [DataRow("<K6Endpoint Include='GET /a' ▶Weight='0.0000001' />", "six decimals")]
    [DataRow("<K6Endpoint Include='GET /a' Journey='j' Weight='1' /><K6Endpoint Include='GET /b' Journey='j' ▶Weight='2' />", "runs as a whole")]
    public void A_weight_that_is_none_is_an_error(string xml, string words) => Reports(xml, Rules.InvalidWeight, words);

    [TestMethod]
    public void Weights_that_sum_to_zero_are_an_error() =>
        Reports("<K6Endpoint Include='GET /a' ▶Weight='0' /><K6Endpoint Include='GET /b' Weight='0' />", Rules.WeightsSumToZero, "sum to zero");

    [TestMethod]
    [DataRow("▶<K6Endpoint Include='GET /a/{idd}' Parameters='id=1..2' />", "Did you mean 'id'?")]
    [DataRow("<K6Endpoint Include='GET /a' ▶Query='x={token}' Journey='j' /><K6Endpoint Include='GET /b' Journey='j' Capture='token=$.t' /><K6Endpoint Include='GET /c' Journey='j' />", "captured only later")]
    [DataRow("<K6Endpoint Include='GET /a' ▶Headers='X: {env.NOPE}' />", "only declared variables")]
    [DataRow("<K6Endpoint Include='GET /a/{id}' Parameters='id=1..2' ▶Expect='$.id == {idd}' />", "Did you mean 'id'?")]
    public void A_value_that_nobody_declares_is_an_error(string xml, string words)
    {
        var unknown = project.Diagnostics($"{Scenario}{xml.Replace("▶", "", StringComparison.Ordinal)}").Where(one => one.Severity == DiagnosticSeverity.Error).ToList();
        Assert.HasCount(1, unknown);
        Assert.AreEqual(Rules.UnknownParameter.Code, unknown[0].Code);
        Assert.Contains(words, unknown[0].Message);
        Assert.AreEqual(Scenario.Length + xml.IndexOf('▶') + 1, unknown[0].Location!.Column);
    }

    [TestMethod]
    [DataRow("Parameters='id=5..1'", "smaller whole number first")]
    [DataRow("Parameters='id=1.5..3'", "neither a range")]
    [DataRow("Parameters='id=env.NOPE'", "not declared")]
    [DataRow("Parameters='id'", "is not name=values")]
    [DataRow("Parameters='id=1,id=2'", "given twice")]
    public void A_parameter_that_cannot_be_read_is_an_error(string parameters, string words) => Reports($"<K6Endpoint Include='GET /a/{{id}}' ▶{parameters} />", Rules.InvalidParameter, words, more: true);

    [TestMethod]
    public void A_parameter_that_nothing_asks_for_is_a_warning() =>
        Reports("<K6Endpoint Include='GET /a' ▶Parameters='id=1..2' />", Rules.UnusedParameter, "Nothing in 'GET /a' asks for");

    [TestMethod]
    [DataRow("wrong", "is no expectation")]
    [DataRow("700", "between 100 and 599")]
    [DataRow("duration &lt; fast", "is not a duration")]
    [DataRow("duration &lt; 500", "is not a duration")]
    [DataRow("$.a..b", "is no path")]
    [DataRow("$.a >> 1", "not a number")]
    [DataRow("$.a is", "has no value")]
    [DataRow("body > 5", "compares a text")]
    [DataRow("body matches (", "no regular expression")]
    public void An_expectation_that_cannot_be_read_is_an_error(string expect, string words) => Reports($"<K6Endpoint Include='GET /a' ▶Expect='{expect}' />", Rules.InvalidExpectation, words);

    [TestMethod]
    [DataRow("<K6Endpoint Include='GET /a' ▶Capture='id=$.id' />", "is no part of a Journey")]
    [DataRow("<K6Endpoint Include='GET /a' Journey='j' /><K6Endpoint Include='GET /b' Journey='j' ▶Capture='id=$.id' />", "is the last request")]
    [DataRow("<K6Endpoint Include='GET /a' Journey='j' ▶Capture='id=somewhere' /><K6Endpoint Include='GET /b' Journey='j' />", "is no place in an answer")]
    [DataRow("<K6Endpoint Include='GET /a' Journey='j' ▶Capture='1d=$.id' /><K6Endpoint Include='GET /b' Journey='j' />", "cannot be the name of a value")]
    [DataRow("<K6Endpoint Include='GET /a' Journey='j' ▶Capture='$.id' /><K6Endpoint Include='GET /b' Journey='j' />", "is not name=place")]
    public void A_capture_that_cannot_work_is_an_error(string xml, string words) => Reports(xml, Rules.InvalidCapture, words);

    [TestMethod]
    [DataRow("▶Headers='Accept'", "is not Name: value")]
    [DataRow("▶Headers='A b: c'", "cannot be the name of a header")]
    [DataRow("▶Headers='A: b, a: c'", "given twice")]
    [DataRow("▶Query='page'", "is not name=value")]
    public void A_header_or_query_that_cannot_be_read_is_an_error(string metadata, string words) => Reports($"<K6Endpoint Include='GET /a' {metadata} />", Rules.InvalidHeader, words);

    [TestMethod]
    [DataRow("POST", "Body='{}' ▶BodyFile='notes.md'", "exclude each other")]
    [DataRow("POST", "▶Body='{ \"a\": }'", "The body is no JSON")]
    [DataRow("GET", "▶Body='a=1'", "A GET has no body")]
    public void A_body_that_is_none_is_an_error(string method, string metadata, string words) => Reports($"<K6Endpoint Include='{method} /a' {metadata} />", Rules.InvalidBody, words);

    [TestMethod]
    public void A_body_file_that_does_not_exist_is_an_error() => Reports("<K6Endpoint Include='POST /a' ▶BodyFile='nope.json' />", Rules.MissingBodyFile, "nope.json");

    [TestMethod]
    public void A_scenario_that_is_only_a_name_needs_endpoints_and_the_nearest_script_is_named()
    {
        project.Reports("▶<K6Scenario Include='brows' Vus='1' Duration='1s' />", Rules.ScenarioWithoutEndpoints, "Did you mean 'browse.ts'?");
        project.Reports("▶<K6Scenario Include='shop' Vus='1' Duration='1s' /><K6Scenario Include='other' Vus='1' Duration='1s' /><K6Endpoint Include='GET /' Scenario='other' />", Rules.ScenarioWithoutEndpoints, "Scenario=\"shop\"");
    }

    [TestMethod]
    public void A_scenario_of_endpoints_needs_a_load() =>
        project.Reports("▶<K6Scenario Include='shop' /><K6Endpoint Include='GET /' />", Rules.ScenarioWithoutLoad, "Pattern=\"Steady\"");

    [TestMethod]
    [DataRow("<K6Scenario Include='browse.ts' ▶Parameters='a=1' />", "is a script")]
    [DataRow("<K6Scenario Include='shop' Vus='1' Duration='1s' ▶Exec='x' /><K6Endpoint Include='GET /' />", "has none")]
    public void Metadata_of_the_other_kind_of_scenario_are_an_error(string xml, string words) => project.Reports(xml, Rules.RequestMetadataOfScript, words);

    [TestMethod]
    public void What_is_wrong_with_an_endpoint_of_three_scenarios_is_said_once() =>
        project.Reports("<K6Scenario Include='a' Vus='1' Duration='1s' /><K6Scenario Include='b' Vus='1' Duration='1s' />▶<K6Endpoint Include='GET /{env.X}' />", Rules.UnknownParameter);

    private void Reports(string xml, DiagnosticRule rule, string words, bool more = false)
    {
        if (!more)
        {
            project.Reports(Scenario + xml, rule, words);
            return;
        }

        var first = project.Diagnostics(Scenario + xml.Replace("▶", "", StringComparison.Ordinal)).First(one => one.Code == rule.Code);
        Assert.Contains(words, first.Message);
        Assert.AreEqual(Scenario.Length + xml.IndexOf('▶') + 1, first.Location!.Column);
    }

    private static string Shares(ScenarioPlan scenario) => string.Join(", ", scenario.Requests!.Choices.Select(choice => $"{choice.Requests[0].Name} {TypeScript.Number(choice.Weight)}"));

    private static string Pairs(IEnumerable<ScriptPair> pairs) => string.Join(' ', pairs.Select(pair => $"{pair.Name}={pair.ValueExpression}"));
}
