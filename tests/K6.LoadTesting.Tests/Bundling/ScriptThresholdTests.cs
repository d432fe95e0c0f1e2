using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Bundling;

[TestClass]
public sealed class ScriptThresholdTests
{
    [TestMethod]
    [DataRow("export const options = { thresholds: { checks: ['rate>0.9'] } };", 1, 49, DisplayName = "plain")]
    [DataRow("export const options = {\n  thresholds: { 'checks': [ /* ü */ `rate>0.9` ] },\n} satisfies Options;", 2, 37, DisplayName = "satisfies")]
    [DataRow("export let options = {\n  thresholds: { checks: ['rate>0.9'] },\n} as Options;", 2, 26, DisplayName = "as")]
    [DataRow("export const options: Options = { thresholds: { checks: [\n  { threshold: 'rate>0.9', abortOnFail: true }] } };", 2, 16, DisplayName = "an object")]
    [DataRow("const limits = { checks: ['rate>0.9'] };\nexport const options = { thresholds: limits };", 1, 27, DisplayName = "a variable")]
    [DataRow("const base = { thresholds: { checks: ['rate>0.9'] } };\nexport const options = { ...base, vus: 1 };", 1, 39, DisplayName = "a spread")]
    [DataRow("const options = Object.freeze({ thresholds: { checks: ['rate>0.9'] } });\nexport { options };", 1, 56, DisplayName = "frozen")]
    public async Task A_literal_threshold_is_found_at_its_place(string text, int line, int column)
    {
        using var project = new ScriptProject();
        var script = project.Write("browse.ts", "import type { Options } from 'k6/options';\n" + text + "\nexport default () => {};\n");

        var bundle = await project.BundleAsync("browse.ts");

        Assert.AreEqual(new ScriptThreshold(script, "checks", "rate>0.9", new SourceLocation(script, line + 1, column)), bundle.ScriptThresholds.Single());
    }

    [TestMethod]
    public async Task A_threshold_in_another_module_is_found_there()
    {
        using var project = new ScriptProject();
        var helper = project.Write("lib/süß limits.ts", "// limits\nexport const limits: Record<string, string[]> = {\n  'http_req_duration{name:login}': ['p(95)<500', 'max<900'],\n};\n");
        var script = project.Write("browse.ts", "import { limits } from './lib/süß limits';\nexport const options = { thresholds: { ...limits } };\nexport default () => {};\n");

        var bundle = await project.BundleAsync("browse.ts");

        CollectionAssert.AreEqual(
            new[]
            {
                new ScriptThreshold(script, "http_req_duration{name:login}", "p(95)<500", new SourceLocation(helper, 3, 37)),
                new ScriptThreshold(script, "http_req_duration{name:login}", "max<900", new SourceLocation(helper, 3, 50)),
            },
            bundle.ScriptThresholds.ToArray());
    }

    [TestMethod]
    [DataRow("export const options = build();\nfunction build() { return { thresholds: {} }; }", 1, DisplayName = "a function")]
    [DataRow("// first\nexport const options = { thresholds: { [`ch${'ecks'}`]: ['rate>0.9'] } };", 2, DisplayName = "a computed key")]
    [DataRow("const limit = 0.5 + 0.4;\nexport const options = { thresholds: { checks: ['rate>' + limit] } };", 2, DisplayName = "a computed limit")]
    [DataRow("export const options: any = { thresholds: {} };\noptions.thresholds['checks'] = ['rate>0.9'];", 1, DisplayName = "an assignment")]
    public async Task A_computed_threshold_gets_the_line_of_options(string text, int line)
    {
        using var project = new ScriptProject();
        var script = project.Write("browse.ts", text + "\nexport default () => {};\n");

        var bundle = await project.BundleAsync("browse.ts");

        var threshold = bundle.ScriptThresholds.Single();
        Assert.AreEqual((script, null, null, script, line), (threshold.Script, threshold.Metric, threshold.Expression, threshold.Location.File, threshold.Location.Line));
    }

    [TestMethod]
    public async Task The_place_of_options_is_known()
    {
        using var project = new ScriptProject();
        var script = project.Write("browse.ts", "// first\nexport const options = { vus: 2 };\nexport default () => {};\n");

        var bundle = await project.BundleAsync("browse.ts");

        Assert.AreEqual((script, 2), (bundle.OptionsPlaces.Single().File, bundle.OptionsPlaces.Single().Line));
    }

    [TestMethod]
    [DataRow("exports.options = { thresholds: { checks: ['rate>0.9'] } };\nexports.default = () => {};\nexports.buy = () => {};\n")]
    [DataRow("module.exports = { options: { thresholds: { checks: ['rate>0.9'] } }, buy() {} };\n")]
    public async Task Thresholds_and_exports_of_a_CommonJS_script_are_found(string text)
    {
        using var project = new ScriptProject();
        var script = project.Write("browse.js", text);

        var bundle = await project.BundleAsync("browse.js");

        var threshold = bundle.ScriptThresholds.Single();
        Assert.AreEqual(("checks", "rate>0.9", 1), (threshold.Metric, threshold.Expression, threshold.Location.Line));
        CollectionAssert.IsSubsetOf(new[] { "default", "options", "buy" }, bundle.Exports[script].ToArray());
    }

    [TestMethod]
    public async Task A_script_without_options_has_no_thresholds()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export default () => {};\n");

        Assert.IsEmpty((await project.BundleAsync("browse.ts")).ScriptThresholds);
    }

    [TestMethod]
    public async Task Literals_hold_keys_and_values_of_tags_but_not_those_of_packages()
    {
        using var project = new ScriptProject();
        project.Write("node_modules/dep/index.js", "exports.dep = 'from a package';\n");
        project.Write("browse.ts", "import { dep } from 'dep';\nimport http from 'k6/http';\nexport default () => http.get(dep, { tags: { page: 'home', kind: `list` } });\n");

        var bundle = await project.BundleAsync("browse.ts");

        CollectionAssert.IsSubsetOf(new[] { "page", "home", "kind", "list" }, bundle.Literals.ToArray());
        CollectionAssert.DoesNotContain(bundle.Literals.ToArray(), "from a package");
    }
}
