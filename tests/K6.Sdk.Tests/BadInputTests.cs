using System.Text.Json;

namespace K6.Sdk.Tests;

/// <summary>What goes wrong gets a code at a line, from the package and through the command line. One project; a property chooses the mistake.</summary>
[TestClass]
public sealed class BadInputTests
{
    private static Consumer _consumer = null!;

    [ClassInitialize]
    public static void WriteProjects(TestContext _)
    {
        _consumer = new Consumer();
        _consumer.WriteService("Broken");
        _consumer.Write("Broken/Program.cs", "this does not compile");
        _consumer.WriteService("Fine");
        _consumer.WriteService("Several", "<TargetFrameworks>net10.0;net9.0</TargetFrameworks>");
        _consumer.Write("Several/Several.csproj", File.ReadAllText(_consumer.PathOf("Several/Several.csproj")).Replace("<TargetFramework>net10.0</TargetFramework>", "", StringComparison.Ordinal));
        _consumer.WriteService("Exits");
        _consumer.Write("Exits/Program.cs", "Console.WriteLine(\"no database\"); return 3;");
        _consumer.Write("bad.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <ItemGroup>
                <K6Scenario Condition="'$(Case)' == 'syntax'" Include="syntax.ts" />
                <K6Scenario Condition="'$(Case)' == 'import'" Include="import.ts" />
                <K6Scenario Condition="'$(Case)' == 'module'" Include="module.ts" />
                <K6Scenario Condition="'$(Case)' == 'exec'" Include="good.ts" Exec="nothere" Vus="1" Iterations="1" />
                <K6Scenario Condition="'$(Case)' == 'glob'" Include="none/*.ts" />
                <K6Scenario Condition="'$(Case)' == 'slow'" Include="slow.ts" />
                <K6Scenario Condition="'$(Case)' == '' or '$(Service)' != ''" Include="good.ts" />
                <K6Service Condition="'$(Service)' != ''" Include="$(Service)/$(Service).csproj" />
                <K6Service Condition="'$(Service)' == 'Broken'" Include="Fine/Fine.csproj" UrlVariable="FINE_URL" />
              </ItemGroup>
            </Project>
            """);
        _consumer.Write("good.ts", "export default function (): void {}\n");
        _consumer.Write("syntax.ts", "export default function () {\n  const é = 'ü'; const x: = 3;\n}\n");
        _consumer.Write("import.ts", "import { a } from './nowhere';\nexport default function () { a(); }\n");
        _consumer.Write("module.ts", "import nothing from 'k6/nosuch';\nexport default function () { nothing(); }\n");
        _consumer.Write("slow.ts", "import { sleep } from 'k6';\nexport const options = { vus: 1, duration: '60s' };\nexport default function () { sleep(0.1); }\n");
        _consumer.Dotnet("restore").Succeeded();
    }

    [ClassCleanup]
    public static void Remove() => _consumer.Dispose();

    [TestMethod]
    [DataRow("syntax", "syntax.ts(2,27): error KSDK02")]
    [DataRow("import", "import.ts(1,19): error KSDK02")]
    [DataRow("module", "module.ts(1,21): error KSDK02")]
    [DataRow("exec", "bad.csproj(6,67): error KSDK02")]
    [DataRow("glob", "bad.csproj(7,5): error KSDK0105")]
    public void A_mistake_in_a_script_or_in_its_declaration_is_found_by_a_plain_bundle(string mistake, string error) =>
        Build("K6Bundle", $"-p:Case={mistake}").FailedWith(_consumer.PathOf(error));

    [TestMethod]
    public void A_service_that_does_not_build_is_named_at_its_item()
    {
        Build("LoadTest", "-p:Case=service", "-p:Service=Broken")
            .FailedWith("Program.cs(1,", ": error CS")
            .Says(_consumer.PathOf("bad.csproj(10,5): error KSDK0032"), "broken")
            .DoesNotSay("running on")
            .DoesNotSay("The service fine did not build");
        Build("LoadTest", "-p:Case=service", "-p:Service=Several")
            .FailedWith(_consumer.PathOf("bad.csproj(10,5): error KSDK0032"), "TargetFramework=\"net10.0\"");
    }

    [TestMethod]
    public void A_service_that_exits_early_is_an_error_that_has_its_last_words() =>
        Build("LoadTest", "-p:Case=service", "-p:Service=Exits").FailedWith("error KSDK05", "no database");

    [TestMethod]
    public void A_k6_that_is_missing_or_is_none_is_an_error()
    {
        Build("LoadTest", "-p:K6Engine=k6", "-p:K6Path=/nowhere/k6").FailedWith("bad.csproj", "error KSDK0002");
        Build("LoadTest", "-p:K6Engine=k6", "-p:K6Path=/bin/false").FailedWith("bad.csproj", "error KSDK0004");
    }

    [TestMethod]
    public void A_results_folder_that_cannot_be_made_is_an_error()
    {
        _consumer.Write("occupied", "a file");

        Build("LoadTest", "-p:K6ResultsDirectory=occupied").FailedWith("error KSDK0380");
    }

    [TestMethod]
    public void A_run_past_its_time_limit_is_stopped_and_fails() =>
        Build("LoadTest", "-p:Case=slow", "-p:K6MaxDuration=2s").FailedWith("error KSDK03");

    [TestMethod]
    public void A_cancelled_load_test_fails_and_keeps_what_it_measured()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("A test cannot press Ctrl-C on Windows.");
        }

        var run = Dotnet.Run(
            _consumer.Root,
            PackedSdk.Packages,
            "slow: 00:0",
            ["build", "bad.csproj", "--no-restore", "-t:LoadTest", "-p:Case=slow", "-p:K6ProgressInterval=1s", "-p:K6ResultsDirectory=cancelled", "-tl:off"]);

        Assert.AreNotEqual(0, run.ExitCode, run.Output);
        run.DoesNotSay("Load test passed");
        using var result = JsonDocument.Parse(File.ReadAllText(_consumer.PathOf("cancelled/loadtest.json")));
        Assert.AreEqual("failed", result.RootElement.GetProperty("verdict").GetString());
        Assert.AreEqual("cancelled", result.RootElement.GetProperty("tests")[0].GetProperty("outcome").GetString());
        Assert.IsGreaterThan(0, result.RootElement.GetProperty("tests")[0].GetProperty("metrics").GetProperty("iterations").GetProperty("values").GetProperty("count").GetDouble());
    }

    private static DotnetRun Build(string target, params string[] properties) =>
        _consumer.Dotnet(["build", "bad.csproj", "--no-restore", $"-t:{target}", "-tl:off", .. properties]);
}
