using K6.Embedded.Execution;
using K6.Embedded.Tests.Runtime;

namespace K6.Embedded.Tests.Modules;

[TestClass]
public sealed class K6ModulesTests
{
    private static string Value(string expression, string imports = "") =>
        ScriptHarness.Print($"{imports}\nexport default async function () {{ try {{ console.log({expression}); }} catch (e) {{ console.log(String(e)); }} }}").Single();

    [TestMethod]
    public void Checks_are_counted_and_measured_in_their_group()
    {
        using var harness = ScriptHarness.Load("""
            import { check, group } from 'k6';
            export default function () {
              group('a', () => group('b', () => console.log(check(5, { five: (x) => x === 5, six: (x) => x === 6, text: 'x' }, { t: '1' }))));
            }
            """);
        harness.Run();
        CollectionAssert.AreEqual(new[] { "false" }, harness.Printed);
        CollectionAssert.AreEqual(
            new[] { "check:five,group:::a::b,scenario:default,t:1 1", "check:six,group:::a::b,scenario:default,t:1 0", "check:text,group:::a::b,scenario:default,t:1 1" },
            harness.Of("checks").Select(s => $"{s.Tags} {s.Value}").ToArray());
        CollectionAssert.AreEqual(new[] { "::a::b", "::a" }, harness.Of("group_duration").Select(s => s.Tags.Get("group")).ToArray());
        Assert.AreEqual(1, harness.State.RootGroup.Groups.Single().Groups.Single().Checks.Single(c => c.Name == "six").Fails);
        Assert.AreEqual("", harness.Context.Tags.Get("group"));
    }

    [TestMethod]
    public void A_check_that_throws_counts_as_failed_and_throws_on()
    {
        using var harness = ScriptHarness.Load("import { check } from 'k6'; export default function () { check(1, { bad: () => { throw new Error('in check'); } }); }");
        Assert.AreEqual(IterationResult.Failed, harness.Run().Result);
        Assert.AreEqual(0, harness.Of("checks").Single().Value);
        StringAssert.Contains(harness.Log, "Error: in check");
    }

    [TestMethod]
    [DataRow("check(1)", "GoError: no checks provided to `check`")]
    [DataRow("check(1, null)", "TypeError: Cannot convert undefined or null to object")]
    [DataRow("check(1, { a: async () => true })", "GoError: the built-in check() does not support async functions as arguments. Use the JavaScript utils library as a replacement. Refer to https://grafana.com/docs/k6/latest/javascript-api/jslib/utils/check/ for more info")]
    [DataRow("check(1, { 'a::b': true })", "GoError: group and check names may not contain '::'")]
    [DataRow("check(1, { a: true }, { x: null })", "GoError: invalid value for metric tag 'x': only String, Boolean and Number types are accepted as a metric tag values")]
    [DataRow("group('g')", "GoError: group() requires a callback as a second argument")]
    [DataRow("group('g', async () => 1)", "GoError: group() does not support async functions as arguments, please see https://grafana.com/docs/k6/latest/javascript-api/k6/group/ for more info")]
    [DataRow("group('g', () => 7)", "7")]
    [DataRow("fail('why')", "GoError: why")]
    [DataRow("fail()", "GoError")]
    [DataRow("sleep(-1)", "undefined")]
    [DataRow("sleep('0.001')", "undefined")]
    public void The_module_k6_answers_as_k6_does(string call, string expected) =>
        Assert.AreEqual(expected, Value(call, "import { check, group, fail, sleep } from 'k6';"));

    [TestMethod]
    public void A_random_seed_repeats_itself() => Assert.AreEqual(
        "true",
        Value("(() => { randomSeed(5); const a = Math.random(); randomSeed(5); return a === Math.random() && a >= 0 && a < 1; })()", "import { randomSeed } from 'k6';"));

    [TestMethod]
    public void Custom_metrics_record_values_with_tags()
    {
        using var harness = ScriptHarness.Load("""
            import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
            const c = new Counter('my_counter'), g = new Gauge('my_gauge'), r = new Rate('my_rate'), t = new Trend('my_trend', true);
            export default function () { c.add(2, { a: 'b' }); g.add(3); r.add(true); r.add(0); t.add(1.5); console.log(c.name, c instanceof Counter, c.add('x'), c.add(-1)); }
            """);
        harness.Run();
        CollectionAssert.AreEqual(new[] { "my_counter false false true" }, harness.Printed);
        CollectionAssert.AreEqual(
            new[] { "my_counter 2 b", "my_gauge 3 ", "my_rate 1 ", "my_rate 0 ", "my_trend 1.5 ", "my_counter -1 " },
            harness.Samples.Select(s => FormattableString.Invariant($"{s.Metric.Name} {s.Value} {s.Tags.Get("a")}")).ToArray());
    }

