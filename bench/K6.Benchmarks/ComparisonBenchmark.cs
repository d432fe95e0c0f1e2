using System.Diagnostics;
using System.Globalization;
using K6.LoadTesting.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace K6.Benchmarks;

/// <summary>
/// False alarms and detection with real runs of k6, on the machine as it is and beside processes that come and go and want all of its processors: two services that are alike, and
/// one that takes 20 % longer. The gate with a history, base and head in turn, and as the reference "more than 10 % above the run before". Decisions are drawn from the runs.
/// </summary>
internal static class ComparisonBenchmark
{
    private const int Cycles = 20;
    private const int Draws = 4000;
    private const int Pairs = 5;
    private const double Allowed = 0.1;

    public static async Task<int> RunAsync()
    {
        if (Machine.Find("k6") is not { } k6)
        {
            Console.WriteLine("ab: not measured, because there is no k6 on PATH");
            return 3;
        }

        var application = await StartAsync();
        await using var _ = application;
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Console.WriteLine($"{Machine.Describe()}\n{Cycles} runs of 1 s of each service, alike and 20 % slower, med of http_req_duration; {Draws} draws\n");
        Console.WriteLine("| machine | spread of runs | head | 10 % above the run before | history, confirmed | in turn, confirmed | in turn, inconclusive |\n| --- | --- | --- | --- | --- | --- | --- |");
        var (naive, inTurn) = (0d, 0d);
        foreach (var busy in new[] { false, true })
        {
            using var burning = new CancellationTokenSource();
            if (busy)
            {
                Burn(burning.Token);
            }

            var runs = new List<(double Base, double Same, double Slow)>();
            for (var cycle = 0; cycle < Cycles; cycle++)
            {
                // The order changes, as that of pairs does.
                string[] order = cycle % 2 == 0 ? ["base", "same", "slow"] : ["slow", "same", "base"];
                var medians = order.ToDictionary(path => path, path => Measure(k6, address, path));
                runs.Add((medians["base"], medians["same"], medians["slow"]));
            }

            await burning.CancelAsync();
            foreach (var slower in new[] { false, true })
            {
                var figures = runs.ConvertAll(run => (run.Base, Head: slower ? run.Slow : run.Same));
                var (before, history, paired, unknown) = Decide(figures);
                if (!slower)
                {
                    (naive, inTurn) = (naive + (before / 2), inTurn + (paired / 2));
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {(busy ? "busy" : "as it is")} | {Spread(runs):0.0%} | {(slower ? "+20 %" : "alike (false alarms)")} | {before:0.0%} | {history:0.0%} | {paired:0.0%} | {unknown:0.0%} |"));
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nab: ratio {(naive == 0 ? 0 : inTurn / naive):0.000} (goal 0.05) against the false alarms of 10 % above the run before, {Cycles} rounds"));
        return 0;
    }

    private static (double Naive, double History, double InTurn, double Inconclusive) Decide(List<(double Base, double Head)> runs)
    {
        var random = new Random(42);
        var (naive, history, inTurn, inconclusive) = (0, 0, 0, 0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var drawn = runs.ToArray();
            random.Shuffle(drawn);
            naive += drawn[0].Head > drawn[1].Base * (1 + Allowed) ? 1 : 0;
            double[] baseline = [.. drawn[2..12].Select(run => run.Base)];
            history += IsWorse(Regression.Compare(baseline, drawn[0].Head, 1, Allowed, true)) && IsWorse(Regression.Compare(baseline, drawn[1].Head, 1, Allowed, true)) ? 1 : 0;
            var first = Regression.ComparePairs(drawn[..Pairs], Allowed, true);
            inconclusive += first.Verdict == RegressionVerdict.Inconclusive ? 1 : 0;
            inTurn += IsWorse(first) && IsWorse(Regression.ComparePairs(drawn[Pairs..(2 * Pairs)], Allowed, true)) ? 1 : 0;
        }

        return ((double)naive / Draws, (double)history / Draws, (double)inTurn / Draws, (double)inconclusive / Draws);

        static bool IsWorse(Comparison comparison) => comparison.Verdict == RegressionVerdict.Regressed;
    }

    private static double Spread(List<(double Base, double Same, double Slow)> runs)
    {
        double[] logs = [.. runs.Select(run => Math.Log(run.Base))];
        return Math.Sqrt(logs.Sum(log => Math.Pow(log - logs.Average(), 2)) / (logs.Length - 1));
    }

    private static double Measure(string k6, string address, string path)
    {
        var start = new ProcessStartInfo(k6, ["run", "--quiet", "--no-usage-report", "--address", "", "-e", $"URL={address}/{path}", Path.Combine(AppContext.BaseDirectory, "scripts", "median.js")]) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new BenchmarkException("k6 did not start");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.TryParse(output.Trim(), CultureInfo.InvariantCulture, out var median) && median > 0 ? median : throw new BenchmarkException($"k6 said: {output}");
    }

    // Times spread as those of a service do; the slow one takes 20 % longer for each of them.
    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        foreach (var (path, factor) in new[] { ("/base", 1.0), ("/same", 1.0), ("/slow", 1.2) })
        {
            application.MapGet(path, async () =>
            {
                var normal = Math.Sqrt(-2 * Math.Log(1 - Random.Shared.NextDouble())) * Math.Cos(2 * Math.PI * Random.Shared.NextDouble());
                await Task.Delay(TimeSpan.FromMilliseconds(20 * factor * Math.Exp(0.3 * normal)));
                return Results.Text("fine");
            });
        }

        await application.StartAsync();
        return application;
    }

    // Twice as many threads as processors, for one to four seconds, then as long a rest.
    private static void Burn(CancellationToken end)
    {
        for (var thread = 0; thread < 2 * Environment.ProcessorCount; thread++)
        {
            var random = new Random(thread);
            new Thread(() =>
            {
                while (!end.IsCancellationRequested)
                {
                    var until = Stopwatch.GetTimestamp() + (long)((1 + (3 * random.NextDouble())) * Stopwatch.Frequency);
                    while (Stopwatch.GetTimestamp() < until && !end.IsCancellationRequested)
                    {
                    }

                    end.WaitHandle.WaitOne(TimeSpan.FromSeconds(1 + (3 * random.NextDouble())));
                }
            })
            { IsBackground = true }.Start();
        }
    }
}
