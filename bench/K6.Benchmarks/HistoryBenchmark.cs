using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using K6.LoadTesting.History;
using K6.LoadTesting.Reports.Html;
using K6.LoadTesting.Results;

namespace K6.Benchmarks;

/// <summary>A history of 10,000 runs: what it costs to add one, to read all, and to draw them. The reference is the loop that anybody would write: JsonSerializer on each line of the file.</summary>
internal static class HistoryBenchmark
{
    private const int Runs = 10_000;
    private const int Appended = 200;
    private const int Rounds = 5;
    private const double Goal = 1.50;

    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("k6-benchmark-").FullName;
        try
        {
            var store = new HistoryStore(Path.Combine(folder, "history.jsonl"));
            var random = new Random(42);
            store.Append([.. Enumerable.Range(0, Runs - Appended).Select(at => Line(random, at))]);
            var append = Median(Appended, at => store.Append([Line(random, at)]));
            var size = new FileInfo(store.Path).Length;

            IReadOnlyList<HistoryEntry> history = [];
            var (reads, references) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                // Both keep what they read.
                references.Add(Median(1, _ => history = [.. File.ReadLines(store.Path).Select(line => JsonSerializer.Deserialize(line, HistoryJson.Default.HistoryEntry)!)]));
                reads.Add(Median(1, _ => history = store.Read([])));
            }

            var (read, reference) = (Machine.Median(reads), Machine.Median(references));
            var text = Median(Rounds, _ => HistoryText.Render(history));
            var page = "";
            var html = Median(Rounds, _ => page = HistoryPage.Render(history));
            if (history.Count != Runs)
            {
                throw new BenchmarkException($"{history.Count} runs instead of {Runs}");
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Machine.Describe()}\n{Runs} runs, {size / 1e6:0.0} MB, {size / Runs} bytes a line\n"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"append one, to the disk   {append:0.0} ms\nread all                  {read:0} ms (JsonSerializer on each line: {reference:0} ms)\ntext                      {text:0} ms\npage                      {html:0} ms, {page.Length / 1e3:0} kB\n"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"history: ratio {read / reference:0.00} (goal {Goal:0.00}) against JsonSerializer on each line, {Rounds} rounds"));
            return read / reference <= Goal ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Median(int rounds, Action<int> work) => Machine.Median([.. Enumerable.Range(0, rounds).Select(round =>
    {
        var watch = Stopwatch.StartNew();
        work(round);
        return watch.Elapsed.TotalMilliseconds;
    })]);

    // Four tests on one machine, each with a sketch of 150 cells, as a real line has.
    private static HistoryEntry Line(Random random, int at)
    {
        var factor = Math.Exp(0.05 * (random.NextDouble() - 0.5)) * (at > Runs / 2 ? 1.3 : 1);
        HistoryMetric Trend(double middle) => new()
        {
            Type = "trend",
            Values = new Dictionary<string, double> { ["count"] = 5000, ["avg"] = middle * 1.1, ["min"] = middle / 3, ["med"] = middle, ["max"] = middle * 9, ["p(90)"] = middle * 2, ["p(95)"] = middle * 2.5, ["p(99)"] = middle * 4 },
            LogError = 0.012,
            Sketch = new DistributionSketch { Cells = [.. Enumerable.Range(0, 150).SelectMany(_ => new double[] { 1, random.Next(1, 90) })] },
        };
        return new HistoryEntry
        {
            RunId = Guid.NewGuid(),
            Time = DateTimeOffset.UnixEpoch.AddHours(at),
            Project = "Shop.LoadTests",
            Test = $"test-{at % 4}",
            Verdict = at % 50 == 0 ? Verdict.Failed : Verdict.Passed,
            Key = new HistoryKey("0123456789abcdef", "k6 2", "linux-x64/2 cpus/GitHub Actions", null),
            Engine = "k6 2.2.0",
            Commit = new CommitInfo("0123456789abcdef0123456789abcdef01234567", "main"),
            Busy = 0.4,
            LoadSeconds = 30,
            Metrics = new Dictionary<string, HistoryMetric>
            {
                ["http_req_duration"] = Trend(20 * factor),
                ["iteration_duration"] = Trend(25 * factor) with { Sketch = null },
                ["http_reqs"] = new() { Type = "counter", Values = new Dictionary<string, double> { ["count"] = 5000, ["rate"] = 160 / factor } },
                ["http_req_failed"] = new() { Type = "rate", Values = new Dictionary<string, double> { ["rate"] = 0.001, ["passes"] = 5, ["fails"] = 4995 } },
            },
        };
    }
}
