using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Bundling;

[TestClass]
public sealed class IncrementalBundleTests
{
    private static readonly DateTime LongAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [TestMethod]
    public async Task An_unchanged_tree_does_not_start_esbuild()
    {
        using var project = Sample();
        var first = await project.BundleAsync(Plan(project));

        var second = await project.BundleAsync(Plan(project));

        Assert.IsTrue(first.Ran);
        Assert.IsFalse(second.Ran);
        Assert.AreEqual(first.Bundles.Single().File, second.Bundles.Single().File);
    }

    [TestMethod]
    public async Task A_file_that_was_only_touched_does_not_start_esbuild()
    {
        using var project = Sample();
        await project.BundleAsync(Plan(project));

        File.SetLastWriteTimeUtc(project.PathOf("lib/helper.ts"), DateTime.UtcNow.AddHours(1));

        Assert.IsFalse((await project.BundleAsync(Plan(project))).Ran);
    }

    [TestMethod]
    public async Task Results_types_and_other_files_that_no_bundle_has_do_not_start_esbuild()
    {
        using var project = Sample();
        await project.BundleAsync(Plan(project));

        project.Write("TestResults/loadtest.json", "{}");
        project.Write("bin/Debug/net10.0/x.js", "");
        project.Write("notes.md", "");
        project.Write("lib/types.ts", "export type Data = number;\n");

        Assert.IsFalse((await project.BundleAsync(Plan(project))).Ran);
    }

    [TestMethod]
    [DataRow("scenarios/browse.ts", DisplayName = "the script")]
    [DataRow("lib/helper.ts", DisplayName = "an import")]
    [DataRow("lib/data.json", DisplayName = "an opened file")]
    [DataRow("tsconfig.json", DisplayName = "tsconfig.json")]
    [DataRow("tsconfig.base.json", DisplayName = "a tsconfig that it extends")]
    [DataRow("package.json", DisplayName = "package.json")]
    [DataRow("package-lock.json", DisplayName = "the lock")]
    [DataRow("node_modules/.package-lock.json", DisplayName = "what npm installed")]
    [DataRow("node_modules/dep/package.json", DisplayName = "a package's package.json")]
    [DataRow("node_modules/dep/index.js", DisplayName = "a package's module")]
    [DataRow("obj/k6/browse.js", DisplayName = "the bundle")]
    [DataRow("obj/k6/browse.js.map", DisplayName = "the source map")]
    [DataRow("obj/k6/browse.entry.js", DisplayName = "the entry")]
    public async Task A_change_rebuilds(string file)
    {
        using var project = Sample();
        await project.BundleAsync(Plan(project));

        File.AppendAllText(project.PathOf(file), " \n");

        Assert.IsTrue((await project.BundleAsync(Plan(project))).Ran);
        Assert.IsFalse((await project.BundleAsync(Plan(project))).Ran);
    }

    [TestMethod]
    [DataRow("lib/helper.tsx", DisplayName = "beside an import, a name that could win")]
    [DataRow("scenarios/package.json", DisplayName = "a nearer package.json")]
    [DataRow("scenarios/node_modules/.package-lock.json", DisplayName = "nearer packages")]
    public async Task A_new_file_that_may_change_resolution_rebuilds(string file)
    {
        using var project = Sample();
        await project.BundleAsync(Plan(project));

        project.Write(file, "{}");

        Assert.IsTrue((await project.BundleAsync(Plan(project))).Ran);
    }

    [TestMethod]
    public async Task A_new_tsconfig_between_project_and_script_changes_the_bundle()
    {
        using var project = Sample();
        project.Write("other/helper.ts", "export const read = () => 'other';\n");
        project.Write("scenarios/buy.ts", "import { read } from '@lib/helper';\nexport default () => read();\n");
        project.Write("tsconfig.base.json", """{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }""");
        var plan = project.Plan(project.Scenario("scenarios/buy.ts"));
        var bundle = (await project.BundlesAsync(plan)).Single();
        var before = File.ReadAllText(bundle.File);

        project.Write("scenarios/tsconfig.json", """{ "compilerOptions": { "paths": { "@lib/*": ["../other/*"] } } }""");
        await project.BundlesAsync(plan);

        Assert.DoesNotContain("\"other\"", before);
        Assert.Contains("\"other\"", File.ReadAllText(bundle.File));
    }

    [TestMethod]
    public async Task A_removed_opened_file_rebuilds()
    {
        using var project = Sample();
        await project.BundleAsync(Plan(project));

        File.Delete(project.PathOf("lib/data.json"));

        Assert.IsTrue((await project.BundleAsync(Plan(project))).Ran);
    }

