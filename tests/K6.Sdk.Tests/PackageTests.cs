using System.IO.Compression;
using System.Reflection.PortableExecutable;
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
            package.Entries.Where(e => e.FullName.StartsWith("tasks/", StringComparison.Ordinal) && e.Name.EndsWith(".dll", StringComparison.Ordinal)).Select(e => e.Name).ToArray());
        Assert.IsFalse(entries.Any(e => e.Contains("//", StringComparison.Ordinal) || e.StartsWith("lib/", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("linux-x64", Machine.Amd64, 0x7b79)]
    [DataRow("linux-arm64", Machine.Arm64, 0x7b79)]
    [DataRow("win-x64", Machine.Amd64, 0)]
    [DataRow("osx-x64", Machine.Amd64, 0x4644)]
    [DataRow("osx-arm64", Machine.Arm64, 0x4644)]
    public void The_engine_is_compiled_ahead_of_time_with_all_it_needs_for_most_platforms(string platform, Machine machine, int system)
    {
        using var package = ZipFile.OpenRead(PackedSdk.File);
        string[] Files(string folder) => [.. package.Entries.Where(e => Path.GetDirectoryName(e.FullName) == folder).Select(e => e.Name).Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(Files("tools/embedded"), Files($"tools/embedded/{platform}"));

        foreach (var entry in package.Entries.Where(e => e.FullName.StartsWith($"tools/embedded/{platform}/", StringComparison.Ordinal) && e.Name.EndsWith(".dll", StringComparison.Ordinal)))
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
