using System.Text.Json.Nodes;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Bundling;

/// <summary>Several scripts in one run, on real k6.</summary>
[TestClass]
public sealed class SharedRunOnK6Tests
{
    private static readonly ScenarioLoad Twice = new() { Executor = "per-vu-iterations", Iterations = 2 };

    [TestInitialize]
    public void NeedsK6() => TestTools.RequireK6();

    [TestMethod]
    public async Task Each_script_keeps_its_own_scenarios_functions_and_tags()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export const options = { vus: 2, duration: '3s', tags: { team: 'a' } };\nexport default () => {};\n");
        project.Write("buy.ts", "export const options = { scenarios: { pay: { executor: 'per-vu-iterations', exec: 'pay' }, look: { executor: 'per-vu-iterations' } } };\nexport default () => {};\nexport function pay() {}\n");
        project.Write("admin-1.ts", "export default () => {};\n");

        var options = await InspectAsync(project, project.Scenario("browse.ts"), project.Scenario("buy.ts"), project.Scenario("admin-1.ts") with { Load = Twice });

        JsonAssert.AreEqual(
            """
            {
              "browse": { "executor": "constant-vus", "vus": 2, "duration": "3s", "exec": "browse__default", "tags": { "team": "a", "script": "browse" }, "env": null, "startTime": null, "gracefulStop": null },
              "pay": { "executor": "per-vu-iterations", "exec": "buy__pay", "tags": { "script": "buy" }, "env": null, "startTime": null, "gracefulStop": null, "vus": null, "iterations": null, "maxDuration": null },
              "look": { "executor": "per-vu-iterations", "exec": "buy__default", "tags": { "script": "buy" }, "env": null, "startTime": null, "gracefulStop": null, "vus": null, "iterations": null, "maxDuration": null },
              "admin-1": { "executor": "per-vu-iterations", "iterations": 2, "exec": "admin_1__default", "tags": { "script": "admin-1" }, "env": null, "startTime": null, "gracefulStop": null, "vus": null, "maxDuration": null }
            }
            """,
            options["scenarios"]);
        JsonAssert.AreEqual("null", options["tags"]);
        JsonAssert.AreEqual("null", options["vus"]);
        JsonAssert.AreEqual("""[["browse"], ["pay", "look"], ["admin-1"]]""", new JsonArray([.. Report(options)["scenarios"]!.AsArray().Select(item => item!["names"]!.DeepClone())]));
    }

    [TestMethod]
    [DataRow("vus: 3", """{ "executor": "shared-iterations", "vus": 3, "iterations": 3 }""")]
    [DataRow("iterations: 4", """{ "executor": "shared-iterations", "vus": 1, "iterations": 4 }""")]
    [DataRow("iterations: 4, vus: 2, duration: '9s'", """{ "executor": "shared-iterations", "vus": 2, "iterations": 4, "maxDuration": "9s" }""")]
    [DataRow("duration: '2s'", """{ "executor": "constant-vus", "vus": 1, "duration": "2s" }""")]
    [DataRow("vus: 4, stages: [{ duration: '1s', target: 2 }]", """{ "executor": "ramping-vus", "startVUs": 4, "stages": [{ "duration": "1s", "target": 2 }] }""")]
    [DataRow("", """{ "executor": "per-vu-iterations" }""")]
    public async Task The_short_forms_of_a_script_become_what_k6_makes_of_them(string load, string expected)
    {
        using var project = new ScriptProject();
        project.Write("alone.ts", $"export const options = {{ {load} }};\nexport default () => {{}};\n");
        project.Write("browse.ts", "export default () => {};\n");
        // k6 run is right about these; its inspect wants vus said
        var said = load is "iterations: 4" or "duration: '2s'" ? load + ", vus: 1" : load;
        project.Write("plain.js", $"export const options = {{ {said} }};\nexport default () => {{}};\n");

        var ours = (await InspectAsync(project, project.Scenario("alone.ts"), project.Scenario("browse.ts")))["scenarios"]!["alone"]!.AsObject();
        var (_, output, error) = await project.K6Async(["inspect", "--execution-requirements", project.PathOf("plain.js")]);
        var plain = JsonNode.Parse(output)!["scenarios"]!["default"]!.AsObject();

        foreach (var (name, value) in JsonNode.Parse(expected)!.AsObject())
        {
            JsonAssert.AreEqual(value!.ToJsonString(), ours[name]);
            JsonAssert.AreEqual(value.ToJsonString(), plain[name]);
        }

        Assert.AreEqual("", error);
    }

    [TestMethod]
    public async Task Thresholds_of_a_script_judge_that_script_alone()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export const options = { thresholds: { 'http_reqs': ['count>0'], 'http_reqs{name:x}': ['count>1'], 'checks{scenario:default}': ['rate>0.9'], 'iterations{scenario:browse}': ['count>2'], vus: ['value>0'], dropped_iterations: ['count<1'] } };\nexport default () => {};\n");
        project.Write("buy.ts", "export const options = { scenarios: { pay: { executor: 'per-vu-iterations' }, look: { executor: 'per-vu-iterations' } }, thresholds: { 'http_reqs': ['count>3'], dropped_iterations: ['count<2'] } };\nexport default () => {};\n");

        var options = await InspectAsync(project, project.Scenario("browse.ts"), project.Scenario("buy.ts"));

        JsonAssert.AreEqual(
            """
            { "http_reqs{script:browse}": ["count>0"], "http_reqs{name:x,script:browse}": ["count>1"], "checks{scenario:browse}": ["rate>0.9"],
              "iterations{scenario:browse}": ["count>2"], "vus": ["value>0"], "dropped_iterations{scenario:browse}": ["count<1"],
              "http_reqs{script:buy}": ["count>3"], "dropped_iterations": ["count<2"] }
            """,
            options["thresholds"]);
    }

    [TestMethod]
    public async Task A_threshold_of_the_project_is_for_the_whole_run_or_for_its_scenario()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export default () => {};\n");
        project.Write("buy.ts", "export const options = { scenarios: { pay: { executor: 'per-vu-iterations' }, look: { executor: 'per-vu-iterations' } } };\nexport default () => {};\n");
        ThresholdPlan[] thresholds =
        [
            ScriptProject.Threshold("http_reqs", "count>0"),
            ScriptProject.Threshold("http_reqs", "count>1", "browse"),
            ScriptProject.Threshold("http_reqs", "count>2", "buy"),
        ];

        var options = await InspectAsync(project, thresholds, project.Scenario("browse.ts") with { Load = Twice }, project.Scenario("buy.ts"));

        JsonAssert.AreEqual(
            """{ "http_reqs": ["count>0"], "http_reqs{scenario:browse}": ["count>1"], "http_reqs{script:buy}": ["count>2"] }""",
            options["thresholds"]);
    }

    [TestMethod]
    public async Task Options_that_scripts_set_alike_are_kept_and_lists_are_united()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export const options = { hosts: { a: '127.0.0.1', b: '127.0.0.2' }, userAgent: 'me', summaryTrendStats: ['p(97)'], ext: { a: 1 } };\nexport default () => {};\n");
        project.Write("buy.ts", "export const options = { hosts: { b: '127.0.0.2', a: '127.0.0.1' }, noConnectionReuse: true, ext: { b: 2 } };\nexport default () => {};\n");

        var options = await InspectAsync(project, project.Scenario("browse.ts"), project.Scenario("buy.ts"));

        JsonAssert.AreEqual("\"me\"", options["userAgent"]);
        JsonAssert.AreEqual("true", options["noConnectionReuse"]);
        Assert.IsNotNull(options["hosts"]!["a"]);
        JsonAssert.AreEqual("""["avg", "min", "med", "max", "p(90)", "p(95)", "p(97)"]""", options["summaryTrendStats"]);
        JsonAssert.AreEqual("1", options["ext"]!["a"]);
        JsonAssert.AreEqual("2", options["ext"]!["b"]);
    }

    [TestMethod]
    [DataRow("userAgent: 'a'", "userAgent: 'b'", "KSDK0220: browse.ts and buy.ts set the option 'userAgent' differently", DisplayName = "one option, two values")]
    [DataRow("scenarios: { s: { executor: 'per-vu-iterations' } }", "scenarios: { s: { executor: 'per-vu-iterations' } }", "KSDK0221: two scenarios of one run are called 's'", DisplayName = "one name, two scenarios")]
    [DataRow("stages: [{ duration: '1s', target: 1 }], duration: '1s'", "", "KSDK0223: browse.ts sets `stages` together with", DisplayName = "an ambiguous load")]
    public async Task What_does_not_go_together_is_an_error_with_a_code(string browse, string buy, string says)
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", $"export const options = {{ {browse} }};\nexport default () => {{}};\n");
        project.Write("buy.ts", $"export const options = {{ {buy} }};\nexport default () => {{}};\n");
        var bundle = (await project.BundlesAsync(Plan(project, [], project.Scenario("browse.ts"), project.Scenario("buy.ts")))).Single();

        var (exitCode, _, error) = await project.K6Async(["inspect", bundle.File]);

        Assert.AreEqual(107, exitCode);
        StringAssert.Contains(error, "Error: " + says);
    }

    [TestMethod]
    public async Task Two_items_may_run_functions_of_one_script()
    {
        using var project = new ScriptProject();
        project.Write("shop.ts", "export const options = { userAgent: 'me', vus: 9 };\nexport function browse() {}\nexport function buy() {}\n");

        var options = await InspectAsync(project,
            project.Scenario("shop.ts", "browse") with { Load = Twice, Exec = "browse" },
            project.Scenario("shop.ts", "buy") with { Load = Twice, Exec = "buy" });

        JsonAssert.AreEqual("\"browse\"", options["scenarios"]!["browse"]!["exec"]);
        JsonAssert.AreEqual("\"buy\"", options["scenarios"]!["buy"]!["exec"]);
        JsonAssert.AreEqual("null", options["vus"]);
        JsonAssert.AreEqual("\"me\"", options["userAgent"]);
    }

    [TestMethod]
    public async Task Setup_teardown_and_handleSummary_of_each_script_run_once_with_its_own_data()
    {
        using var project = new ScriptProject();
        foreach (var name in new[] { "browse", "buy" })
        {
            project.Write($"{name}.ts",
                $$"""
                export async function setup() { await null; console.log('setup {{name}}'); return { of: '{{name}}' }; }
                export default (data: any) => { console.log(`ran {{name}} with ${data.of}`); data.of += '!'; };
                export function teardown(data: any) { console.log(`teardown {{name}} with ${data.of}`); }
                export function handleSummary(data: any) { return { stdout: `summary {{name}} with ${data.setup_data.of}\n` }; }
                """);
        }

        project.Write("plain.ts", "export default (data: any) => console.log(`ran plain with ${data}`);\n");
        var bundle = (await project.BundlesAsync(Plan(project, [],
            project.Scenario("browse.ts") with { Load = Twice }, project.Scenario("buy.ts"), project.Scenario("plain.ts")))).Single();

        var (exitCode, log, summary) = await project.RunAsync(bundle);

        Assert.AreEqual(0, exitCode, log);
        (string Text, int Count)[] expected =
        [
            ("setup browse", 1), ("setup buy", 1), ("ran browse with browse\"", 1), ("ran browse with browse!\"", 1), ("ran buy with buy\"", 1),
            ("ran plain with undefined", 1), ("teardown browse with browse\"", 1), ("teardown buy with buy\"", 1),
            ("summary browse with browse\n", 1), ("summary buy with buy\n", 1),
        ];
        foreach (var (text, count) in expected)
        {
            Assert.AreEqual(count, log.Split(text).Length - 1, $"{text} in:\n{log}");
        }

        JsonAssert.AreEqual("4", summary!["metrics"]!["iterations"]!["values"]!["count"]);
        Assert.IsNull(summary["setup_data"]);
    }

    [TestMethod]
    public async Task A_teardown_that_throws_does_not_keep_the_others_from_running()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export function teardown() { throw new Error('boom in browse'); }\nexport default () => {};\n");
        project.Write("buy.ts", "export function teardown() { console.log('teardown buy'); throw new Error('boom in buy'); }\nexport default () => {};\n");
        var bundle = (await project.BundlesAsync(Plan(project, [], project.Scenario("browse.ts"), project.Scenario("buy.ts")))).Single();

        var (exitCode, log, summary) = await project.RunAsync(bundle);

        Assert.AreEqual(107, exitCode);
        StringAssert.Contains(log, "teardown buy");
        StringAssert.Contains(log, "boom in browse");
        StringAssert.Contains(log, "boom in buy");
        Assert.IsNotNull(summary);
    }

    private static async Task<JsonObject> InspectAsync(ScriptProject project, params ScenarioPlan[] scenarios) =>
        await InspectAsync(project, [], scenarios);

    private static async Task<JsonObject> InspectAsync(ScriptProject project, ThresholdPlan[] thresholds, params ScenarioPlan[] scenarios) =>
        await project.InspectAsync((await project.BundlesAsync(Plan(project, thresholds, scenarios))).Single());

    private static LoadPlan Plan(ScriptProject project, ThresholdPlan[] thresholds, params ScenarioPlan[] scenarios) =>
        project.PlanOf(new TestPlan { Name = "shop", Scenarios = scenarios, Thresholds = thresholds });

    private static JsonNode Report(JsonObject options) => options["ext"]!["k6sdk"]!;
}
