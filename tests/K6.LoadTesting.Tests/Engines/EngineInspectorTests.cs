using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Engines;

/// <summary>What real k6 says of a bundle, at the place that it speaks of; inconclusive without k6.</summary>
[TestClass]
public class EngineInspectorTests
{
    private const string Empty = "export default function () {}";

    [TestMethod]
    public async Task A_threshold_on_an_unknown_metric_is_an_error_at_its_declaration()
    {
        var error = await ErrorAsync(
            "export const options = { thresholds: { 'nosuch{scenario:shop}': ['count>0'] } };\n" + Empty,
            lab => lab.Test = lab.Test with { Thresholds = [Threshold("http_reqs", "count>0", 8), Threshold("nosuch", "count>0", 9)] });
        Assert.AreEqual("KSDK0314", error.Code);
        Assert.AreEqual(9, error.Location!.Line);
        Assert.Contains("'shop' has no metric 'nosuch'", error.Message);
    }

    [TestMethod]
    public async Task A_malformed_threshold_of_a_script_is_an_error_at_its_literal()
    {
        var error = await ErrorAsync(
            "export const options = { thresholds: { http_req_duration: ['p95<500'] } };\n" + Empty,
            lab => lab.Bundle = lab.Bundle with { ScriptThresholds = [new ScriptThreshold(lab.Script, "http_req_duration", "p95<500", new SourceLocation(lab.Script, 1, 60))] });
        Assert.AreEqual("KSDK0313", error.Code);
        Assert.AreEqual(60, error.Location!.Column);
        Assert.Contains("'p95<500'", error.Message);
    }

    [TestMethod]
    public async Task An_aggregation_that_does_not_fit_the_metric_is_an_error_at_its_declaration()
    {
        var error = await ErrorAsync(
            "export const options = { thresholds: { http_req_duration: ['count<5'] } };\n" + Empty,
            lab => lab.Test = lab.Test with { Thresholds = [Threshold("http_req_duration", "p(95)<5", 8), Threshold("http_req_duration", "count<5", 9)] });
        Assert.AreEqual("KSDK0313", error.Code);
        Assert.AreEqual(9, error.Location!.Line);
        Assert.Contains("supported aggregation methods for this metric are: avg, min, max, med, p", error.Message);
    }

    [TestMethod]
    public async Task A_computed_threshold_gets_the_place_of_the_options()
    {
        var error = await ErrorAsync(
            "const limit = 'p95<5';\nexport const options = { thresholds: { http_req_duration: [limit] } };\n" + Empty,
            lab => lab.Bundle = lab.Bundle with { ScriptThresholds = [new ScriptThreshold(lab.Script, null, null, new SourceLocation(lab.Script, 2, 14))] });
        Assert.AreEqual(new SourceLocation(error.Location!.File, 2, 14), error.Location);
    }

    [TestMethod]
    public async Task An_unknown_executor_of_a_script_is_an_error_at_the_options_with_the_nearest_name()
    {
        var error = await ErrorAsync(
            "export const options = { scenarios: { shop: { executor: 'constant-vu', vus: 1, duration: '1s' } } };\n" + Empty,
            lab => lab.Bundle = lab.Bundle with { OptionsPlaces = [new SourceLocation(lab.Script, 1, 24)] });
        Assert.AreEqual("KSDK0309", error.Code);
        Assert.AreEqual(24, error.Location!.Column);
        Assert.Contains("Did you mean 'constant-vus'?", error.Message);
    }

    [TestMethod]
    public async Task A_metric_that_only_its_own_threshold_names_is_not_meant()
    {
        var error = await ErrorAsync(
            "export const options = { thresholds: { nosuch_metric: ['count>0'] } };\n" + Empty,
            lab => lab.Bundle = lab.Bundle with { Literals = ["nosuch_metric"] });
        Assert.AreEqual("KSDK0314", error.Code);
        Assert.DoesNotContain("Did you mean", error.Message);
    }

    [TestMethod]
    public async Task A_default_export_that_is_no_function_is_not_said_to_be_missing()
    {
        var error = await ErrorAsync("export default 3;", lab => lab.Bundle = lab.Bundle with
        {
            Exports = new Dictionary<string, IReadOnlyList<string>> { [lab.Script] = ["default"] },
        });
        Assert.AreEqual("KSDK0316", error.Code);
        Assert.Contains("is no function", error.Message);
    }

    [TestMethod]
    public async Task Impossible_options_of_a_scenario_are_errors_at_their_metadata()
    {
        var errors = await ErrorsAsync(
            "export const options = { scenarios: { shop: { executor: 'constant-vus', vus: 0, duration: '1ms' } } };\n" + Empty,
            lab => lab.Test = lab.Test with
            {
                Scenarios =
                [
                    lab.Test.Scenarios[0] with
                    {
                        Load = new ScenarioLoad { Executor = "constant-vus" },
                        MetadataLocations = new Dictionary<string, SourceLocation> { ["Vus"] = new("p", 6, 5), ["Duration"] = new("p", 7, 5) },
                    },
                ],
            });
        CollectionAssert.AreEqual(new[] { "KSDK0315 6", "KSDK0315 7" }, errors.Select(error => $"{error.Code} {error.Location!.Line}").ToArray());
        Assert.Contains("the number of VUs must be more than 0", errors[0].Message);
    }

