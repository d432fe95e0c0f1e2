namespace K6.Sdk.Tests;

/// <summary>Real k6, for tests that want it.</summary>
internal static class RealK6
{
    /// <summary>Whether k6 is on PATH.</summary>
    public static bool IsThere { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "k6.exe" : "k6")));

    /// <summary>Ends the test as inconclusive when k6 is not on PATH.</summary>
    public static void Require()
    {
        if (!IsThere)
        {
            Assert.Inconclusive("k6 is not on PATH.");
        }
    }
}
