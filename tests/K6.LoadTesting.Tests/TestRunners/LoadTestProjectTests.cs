using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using K6.LoadTesting.Tests.Bundling;
using K6.LoadTesting.Tests.Sources;

namespace K6.LoadTesting.Tests.TestRunners;

/// <summary>A project of load tests as tests of a framework: each run and each threshold is one.</summary>
[TestClass]
public sealed class LoadTestProjectTests : IDisposable
{
    private readonly ScriptProject _scripts = new();
    private readonly RecordingServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _scripts.Dispose();
    }

    [TestMethod]
    public async Task Cases_are_the_runs_and_thresholds_of_project_and_script_without_limits_in_their_names()
    {
        var project = await OpenAsync();

        CollectionAssert.AreEqual(
            new[] { "browse", "browse: http_req_duration p(95)", "browse: http_reqs count", "browse: checks rate", "other", "other: http_req_duration p(95)" },
            project.Cases.Select(one => one.Name).ToArray());
        Assert.AreEqual("Shop.LoadTests.browse.Thresholds.checks rate", project.Cases[3].FullName);
        Assert.AreEqual((_scripts.ProjectFile, 4), (project.Cases[1].Location!.File, project.Cases[1].Location!.Line));
        Assert.AreEqual((Path.Combine(_scripts.Folder, "browse.ts"), 2), (project.Cases[3].Location!.File, project.Cases[3].Location!.Line));
        CollectionAssert.AreEqual(project.Cases.Select(one => one.Name).ToArray(), project.Rows.Select(row => row.Single()).ToArray());
    }

    [TestMethod]
    public async Task The_first_case_of_a_test_runs_it_and_others_look_at_the_same_result()
    {
        var project = await OpenAsync();

        var run = await project.CheckAsync("browse");
        var held = await project.CheckAsync("browse: http_req_duration p(95)");
        var crossed = await Assert.ThrowsExactlyAsync<LoadTestFailedException>(() => project.CheckAsync("browse: http_reqs count"));

        Assert.AreSame(run, held);
        Assert.AreSame(run, crossed.Result);
        StringAssert.StartsWith(crossed.Message, $"{_scripts.ProjectFile}(5,3): error {Rules.ThresholdCrossed.Code}: browse: http_reqs count = 3");
        Assert.HasCount(3, _server.Requests, "it ran once, and the other test did not");
        CollectionAssert.Contains(run.ReportFiles.ToArray(), Path.Combine(_scripts.Folder, "TestResults", "browse", "loadtest.html"));
    }

    [TestMethod]
    public async Task A_threshold_of_a_run_that_failed_proves_nothing_and_fails_too()
    {
        var project = await OpenAsync("throw new Error('no');");

        var failure = await Assert.ThrowsExactlyAsync<LoadTestFailedException>(() => project.CheckAsync("other: http_req_duration p(95)"));

        StringAssert.Contains(failure.Message, "Error: no");
        await Assert.ThrowsExactlyAsync<LoadTestFailedException>(() => project.CheckAsync("other"));
    }

    [TestMethod]
    public async Task A_name_that_does_not_exist_is_told_with_those_that_do()
    {
        var project = await OpenAsync();

        var mistake = await Assert.ThrowsExactlyAsync<ArgumentException>(() => project.CheckAsync("browse: http_req_duration p(99)"));
        StringAssert.Contains(mistake.Message, "browse: http_req_duration p(95); browse: http_reqs count");
    }

    [TestMethod]
    public void A_project_that_was_not_built_is_told_how_to_be()
    {
        var missing = Assert.ThrowsExactly<LoadTestException>(() => LoadTestProject.Open(_scripts.Folder));
        Assert.AreEqual(Rules.NotPrepared.Code, missing.Diagnostic.Code);
        StringAssert.Contains(missing.Message, "K6PrepareOnBuild=true");

        var file = _scripts.Write("prepared.json", "{ \"schemaVersion\": 1 }");
        Assert.AreEqual(Rules.NotPrepared.Code, Assert.ThrowsExactly<LoadTestException>(() => LoadTestProject.Open(file)).Diagnostic.Code);
    }

    [TestMethod]
    public void A_name_that_is_there_twice_is_told_apart_as_in_reports()
    {
        var place = new SourceLocation(_scripts.ProjectFile, 1, 1);
        var threshold = new ThresholdPlan { Name = "http_reqs count", Metric = "http_reqs", Statistic = "count", Operator = ">", Limit = 1, Expression = "count>1", Location = place };
        var plan = new LoadPlan
        {
            Project = "P",
            ProjectFile = _scripts.ProjectFile,
            Tests = [new TestPlan { Name = "t", Thresholds = [threshold, threshold, threshold with { Name = "checks rate for each name", ForEach = "name", ForEachValues = ["a", "b"] }] }],
        };

        CollectionAssert.AreEqual(
            new[] { "t", "t: http_reqs count", "t: http_reqs count #2", "t: checks rate for a", "t: checks rate for b" },
            LoadTestCase.Of(plan, []).Select(one => one.Name).ToArray());
    }

    private async Task<LoadTestProject> OpenAsync(string other = "")
    {
        _scripts.Write("browse.ts", """
            import http from "k6/http"; import { check } from "k6";
            export const options = { thresholds: { checks: ["rate>0.9"] } };
            export default function () { check(http.get(__ENV.BASE_URL), { ok: (r) => r.status === 200 }); }
            """);
        _scripts.Write("other.ts", $$"""
            import http from "k6/http";
            export default function () { http.get(__ENV.BASE_URL); {{other}} }
            """);
        var diagnostics = new List<Diagnostic>();
        var plan = LoadPlanBuilder.Build(
            new()
            {
                File = _scripts.ProjectFile,
                Items =
                [
                    Item("K6Scenario", "browse.ts", 2, ("Iterations", "3")),
                    Item("K6Scenario", "other.ts", 3, ("Iterations", "1")),
                    Item("K6Threshold", "http_req_duration", 4, ("Expression", "p(95)<60000")),
                    Item("K6Threshold", "http_reqs", 5, ("Expression", "count>3"), ("Test", "browse")),
                    Item("K6EnvironmentVariable", "BASE_URL", 6, ("Value", _server.Address)),
                ],
                Properties = [new("K6Engine", "embedded", new(_scripts.ProjectFile, 1, 1))],
            },
            diagnostics);
        Assert.IsNotNull(plan, string.Join('\n', diagnostics));
        var file = Path.Combine(_scripts.Output, PreparedRun.FileName);
        LoadTestJson.Write(file, new PreparedRun
        {
            Plan = plan with { Project = "Shop.LoadTests" },
            Bundles = await _scripts.BundlesAsync(plan),
            EmbeddedEngine = TestTools.Embedded,
            DotnetHost = "dotnet",
        });
        return LoadTestProject.Open(file);
    }

    private ItemDeclaration Item(string kind, string include, int line, params (string Name, string Value)[] metadata) =>
        new(kind, include, new(_scripts.ProjectFile, line, 3)) { Metadata = metadata.ToDictionary(one => one.Name, one => one.Value) };
}
