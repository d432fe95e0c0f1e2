using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace K6.Benchmarks;

/// <summary>
/// The embedded engine against real k6, interleaved, on a fast local server. CPU per iteration is the CPU time of the whole process less that of a
/// run with one iteration per VU, divided by the iterations.
/// </summary>
internal sealed class EngineBenchmark : IDisposable
{
    private const int MainRounds = 5;
    private const int OtherRounds = 2;
    private const int Seconds = 4;
    private const int MainUsers = 50;
    private const double Goal = 1.00;

    // The bar, and what k6 took on the machine where it was set.
    private const double StartBar = 350;
    private const double StartOfK6 = 50;
    private static readonly int[] Users = [1, 10, 50, 200];

    private readonly LocalServer server = new();
    private readonly string folder = Directory.CreateTempSubdirectory("k6-benchmark-").FullName;
    private readonly string[] k6;
    private readonly string[] embedded;

    private EngineBenchmark(string[] k6, string[] embedded)
    {
        (this.k6, this.embedded) = (k6, embedded);
    }

    /// <summary>Measures and prints. 0 measured, 3 without k6.</summary>
    public static int Run()
    {
        if (Machine.Find("k6") is not { } k6)
        {
            Console.WriteLine("engine: not measured, because there is no k6 on PATH to measure against");
            return 3;
        }

        var clock = Stopwatch.StartNew();
        var version = Machine.Run(Machine.Command(null, [k6, "version"])).Output.Split(' ') is [_, var number, ..] ? number.TrimStart('v').Split('+')[0] : "of unknown version";
        Console.WriteLine(Machine.Describe());
        using var benchmark = new EngineBenchmark([k6], ["dotnet", "exec", EngineBuild.Publish()]);
        benchmark.StartTable();
        benchmark.CpuTable("json", "JSON-heavy script: group, POST, 2 KB of JSON, 2 checks, 2 custom metrics", bar: 1.40);
        var ratio = benchmark.CpuTable("get", "bare GET", bar: 1.15);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nmeasured in {clock.Elapsed.TotalSeconds:0} s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"engine: ratio {ratio:0.00} (goal {Goal:0.00}) against k6 {version}, {MainRounds} rounds"));
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Prints CPU and rate at each number of VUs; gives k6's CPU by ours at <see cref="MainUsers"/>.</summary>
    private double CpuTable(string script, string title, double bar)
    {
        Console.WriteLine($"\n{title}\n{"VUs",5} {"k6 µs/it",10} {"embedded",10} {"emb./k6",8} {"bar",5} {"k6 it/s",9} {"embedded",9}  floor µs/request");
        var (again, main) = (new List<double>(), 0.0);
        foreach (var users in Users)
        {
            var isMain = users == MainUsers;
            var rounds = isMain && script == "get" ? MainRounds : OtherRounds;
            var (idleK6, idleEmbedded) = (Load(k6, script, users, 0), Load(embedded, script, users, 0));
            var (ours, theirs) = (new List<Measured>(), new List<Measured>());
            for (var round = 0; round < rounds; round++)
            {
                theirs.Add(PerIteration(Load(k6, script, users, Seconds), idleK6));
                ours.Add(PerIteration(Load(embedded, script, users, Seconds), idleEmbedded));
                if (isMain)
                {
                    again.Add(PerIteration(Load(k6, script, users, Seconds), idleK6).Micros / theirs[^1].Micros);
                }
            }

            var (their, our) = (Machine.Median(theirs.Select(m => m.Micros)), Machine.Median(ours.Select(m => m.Micros)));
            main = isMain ? their / our : main;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{users,5} {their,10:0.0} {our,10:0.0} {our / their,8:0.00} {(users <= 100 ? bar.ToString("0.00", CultureInfo.InvariantCulture) : "-"),5} {Machine.Median(theirs.Select(m => m.Rate)),9:0} {Machine.Median(ours.Select(m => m.Rate)),9:0}  {(script == "get" ? Floor(users) : "")}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A/A: k6 against itself in the same rounds at {MainUsers} VUs: {Machine.Median(again):0.00}"));
        return main;
    }

    /// <summary>Prints how long an empty iteration of so many VUs takes, and the memory that a VU adds.</summary>
    private void StartTable()
    {
        Console.WriteLine($"\nstart: a script that imports k6/http, one empty iteration per VU, whole process, both cores\n{"VUs",5} {"k6 ms",8} {"embedded",9} {"k6 MB",8} {"embedded",9}");
        var first = (K6: 0.0, Embedded: 0.0);
        foreach (var users in (int[])[1, 100])
        {
            var (theirs, ours, again) = (new List<Loaded>(), new List<Loaded>(), new List<Loaded>());
            for (var round = 0; round < (users > 1 ? 7 : 3); round++)
            {
                theirs.Add(Load(k6, "empty", users, 0, core: null));
                ours.Add(Load(embedded, "empty", users, 0, core: null));
                again.Add(Load(k6, "empty", users, 0, core: null));
            }

            var memory = (K6: Machine.Median(theirs.Select(l => l.Usage.PeakBytes / 1e6)), Embedded: Machine.Median(ours.Select(l => l.Usage.PeakBytes / 1e6)));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{users,5} {Wall(theirs),8:0} {Wall(ours),9:0} {memory.K6,8:0} {memory.Embedded,9:0}"));
            if (users > 1)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"memory per VU: k6 {(memory.K6 - first.K6) / (users - 1):0.00} MB, embedded {(memory.Embedded - first.Embedded) / (users - 1):0.00} MB (bar 1); {users} VUs ready: {Wall(ours) / Wall(theirs):0.0} of k6's time (bar {StartBar:0} ms where k6 takes {StartOfK6:0}, {StartBar / StartOfK6:0.0})\nA/A: k6 against itself in the same rounds at {users} VUs: {Wall(again) / Wall(theirs):0.00}"));
            }

            first = memory;
        }

        static double Wall(List<Loaded> loads) => Machine.Median(loads.Select(l => l.Usage.Wall.TotalMilliseconds));
    }

    private string Floor(int users)
    {
        Usage Loop(int seconds) => Machine.Run(Machine.Command(core: 1, [.. LocalServer.Program, "floor", server.Address + "/", Text(users), Text(seconds)]));
        var (idle, busy) = (Loop(0), Loop(2));
        return ((busy.Cpu - idle.Cpu).TotalMicroseconds / long.Parse(busy.Output, CultureInfo.InvariantCulture)).ToString("0.0", CultureInfo.InvariantCulture);
    }

    private static Measured PerIteration(Loaded busy, Loaded idle) =>
        new((busy.Usage.Cpu - idle.Usage.Cpu).TotalMicroseconds / busy.Iterations, busy.Iterations / (double)Seconds);

    private Loaded Load(string[] engine, string script, int users, int seconds, int? core = 1)
    {
        var summary = Path.Combine(folder, "summary.json");
        File.Delete(summary);
        var start = Machine.Command(
            core,
            [.. engine, "run", "--quiet", "--no-usage-report", "--address=", "--include-system-env-vars=true", "--summary-export", summary, Path.Combine(AppContext.BaseDirectory, "scripts", script + ".js")]);
        start.Environment["VUS"] = Text(users);
        start.Environment["SECONDS"] = Text(seconds);
        start.Environment["SERVER"] = server.Address;
        var usage = Machine.Run(start);
        using var json = JsonDocument.Parse(File.ReadAllBytes(summary));
        return new Loaded(usage, json.RootElement.GetProperty("metrics").GetProperty("iterations").GetProperty("count").GetInt64());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Loaded(Usage Usage, long Iterations);

    private readonly record struct Measured(double Micros, double Rate);
}
