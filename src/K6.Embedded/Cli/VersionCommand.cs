using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace K6.Embedded.Cli;

/// <summary><c>version</c>: says what the program is; it never calls itself k6 alone.</summary>
internal static class VersionCommand
{
    /// <summary>The release of k6 whose contract the engine follows.</summary>
    public const string Compatibility = "v2.2.0";

    /// <summary>The engine's own version: <c>v0.1.0</c>.</summary>
    public static string Version { get; } = "v" + (typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0");

    /// <summary>Prints the version.</summary>
    public static int Execute(EngineHost host, FlagSet flags)
    {
        host.Output.WriteLine(flags.Bool("json") == true
            ? JsonSerializer.Serialize(new Dictionary<string, string>
            {
                ["version"] = Version,
                ["engine"] = "embedded",
                ["k6_compat"] = Compatibility,
                ["runtime"] = RuntimeInformation.FrameworkDescription,
                ["go_os"] = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux",
                ["go_arch"] = Architecture,
            })
            : $"K6.Embedded {Version} (compatible with k6 {Compatibility}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
        return ExitCodes.Ok;
    }

    private static string Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };
}
