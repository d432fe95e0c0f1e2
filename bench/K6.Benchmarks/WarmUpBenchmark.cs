using System.Globalization;
using System.IO.Compression;

namespace K6.Benchmarks;

/// <summary>What a warm-up changes: p(95) of the first seconds of the sample's load on a service that has just started, and after a warm-up.</summary>
internal static class WarmUpBenchmark
{
    private const int Rounds = 4;
    private const double FirstSeconds = 3;
    private const double Goal = 1.00;

    /// <summary>Measures and prints. 0 measured, 3 without k6.</summary>
    public static int Run()
    {
        if (Machine.Find("k6") is null)
        {
            Console.WriteLine("warmup: not measured, because there is no k6 on PATH");
            return 3;
        }

        Console.WriteLine($"{Machine.Describe()}\n{"round",5} {"cold p(95), ms",15} {"warm p(95), ms",15} {"ratio",6}");
        var folder = Directory.CreateTempSubdirectory("k6-benchmark-").FullName;
        var (cold, warm) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            cold.Add(FirstP95(folder, "0s"));
            warm.Add(FirstP95(folder, "6s"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round + 1,5} {cold[^1],15:0.0} {warm[^1],15:0.0} {warm[^1] / cold[^1],6:0.00}"));
        }

        Directory.Delete(folder, recursive: true);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\np(95) of the first {FirstSeconds:0} s of the sample's scenario browse, medians: cold {Machine.Median(cold):0.0} ms, after a warm-up of 6 s {Machine.Median(warm):0.0} ms\nwarmup: ratio {Machine.Median(warm) / Machine.Median(cold):0.00} (goal below {Goal:0.00}) against the same load without a warm-up, {Rounds} rounds"));
        return 0;
    }

    // As a user would: the sample's own command, the service freshly started.
    private static double FirstP95(string folder, string warmUp)
    {
        Machine.Run(Machine.Command(null,
        [
            "dotnet", "build", Path.Combine(EngineBuild.Root(), "samples", "Shop", "Shop.LoadTests"), "-t:LoadTest", "-tl:off", "-v:q", "-nologo", "-nodeReuse:false",
            "-p:K6Engine=k6", "-p:K6ScenarioFilter=browse", "-p:K6Samples=true", "-p:K6FailOnError=false", $"-p:K6WarmUp={warmUp}", $"-p:K6ResultsDirectory={folder}",
        ]));
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, "browse", "samples.csv.gz")), CompressionMode.Decompress));
        var durations = new List<(double Seconds, double Value)>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("http_req_duration,", StringComparison.Ordinal) && line.Split(',') is [_, var time, var value, ..])
            {
                durations.Add((long.Parse(time, CultureInfo.InvariantCulture) / 1e6, double.Parse(value, CultureInfo.InvariantCulture)));
            }
        }

        var start = durations.Min(one => one.Seconds);
        double[] first = [.. durations.Where(one => one.Seconds <= start + FirstSeconds).Select(one => one.Value).Order()];
        return first[(int)Math.Round(0.95 * (first.Length - 1))];
    }
}
