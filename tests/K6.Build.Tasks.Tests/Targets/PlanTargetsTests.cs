using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.Build.Tasks.Tests.Targets;

[TestClass]
public sealed class PlanTargetsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_declaration_becomes_a_plan_that_knows_every_line()
    {
        var project = Project("""
              <ItemGroup>
                <K6Scenario Include="browse.ts" Vus="2" Duration="1s" />
                <K6Threshold Include="http_req_duration" Statistic="p(95)" Below="500ms" />
                <K6EnvironmentVariable Include="SHOP" Value="1" />
              </ItemGroup>
            """);

        var build = InProcessBuild.Run(project, "K6Validate");

        Assert.IsTrue(build.Succeeded, build.Problems);
        StringAssert.Contains(build.Events.Output, "load: 1 test, 1 scenario, 1 threshold, 0 services: valid");
        var plan = LoadTestJson.Read<LoadPlan>(Path.Combine(_folder.Root, "obj/k6/plan.json"));
        Assert.AreEqual(
            (project, 7, 8, 9),
            (plan.ProjectFile, plan.Tests[0].Scenarios[0].Location.Line, plan.Tests[0].Thresholds[0].Location.Line, plan.Environment[0].Location.Line));
    }

    [TestMethod]
    public void Every_mistake_is_reported_at_its_line_in_one_build()
    {
        var project = Project("""
              <PropertyGroup>
                <K6Engine>fast</K6Engine>
                <K6Typo>1</K6Typo>
              </PropertyGroup>
              <ItemGroup>
                <K6Scenario Include="missing.ts" />
                <K6Scenario Include="browse.ts" Executor="constant-vuz" Vus="1" Duration="1s" />
                <K6Scenario Include="browse.ts" Name="second" Virtual="3" />
                <K6Scenario Include="none/*.ts" />
                <K6Threshold Include="http_req_duration" Statistic="p(95)" Below="soon" />
                <K6Treshold Include="http_req_duration" />
                <K6EnvironmentVariable Include="K6_VUS" Value="1" />
                <K6Service Include="Missing.csproj" />
              </ItemGroup>
            """);

        var build = InProcessBuild.Run(project, "K6Validate");

        Assert.IsFalse(build.Succeeded);
        CollectionAssert.AreEquivalent(
            new[]
            {
                "load.proj(7) KSDK0108", "load.proj(8) warning KSDK0107", "load.proj(11) KSDK0110", "load.proj(12) KSDK0114",
                "load.proj(13) KSDK0103", "load.proj(14) KSDK0105", "load.proj(15) KSDK0135", "load.proj(16) KSDK0101",
                "load.proj(17) KSDK0150", "load.proj(18) KSDK0161",
            },
            build.Problems.Split('\n'));
        Assert.IsFalse(File.Exists(Path.Combine(_folder.Root, "obj/k6/plan.json")));
    }

    [TestMethod]
    public void Global_properties_of_the_build_count_and_are_at_the_first_line()
    {
        var project = Project("""<ItemGroup><K6Scenario Include="browse.ts" Vus="1" Duration="$(Length)" /></ItemGroup>""");

        var build = InProcessBuild.Run(project, "K6ListScenarios", ("Length", "7s"), ("K6Engine", "slow"));
        Assert.AreEqual("load.proj(1) KSDK0108", build.Problems);

        build = InProcessBuild.Run(project, "K6ListScenarios", ("Length", "7s"));
        Assert.IsTrue(build.Succeeded, build.Problems);
        StringAssert.Contains(build.Events.Output, "1 VU for 7s");
    }

    [TestMethod]
    public void Items_that_a_target_makes_before_the_load_test_count()
    {
        var project = Project("""
              <Target Name="Make" BeforeTargets="_K6Plan">
                <ItemGroup>
                  <K6Scenario Include="browse.ts" Vus="0" Duration="1s" />
                </ItemGroup>
              </Target>
            """);

        Assert.AreEqual("load.proj(8) KSDK0119", InProcessBuild.Run(project, "K6Validate").Problems);
    }

    [TestMethod]
    public void An_old_MSBuild_gets_a_code_and_an_advice()
    {
        var project = Project("""<ItemGroup><K6Scenario Include="browse.ts" /></ItemGroup>""");

        foreach (var target in new[] { "LoadTest", "K6Bundle", "K6Validate", "K6ListScenarios", "K6Clean" })
        {
            var build = InProcessBuild.Run(project, target, ("_K6MSBuildVersion", "17.14.8"));

            Assert.AreEqual("load.proj(0) KSDK0030", build.Problems, target);
            StringAssert.Contains(build.Events.Errors[0].Message, "17.14.8");
        }
    }

    [TestMethod]
    public void A_project_without_scenarios_fails_when_asked_to_run_and_builds_otherwise()
    {
        var project = Project("");

        Assert.IsTrue(InProcessBuild.Run(project, "Build").Succeeded);
        Assert.AreEqual("load.proj(1) KSDK0120", InProcessBuild.Run(project, "LoadTest").Problems);
    }

    [TestMethod]
    public void A_glob_that_finds_no_scenario_is_one_error()
    {
        var project = Project("""<ItemGroup><K6Scenario Include="none/*.ts" /></ItemGroup>""");

        StringAssert.Matches(InProcessBuild.Run(project, "LoadTest").Problems, new System.Text.RegularExpressions.Regex(@"^load\.proj\(\d+\) KSDK0105$"));
    }

    [TestMethod]
    public void An_address_with_a_question_mark_in_Include_is_told_where_it_belongs()
    {
        var project = Project("""<ItemGroup><K6Scenario Include="s" VUs="1" Iterations="1" /><K6Endpoint Include="GET /search?q=lamp" /></ItemGroup>""");

        var build = InProcessBuild.Run(project, "LoadTest");

        StringAssert.Contains(build.Events.Errors.Single(e => e.Code == "KSDK0105").Message, "Include=\"GET /search\" Query=\"q=lamp\".");
    }

    [TestMethod]
    public void A_design_time_build_and_an_inner_build_make_nothing()
    {
        var project = Project("""<ItemGroup><K6Scenario Include="missing.ts" /></ItemGroup>""");

        Assert.IsTrue(InProcessBuild.Run(project, "Build", ("DesignTimeBuild", "true")).Succeeded);
        Assert.IsTrue(InProcessBuild.Run(project, "Build", ("TargetFrameworks", "net9.0;net10.0"), ("TargetFramework", "net10.0")).Succeeded);
        Assert.IsFalse(Directory.Exists(Path.Combine(_folder.Root, "obj")));
        Assert.IsFalse(InProcessBuild.Run(project, "Build").Succeeded);
    }

    [TestMethod]
    public void The_editors_configuration_is_valid_JSON_and_survives_Clean()
    {
        var project = Project("""<ItemGroup><K6Scenario Include="browse.ts" /></ItemGroup>""");
        _folder.Write("obj/k6/plan.json", "{}");

        Assert.IsTrue(InProcessBuild.Run(project, "_K6WriteEditorConfiguration").Succeeded);
        Assert.IsTrue(InProcessBuild.Run(project, "Clean").Succeeded);

        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.Root, "obj/k6/tsconfig.json")));
        var options = json.RootElement.GetProperty("compilerOptions");
        StringAssert.EndsWith(options.GetProperty("typeRoots")[0].GetString(), "/types");
        Assert.AreEqual("k6", options.GetProperty("types")[0].GetString());
        Assert.IsFalse(File.Exists(Path.Combine(_folder.Root, "obj/k6/plan.json")));
    }

    [TestMethod]
    [DataRow("", true)]
    [DataRow("true", false)]
    public void A_restore_of_the_samples_loads_no_tasks_of_an_earlier_build(string restoring, bool loads)
    {
        var sample = Path.Combine(InProcessBuild.Repository, "samples", "Shop", "Restored.LoadTests");
        using var collection = new Microsoft.Build.Evaluation.ProjectCollection(new Dictionary<string, string> { ["MSBuildIsRestoring"] = restoring, ["Configuration"] = "Debug" });
        var root = Microsoft.Build.Construction.ProjectRootElement.Create(Path.Combine(sample, "Restored.LoadTests.csproj"), collection);
        root.AddImport("../../Directory.Build.props");
        root.AddImport("../../../src/K6.Sdk/targets/K6.props");

        var assembly = new Microsoft.Build.Evaluation.Project(root, null, null, collection).GetPropertyValue("_K6TasksAssembly");

        Assert.AreEqual(loads, assembly.Contains("/bin/Debug/", StringComparison.Ordinal), assembly);
        Assert.IsTrue(loads || !File.Exists(assembly), assembly);
    }

    private string Project(string content)
    {
        _folder.Write("browse.ts", "export default function () {}\n");
        return _folder.Write("load.proj", InProcessBuild.Wrap(content));
    }
}
