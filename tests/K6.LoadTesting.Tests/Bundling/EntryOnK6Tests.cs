using System.Text.Json.Nodes;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Bundling;

/// <summary>What the entry module makes of project and scripts, as real k6 sees it.</summary>
[TestClass]
public sealed class EntryOnK6Tests
{
    private static readonly ScenarioLoad TwoUsers = new() { Executor = "per-vu-iterations", Vus = 2, Iterations = 3 };

    [TestInitialize]
    public void NeedsK6() => TestTools.RequireK6();

    [TestMethod]
    public async Task Options_of_a_script_without_load_on_its_item_stay_as_they_are()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export const options = { vus: 2, iterations: 5, userAgent: 'me', tags: { team: 'shop' }, ext: { other: { a: 1 } } };\nexport default () => {};\n");

        var options = await project.InspectAsync(await project.BundleAsync("browse.ts"));

        JsonAssert.AreEqual("2", options["vus"]);
        JsonAssert.AreEqual("5", options["iterations"]);
        JsonAssert.AreEqual("\"me\"", options["userAgent"]);
        JsonAssert.AreEqual("""{ "team": "shop" }""", options["tags"]);
        JsonAssert.AreEqual("null", options["scenarios"]);
        JsonAssert.AreEqual("""{ "a": 1 }""", options["ext"]!["other"]);
        JsonAssert.AreEqual($$"""[{ "item": "browse", "script": "{{project.PathOf("browse.ts")}}", "names": ["default"] }]""", Report(options)["scenarios"]);
        Assert.IsNull(options["thresholds"]);
    }

    [TestMethod]
    [DataRow("export const options = Object.freeze({ vus: 3, duration: '1s', thresholds: Object.freeze({}) });", DisplayName = "frozen")]
    [DataRow("const values = { get vus() { return 3; }, get duration() { return '1s'; } };\nexport const options = values;", DisplayName = "getters")]
    [DataRow("const make = () => ({ vus: 3, duration: '1s' });\nexport const options = make();", DisplayName = "the result of a function")]
    [DataRow("export let options: any;\noptions = { vus: 3 };\noptions.duration = '1s';", DisplayName = "assigned later")]
    [DataRow("const all = await Promise.resolve({ vus: 3, duration: '1s' });\nexport const options = all;", DisplayName = "awaited")]
    [DataRow("import { test } from 'k6/execution';\nexport const options = { vus: 3, duration: '1s', scenarios: undefined };\nvoid test;", DisplayName = "with members that are undefined")]
    public async Task Options_may_be_made_in_any_way(string text)
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", text + "\nexport default () => {};\n");
        var test = project.Plan(project.Scenario("browse.ts")).Tests[0] with { Thresholds = [ScriptProject.Threshold("checks", "rate>0.9")] };

        var options = await project.InspectAsync((await project.BundlesAsync(project.PlanOf(test))).Single());

        JsonAssert.AreEqual("3", options["vus"]);
        JsonAssert.AreEqual("\"1s\"", options["duration"]);
        JsonAssert.AreEqual("""["rate>0.9"]""", options["thresholds"]!["checks"]);
    }

    [TestMethod]
    [DataRow("'text'", "a string")]
    [DataRow("[1]", "an array")]
    [DataRow("Promise.resolve({})", "a promise")]
    public async Task Options_that_are_no_object_are_an_error_with_a_code(string value, string says)
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", $"export const options: any = {value};\nexport default () => {{}};\n");
        var bundle = await project.BundleAsync("browse.ts");

        var (exitCode, _, error) = await project.K6Async(["inspect", bundle.File]);

        Assert.AreEqual(107, exitCode);
        StringAssert.Contains(error, $"Error: KSDK0222: the options that browse.ts exports are {says}");
    }

    [TestMethod]
    [DataRow("vus: 5, duration: '1h', thresholds: { checks: ['rate>2'] }", """{"default":{"executor":"per-vu-iterations","vus":1,"iterations":1}}""")]
    [DataRow("scenarios: { a: { executor: 'constant-vus', vus: 9, duration: '1h', exec: 'other', tags: { t: '1' } }, b: { executor: 'per-vu-iterations', startTime: '1h' } }",
        """{"a":{"executor":"per-vu-iterations","vus":1,"iterations":1,"exec":"other","tags":{"t":"1"}},"b":{"executor":"per-vu-iterations","vus":1,"iterations":1}}""")]
    [DataRow("", """{"default":{"executor":"per-vu-iterations","vus":1,"iterations":1}}""")]
    public async Task Debugging_runs_each_scenario_of_a_script_once_and_judges_nothing(string options, string scenarios)
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", $"export const options = {{ {options} }};\nexport default () => {{}};\nexport function other() {{}}\n");
        var plan = project.Plan(project.Scenario("browse.ts"));

        var found = await project.InspectAsync((await project.BundlesAsync(plan with { Settings = plan.Settings with { Debug = true } })).Single());

        foreach (var (name, expected) in JsonNode.Parse(scenarios)!.AsObject())
        {
            foreach (var (option, value) in expected!.AsObject())
            {
                JsonAssert.AreEqual(value!.ToJsonString(), found["scenarios"]![name]![option]);
            }
        }

        Assert.HasCount(JsonNode.Parse(scenarios)!.AsObject().Count, found["scenarios"]!.AsObject());
        Assert.IsNull(found["thresholds"]);
        JsonAssert.AreEqual("\"full\"", found["httpDebug"]);
        JsonAssert.AreEqual("[]", Report(found)["thresholds"]);
    }

    [TestMethod]
    public async Task The_load_of_an_item_replaces_the_load_of_the_script_as_a_whole()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export const options = { stages: [{ duration: '1h', target: 9 }], userAgent: 'me' };\nexport function search() {}\n");
        var scenario = project.Scenario("browse.ts") with
        {
            Exec = "search",
            Load = new ScenarioLoad { Executor = "ramping-arrival-rate", StartRate = 1, TimeUnit = "2s", PreAllocatedVUs = 3, MaxVUs = 4, Stages = [new Stage("5s", 6)], StartTime = "7s", GracefulStop = "8s" },
            Tags = new Dictionary<string, string> { ["tier"] = "ui" },
            Environment = new Dictionary<string, string> { ["LANG_OF_SHOP"] = "dé" },
        };

        var options = await project.InspectAsync((await project.BundlesAsync(project.Plan(scenario))).Single());

        JsonAssert.AreEqual("null", options["stages"]);
        JsonAssert.AreEqual("\"me\"", options["userAgent"]);
        JsonAssert.AreEqual(
            """
            { "browse": { "executor": "ramping-arrival-rate", "exec": "search", "startRate": 1, "timeUnit": "2s", "preAllocatedVUs": 3, "maxVUs": 4,
              "stages": [{ "duration": "5s", "target": 6 }], "startTime": "7s", "gracefulStop": "8s", "tags": { "tier": "ui" }, "env": { "LANG_OF_SHOP": "dé" } } }
            """,
            options["scenarios"]);
    }

    [TestMethod]
    public async Task Tags_and_environment_of_an_item_without_load_go_to_the_scenarios_of_the_script()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export const options = { scenarios: { a: { executor: 'per-vu-iterations', tags: { own: '1', tier: 'x' } }, b: { executor: 'per-vu-iterations', exec: 'other' } } };\nexport default () => {};\nexport function other() {}\n");
        var scenario = project.Scenario("browse.ts") with { Tags = new Dictionary<string, string> { ["tier"] = "ui" } };

        var scenarios = (await project.InspectAsync((await project.BundlesAsync(project.Plan(scenario))).Single()))["scenarios"]!;

        JsonAssert.AreEqual("""{ "own": "1", "tier": "ui" }""", scenarios["a"]!["tags"]);
        JsonAssert.AreEqual("""{ "tier": "ui" }""", scenarios["b"]!["tags"]);
        JsonAssert.AreEqual("\"other\"", scenarios["b"]!["exec"]);
    }

    [TestMethod]
    public async Task Options_that_run_calls_valid_are_valid_for_inspect()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export const options = { duration: '2s' };\nexport default () => {};\n");
        var bundle = await project.BundleAsync("browse.ts");

        var (exitCode, output, error) = await project.K6Async(["inspect", "--execution-requirements", bundle.File]);

        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(output, "\"maxVUs\": 1");
    }

    [TestMethod]
    public async Task Thresholds_of_project_and_script_are_joined_under_one_spelling_of_each_metric()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts",
            """
            export const options = { thresholds: {
              'http_req_duration{ name: login ,"group":::a b}': ['p(95)<500', { threshold: 'max<900', abortOnFail: true, delayAbortEval: '5s' }],
              'checks': ['rate>0.9'],
            } };
            export default () => {};
            """);
        var test = project.Plan(project.Scenario("browse.ts")).Tests[0] with
        {
            Thresholds =
            [
                ScriptProject.Threshold("http_req_duration{group:::a b,name:login}", "p(95)<500"),
                ScriptProject.Threshold("checks", "rate>0.5") with { AbortOnFail = true, DelayAbortEval = "1s" },
                ScriptProject.Threshold("checks", "rate>0.9") with { AbortOnFail = true },
            ],
        };

        var options = await project.InspectAsync((await project.BundlesAsync(project.PlanOf(test))).Single());

        JsonAssert.AreEqual(
            """
            { "http_req_duration{group:::a b,name:login}": ["p(95)<500", { "threshold": "max<900", "abortOnFail": true, "delayAbortEval": "5s" }],
              "checks": [{ "threshold": "rate>0.9", "abortOnFail": true, "delayAbortEval": null }, { "threshold": "rate>0.5", "abortOnFail": true, "delayAbortEval": "1s" }] }
            """,
            options["thresholds"]);
        var script = project.PathOf("browse.ts");
        JsonAssert.AreEqual(
            $$"""
            [
              { "source": "script", "script": "{{script}}", "written": "http_req_duration{ name: login ,\"group\":::a b}", "metric": "http_req_duration{group:::a b,name:login}", "expression": "p(95)<500", "abortOnFail": false },
              { "source": "script", "script": "{{script}}", "written": "http_req_duration{ name: login ,\"group\":::a b}", "metric": "http_req_duration{group:::a b,name:login}", "expression": "max<900", "abortOnFail": true },
              { "source": "script", "script": "{{script}}", "written": "checks", "metric": "checks", "expression": "rate>0.9", "abortOnFail": false },
              { "source": "project", "index": 0, "metric": "http_req_duration{group:::a b,name:login}", "expression": "p(95)<500" },
              { "source": "project", "index": 1, "metric": "checks", "expression": "rate>0.5" },
              { "source": "project", "index": 2, "metric": "checks", "expression": "rate>0.9" }
            ]
            """,
            Report(options)["thresholds"]);
    }

    [TestMethod]
    [DataRow("", true, "http_reqs{scenario:browse}", DisplayName = "load on the item")]
    [DataRow("", false, "http_reqs{scenario:default}", DisplayName = "the script's only scenario, unnamed")]
    [DataRow("scenarios: { one: { executor: 'per-vu-iterations' } }", false, "http_reqs{scenario:one}", DisplayName = "the script's only scenario")]
    [DataRow("scenarios: { one: { executor: 'per-vu-iterations' }, two: { executor: 'per-vu-iterations' } }", false, "http_reqs", DisplayName = "several scenarios of one script")]
    [DataRow("scenarios: { one: { executor: 'per-vu-iterations' }, browse: { executor: 'per-vu-iterations' } }", false, "http_reqs{scenario:browse}", DisplayName = "a scenario of the item's name")]
    public async Task A_threshold_with_a_scenario_follows_the_item_to_its_scenario(string options, bool hasLoad, string metric)
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", $"export const options = {{ {options} }};\nexport default () => {{}};\n");
        var scenario = project.Scenario("browse.ts") with { Load = hasLoad ? TwoUsers : null };
        var test = project.Plan(scenario).Tests[0] with { Thresholds = [ScriptProject.Threshold("http_reqs", "count>0", "browse")] };

        var inspected = await project.InspectAsync((await project.BundlesAsync(project.PlanOf(test))).Single());

        JsonAssert.AreEqual($$"""{ "{{metric}}": ["count>0"] }""", inspected["thresholds"]);
    }

    [TestMethod]
    public async Task Statistics_and_submetrics_of_ours_come_only_when_a_run_of_ours_asks_for_the_summary()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export const options = { summaryTrendStats: ['avg', 'p(97)'], systemTags: ['status'], thresholds: { 'http_req_duration{method:GET}': ['p(99.5)<900'] } };\nexport default () => {};\n");
        var bundle = (await project.BundlesAsync(project.Plan(project.Scenario("browse.ts") with { Load = TwoUsers }))).Single();

        var alone = await project.InspectAsync(bundle);
        var ours = await project.InspectAsync(bundle, ("K6SDK_SUMMARY", "/tmp/x.json"));

        JsonAssert.AreEqual("""["avg", "p(97)"]""", alone["summaryTrendStats"]);
        var stats = ours["summaryTrendStats"]!.AsArray().Select(stat => (string)stat!).ToArray();
        CollectionAssert.IsSubsetOf(new[] { "avg", "p(97)", "min", "med", "max", "count", "p(2)", "p(50)", "p(90)", "p(95)", "p(98)", "p(99)", "p(99.5)", "p(99.9)" }, stats);
        CollectionAssert.AllItemsAreUnique(stats);
        JsonAssert.AreEqual(
            """["iterations{scenario:browse}", "http_reqs{scenario:browse}", "http_req_duration{scenario:browse}", "http_req_failed{scenario:browse}"]""",
            Report(ours)["submetrics"]);
        CollectionAssert.AreEquivalent(new[] { "status", "scenario", "method" }, ours["systemTags"]!.AsArray().Select(tag => (string)tag!).ToArray());
    }

    [TestMethod]
    public async Task Beyond_fifteen_scenarios_only_iterations_are_counted_apart()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "const scenarios: any = {};\nfor (let i = 0; i < 16; i++) scenarios[`s${i}`] = { executor: 'per-vu-iterations' };\nexport const options = { scenarios };\nexport default () => {};\n");

        var options = await project.InspectAsync(await project.BundleAsync("browse.ts"), ("K6SDK_SUMMARY", "/tmp/x.json"));

        Assert.HasCount(16, Report(options)["submetrics"]!.AsArray());
        Assert.IsTrue(Report(options)["submetrics"]!.AsArray().All(key => ((string)key!).StartsWith("iterations{", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task What_k6_says_of_malformed_thresholds_is_left_to_k6()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export const options = { thresholds: { checks: 'rate>0.9' } };\nexport default () => {};\n");
        var bundle = await project.BundleAsync("browse.ts");

        var (exitCode, _, error) = await project.K6Async(["inspect", bundle.File]);

        Assert.AreEqual(104, exitCode);
        StringAssert.Contains(error, "parsing options from script got error while parsing");
    }

    [TestMethod]
    [DataRow("module.exports = { default() { console.log('ran default'); }, options: { iterations: 2 }, setup() { return 5; } };")]
    [DataRow("exports.default = (data) => { console.log('ran default'); };\nexports.options = { iterations: 2 };\nexports.setup = () => 5;")]
    [DataRow("Object.defineProperty(exports, '__esModule', { value: true });\nexports.default = () => { console.log('ran default'); };\nexports.options = { iterations: 2 };")]
    public async Task A_CommonJS_script_runs(string text)
    {
        using var project = new ScriptProject();
        project.Write("browse.js", "const { check } = require('k6');\n" + text + "\nvoid check;\n");

        var (exitCode, log, summary) = await project.RunAsync(await project.BundleAsync("browse.js"));

        Assert.AreEqual(0, exitCode, log);
        StringAssert.Contains(log, "ran default");
        JsonAssert.AreEqual("2", summary!["metrics"]!["iterations"]!["values"]!["count"]);
    }

    [TestMethod]
    public async Task A_run_writes_the_summary_without_the_data_of_setup()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export function setup() { return { token: 'secret' }; }\nexport default (data: any) => { console.log(`token ${data.token}`); };\n");

        var (exitCode, log, summary) = await project.RunAsync(await project.BundleAsync("browse.ts"));

        Assert.AreEqual(0, exitCode, log);
        StringAssert.Contains(log, "token secret");
        Assert.IsNull(summary!["setup_data"]);
        Assert.IsNotNull(summary["metrics"]!["iterations{scenario:default}"]);
        Assert.IsNotNull(summary["metrics"]!["iteration_duration"]!["values"]!["p(42)"]);
    }

    [TestMethod]
    public async Task Without_the_variable_a_bundle_prints_the_summary_of_k6()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export default () => {};\n");
        var bundle = await project.BundleAsync("browse.ts");

        var (exitCode, output, error) = await project.K6Async(["run", "--quiet", bundle.File]);

        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(output, "iteration_duration");
        Assert.IsFalse(output.Contains("p(42)", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("export function handleSummary(data: any) { return { 'mine.json': JSON.stringify(data), stdout: 'said\\n' }; }", true, "said", DisplayName = "a function")]
    [DataRow("export async function handleSummary(data: any) { await null; return { 'mine.json': JSON.stringify(data) }; }", true, "", DisplayName = "async")]
    [DataRow("export function handleSummary(data: any) { data.metrics = null; return Object.freeze({ 'mine.json': '{}' }); }", true, "", DisplayName = "destroys its data, returns something frozen")]
    [DataRow("export function handleSummary() { throw new Error('boom'); }", false, "Error: boom", DisplayName = "throws")]
    [DataRow("export async function handleSummary() { throw new Error('boom'); }", false, "Error: boom", DisplayName = "rejects")]
    [DataRow("export function handleSummary() { return 'junk'; }", false, "handleSummary returned a string", DisplayName = "returns a text")]
    [DataRow("export function handleSummary() { return { 'mine.json': '{}', bad: 5 }; }", true, "handleSummary returned no text for 'bad'", DisplayName = "returns a bad value among good ones")]
    [DataRow("export function handleSummary() { return undefined; }", false, "", DisplayName = "returns nothing")]
    [DataRow("export const options = { handleSummaryTimeout: '2s' };\nexport function handleSummary() { return new Promise(() => {}); }", false, "handleSummary did not end within 1.8 s", DisplayName = "never ends")]
    public async Task Whatever_a_handleSummary_does_ours_is_written(string text, bool writes, string says)
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", text + "\nexport default () => {};\n");

        var (exitCode, log, summary) = await project.RunAsync(await project.BundleAsync("browse.ts"));

        Assert.AreEqual(0, exitCode, log);
        Assert.IsNotNull(summary!["metrics"]!["iterations"]);
        StringAssert.Contains(log, says);
        Assert.AreEqual(writes, File.Exists(project.PathOf("mine.json")), log);
    }

    [TestMethod]
    public async Task A_handleSummary_sees_what_it_would_see_without_us()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export function setup() { return 7; }\nexport function handleSummary(data: any) { return { 'mine.json': JSON.stringify(data) }; }\nexport default () => {};\n");
        var bundle = await project.BundleAsync("browse.ts");

        await project.RunAsync(bundle);

        var mine = JsonNode.Parse(File.ReadAllText(project.PathOf("mine.json")))!;
        JsonAssert.AreEqual("7", mine["setup_data"]);
        JsonAssert.AreEqual("""["avg", "min", "med", "max", "p(90)", "p(95)"]""", mine["options"]!["summaryTrendStats"]);
        Assert.IsNull(mine["metrics"]!["iterations{scenario:default}"]);
        CollectionAssert.AreEquivalent(
            new[] { "avg", "min", "med", "max", "p(90)", "p(95)" },
            mine["metrics"]!["iteration_duration"]!["values"]!.AsObject().Select(pair => pair.Key).ToArray());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Stacks_point_at_the_sources(bool minify)
    {
        using var project = new ScriptProject();
        project.Write("lib/hölper.ts", "interface A { b: string }\n\nexport function fail(a: A): never {\n  /* üñ */ throw new Error(a.b + open.length);\n}\n");
        project.Write("browse.ts", "import { fail } from './lib/hölper';\nexport default () => {\n  fail({ b: 'boom' });\n};\n");
        var outcome = await project.BundleAsync(project.Plan(project.Scenario("browse.ts")), project.Options with { Minify = minify });

        var (_, log, _) = await project.RunAsync(outcome.Bundles.Single());

        StringAssert.Contains(log, $"file://{new Uri(project.PathOf("lib/hölper.ts")).AbsolutePath}:4:");
        StringAssert.Matches(log, new(@"browse\.ts:3:\d+"));
    }

    private static JsonNode Report(JsonObject options) => options["ext"]!["k6sdk"]!;
}
