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

    private Task<ServiceHost> StartAsync(string illness) => ServiceHost.StartAsync(
        new ServicePlan
        {
            Name = illness[2..],
            Command = EngineLab.Dotnet,
            Arguments = ["exec", EngineLab.DummyAssembly, "service", illness],
            WorkingDirectory = folder,
            Location = new SourceLocation(Path.Combine(folder, "Shop.csproj"), 12, 5),
        },
        folder,
        EngineEnvironment.Machine(),
        CancellationToken.None);
}
