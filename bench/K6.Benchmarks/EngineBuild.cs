using System.Runtime.InteropServices;

namespace K6.Benchmarks;

/// <summary>The embedded engine as the package carries it: a release build, compiled ahead for this platform where it can be.</summary>
internal static class EngineBuild
{
    /// <summary>Builds it beside the benchmark and gives the path of <c>K6.Embedded.dll</c>.</summary>
    /// <exception cref="BenchmarkException">It does not build.</exception>
    public static string Publish()
    {
        var output = Path.Combine(AppContext.BaseDirectory, "engine");
        Console.Write("building the engine … ");
        var start = Machine.Command(null,
        [
            "dotnet", "publish", Path.Combine(Root(), "src", "K6.Embedded", "K6.Embedded.csproj"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier,
            "--self-contained", "false", "-p:PublishReadyToRun=true", "--artifacts-path", Path.Combine(AppContext.BaseDirectory, "engine-artifacts"), "-o", output, "-v", "q", "--nologo",
        ]);
        var took = Machine.Run(start).Wall;
        Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{took.TotalSeconds:0} s"));
        return Path.Combine(output, "K6.Embedded.dll");
    }

    /// <summary>The repository, which the benchmark is run from.</summary>
    /// <exception cref="BenchmarkException">It is not run from there.</exception>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "K6Build.sln")))
            {
                return folder.FullName;
            }
        }

        throw new BenchmarkException("run the benchmark from the repository: the engine is built from its source");
    }
}
