using System.IO.Compression;
using System.Text.Json;

namespace K6.Sdk.Tests;

/// <summary>Type checking with the compiler that restore brought, in both doors.</summary>
[TestClass]
public sealed class TypeCheckTests
{
    private static readonly string[] Platforms = ["win-x64", "win-arm64", "linux-x64", "linux-arm64", "osx-x64", "osx-arm64"];

    [TestMethod]
    public void A_package_per_platform_has_the_compiler_and_its_licence_at_the_compilers_own_version()
    {
        using var npm = JsonDocument.Parse(File.ReadAllText(Path.Combine(PackedSdk.Repository, "build", "tools", "package.json")));
        foreach (var platform in Platforms)
        {
            var name = $"@typescript/typescript-{platform.Replace("win-", "win32-", StringComparison.Ordinal).Replace("osx-", "darwin-", StringComparison.Ordinal)}";
            var version = npm.RootElement.GetProperty("dependencies").GetProperty(name).GetString();
            using var package = ZipFile.OpenRead(Path.Combine(PackedSdk.Feed, $"K6.TypeScript.{platform}.{version}.nupkg"));
            var entries = package.Entries.Select(entry => entry.FullName).ToHashSet();
            foreach (var entry in new[] { platform.StartsWith("win", StringComparison.Ordinal) ? "tools/tsc.exe" : "tools/tsc", "tools/lib.es5.d.ts", "LICENSE", "NOTICE.txt", "README.md" })
            {
                Assert.Contains(entry, entries);
            }
        }
    }

    [TestMethod]
    public void The_project_door_restores_the_compiler_of_its_platform_alone_and_needs_no_network_after_that()
    {
        using var consumer = new Consumer();
        consumer.Write("Load.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <ItemGroup>
                <K6Scenario Include="load.ts" Vus="1" Iterations="1" />
              </ItemGroup>
            </Project>
            """);
        consumer.Write("load.ts", "export default function () {\n  fetch('/');\n}\n");
        var packages = consumer.PathOf("packages");

        Dotnet.Run(consumer.Root, packages, "restore").Succeeded();

        var platform = Path.GetFileName(Directory.GetDirectories(packages, "k6.typescript.*").Single());
        Assert.Contains(platform["k6.typescript.".Length..], Platforms);
        consumer.Write("nuget.config", "<configuration><packageSources><clear /></packageSources></configuration>");
        Dotnet.Run(consumer.Root, packages, "build", "-t:LoadTest", "--no-restore", "-tl:off", "-p:K6TypeCheck=true", "-p:K6Engine=embedded")
            .FailedWith("load.ts(2,3): error TS2304: Cannot find name 'fetch'. k6 has no fetch").DoesNotSay("KSDK").DoesNotSay("running on");
        consumer.Write("load.ts", "export default function () {}\n");
        Dotnet.Run(consumer.Root, packages, "build", "-t:LoadTest", "--no-restore", "-tl:off", "-p:K6TypeCheck=true", "-p:K6Engine=embedded").Succeeded().Says("PASSED load");
    }

    [TestMethod]
    public void In_the_package_door_the_compiler_is_a_dependency_of_the_package()
    {
        using var consumer = new Consumer();
        consumer.Write("Library.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFrameworks>net10.0;netstandard2.0</TargetFrameworks>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="K6.Sdk" Version="$VERSION$" PrivateAssets="all" />
                <K6Scenario Include="load.ts" Vus="1" Iterations="1" />
              </ItemGroup>
            </Project>
            """);
        consumer.Write("load.ts", "const n: number = 'x';\nexport default function () { n.toFixed(); }\n");

        consumer.Dotnet("build", "-tl:off", "-p:K6TypeCheck=true").FailedWith("load.ts(1,7): error TS2322");
        consumer.Write("load.ts", "export default function () {}\n");
        consumer.Dotnet("build", "-tl:off", "-p:K6TypeCheck=true").Succeeded().DoesNotSay("warning");
    }

    [TestMethod]
    public void Without_the_package_a_load_test_warns_and_goes_on()
    {
        using var consumer = new Consumer();
        consumer.Write("Load.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <ItemGroup>
                <K6Scenario Include="load.ts" Vus="1" Iterations="1" />
              </ItemGroup>
            </Project>
            """);
        consumer.Write("load.ts", "export default function () {}\n");

        // As when packages were restored with the check turned off.
        consumer.Dotnet("build", "-t:LoadTest", "-tl:off", "-p:_K6TypeScriptVersion=7.0.0", "-p:UsingK6Sdk=restore", "-p:K6Engine=embedded").Succeeded()
            .Says("warning KSDK0034", "7.0.0 with the TypeScript compiler was not restored. Restore the project again").Says("PASSED load");
    }
}