    [TestMethod]
    [DataRow("new Counter('a b')", "GoError: Invalid metric name: 'a b'. Metric names must only include up to 128 ASCII letters, numbers, or underscores and start with a letter or an underscore.")]
    [DataRow("new Trend('known')", "GoError: metric 'known' already exists but with type counter, instead of trend")]
    [DataRow("new Counter('known').add(1)", "GoError: Adding to metrics in the init context is not supported")]
    public void Metrics_fail_in_init_code_with_k6s_words(string expression, string expected) => Assert.AreEqual(
        expected,
        ScriptHarness.Print($"import {{ Counter, Trend }} from 'k6/metrics'; new Counter('known'); let text; try {{ {expression}; }} catch (e) {{ text = String(e); }} export default function () {{ console.log(text); }}").Single());

    [TestMethod]
    public void A_shared_array_is_made_once_and_read_only()
    {
        using var harness = ScriptHarness.Load("""
            import { SharedArray } from 'k6/data';
            const data = new SharedArray('users', () => { console.log('made'); return [{ n: 1 }, 2, 'x', null]; });
            export default function () {
              console.log(data.length, data[0].n, data[9], Array.isArray(data), data.map((x) => JSON.stringify(x)).join(), [...data].length, data.at(-1), JSON.stringify(data));
              for (const f of [() => { data[0] = 1; }, () => data.push(1), () => { data[0].n = 5; }]) try { f(); console.log('changed'); } catch (e) { console.log(e.name); }
            }
            """);
        harness.Run();
        CollectionAssert.AreEqual(
            new[] { "made", """4 1 undefined true {"n":1},2,"x",null 4 null [{"n":1},2,"x",null]""", "TypeError", "TypeError", "TypeError" },
            harness.Printed);
    }

    [TestMethod]
    public void Execution_shows_VU_scenario_and_test()
    {
        using var harness = ScriptHarness.Load("""
            import exec from 'k6/execution';
            let early; try { exec.vu.idInTest; } catch (e) { early = String(e); }
            export default function () {
              console.log(early);
              exec.vu.metrics.tags.mine = 5;
              console.log(exec.vu.idInTest, exec.vu.iterationInScenario, exec.scenario.name, exec.scenario.executor, exec.instance.vusActive, exec.vu.tags.mine, typeof exec.vu.tags.mine, Object.keys(exec.vu.metrics.tags).join());
              try { exec.vu.metrics.tags.o = {}; } catch (e) { console.log(String(e)); }
              delete exec.vu.tags.mine;
              console.log(exec.vu.tags.mine);
              exec.test.fail('bad');
            }
            """);
        harness.Run();
        CollectionAssert.AreEqual(
            new[]
            {
                "GoError: getting VU information in the init context is not supported",
                "1 0 default per-vu-iterations 0 5 string group,mine,scenario",
                "TypeError: invalid value for metric tag 'o': only String, Boolean and Number types are accepted as a metric tag values",
                "undefined",
            },
            harness.Printed);
        Assert.IsTrue(harness.State.IsMarkedAsFailed);
    }

    [TestMethod]
    [DataRow("encoding.b64encode('hello?>')", "aGVsbG8/Pg==")]
    [DataRow("encoding.b64encode('hello?>', 'url')", "aGVsbG8_Pg==")]
    [DataRow("encoding.b64encode('hello?', 'rawurl')", "aGVsbG8_")]
    [DataRow("encoding.b64encode(new Uint8Array([1, 2]).buffer)", "AQI=")]
    [DataRow("encoding.b64decode('aGVsbG8=', 'std', 's')", "hello")]
    [DataRow("encoding.b64decode('aGVsbG8=').byteLength", "5")]
    [DataRow("encoding.b64decode('!!')", "GoError: illegal base64 data at input byte 0")]
    [DataRow("encoding.b64decode('aGVsbG8', 'std', 's')", "GoError: illegal base64 data at input byte 4")]
    [DataRow("encoding.b64encode(5)", "GoError: invalid type int64, expected string, []byte or ArrayBuffer")]
    public void Base64_has_k6s_variants_and_errors(string expression, string expected) =>
        Assert.AreEqual(expected, Value(expression, "import encoding from 'k6/encoding';"));

