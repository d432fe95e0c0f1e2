using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Services;

namespace K6.LoadTesting.Tests.Services;

[TestClass]
public sealed class HttpsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk https ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task A_service_on_this_machine_is_asked_for_its_health_whoever_made_its_certificate()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener);
        var plan = Https() with { Url = $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", StartTimeout = "10s" };

        await using var service = await ServiceHost.StartAsync(plan, _folder, EngineEnvironment.Machine(), CancellationToken.None);

        Assert.AreEqual(plan.Url, service.Variables["services__shop__https__0"]);
        await serving;
    }

    [TestMethod]
    public void An_https_service_listens_on_localhost_since_the_development_certificate_is_for_that_name()
    {
        var environment = ServiceEnvironment.Build(Https(), new Dictionary<string, string> { ["URLS"] = "http://+:80" }, new Dictionary<string, string>(), 5001);

        Assert.AreEqual("https://localhost:5001", environment["URLS"]);
        Assert.AreEqual("https://localhost:5001", environment["ASPNETCORE_URLS"]);
    }

    [TestMethod]
    public void A_certificate_that_was_trusted_by_its_owner_is_trusted_by_scripts()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("elsewhere the system trusts");
        }

        var machine = new Dictionary<string, string> { ["HOME"] = _folder };
        Assert.AreSame(machine, DevelopmentCertificate.Trust(machine, [Https()]), "nothing was trusted");

        var trusted = Directory.CreateDirectory(Path.Combine(_folder, ".aspnet", "dev-certs", "trust")).FullName;
        Assert.AreEqual($"{trusted}:/etc/ssl/certs:/etc/pki/tls/certs", DevelopmentCertificate.Trust(machine, [Https()])["SSL_CERT_DIR"]);
        Assert.AreSame(machine, DevelopmentCertificate.Trust(machine, [Https() with { Scheme = ServiceScheme.Http }]), "nobody needs it");

        machine["SSL_CERT_DIR"] = "/mine";
        Assert.AreEqual($"{trusted}:/mine", DevelopmentCertificate.Trust(machine, [Https()])["SSL_CERT_DIR"]);
    }

    [TestMethod]
    public async Task Requests_that_failed_for_the_certificate_are_a_warning_at_the_service()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener);
        var plan = Https() with { Url = $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}" };
        await using var service = await ServiceHost.StartAsync(plan, _folder, EngineEnvironment.Machine(), CancellationToken.None);
        await serving;

        var warning = DevelopmentCertificate.Refusals(
            Run($"Request Failed: Get \"{plan.Url}/a\": tls: failed to verify certificate: x509: certificate signed by unknown authority"), [service]).Single();
        Assert.AreEqual("KSDK0509", warning.Code);
        Assert.AreEqual(12, warning.Location!.Line);
        Assert.Contains("7 requests", warning.Message);
        Assert.IsEmpty(DevelopmentCertificate.Refusals(Run($"Request Failed: Get \"{plan.Url}/a\": EOF"), [service]));
    }

    private ServicePlan Https() => new()
    {
        Name = "shop",
        Scheme = ServiceScheme.Https,
        Location = new SourceLocation(Path.Combine(_folder, "Shop.csproj"), 12, 5),
    };

    private static EngineRun Run(string warning) => new()
    {
        Test = "browse",
        Engine = new EngineInfo("k6", "2.2.0", "/k6"),
        StartTime = DateTimeOffset.UtcNow,
        EndTime = DateTimeOffset.UtcNow,
        Outcome = EngineOutcome.Completed,
        Folder = "/run",
        Warnings = [new FoldedError(warning, 7, null, null, warning)],
    };

    private static async Task ServeAsync(TcpListener listener)
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=nobody knows me", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(certificate);
        Assert.AreNotEqual(0, await stream.ReadAsync(new byte[4096]));
        await stream.WriteAsync("HTTP/1.1 204 Fine\r\nConnection: close\r\n\r\n"u8.ToArray());
    }
}
