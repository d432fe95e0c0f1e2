using System.Net.Security;

namespace K6.Embedded.Http;

/// <summary>The names of <c>tlsCipherSuites</c>.</summary>
internal static class CipherSuites
{
    /// <summary>Those of TLS 1.3, which k6 offers always: the option is about the versions before.</summary>
    public static readonly TlsCipherSuite[] OfTls13 =
        [TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256];

    /// <summary>The suite of that name; null when there is none.</summary>
    public static TlsCipherSuite? Find(string name) =>
        name.StartsWith("TLS_", StringComparison.Ordinal) && (Enum.TryParse<TlsCipherSuite>(name, out var suite) || Enum.TryParse(name + "_SHA256", out suite)) ? suite : null;
}
