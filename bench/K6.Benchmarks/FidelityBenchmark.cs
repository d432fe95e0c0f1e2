using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Running;

namespace K6.Benchmarks;

/// <summary>
/// Whether k6 under the SDK measures what bare k6 measures: its CPU per iteration with a fixed number of iterations, with defaults and with 100 endpoints; and at a fixed arrival rate of 30 % of
/// its capacity the share that was delivered, and p50 and p95 beside those of bare runs.
/// </summary>
internal sealed class FidelityBenchmark : IDisposable
{
    private const int Rounds = 9;
    private const int Users = 10;
    private const int Iterations = 30000;
    private const int Seconds = 5;
    private const double Goal = 1.12;
    private const double GoalOfEndpoints = 1.35;
    private const double Delivered = 0.999;

    private readonly LocalServer _server = new();
    private readonly string _k6;
    private readonly EngineProgram _engine;
    private readonly BuildProject _project;
    private readonly PreparedRun _prepared;

    private FidelityBenchmark(string k6)
    {
        _k6 = k6;
        _engine = new EngineProgram(new EngineInfo("k6", "2.2.0", k6), k6, []);
        var load = string.Create(CultureInfo.InvariantCulture, $"Vus=\"{Users}\" Iterations=\"{Iterations}\"");
        _project = new BuildProject(
            $"""
            <K6EnvironmentVariable Include="BASE_URL" Value="{_server.Address}" />
            <K6Scenario Include="get.ts" {load} />
            <K6Scenario Include="pages.ts" {load} />
            <K6Scenario Include="rate.ts" />
            """,
            [("get.ts", BuildProject.Script("").Replace("sleep(0);", "", StringComparison.Ordinal)), ("pages.ts", Pages), ("rate.ts", string.Create(CultureInfo.InvariantCulture, $$"""
                import http from 'k6/http';
                export const options = { scenarios: { rate: { executor: 'constant-arrival-rate', rate: Number(__ENV.RATE ?? 1), timeUnit: '1s', duration: '{{Seconds}}s', preAllocatedVUs: 200 } }, summaryTrendStats: ['med', 'p(95)'] };
                export default function (): void {
                  http.get(`${__ENV.BASE_URL}/`);
                }

                """))]);
        _project.Build("-t:K6Prepare", "-p:K6Engine=k6");
        _prepared = PreparedRun.Read(Path.Combine(_project.Output, PreparedRun.FileName));
    }

