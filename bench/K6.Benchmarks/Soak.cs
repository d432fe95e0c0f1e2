using System.Diagnostics;
using System.Globalization;
using K6.LoadTesting.Services.Monitoring;

namespace K6.Benchmarks;

/// <summary>A long run of the embedded engine at a low rate, and whether its memory stays flat: the last third of the time against the first.</summary>
internal static class Soak
{
    private const double Goal = 1.00;
    private const double Most = 1.15;

    /// <summary>Runs it and prints a line each fifteenth of the time. 0 flat, 1 grown.</summary>
    /// <param name="minutes">How long.</param>
    public static int Run(double minutes)
    {
        Console.WriteLine(Machine.Describe());
        using var server = new LocalServer();
        var seconds = (int)Math.Ceiling(minutes * 60);
        var start = Machine.Command(
            core: 1,
            ["dotnet", "exec", EngineBuild.Publish(), "run", "--quiet", "--no-usage-report", "--address=", "--include-system-env-vars=true", Path.Combine(AppContext.BaseDirectory, "scripts", "soak.js")]);
        start.Environment["SERVER"] = server.Address;
        start.Environment["SECONDS"] = seconds.ToString(CultureInfo.InvariantCulture);
        using var engine = Process.Start(start) ?? throw new BenchmarkException("the engine did not start");
        engine.StandardInput.Close();
        var (output, errors) = (engine.StandardOutput.ReadToEndAsync(), engine.StandardError.ReadToEndAsync());
        var samples = Sample(engine, seconds);
        engine.WaitForExit();
        Console.WriteLine(string.Join('\n', output.Result.Split('\n').Where(l => l.Contains("iterations", StringComparison.Ordinal) || l.Contains("http_reqs", StringComparison.Ordinal))));
        if (engine.ExitCode != 0)
        {
            throw new BenchmarkException($"the engine ended with {engine.ExitCode}:\n{errors.Result}");
        }

        // What the heap has between two collections is garbage for the most part: its low points are what lives.
        var (resident, heap) = (Growth(samples, s => s.Resident, Machine.Median), Growth(samples, s => s.Heap, low => low.Order().ElementAt(samples.Count / 30)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"last third against first third: resident memory {resident:0.00}, managed heap after collections {heap:0.00}; at most {Most:0.00} is flat"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"soak: ratio {resident:0.00} (goal {Goal:0.00}) against its own first third, {minutes:0.#} minutes"));
        return resident <= Most && heap <= Most ? 0 : 1;
    }

    /// <summary>Once a second until the engine ends.</summary>
    private static List<(double Resident, double Heap)> Sample(Process engine, int seconds)
    {
        var samples = new List<(double Resident, double Heap)>();
        var (clock, next) = (Stopwatch.StartNew(), seconds / 15.0);
        RuntimeCounters? counters = null;
        Console.WriteLine($"{"s",6} {"resident MB",12} {"heap MB",9}");
        while (!engine.WaitForExit(1000))
        {
            counters ??= RuntimeCounters.Start([engine.Id]);
            engine.Refresh();
            if (counters?.Now(cores: 0).TryGetValue("gc.heap", out var heap) != true)
            {
                continue;
            }

            samples.Add((engine.WorkingSet64 / 1e6, heap / 1e6));
            if (clock.Elapsed.TotalSeconds >= next)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,6:0} {samples[^1].Resident,12:0.0} {samples[^1].Heap,9:0.0}"));
                next += seconds / 15.0;
            }
        }

        counters?.Dispose();
        return samples;
    }

    private static double Growth(List<(double Resident, double Heap)> samples, Func<(double Resident, double Heap), double> value, Func<IEnumerable<double>, double> typical)
    {
        var third = samples.Count / 3;
        return third == 0
            ? throw new BenchmarkException("the run was too short to be sampled")
            : typical(samples.TakeLast(third).Select(value)) / typical(samples.Take(third).Select(value));
    }
}
