using System.Runtime.InteropServices;
using K6.LoadTesting.Install;

namespace K6.LoadTesting.Engines;

/// <summary>Where the parts of the package are that an engine may need.</summary>
/// <param name="EmbeddedAssembly">Absolute path of <c>K6.Embedded.dll</c>; null when it is not there. Builds for single platforms are in folders beside it, named as <c>linux-x64</c>.</param>
/// <param name="DotnetHost">Absolute path of the <c>dotnet</c> program that runs it.</param>
internal sealed record EngineLocations(string? EmbeddedAssembly, string DotnetHost)
{
    /// <summary>The build that was compiled ahead of time for this platform, which starts sooner, or the portable one; null when there is none.</summary>
    internal string? EmbeddedAssemblyHere =>
        EmbeddedAssembly is not null && Path.Combine(Path.GetDirectoryName(EmbeddedAssembly)!, Platform, Path.GetFileName(EmbeddedAssembly)) is var compiled && File.Exists(compiled)
            ? compiled
            : EmbeddedAssembly;

    private static string Platform =>
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>Absolute path of the k6 of a <c>K6.Runtime</c> package; null without one.</summary>
    public string? PackagedK6 { get; init; }

    /// <summary>Absolute path of the k6 that <c>K6Install</c> installed; null without one.</summary>
    public string? InstalledK6 { get; init; }

    /// <summary><c>K6Version</c> when the project says one; null for none.</summary>
    public string? PinnedVersion { get; init; }

    /// <summary>The same with what <c>K6Install</c> installed.</summary>
    /// <param name="version"><c>K6Version</c>; empty when the project says none.</param>
    /// <param name="sha256"><c>K6Sha256</c>; empty when the project says none.</param>
    /// <param name="cacheDirectory"><c>K6CacheDirectory</c>, absolute; empty for the user's own.</param>
    internal EngineLocations WithInstalled(string version, string sha256, string cacheDirectory) => this with
    {
        InstalledK6 = K6Cache.At(cacheDirectory)?.Find(version, sha256),
        PinnedVersion = version.Length > 0 ? version : null,
    };
}

/// <summary>An engine, and how to start it.</summary>
/// <param name="Info">Name, version and path.</param>
/// <param name="Program">Absolute path of the program to start.</param>
/// <param name="Arguments">Arguments before those of the engine's own command line: <c>exec K6.Embedded.dll</c>, or none.</param>
internal sealed record EngineProgram(EngineInfo Info, string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Name of k6 itself.</summary>
    public const string K6 = "k6";

    /// <summary>Name of the embedded engine.</summary>
    public const string Embedded = "embedded";

    internal ChildCommand Command(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder) =>
        new(Program, [.. Arguments, .. arguments], environment, folder);
}
