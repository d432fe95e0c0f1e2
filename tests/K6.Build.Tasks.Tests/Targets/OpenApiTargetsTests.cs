namespace K6.Build.Tasks.Tests.Targets;

[TestClass]
public sealed class OpenApiTargetsTests : IDisposable
{
    private const string Document = "openapi: 3.1.0\npaths:\n  /a:\n    get: { operationId: a, responses: { 200: {} } }\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Clients_are_made_before_the_bundles_and_bad_documents_stop_the_build_at_their_line()
    {
        var project = Project();
        _folder.Write("shop.yaml", Document);
        var build = InProcessBuild.Run(project, "K6Bundle");
        Assert.AreEqual("", build.Problems);
        foreach (var file in new[] { "clients/shop.ts", "sources/shop.ts", "shop.js", "load.js" })
        {
            Assert.IsTrue(File.Exists(Path.Combine(_folder.Root, "obj/k6", file)), file);
        }

        _folder.Write("shop.yaml", Document + "  /b: { $ref: 'b.yaml' }\n");
        Assert.AreEqual("shop.yaml(5) KSDK0648", InProcessBuild.Run(project, "K6Bundle").Problems);
    }

    [TestMethod]
    public void A_scenario_over_a_document_is_taken_over_and_its_client_stays()
    {
        var project = Project();
        _folder.Write("shop.yaml", Document);
        var build = InProcessBuild.Run(project, "K6Eject");
        Assert.AreEqual("", build.Problems);
        Assert.Contains("api.get('/a'", File.ReadAllText(Path.Combine(_folder.Root, "scenarios/shop.ts")));
        var changed = File.ReadAllText(project);
        Assert.Contains("""<K6Scenario Include="scenarios/shop.ts" /><K6OpenApi Include="shop.yaml" />""", changed);

        build = InProcessBuild.Run(project, "Build");
        Assert.AreEqual("", build.Problems);
        Assert.IsFalse(File.Exists(Path.Combine(_folder.Root, "obj/k6/sources/shop.ts")));
        Assert.AreEqual("load.proj(1) KSDK0173", InProcessBuild.Run(project, "K6Eject").Problems);
    }

    [TestMethod]
    public void Restore_makes_them_for_editors_and_leaves_what_is_wrong_to_the_build()
    {
        var project = Project();
        _folder.Write("shop.yaml", Document);
        Assert.IsTrue(InProcessBuild.Run(project, "_K6WriteEditorConfiguration", ("MSBuildIsRestoring", "true")).Succeeded);
        Assert.IsTrue(File.Exists(Path.Combine(_folder.Root, "obj/k6/clients/shop.operations.ts")));

        _folder.Write("shop.yaml", "");
        var build = InProcessBuild.Run(project, "_K6WriteEditorConfiguration", ("MSBuildIsRestoring", "true"));
        Assert.IsTrue(build.Succeeded, build.Problems);
        Assert.AreEqual("", build.Problems);
    }

    [TestMethod]
    public void Restore_keeps_the_client_that_a_build_made_of_a_project()
    {
        _folder.Write("Api.csproj", "<Project />");
        _folder.Write("load.ts", "export default function () {}\n");
        var project = _folder.Write("load.proj", InProcessBuild.Wrap("""<ItemGroup><K6Scenario Include="load.ts" /><K6OpenApi Include="Api.csproj" /></ItemGroup>"""));
        _folder.Write("obj/k6/clients/api.ts", "");
        Assert.IsTrue(InProcessBuild.Run(project, "_K6WriteEditorConfiguration", ("MSBuildIsRestoring", "true")).Succeeded);
        Assert.IsTrue(File.Exists(Path.Combine(_folder.Root, "obj/k6/clients/api.ts")));
    }

    private string Project()
    {
        _folder.Write("load.ts", "import { ShopApi } from 'k6-clients/shop';\nexport default function () { ShopApi.a(); }\n");
        return _folder.Write("load.proj", InProcessBuild.Wrap("""<ItemGroup><K6Scenario Include="load.ts" /><K6Scenario Include="k6-clients/shop" /><K6OpenApi Include="shop.yaml" /></ItemGroup>"""));
    }
}
