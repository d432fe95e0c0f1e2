namespace K6.Build.Tasks.Tests.Targets;

[TestClass]
public sealed class TestDataTargetsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Test_data_are_made_before_the_bundles_and_bad_rows_stop_the_build_at_their_line()
    {
        var project = Project();
        _folder.Write("users.csv", "id\n1\n");
        InProcessBuild.Run(project, "K6Bundle");
        Assert.IsTrue(File.Exists(Path.Combine(_folder.Root, "obj/k6/data/users.rows")));

        _folder.Write("users.csv", "id,name\n1\n");
        Assert.AreEqual("users.csv(2) KSDK0662", InProcessBuild.Run(project, "K6Bundle").Problems);
    }

    [TestMethod]
    public void Restore_makes_them_for_editors_and_leaves_what_is_wrong_to_the_build()
    {
        var project = Project();
        _folder.Write("users.csv", "id\n1\n");
        Assert.IsTrue(InProcessBuild.Run(project, "_K6WriteEditorConfiguration", ("MSBuildIsRestoring", "true")).Succeeded);
        foreach (var file in new[] { "tsconfig.json", "library/index.ts", "data/users.ts" })
        {
            Assert.IsTrue(File.Exists(Path.Combine(_folder.Root, "obj/k6", file)), file);
        }

        _folder.Write("users.csv", "");
        var build = InProcessBuild.Run(project, "_K6WriteEditorConfiguration", ("MSBuildIsRestoring", "true"));
        Assert.IsTrue(build.Succeeded, build.Problems);
        Assert.AreEqual("", build.Problems);
    }

    [TestMethod]
    public void Data_larger_than_the_memory_of_the_build_are_made()
    {
        var project = Project();
        using (var file = File.CreateText(Path.Combine(_folder.Root, "users.csv")))
        {
            file.WriteLine("id,name,note");
            for (var row = 0; file.BaseStream.Length < 150 << 20; row++)
            {
                file.WriteLine($"{row},\"User, Number {row}\",{new string('x', 500)}");
            }
        }

        SmallBuild.Run(project, "_K6Plan;_K6TestData");

        Assert.IsGreaterThan(140 << 20, new FileInfo(Path.Combine(_folder.Root, "obj/k6/data/users.rows")).Length);
    }

    private string Project()
    {
        _folder.Write("load.ts", "import { users } from 'k6-data/users';\nexport default function () { users.perVu(); }\n");
        return _folder.Write("load.proj", InProcessBuild.Wrap("""<ItemGroup><K6Scenario Include="load.ts" /><K6Data Include="users.csv" /></ItemGroup>"""));
    }
}
