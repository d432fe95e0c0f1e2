using System.Diagnostics;
using System.Globalization;
using K6.LoadTesting.Results;
using K6.LoadTesting.Services.Monitoring;

namespace K6.Benchmarks;

/// <summary>
/// What the inside view costs the service that is looked at: CPU per request of two processes of the sample's service that share a core, at the same time and under the same load, one
/// with the view and one without. They take turns, so that whatever else the machine does is in both. The requests are those of the sample's scenario 'browse'.
/// </summary>
internal sealed class InsideBenchmark : IDisposable
{
    private const int CompileSeconds = 30;
    private const int Pairs = 4;
    private const int Seconds = 8;

    // The view has seen by then what a request costs the service, and how often it may measure them.
    private const int SettleSeconds = 3;
    private const int IdleSeconds = 5;
    private const int Users = 5;
    private const double Goal = 1.02;

    // Cores of a service that is under load.
    private const double Busy = 0.2;

    // As often as there: ten times the list of a category, seven times a product, three times a search.
    private static readonly string[] Requests =
    [
        .. ((string[])["bath", "bedroom", "garden", "kitchen", "lighting", "living", "office", "toys", "bath", "garden"]).Select(category => $"/products?category={category}&page=1"),
        .. Enumerable.Range(0, 7).Select(i => $"/products/{1 + (29 * i)}"),
        .. ((string[])["lamp", "oak", "garden%20bench"]).Select(words => $"/search?q={words}"),
    ];

    private readonly (Process Process, string Address)[] _services;

    private int _timed;
    private int _seconds;

    private InsideBenchmark(string assembly) => _services = [Start(assembly), Start(assembly)];

    /// <summary>Measures and prints.</summary>
    public static int Run()
    {
        var project = Path.Combine(EngineBuild.Root(), "samples", "Shop", "Shop.Api");
        Machine.Run(Machine.Command(null, ["dotnet", "build", project, "-c", "Release", "-v:q", "-nologo", "-nodeReuse:false"]));
        using var benchmark = new InsideBenchmark(Path.Combine(project, "bin", "Release", "net10.0", "Shop.Api.dll"));
        Console.WriteLine(Machine.Describe());

        // A service compiles its code anew for a minute under load, and the first view brings more of it: once in its life, and not what is measured.
        foreach (var watched in (int[])[0, 1])
        {
            benchmark.Watched(watched, () => benchmark.Load(CompileSeconds));
        }

        Console.WriteLine($"{"pair",5} {"with, µs/request",18} {"without",8} {"ratio",6} {"A/A",6}");
        var (ratios, same) = (new List<double>(), new List<double>());
        for (var pair = 0; pair < Pairs; pair++)
        {
            // Two processes of one program differ by a few percent all their life; who is watched changes, and what differs goes away.
            var (first, second) = (benchmark.Ratio(watched: 0), benchmark.Ratio(watched: 1));
            ratios.Add(Math.Sqrt(first.With / first.Without * second.With / second.Without));
            var (one, other) = (benchmark.Load(Seconds / 2), benchmark.Load(Seconds / 2));
            same.Add(Math.Sqrt(one[0] / one[1] * other[1] / other[0]));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pair + 1,5} {(first.With + second.With) / 2,18:0.0} {(first.Without + second.Without) / 2,8:0.0} {ratios[^1],6:0.000} {same[^1],6:0.000}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nwhile nothing is asked of it: {benchmark.IdleCost():0.0} ms of CPU a second for the view\nunder load requests are timed in {benchmark._timed} of {benchmark._seconds} seconds, everything else in each\nA/A: two without it: {Machine.Median(same):0.000}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"inside: ratio {Machine.Median(ratios):0.000} (goal {Goal:0.00}) against the same service without it, {Pairs} rounds"));
        return 0;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var (process, _) in _services)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private static (Process Process, string Address) Start(string assembly)
    {
        var process = Process.Start(Machine.Command(core: 0, ["dotnet", assembly, "--urls", "http://127.0.0.1:0"])) ?? throw new BenchmarkException("the service did not start");
        const string Listening = "Now listening on: ";
        string? line;
        while ((line = process.StandardOutput.ReadLine()) is not null && !line.Contains(Listening, StringComparison.Ordinal))
        {
        }

        var address = line?[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..] ?? throw new BenchmarkException("the service did not listen");
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        return (process, address);
    }

    private (double With, double Without) Ratio(int watched) => Watched(watched, () =>
    {
        Load(SettleSeconds);
        var costs = Load(Seconds);
        return (costs[watched], costs[1 - watched]);
    });

    private T Watched<T>(int watched, Func<T> measure)
    {
        var monitor = LoadMonitor.Start([("shop-api", _services[watched].Process.Id)]);
        try
        {
            monitor.BeginTest(Environment.ProcessId);
            Thread.Sleep(1500);
            return measure();
        }
        finally
        {
            var seconds = monitor.EndTest().Single(one => one.Kind == MonitoredKind.Service).Samples;
            _timed += seconds.Count(second => second.Values.ContainsKey("requests.duration"));
            _seconds += seconds.Count(second => second.Values["cpu"] > Busy);
            monitor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Microseconds of CPU for a request, of both services under equal load at the same time.</summary>
    private double[] Load(int seconds)
    {
        var before = Cpu();
        var requests = Task.WhenAll(_services.Select(service => Task.Run(() => long.Parse(
            Machine.Run(Machine.Command(core: 1, ["dotnet", typeof(InsideBenchmark).Assembly.Location, "floor", string.Join(' ', Requests.Select(request => service.Address + request)), Text(Users), Text(seconds)])).Output,
            CultureInfo.InvariantCulture)))).GetAwaiter().GetResult();
        return [.. Cpu().Select((cpu, index) => (cpu - before[index]).TotalMicroseconds / requests[index])];
    }

    private double IdleCost()
    {
        var costs = Enumerable.Range(0, 2).Select(watched => Watched(watched, () =>
        {
            var before = Cpu();
            Thread.Sleep(TimeSpan.FromSeconds(IdleSeconds));
            var used = Cpu().Select((cpu, index) => (cpu - before[index]).TotalMilliseconds).ToArray();
            return used[watched] - used[1 - watched];
        })).ToArray();
        return costs.Average() / IdleSeconds;
    }

    private TimeSpan[] Cpu() => [.. _services.Select(service =>
    {
        service.Process.Refresh();
        return service.Process.TotalProcessorTime;
    })];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
