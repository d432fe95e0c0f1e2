using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Bundling;

[TestClass]
public sealed class BundleDiagnosticsTests
{
    [TestMethod]
    [DataRow("const é = \"üñï\"; const zz: = 3\n", 1, 28, "KSDK0202", "Unexpected \"=\"", DisplayName = "a syntax error in a line with letters beyond ASCII")]
    [DataRow("export default () => {\n", 2, 1, "KSDK0202", "end of file", DisplayName = "a missing brace")]
    [DataRow("const x = open('a');\nfoo(", 2, 5, "KSDK0202", "end of file", DisplayName = "a missing brace in a module that opens files")]
    [DataRow("import '/*ü*/./helpr';\nexport default () => {};\n", 1, 8, "KSDK0203", "", DisplayName = "a strange import")]
    [DataRow("/* ü */ import './helpr';\nexport default () => {};\n", 1, 16, "KSDK0203", "Did you mean 'helper'?", DisplayName = "an unresolved import")]
    [DataRow("import _ from 'lodash';\nexport default () => _;\n", 1, 15, "KSDK0203", "npm", DisplayName = "a package that is not installed")]
    [DataRow("import fs from 'fs';\nexport default () => fs;\n", 1, 16, "KSDK0203", "Node.js", DisplayName = "a module of Node.js")]
    [DataRow("import { nope } from './helper';\nexport default () => nope;\n", 1, 10, "KSDK0204", "nope", DisplayName = "a name that is not exported")]
    [DataRow("import http from 'k6/htp';\nexport default () => http;\n", 1, 18, "KSDK0205", "Did you mean 'k6/http'?", DisplayName = "an unknown module of k6")]
    [DataRow("import { Options } from 'k6/options';\nconsole.log(Options);\nexport default () => {};\n", 1, 25, "KSDK0205", "import type", DisplayName = "types imported as values")]
    [DataRow("import redis from 'k6/experimental/redis';\nexport default () => redis;\n", 1, 19, "KSDK0206", "k6/x/redis", DisplayName = "a module that k6 removed")]
    public async Task A_fault_is_an_error_at_its_place(string script, int line, int column, string code, string says)
    {
        using var project = new ScriptProject();
        project.Write("helper.ts", "export const help = 1;\n");
        project.Write("browse.ts", script);

        var outcome = await project.BundleAsync(project.Plan(project.Scenario("browse.ts")));

        Assert.IsEmpty(outcome.Bundles);
        var diagnostic = project.Diagnostics.Single();
        Assert.AreEqual(new SourceLocation(project.PathOf("browse.ts"), line, column), diagnostic.Location, diagnostic.Message);
        Assert.AreEqual((code, DiagnosticSeverity.Error), (diagnostic.Code, diagnostic.Severity));
        StringAssert.Contains(diagnostic.Message, says);
        Assert.IsFalse(diagnostic.Message.Contains('\n', StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("import { Faker } from 'k6/x/faker';\nexport default () => Faker;\n", 1, 23, "KSDK0207", DisplayName = "an extension")]
    [DataRow("import x from 'https://jslib.k6.io/x.js';\nexport default () => x;\n", 1, 15, "KSDK0208", DisplayName = "a remote module")]
    [DataRow("// ü\nexport default () => /ü\\p{Lu}/u.test('A');\n", 2, 22, "KSDK0209", DisplayName = "a regular expression that k6 never matches")]
    [DataRow("export default () => new RegExp('\\\\p{Lu}', 'u').test('A');\n", 1, 22, "KSDK0209", DisplayName = "the same from a text")]
    [DataRow("export default (it: number) => it === NaN;\n", 1, 35, "KSDK0210", DisplayName = "a comparison with NaN")]
    public async Task A_doubtful_thing_is_a_warning_at_its_place_in_each_build(string script, int line, int column, string code)
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", script);
        var plan = project.Plan(project.Scenario("browse.ts"));

        for (var build = 0; build < 2; build++)
        {
            var outcome = await project.BundleAsync(plan);

            Assert.AreEqual(build == 0, outcome.Ran);
            Assert.HasCount(1, outcome.Bundles);
            var diagnostic = project.Diagnostics.Single();
            Assert.AreEqual((code, DiagnosticSeverity.Warning), (diagnostic.Code, diagnostic.Severity));
            Assert.AreEqual(new SourceLocation(project.PathOf("browse.ts"), line, column), diagnostic.Location);
        }
    }

    [TestMethod]
    public async Task A_missing_script_is_an_error_at_its_scenario()
    {
        using var project = new ScriptProject();

        await project.BundleAsync(project.Plan(project.Scenario("browse.ts")));

        var diagnostic = project.Diagnostics.Single();
        Assert.AreEqual(("KSDK0201", project.Scenario("browse.ts").Location), (diagnostic.Code, diagnostic.Location));
    }

    [TestMethod]
    public async Task A_function_that_is_not_exported_is_an_error_at_the_metadatum_and_names_the_nearest()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export const options = {};\nexport function checkout() {}\n");
        var place = new SourceLocation(project.ProjectFile, 6, 7);
        var scenario = project.Scenario("browse.ts") with
        {
            Exec = "chekout",
            MetadataLocations = new Dictionary<string, SourceLocation> { ["Exec"] = place },
        };

        await project.BundleAsync(project.Plan(scenario));

        var diagnostic = project.Diagnostics.Single();
        Assert.AreEqual(("KSDK0211", place), (diagnostic.Code, diagnostic.Location));
        StringAssert.Contains(diagnostic.Message, "Did you mean 'checkout'?");
    }

    [TestMethod]
    public async Task A_load_without_a_function_to_run_is_an_error()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export function checkout() {}\n");

        await project.BundleAsync(project.Plan(project.Scenario("browse.ts") with { Load = new ScenarioLoad { Executor = "shared-iterations" } }));

        Assert.AreEqual("KSDK0211", project.Diagnostics.Single().Code);
        StringAssert.Contains(project.Diagnostics.Single().Message, "checkout");
    }
}
