using System.Text.Json;

namespace K6.Sdk.Tests;

/// <summary>&lt;Project Sdk="K6.Sdk/x.y.z"&gt;: a folder with scripts, a project file and a service that nobody has ever restored.</summary>
[TestClass]
public sealed class ProjectDoorTests
{
    private static Consumer _consumer = null!;

    [ClassInitialize]
    public static void WriteProjects(TestContext _)
    {
        _consumer = new Consumer();
        _consumer.WriteService("Wéb App");
        _consumer.Write("load/Load.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <PropertyGroup>
                <P95 Condition="'$(P95)' == ''">10s</P95>
              </PropertyGroup>
              <ItemGroup>
                <K6Service Include="../Wéb App/Wéb App.csproj" HealthPath="/health" />
                <K6Scenario Include="scripts/hello.ts" Vus="1" Iterations="3" />
                <K6Threshold Include="http_req_duration" Statistic="p(95)" Below="$(P95)" />
              </ItemGroup>
              <Target Name="Tell" AfterTargets="AfterLoadTest">
                <Message Importance="high" Text="the hook ran" />
              </Target>
            </Project>
            """);
        _consumer.Write("load/scripts/hello.ts", """
            import http from 'k6/http';
            import { check } from 'k6';
            import { url } from './lib/url.ts';

            export default function (): void {
              const response = http.get(url('/hello'));
              check(response, { 'it says hello': (r) => r.body === 'hello' });
            }
            """);
        _consumer.Write("load/scripts/lib/url.ts", "export const url = (path: string): string => `${__ENV.BASE_URL}${path}`;\n");
    }

    [ClassCleanup]
    public static void Remove() => _consumer.Dispose();

    [TestMethod]
    public void A_load_test_restores_builds_and_starts_its_service_and_returns_its_results_as_JSON()
    {
        var run = _consumer.Dotnet("build", "load", "-t:LoadTest", "-getTargetResult:LoadTest").Succeeded();

        using var json = JsonDocument.Parse(run.StandardOutput);
        var item = json.RootElement.GetProperty("TargetResults").GetProperty("LoadTest").GetProperty("Items").EnumerateArray().Single();
        Assert.AreEqual("hello passed 3 1 0", string.Join(' ', new[] { "Identity", "Verdict", "Iterations", "Thresholds", "ThresholdsCrossed" }.Select(name => item.GetProperty(name).GetString())));
        Assert.AreEqual(_consumer.PathOf("load/TestResults/loadtest.json"), item.GetProperty("ResultFile").GetString());

        Assert.IsTrue(_consumer.Has("load/TestResults/loadtest.trx"));
        Assert.IsTrue(_consumer.Has("Wéb App/bin/Release/net10.0/Wéb App.dll"));
        using var result = JsonDocument.Parse(File.ReadAllText(_consumer.PathOf("load/TestResults/loadtest.json")));
        Assert.AreEqual("passed", result.RootElement.GetProperty("verdict").GetString());
        Assert.IsFalse(Directory.Exists(_consumer.PathOf("load/bin")), "A project without an assembly has no output.");
    }

    [TestMethod]
    public void A_crossed_threshold_fails_the_build_at_its_line_and_the_hook_still_runs()
    {
        var run = _consumer.Dotnet("build", "load", "-t:LoadTest", "-p:P95=1us", "-tl:off");

        run.FailedWith($"{_consumer.PathOf("load/Load.csproj")}(8,5): error KSDK0320: ").Says("x  http_req_duration p(95) = ").Says("the hook ran");
    }

    [TestMethod]
    public void The_terminal_logger_shows_the_verdict_and_counts_the_thresholds()
    {
        var run = _consumer.Dotnet("build", "load", "-t:LoadTest", "-p:P95=1us", "-tl:on", "-tlp:disablenodedisplay");

        run.FailedWith("x  http_req_duration p(95) = ").Says("KSDK0320", "docs/codes.md#ksdk0320").Says("Test summary: total: 1").Says("failed with 1 error(s)");
    }

    [TestMethod]
    public void A_failed_verdict_may_be_left_to_a_later_step()
    {
        _consumer.Dotnet("build", "load", "-t:LoadTest", "-p:P95=1us", "-p:K6FailOnError=false", "-tl:off")
            .Succeeded().Says("(8,5): warning KSDK0320: ").Says("Load test failed");
    }

    [TestMethod]
    public void A_build_bundles_what_changed_and_runs_nothing_and_Clean_keeps_results()
    {
        _consumer.Write("load/TestResults/mine.txt", "");
        var bundle = _consumer.PathOf("load/obj/k6/hello.js");

        _consumer.Dotnet("build", "load", "-tl:off", "-v:n").Succeeded().DoesNotSay("Load test").Says("Bundled 1 load test");
        Assert.IsTrue(File.Exists(bundle));
        Assert.IsTrue(_consumer.Has("load/obj/k6/tsconfig.json"));
        _consumer.Dotnet("build", "load", "-tl:off", "-v:n").Succeeded().Says("The bundles are up to date.");

        _consumer.Write("load/scripts/lib/url.ts", "export const url = (path: string): string => __ENV.BASE_URL + path;\n");
        _consumer.Dotnet("build", "load", "-tl:off", "-v:n").Succeeded().Says("Bundled 1 load test");

        _consumer.Dotnet("clean", "load").Succeeded();
        Assert.IsFalse(File.Exists(bundle));
        Assert.IsTrue(_consumer.Has("load/obj/k6/tsconfig.json"));
        Assert.IsTrue(_consumer.Has("load/TestResults/mine.txt"));
    }

    [TestMethod]
    public void Publish_and_pack_pass_by_and_the_declaration_can_be_shown()
    {
        _consumer.Dotnet("publish", "load", "-tl:off").Succeeded();
        _consumer.Dotnet("pack", "load", "-tl:off").Succeeded();
        _consumer.Dotnet("build", "load", "-t:K6Validate", "-tl:off").Succeeded().Says("Load: 1 test, 1 scenario, 1 threshold, 1 service: valid");
        _consumer.Dotnet("build", "load", "-t:K6ListScenarios", "-tl:on", "-tlp:disablenodedisplay").Succeeded().Says("hello", "shared-iterations", "scripts/hello.ts");
    }

    [TestMethod]
    public void After_one_restore_everything_works_without_a_network()
    {
        _consumer.Dotnet("build", "load", "-t:LoadTest", "-tl:off").Succeeded();
        _consumer.Write("load/scripts/lib/url.ts", "export const url = (path: string): string => (__ENV.BASE_URL ?? '') + path;\n");
        _consumer.Write("Wéb App/Later.cs", "internal sealed class Later;\n");

        foreach (var engine in RealK6.IsThere ? (string[])["k6", "embedded"] : ["embedded"])
        {
            Dotnet.RunOffline(_consumer.Root, PackedSdk.Packages, "build", "load", "-t:LoadTest", $"-p:K6Engine={engine}", "-tl:off", "-v:n")
                .Succeeded().Says("Load test passed");
        }

        Dotnet.RunOffline(_consumer.Root, PackedSdk.Packages, "build", "load", "-t:K6Report", "-tl:off").Succeeded();
        if (!Dotnet.CanCutNetwork)
        {
            Assert.Inconclusive("No network namespace can be made here: only the proxies led nowhere.");
        }
    }
}
