using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Install;
using YamlDotNet.RepresentationModel;

namespace K6.Sdk.Tests;

/// <summary>A solution with load tests of both doors in a git repository: one verdict, a second phase, a history, base and head, and the files of docs/ci.md.</summary>
[TestClass]
public sealed class GateTests
{
    private static Consumer _consumer = null!;

    [ClassInitialize]
    public static void WriteSolution(TestContext _)
    {
        _consumer = new Consumer();
        _consumer.WriteService("src/Shop.Api");
        // Slow enough that what else the machine does is little beside it.
        _consumer.Write("src/Shop.Api/Program.cs", """
            var app = WebApplication.CreateBuilder(args).Build();
            app.MapGet("/health", () => "fine");
            app.MapGet("/hello", async () => { await Task.Delay(20); return "hello"; });
            app.Run();
            """);
        _consumer.Write("Shop.slnx", """
            <Solution>
              <Project Path="src/Shop.Api/Shop.Api.csproj" />
              <Project Path="tests/Admin.LoadTests/Admin.LoadTests.csproj" />
              <Project Path="tests/Shop.LoadTests/Shop.LoadTests.csproj" />
            </Solution>
            """);
        _consumer.Write("Directory.Solution.targets", """
            <Project>
              <Import Project="Solution.targets" Sdk="K6.Sdk" Version="$VERSION$" />
            </Project>
            """);
        _consumer.Write("tests/Admin.LoadTests/Admin.LoadTests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <K6Engine>embedded</K6Engine>
                <AdminMost Condition="'$(AdminMost)' == ''">0</AdminMost>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="K6.Sdk" Version="$VERSION$" PrivateAssets="all" />
                <K6Scenario Include="users.js" Vus="1" Iterations="3" Category="nightly" />
                <K6Threshold Include="iterations" Statistic="count" AtMost="$(AdminMost)" />
              </ItemGroup>
            </Project>
            """);
        _consumer.Write("tests/Admin.LoadTests/users.js", "export default function () {}");
        _consumer.Write("tests/Shop.LoadTests/Shop.LoadTests.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <PropertyGroup>
                <K6Engine>embedded</K6Engine>
                <K6ComparePairs>3</K6ComparePairs>
                <K6WarmUp>0s</K6WarmUp>
              </PropertyGroup>
              <ItemGroup>
                <K6Service Include="../../src/Shop.Api/Shop.Api.csproj" HealthPath="/health" />
                <K6Scenario Include="browse.js" Vus="1" Iterations="10" Category="smoke" />
                <K6Regression Include="http_req_waiting" Statistic="med" MaxIncrease="200%" Severity="error" />
              </ItemGroup>
            </Project>
            """);
        _consumer.Write("tests/Shop.LoadTests/browse.js", """
            import http from 'k6/http';
            export default function () { http.get(`${__ENV.BASE_URL}/hello`); }
            """);
        _consumer.Write(".gitignore", "bin/\nobj/\nTestResults/\n.k6/\n");
        Git("init", "--quiet", "--initial-branch=main", ".");
        Git("add", ".");
        Git("commit", "--quiet", "-m", "shop");
    }

    [ClassCleanup]
    public static void Remove() => _consumer.Dispose();

    [TestMethod]
    public void A_solution_runs_all_its_load_tests_and_has_one_verdict()
    {
        LongTests.Require();
        var run = _consumer.Dotnet("build", "Shop.slnx", "-t:LoadTest", "-m", "-tl:off").FailedWith("Admin.LoadTests.csproj(10,5): error KSDK0320");
        run.Says("Shop: 1 of 2 projects failed; 1 of 2 tests passed").Says("FAILED  Admin.LoadTests  users failed (KSDK0320)").Says("PASSED  Shop.LoadTests   browse");
        Assert.IsLessThan(run.Output.IndexOf("browse: running on", StringComparison.Ordinal), run.Output.IndexOf("FAILED users", StringComparison.Ordinal), run.Output);

        _consumer.Dotnet("build", "Shop.slnx", "-t:LoadTest", "-p:K6ContinueOnFailure=false", "-tl:off").FailedWith("NOT RUN Shop.LoadTests").DoesNotSay("browse: running on");
        _consumer.Dotnet("build", "Shop.slnx", "-t:LoadTest", "-p:K6ScenarioFilter=category:smoke", "-tl:on").Succeeded().Says("Shop: the load tests of 1 project passed; 1 of 1 tests passed");
        _consumer.Dotnet("build", "Shop.slnx", "-t:LoadTest", "-p:K6ScenarioFilter=browse category:smok", "-tl:off").FailedWith("Shop.slnx(1): error KSDK0387", "'category:smok'").DoesNotSay("running on");
    }