    [TestMethod]
    public async Task A_changed_load_threshold_or_option_rebuilds()
    {
        using var project = Sample();
        var plan = Plan(project);
        var test = plan.Tests[0];
        var load = test.Scenarios[0] with { Load = new ScenarioLoad { Executor = "constant-vus", Vus = 2, Duration = "1s" } };
        await project.BundleAsync(plan);

        Assert.IsTrue((await project.BundleAsync(project.PlanOf(test with { Scenarios = [load] }))).Ran);
        Assert.IsTrue((await project.BundleAsync(project.PlanOf(test with { Thresholds = [ScriptProject.Threshold("checks", "rate>0.9")] }))).Ran);
        Assert.IsTrue((await project.BundleAsync(plan, project.Options with { Minify = true })).Ran);
        Assert.IsTrue((await project.BundleAsync(plan)).Ran);
        Assert.IsFalse((await project.BundleAsync(plan)).Ran);
    }

    [TestMethod]
    public async Task What_only_reports_need_does_not_rebuild()
    {
        using var project = Sample();
        var test = Plan(project).Tests[0];
        var threshold = ScriptProject.Threshold("checks", "rate>0.9");
        await project.BundleAsync(project.PlanOf(test with { Thresholds = [threshold] }));

        var renamed = threshold with { Name = "other", Message = "Too slow", Severity = ThresholdSeverity.Warning };

        Assert.IsFalse((await project.BundleAsync(project.PlanOf(test with { Thresholds = [renamed] }))).Ran);
    }

    [TestMethod]
    public async Task Outputs_that_stay_the_same_are_not_written()
    {
        using var project = Sample();
        var bundle = (await project.BundleAsync(Plan(project))).Bundles.Single();
        string[] outputs = [bundle.File, bundle.File + ".map", bundle.EntryFile];
        outputs.ToList().ForEach(file => File.SetLastWriteTimeUtc(file, LongAgo));

        File.AppendAllText(project.PathOf("scenarios/browse.ts"), "// more\n");
        var outcome = await project.BundleAsync(Plan(project));

        Assert.IsTrue(outcome.Ran);
        Assert.IsTrue(outputs.All(file => File.GetLastWriteTimeUtc(file) == LongAgo));
    }

    [TestMethod]
    public async Task After_an_error_the_next_build_tries_again()
    {
        using var project = Sample();
        await project.BundleAsync(Plan(project));
        var helper = File.ReadAllText(project.PathOf("lib/helper.ts"));
        project.Write("lib/helper.ts", "const = 1");

        Assert.IsTrue((await project.BundleAsync(Plan(project))).Ran);
        Assert.HasCount(1, project.Diagnostics);
        await project.BundleAsync(Plan(project));
        Assert.HasCount(1, project.Diagnostics);
        project.Write("lib/helper.ts", helper);
        Assert.HasCount(1, await project.BundlesAsync(Plan(project)));
    }

    [TestMethod]
    public async Task A_damaged_state_is_no_state()
    {
        using var project = Sample();
        await project.BundleAsync(Plan(project));

        project.Write("obj/k6/bundles.state.json", "{ \"Key\"");

        Assert.IsTrue((await project.BundleAsync(Plan(project))).Ran);
    }

    private static LoadPlan Plan(ScriptProject project) => project.Plan(project.Scenario("scenarios/browse.ts"));

    private static ScriptProject Sample()
    {
        var project = new ScriptProject();
        project.Write("scenarios/browse.ts", "import { read } from '../lib/helper';\nimport { dep } from 'dep';\nexport default () => read() + dep;\n");
        project.Write("lib/helper.ts", "import type { Data } from './types';\nconst data: Data = JSON.parse(open('./data.json'));\nexport const read = () => data;\n");
        project.Write("lib/types.ts", "export type Data = string;\n");
        project.Write("lib/data.json", "[]");
        project.Write("tsconfig.json", """{ "extends": "./tsconfig.base.json", /* all */ "compilerOptions": {}, }""");
        project.Write("tsconfig.base.json", "{}");
        project.Write("package.json", "{}");
        project.Write("package-lock.json", "{}");
        project.Write("node_modules/.package-lock.json", "{}");
        project.Write("node_modules/dep/package.json", """{ "name": "dep", "main": "index.js" }""");
        project.Write("node_modules/dep/index.js", "exports.dep = 1;\n");
        return project;
    }
}
