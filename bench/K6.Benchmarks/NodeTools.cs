using System.Runtime.InteropServices;

namespace K6.Benchmarks;

/// <summary>The tools that npm installs for the build of the repository.</summary>
internal static class NodeTools
{
    /// <summary>esbuild.</summary>
    public static string Esbuild => OperatingSystem.IsWindows() ? Find("@esbuild", Platform, "esbuild.exe") : Find("@esbuild", Platform, "bin", "esbuild");

    /// <summary>The native TypeScript compiler.</summary>
    public static string TypeScript => Find("@typescript", $"typescript-{Platform}", "lib", OperatingSystem.IsWindows() ? "tsc.exe" : "tsc");

    /// <summary>The TypeScript compiler that runs on Node.js.</summary>
    public static string TypeScriptOnNode => Find("typescript", "lib", "tsc.js");

    /// <summary>Folders with the types of k6.</summary>
    public static IReadOnlyList<string> TypesDirectories => [Path.Combine(EngineBuild.Root(), "src", "K6.Sdk", "types"), Path.Combine(Folder, "@types")];

    private static string Folder => Path.Combine(EngineBuild.Root(), "build", "tools", "node_modules");

    private static string Platform =>
        $"{(OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    private static string Find(params string[] path) =>
        Path.Combine([Folder, .. path]) is var file && File.Exists(file) ? file : throw new BenchmarkException($"{file} is missing: build the repository first");
}