    [TestMethod]
    public void A_verdict_counts_in_a_second_phase()
    {
        LongTests.Require();
        _consumer.Dotnet("build", "Shop.slnx", "-t:LoadTest", "-p:K6FailOnError=false", "-p:K6ScenarioFilter=users", "-tl:off").Succeeded().Says("Admin.LoadTests.csproj(10,5): warning KSDK0320");

        _consumer.Dotnet("build", "Shop.slnx", "-t:LoadTestVerify", "-p:K6ScenarioFilter=users", "-tl:off").FailedWith("Admin.LoadTests.csproj(10,5): error KSDK0320").Says("FAILED  Admin.LoadTests").DoesNotSay("running on");
        _consumer.Dotnet("build", "tests/Admin.LoadTests", "-t:LoadTest", "-p:AdminMost=3", "-tl:off").Succeeded();
        _consumer.Dotnet("build", "tests/Admin.LoadTests", "-t:LoadTestVerify", "-tl:off").Succeeded().Says("PASSED users");
        Directory.CreateDirectory(_consumer.PathOf("tests/Admin.LoadTests/TestResults/.staging-killed"));
        _consumer.Dotnet("build", "tests/Admin.LoadTests", "-t:LoadTestVerify", "-tl:off").FailedWith("loadtest.json(1): error KSDK0385");
        Directory.Delete(_consumer.PathOf("tests/Admin.LoadTests/TestResults/.staging-killed"));
    }

    [TestMethod]
    public void Earlier_runs_are_shown_compared_and_left_behind()
    {
        LongTests.Require();
        string[] here = ["tests/Admin.LoadTests", "-p:AdminMost=3", "-p:K6HistoryPath=histories/", "-tl:off"];
        _consumer.Dotnet(["build", .. here, "-t:K6History"]).Succeeded().Says("no runs yet");
        _consumer.Dotnet(["build", .. here, "-t:LoadTest"]).Succeeded();
        _consumer.Dotnet(["build", .. here, "-t:K6Compare"]).FailedWith("error KSDK0404", "previous");
        _consumer.Dotnet(["build", .. here, "-t:LoadTest"]).Succeeded();

        _consumer.Dotnet(["build", .. here, "-t:K6History"]).Succeeded().Says("users: 2 runs, 0 of the last 2 failed (embedded 0");
        Assert.Contains("users", File.ReadAllText(_consumer.PathOf("tests/Admin.LoadTests/TestResults/history.html")));
        _consumer.Dotnet(["build", .. here, "-t:K6Compare"]).Succeeded().Says("iterations rate", "→");
        _consumer.Dotnet(["build", .. here, "-t:K6AcceptBaseline"]).Succeeded().Says("users: the baseline begins anew with the next green run");
        Assert.HasCount(3, File.ReadAllLines(_consumer.PathOf("tests/Admin.LoadTests/histories/Admin.LoadTests.jsonl")));
    }

