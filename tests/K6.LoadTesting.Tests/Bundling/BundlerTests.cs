using System.Text.RegularExpressions;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Bundling;

[TestClass]
public sealed class BundlerTests
{
    private const string Empty = "export default function () {}\n";

    [TestMethod]
    public async Task The_entry_imports_the_script_unchanged_and_exports_its_functions()
    {
        using var project = new ScriptProject();
        project.Write("scenarios/süß browse.ts", "export const options: object = {};\nexport function setup() {}\nexport function search() {}\nexport default () => {};\n");

        var bundle = (await project.BundlesAsync(project.Plan(project.Scenario("scenarios/süß browse.ts", "browse")))).Single();

        Assert.AreEqual(
            """
            // The entry of the test browse, generated: each build makes it anew.
            import { join } from "./runtime/join.js";
            import * as script0 from "../../scenarios/süß browse.ts";

            const plan = {
              "items": [
                {
                  "name": "browse",
                  "script": 0
                }
              ],
              "thresholds": []
            };

            const test = join(plan, [
              { key: "browse", name: "scenarios/süß browse.ts", file: "../../scenarios/süß browse.ts", prefix: "", module: script0 },
            ]);

            export const { options, handleSummary } = test;
            export const setup = test.setup;
            const run0 = test.exec(0, "default");
            const run1 = test.exec(0, "search");
            export { run0 as default, run1 as search };

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(bundle.EntryFile));
    }

    [TestMethod]
    public async Task A_bundle_lists_what_went_into_it_and_what_the_engine_provides()
    {
        using var project = new ScriptProject();
        project.Write("lib/helper.ts", "import { check } from 'k6';\nexport const ok = (value: boolean) => check(value, { ok: (it) => it });\n");
        project.Write("data.json", "[]");
        project.Write("browse.ts", "import http from 'k6/http';\nimport { ok } from './lib/helper';\nconst data = open('./data.json');\nexport default () => ok(http.get(data).status === 200);\n");

        var bundle = await project.BundleAsync("browse.ts");

        CollectionAssert.AreEqual(new[] { "k6", "k6/http" }, bundle.EngineModules.ToArray());
        CollectionAssert.AreEqual(
            new[] { project.PathOf("browse.ts"), project.PathOf("data.json"), project.PathOf("lib/helper.ts") },
            bundle.Inputs.Where(input => input.StartsWith(project.Folder, StringComparison.Ordinal)).ToArray());
        CollectionAssert.AreEqual(new[] { "default" }, bundle.Exports[project.PathOf("browse.ts")].ToArray());
        Assert.IsTrue(File.Exists(bundle.File) && File.Exists(bundle.File + ".map"));
    }

    [TestMethod]
    public void Modules_of_the_entry_delete_nothing_through_an_optional_chain()
    {
        // k6 1.0 and 1.3 delete nothing then, and say nothing: a handleSummary saw our submetrics.
        var modules = Directory.GetFiles(Path.Combine(Repository.Root, "src/K6.LoadTesting/Bundling/Runtime"), "*.js");
        Assert.IsNotEmpty(modules);
        Assert.IsEmpty(modules.SelectMany(File.ReadLines).Where(line => Regex.IsMatch(line, @"\bdelete\s[^;""]*\?\.") && !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task A_folder_may_be_spelled_with_doubled_separators()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", "export default () => {};\n");
        var spelled = project.Options with { OutputDirectory = project.Folder + "//obj//k6/", ProjectDirectory = project.Folder + "/" };
        var diagnostics = new List<Diagnostic>();

        var outcome = await Bundler.BundleAsync(project.Plan(project.Scenario("browse.ts")), spelled, diagnostics);

        Assert.IsEmpty(diagnostics);
        Assert.AreEqual(Path.Combine(project.Output, "browse.js"), outcome.Bundles.Single().File);
    }

    [TestMethod]
    public async Task Bundles_do_not_depend_on_where_the_project_is()
    {
        using var first = new ScriptProject();
        using var second = new ScriptProject();
        foreach (var project in new[] { first, second })
        {
            project.Write("lib/helper.ts", "export const read = (name: string) => open(name);\n");
            project.Write("browse.ts", "import { read } from './lib/helper';\nimport { open as file } from 'k6/experimental/fs';\nread('x'); file('y');\nexport default () => {};\n");
            await project.BundleAsync("browse.ts");
        }

        foreach (var name in new[] { "browse.js", "browse.js.map", "browse.entry.js" })
        {
            Assert.AreEqual(File.ReadAllText(Path.Combine(first.Output, name)), File.ReadAllText(Path.Combine(second.Output, name)));
        }
    }

    [TestMethod]
    public async Task Each_test_gets_a_bundle_from_one_run_of_esbuild()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", Empty);
        project.Write("buy.js", Empty);

        var bundles = await project.BundlesAsync(project.Plan(project.Scenario("browse.ts"), project.Scenario("buy.js")));

        CollectionAssert.AreEqual(new[] { "browse", "buy" }, bundles.Select(bundle => bundle.Test).ToArray());
        var written = LoadTestJson.Read<TestBundle[]>(Path.Combine(project.Output, "bundles.json"));
        Assert.AreEqual(bundles[1].File, written[1].File);
    }

    [TestMethod]
    public async Task The_bundle_of_a_test_that_is_gone_is_removed()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", Empty);
        project.Write("buy.ts", Empty);
        var bundles = await project.BundlesAsync(project.Plan(project.Scenario("browse.ts"), project.Scenario("buy.ts")));

        await project.BundleAsync("browse.ts");

        Assert.IsTrue(File.Exists(bundles[0].File));
        Assert.IsFalse(File.Exists(bundles[1].File) || File.Exists(bundles[1].EntryFile));
    }

    [TestMethod]
    public async Task A_missing_esbuild_is_an_error_that_says_where_it_was_sought()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", Empty);
        var options = project.Options with { EsbuildPath = project.PathOf("nowhere/esbuild") };

        var exception = await Assert.ThrowsExactlyAsync<LoadTestException>(
            () => project.BundleAsync(project.Plan(project.Scenario("browse.ts")), options));

        Assert.AreEqual("KSDK0020", exception.Diagnostic.Code);
        StringAssert.Contains(exception.Message, options.EsbuildPath);
    }

    [TestMethod]
    public async Task A_program_that_is_not_esbuild_is_an_error()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", Empty);
        var options = project.Options with { EsbuildPath = Environment.ProcessPath! };

        var exception = await Assert.ThrowsExactlyAsync<LoadTestException>(
            () => project.BundleAsync(project.Plan(project.Scenario("browse.ts")), options));

        Assert.AreEqual("KSDK0021", exception.Diagnostic.Code);
    }

    [TestMethod]
    public async Task Cancellation_ends_the_work()
    {
        using var project = new ScriptProject();
        project.Write("browse.ts", Empty);

        await Assert.ThrowsAsync<OperationCanceledException>(
            () => Bundler.BundleAsync(project.Plan(project.Scenario("browse.ts")), project.Options, [], cancellation: new CancellationToken(canceled: true)));
    }
}
