using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace K6.Conformance.Tests.Server;

/// <summary>Certificates that are wrong in different ways; made once per process.</summary>
internal static class Certificates
{
    private static readonly Lazy<X509Certificate2> LazyUnknown = new(() => Make("127.0.0.1", -1, 1));
    private static readonly Lazy<X509Certificate2> LazyExpired = new(() => Make("127.0.0.1", -3, -1));
    private static readonly Lazy<X509Certificate2> LazyOther = new(() => Make("127.0.0.9", -1, 1));

    /// <summary>For 127.0.0.1, signed by nobody known.</summary>
    public static X509Certificate2 Unknown => LazyUnknown.Value;

    /// <summary>For 127.0.0.1, not valid any more.</summary>
    public static X509Certificate2 Expired => LazyExpired.Value;

    /// <summary>For another address.</summary>
    public static X509Certificate2 Other => LazyOther.Value;

    private static X509Certificate2 Make(string address, int fromDay, int toDay)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=truth", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(fromDay), DateTimeOffset.UtcNow.AddDays(toDay));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
