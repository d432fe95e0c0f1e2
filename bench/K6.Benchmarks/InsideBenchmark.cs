using System.Diagnostics;
using System.Globalization;
using K6.LoadTesting.Services.Monitoring;

namespace K6.Benchmarks;

/// <summary>What the inside view costs the service that is looked at: its CPU per request with the view and without, interleaved, on the sample's service.</summary>
internal sealed class InsideBenchmark : IDisposable
{
    private const int Rounds = 8;
    private const int Seconds = 5;
    private const int Users = 10;
    private const double Goal = 1.02;

    private readonly Process _service;
    private readonly string _address;

    private InsideBenchmark(string assembly)
    {
        var start = Machine.Command(core: 0, ["dotnet", assembly, "--urls", "http://127.0.0.1:0"]);
        _service = Process.Start(start) ?? throw new BenchmarkException("the service did not start");
        const string Listening = "Now listening on: ";
        string? line;
        while ((line = _service.StandardOutput.ReadLine()) is not null && !line.Contains(Listening, StringComparison.Ordinal))
        {
        }

        _address = line?[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..] ?? throw new BenchmarkException("the service did not listen");
        _ = _service.StandardOutput.ReadToEndAsync();
        _ = _service.StandardError.ReadToEndAsync();
    }

    /// <summary>Measures and prints.</summary>
    public static int Run()
    {
        var project = Path.Combine(EngineBuild.Root(), "samples", "Shop", "Shop.Api");
        Machine.Run(Machine.Command(null, ["dotnet", "build", project, "-c", "Release", "-v:q", "-nologo", "-nodeReuse:false"]));
        using var benchmark = new InsideBenchmark(Path.Combine(project, "bin", "Release", "net10.0", "Shop.Api.dll"));
        Console.WriteLine(Machine.Describe());
        benchmark.Load(2 * Seconds);

        // The first view compiles code of the runtime's own, once in the life of a service.
        benchmark.Watched();
        Console.WriteLine($"{"round",5} {"without, µs/request",20} {"with",8} {"ratio",6} {"A/A",6}");
        var (ratios, same) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            // The order turns, so that what the machine does in between is in both.
            var first = round % 2 == 0 ? benchmark.Load(Seconds) : 0;
            var with = benchmark.Watched();
            var without = benchmark.Load(Seconds);
            var again = round % 2 == 0 ? first : benchmark.Load(Seconds);
            ratios.Add(with / ((without + again) / 2));
            same.Add(again / without);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round + 1,5} {(without + again) / 2,20:0.0} {with,8:0.0} {ratios[^1],6:0.000} {same[^1],6:0.000}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nwhile nothing is asked of it: {benchmark.IdleCost():0.00} ms of CPU a second for the view\nA/A: the service without it against itself: {Machine.Median(same):0.000}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"inside: ratio {Machine.Median(ratios):0.000} (goal {Goal:0.00}) against the same service without it, {Rounds} rounds"));
        return 0;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _service.Kill();
        _service.WaitForExit();
        _service.Dispose();
    }

    private double Watched()
    {
        var monitor = LoadMonitor.Start([("shop-api", _service.Id)]);
        try
        {
            monitor.BeginTest(Environment.ProcessId);
            Thread.Sleep(1500);
            return Load(Seconds);
        }
        finally
        {
            monitor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Microseconds of the service's CPU for a request.</summary>
    private double Load(int seconds)
    {
        var before = Cpu();
        var usage = Machine.Run(Machine.Command(core: 1, ["dotnet", typeof(InsideBenchmark).Assembly.Location, "floor", _address + "/products/1", Text(Users), Text(seconds)]));
        return (Cpu() - before).TotalMicroseconds / long.Parse(usage.Output, CultureInfo.InvariantCulture);
    }

    private double IdleCost()
    {
        var alone = Idle();
        var monitor = LoadMonitor.Start([("shop-api", _service.Id)]);
        Thread.Sleep(2000);
        var watched = Idle();
        monitor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return (watched - alone).TotalMilliseconds / Seconds;

        TimeSpan Idle()
        {
            var before = Cpu();
            Thread.Sleep(TimeSpan.FromSeconds(Seconds));
            return Cpu() - before;
        }
    }

    private TimeSpan Cpu()
    {
        _service.Refresh();
        return _service.TotalProcessorTime;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
