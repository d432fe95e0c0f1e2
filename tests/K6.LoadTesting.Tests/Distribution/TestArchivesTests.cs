using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Distribution;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Running;
using K6.LoadTesting.Tests.Bundling;

namespace K6.LoadTesting.Tests.Distribution;

/// <summary>Archives are made by real k6, run elsewhere in parts, and judged as one run.</summary>
[TestClass]
public sealed class TestArchivesTests
{
    private static readonly EngineLocations Nowhere = new(TestTools.Embedded, "dotnet");

    private readonly List<Diagnostic> _diagnostics = [];

    [TestMethod]
    public async Task An_archive_runs_in_parts_without_its_sources_and_the_parts_are_judged_as_one_run()
    {
        TestTools.RequireK6();
        using var project = new ScriptProject();
        using var elsewhere = new ScriptProject();
        project.Write("data/users.csv", "name\nann\nbob\n");
        project.Write("browse.ts", """
            import { Trend } from 'k6/metrics';
            import exec from 'k6/execution';
            const users = open('./data/users.csv').trim().split('\n').slice(1);
            const number = new Trend('number');
            export const options = { scenarios: { own: { executor: 'shared-iterations', vus: 4, iterations: Number(__ENV.COUNT), exec: 'browse' } }, thresholds: { number: ['max<1'] } };
            export function browse() {
              if (users[exec.scenario.iterationInTest % 2] === undefined || __ENV.WHERE !== 'there') { throw new Error('something is missing'); }
              number.add(exec.scenario.iterationInTest);
            }
            """);
        var plan = project.Plan(project.Scenario("browse.ts")) with
        {
            Environment = [new EnvironmentVariablePlan("COUNT", "40", new SourceLocation(project.ProjectFile, 3, 1))],
        };
        plan = plan with { Tests = [plan.Tests[0] with { Thresholds = [Limit("count>=40"), Limit("count>=41"), Limit("count>=40") with { Scenario = "browse" }] }] };
        var bundles = await project.BundlesAsync(plan);

        var archive = (await TestArchives.MakeAsync(plan, bundles, Nowhere, project.PathOf("archives"), _diagnostics)).Single();

        Assert.IsEmpty(_diagnostics, string.Join(Environment.NewLine, _diagnostics));
        Assert.AreEqual(4, archive.Requirements.MaxVUs);
        File.Move(archive.File, elsewhere.PathOf("archive.tar"));
        Directory.Delete(project.PathOf("data"), recursive: true);
        File.Delete(project.PathOf("browse.ts"));

        // As k6-operator starts each runner.
        var samples = new List<string>();
        string[] parts = ["0:1/3", "1/3:2/3", "2/3:1"];
        foreach (var part in parts)
        {
            samples.Add(elsewhere.PathOf($"runner-{samples.Count}.csv.gz"));
            var run = await elsewhere.K6Async(
                ["run", "--quiet", "--execution-segment", part, "--execution-segment-sequence", "0,1/3,2/3,1", "--out", "csv", "--no-thresholds", "--no-usage-report", elsewhere.PathOf("archive.tar"), "--tag", "instance_id=1"],
                ("K6_CSV_FILENAME", samples[^1]),
                ("K6_CSV_TIME_FORMAT", "unix_micro"),
                ("WHERE", "there"));
            Assert.AreEqual(0, run.ExitCode, run.Error);
            Assert.DoesNotContain("something is missing", run.Error);
        }

        var settings = new RunSettings { ResultsDirectory = project.PathOf("TestResults"), CiReports = false };
        var result = ReportRunner.Import(plan with { Settings = settings }, samples, progress: null);

        var test = result.Tests.Single();
        Assert.AreEqual((40.0, 39.0, 19.5), (test.Metrics["iterations"].Values["count"], test.Metrics["number"].Values["max"], test.Metrics["number"].Values["med"]), "each iteration of the whole ran once, on one of the runners");
        Assert.AreEqual("Passed Failed NoSamples", string.Join(' ', test.Thresholds.Select(one => one.Verdict)), "samples alone tell neither under which name the item's scenario ran, nor the script's thresholds");

        var known = ReportRunner.Import(plan with { Settings = settings }, samples, progress: null, Path.Combine(Path.GetDirectoryName(archive.File)!, "options.json"), runners: 3).Tests.Single();
        Assert.AreEqual(
            "iterations count>=40 Passed, iterations count>=41 Failed, iterations{scenario:own} count>=40 Passed, number max<1 Failed",
            string.Join(", ", known.Thresholds.Select(one => $"{one.Metric} {one.Expression} {one.Verdict}")));
        Assert.AreEqual(("own", 40L), (known.Scenarios.Single().Name, known.Scenarios.Single().Iterations!.Value));
        Assert.AreEqual(project.PathOf("browse.ts"), known.Thresholds[^1].File);

        var missing = Assert.ThrowsExactly<LoadTestException>(() => ReportRunner.Import(plan with { Settings = settings }, samples[1..], progress: null, runners: 3));
        Assert.AreEqual("KSDK0374", missing.Diagnostic.Code);
    }

