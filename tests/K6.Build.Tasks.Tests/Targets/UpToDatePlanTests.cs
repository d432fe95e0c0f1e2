using System.Text.RegularExpressions;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks.Tests.Targets;

/// <summary>A build with nothing to do evaluates no project again, and whatever a plan is made of is noticed.</summary>
[TestClass]
public sealed class UpToDatePlanTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Nothing_is_planned_bundled_or_read_again_when_nothing_changed()
    {
        var project = Project("<K6Scenario Include=\"browse.ts\" Vus=\"2\" Duration=\"1s\" />");
        var first = Run(project, "K6TypeCheck");
        var second = Run(project, "K6TypeCheck");
        var bundled = Run(project, "K6Bundle");
        var third = Run(project, "K6Bundle");

        Assert.IsTrue(first.Succeeded && second.Succeeded && bundled.Succeeded && third.Succeeded, first.Problems + second.Problems);
        CollectionAssert.AreEqual(new[] { "Type-checked the scripts." }, Said(first));
        CollectionAssert.AreEqual(new[] { "The plan is up to date.", "The type check is up to date." }, Said(second));
        CollectionAssert.AreEqual(new[] { "The plan is up to date.", "Bundled 1 load test." }, Said(bundled));
        CollectionAssert.AreEqual(new[] { "The plan is up to date.", "The bundles are up to date." }, Said(third));
    }

    [TestMethod]
    public void Warnings_are_said_again()
    {
        var project = Project("<K6Scenario Include=\"browse.ts\" Vus=\"2\" Duration=\"1s\" />", "<K6Typo>1</K6Typo>");

        var (first, second) = (Run(project), Run(project));

        Assert.AreEqual("load.proj(6) warning KSDK0107", first.Problems);
        Assert.AreEqual(first.Problems, second.Problems);
        Assert.IsTrue(IsCurrent(second));
    }

    [TestMethod]
    [DataRow("K6Engine", "embedded")]
    [DataRow("K6MaxDropped", "0.5")]
    [DataRow("Users", "3")]
    [DataRow("UserSecretsId", "other")]
    public void A_property_from_outside_the_project_counts(string name, string value)
    {
        var project = Project("<K6Scenario Include=\"browse.ts\" Vus=\"2$(Users)\" Duration=\"1s\" />");
        Run(project);

        Assert.IsFalse(IsCurrent(Run(project, properties: (name, value))));
    }

    [TestMethod]
    public void A_property_that_the_environment_decides_about_counts()
    {
        const string Variable = "PLAN_TESTS_ENGINE";
        var project = Project("<K6Scenario Include=\"browse.ts\" Vus=\"2\" Duration=\"1s\" />", $"<K6Engine>$({Variable})</K6Engine>");
        Run(project);
        try
        {
            Environment.SetEnvironmentVariable(Variable, "embedded");
            var build = Run(project);

            Assert.IsFalse(IsCurrent(build));
            Assert.AreEqual(EngineChoice.Embedded, LoadTestJson.Read<LoadPlan>(PlanFile).Settings.Engine);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [TestMethod]
    public void An_item_that_a_target_makes_counts()
    {
        var project = Project("""
            <K6Scenario Include="browse.ts" Vus="2" Duration="1s" />
            </ItemGroup>
            <Target Name="Made" BeforeTargets="_K6Plan"><ItemGroup><K6EnvironmentVariable Include="A" Value="$([System.IO.File]::ReadAllText('$(MSBuildProjectDirectory)/a.txt'))" /></ItemGroup></Target>
            <ItemGroup>
            """);
        _folder.Write("a.txt", "1");
        Run(project);
        Assert.IsTrue(IsCurrent(Run(project)));
        _folder.Write("a.txt", "2");

        var build = Run(project);

        Assert.IsFalse(IsCurrent(build));
        Assert.AreEqual("2", LoadTestJson.Read<LoadPlan>(PlanFile).Environment.Single().Value);
    }

    [TestMethod]
    [DataRow("load.proj", DisplayName = "the project")]
    [DataRow("more.props", DisplayName = "what it imports")]
    [DataRow("shop.http", DisplayName = "a file of requests")]
    [DataRow("http-client.env.json", DisplayName = "a file of variables that was not there")]
    [DataRow("obj/k6/plan.json", DisplayName = "the plan itself")]
    [DataRow("obj/k6/sources/shop.ts", DisplayName = "a script that was made")]
    public void A_file_that_changed_counts(string file)
    {
        _folder.Write("more.props", "<Project />");
        _folder.Write("shop.http", "@base = http://127.0.0.1:1\n\nGET {{base}}/products\n");
        var project = Project("<K6Scenario Include=\"shop.http\" Vus=\"2\" Duration=\"1s\" />", more: "<Import Project=\"more.props\" />");
        var first = Run(project);
        Assert.IsTrue(first.Succeeded && IsCurrent(Run(project)), first.Problems);
        var path = Path.Combine(_folder.Root, file);
        File.WriteAllText(path, file switch
        {
            "http-client.env.json" => "{ \"dev\": {} }",
            "obj/k6/plan.json" => "{}",
            _ => File.ReadAllText(path) + (file.EndsWith("http", StringComparison.Ordinal) ? "\n### two\nGET {{base}}/cart\n" : "\n"),
        });

        var build = Run(project);

        Assert.IsTrue(build.Succeeded, build.Problems);
        Assert.IsFalse(IsCurrent(build));
        Assert.IsTrue(IsCurrent(Run(project)));
    }

    [TestMethod]
    public void A_file_that_an_item_names_and_that_is_gone_is_an_error_at_its_line()
    {
        var project = Project("<K6Scenario Include=\"browse.ts\" Vus=\"2\" Duration=\"1s\" />\n<K6Data Include=\"users.csv\" />");
        _folder.Write("users.csv", "name\nann\n");
        Run(project);
        File.Delete(Path.Combine(_folder.Root, "users.csv"));

        var build = Run(project);

        Assert.IsFalse(build.Succeeded);
        StringAssert.StartsWith(build.Problems, "load.proj(9) KSDK");
    }

    [TestMethod]
    public void Every_property_that_a_plan_reads_is_compared()
    {
        var text = File.ReadAllText(Path.Combine(InProcessBuild.Repository, "src/K6.Sdk/targets/K6.Plan.targets"));
        var settings = Regex.Match(text, "<_K6Settings>(.*?)</_K6Settings>", RegexOptions.Singleline).Groups[1].Value;

        CollectionAssert.IsSubsetOf(KnownProperties.OfPlan.ToArray(), Regex.Matches(settings, @"\$\((\w+)\)").Select(match => match.Groups[1].Value).ToArray());
    }

    private string PlanFile => Path.Combine(_folder.Root, "obj", "k6", "plan.json");

    private static bool IsCurrent(InProcessBuild build) => Said(build).Contains("The plan is up to date.");

    private static string[] Said(InProcessBuild build) =>
        [.. build.Events.All.OfType<BuildMessageEventArgs>().Select(message => message.Message!).Where(text => Regex.IsMatch(text, "^(Bundled|Type-checked)|up to date\\.$"))];

    private static InProcessBuild Run(string project, string target = "K6Validate", params (string Name, string Value)[] properties) => InProcessBuild.Run(project, target, properties);

    private string Project(string items, string properties = "", string more = "")
    {
        _folder.Write("browse.ts", "export default function (): void {}\n");
        return _folder.Write("load.proj", InProcessBuild.Wrap($"<PropertyGroup>{properties}</PropertyGroup>\n{more}\n<ItemGroup>{items}</ItemGroup>"));
    }
}
