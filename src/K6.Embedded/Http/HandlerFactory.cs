using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using K6.Embedded.Execution;
using K6.Embedded.Options;

namespace K6.Embedded.Http;

/// <summary>Makes the HTTP handler of a VU: its own connections, k6's name and TLS rules, hooks for the timings.</summary>
internal static class HandlerFactory
{
    /// <summary>Makes a handler.</summary>
    public static SocketsHttpHandler Create(TestOptions options, VuContext context)
    {
        var dialer = Dialer.For(options);

        // A tunnel is made for a request of the handler's own; the request that goes through it finds here what was measured. By host and port.
        var tunnels = new ConcurrentDictionary<string, (HttpExchange Exchange, TcpStream Stream)>(StringComparer.OrdinalIgnoreCase);
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = context.Test.Proxies is not null,
            Proxy = context.Test.Proxies,
            ActivityHeadersPropagator = null,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            EnableMultipleHttp2Connections = true,
#pragma warning disable CA2262 // Kilobytes: k6 takes large headers.
            MaxResponseHeadersLength = 1024,
#pragma warning restore CA2262
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            PooledConnectionLifetime = options.NoConnectionReuse == true ? TimeSpan.Zero : Timeout.InfiniteTimeSpan,
            RequestHeaderEncodingSelector = static (_, _) => System.Text.Encoding.UTF8,
            ResponseHeaderEncodingSelector = static (_, _) => System.Text.Encoding.UTF8,
            ConnectCallback = async (connecting, cancellation) =>
            {
                var request = connecting.InitialRequestMessage;
                if (request.Method == HttpMethod.Connect)
                {
                    var tunnel = new HttpExchange();
                    var stream = await dialer.ConnectAsync(connecting.DnsEndPoint, tunnel, Carries.Tunnel, context, cancellation).ConfigureAwait(false);
                    tunnels[request.Headers.Host ?? ""] = (tunnel, stream);
                    return stream;
                }

                request.Options.TryGetValue(HttpExchange.Key, out var exchange);
                return await dialer.ConnectAsync(connecting.DnsEndPoint, exchange, request.RequestUri?.Scheme == "https" ? Carries.Tls : Carries.Http, context, cancellation).ConfigureAwait(false);
            },
            PlaintextStreamFilter = (filter, _) => ValueTask.FromResult(Filter(filter, tunnels)),
            SslOptions = TlsOptions(options),
        };
    }

    private static Stream Filter(SocketsHttpPlaintextStreamFilterContext filter, ConcurrentDictionary<string, (HttpExchange Exchange, TcpStream Stream)> tunnels)
    {
        if (filter.PlaintextStream is not SslStream tls)
        {
            return filter.PlaintextStream;
        }

        filter.InitialRequestMessage.Options.TryGetValue(HttpExchange.Key, out var exchange);
        var connection = StreamBelow(tls) as TcpStream;
        if (connection is null && filter.InitialRequestMessage.RequestUri is { } target && tunnels.TryGetValue($"{target.IdnHost}:{target.Port}", out var tunnel))
        {
            connection = tunnel.Stream;
            if (exchange is not null)
            {
                exchange.ConnectStarted = tunnel.Exchange.ConnectStarted;
                exchange.ConnectEnded = tunnel.Exchange.ConnectEnded;
                exchange.TlsStarted = tunnel.Exchange.FirstRead;
                exchange.MadeConnection = true;
            }
        }

        if (exchange is not null)
        {
            exchange.TlsEnded = System.Diagnostics.Stopwatch.GetTimestamp();
        }

        var info = new ConnectionInfo
        {
            Remote = connection?.Meter.Connection.Remote ?? new IPEndPoint(IPAddress.None, 0),
            TlsVersion = NameOf(tls.SslProtocol),
            CipherSuite = tls.NegotiatedCipherSuite.ToString(),
        };
        return new TlsContentStream(tls, new ConnectionMeter(info, counter: null, marksTimes: true));
    }

    [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Method, Name = "get_InnerStream")]
    private static extern Stream StreamBelow(AuthenticatedStream stream);

    private static SslClientAuthenticationOptions TlsOptions(TestOptions options)
    {
        var skips = options.InsecureSkipTlsVerify == true;
        var result = new SslClientAuthenticationOptions
        {
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            EnabledSslProtocols = Protocols(options.TlsVersion),
            RemoteCertificateValidationCallback = (_, _, _, errors) =>
                errors == SslPolicyErrors.None || skips ? true : throw new DialException(HttpFailure.OfCertificate(errors)),
        };
        if (options.TlsAuth is { Count: > 0 } identities)
        {
            result.ClientCertificates = new X509CertificateCollection(identities.Select(ClientCertificate.Load).ToArray());
            result.LocalCertificateSelectionCallback = (_, host, certificates, _, _) =>
            {
                for (var i = 0; i < identities.Count; i++)
                {
                    if (identities[i].Domains is not { Count: > 0 } domains || domains.Any(d => DomainMatches(d, host)))
                    {
                        return certificates[i];
                    }
                }

                return null!;
            };
        }

        if (options.TlsCipherSuites is { Count: > 0 } suites && !OperatingSystem.IsWindows())
        {
            result.CipherSuitesPolicy = new CipherSuitesPolicy(suites.Select(s => CipherSuites.Find(s)!.Value).Union(CipherSuites.OfTls13));
        }

        return result;
    }

    private static bool DomainMatches(string pattern, string host) =>
        pattern.StartsWith("*.", StringComparison.Ordinal) ? host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase) : pattern.Equals(host, StringComparison.OrdinalIgnoreCase);

    private static SslProtocols Protocols(TlsVersions? versions)
    {
        if (versions is null)
        {
            return SslProtocols.None;
        }

        var minimum = Number(versions.Min) ?? 0;
        var maximum = Number(versions.Max) ?? 3;
        var protocols = SslProtocols.None;
#pragma warning disable SYSLIB0039, CA5397 // A load test may ask for the old versions by name.
        SslProtocols[] all = [SslProtocols.Tls, SslProtocols.Tls11, SslProtocols.Tls12, SslProtocols.Tls13];
#pragma warning restore SYSLIB0039, CA5397
        for (var i = minimum; i <= maximum; i++)
        {
            protocols |= all[i];
        }

        return protocols;
    }

    private static int? Number(string? version) => version switch
    {
        "tls1.0" => 0,
        "tls1.1" => 1,
        "tls1.2" => 2,
        "tls1.3" => 3,
        _ => null,
    };

#pragma warning disable SYSLIB0039, CA5397
    private static string NameOf(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls => "tls1.0",
        SslProtocols.Tls11 => "tls1.1",
        SslProtocols.Tls12 => "tls1.2",
        SslProtocols.Tls13 => "tls1.3",
        _ => "",
    };
#pragma warning restore SYSLIB0039, CA5397
}
