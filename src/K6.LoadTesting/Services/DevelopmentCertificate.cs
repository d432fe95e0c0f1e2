using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Services;

/// <summary>
/// The certificate that <c>dotnet dev-certs https</c> makes, and whether scripts trust it. None is ever made or trusted here.
/// https://learn.microsoft.com/aspnet/core/security/enforcing-ssl#trust-the-aspnet-core-https-development-certificate
/// </summary>
internal static class DevelopmentCertificate
{
    private const string Variable = "SSL_CERT_DIR";

    // Naming folders hides the ones that OpenSSL and Go know by themselves.
    private const string UsualFolders = "/etc/ssl/certs:/etc/pki/tls/certs";

    /// <summary>
    /// On Linux <c>dotnet dev-certs https --trust</c> leaves the certificate in a folder and asks people to name it in <c>SSL_CERT_DIR</c>. Where a service
    /// speaks HTTPS and the folder is there, that is done for the engine and the services; elsewhere the system itself trusts.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Trust(IReadOnlyDictionary<string, string> machine, IReadOnlyList<ServicePlan> services)
    {
        if (!OperatingSystem.IsLinux() || !services.Any(service => service.Scheme == ServiceScheme.Https)
            || machine.GetValueOrDefault("HOME") is not { Length: > 0 } home)
        {
            return machine;
        }

        var folder = Path.Combine(home, ".aspnet", "dev-certs", "trust");
        var known = machine.GetValueOrDefault(Variable) is { Length: > 0 } set ? set : UsualFolders;
        return Directory.Exists(folder) && !known.Split(':').Contains(folder)
            ? new Dictionary<string, string>(machine, EngineEnvironment.NameComparer) { [Variable] = $"{folder}:{known}" }
            : machine;
    }

    /// <summary>A warning for each service whose certificate the scripts refused.</summary>
    public static IEnumerable<Diagnostic> Refusals(EngineRun run, IReadOnlyList<ServiceHost> services)
    {
        foreach (var service in services.Where(service => service.Plan.Scheme == ServiceScheme.Https))
        {
            var refused = run.Warnings
                .Where(warning => warning.Message.Contains(service.Url, StringComparison.Ordinal) && warning.Message.Contains("x509:", StringComparison.Ordinal))
                .Sum(warning => warning.Count);
            if (refused > 0)
            {
                yield return Rules.CertificateNotTrusted.At(
                    service.Plan.Location,
                    $"{refused} requests to the service '{service.Name}' failed because its certificate is not trusted. Trust it on this machine with 'dotnet dev-certs https --trust', or set insecureSkipTLSVerify: true in the options of the script.");
            }
        }
    }
}
