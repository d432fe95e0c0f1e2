using System.Xml.Linq;

namespace K6.Sdk.Tests;

/// <summary>Load tests in dotnet test: beside unit tests in one solution, in both of its modes.</summary>
[TestClass]
public sealed class TestRunnerTests : IDisposable
{
    private readonly Consumer _consumer = new();

    public void Dispose() => _consumer.Dispose();

    [TestMethod]
    public void A_mixed_solution_runs_unit_tests_and_load_tests_and_honours_the_options_of_dotnet_test()
    {
        Write(runner: false);

        var red = _consumer.Dotnet(
            "test", "All.slnx", "-p:Limit=1us", "--filter", "FullyQualifiedName~One|FullyQualifiedName~browse", "--results-directory", "out", "--logger", "trx;LogFileName=all.trx");

        red.FailedWith("Load.csproj(10", "error KSDK0320: browse: http_req_duration p(95)").Says("Passed:     1").DoesNotSay("other: running");
        CollectionAssert.AreEquivalent(new[] { "all.trx", "all.Load.trx" }, Directory.GetFiles(_consumer.PathOf("out"), "*.trx", SearchOption.AllDirectories).Select(Path.GetFileName).ToArray());
        Assert.IsTrue(_consumer.Has("out/Load/loadtest.json"));

        // What was built is run; a script that became wrong since then is not looked at.
        _consumer.Write("Load/browse.ts", "nonsense(");
        _consumer.Dotnet("test", "Load", "--no-build", "--filter", "Name=browse").FailedWith("error KSDK0320");
        _consumer.Dotnet("test", "Load", "--no-build", "--filter", "nobody").Succeeded().Says("No load test of Load matches the filter nobody");
    }

    [TestMethod]
    public void In_the_mode_of_the_testing_platform_runs_and_thresholds_are_listed_filtered_and_reported_as_tests()
    {
        Write(runner: true);
        _consumer.Write("global.json", """{ "test": { "runner": "Microsoft.Testing.Platform" } }""");

        var all = _consumer.Dotnet("test", "--solution", "All.slnx", "-p:Limit=1us");
        all.FailedWith("failed browse: http_req_duration p(95)").Says("failed: 1").Says("total: 6").Says("in ", "Load.csproj:10");

        var list = _consumer.Dotnet("test", "--project", "Load", "--no-build", "--list-tests").Succeeded().Says("  browse: http_req_duration p(95)").Says("  other");
        list.DoesNotSay("running on");

        // The build above left the limit that fails.
        _consumer.Dotnet("test", "--project", "Load", "--no-build", "--filter-uid", "Load.browse.Thresholds.http_reqs count").Succeeded().Says("total: 1");
        var one = _consumer.Dotnet("test", "--project", "Load", "--no-build", "--treenode-filter", "/Load/browse/Thresholds/http_req_duration*", "--report-trx", "--report-trx-filename", "one.trx", "--results-directory", "out");
        one.FailedWith("failed browse: http_req_duration p(95)").Says("total: 1");
        Assert.AreEqual(
            "browse: http_req_duration p(95)",
            XDocument.Load(Directory.GetFiles(_consumer.PathOf("out"), "one.trx", SearchOption.AllDirectories).Single()).Descendants().Single(element => element.Name.LocalName == "UnitTestResult").Attribute("testName")!.Value);
    }

    [TestMethod]
    public void An_application_that_serves_its_own_load_test_is_built_and_tested_once_when_asked_and_never_unasked()
    {
        _consumer.WriteService("App", """
            <K6RunOnTest Condition="'$(Asked)' == 'true'">true</K6RunOnTest>
                <K6Engine>embedded</K6Engine>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="K6.Sdk" Version="$VERSION$" PrivateAssets="all" />
                <K6Service Include="App.csproj" HealthPath="/health" />
                <K6Scenario Include="browse.ts" Iterations="1" />
              </ItemGroup>
              <PropertyGroup>
            """);
        _consumer.Write("App/browse.ts", """
            import http from "k6/http";
            export default function () { http.get(`${__ENV.BASE_URL}/hello`); }
            """);

        // In Release the service is what dotnet test builds anyway.
        var asked = _consumer.Dotnet("test", "App", "-c", "Release", "-p:Asked=true").Succeeded();
        Assert.HasCount(2, asked.Output.Split("browse: running on"), asked.Output);
        _consumer.Dotnet("test", "App", "-c", "Release").Succeeded().DoesNotSay("running on");
    }

    private void Write(bool runner)
    {
        _consumer.WriteService("Api");
        _consumer.Write("Load/Load.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <PropertyGroup>
                <K6RunOnTest>true</K6RunOnTest>
                <K6Engine>embedded</K6Engine>
                <Limit Condition="'$(Limit)' == ''">1m</Limit>
              </PropertyGroup>
              <ItemGroup>
                <K6Service Include="../Api/Api.csproj" HealthPath="/health" />
                <K6Scenario Include="browse.ts" Iterations="5" />
                <K6Threshold Include="http_req_duration" Statistic="p(95)" Below="$(Limit)" Test="browse" />
                <K6Scenario Include="other.ts" Iterations="1" />
              </ItemGroup>
            </Project>
            """);
        _consumer.Write("Load/browse.ts", """
            import http from "k6/http";
            import { check } from "k6";
            export const options = { thresholds: { http_reqs: ["count>1"] } };
            export default function () { check(http.get(`${__ENV.BASE_URL}/hello`), { "is 200": (r) => r.status === 200 }); }
            """);
        _consumer.Write("Load/other.ts", "export default function () {}");
        _consumer.Write("Units/Units.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <EnableMSTestRunner>{runner}</EnableMSTestRunner>
                <IsTestProject>true</IsTestProject>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
                <PackageReference Include="MSTest.TestAdapter" Version="4.5.2" />
                <PackageReference Include="MSTest.TestFramework" Version="4.5.2" />
              </ItemGroup>
            </Project>
            """);
        _consumer.Write("Units/UnitTests.cs", """
            using Microsoft.VisualStudio.TestTools.UnitTesting;

            [TestClass]
            public sealed class UnitTests
            {
                [TestMethod]
                public void One() { }
            }
            """);
        _consumer.Write("All.slnx", """
            <Solution>
              <Project Path="Api/Api.csproj" />
              <Project Path="Load/Load.csproj" />
              <Project Path="Units/Units.csproj" />
            </Solution>
            """);
    }
}
