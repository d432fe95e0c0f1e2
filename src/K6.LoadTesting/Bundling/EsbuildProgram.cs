using System.Runtime.InteropServices;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Bundling;

/// <summary>Finds the esbuild of the package, and makes sure that it may be executed.</summary>
internal static class EsbuildProgram
{
    /// <summary>Absolute path of a program that can be started.</summary>
    /// <param name="directory">The package's folder, with one folder per platform.</param>
    /// <param name="given"><c>K6EsbuildPath</c>; empty for the package's.</param>
    /// <param name="fallback">Folder for a copy where the package cannot be changed.</param>
    /// <exception cref="LoadTestException">There is none.</exception>
    public static string Find(string directory, string given, string fallback)
    {
        if (given.Length > 0)
        {
            return File.Exists(given) ? given : throw Missing($"K6EsbuildPath names '{given}', which does not exist. Correct or remove the property.");
        }

        var platform = Platform;
        var program = Path.Combine(directory, platform, OperatingSystem.IsWindows() ? "esbuild.exe" : "esbuild");
        return File.Exists(program)
            ? PackagedProgram.Executable(program, fallback)
            : throw Missing(
                $"K6.Sdk brings no esbuild for {platform} ({program} does not exist). Install esbuild for this platform and name it: -p:K6EsbuildPath=/path/to/esbuild.");
    }

    /// <summary>The folder's name for this machine: <c>linux-x64</c>, <c>osx-arm64</c>, <c>win-x64</c>, …</summary>
    internal static string Platform
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    private static LoadTestException Missing(string message) => new(Rules.PlatformNotSupported.At(null, message));
}
