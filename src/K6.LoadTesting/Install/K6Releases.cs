using System.Runtime.InteropServices;

namespace K6.LoadTesting.Install;

/// <summary>
/// The releases of k6 that <c>K6Install</c> knows by their SHA-256 sums. A sum is in this table only when independent public sources state it alike
/// (docs/getting-k6.md names them); every other version is installed with a sum that the user gives.
/// </summary>
internal static class K6Releases
{
    /// <summary>The version that is installed when nobody asks for another.</summary>
    public const string DefaultVersion = "2.2.0";

    /// <summary>Where the project publishes its releases.</summary>
    public const string DefaultUrl = "https://github.com/grafana/k6/releases/download";

    // .NET's names of platforms, and k6's. Windows on arm64 runs the program for x64; there is no other.
    private static readonly Dictionary<string, string> Assets = new()
    {
        ["linux-x64"] = "linux-amd64.tar.gz",
        ["linux-arm64"] = "linux-arm64.tar.gz",
        ["osx-x64"] = "macos-amd64.zip",
        ["osx-arm64"] = "macos-arm64.zip",
        ["win-x64"] = "windows-amd64.zip",
        ["win-arm64"] = "windows-amd64.zip",
    };

    private static readonly Dictionary<string, string> Sums = new()
    {
        ["k6-v2.2.0-linux-amd64.tar.gz"] = "b5a8003c86f35f5cd5ceef1490312c48e587696c94d998cefc6d7b3b4cb1597d",
        ["k6-v2.2.0-linux-arm64.tar.gz"] = "4ecd64cadcc792402d16293836115480419c4447c032858f564852d98f1bf54c",
        ["k6-v2.2.0-macos-amd64.zip"] = "45a08590511c8a6a9c6331645e60c41624924e848e29472e87c60ac956d50372",
        ["k6-v2.2.0-macos-arm64.zip"] = "37a028506bf13578de66c906296803775df28cc2504b1a8c5d786b2803e757c7",
        ["k6-v2.2.0-windows-amd64.zip"] = "ceb2b1e1cf9dbe1303c6c33ec83ffda86dda5c610b4def92064d3c7ebae8d9f4",
        ["k6-v2.1.0-linux-amd64.tar.gz"] = "295d961ebfca306f295f1133068dcd403a8171c87f387928f5f30b0fbcff858a",
        ["k6-v2.1.0-linux-arm64.tar.gz"] = "191fa8d89512a4e5083f3fabcb4c3828af9f5b9eee016de8443f6473c029ffb5",
        ["k6-v2.1.0-macos-amd64.zip"] = "a600f44ad411ad5f5f7d178405d9956dac34c43563341396f1017ae7f79221a9",
        ["k6-v2.1.0-macos-arm64.zip"] = "7388e449816fdb98afe65f349f3983304ba5e14f73b6bee0d7f96c4e3e6b8942",
        ["k6-v2.1.0-windows-amd64.zip"] = "185ca503ead8f0348daa79c002469e5eb324473c39452f29b5f70b1c1b4c8503",
        ["k6-v2.0.0-linux-amd64.tar.gz"] = "2ae87d976f6cdba17185bdd980d8819a3a98e9092c6f0638cd58272ecefc8b90",
        ["k6-v2.0.0-linux-arm64.tar.gz"] = "397d338c0c50821994aa51a630e511c599c2e903d00f7fa6c55a82258e7a84e6",
        ["k6-v2.0.0-macos-amd64.zip"] = "287f3b0ab9f936f20c37c649f220842385a7961ead84d695d7b5192268c61b3f",
        ["k6-v2.0.0-macos-arm64.zip"] = "9a725f3faf8fc9de70f0bd86fb9783e6fb02f822492862846375ec0d8f2b35f7",
        ["k6-v2.0.0-windows-amd64.zip"] = "58bb8530af85c57abeb5cc2bae7581d6aa976d43ca538d4be79a1dcc93388b05",
    };

    /// <summary>This machine in .NET's words: <c>linux-x64</c>, <c>osx-arm64</c>, <c>win-x64</c>, …</summary>
    public static string Platform { get; } =
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : "other")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>Name of a release's file; null for a platform that k6 is not made for.</summary>
    public static string? FileName(string version, string platform) =>
        Assets.TryGetValue(platform, out var asset) ? $"k6-v{version}-{asset}" : null;

    /// <summary>SHA-256 of a release's file, 64 hexadecimal digits; null when it is not known here.</summary>
    public static string? Sha256(string version, string platform) =>
        FileName(version, platform) is { } file ? Sums.GetValueOrDefault(file) : null;

    /// <summary>The files that the table knows, in its order.</summary>
    internal static IReadOnlyDictionary<string, string> Known => Sums;
}
