namespace K6.Sdk.Tests;

/// <summary>Real k6, for tests that want it.</summary>
internal static class RealK6
{
    /// <summary>Ends the test as inconclusive when k6 is not on PATH.</summary>
    public static void Require()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "k6.exe" : "k6")));
        if (!found)
        {
            Assert.Inconclusive("k6 is not on PATH.");
        }
    }
}
