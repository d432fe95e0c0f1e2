using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Tests.Bundling;

namespace K6.LoadTesting.Tests.Data;

/// <summary>Test data in scripts, on real k6 and on the embedded engine.</summary>
[TestClass]
public sealed class DatasetTests
{
    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Rows_are_handed_out_as_asked(string engine)
    {
        using var project = new ScriptProject();
        project.Write("data/users.csv", "id,name\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},n{i}\n")));
        project.Write("test.ts", """
            import exec from 'k6/execution';
            import { users } from 'k6-data/users';
            export const options = { scenarios: { main: { executor: 'shared-iterations', vus: 4, iterations: 20 } } };
            export function setup() { return { first: users.at(0).name, last: users.at(-1).id, count: users.length }; }
            export default function (data: { first: string; last: number; count: number }) {
              const i = exec.scenario.iterationInTest;
              const seen = [data.first, data.last, data.count, users.perIteration().id === i, users.unique().id === i, users.perIteration().id === i,
                users.perVu().id === exec.vu.idInTest - 1];
              console.log(`same:${seen.join()}:`);
              console.log(`random:${i}:${users.random().id},${users.random().id},${users.random(7).id}:`);
            }
            """);

        var first = await RunAsync(project, engine, "data/users.csv");
        Assert.AreEqual(20, Count(first, "same:n0,19,20,true,true,true,true:"), first);
        // The same rows whichever virtual user comes first.
        CollectionAssert.AreEqual(Random(first), Random(await RunAsync(project, engine, "data/users.csv")));
        Assert.IsGreaterThan(10, Random(first).Select(line => line.Split(':')[2]).Distinct().Count());
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Unique_rows_that_run_out_abort_the_test_and_say_so(string engine)
    {
        using var project = new ScriptProject();
        project.Write("users.csv", "id\n1\n2\n3\n");
        project.Write("test.ts", """
            import users from 'k6-data/users';
            export const options = { vus: 1, iterations: 5 };
            export default () => console.log(`row:${users.unique().id}:`);
            """);

        var log = await RunAsync(project, engine, "users.csv", exitCode: 108);

        Assert.AreEqual(1, Count(log, "row:3:"), log);
        Assert.Contains("all 3 rows are used", log);
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task JSON_rows_arrive_as_they_are_and_misuse_is_told(string engine)
    {
        using var project = new ScriptProject();
        project.Write("orders.json", """[{ "lines": [{ "sku": "a\nb", "n": 1.5 }] }]""");
        project.Write("test.ts", """
            import { orders } from 'k6-data/orders';
            export function setup() { for (const f of [() => orders.perVu(), () => orders.random(), () => orders.at(1)]) { try { f(); } catch (e) { console.log(String(e)); } } }
            export default () => console.log(JSON.stringify(JSON.stringify(orders.perVu())).replaceAll('\\', '').length > 0 && orders.perIteration().lines[0]!.sku === 'a\nb' ? 'fine' : 'wrong');
            """);

        var log = await RunAsync(project, engine, "orders.json");

        Assert.AreEqual(1, Count(log, "fine"), log);
        Assert.Contains("perVu() needs a virtual user", log);
        Assert.Contains("random() needs an iteration", log);
        Assert.Contains("has 1 rows, and no row 1", log);
    }

    [TestMethod]
    public async Task Test_data_that_nobody_declares_are_an_error_at_the_import_with_the_nearest_name()
    {
        using var project = new ScriptProject();
        project.Write("users.csv", "id\n1\n");
        project.Write("test.ts", "import { users } from 'k6-data/usrs';\nexport default () => users.perVu();\n");

        await project.BundleAsync(WithData(project, "users.csv"));

        var diagnostic = project.Diagnostics.Single();
        Assert.AreEqual((Rules.ImportUnresolved.Code, 1, 23), (diagnostic.Code, diagnostic.Location!.Line, diagnostic.Location.Column));
        Assert.Contains("Did you mean 'users'?", diagnostic.Message);
    }

    [TestMethod]
    public async Task A_changed_row_makes_a_new_bundle_and_a_bundle_has_only_what_it_uses_of_the_library()
    {
        using var project = new ScriptProject();
        project.Write("users.csv", "id\n1\n");
        project.Write("test.ts", "import { users } from 'k6-data/users';\nexport default () => console.log(users.perVu().id);\n");
        var outcome = await project.BundleAsync(WithData(project, "users.csv"));
        Assert.IsTrue(outcome.Ran);
        Assert.IsFalse((await project.BundleAsync(WithData(project, "users.csv"))).Ran);
        var text = File.ReadAllText(outcome.Bundles[0].File);
        Assert.DoesNotContain("LoadTestScenario", text);
        Assert.DoesNotContain(project.Folder, text);

        project.Write("users.csv", "id\n2\n");

        Assert.IsTrue((await project.BundleAsync(WithData(project, "users.csv"))).Ran);
    }

    private static LoadPlan WithData(ScriptProject project, string file)
    {
        var item = new ItemDeclaration("K6Data", file, new SourceLocation(project.ProjectFile, 3, 5));
        var data = DataReader.Read(new ProjectDeclaration { File = project.ProjectFile, Items = [item] }, project.Diagnostics);
        DataModules.Write(data, project.Folder, project.Output, project.Diagnostics);
        return project.Plan(project.Scenario("test.ts")) with { Data = data };
    }

    private static async Task<string> RunAsync(ScriptProject project, string engine, string file, int exitCode = 0)
    {
        var bundle = (await project.BundlesAsync(WithData(project, file))).Single();
        var (exit, log) = await project.RunOnAsync(engine, bundle);
        Assert.AreEqual(exitCode, exit, log);
        return log;
    }

    private static int Count(string log, string text) => log.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));

    private static string[] Random(string log) =>
        [.. log.Split('\n').Where(line => line.Contains("random:", StringComparison.Ordinal)).Select(line => line[line.IndexOf("random:", StringComparison.Ordinal)..].TrimEnd()).Order(StringComparer.Ordinal)];
}
