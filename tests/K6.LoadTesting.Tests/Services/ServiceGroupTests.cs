using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Services;
using K6.LoadTesting.Tests.Engines;

namespace K6.LoadTesting.Tests.Services;

[TestClass]
public sealed class ServiceGroupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk group ").FullName;
    private readonly List<string> _phases = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task A_service_starts_when_those_it_waits_for_are_ready_and_is_told_their_addresses()
    {
        var api = Plan("api", "--print", "services__db__tcp__0") with { WaitFor = ["cache"] };
        var cache = Plan("cache") with { WaitFor = ["db"], UrlVariable = "CACHE_URL" };
        var db = Plan("db", "--after", "0.5") with { Scheme = ServiceScheme.Tcp, HealthPath = null, HealthPort = "{port}", UrlVariable = null };

        await using var group = await StartAsync(api, cache, db);

        CollectionAssert.AreEqual(new[] { "starting db", "starting cache", "starting api" }, _phases);
        Assert.HasCount(3, group.Processes);
        var log = await File.ReadAllTextAsync(Path.Combine(_folder, "services", "api.log"));
        Assert.Contains($"services__db__tcp__0={group.Variables["services__db__tcp__0"]}", log);
        CollectionAssert.AreEquivalent(
            new[] { "services__db__tcp__0", "services__cache__http__0", "CACHE_URL", "services__api__http__0", "BASE_URL" }, group.Variables.Keys.ToArray());
    }

    [TestMethod]
    public async Task Services_that_wait_for_none_start_side_by_side()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("test -f is wanted");
        }

        // Each one is ready when the other one has begun to write its log.
        ServicePlan Ready(string name, string other) =>
            Plan(name) with { UrlVariable = name, HealthPath = null, HealthCommand = ["test", "-f", Path.Combine(_folder, "services", $"{other}.log")] };

        await using var group = await StartAsync(Ready("left", "right"), Ready("right", "left"));

        Assert.HasCount(2, group.Processes);
        Assert.AreEqual("starting left, starting right", string.Join(", ", _phases.Order()));
    }

    [TestMethod]
    public async Task When_one_fails_the_others_are_stopped_and_those_that_wait_never_start()
    {
        var error = await Assert.ThrowsExactlyAsync<LoadTestException>(() => StartAsync(
            Plan("slow", "--after", "60"),
            Plan("healthy"),
            Plan("broken", "--exit", "7"),
            Plan("api") with { WaitFor = ["healthy", "broken"] }));

        Assert.AreEqual("KSDK0502", error.Diagnostic.Code);
        Assert.Contains("'broken'", error.Diagnostic.Message);
        Assert.DoesNotContain("starting api", _phases);
        Assert.IsFalse(File.Exists(Path.Combine(_folder, "services", "api.log")));
    }

    [TestMethod]
    public async Task A_service_that_ends_while_others_start_is_the_reason()
    {
        var error = await Assert.ThrowsExactlyAsync<LoadTestException>(() => StartAsync(
            Plan("db", "--crash", "0.5"),
            Plan("api", "--after", "60") with { WaitFor = ["db"] }));

        Assert.AreEqual("KSDK0505", error.Diagnostic.Code);
        Assert.Contains("'db' ended with exit code 3", error.Diagnostic.Message);
    }

    [TestMethod]
    public async Task Cancellation_stops_all_of_them()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<OperationCanceledException>(() => StartAsync(stop.Token, Plan("ready"), Plan("slow", "--after", "60")));
    }

    private Task<ServiceGroup> StartAsync(params ServicePlan[] services) => StartAsync(CancellationToken.None, services);

    private Task<ServiceGroup> StartAsync(CancellationToken cancellationToken, params ServicePlan[] services) =>
        ServiceGroup.StartAsync(services, _folder, EngineEnvironment.Machine(), Heard, cancellationToken);

    private void Heard(string phase)
    {
        lock (_phases)
        {
            _phases.Add(phase);
        }
    }

    private ServicePlan Plan(string name, params string[] options) => new()
    {
        Name = name,
        Command = EngineLab.Dotnet,
        Arguments = ["exec", EngineLab.DummyAssembly, "service", .. options],
        Location = new SourceLocation(Path.Combine(_folder, "Shop.csproj"), 12, 5),
    };
}
