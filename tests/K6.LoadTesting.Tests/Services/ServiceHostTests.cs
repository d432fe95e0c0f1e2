using System.Net;
using System.Net.Sockets;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Services;
using K6.LoadTesting.Tests.Engines;

namespace K6.LoadTesting.Tests.Services;

[TestClass]
public class ServiceHostTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk sërvices").FullName;

    [TestCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task A_service_starts_on_a_free_port_and_scripts_are_told_where()
    {
        await using var service = await StartAsync(Plan("--after", "0.3"));

        using var client = new HttpClient();
        Assert.AreEqual(HttpStatusCode.OK, (await client.GetAsync(new Uri(service.Url + "/anything"))).StatusCode);
        Assert.AreEqual(service.Url, service.Variables["services__shop-api__http__0"]);
        Assert.AreEqual(service.Url, service.Variables["BASE_URL"]);
        Assert.IsFalse(service.Ended.IsCompleted);
        Assert.AreEqual(Path.Combine(_folder, "services", "shop-api.log"), service.LogFile);
    }

    [TestMethod]
    public async Task A_service_inherits_the_builds_environment_without_that_of_k6()
    {
        var machine = new Dictionary<string, string>(EngineEnvironment.Machine()) { ["K6_VUS"] = "7", ["ASPNETCORE_URLS"] = "http://+:80" };
        machine.Remove("ASPNETCORE_ENVIRONMENT");
        machine.Remove("DOTNET_ENVIRONMENT");
        var plan = Plan() with { Environment = new Dictionary<string, string> { ["GREETING"] = "hello" } };
        string log;
        await using (var service = await ServiceHost.StartAsync(plan, _folder, machine, CancellationToken.None))
        {
            log = service.LogFile;
            Assert.Contains($"ASPNETCORE_URLS={service.Url}", Lines(log));
        }

        Assert.Contains("ASPNETCORE_ENVIRONMENT=Production", Lines(log));
        Assert.Contains("K6_VUS=(not set)", Lines(log));
        Assert.Contains("GREETING=hello", Lines(log));
    }

    [TestMethod]
    public async Task A_service_is_asked_to_end_and_that_is_no_crash()
    {
        var service = await StartAsync(Plan());
        await service.DisposeAsync();
        Assert.IsNull(await service.Ended);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Contains("service got SIGTERM", Lines(service.LogFile));
        }
    }

    [TestMethod]
    public async Task A_service_that_does_not_want_to_end_is_killed()
    {
        var service = await StartAsync(Plan("--ignore-term") with { StopTimeout = "1s" });
        await service.DisposeAsync();
        using var client = new HttpClient();
        await Assert.ThrowsExactlyAsync<HttpRequestException>(() => client.GetAsync(new Uri(service.Url)));
    }

    [TestMethod]
    public async Task A_service_that_ends_early_is_an_error_with_its_exit_code_and_last_lines()
    {
        var error = await ErrorAsync(Plan("--exit", "7"));
        Assert.AreEqual("KSDK0502", error.Code);
        Assert.AreEqual(12, error.Location!.Line);
        Assert.Contains("exit code 7", error.Message);
        Assert.Contains("cannot read its settings", error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    [TestMethod]
    public async Task A_service_that_never_becomes_healthy_is_an_error_with_its_last_answer()
    {
        var error = await ErrorAsync(Plan("--status", "503") with { StartTimeout = "2s", HealthPath = "/health" });
        Assert.AreEqual("KSDK0503", error.Code);
        Assert.Contains("/health did not answer with 2xx, the last answer was 503", error.Message);
        Assert.Contains("service starts", error.Message);
    }

    [TestMethod]
    public async Task A_service_that_never_listens_is_an_error()
    {
        var error = await ErrorAsync(Plan("--after", "60") with { StartTimeout = "1s" });
        Assert.AreEqual("KSDK0503", error.Code);
        Assert.Contains("nobody answered there", error.Message);
    }

    [TestMethod]
    public async Task A_port_that_is_taken_is_an_error_that_names_it_and_its_holder()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var error = await ErrorAsync(Plan() with { Port = port });

        Assert.AreEqual("KSDK0504", error.Code);
        Assert.Contains($"port {port}", error.Message);
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains($"(process {Environment.ProcessId})", error.Message);
        }
    }

    [TestMethod]
    public async Task A_service_that_ends_during_a_run_is_reported()
    {
        await using var service = await StartAsync(Plan("--crash", "0.5"));
        var error = await service.Ended.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.AreEqual("KSDK0505", error!.Code);
        Assert.Contains("exit code 3", error.Message);
    }

    [TestMethod]
    public async Task A_program_that_does_not_exist_is_an_error()
    {
        var error = await ErrorAsync(Plan() with { Command = "no-such-program" });
        Assert.AreEqual("KSDK0501", error.Code);
        Assert.Contains("no program 'no-such-program' on PATH", error.Message);
    }

    [TestMethod]
    public async Task Cancellation_while_it_starts_ends_it()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            ServiceHost.StartAsync(Plan("--after", "60"), _folder, EngineEnvironment.Machine(), cancel.Token));
    }

    private ServicePlan Plan(params string[] options) => new()
    {
        Name = "shop-api",
        Command = EngineLab.Dotnet,
        Arguments = ["exec", EngineLab.DummyAssembly, "service", .. options],
        WorkingDirectory = _folder,
        Location = new SourceLocation(Path.Combine(_folder, "Shop.csproj"), 12, 5),
    };

    private Task<ServiceHost> StartAsync(ServicePlan plan) => ServiceHost.StartAsync(plan, _folder, EngineEnvironment.Machine(), CancellationToken.None);

    private async Task<Diagnostic> ErrorAsync(ServicePlan plan) =>
        (await Assert.ThrowsExactlyAsync<LoadTestException>(() => StartAsync(plan))).Diagnostic;

    private static string[] Lines(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n');
    }
}
