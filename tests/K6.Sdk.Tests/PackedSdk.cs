using System.Globalization;
using System.Reflection;

[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.ClassLevel)]

namespace K6.Sdk.Tests;

/// <summary>The packages, packed once per test run, in a feed and with a package cache of its own.</summary>
[TestClass]
public static class PackedSdk
{
    private static readonly string Root = Path.Combine(Path.GetTempPath(), $"k6sdk-{Guid.NewGuid():N}");

    /// <summary>Root of the repository.</summary>
    public static string Repository { get; } = Metadata("RepositoryRoot");

    /// <summary>Unique, so that no cache can have it.</summary>
    public static string Version { get; } = "0.1.0-test" + DateTime.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    /// <summary>The local feed.</summary>
    public static string Feed { get; } = Path.Combine(Root, "feed");

    /// <summary>The package cache of the consumers.</summary>
    public static string Packages { get; } = Path.Combine(Root, "packages");

    /// <summary>The packed file.</summary>
    public static string File { get; } = Path.Combine(Feed, $"K6.Sdk.{Version}.nupkg");

    /// <summary>The packed library for C#.</summary>
    public static string LibraryFile { get; } = Path.Combine(Feed, $"K6.LoadTesting.{Version}.nupkg");

    [AssemblyInitialize]
    public static void Pack(TestContext _)
    {
        Directory.CreateDirectory(Feed);
        foreach (var project in (string[])["K6.Sdk", "K6.LoadTesting", "K6.TypeScript", "K6.Templates"])
        {
            Pack(project, Feed);
        }
    }

    /// <summary>Packs what was built.</summary>
    public static void Pack(string project, string folder) => Dotnet.Run(
        Path.Combine(Repository, "src", project), Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? "",
        "pack", "--no-build", "-c", Metadata("Configuration"), "-o", folder, $"-p:PackageVersion={Version}").Succeeded();

    [AssemblyCleanup]
    public static void Remove() => Directory.Delete(Root, recursive: true);

    private static string Metadata(string key) =>
        typeof(PackedSdk).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
