using System.Runtime.InteropServices;

namespace K6.LoadTesting.Tests.Bundling;

/// <summary>Programs that tests start.</summary>
internal static class TestTools
{
    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>esbuild: <c>K6SDK_TEST_ESBUILD</c>, else the one that the build installed.</summary>
    public static string Esbuild { get; } = FindEsbuild();

    /// <summary>The TypeScript compiler that the build installed.</summary>
    public static string TypeScript { get; } = FindInstalled("@typescript", $"typescript-{NodePlatform}", "lib", OperatingSystem.IsWindows() ? "tsc.exe" : "tsc");

    /// <summary>Folders with the types of k6: those of the repository and those that the build installed.</summary>
    public static IReadOnlyList<string> TypesDirectories { get; } =
        [Path.Combine(Repository, "src", "K6.Sdk", "types"), Path.Combine(Repository, "build", "tools", "node_modules", "@types")];

    /// <summary>The embedded engine, as the build of these tests left it.</summary>
    public static string Embedded { get; } = Path.Combine(
        AppContext.BaseDirectory.Replace(Path.Combine("tests", "K6.LoadTesting.Tests"), Path.Combine("src", "K6.Embedded"), StringComparison.Ordinal), "K6.Embedded.dll");

    /// <summary>Real k6: <c>K6_PATH</c>, else the one on PATH; null when there is none.</summary>
    public static string? K6 { get; } = FindK6();

    /// <summary>Real k6, or the test is skipped.</summary>
    public static string RequireK6()
    {
        if (K6 is null)
        {
            Assert.Inconclusive("k6 is not on PATH: this test runs on real k6 only.");
        }

        return K6!;
    }

    private static string FindRepository()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "K6Build.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"No K6Build.sln in or above {AppContext.BaseDirectory}: run the tests from their build output.");
    }

    private static string FindEsbuild()
    {
        if (Environment.GetEnvironmentVariable("K6SDK_TEST_ESBUILD") is { Length: > 0 } given)
        {
            return given;
        }

        string[] program = OperatingSystem.IsWindows() ? ["esbuild.exe"] : ["bin", "esbuild"];
        return FindInstalled(["@esbuild", NodePlatform, .. program]);
    }

    /// <summary>This machine as npm's packages name it.</summary>
    private static string NodePlatform =>
        $"{(OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux")}-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";

    private static string FindInstalled(params string[] path)
    {
        var file = Path.Combine([Repository, "build", "tools", "node_modules", .. path]);
        return File.Exists(file)
            ? file
            : throw new InvalidOperationException($"{path[^1]} is missing at {file}. Build the tests: build/tools/Tools.proj installs it with npm.");
    }

    private static string? FindK6()
    {
        if (Environment.GetEnvironmentVariable("K6_PATH") is { Length: > 0 } given)
        {
            return given;
        }

        var name = OperatingSystem.IsWindows() ? "k6.exe" : "k6";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }
}
