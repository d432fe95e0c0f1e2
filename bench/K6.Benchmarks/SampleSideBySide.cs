using System.Globalization;
using K6.LoadTesting.Results;

namespace K6.Benchmarks;

/// <summary>The sample shop's load test on both engines, one after the other, and both results next to each other.</summary>
internal static class SampleSideBySide
{
    private static readonly string[] Counted = ["iterations", "http_reqs", "checks", "orders"];

    /// <summary>Builds the sample's target <c>LoadTest</c> twice. 0 both gave the same verdicts, 1 they did not, 3 without k6.</summary>
    public static int Run()
    {
        if (Machine.Find("k6") is null)
        {
            Console.WriteLine("sample: not measured, because there is no k6 on PATH to measure against");
            return 3;
        }

        var folder = Directory.CreateTempSubdirectory("k6-sample-").FullName;
        try
        {
            var (k6, embedded) = (Load("k6", folder), Load("embedded", folder));
            Console.WriteLine($"{"",-72} {"k6",14} {"embedded",14}");
            Line("engine", k6.Engine!.Version, embedded.Engine!.Version);
            var (same, all) = (0, 0);
            foreach (var (theirs, ours) in k6.Tests.Zip(embedded.Tests))
            {
                Line($"{theirs.Name}: verdict", theirs.Verdict, ours.Verdict);
                Count(theirs.Verdict == ours.Verdict);
                foreach (var name in Counted.Where(theirs.Metrics.ContainsKey))
                {
                    Line($"  {name}", Number(theirs, name, "count"), Number(ours, name, "count"));
                }

                foreach (var statistic in (string[])["med", "p(95)"])
                {
                    Line($"  http_req_duration {statistic}, ms", Number(theirs, "http_req_duration", statistic), Number(ours, "http_req_duration", statistic));
                }

                foreach (var check in theirs.Checks)
                {
                    var counterpart = ours.Checks.FirstOrDefault(c => c.Name == check.Name && c.Group == check.Group);
                    Line($"  check {check.Name}", Of(check), counterpart is null ? "none" : Of(counterpart));
                    Count(counterpart is not null && (check.Fails == 0) == (counterpart.Fails == 0));
                }

                foreach (var threshold in theirs.Thresholds)
                {
                    var counterpart = ours.Thresholds.FirstOrDefault(t => t.Name == threshold.Name);
                    Line($"  threshold {threshold.Metric} {threshold.Expression}", threshold.Verdict, counterpart?.Verdict.ToString() ?? "none");
                    Count(threshold.Verdict == counterpart?.Verdict);
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sample: ratio {(double)same / all:0.00} (goal 1.00) against k6 {k6.Engine.Version}, {all} verdicts, checks and thresholds"));
            return same == all && k6.Tests.Count == embedded.Tests.Count ? 0 : 1;

            void Count(bool isSame) => (same, all) = (same + (isSame ? 1 : 0), all + 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Line(string what, object theirs, object ours) => Console.WriteLine($"{what,-72} {theirs,14} {ours,14}");

    private static string Of(CheckResult check) => string.Create(CultureInfo.InvariantCulture, $"{check.Passes}/{check.Fails}");

    private static string Number(TestResult test, string metric, string statistic)
    {
        var values = test.Metrics[metric].Values;
        return (values.TryGetValue(statistic, out var value) ? value : values.GetValueOrDefault("passes") + values.GetValueOrDefault("fails")).ToString("0.##", CultureInfo.InvariantCulture);
    }

    private static LoadTestResult Load(string engine, string folder)
    {
        var results = Path.Combine(folder, engine);
        Console.WriteLine($"dotnet build samples/Shop/Shop.LoadTests -t:LoadTest -p:K6Engine={engine}");
        Machine.Run(Machine.Command(null,
        [
            "dotnet", "build", Path.Combine(EngineBuild.Root(), "samples", "Shop", "Shop.LoadTests"), "-t:LoadTest", $"-p:K6Engine={engine}", $"-p:K6ResultsDirectory={results}/", "-p:K6FailOnError=false", "-v", "q", "--nologo",
        ]));
        return LoadTestJson.Read<LoadTestResult>(Path.Combine(results, "loadtest.json"));
    }
}
