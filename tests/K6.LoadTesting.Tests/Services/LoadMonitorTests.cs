using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Services;
using K6.LoadTesting.Services.Monitoring;
using K6.LoadTesting.Tests.Engines;

namespace K6.LoadTesting.Tests.Services;

[TestClass]
[DoNotParallelize]
public sealed class LoadMonitorTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("k6sdk-monitor-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public async Task A_leak_a_starved_thread_pool_and_heavy_allocation_show_in_their_metrics_and_a_healthy_service_shows_none()
    {
        string[] illnesses = ["--leak", "--starve", "--allocate", "--none"];
        var hosts = await Task.WhenAll(illnesses.Select(StartAsync));
        try
        {
            IReadOnlyList<Observation> seen;
            await using (var monitor = LoadMonitor.Start(hosts.Select(host => (host.Name, host.ProcessId!.Value))))
            {
                monitor.BeginTest(Environment.ProcessId);
                await Task.Delay(TimeSpan.FromSeconds(6));
                seen = monitor.EndTest();
            }

            double[] Of(string name, string metric) =>
                [.. seen.Single(one => one.Name == name).Samples.Where(sample => sample.Values.ContainsKey(metric)).Select(sample => sample.Values[metric])];
            Assert.IsGreaterThan(Of("leak", "gc.heap")[0] + 15_000_000, Of("leak", "gc.heap")[^1]);
            Assert.IsGreaterThan(Of("leak", "working_set")[0] + 10_000_000, Of("leak", "working_set")[^1]);
            Assert.IsGreaterThan(50, Of("starve", "threadpool.queue").Max());
            Assert.IsGreaterThan(50_000_000, Of("allocate", "gc.allocation").Max());
            Assert.IsLessThan(5_000_000, Of("none", "gc.allocation").Max());
            Assert.IsLessThan(10, Of("none", "threadpool.queue").Max());
            Assert.IsNotEmpty(Of("engine", "working_set"));
            if (OperatingSystem.IsLinux())
            {
                Assert.IsTrue(Of("machine", "cpu").All(share => share is >= 0 and <= 1));
            }
        }
        finally
        {
            await Task.WhenAll(hosts.Select(host => host.DisposeAsync().AsTask()));
        }
    }

    [TestMethod]
    public async Task The_pools_of_HttpClient_and_of_a_database_client_show_who_waits()
    {
        await using var host = await StartAsync("--calls");
        IReadOnlyList<Observation> seen;
        await using (var monitor = LoadMonitor.Start([(host.Name, host.ProcessId!.Value)]))
        {
            monitor.BeginTest(Environment.ProcessId);
            await Task.Delay(TimeSpan.FromSeconds(4));
            seen = monitor.EndTest();
        }

        var last = seen.Single(one => one.Kind == MonitoredKind.Service).Samples[^1].Values;
        Assert.AreEqual(5, last["http_client.active"]);
        Assert.IsLessThanOrEqualTo(2, last["http_client.connections"]);
        Assert.IsGreaterThan(100, last["http_client.queue"], "two of five are served at a time, 200 ms each");
        Assert.AreEqual(3, last["db.connections.used"]);
        Assert.AreEqual(0, last["db.connections.idle"]);
    }

    [TestMethod]
    [DataRow(100, 0.06, 0, DisplayName = "100 requests a second of 600 µs each")]
    [DataRow(1_900, 1.0, 0, DisplayName = "a core that is busy with requests of 526 µs")]
    [DataRow(5_000, 1.0, 2, DisplayName = "a core that is busy with requests of 200 µs")]
    [DataRow(19_000, 1.0, 9, DisplayName = "a core that is busy with requests of 53 µs")]
    [DataRow(1_000_000, 4.0, 9, DisplayName = "no service is that fast")]
    [DataRow(0, 1.0, 0, DisplayName = "no requests")]
    [DataRow(30_000, 0.0, 0, DisplayName = "its CPU is not known")]
    public void Requests_are_timed_each_second_unless_that_takes_too_much_of_the_service(double requests, double cores, int rest) =>
        Assert.AreEqual(rest, RuntimeCounters.Rest(requests, cores));

    [TestMethod]
    public async Task Requests_that_cost_next_to_nothing_are_timed_in_some_seconds_and_everything_else_is_known_in_each()
    {
        await using var shop = await StartShopAsync();
        using var stop = new CancellationTokenSource();
        var (asked, slowest, fastest) = (0, int.MaxValue, 0);
        var asking = Task.Run(async () =>
        {
            using var http = new HttpClient { BaseAddress = new Uri(shop.Url) };
            while (!stop.IsCancellationRequested)
            {
                using var answer = await http.GetAsync(new Uri("/health", UriKind.Relative));
                asked++;
            }
        });
        using var counters = RuntimeCounters.Start([shop.ProcessId!.Value])!;

        // As if the service did that with 150 µs for each request, one second of four, and then with a second. A busy machine makes half or twice of it.
        var costless = (await SecondsAsync(11, coresForRequest: 1.5e-4)).Skip(3).ToList();
        var ordinary = await SecondsAsync(10, coresForRequest: 1);
        await stop.CancelAsync();
        await asking;

        async Task<List<IReadOnlyDictionary<string, double>>> SecondsAsync(int count, double coresForRequest)
        {
            var seconds = new List<IReadOnlyDictionary<string, double>>();
            while (seconds.Count < count)
            {
                var before = asked;
                await Task.Delay(TimeSpan.FromSeconds(1));
                slowest = Math.Min(slowest, seconds.Count == 0 ? slowest : asked - before);
                fastest = Math.Max(fastest, asked - before);
                seconds.Add(counters.Now((asked - before) * coresForRequest));
            }

            return seconds;
        }

        var timed = costless.Where(second => second.ContainsKey("requests.duration")).ToList();
        Assert.IsInRange(1, 5, timed.Count, "of eight seconds");
        Assert.IsGreaterThanOrEqualTo(2, ordinary.TakeLast(3).Count(second => second.ContainsKey("requests.duration")), "the price is right again");
        foreach (var second in timed.Concat(ordinary).Where(second => second.ContainsKey("requests.duration")))
        {
            Assert.IsInRange(0, 500, second["requests.duration"]);
        }

        // The counters of a busy process may be late now and then.
        var counted = costless.Concat(ordinary).Where(second => second.GetValueOrDefault("kestrel.connections") > 0 && second.ContainsKey("gc.heap") && second.ContainsKey("requests")).ToList();
        Assert.IsInRange(14, 18, counted.Count);
        foreach (var second in counted)
        {
            Assert.IsInRange(slowest * 0.3, fastest * 2.0, second["requests"], "those of a second, thousands too");
            Assert.IsInRange(0, 2, second["requests.active"]);
        }
    }

    [TestMethod]
    public async Task A_service_that_dies_ends_its_view_and_nothing_else()
    {
        var host = await StartAsync("--none");
        await using (var monitor = LoadMonitor.Start([(host.Name, host.ProcessId!.Value)]))
        {
            monitor.BeginTest(Environment.ProcessId);
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            await host.DisposeAsync();
            await Task.Delay(TimeSpan.FromSeconds(1.5));

            Assert.IsGreaterThan(
                monitor.EndTest().Single(one => one.Kind == MonitoredKind.Service).Samples.Count,
                monitor.EndTest().Single(one => one.Kind == MonitoredKind.Engine).Samples.Count);
        }
    }

    private Task<ServiceHost> StartAsync(string illness) => StartAsync(illness[2..], ["exec", EngineLab.DummyAssembly, "service", illness]);

    private Task<ServiceHost> StartShopAsync() => StartAsync("shop-api", ["exec", EngineLab.ShopAssembly]);

    private Task<ServiceHost> StartAsync(string name, IReadOnlyList<string> arguments) => ServiceHost.StartAsync(
        new ServicePlan
        {
            Name = name,
            Command = EngineLab.Dotnet,
            Arguments = arguments,
            WorkingDirectory = folder,
            HealthPath = "/health",
            Location = new SourceLocation(Path.Combine(folder, "Shop.csproj"), 12, 5),
        },
        folder,
        EngineEnvironment.Machine(),
        CancellationToken.None);
}