    [TestMethod]
    public void Head_is_compared_with_a_commit_that_builds_and_a_slower_head_fails()
    {
        var program = _consumer.PathOf("src/Shop.Api/Program.cs");
        var committed = File.ReadAllText(program);
        string[] here = ["build", "tests/Shop.LoadTests", "-t:LoadTest", "-p:K6CompareWith=HEAD", "-tl:off"];
        try
        {
            File.WriteAllText(program, committed.Replace("Delay(20)", "Delay(200)", StringComparison.Ordinal));
            _consumer.Dotnet(here).FailedWith("Shop.LoadTests.csproj(10,5): error KSDK0410", "of HEAD (", "measured in turn 3 times");
            var compared = LoadTestJson.Read<LoadTestResult>(_consumer.PathOf("tests/Shop.LoadTests/TestResults/loadtest.json")).Tests.Single().Regressions.Single();
            Assert.IsGreaterThan(2, compared.Change!.Value);
            Assert.StartsWith("HEAD (", compared.Against!);
            Assert.Contains("### What changed against HEAD", File.ReadAllText(_consumer.PathOf("tests/Shop.LoadTests/TestResults/loadtest.md")));

            File.WriteAllText(program, "this is no C#");
            Git("commit", "--quiet", "-am", "broken");
            File.WriteAllText(program, committed);
            _consumer.Dotnet(here).FailedWith("Shop.LoadTests.csproj(8,5): error KSDK0422", "did not build the service shop-api").DoesNotSay("running on");
            _consumer.Dotnet([.. here, "-p:K6CompareWith=nowhere"]).FailedWith("error KSDK0420", "nowhere");
        }
        finally
        {
            File.WriteAllText(program, committed);
            Git("commit", "--quiet", "-am", "mended", "--allow-empty");
        }
    }

    [TestMethod]
    public void The_commands_of_the_files_for_CI_run_as_they_are_written()
    {
        RealK6.Require();
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("the k6 of this test is a shell script for Linux");
        }

        // What the jobs set in their environment, and a k6 that is no download.
        var k6 = "#!/bin/sh\nexec k6 \"$@\"\n"u8.ToArray();
        File.WriteAllBytes(_consumer.PathOf("k6.download"), k6);
        var environment = new Dictionary<string, string>
        {
            ["K6Engine"] = "k6",
            ["K6DownloadUrl"] = _consumer.PathOf("k6.download"),
            ["K6Sha256"] = Archives.Sum(k6),
            ["K6CacheDirectory"] = _consumer.PathOf("cache"),
            ["K6COMPAREWITH"] = "HEAD",
            ["K6BaselineBranch"] = "main",
        };
        var commands = CiCommands();
        CollectionAssert.AreEqual(new[] { "K6Install", "LoadTest" }, commands.Select(command => command.FirstOrDefault(part => part.StartsWith("-t:", StringComparison.Ordinal))?[3..]).OfType<string>().Distinct().ToArray());

        foreach (var command in commands)
        {
            Dotnet.Run(_consumer.Root, PackedSdk.Packages, null, command, environment).Succeeded();
        }

        var result = LoadTestJson.Read<LoadTestResult>(_consumer.PathOf("tests/Shop.LoadTests/TestResults/loadtest.json"));
        Assert.StartsWith("HEAD (", result.Tests.Single().Regressions.Single().Against!);
        foreach (var file in new[] { ".k6/history.jsonl", "TestResults/loadtest.trx", "TestResults/loadtest.junit.xml", "TestResults/load-performance.json" })
        {
            Assert.IsTrue(_consumer.Has($"tests/Shop.LoadTests/{file}"), file);
        }
    }

    // Each text in the YAML that is a command of dotnet, once; three files say the same.
    private static List<string[]> CiCommands()
    {
        var page = File.ReadAllText(Path.Combine(PackedSdk.Repository, "docs", "ci.md"));
        var files = page.Split("```yaml\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]).ToList();
        Assert.HasCount(3, files);
        var perFile = files.ConvertAll(file =>
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(file));
            return yaml.Documents.Single().AllNodes.OfType<YamlScalarNode>().Select(node => node.Value!).Where(value => value.StartsWith("dotnet ", StringComparison.Ordinal)).ToList();
        });
        Assert.IsTrue(perFile.TrueForAll(commands => commands.Count == 3), string.Join('\n', perFile.SelectMany(commands => commands)));
        return [.. perFile.SelectMany(commands => commands).Distinct().Select(command => command["dotnet ".Length..].Split(' '))];
    }

    private static void Git(params string[] arguments)
    {
        using var git = System.Diagnostics.Process.Start("git", ["-C", _consumer.Root, "-c", "user.name=Test", "-c", "user.email=test@localhost", .. arguments]);
        git.WaitForExit();
        Assert.AreEqual(0, git.ExitCode, string.Join(' ', arguments));
    }
}
