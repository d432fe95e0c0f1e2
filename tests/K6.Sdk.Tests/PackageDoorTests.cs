namespace K6.Sdk.Tests;

/// <summary>&lt;PackageReference Include="K6.Sdk"&gt;, in a library with several target frameworks, and in a solution.</summary>
[TestClass]
public sealed class PackageDoorTests
{
    private static Consumer _consumer = null!;

    [ClassInitialize]
    public static void WriteProjects(TestContext _)
    {
        _consumer = new Consumer();
        _consumer.WriteService("src/Api");
        _consumer.Write("tests/Lib/Lib.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <!-- The second one needs no targeting pack of its own. -->
                <TargetFrameworks>net10.0;net10.0-other1.0</TargetFrameworks>
                <TargetPlatformSupported>true</TargetPlatformSupported>
                <TargetPlatformVersionSupported>true</TargetPlatformVersionSupported>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="K6.Sdk" Version="$VERSION$" PrivateAssets="all" />
                <K6Service Include="../../src/Api/Api.csproj" HealthPath="/health" />
                <K6Scenario Include="hello.js" Vus="1" Iterations="2" />
              </ItemGroup>
            </Project>
            """);
        _consumer.Write("tests/Lib/Class.cs", "namespace Lib; public class Class;");
        _consumer.Write("tests/Lib/hello.js", """
            import http from 'k6/http';
            export default function () { http.get(`${__ENV.BASE_URL}/hello`); }
            """);
        _consumer.Write("tests/Load/Load.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <PropertyGroup>
                <TargetFrameworks>net10.0;net9.0</TargetFrameworks>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../Lib/Lib.csproj" />
                <K6Scenario Include="../Lib/hello.js" Name="again" Vus="1" Iterations="1" />
                <K6Service Include="../../src/Api/Api.csproj" HealthPath="/health" />
              </ItemGroup>
            </Project>
            """);
        _consumer.Write("all.slnx", """
            <Solution>
              <Project Path="src/Api/Api.csproj" />
              <Project Path="tests/Lib/Lib.csproj" />
              <Project Path="tests/Load/Load.csproj" />
            </Solution>
            """);
    }

    [ClassCleanup]
    public static void Remove() => _consumer.Dispose();

    [TestMethod]
    public void A_library_with_several_target_frameworks_runs_its_load_test_once_and_restores_the_service()
    {
        var run = _consumer.Dotnet("build", "tests/Lib", "-t:LoadTest", "-m", "-tl:off").Succeeded();

        Assert.HasCount(1, run.Output.Split("Load test passed").Skip(1), run.Output);
        Assert.IsTrue(_consumer.Has("tests/Lib/TestResults/loadtest.json"));
    }

    [TestMethod]
    public void An_application_with_load_tests_publishes_no_results_and_cleans_them()
    {
        _consumer.WriteService("src/Web");
        var project = File.ReadAllText(_consumer.PathOf("src/Web/Web.csproj"));
        _consumer.Write("src/Web/Web.csproj", project.Replace("</Project>", """
              <ItemGroup>
                <PackageReference Include="K6.Sdk" Version="$VERSION$" PrivateAssets="all" />
                <K6Scenario Include="empty.js" Vus="1" Iterations="1" />
              </ItemGroup>
            </Project>
            """, StringComparison.Ordinal));
        _consumer.Write("src/Web/empty.js", "export default function () {}");
        _consumer.Dotnet("build", "src/Web", "-t:LoadTest", "-tl:off").Succeeded();

        _consumer.Dotnet("publish", "src/Web", "-o", _consumer.PathOf("published")).Succeeded();
        Assert.IsTrue(_consumer.Has("published/Web.dll"));
        Assert.IsFalse(Directory.Exists(_consumer.PathOf("published/TestResults")));

        Assert.IsTrue(_consumer.Has("src/Web/TestResults/loadtest.trx"));
        _consumer.Dotnet("build", "src/Web", "-t:K6Clean", "-tl:off").Succeeded();
        Assert.IsFalse(Directory.Exists(_consumer.PathOf("src/Web/TestResults")));
    }

    [TestMethod]
    public void A_solution_builds_in_parallel_and_runs_each_load_test_once_after_the_build_when_asked_to()
    {
        var plain = _consumer.Dotnet("build", "all.slnx", "-m", "-tl:off").Succeeded().DoesNotSay("Load test");
        Assert.IsTrue(_consumer.Has("tests/Lib/bin/Debug/net10.0/Lib.dll"), plain.Output);
        Assert.IsTrue(_consumer.Has("tests/Lib/obj/k6/hello.js"), plain.Output);
        Assert.IsFalse(_consumer.Has("tests/Lib/bin/Debug/net10.0/K6.LoadTesting.dll"), "Nothing of the tasks may reach the output.");

        foreach (var mode in new[] { "-m", "-mt" })
        {
            var run = _consumer.Dotnet("build", "all.slnx", "--no-restore", "-p:K6RunAfterBuild=true", mode, "-tl:off").Succeeded();
            Assert.HasCount(2, run.Output.Split("Load test passed").Skip(1), run.Output);
        }
    }

    [TestMethod]
    public void Central_versions_artifacts_and_the_repository_s_own_build_files_go_with_graph_and_isolated_builds()
    {
        using var consumer = new Consumer();
        consumer.WriteService("api");
        consumer.Write("Directory.Build.props", """
            <Project>
              <PropertyGroup>
                <UseArtifactsOutput>true</UseArtifactsOutput>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
            </Project>
            """);
        consumer.Write("Directory.Build.targets", """
            <Project>
              <Target Name="Ours" AfterTargets="LoadTest">
                <Message Importance="high" Text="the repository's own target" />
              </Target>
            </Project>
            """);
        consumer.Write("Directory.Packages.props", """
            <Project>
              <PropertyGroup>
                <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
              </PropertyGroup>
              <ItemGroup>
                <PackageVersion Include="K6.Sdk" Version="$VERSION$" />
              </ItemGroup>
            </Project>
            """);
        consumer.Write("lib/Lib.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="K6.Sdk" PrivateAssets="all" />
                <K6Service Include="../api/api.csproj" HealthPath="/health" />
                <K6Scenario Include="hello.js" Vus="1" Iterations="2" />
              </ItemGroup>
            </Project>
            """);
        consumer.Write("lib/hello.js", """
            import http from 'k6/http';
            export default function () { http.get(`${__ENV.BASE_URL}/hello`); }
            """);

        consumer.Dotnet("build", "lib", "-t:LoadTest", "-graph", "-isolate", "-bl:" + consumer.PathOf("load.binlog"), "-p:K6Engine=embedded", "-tl:off")
            .Succeeded().Says("Load test passed").Says("the repository's own target");

        Assert.IsTrue(consumer.Has("artifacts/obj/Lib/k6/hello.js"));
        Assert.IsTrue(consumer.Has("load.binlog"));
        Assert.IsFalse(Directory.Exists(consumer.PathOf("lib/obj")));
    }
}