    [TestMethod]
    public async Task A_function_that_is_not_exported_is_an_error_that_names_those_that_are()
    {
        var error = await ErrorAsync(
            "export const options = { scenarios: { shop: { executor: 'shared-iterations', exec: 'brwose' } } };\nexport function browse() {}",
            lab =>
            {
                lab.Test = lab.Test with { Scenarios = [lab.Test.Scenarios[0] with { Exec = "brwose" }] };
                lab.Bundle = lab.Bundle with { Exports = new Dictionary<string, IReadOnlyList<string>> { [lab.Script] = ["options", "browse"] } };
            });
        Assert.AreEqual("KSDK0316", error.Code);
        Assert.AreEqual(5, error.Location!.Line);
        Assert.EndsWith("It exports: options, browse.", error.Message);
    }

    [TestMethod]
    public async Task An_exception_while_loading_is_an_error_at_its_line()
    {
        var error = await ErrorAsync("const shop = null;\nshop.open();\n" + Empty);
        Assert.AreEqual("KSDK0301", error.Code);
        Assert.AreEqual(2, error.Location!.Line);
        Assert.Contains("TypeError: Cannot read property 'open'", error.Message);
    }

    [TestMethod]
    public async Task An_exception_in_a_module_of_ours_is_at_the_line_that_called_it()
    {
        var error = await ErrorAsync("import './user.js';\n" + Empty, lab =>
        {
            File.WriteAllText(Path.Combine(lab.Folder, "user.js"), "import { open } from './runtime/paths.js';\n__k6sdk_open();\nfunction __k6sdk_open() { open(); }\n");
            Directory.CreateDirectory(Path.Combine(lab.Folder, "runtime"));
            File.WriteAllText(Path.Combine(lab.Folder, "runtime", "paths.js"), "export function open() { throw new Error('no such file'); }\n");
        });
        Assert.AreEqual("KSDK0301", error.Code);
        Assert.AreEqual("user.js", Path.GetFileName(error.Location!.File));
        Assert.AreEqual(2, error.Location.Line);
    }

    [TestMethod]
    public async Task A_coded_error_of_the_entry_module_keeps_its_code()
    {
        var error = await ErrorAsync("throw new Error(\"KSDK0210: two scripts set 'rps'\");\n" + Empty);
        Assert.AreEqual("KSDK0210", error.Code);
        Assert.AreEqual("two scripts set 'rps'", error.Message);
        Assert.AreEqual(5, error.Location!.Line);
    }

    [TestMethod]
    public async Task A_module_that_k6_lacks_is_an_error()
    {
        var error = await ErrorAsync("import faker from 'k6/x/faker';\n" + Empty);
        Assert.AreEqual("KSDK0317", error.Code);
        Assert.Contains("k6/x/faker", error.Message);
    }

    [TestMethod]
    public async Task A_script_that_aborts_while_loading_is_an_error_at_its_line()
    {
        var error = await ErrorAsync("import exec from 'k6/execution';\nexec.test.abort('no token');\n" + Empty);
        Assert.AreEqual("KSDK0305", error.Code);
        Assert.AreEqual(2, error.Location!.Line);
        Assert.EndsWith("aborted the run: no token", error.Message);
    }

    [TestMethod]
    public async Task A_script_that_loops_for_ever_while_loading_is_an_error()
    {
        var error = await ErrorAsync("while (true) {}\n" + Empty, timeout: TimeSpan.FromSeconds(1));
        Assert.AreEqual("KSDK0318", error.Code);
        Assert.AreEqual(error.Location!.File, error.Location.ToString());
    }

    [TestMethod]
    public async Task The_report_of_the_entry_module_comes_with_the_options()
    {
        var k6 = await EngineLab.K6Async();
        using var lab = new EngineLab().Write(
            """
            export const options = { setupTimeout: '90s', ext: { k6sdk: {
              thresholds: [{ source: 'project', index: 1, metric: 'http_reqs{scenario:a}', expression: 'count>0' },
                           { source: 'script', script: '/a.ts', written: 'http_reqs{ a:b }', metric: 'http_reqs{a:b}', expression: 'count>0', abortOnFail: true }],
              scenarios: [{ item: 'browse', script: '/a.ts', names: ['default'] }], submetrics: ['iterations{scenario:default}'], trendStats: ['p(99)'] } } };
            export default function () {}
            """);
        var requirements = (await lab.InspectAsync(k6)).Requirements!;
        Assert.AreEqual(TimeSpan.FromSeconds(90), requirements.SetupTimeout);
        var report = EntryReport.Read(Path.Combine(lab.RunFolder, "options.json"))!;
        Assert.AreEqual(1, report.Thresholds[0].Index);
        Assert.IsTrue(report.Thresholds[1].AbortOnFail);
        Assert.AreEqual("default", report.Scenarios.Single().Names.Single());
        Assert.AreEqual("iterations{scenario:default}", report.Submetrics.Single());
    }

    private static ThresholdPlan Threshold(string metric, string expression, int line) => new()
    {
        Name = metric,
        Metric = metric,
        Statistic = "count",
        Operator = ">",
        Limit = 0,
        Expression = expression,
        Location = new SourceLocation("Shop.csproj", line, 3),
    };

    private static async Task<Diagnostic> ErrorAsync(string script, Action<EngineLab>? change = null, TimeSpan? timeout = null) =>
        (await ErrorsAsync(script, change, timeout)).Single();

    private static async Task<IReadOnlyList<Diagnostic>> ErrorsAsync(string script, Action<EngineLab>? change = null, TimeSpan? timeout = null)
    {
        var k6 = await EngineLab.K6Async();
        using var lab = new EngineLab().Write(script);
        change?.Invoke(lab);
        var inspection = await lab.InspectAsync(k6, timeout);
        Assert.IsNull(inspection.Requirements);
        return inspection.Diagnostics;
    }
}
