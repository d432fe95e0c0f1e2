using K6.Build.Tasks.Declarations;
using K6.LoadTesting.Plans;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace K6.Build.Tasks.Tests.Declarations;

[TestClass]
public sealed class DeclarationReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void An_item_is_at_its_element()
    {
        var file = Project("""
            <Project>
              <ItemGroup>
                <K6Scenario Include="a.ts" Vus="3" />
                  <K6Scenario Include="b.ts" />
              </ItemGroup>
            </Project>
            """);

        var items = Read(file, "K6Scenario").Items;

        CollectionAssert.AreEqual(new[] { "a.ts 3,5", "b.ts 4,7" }, Places(items, file));
        Assert.AreEqual("3", items[0].Metadata["vus"]);
    }

    [TestMethod]
    public void Identical_elements_keep_their_own_lines()
    {
        var file = Project("""
            <Project>
              <ItemGroup>
                <K6Scenario Include="a.ts" Vus="3" />
                <K6Scenario Include="a.ts" Vus="3" />
                <K6Scenario Include="a.ts" Vus="4" />
              </ItemGroup>
            </Project>
            """);

        CollectionAssert.AreEqual(new[] { "a.ts 3,5", "a.ts 4,5", "a.ts 5,5" }, Places(Read(file, "K6Scenario").Items, file));
    }

    [TestMethod]
    public void Metadata_are_at_their_own_attribute_or_element()
    {
        var file = Project("""
            <Project>
              <ItemDefinitionGroup>
                <K6Scenario>
                  <GracefulStop>5s</GracefulStop>
                </K6Scenario>
              </ItemDefinitionGroup>
              <ItemGroup>
                <K6Scenario Include="a.ts" Vus="3">
                  <Duration>10s</Duration>
                </K6Scenario>
                <K6Scenario Update="a.ts" Exec="other" />
              </ItemGroup>
            </Project>
            """);

        var item = Read(file, "K6Scenario").Items.Single();

        Assert.AreEqual((8, 32), At(item, "Vus"));
        Assert.AreEqual((9, 7), At(item, "Duration"));
        Assert.AreEqual((11, 31), At(item, "Exec"));
        Assert.AreEqual((4, 7), At(item, "GracefulStop"));
        Assert.AreEqual("5s", item.Metadata["GracefulStop"]);
        Assert.AreEqual(8, item.Location.Line);
    }

    [TestMethod]
    public void Imports_conditions_properties_and_globs_lead_to_the_right_element()
    {
        var imported = _folder.Write("more/imported.props", """
            <Project>
              <ItemGroup Condition="'$(Fast)' == 'true'">
                <K6Scenario Include="imported.ts" />
              </ItemGroup>
              <ItemGroup Condition="'$(Fast)' != 'true'">
                <K6Scenario Include="never.ts" />
              </ItemGroup>
            </Project>
            """);
        _folder.Write("scripts/one.ts", "");
        _folder.Write("scripts/two.ts", "");
        var file = Project("""
            <Project>
              <Import Project="more/imported.props" />
              <PropertyGroup>
                <Script>from property.ts</Script>
              </PropertyGroup>
              <ItemGroup>
                <K6Scenario Include="scripts/*.ts" />
                <K6Scenario Include="$(Script);second.ts" />
                <K6Scenario Include="off.ts" Condition="false" />
              </ItemGroup>
            </Project>
            """);

        var items = Read(file, new Dictionary<string, string> { ["Fast"] = "true" }, "K6Scenario").Items;

        Assert.AreEqual((imported, 3), (items[0].Location.File, items[0].Location.Line));
        CollectionAssert.AreEqual(
            new[] { "scripts/one.ts 7,5", "scripts/two.ts 7,5", "from property.ts 8,5", "second.ts 8,5" },
            Places(items.Skip(1), file));
    }

    [TestMethod]
    public void An_item_of_a_target_is_at_the_element_in_the_target_or_at_the_first_line_of_its_file()
    {
        var file = Project("""
            <Project>
              <ItemGroup>
                <K6Scenario Include="a.ts" />
              </ItemGroup>
              <Target Name="One">
                <ItemGroup>
                  <K6Scenario Include="made.ts" />
                  <K6Scenario Include="$(Computed)" />
                </ItemGroup>
              </Target>
            </Project>
            """);
        var made = InTarget("made.ts", file);
        var computed = InTarget("computed.ts", file);

        using var reader = new DeclarationReader(file, new Dictionary<string, string>(), "/sdk/");
        var items = reader.Read(new Dictionary<string, ITaskItem[]> { ["K6Scenario"] = [new TaskItem("a.ts"), made, computed] }).Items;

        CollectionAssert.AreEqual(new[] { "a.ts 3,5", "made.ts 7,7", "computed.ts 1,1" }, Places(items, file));
    }

    [TestMethod]
    public void An_item_whose_metadata_a_target_changed_keeps_its_line()
    {
        var file = Project("""
            <Project>
              <ItemGroup>
                <K6Scenario Include="a.ts" Vus="3" />
              </ItemGroup>
            </Project>
            """);
        var changed = new TaskItem("a.ts", new Dictionary<string, string> { ["Vus"] = "9" });

        using var reader = new DeclarationReader(file, new Dictionary<string, string>(), "/sdk/");
        var item = reader.Read(new Dictionary<string, ITaskItem[]> { ["K6Scenario"] = [changed] }).Items.Single();

        Assert.AreEqual((3, "9"), (item.Location.Line, item.Metadata["Vus"]));
    }

    [TestMethod]
    public void Unknown_K6_items_are_read_too()
    {
        var file = Project("""
            <Project>
              <ItemGroup>
                <K6Treshold Include="http_reqs" Above="1" />
                <Compile Include="a.cs" />
              </ItemGroup>
            </Project>
            """);

        var item = Read(file, "K6Scenario").Items.Single();

        Assert.AreEqual(("K6Treshold", "1", 3), (item.Kind, item.Metadata["Above"], item.Location.Line));
    }

    [TestMethod]
    public void Properties_have_their_places_and_those_of_the_command_line_the_first_line()
    {
        var sdk = _folder.Write("sdk/our.props", "<Project><PropertyGroup><K6Default>x</K6Default></PropertyGroup></Project>");
        var file = Project("""
            <Project>
              <Import Project="sdk/our.props" />
              <PropertyGroup>
                <K6Engine>k6</K6Engine>
                <K6Empty></K6Empty>
                <K6_VUS>3</K6_VUS>
              </PropertyGroup>
            </Project>
            """);

        using var reader = new DeclarationReader(file, new Dictionary<string, string> { ["K6Samples"] = "true" }, Path.GetDirectoryName(sdk)!);
        var properties = reader.Read(new Dictionary<string, ITaskItem[]>()).Properties;

        CollectionAssert.AreEquivalent(
            new[] { "K6Engine=k6 4,5", "K6Samples=true 1,1" },
            properties.Select(p => $"{p.Name}={p.Value} {p.Location.Line},{p.Location.Column}").ToArray());
    }

    [TestMethod]
    public void An_element_that_yields_no_item_is_found_when_its_condition_holds()
    {
        _folder.Write("there.ts", "");
        var file = Project("""
            <Project>
              <ItemGroup>
                <K6Scenario Include="missing/*.ts" />
                <K6Scenario Include="$(Nothing)" />
                <K6Scenario Include="off/*.ts" Condition="'$(On)' == 'true'" />
                <K6Endpoint Include="GET /search?q=1" />
                <K6Scenario Include="*.ts" />
                <K6Scenario Update="nowhere.ts" Vus="1" />
                <Compile Include="*.cs" />
              </ItemGroup>
              <Choose>
                <When Condition="'$(On)' == 'true'"><ItemGroup><K6Threshold Include="a?" /></ItemGroup></When>
                <Otherwise><ItemGroup><K6Threshold Include="b?" /></ItemGroup></Otherwise>
              </Choose>
              <Target Name="T"><ItemGroup><K6Scenario Include="none/*.ts" /></ItemGroup></Target>
            </Project>
            """);

        CollectionAssert.AreEqual(new[] { "missing/*.ts 3", "$(Nothing) 4", "GET /search?q=1 6", "b? 13" }, Empty(file));
    }

    [TestMethod]
    public void An_element_whose_items_are_removed_again_is_no_mistake()
    {
        var file = Project("""
            <Project>
              <ItemGroup>
                <K6Scenario Include="a.ts" />
                <K6Scenario Include="none/*.ts" />
                <K6Scenario Remove="a.ts" />
              </ItemGroup>
            </Project>
            """);

        CollectionAssert.AreEqual(new[] { "none/*.ts 4" }, Empty(file));
    }

    [TestMethod]
    public void Conditions_of_imported_files_may_name_the_file_itself()
    {
        _folder.Write("more/imported.props", """
            <Project>
              <ItemGroup Condition="Exists('$(MSBuildThisFileDirectory)here.txt')">
                <K6Scenario Include="none/*.ts" />
              </ItemGroup>
            </Project>
            """);
        _folder.Write("more/here.txt", "");
        var file = Project("""<Project><Import Project="more/imported.props" /></Project>""");

        CollectionAssert.AreEqual(new[] { "none/*.ts 3" }, Empty(file));
    }

    private string Project(string xml) => _folder.Write("my tests.proj", xml);

    private static string[] Empty(string file)
    {
        using var reader = new DeclarationReader(file, new Dictionary<string, string>(), "/sdk/");
        return [.. reader.ElementsWithoutItems().Select(e => $"{e.Include} {e.Location.Line}")];
    }

    private static ProjectDeclaration Read(string file, params string[] kinds) => Read(file, new Dictionary<string, string>(), kinds);

    // As the build hands them over: the items of the evaluated project, without their elements.
    private static ProjectDeclaration Read(string file, Dictionary<string, string> properties, params string[] kinds)
    {
        var instance = new Microsoft.Build.Execution.ProjectInstance(file, properties, null, new Microsoft.Build.Evaluation.ProjectCollection());
        using var reader = new DeclarationReader(file, properties, "/sdk/");
        return reader.Read(kinds.ToDictionary(kind => kind, kind => instance.GetItems(kind).Cast<ITaskItem>().ToArray()));
    }

    private static TaskItem InTarget(string include, string file)
    {
        // A target's items know the file that defined them; a fresh TaskItem would not.
        var root = Microsoft.Build.Construction.ProjectRootElement.Create();
        root.AddTarget("T").AddItemGroup().AddItem("K6Scenario", include);
        root.FullPath = file;
        var instance = new Microsoft.Build.Execution.ProjectInstance(root);
        Assert.IsTrue(instance.Build(["T"], null));
        return new TaskItem(instance.GetItems("K6Scenario").Single());
    }

    private static string[] Places(IEnumerable<ItemDeclaration> items, string file) =>
        [.. items.Select(item =>
        {
            Assert.AreEqual(file, item.Location.File);
            return $"{item.Include} {item.Location.Line},{item.Location.Column}";
        })];

    private static (int Line, int Column) At(ItemDeclaration item, string name) =>
        (item.MetadataLocations[name].Line, item.MetadataLocations[name].Column);
}
