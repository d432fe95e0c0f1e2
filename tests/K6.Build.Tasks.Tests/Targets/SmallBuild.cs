using System.Diagnostics;

namespace K6.Build.Tasks.Tests.Targets;

/// <summary>A build in a process of its own whose heap is smaller than the files that tests give it, whatever they are read as.</summary>
internal static class SmallBuild
{
    private const int Heap = 100 << 20;

    /// <summary>Builds targets of a project; the test fails when the build does.</summary>
    public static void Run(string project, string targets)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", project, $"-t:{targets}", "-nologo", "-nodeReuse:false", $"-p:_K6TasksAssembly={typeof(ValidateLoadTests).Assembly.Location}"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(project),
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = $"0x{Heap:X}";
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        Assert.AreEqual(0, build.ExitCode, output);
    }
}