    [TestMethod]
    public async Task No_variable_is_in_an_archive_and_one_with_a_secret_in_its_options_is_refused()
    {
        TestTools.RequireK6();
        using var project = new ScriptProject();
        project.Write("quiet.ts", "export default () => { console.log(__ENV.API_TOKEN); };\n");
        project.Write("loud.ts", "export const options = { tags: { token: __ENV.API_TOKEN } };\nexport default () => {};\n");
        var secret = project.Write("token.txt", "s3cret-of-the-shop");
        var plan = project.Plan(project.Scenario("quiet.ts"), project.Scenario("loud.ts")) with
        {
            Secrets = [new SecretPlan("API_TOKEN", SecretSource.File, secret, new SourceLocation(project.ProjectFile, 3, 1))],
        };
        var bundles = await project.BundlesAsync(plan);

        Assert.IsEmpty(await TestArchives.MakeAsync(plan, bundles, Nowhere, project.PathOf("archives"), _diagnostics));

        Assert.AreEqual("KSDK0392", _diagnostics.Single().Code);
        Assert.Contains("'loud'", _diagnostics[0].Message);
        Assert.IsFalse(File.Exists(project.PathOf("archives/loud/archive.tar")));
        Assert.Contains("***", await File.ReadAllTextAsync(project.PathOf("archives/loud/options.json")));
        foreach (var file in Directory.GetFiles(project.PathOf("archives"), "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("s3cret", await File.ReadAllTextAsync(file), file);
        }
    }

    [TestMethod]
    public async Task A_script_that_fails_at_its_top_level_is_an_error_at_its_line()
    {
        TestTools.RequireK6();
        using var project = new ScriptProject();
        project.Write("browse.ts", "export default () => {};\nthrow new Error('no');\n");
        var plan = project.Plan(project.Scenario("browse.ts"));

        Assert.IsEmpty(await TestArchives.MakeAsync(plan, await project.BundlesAsync(plan), Nowhere, project.PathOf("archives"), _diagnostics));

        Assert.AreEqual(2, _diagnostics.Single().Location!.Line);
    }

    [TestMethod]
    public async Task Without_k6_there_is_an_error_that_says_how_to_get_it()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export default () => {};\n");
        var plan = project.Plan(project.Scenario("browse.ts")) with { Settings = new RunSettings { Engine = EngineChoice.Embedded } };
        var machine = EngineEnvironment.Machine().Where(variable => variable.Key is not ("PATH" or "K6_PATH")).ToDictionary();

        var archives = await TestArchives.MakeAsync(
            plan, await project.BundlesAsync(plan), new EngineLocations(TestTools.Embedded, Engines.EngineLab.Dotnet), machine, project.PathOf("archives"), _diagnostics, null, CancellationToken.None);

        Assert.IsEmpty(archives);
        Assert.AreEqual("KSDK0390", _diagnostics.Single().Code);
        Assert.Contains("K6Install", _diagnostics[0].Message);
    }

    private static ThresholdPlan Limit(string expression) => new()
    {
        Name = $"iterations {expression}",
        Metric = "iterations",
        Statistic = "count",
        Operator = ">=",
        Limit = double.Parse(expression.Split('=')[1], CultureInfo.InvariantCulture),
        Expression = expression,
        Location = new SourceLocation("Load.csproj", 9, 5),
    };
}
