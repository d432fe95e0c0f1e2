using System.IO.Compression;
using System.Runtime.InteropServices;

namespace K6.Sdk.Tests;

/// <summary>The package K6.LoadTesting, as a test project of a user has it.</summary>
[TestClass]
public sealed class LibraryTests : IDisposable
{
    private readonly Consumer _consumer = new();

    public void Dispose() => _consumer.Dispose();

    [TestMethod]
    public void The_package_has_its_tools_and_depends_on_nothing_of_MSBuild()
    {
        using var package = ZipFile.OpenRead(PackedSdk.LibraryFile);
        var entries = package.Entries.Select(e => e.FullName).ToHashSet();
        foreach (var entry in new[]
        {
            "lib/net10.0/K6.LoadTesting.dll", "lib/net10.0/K6.LoadTesting.xml", "build/K6.LoadTesting.targets", "buildTransitive/K6.LoadTesting.targets", "README.md",
            "THIRD-PARTY-NOTICES.md", "tools/embedded/K6.Embedded.dll", "tools/embedded/K6.Embedded.runtimeconfig.json", "tools/esbuild/win-x64/esbuild.exe", "tools/esbuild/osx-arm64/esbuild",
        })
        {
            Assert.Contains(entry, entries);
        }

        using var reader = new StreamReader(package.GetEntry("K6.LoadTesting.nuspec")!.Open());
        Assert.DoesNotContain("Microsoft.Build", reader.ReadToEnd());
    }

    [TestMethod]
    public void A_load_test_in_MSTest_is_green_against_a_web_application_on_Kestrel_and_red_in_the_words_of_the_build()
    {
        WriteShop();
        _consumer.Write("Shop.Tests/browse.ts", """
            import http from "k6/http";
            export default function () { http.get(`${__ENV.BASE_URL}/hello`); }
            """);
        _consumer.Write("Shop.Tests/BrowseTests.cs", """
            using K6.LoadTesting;
            using K6.LoadTesting.Plans;
            using Microsoft.AspNetCore.Mvc.Testing;
            using Microsoft.VisualStudio.TestTools.UnitTesting;

            public sealed class BrowseScenario(string baseUrl, string limit) : LoadTestScenario(baseUrl)
            {
                protected override void Define(LoadTestDefinition test)
                {
                    test.Script("browse.ts");
                    test.Load(new ScenarioLoad { Executor = "shared-iterations", Vus = 2, Iterations = 20 });
                    test.Threshold(Threshold.On("http_req_duration").Percentile(95).Below(limit));
                }
            }

            [TestClass]
            public sealed class BrowseTests
            {
                public TestContext TestContext { get; set; } = null!;

                [TestMethod]
                public Task Green() => RunAsync("1m");

                [TestMethod]
                public Task Red() => RunAsync("1us");

                private async Task RunAsync(string limit)
                {
                    await using var shop = new WebApplicationFactory<Program>();
                    shop.UseKestrel(0);
                    shop.StartServer();
                    var metrics = new MetricsCollector();
                    var scenario = new BrowseScenario(shop.ClientOptions.BaseAddress.ToString().TrimEnd('/'), limit);
                    var result = await scenario.RunAsync(new K6Options { Engine = EngineChoice.Embedded }, metrics, TestContext.CancellationToken);
                    Assert.AreEqual(20, metrics.Value("http_reqs", "count"));
                    TestContext.AddResultFile(Path.Combine(AppContext.BaseDirectory, "k6-results", "BrowseScenario", "loadtest.json"));
                    result.ShouldHold();
                }
            }
            """);

        var run = _consumer.Dotnet("test", "Shop.Tests", "--logger", "console;verbosity=detailed", "--logger", "trx", "--results-directory", "results");

        run.FailedWith("BrowseTests.cs(12): error KSDK0320: BrowseScenario: http_req_duration p(95)").Says("Passed Green").Says("Failed Red");
        Assert.HasCount(2, Directory.GetFiles(_consumer.PathOf("results"), "loadtest.json", SearchOption.AllDirectories), "the results are attached to both tests");
        var tools = Path.Combine("Shop.Tests", "bin", "Debug", "net10.0", "k6-tools");
        Assert.HasCount(1, Directory.GetDirectories(_consumer.PathOf(Path.Combine(tools, "esbuild"))), "esbuild of this machine alone");
        Assert.IsTrue(Directory.Exists(_consumer.PathOf(Path.Combine(tools, "esbuild", RuntimeInformation.RuntimeIdentifier.Replace("-musl", "", StringComparison.Ordinal)))) || !OperatingSystem.IsLinux());
    }

    private void WriteShop()
    {
        _consumer.WriteService("Shop");
        File.AppendAllText(_consumer.PathOf("Shop/Program.cs"), "\npublic partial class Program;\n");
        _consumer.Write("Shop.Tests/Shop.Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <IsTestProject>true</IsTestProject>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="K6.LoadTesting" Version="$VERSION$" />
                <PackageReference Include="Microsoft.AspNetCore.Mvc.Testing" Version="10.0.15" />
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
                <PackageReference Include="MSTest.TestAdapter" Version="4.5.2" />
                <PackageReference Include="MSTest.TestFramework" Version="4.5.2" />
                <ProjectReference Include="../Shop/Shop.csproj" />
                <None Include="*.ts" CopyToOutputDirectory="PreserveNewest" />
              </ItemGroup>
            </Project>
            """);
    }
}
