using System.Globalization;

namespace K6.Benchmarks;

/// <summary>
/// The wall time of <c>dotnet build -t:LoadTest</c> for a load of 10 s, against a bare <c>k6 run</c> of the same bundle and a build of the same project that has nothing to do: what the road costs beside
/// the load. The target runs already, there is no service, bundles and type check are up to date.
/// </summary>
internal static class OverheadBenchmark
{
    private const int Rounds = 9;
    private const double Goal = 1.03;

    /// <summary>Measures and prints. 0 measured, 3 without k6.</summary>
    public static int Run()
    {
        if (Machine.Find("k6") is not { } k6)
        {
            Console.WriteLine("overhead: not measured, because there is no k6 on PATH");
            return 3;
        }

        using var server = new LocalServer();
        using var project = new BuildProject(
            $"""<K6EnvironmentVariable Include="BASE_URL" Value="{server.Address}" /><K6Scenario Include="browse.ts" Vus="1" Duration="10s" />""",
            [("browse.ts", BuildProject.Script("0.1")), BuildProject.OnK6]);
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{"round",5} {"LoadTest, ms",13} {"k6 run",8} {"build",7} {"ratio",7}");
        var (ours, loads, builds) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(project.Build("-t:LoadTest").Wall.TotalMilliseconds);
            var bare = Machine.Command(null, [k6, "run", "--quiet", "--no-usage-report", "--include-system-env-vars=true", Path.Combine(project.Output, "browse.js")]);
            bare.Environment["BASE_URL"] = server.Address;
            loads.Add(Machine.Run(bare).Wall.TotalMilliseconds);
            builds.Add(project.Build().Wall.TotalMilliseconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round + 1,5} {ours[^1],13:0} {loads[^1],8:0} {builds[^1],7:0} {ours[^1] / (loads[^1] + builds[^1]),7:0.000}"));
        }

        var reference = loads.Zip(builds, (load, build) => load + build).ToList();
        var ratio = Machine.Median(ours.Zip(reference, (our, their) => our / their));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A/A (the reference, odd rounds against even): {BuildProject.SameAgain(reference):0.000}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"overhead: ratio {ratio:0.000} (goal {Goal:0.00}) against k6 run and a build with nothing to do, {Rounds} rounds"));
        return 0;
    }
}
