namespace K6.Build.Tasks.Tests.Targets;

[TestClass]
public sealed class TypeCheckTargetsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("K6TypeCheck")]
    [DataRow("Build")]
    [DataRow("LoadTest")]
    public void A_type_error_is_a_build_error_at_its_line_and_nothing_is_run(string target)
    {
        var project = Project("const wrong: number = 'text';\nexport default function () { fetch('/' + wrong); }\n");

        var build = InProcessBuild.Run(project, target);

        Assert.IsFalse(build.Succeeded);
        Assert.AreEqual("load.ts(1) TS2322\nload.ts(2) TS2304", build.Problems);
        Assert.AreEqual((7, 30), (build.Events.Errors[0].ColumnNumber, build.Events.Errors[1].ColumnNumber));
        Assert.DoesNotContain("_K6RunLoadTests", build.Events.Targets);
    }

    [TestMethod]
    [DataRow("orders.item.nme", "TS2551", "Did you mean 'name'?")]
    [DataRow("orders.itm.name", "KSDK0145", "Did you mean 'item'?")]
    public void What_is_wrong_with_a_script_that_is_made_of_items_is_said_at_the_item(string value, string code, string words)
    {
        _folder.Write("orders.json", """[{ "item": { "name": "x" } }]""");
        var project = _folder.Write("load.proj", InProcessBuild.Wrap($$"""
            <ItemGroup>
              <K6Data Include="orders.json" />
              <K6Scenario Include="shop" Vus="1" Duration="1s" />
              <K6Endpoint Include="GET http://localhost/a" />
              <K6Endpoint Include="GET http://localhost/{{{value}}}" />
            </ItemGroup>
            """));

        var build = InProcessBuild.Run(project, "Build");

        Assert.AreEqual($"load.proj({File.ReadAllLines(project).ToList().FindIndex(line => line.Contains(value, StringComparison.Ordinal)) + 1}) {code}", build.Problems);
        Assert.Contains(words, build.Events.Errors[0].Message!);
    }

    [TestMethod]
    public void It_can_be_turned_off_and_does_nothing_when_nothing_changed()
    {
        var project = Project("export default function () { fetch('/'); }\n");
        Assert.IsTrue(InProcessBuild.Run(project, "K6TypeCheck", ("K6TypeCheck", "false")).Succeeded);
        Assert.IsTrue(InProcessBuild.Run(project, "Build", ("K6TypeCheck", "false")).Succeeded);

        _folder.Write("load.ts", "export default function () {}\n");
        Assert.Contains("Type-checked the scripts.", Said(InProcessBuild.Run(project, "Build")));
        Assert.Contains("The type check is up to date.", Said(InProcessBuild.Run(project, "Build")));
    }

    [TestMethod]
    public void Without_a_compiler_the_build_warns_and_fails_only_where_the_check_is_demanded()
    {
        var project = Project("export default function () {}\n");

        var build = InProcessBuild.Run(project, "Build", ("K6TypeScriptPath", ""));
        Assert.IsTrue(build.Succeeded, build.Problems);
        Assert.AreEqual("load.proj(1) warning KSDK0034", build.Problems);

        Assert.AreEqual("load.proj(1) KSDK0034", InProcessBuild.Run(project, "Build", ("K6TypeScriptPath", ""), ("K6TypeCheck", "true")).Problems);
    }

    private static IEnumerable<string?> Said(InProcessBuild build)
    {
        Assert.IsTrue(build.Succeeded, build.Problems);
        return build.Events.All.OfType<Microsoft.Build.Framework.BuildMessageEventArgs>().Select(message => message.Message);
    }

    private string Project(string script)
    {
        _folder.Write("load.ts", script);
        return _folder.Write("load.proj", InProcessBuild.Wrap("""<ItemGroup><K6Scenario Include="load.ts" /></ItemGroup>"""));
    }
}
