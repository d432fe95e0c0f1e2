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
            log = service.LogFile!;
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
            Assert.Contains("service got SIGTERM", Lines(service.LogFile!));
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

    [TestMethod]
    public async Task A_service_is_ready_when_its_port_takes_connections()
    {
        await using var service = await StartAsync(Plan("--after", "0.3", "--status", "500") with { Scheme = ServiceScheme.Tcp, HealthPath = null, HealthPort = "{port}", UrlVariable = null });

        Assert.AreEqual("services__shop-api__tcp__0", service.Variables.Single().Key);
        StringAssert.StartsWith(service.Url, "tcp://127.0.0.1:");
    }

    [TestMethod]
    [DataRow("ready to serve")]
    [DataRow("/^ready (to|for) \\w+$/")]
    public async Task A_service_is_ready_when_it_says_so(string sign)
    {
        await using var service = await StartAsync(Plan("--after", "0.3", "--status", "500", "--say", "ready to serve") with { HealthPath = null, HealthLog = sign });
        Assert.Contains("ready to serve", Lines(service.LogFile!));
    }

    [TestMethod]
    public async Task A_service_that_never_says_so_is_an_error()
    {
        var error = await ErrorAsync(Plan() with { HealthPath = null, HealthLog = "/re.dy/", StartTimeout = "1s" });
        Assert.AreEqual("KSDK0503", error.Code);
        Assert.Contains("no line of its output matches /re.dy/", error.Message);
        Assert.Contains("Correct HealthLog", error.Message);
    }

    [TestMethod]
    public async Task A_service_is_ready_when_a_command_says_so()
    {
        OnPosix();
        var file = Path.Combine(_folder, "ready");
        var plan = Plan("--status", "500") with { HealthPath = null, HealthCommand = ["sh", "-c", $"[ -f '{file}' ] || {{ echo 'port {{port}} is not yet'; exit 4; }}"] };

        var error = await ErrorAsync(plan with { StartTimeout = "2s" });
        Assert.AreEqual("KSDK0503", error.Code);
        StringAssert.Matches(error.Message, new(@"the last time it exited with 4 \(port \d+ is not yet\)\. Correct HealthCommand"));

        await File.WriteAllTextAsync(file, "");
        await using var service = await StartAsync(plan);
        Assert.IsNotNull(service.ProcessId);
    }

    [TestMethod]
    public async Task A_service_that_runs_already_is_awaited_and_left_alone()
    {
        await using var running = await StartAsync(Plan());
        var plan = new ServicePlan { Name = "staging", Url = running.Url, Location = new SourceLocation(Path.Combine(_folder, "Shop.csproj"), 13, 5) };

        var service = await StartAsync(plan);
        Assert.AreEqual(running.Url, service.Variables["services__staging__http__0"]);
        Assert.IsNull(service.ProcessId);
        Assert.IsNull(service.LogFile);
        await service.DisposeAsync();
        Assert.IsNull(await service.Ended);
        Assert.IsFalse(running.Ended.IsCompleted);

        var error = await ErrorAsync(plan with { Url = "http://127.0.0.1:9", StartTimeout = "1s" });
        Assert.AreEqual("KSDK0503", error.Code);
        Assert.Contains("http://127.0.0.1:9/ did not answer with 2xx, nobody answered there", error.Message);
        Assert.Contains("let the load test start it with Command", error.Message);
    }

    [TestMethod]
    public async Task A_command_is_told_port_and_address_in_its_arguments()
    {
        var plan = Plan("--print", "ADDRESS", "--port", "{port}") with { Environment = new Dictionary<string, string> { ["ADDRESS"] = "{url}/{other}" } };
        await using var service = await StartAsync(plan);
        Assert.Contains($"ADDRESS={service.Url}/{{other}}", Lines(service.LogFile!));
    }

    [TestMethod]
    public async Task A_command_may_end_when_another_one_stops_what_it_started()
    {
        OnPosix();
        // What has a session of its own is out of reach of signals, as a container is.
        var detached = Plan() with
        {
            Command = "sh",
            Arguments = ["-c", $"setsid '{EngineLab.Dotnet}' exec '{EngineLab.DummyAssembly}' service >service.txt 2>&1 & echo $! >pid; sleep 1"],
            StopCommand = ["sh", "-c", "kill $(cat pid)"],
        };
        var service = await StartAsync(detached);
        var id = int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "pid")));
        await EngineLab.EventuallyAsync(() => service.ProcessId is null ? "ended" : null);
        Assert.IsFalse(service.Ended.IsCompleted);

        await service.DisposeAsync();
        await EngineLab.GoneAsync(id);
        Assert.IsNull(await service.Ended);
        Assert.IsNull(service.StopProblem);
    }

    [TestMethod]
    public async Task What_goes_wrong_at_the_end_is_a_warning()
    {
        OnPosix();
        var killed = await StartAsync(Plan("--ignore-term") with { StopTimeout = "1s" });
        await killed.DisposeAsync();
        Assert.AreEqual("KSDK0507", killed.StopProblem!.Code);

        var failed = await StartAsync(Plan() with { StopCommand = ["sh", "-c", "echo no such container; exit 5"] });
        await failed.DisposeAsync();
        Assert.AreEqual("KSDK0508", failed.StopProblem!.Code);
        Assert.Contains("exit code 5", failed.StopProblem.Message);
        Assert.Contains("no such container", failed.StopProblem.Message);
        await EngineLab.EventuallyAsync(() => failed.ProcessId is null ? "ended" : null);
    }

    [TestMethod]
    public async Task A_stop_command_that_does_not_exist_is_an_error_before_anything_starts()
    {
        var error = await ErrorAsync(Plan() with { StopCommand = ["no-such-program"] });
        Assert.AreEqual("KSDK0501", error.Code);
        Assert.IsFalse(Directory.Exists(Path.Combine(_folder, "services")));
    }

    private static void OnPosix()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("a shell is wanted");
        }
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