    /// <summary>Measures and prints. 0 measured, 3 without k6.</summary>
    public static async Task<int> RunAsync()
    {
        if (Machine.Find("k6") is not { } k6)
        {
            Console.WriteLine("fidelity: not measured, because there is no k6 on PATH");
            return 3;
        }

        using var benchmark = new FidelityBenchmark(k6);
        Console.WriteLine(Machine.Describe());
        var ratio = await benchmark.CpuAsync("get", "defaults", Goal);
        var endpoints = await benchmark.CpuAsync("pages", "100 endpoints", GoalOfEndpoints);
        await benchmark.RateAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fidelity (100 endpoints): ratio {endpoints:0.00} (goal {GoalOfEndpoints:0.00}) against the same script on bare k6, {Rounds} rounds"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fidelity: ratio {ratio:0.00} (goal {Goal:0.00}) against bare k6, {Rounds} rounds"));
        return 0;
    }

    public void Dispose()
    {
        _project.Dispose();
        _server.Dispose();
    }

    private async Task<double> CpuAsync(string test, string title, double goal)
    {
        Console.WriteLine($"\n{title}, {Iterations} iterations, {Users} VUs\n{"round",5} {"SDK µs/it",10} {"bare",8} {"ratio",6} {"SDK it/s",9} {"bare",8}");
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            // Each goes first in half of the rounds.
            Usage our, their;
            if (round % 2 == 0)
            {
                our = await OursAsync(test, []);
                their = Bare(test, []);
            }
            else
            {
                their = Bare(test, []);
                our = await OursAsync(test, []);
            }

            ours.Add(our.Cpu.TotalMicroseconds / Iterations);
            theirs.Add(their.Cpu.TotalMicroseconds / Iterations);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{round + 1,5} {ours[^1],10:0.0} {theirs[^1],8:0.0} {ours[^1] / theirs[^1],6:0.00} {Iterations / our.Wall.TotalSeconds,9:0} {Iterations / their.Wall.TotalSeconds,8:0}"));
        }

        var ratio = Machine.Median(ours.Zip(theirs, (our, their) => our / their));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00} (goal {goal:0.00}); A/A (bare, odd rounds against even): {BuildProject.SameAgain(theirs):0.00}"));
        return ratio;
    }

    private async Task RateAsync()
    {
        // What bare k6 makes of the script without limits, and a third of it.
        var closed = Bare("get", []);
        var rate = (int)(0.3 * Iterations / closed.Wall.TotalSeconds);
        var environment = new Dictionary<string, string> { ["RATE"] = rate.ToString(CultureInfo.InvariantCulture) };
        Console.WriteLine($"\n{rate} arrivals a second, {Seconds} s\n{"",5} {"delivered",10} {"p50 ms",8} {"p95 ms",8}");
        var (ours, theirs) = (new List<Latency>(), new List<Latency>());
        for (var round = 0; round < 4; round++)
        {
            await OursAsync("rate", environment);
            ours.Add(Read(SummaryFile, "values", rate));
            Bare("rate", environment);
            theirs.Add(Read(ExportFile, null, rate));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"SDK",5} {ours[^1].Delivered,10:0.0000} {ours[^1].Median,8:0.000} {ours[^1].P95,8:0.000}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"bare",5} {theirs[^1].Delivered,10:0.0000} {theirs[^1].Median,8:0.000} {theirs[^1].P95,8:0.000}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"delivered {Machine.Median(ours.Select(one => one.Delivered)):0.0000} (goal {Delivered:0.000}); p50 {Band(one => one.Median)}; p95 {Band(one => one.P95)}"));

        string Band(Func<Latency, double> of)
        {
            var (low, high, our) = (theirs.Min(of), theirs.Max(of), Machine.Median(ours.Select(of)));
            return string.Create(CultureInfo.InvariantCulture, $"{our:0.000} ms, {(our > high ? "above" : our < low ? "below" : "inside")} {low:0.000} to {high:0.000} of bare k6");
        }
    }

    // What the SDK writes for K6Endpoint items says its endpoints so, too.
    private static string Pages => $$"""
        import http from 'k6/http';
        export const options = { ext: { k6sdk: { endpoints: [{{string.Join(", ", Enumerable.Range(1, 100).Select(number => $"'page{number}'"))}}] } } };
        export default function (): void {
          const page = 1 + (__ITER % 100);
          http.get(`${__ENV.BASE_URL}/page/${page}`, { tags: { name: `page${page}` } });
        }

        """;

    private string RunFolder => Path.Combine(_project.Folder, "run");

    private string SummaryFile => Path.Combine(RunFolder, "k6-summary.json");

    private string ExportFile => Path.Combine(_project.Folder, "export.json");

    // As the SDK starts it.
    private async Task<Usage> OursAsync(string test, Dictionary<string, string> environment)
    {
        var clock = Stopwatch.StartNew();
        var before = Machine.ChildrenCpu();
        var run = await EngineRunner.RunAsync(
            new EngineRunRequest
            {
                Test = _prepared.Plan.Tests.Single(one => one.Name == test),
                Bundle = _prepared.Bundles.Single(one => one.Test == test),
                Engine = _engine,
                Settings = _prepared.Plan.Settings,
                Environment = EngineEnvironment.Build(EngineEnvironment.Machine(), _prepared.Plan.Environment, environment, []),
                Folder = RunFolder,
            },
            null,
            CancellationToken.None);
        return run.Outcome == EngineOutcome.Completed
            ? new Usage(Machine.ChildrenCpu() - before, clock.Elapsed, 0, "")
            : throw new BenchmarkException($"k6 ended with {run.ExitCode}: {run.ErrorMessage}");
    }

    // The same script without anything of ours around it.
    private Usage Bare(string test, Dictionary<string, string> environment)
    {
        string[] load = test == "rate" ? [] : ["--vus", Users.ToString(CultureInfo.InvariantCulture), "--iterations", Iterations.ToString(CultureInfo.InvariantCulture)];
        var start = Machine.Command(null, [_k6, "run", "--quiet", "--no-usage-report", "--include-system-env-vars=true", "--address=", "--summary-export", ExportFile, .. load, _prepared.Plan.Tests.Single(one => one.Name == test).Scenarios[0].File]);
        start.Environment["BASE_URL"] = _server.Address;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Machine.Run(start);
    }

    private static Latency Read(string file, string? inside, int rate)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var metrics = json.RootElement.GetProperty("metrics");
        double Value(string metric, string statistic)
        {
            var one = metrics.GetProperty(metric);
            return (inside is null ? one : one.GetProperty(inside)).GetProperty(statistic).GetDouble();
        }

        return new Latency(Value("iterations", "count") / (rate * Seconds), Value("http_req_duration", "med"), Value("http_req_duration", "p(95)"));
    }

    private sealed record Latency(double Delivered, double Median, double P95);
}