    [TestMethod]
    [DataRow("crypto.md4('a', 'hex')", "bde52cb31de33e46245e05fbdbd6fb24")]
    [DataRow("crypto.md5('a', 'hex')", "0cc175b9c0f1b6a831c399e269772661")]
    [DataRow("crypto.sha1('a', 'base64')", "hvfkN/qlp/zhXR3cuerq6jd2Z7g=")]
    [DataRow("crypto.ripemd160('a', 'hex')", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe")]
    [DataRow("crypto.sha512_224('a', 'hex')", "d5cdb9ccc769a5121d4175f2bfdd13d6310e0d3d361ea75d82108327")]
    [DataRow("crypto.sha512_256('a', 'hex')", "455e518824bc0601f9fb858ff5c37d417d67c2f8e0df2babe4808858aea830f8")]
    [DataRow("crypto.hmac('sha256', 'k', 'd', 'hex')", "e7ea21c3bcb63a4da3ad78503168d36bdca0be622382ea60a108fad4e4966679")]
    [DataRow("crypto.sha256('a', 'binary').byteLength", "32")]
    [DataRow("crypto.sha256('a', 'zz')", "GoError: invalid output encoding: zz")]
    [DataRow("crypto.hmac('zz', 'k', 'd', 'hex')", "GoError: invalid algorithm: zz")]
    [DataRow("(() => { const h = crypto.createHash('sha256'); h.update('a'); h.update('b'); return h.digest('base64rawurl'); })()", "-44g_C5MPySMYMOb1lLzwTRymLuXe4tNWQO4UFViBgM")]
    [DataRow("crypto.createHMAC('sha1', 'k').digest('base64url')", "OoSiGO5mZSCbtw6EUl3YN2RaGWU=")]
    [DataRow("crypto.hexEncode('ab')", "6162")]
    [DataRow("crypto.randomBytes(3).byteLength", "3")]
    [DataRow("crypto.randomBytes(0)", "GoError: invalid size")]
    public void Hashes_are_k6s(string expression, string expected) => Assert.AreEqual(expected, Value(expression, "import crypto from 'k6/crypto';"));

    [TestMethod]
    [DataRow("crypto.randomUUID().length", "36")]
    [DataRow("crypto.getRandomValues(new Uint8Array(4)).length", "4")]
    [DataRow("(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('a'))).byteLength", "32")]
    [DataRow("(await crypto.subtle.digest('zz', new Uint8Array(1)))", "NotSupportedError: algorithm \"ZZ\" doesn't support (in implementation) operation \"digest\"")]
    [DataRow("new TextEncoder().encode('é')", "Uint8Array(2) [ 195, 169 ]")]
    [DataRow("new TextDecoder().decode(new Uint8Array([0xc3, 0xa9]))", "é")]
    [DataRow("new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff]))", "TypeError: decoding text: invalid byte sequence")]
    [DataRow("new TextDecoder('zz')", "RangeError: unsupported encoding: zz")]
    public void Web_globals_are_k6s(string expression, string expected) => Assert.AreEqual(expected, Value(expression));

    [TestMethod]
    [DataRow("open('./data.txt')", "text")]
    [DataRow("open('data.txt', 'b').byteLength", "4")]
    [DataRow("open('./nope.txt')", "no such file or directory")]
    [DataRow("open('')", "GoError: open() can't be used with an empty filename")]
    [DataRow("open('.')", "GoError: open() can't be used with directories")]
    [DataRow("fromLib()", "inner")]
    public void Open_reads_files_beside_the_module_that_calls(string expression, string expected)
    {
        var printed = ScriptHarness.Print(
            $"import {{ fromLib }} from './lib/lib.js'; let text; try {{ text = {expression}; }} catch (e) {{ text = String(e); }} export default function () {{ console.log(text); }}",
            ("data.txt", "text"),
            ("lib/data.txt", "inner"),
            ("lib/lib.js", "export const fromLib = () => open('./data.txt');"));
        StringAssert.Contains(printed.Single(), expected);
    }

    [TestMethod]
    public void Open_is_for_init_code_only() => StringAssert.StartsWith(Value("open('./x')"), "GoError: the \"open\" function is only available in the init stage");

    [TestMethod]
    [DataRow("'text'", "text")]
    [DataRow("{ a: [1, 'x', null, undefined], f() {}, d: new Date(0) }", "{ a: [ 1, \"x\", null, null ], f: [object Function], d: \"1970-01-01T00:00:00.000Z\" }")]
    [DataRow("new Map([[1, 2]])", "{}")]
    [DataRow("[new Error('in')]", "[ Error: in ]")]
    [DataRow("(() => { const a = {}; a.self = a; return a; })()", "{ self: [Circular] }")]
    [DataRow("-0, 1n, Symbol('s'), [], {}", "0 1 s [] {}")]
    public void The_console_shows_values_as_k6_does(string expression, string expected) => Assert.AreEqual(expected, Value(expression));

    [TestMethod]
    public void Secrets_without_a_source_are_rejected() =>
        Assert.AreEqual("no secret sources are configured", Value("await secrets.get('x')", "import secrets from 'k6/secrets';"));
}
