using System.Runtime.Versioning;
using System.Text.Json;
using K6.LoadTesting.Tests.Install;

namespace K6.Sdk.Tests;

/// <summary>K6Install and K6.Runtime packages as a user has them. The k6 that is installed hands over to the one on PATH.</summary>
[TestClass]
[UnsupportedOSPlatform("windows")]
public sealed class InstallTests
{
    private static readonly byte[] K6 = "#!/bin/sh\nexec k6 \"$@\"\n"u8.ToArray();

    private static Consumer _consumer = null!;

    [ClassInitialize]
    public static void WriteProjects(TestContext _)
    {
        _consumer = new Consumer();
        _consumer.Write("nothing.ts", "export default function (): void {}\n");
        foreach (var (name, reference) in new[] { ("one", ""), ("two", ""), ("packaged", """<PackageReference Include="K6.Runtime.linux-x64" Version="2.2.0" /><PackageReference Include="K6.Runtime.linux-arm64" Version="2.2.0" />""") })
        {
            _consumer.Write($"{name}/{name}.csproj", $"""
                <Project Sdk="K6.Sdk/$VERSION$">
                  <PropertyGroup>
                    <K6Engine>k6</K6Engine>
                  </PropertyGroup>
                  <ItemGroup>
                    <K6Scenario Include="../nothing.ts" Vus="1" Iterations="1" />
                    {reference}
                  </ItemGroup>
                </Project>
                """);
        }
    }

    [ClassCleanup]
    public static void Remove() => _consumer.Dispose();

    [TestInitialize]
    public void Check()
    {
        RealK6.Require();
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("the k6 of these tests is a shell script for Linux");
        }
    }

    [TestMethod]
    public async Task Two_builds_at_once_install_once_over_a_proxy_and_the_load_test_runs_what_they_installed()
    {
        var version = K6Version();
        using var proxy = new Mirror(_ => new MirrorAnswer(K6));
        var cache = _consumer.PathOf("cache");
        string[] properties = ["-p:K6Version=" + version, "-p:K6Sha256=" + Archives.Sum(K6), "-p:K6CacheDirectory=" + cache, "-tl:off"];
        var environment = new Dictionary<string, string> { ["HTTP_PROXY"] = proxy.Url, ["http_proxy"] = proxy.Url };
        var runs = await Task.WhenAll(new[] { "one", "two" }.Select(project => Task.Run(() => Dotnet.Run(
            _consumer.Root, PackedSdk.Packages, null, ["build", project, "-t:K6Install", "-p:K6DownloadUrl=http://mirror.invalid/k6.tar.gz", .. properties], environment))));

        Assert.IsTrue(runs.All(run => run.ExitCode == 0), string.Concat(runs.Select(run => run.Output)));
        Assert.HasCount(1, proxy.Requests.Where(request => request.Target == "http://mirror.invalid/k6.tar.gz"), string.Join(" | ", proxy.Requests.Select(request => request.Target)));
        Assert.HasCount(1, runs.Where(run => run.Output.Contains($"k6 {version} is installed: {cache}", StringComparison.Ordinal)), string.Concat(runs.Select(run => run.Output)));
        Assert.HasCount(1, runs.Where(run => run.Output.Contains($"k6 {version} was installed already: {cache}", StringComparison.Ordinal)));

        _consumer.Dotnet(["build", "one", "-t:LoadTest", .. properties]).Succeeded();
        Assert.StartsWith(cache, EnginePath("one"));
    }

    [TestMethod]
    public void A_tampered_download_fails_the_build_and_nothing_but_K6Install_downloads()
    {
        using var mirror = new Mirror(_ => new MirrorAnswer(K6));
        string[] properties = ["-p:K6DownloadUrl=" + mirror.Url, "-p:K6CacheDirectory=" + _consumer.PathOf("cache 2"), "-tl:off"];

        _consumer.Dotnet(["build", "two", "-t:LoadTest", .. properties]).Succeeded();
        Assert.IsEmpty(mirror.Requests);
        _consumer.Dotnet(["build", "two", "-t:K6Install", .. properties]).FailedWith("error KSDK0012", "Nothing was installed");
        Assert.IsEmpty(Directory.GetFileSystemEntries(_consumer.PathOf("cache 2"), "*k6*"));
    }

    [TestMethod]
    public void A_package_of_ones_own_brings_k6_with_its_licence_and_runs()
    {
        _consumer.Write("company/k6", "#!/bin/sh\nexec k6 \"$@\"\n");
        _consumer.Write("company/LICENSE.md", "GNU AFFERO GENERAL PUBLIC LICENSE\n");
        var project = _consumer.PathOf("company/K6.Runtime.csproj");
        File.Copy(Path.Combine(PackedSdk.Repository, "src", "K6.Runtime", "K6.Runtime.csproj"), project);
        string[] pack = ["pack", project, "-p:K6Version=2.2.0", $"-p:K6Binary={_consumer.PathOf("company/k6")}", "-o", PackedSdk.Feed];

        _consumer.Dotnet([.. pack, "-p:RuntimeIdentifier=linux-x64"]).FailedWith("K6License", "licence text");
        foreach (var rid in new[] { "linux-x64", "linux-arm64" })
        {
            _consumer.Dotnet([.. pack, "-p:RuntimeIdentifier=" + rid, $"-p:K6License={_consumer.PathOf("company/LICENSE.md")}"]).Succeeded();
        }

        _consumer.Dotnet("build", "packaged", "-t:LoadTest").Succeeded();
        var architecture = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64";
        Assert.Contains($"k6.runtime.linux-{architecture}{Path.DirectorySeparatorChar}2.2.0{Path.DirectorySeparatorChar}tools", EnginePath("packaged"));
    }

    private static string EnginePath(string project)
    {
        using var result = JsonDocument.Parse(File.ReadAllText(_consumer.PathOf($"{project}/TestResults/loadtest.json")));
        return result.RootElement.GetProperty("engine").GetProperty("path").GetString()!;
    }

    // Whatever is on PATH.
    private static string K6Version()
    {
        using var k6 = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("k6", ["version", "--json"]) { RedirectStandardOutput = true })!;
        using var json = JsonDocument.Parse(k6.StandardOutput.ReadToEnd());
        return json.RootElement.GetProperty("version").GetString()!.TrimStart('v').Split('+')[0];
    }
}
