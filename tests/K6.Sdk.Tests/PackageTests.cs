using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;

namespace K6.Sdk.Tests;

[TestClass]
public sealed class PackageTests
{
    private static readonly string[] Platforms = ["win-x64", "win-arm64", "linux-x64", "linux-arm64", "osx-x64", "osx-arm64"];

    [TestMethod]
    public void The_package_has_its_tools_for_every_platform_and_no_copy_of_MSBuild_or_the_framework()
    {
        using var package = ZipFile.OpenRead(PackedSdk.File);
        var entries = package.Entries.Select(e => e.FullName).ToHashSet();

        foreach (var platform in Platforms)
        {
            Assert.Contains($"tools/esbuild/{platform}/esbuild{(platform.StartsWith("win", StringComparison.Ordinal) ? ".exe" : "")}", entries);
        }

        foreach (var entry in new[]
        {
            "Sdk/Sdk.props", "Sdk/Sdk.targets", "build/K6.Sdk.props", "build/K6.Sdk.targets", "buildMultiTargeting/K6.Sdk.targets",
            "targets/K6.targets", "tasks/net10.0/K6.Build.Tasks.dll", "tasks/net10.0/K6.Build.Tasks.deps.json", "tools/embedded/K6.Embedded.dll",
            "tools/embedded/K6.Embedded.runtimeconfig.json", "types/k6/index.d.ts", "types/k6/http/index.d.ts", "types/k6-globals/index.d.ts", "types/node/index.d.ts",
            "docs/codes.md", "README.md", "THIRD-PARTY-NOTICES.md",
        })
        {
            Assert.Contains(entry, entries);
        }

        CollectionAssert.AreEquivalent(
            new[]
            {
                "Acornima.dll", "Bogus.dll", "CliWrap.dll", "CsvHelper.dll", "Dia2Lib.dll", "Fare.dll", "K6.Build.Tasks.dll", "K6.LoadTesting.dll", "Microsoft.Diagnostics.FastSerialization.dll", "Microsoft.Diagnostics.NETCore.Client.dll",
                "Microsoft.Diagnostics.Tracing.TraceEvent.dll", "Microsoft.Extensions.DependencyInjection.Abstractions.dll", "Microsoft.Extensions.Logging.Abstractions.dll", "TraceReloggerLib.dll", "YamlDotNet.dll",
                // The host for test runners shares the library.
                "K6.Sdk.TestHost.dll", "Microsoft.Testing.Platform.dll", "Microsoft.Testing.Extensions.TrxReport.dll", "Microsoft.Testing.Extensions.TrxReport.Abstractions.dll",
            },
            package.Entries.Where(e => e.FullName.StartsWith("tasks/net10.0/", StringComparison.Ordinal) && e.Name.EndsWith(".dll", StringComparison.Ordinal)).Select(e => e.Name).ToArray());
        Assert.IsFalse(entries.Any(e => e.Contains("//", StringComparison.Ordinal) || e.StartsWith("lib/", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void The_tasks_of_this_platform_run_and_find_what_is_not_beside_them()
    {
        using var consumer = new Consumer();
        consumer.Write("load/load.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <K6Data Include="people" Count="3" Seed="1">
                  <Generate>name: fullName</Generate>
                </K6Data>
                <K6Scenario Include="browse.js" Vus="1" Iterations="1" />
              </ItemGroup>
            </Project>
            """);
        consumer.Write("load/browse.js", "import { people } from 'k6-data/people';\nexport default function () { console.log(people.length); }\n");
        var platform = $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

        // Bogus makes the names, and is in tasks/net10.0 alone.
        consumer.Dotnet("build", "load", "-p:K6TypeCheck=false").Succeeded();
        consumer.Dotnet("build", "load", "-getProperty:_K6TasksAssembly").Succeeded().Says(Path.Combine("tasks", platform, "K6.Build.Tasks.dll"));
        Assert.IsTrue(consumer.Has("load/obj/k6/data/people.rows"));
    }

    [TestMethod]
    [DataRow("linux-x64", Machine.Amd64, 0x7b79)]
    [DataRow("linux-arm64", Machine.Arm64, 0x7b79)]
    [DataRow("win-x64", Machine.Amd64, 0)]
    [DataRow("osx-x64", Machine.Amd64, 0x4644)]
    [DataRow("osx-arm64", Machine.Arm64, 0x4644)]
    public void The_engine_and_the_tasks_are_compiled_ahead_of_time_for_most_platforms(string platform, Machine machine, int system)
    {
        using var package = ZipFile.OpenRead(PackedSdk.File);
        string[] Files(string folder) => [.. package.Entries.Where(e => Path.GetDirectoryName(e.FullName) == folder).Select(e => e.Name).Order(StringComparer.Ordinal)];
        // The engine with all it needs; the tasks find the rest in tasks/net10.0.
        CollectionAssert.AreEqual(Files("tools/embedded"), Files($"tools/embedded/{platform}"));
        CollectionAssert.AreEqual(new[] { "K6.Build.Tasks.dll", "K6.LoadTesting.dll" }, Files($"tasks/{platform}"));

        foreach (var entry in package.Entries.Where(e => Path.GetDirectoryName(e.FullName) is var folder && (folder == $"tools/embedded/{platform}" || folder == $"tasks/{platform}") && e.Name.EndsWith(".dll", StringComparison.Ordinal)))
        {
            using var content = new MemoryStream();
            entry.Open().CopyTo(content);
            content.Position = 0;
            using var image = new PEReader(content);
            Assert.AreNotEqual(0, image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size, entry.FullName);
            Assert.AreEqual((int)machine ^ system, (int)image.PEHeaders.CoffHeader.Machine, entry.FullName);
        }
    }

    [TestMethod]
    public void The_package_is_an_SDK_and_a_dependency_of_development()
    {
        using var package = ZipFile.OpenRead(PackedSdk.File);
        using var reader = new StreamReader(package.GetEntry("K6.Sdk.nuspec")!.Open());
        var nuspec = reader.ReadToEnd();

        Assert.Contains("<packageType name=\"MSBuildSdk\" />", nuspec);
        Assert.Contains("<packageType name=\"Dependency\" />", nuspec);
        Assert.Contains("<developmentDependency>true</developmentDependency>", nuspec);
        // Without a framework, the resolver of SDKs would fetch all of them.
        var dependencies = XDocument.Parse(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency").ToArray();
        CollectionAssert.AreEquivalent(Platforms.Select(platform => $"K6.TypeScript.{platform} for .NETStandard2.0").ToArray(),
            dependencies.Select(one => $"{one.Attribute("id")!.Value} for {one.Parent!.Attribute("targetFramework")?.Value}").ToArray());
    }

    [TestMethod]
    [DataRow("K6.Sdk", "@esbuild/linux-x64 MIT, @types/k6 MIT, Bogus MIT, Jint BSD-2-Clause, Microsoft.Testing.Platform MIT")]
    [DataRow("K6.LoadTesting", "@esbuild/win32-x64 MIT, AngleSharp MIT, Jint BSD-2-Clause")]
    [DataRow("K6.TypeScript.linux-x64", "@typescript/typescript-linux-x64 Apache-2.0")]
    [DataRow("K6.TypeScript.win-arm64", "@typescript/typescript-win32-arm64 Apache-2.0")]
    public void A_bill_of_materials_has_versions_and_licences_of_what_is_bundled_and_the_hash_of_each_program(string id, string some)
    {
        using var package = ZipFile.OpenRead(Directory.GetFiles(PackedSdk.Feed, $"{id}.?.?.?*.nupkg").Single());
        using var bill = JsonDocument.Parse(package.GetEntry($"sbom/{id}.cdx.json")!.Open());
        var components = bill.RootElement.GetProperty("components").EnumerateArray().ToLookup(one => one.GetProperty("type").GetString());
        Assert.AreEqual("CycloneDX 1.6", $"{bill.RootElement.GetProperty("bomFormat")} {bill.RootElement.GetProperty("specVersion")}");

        var libraries = components["library"].ToDictionary(one => one.GetProperty("name").GetString()!);
        foreach (var (name, library) in libraries)
        {
            Assert.MatchesRegex(@"^\d+\.\d+", library.GetProperty("version").GetString()!, name);
            Assert.AreEqual(128, Hash(library, "SHA-512").Length, name);
            Assert.AreNotEqual("", LicenceOf(library), name);
        }

        foreach (var words in some.Split(", ").Select(pair => pair.Split(' ')))
        {
            Assert.AreEqual(words[1], LicenceOf(libraries[words[0]]), words[0]);
        }

        var files = components["file"].ToDictionary(one => one.GetProperty("name").GetString()!, one => Hash(one, "SHA-256"));
        foreach (var entry in package.Entries.Where(entry => Path.GetExtension(entry.Name) is ".dll" or ".exe" || Path.GetFileName(entry.Name) is "esbuild" or "tsc"))
        {
            using var content = entry.Open();
            // The library of the package itself is no bundled program.
            if (!entry.FullName.StartsWith("lib/", StringComparison.Ordinal))
            {
                Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(content)), files.GetValueOrDefault(entry.FullName), entry.FullName);
            }
        }

        string Hash(JsonElement component, string algorithm)
        {
            var hash = component.GetProperty("hashes").EnumerateArray().Single();
            Assert.AreEqual(algorithm, hash.GetProperty("alg").GetString());
            return hash.GetProperty("content").GetString()!;
        }

        string LicenceOf(JsonElement component)
        {
            var licence = component.GetProperty("licenses").EnumerateArray().Single();
            return licence.TryGetProperty("expression", out var expression) ? expression.GetString()! : licence.GetProperty("license").GetProperty("id").GetString()!;
        }
    }

    [TestMethod]
    public void The_same_build_gives_the_same_package_byte_for_byte()
    {
        using var consumer = new Consumer();
        foreach (var project in (string[])["K6.LoadTesting", "K6.Templates"])
        {
            PackedSdk.Pack(project, consumer.PathOf("again"));

            var name = $"{project}.{PackedSdk.Version}.nupkg";
            Assert.AreEqual(Sum(Path.Combine(PackedSdk.Feed, name)), Sum(consumer.PathOf($"again/{name}")), project);
        }

        static string Sum(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
    }

    [TestMethod]
    public void Help_links_find_their_row()
    {
        using var package = ZipFile.OpenRead(PackedSdk.File);
        using var reader = new StreamReader(package.GetEntry("docs/codes.md")!.Open());

        Assert.Contains("| <a id=\"ksdk0030\"></a>KSDK0030 | error |", reader.ReadToEnd());
    }
}
