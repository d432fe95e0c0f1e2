using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Services;
using K6.LoadTesting.Services.Monitoring;
using K6.LoadTesting.Tests.Engines;

namespace K6.LoadTesting.Tests.Services;

[TestClass]
[DoNotParallelize]
public sealed class EvidenceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("k6sdk-evidence-").FullName;

    private string Record => Path.Combine(folder, "timeline.ndjson");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void The_engines_thresholds_are_crossed_as_its_recording_says_at_the_moment()
    {
        var crossed = new CrossedThresholds(Record, [], _ => null);
        Assert.IsEmpty(crossed.Now());

        File.WriteAllText(Record, "{\"event\":\"param\",\"data\":{}}\n{\"event\":\"threshold\",\"data\":{\"http_req_duration\":[\"p(95)<5\"]}}\n{\"event\":\"thresh");
        Assert.AreEqual("http_req_duration p(95)<5", crossed.Now().Single().Text);

        File.AppendAllText(Record, "old\",\"data\":{}}\n");
        Assert.IsEmpty(crossed.Now());
    }

    [TestMethod]
    public void A_services_threshold_is_crossed_by_its_last_second()
    {
        var second = new MonitoredSample(DateTimeOffset.UtcNow, new Dictionary<string, double> { ["gc.pause"] = 60, ["cpu"] = 0.2 });
        var crossed = new CrossedThresholds(Record, [Limit("service:shop.gc.pause", "<", 20), Limit("service:shop.cpu", "<", 1), Limit("service:other.cpu", "<", 0.1), Limit("http_reqs", "<", 0)], name => name == "shop" ? second : null);

        var one = crossed.Now().Single();

        Assert.AreEqual("shop", one.Service);
        Assert.AreEqual(3, one.Severity);
    }

    [TestMethod]
    [DataRow(ServiceDiagnostics.Trace, "shop.nettrace")]
    [DataRow(ServiceDiagnostics.GcDump, "shop.gcdump.nettrace")]
    [DataRow(ServiceDiagnostics.Dump, "shop.dmp")]
    public async Task Evidence_of_the_service_is_taken_when_a_threshold_is_crossed(ServiceDiagnostics kind, string file)
    {
        await using var host = await ServiceHost.StartAsync(Service("shop"), folder, EngineEnvironment.Machine(), CancellationToken.None);
        File.WriteAllText(Record, "{\"event\":\"threshold\",\"data\":{\"http_req_duration\":[\"p(95)<5\"]}}\n");
        await using var evidence = Evidence.Start(kind, [(host.Name, host.ProcessId!.Value)], new CrossedThresholds(Record, [], _ => null), folder);
        await Task.Delay(TimeSpan.FromSeconds(1.5));

        var told = (await evidence.StopAsync()).Single();

        Assert.AreEqual("KSDK0520", told.Code, told.Message);
        StringAssert.Contains(told.Message, "http_req_duration p(95)<5 was crossed");
        Assert.IsGreaterThan(10_000, new FileInfo(Path.Combine(folder, "evidence", file)).Length);
    }

    [TestMethod]
    public async Task A_service_of_another_kind_leaves_a_warning_and_no_file()
    {
        File.WriteAllText(Record, "{\"event\":\"threshold\",\"data\":{\"http_req_duration\":[\"p(95)<5\"]}}\n");
        await using var evidence = Evidence.Start(ServiceDiagnostics.Trace, [("gone", int.MaxValue)], new CrossedThresholds(Record, [], _ => null), folder);
        await Task.Delay(TimeSpan.FromSeconds(1.5));

        Assert.AreEqual("KSDK0521", (await evidence.StopAsync()).Single().Code);
        Assert.IsFalse(Directory.Exists(Path.Combine(folder, "evidence")));
    }

    private static ThresholdPlan Limit(string metric, string comparison, double limit) => new()
    {
        Name = metric,
        Metric = metric,
        Statistic = "max",
        Operator = comparison,
        Limit = limit,
        Expression = $"max{comparison}{limit}",
        Location = new SourceLocation("Shop.csproj", 1, 1),
    };

    private ServicePlan Service(string name) => new()
    {
        Name = name,
        Command = EngineLab.Dotnet,
        Arguments = ["exec", EngineLab.DummyAssembly, "service"],
        WorkingDirectory = folder,
        Location = new SourceLocation(Path.Combine(folder, "Shop.csproj"), 12, 5),
    };
}
