using System.Text.Json.Nodes;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Bundling;

/// <summary>What a bundle does when the run is a warm-up.</summary>
[TestClass]
public sealed class WarmUpTests
{
    private static readonly (string, string) WarmUp = ("K6SDK_WARM_UP", "7s");

    [TestMethod]
    [DataRow("vus: 3, iterations: 50", """{"default":{"executor":"constant-vus","duration":"7s","vus":3}}""", DisplayName = "iterations")]
    [DataRow("vus: 3, duration: '1h'", """{"default":{"executor":"constant-vus","duration":"7s","vus":3}}""", DisplayName = "users")]
    [DataRow("stages: [{duration: '10s', target: 20}, {duration: '1m', target: 20}, {duration: '10s', target: 0}]", """{"default":{"executor":"constant-vus","duration":"7s","vus":20}}""", DisplayName = "a ramp with a plateau")]
    [DataRow("stages: [{duration: '1m', target: 5}, {duration: '1m', target: 5}, {duration: '1s', target: 90}, {duration: '5s', target: 90}, {duration: '1s', target: 5}]", """{"default":{"executor":"constant-vus","duration":"7s","vus":5}}""", DisplayName = "a spike")]
    [DataRow("stages: [{duration: '1m', target: 100}]", """{"default":{"executor":"constant-vus","duration":"7s","vus":51}}""", DisplayName = "a ramp that holds nothing: its mean")]
    [DataRow("scenarios: { a: { executor: 'constant-arrival-rate', rate: 40, timeUnit: '1m', duration: '1h', startTime: '10m', preAllocatedVUs: 2, maxVUs: 9, tags: { x: '1' }, exec: 'other', gracefulStop: '2s' } }", """{"a":{"executor":"constant-arrival-rate","duration":"7s","rate":40,"timeUnit":"1m0s","preAllocatedVUs":2,"maxVUs":9,"tags":{"x":"1"},"exec":"other","gracefulStop":"2s"}}""", DisplayName = "a rate")]
    [DataRow("scenarios: { a: { executor: 'ramping-arrival-rate', startRate: 10, stages: [{duration: '30s', target: 10}, {duration: '10s', target: 300}], preAllocatedVUs: 2 } }", """{"a":{"executor":"constant-arrival-rate","duration":"7s","rate":10,"preAllocatedVUs":2}}""", DisplayName = "a rising rate")]
    public async Task A_warm_up_makes_the_steady_load_for_its_time_and_judges_nothing(string options, string expected)
    {
        TestTools.RequireK6();
        using var project = new ScriptProject();
        project.Write("browse.js", $"export const options = {{ {options}, thresholds: {{ checks: ['rate>0.9'] }} }};\nexport default () => {{}};\nexport const other = () => {{}};\n");
        var bundle = await project.BundleAsync("browse.js");

        var warm = await project.InspectAsync(bundle, WarmUp);
        var measured = await project.InspectAsync(bundle);

        Assert.IsTrue(JsonNode.DeepEquals(Known(expected), Known(warm["scenarios"]!.ToJsonString())), warm["scenarios"]!.ToJsonString());
        Assert.IsNull(warm["thresholds"]);
        Assert.IsNull(warm["stages"]);
        Assert.IsNotNull(measured["thresholds"]!["checks"]);

        // k6 prints members that nobody set too.
        static JsonObject Known(string json)
        {
            var scenarios = JsonNode.Parse(json)!.AsObject();
            foreach (var (_, scenario) in scenarios)
            {
                foreach (var (name, value) in scenario!.AsObject().ToList())
                {
                    if (value is null || name is "env" or "options")
                    {
                        scenario.AsObject().Remove(name);
                    }
                }
            }

            return scenarios;
        }
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task A_warm_up_runs_everything_but_the_summary_on_both_engines(string engine)
    {
        using var project = new ScriptProject();
        project.Write("browse.js", """
            import { sleep } from 'k6';
            export const options = { vus: 1, iterations: 1, thresholds: { iterations: [{ threshold: 'count<1', abortOnFail: true }] } };
            export function setup() { console.log('set up'); return 'data'; }
            export default function (data) { if (__ITER === 3) console.log(`iterates with ${data}`); sleep(0.1); }
            export function teardown() { console.log('torn down'); }
            export function handleSummary() { console.log('sums up'); return { stdout: 'the summary of the user' }; }
            """);
        var summary = Path.Combine(project.Folder, "summary.json");

        var (exitCode, log) = await project.RunOnAsync(engine, await project.BundleAsync("browse.js"), ("K6SDK_WARM_UP", "1s"), ("K6SDK_SUMMARY", summary));

        Assert.AreEqual(0, exitCode, log);
        StringAssert.Contains(log, "set up");
        StringAssert.Contains(log, "iterates with data");
        StringAssert.Contains(log, "torn down");
        Assert.DoesNotContain("sums up", log);
        Assert.DoesNotContain("the summary of the user", log);
        Assert.IsFalse(File.Exists(summary));
    }

    [TestMethod]
    public async Task Scenarios_of_a_shared_run_warm_up_together()
    {
        TestTools.RequireK6();
        using var project = new ScriptProject();
        project.Write("a.js", "export const options = { vus: 2, duration: '1m' };\nexport default () => {};\n");
        project.Write("b.js", "export default () => {};\n");
        var test = new TestPlan
        {
            Name = "both",
            Scenarios =
            [
                project.Scenario("a.js"),
                project.Scenario("b.js") with { Load = new ScenarioLoad { Executor = "constant-vus", Vus = 4, Duration = "1m", StartTime = "1m" } },
            ],
        };

        var scenarios = (await project.InspectAsync((await project.BundlesAsync(project.PlanOf(test))).Single(), WarmUp))["scenarios"]!;

        Assert.AreEqual("2 7s", $"{scenarios["a"]!["vus"]} {scenarios["a"]!["duration"]}");
        Assert.AreEqual("4 7s", $"{scenarios["b"]!["vus"]} {scenarios["b"]!["duration"]}");
        Assert.IsNull(scenarios["b"]!["startTime"]);
    }
}
