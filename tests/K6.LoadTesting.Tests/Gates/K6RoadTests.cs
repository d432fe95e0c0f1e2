using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Bundling;
using K6.LoadTesting.Tests.Engines;
using K6.LoadTesting.Tests.Results;
using TestResult = K6.LoadTesting.Results.TestResult;

namespace K6.LoadTesting.Tests.Gates;

/// <summary>From a plan through bundle and real k6 to the verdict; inconclusive without k6.</summary>
[TestClass]
public class K6RoadTests
{
    private const string Browse =
        """
        import http from 'k6/http';
        import { check, sleep } from 'k6';
        export const options = { vus: 2, duration: '2s', thresholds: {
          'http_req_duration{name:page}': ['p(95)<500', 'p(99.5)<0.0001'],
        } };
        export function setup() { return { token: 'secret' }; }
        export default function () {
          check(http.get(`${__ENV.BASE_URL}/ok`, { tags: { name: 'page' } }), { 'is 200': (r) => r.status === 200 });
          sleep(0.01);
        }
        """;

    [TestMethod]
    public async Task Thresholds_of_project_and_script_are_judged_at_their_places_and_all_figures_equal_the_samples()
    {
        var k6 = await EngineLab.K6Async();
        using var server = new LoopbackServer();
        using var project = new ScriptProject();
        project.Write("browse.ts", Browse);
        var diagnostics = new List<Diagnostic>();

        var (result, run) = await RunAsync(
            k6, server, project, diagnostics,
            ScriptProject.Threshold("http_req_duration", "p(90)<900", scenario: "browse"),
            ScriptProject.Threshold("http_req_duration", "avg<0.0001"),
            ScriptProject.Threshold("http_req_duration{name:pge}", "p(95)<500"),
            ScriptProject.Threshold("http_reqs{status:500}", "count<1"));

        Assert.AreEqual("KSDK0320 KSDK0322 KSDK0324 KSDK0320", string.Join(' ', diagnostics.Select(one => one.Code)));
        Assert.AreEqual(Verdict.Failed, result.Verdict);
        CollectionAssert.AreEqual(
            new[]
            {
                "project http_req_duration{scenario:default} p(90)<900 Passed",
                "project http_req_duration avg<0.0001 Failed",
                "project http_req_duration{name:pge} p(95)<500 NoSamples",
                "project http_reqs{status:500} count<1 Passed",
                "script http_req_duration{name:page} p(95)<500 Passed",
                "script http_req_duration{name:page} p(99.5)<0.0001 Failed",
            },
            result.Thresholds.Select(one => $"{one.Source} {one.Metric} {one.Expression} {one.Verdict}").ToArray());
        Assert.Contains("Did you mean 'page'?", diagnostics[2].Message);
        Assert.AreEqual(project.PathOf("browse.ts"), diagnostics[3].Location!.File);
        Assert.AreEqual(4, diagnostics[3].Location!.Line);
        Assert.AreEqual(new ScenarioResult("default", "constant-vus", project.PathOf("browse.ts"), null, result.Iterations.Complete), result.Scenarios.Single());
        Assert.IsGreaterThan(45, result.Metrics["http_req_duration"].Distribution!.Count);
        Assert.DoesNotContain("p(2)", result.Metrics["http_req_duration"].Values.Keys);
        Assert.DoesNotContain("secret", await File.ReadAllTextAsync(run.SummaryFile!));

        var summary = Summary.Read(run.SummaryFile!);
        var computed = SampleStatistics.Compute(
            run.SamplesFile!,
            [.. summary.Metrics.Select(metric => new StatisticsRequest(metric.Key, metric.Value.Type, [.. metric.Value.Values.Keys]))],
            summary.LoadSeconds);
        foreach (var (name, metric) in summary.Metrics)
        {
            foreach (var (statistic, value) in metric.Values)
            {
                Assert.AreEqual(value, computed[name][statistic], $"{name} {statistic}");
            }
        }
    }

    private static async Task<(TestResult Result, EngineRun Run)> RunAsync(
        EngineProgram k6, LoopbackServer server, ScriptProject project, List<Diagnostic> diagnostics, params ThresholdPlan[] thresholds)
    {
        var plan = project.Plan(project.Scenario("browse.ts"));
        var test = plan.Tests[0] with { Thresholds = thresholds };
        var bundle = (await project.BundlesAsync(project.PlanOf(test))).Single();
        var settings = new RunSettings { Samples = true };
        var environment = EngineEnvironment.Build(EngineEnvironment.Machine(), [], new Dictionary<string, string> { ["BASE_URL"] = $"http://127.0.0.1:{server.Port}" }, diagnostics);
        var folder = Path.Combine(project.Folder, "results", test.Name);
        var inspection = await EngineInspector.InspectAsync(test, bundle, k6, environment, folder, CancellationToken.None);
        Assert.IsNotNull(inspection.Requirements, string.Join(' ', inspection.Diagnostics));
        var run = await EngineRunner.RunAsync(
            new EngineRunRequest { Test = test, Bundle = bundle, Engine = k6, Settings = settings, Environment = environment, Folder = folder, Requirements = inspection.Requirements },
            null,
            CancellationToken.None);
        return (TestResultReader.Read(test, bundle, run, settings, diagnostics), run);
    }
}
