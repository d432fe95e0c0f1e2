using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Reports.Html;
using K6.LoadTesting.Results;

namespace K6.Benchmarks;

/// <summary>Size of the reports of an hour with 100 endpoints, and the time to render the page against that of writing the same result as JSON.</summary>
internal static class ReportBenchmark
{
    private const int Seconds = 3600;
    private const int Endpoints = 100;
    private const int Rounds = 5;
    private const int MostBytes = 500_000;

    public static int Run()
    {
        Console.WriteLine(Machine.Describe());
        var result = Result();
        var page = HtmlReport.Render(result);
        var json = JsonSerializer.SerializeToUtf8Bytes(result, typeof(LoadTestResult), LoadTestJson.Instance);
        var size = Encoding.UTF8.GetByteCount(page);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Seconds} s, {Endpoints} endpoints: loadtest.html {size / 1000.0:0.0} kB of {MostBytes / 1000} at most, loadtest.md {Encoding.UTF8.GetByteCount(MarkdownReport.Render(result)) / 1000.0:0.0} kB, loadtest.json {json.Length / 1000.0:0.0} kB"));
        var (render, write) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            render.Add(Milliseconds(() => HtmlReport.Render(result)));
            write.Add(Milliseconds(() => JsonSerializer.SerializeToUtf8Bytes(result, typeof(LoadTestResult), LoadTestJson.Instance)));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"render {Machine.Median(render):0.0} ms, JsonSerializer {Machine.Median(write):0.0} ms (CPU)"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"report: ratio {Machine.Median(render) / Machine.Median(write):0.00} (goal 3.00) against JsonSerializer of the same result, {Rounds} rounds"));
        return size <= MostBytes ? 0 : 1;
    }

    private static double Milliseconds(Action action)
    {
        const int Times = 10;
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        for (var i = 0; i < Times; i++)
        {
            action();
        }

        self.Refresh();
        return (self.TotalProcessorTime - before).TotalMilliseconds / Times;
    }

    private static LoadTestResult Result()
    {
        var random = new Random(1);
        var start = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        var times = Statistics(random);
        return new LoadTestResult
        {
            Verdict = Verdict.Failed,
            RunId = Guid.Empty,
            Project = "Shop.LoadTests",
            StartTime = start,
            EndTime = start.AddSeconds(Seconds + 10),
            Engine = new EngineInfo("k6", "2.2.0", "/usr/bin/k6"),
            Machine = new MachineInfo("bench", "Linux", "x64", 2, 8L << 30, null),
            Diagnostics = [new ReportedDiagnostic("KSDK0320", DiagnosticSeverity.Error, "http_req_duration p(95) = 116 ms, limit p(95)<80", "checkout", "/src/Shop.LoadTests.csproj", 14, 5)],
            Tests =
            [
                new TestResult
                {
                    Name = "checkout",
                    Verdict = Verdict.Failed,
                    Outcome = EngineOutcome.ThresholdsCrossed,
                    StartTime = start,
                    DurationSeconds = Seconds,
                    LoadSeconds = Seconds,
                    Iterations = new IterationCounts(1_000_000, 0, 0),
                    Metrics = Enumerable.Range(0, Endpoints).Select(i => $"http_req_duration{{name:GET /products/{i}}}").Append("http_req_duration")
                        .ToDictionary(name => name, name => new MetricResult { Type = "trend", Contains = "time", Values = times, Distribution = [.. Enumerable.Range(1, 49).Select(i => new[] { i * 2.0, 10 * Math.Exp(i / 20.0) })] }),
                    Endpoints = [.. Enumerable.Range(0, Endpoints).Select(i => new EndpointResult($"GET /products/{i}", null, 10_000 - i, 2.7, i % 7 == 0 ? 0.01 : 0, Statistics(random)))],
                    Thresholds =
                    [
                        new ThresholdResult
                        {
                            Name = "http_req_duration p(95)", Metric = "http_req_duration", Statistic = "p(95)", Operator = "<", Expression = "p(95)<80", Limit = 80, Actual = 116, Unit = "ms",
                            CrossedAtSeconds = 1800, Verdict = ThresholdVerdict.Failed, Severity = ThresholdSeverity.Error, Reported = DiagnosticSeverity.Error, Source = "project", File = "/src/Shop.LoadTests.csproj", Line = 14, Column = 5,
                        },
                    ],
                    Timeline = Timeline(random, "http_req_duration.med", "http_req_duration.p(95)", "http_req_duration.p(99)", "http_req_duration.max", "http_reqs.count", "http_req_failed.rate", "vus.value", "iterations.count"),
                    Monitored =
                    [
                        new MonitoredResult
                        {
                            Kind = MonitoredKind.Service,
                            Name = "shop-api",
                            Metrics = new Dictionary<string, MetricResult>(),
                            Timeline = Timeline(random, "cpu", "working_set", "gc.heap", "gc.pause", "threadpool.queue", "threadpool.threads", "requests", "exceptions"),
                        },
                    ],
                },
            ],
        };
    }

    private static Dictionary<string, double> Statistics(Random random)
    {
        var middle = 10 + (random.NextDouble() * 90);
        return new() { ["count"] = 10_000, ["avg"] = middle, ["min"] = middle / 9, ["med"] = middle, ["max"] = middle * 30, ["p(90)"] = middle * 2, ["p(95)"] = middle * 3, ["p(99)"] = middle * 7 };
    }

    private static Timeline Timeline(Random random, params string[] series) => new()
    {
        PeriodSeconds = 1,
        Seconds = [.. Enumerable.Range(1, Seconds).Select(second => (double)second)],
        Series = series.ToDictionary(name => name, IReadOnlyList<double?> (_) => [.. Enumerable.Range(0, Seconds).Select(i => (double?)Math.Round(100 * (1 + (0.3 * Math.Sin(i * 0.01)) + (random.NextDouble() * 0.2)), 3))]),
    };
}
