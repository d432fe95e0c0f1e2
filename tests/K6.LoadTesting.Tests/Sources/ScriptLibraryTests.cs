using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using K6.LoadTesting.Tests.Bundling;

namespace K6.LoadTesting.Tests.Sources;

/// <summary>The script library, as scripts use it, on both engines.</summary>
[TestClass]
public sealed partial class ScriptLibraryTests
{
    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Patterns_expand_by_the_formulas_of_MSBuild_and_CSharp(string engine)
    {
        var json = File.ReadAllText(Path.Combine(Repository.Root, "tests", "load-patterns.json"));
        using var project = new ScriptProject();
        project.Write("test.ts", $$"""
            import { breakpoint, milliseconds, rampUp, smoke, soak, spike, steady, stress } from 'k6-sdk';
            const make: any = { Smoke: smoke, Steady: steady, RampUp: rampUp, Spike: spike, Stress: stress, Soak: soak, Breakpoint: breakpoint };
            const cases: any[] = {{json}};
            export default function () {
              cases.forEach(({ pattern, numbers }, index) => {
                const load = make[pattern](numbers);
                console.log(`case ${index} ${JSON.stringify({
                  executor: load.executor, start: load.startRate ?? load.startVUs, top: load.rate ?? load.vus,
                  duration: load.duration && milliseconds(load.duration), stages: load.stages?.map((stage: any) => [milliseconds(stage.duration), stage.target]),
                  pre: load.preAllocatedVUs, known: Object.keys(load).every((key) => !['ramp', 'steps'].includes(key)),
                })} end`);
              });
            }
            """);

        var log = await RunAsync(project, engine, "test.ts");

        var expected = JsonNode.Parse(json)!.AsArray();
        for (var i = 0; i < expected.Count; i++)
        {
            var line = Regex.Match(log, $"case {i} (\\{{.*?\\}}) end").Groups[1].Value.Replace("\\\"", "\"", StringComparison.Ordinal);
            var actual = JsonNode.Parse(line)!;
            foreach (var name in new[] { "executor", "start", "top", "duration", "stages" })
            {
                Assert.AreEqual(expected[i]![name]?.ToJsonString(), actual[name]?.ToJsonString(), $"{name} of {expected[i]!.ToJsonString()}");
            }

            Assert.AreEqual(expected[i]!["numbers"]!["preAllocatedVUs"]?.ToJsonString(), actual["pre"]?.ToJsonString());
            Assert.IsTrue(actual["known"]!.GetValue<bool>(), "k6 warns of options that it does not know");
        }
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_pattern_without_its_number_says_so(string engine)
    {
        using var project = new ScriptProject();
        project.Write("test.js", """
            import { rampUp, spike, stress } from 'k6-sdk';
            export default function () {
              for (const make of [() => rampUp({ duration: '1m' }), () => spike({ vus: 5, duration: 'soon' }), () => stress({ vus: 3, duration: '1m' }), () => rampUp({ vus: 5, startVUs: 5, duration: '1m' })]) {
                try { make(); console.log('made'); } catch (error) { console.log(error.message); }
              }
            }
            """);

        var log = await RunAsync(project, engine, "test.js");

        foreach (var words in new[] { "1 or more vus, or rate", "'soon' is not a duration", "5 steps from 0 to 3", "5 is not less than 5" })
        {
            Assert.Contains(words, log);
        }

        Assert.DoesNotContain("=made", log);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_scenario_is_a_class_with_set_up_iterations_tear_down_and_metrics(string engine)
    {
        using var server = new RecordingServer();
        using var project = new ScriptProject();
        project.Write("test.ts", """
            import { ApiClient, LoadTestScenario, loadTest, status, steady, warmUp, type Definition } from 'k6-sdk';
            class Browse extends LoadTestScenario<{ token: string }> {
              readonly orders = this.metrics.counter('orders');
              readonly api = new ApiClient({ baseUrl: __ENV.BASE_URL, headers: { 'X-All': 'yes' } });
              readonly warm = warmUp('1500ms');
              define(): Definition {
                return {
                  name: 'browse',
                  load: steady({ vus: 1, duration: '4s' }),
                  thresholds: { orders: ['count>2'], 'http_reqs{phase:warmup}': ['count>0'], 'http_reqs{phase:measured}': ['count>0'], time_of_order: ['max>=0'] },
                };
              }
              setUp() { this.api.post('/login', { body: { user: 'a' } }); return { token: 't-1' }; }
              iteration({ token }: { token: string }) {
                this.warm();
                this.metrics.measure('time_of_order', () => this.api.get('/orders/{id}', { path: { id: 'a/b' }, query: { x: [1, 2], none: null }, headers: { Authorization: token }, expect: [status({ min: 200, max: 299 })], timeout: '5s' }));
                this.orders.add(1);
              }
              readonly time = this.metrics.time('time_of_order');
              tearDown({ token }: { token: string }) { this.api.delete('/login', { name: 'end', tags: { token } }); }
            }
            const test = loadTest(new Browse());
            export const { options, setup, teardown } = test;
            export default test.iteration;
            """);

        await RunAsync(project, engine, "test.ts", server.Address);

        var requests = server.Requests.ToList();
        Assert.AreEqual("""POST /login {"user":"a"} application/json""", $"{requests[0].Method} {requests[0].Target} {requests[0].Body} {requests[0].Header("Content-Type")}");
        Assert.AreEqual("GET /orders/a%2Fb?x=1&x=2 t-1 yes", $"{requests[1].Method} {requests[1].Target} {requests[1].Header("Authorization")} {requests[1].Header("X-All")}");
        Assert.AreEqual("DELETE /login", $"{requests[^1].Method} {requests[^1].Target}");
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Answers_are_checked_and_values_are_taken_out_of_them(string engine)
    {
        using var server = new RecordingServer(request => request.Target switch
        {
            "/form" => new(200, """<form><input type="hidden" name="csrf" value="a&amp;b"><b>bold</b> id=42;</form>""", "Set-Cookie: sid=s-1", "Location: /next"),
            "/json" => new(201, """{"price":2.5,"items":[{"id":"x"}],"flag":true,"none":null,"a key":1}"""),
            _ => new(404, "gone"),
        });
        using var project = new ScriptProject();
        // Plain JavaScript, as any k6 script is.
        project.Write("test.js", """
            import { check } from 'k6';
            import http from 'k6/http';
            import { ApiClient, above, atLeast, atMost, below, between, body, capture, contains, cookie, differs, equals, exists, expect, formField, given, header, json, match, matches, status, within } from 'k6-sdk';
            const api = new ApiClient({ baseUrl: __ENV.BASE_URL });
            export const options = { thresholds: { 'checks{expected:yes}': ['rate==1'], http_req_failed: ['rate==0'] } };
            export default function () {
              const form = api.get('/form');
              for (const [name, place] of Object.entries({ csrf: formField('csrf'), bold: between('<b>', '</b>'), id: match(/id=(\d+)/), sid: cookie('sid'), next: header('location') })) {
                console.log(`${name}:${capture(form, name, place)}:`);
              }
              const holds = expect(api.get('/json', { expect: [status(201)] }), 'json', json('$.price', above(2)), json('$.price', below(3)), json('$.price', atLeast(2.5)), json('$.price', atMost(2.5)),
                json('$.items.length', equals(1)), json("$.items[0]['id']", equals('x')), json('$.flag', differs(false)), json("$['a key']", exists), body(contains('price')), body(matches(/"flag":\s*true/)), within('1m'));
              console.log(`holds:${holds}:`);
              const fails = [json('$.none'), json('$.price', equals('2.5')), json('$.nope', contains('x')), header('X-Nope'), status({ min: 400, max: 499 }, 500)];
              console.log(`fails:${fails.map((one) => one.holds(http.get(`${__ENV.BASE_URL}/json`))).join()}:${fails.map((one) => one.text).join('|')}:`);
              console.log(`missing:${capture(form, 'nothing', json('$.token'))}:`);
              api.get('/gone', { expect: [status(404)] });
              const byValue = [json('$.price', equals(given('{price}'))), json('$.price', differs(given('{other}'))), json('$.price', above(given('{other}'))), body(contains(given('"id":"{id}"'))), json('$.none', equals(given('{id}')))];
              for (const price of [2.5, '3']) {
                const answer = api.get('/json', { name: `price ${price}`, values: { price, other: 1, id: 'x' }, expect: byValue });
                console.log(`by value ${price}:${byValue.map((one) => one.holds(answer, { price, other: 1, id: 'x' })).join()}:${byValue[0].text}:`);
              }
            }
            """);

        var log = await RunAsync(project, engine, "test.js", server.Address);

        foreach (var line in new[]
        {
            "csrf:a&b:", "bold:bold:", "id:42:", "sid:s-1:", "next:/next:", "holds:true:",
            "fails:false,false,false,false,false:$.none|$.price == \\\"2.5\\\"|$.nope contains x|header X-Nope|status is 4xx or 500:", "missing:undefined:",
            "by value 2.5:true,true,true,true,false:$.price == {price}:", "by value 3:false,true,true,true,false:$.price == {price}:",
        })
        {
            Assert.Contains(line, log);
        }

        Assert.Contains("GET /gone: status is 404", log);
        Assert.Contains("✗ nothing is in $.token", log);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Weights_are_kept_exactly_and_evenly_whichever_virtual_user_runs(string engine)
    {
        using var project = new ScriptProject();
        project.Write("test.ts", """
            import exec from 'k6/execution';
            import { weighted } from 'k6-sdk';
            const next = weighted(['a', 70], ['b', 20], ['c', 8], ['d', 2], ['never', 0]);
            const long = weighted(['x', 999999], ['y', 333333]);
            export const options = { scenarios: { main: { executor: 'shared-iterations', vus: 7, iterations: 500 }, other: { executor: 'per-vu-iterations', vus: 1, iterations: 400, exec: 'other' } } };
            export default () => console.log(`main ${exec.scenario.iterationInTest} ${next()} end`);
            export const other = () => console.log(`long ${long()} end`);
            export function setup() { for (const weights of [[['a', 0]], [['a', -1]], [['a', NaN]]]) { try { weighted(...(weights as any)); } catch (error) { console.log('refused'); } } }
            """);

        var log = await RunAsync(project, engine, "test.ts");

        var picks = Regex.Matches(log, @"main (\d+) (\w+) end").OrderBy(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Select(match => match.Groups[2].Value).ToList();
        Assert.AreEqual("350 100 40 10 0", string.Join(' ', new[] { "a", "b", "c", "d", "never" }.Select(name => picks.Count(pick => pick == name))));
        // Evenly: any 50 in a row have their 35 of a, and their one of d.
        for (var i = 0; i + 50 <= picks.Count; i += 5)
        {
            var window = picks.Skip(i).Take(50).ToList();
            Assert.IsInRange(34, 36, window.Count(pick => pick == "a"));
            Assert.IsInRange(0, 2, window.Count(pick => pick == "d"));
        }

        Assert.HasCount(300, Regex.Matches(log, "long x end"));
        Assert.HasCount(3, Regex.Matches(log, "refused"));
    }

    [TestMethod]
    public async Task A_feature_costs_a_bundle_no_more_than_the_page_says()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "script-library.md"));
        var rows = SizeRow().Matches(page);
        Assert.IsGreaterThan(8, rows.Count, "docs/script-library.md has a table of sizes");
        using var project = new ScriptProject();
        project.Write("s0.ts", "export default function () {}");
        for (var i = 0; i < rows.Count; i++)
        {
            var names = rows[i].Groups["names"].Value.Split(',').Select(name => name.Trim(' ', '`')).ToList();
            project.Write($"s{i + 1}.ts", $"import {{ {string.Join(", ", names)} }} from 'k6-sdk';\nconsole.log({string.Join(", ", names)});\nexport default function () {{}}");
        }

        var outcome = await project.BundleAsync(project.Plan([.. Enumerable.Range(0, rows.Count + 1).Select(i => project.Scenario($"s{i}.ts"))]), project.Options with { Minify = true });

        Assert.IsEmpty(project.Diagnostics);
        var sizes = outcome.Bundles.Select(bundle => new FileInfo(bundle.File).Length).ToList();
        var wrong = new List<string>();
        for (var i = 0; i < rows.Count; i++)
        {
            var (said, is_) = (int.Parse(rows[i].Groups["bytes"].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), sizes[i + 1] - sizes[0]);
            Console.WriteLine($"{rows[i].Groups["names"].Value}: {is_} bytes");
            if (is_ > said || is_ < said * 0.8)
            {
                wrong.Add($"{rows[i].Groups["names"].Value}: the page says {said}, it is {is_}");
            }
        }

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    private static async Task<string> RunAsync(ScriptProject project, string engine, string script, string address = "")
    {
        var (exit, log) = await project.RunOnAsync(engine, await project.BundleAsync(script), ("BASE_URL", address));
        Assert.AreEqual(0, exit, log);
        return log;
    }

    [GeneratedRegex(@"^\| (?<names>`[^|]+) \| (?<bytes>[\d,]+) \|", RegexOptions.Multiline)]
    private static partial Regex SizeRow();
}
