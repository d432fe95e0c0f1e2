using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using K6.Embedded.Execution;
using K6.Embedded.Options;

namespace K6.Embedded.Http;

/// <summary>What a connection is for.</summary>
internal enum Carries
{
    /// <summary>Requests as they are.</summary>
    Http,

    /// <summary>TLS.</summary>
    Tls,

    /// <summary>A tunnel through a proxy, and TLS in it.</summary>
    Tunnel,
}

/// <summary>Makes connections by k6's rules: <c>hosts</c>, <c>blockHostnames</c>, <c>blacklistIPs</c>, and a cache of names. One for all VUs of a test; thread-safe.</summary>
internal sealed class Dialer
{
    private static readonly ConcurrentDictionary<TestOptions, Dialer> ByOptions = new(ReferenceEqualityComparer.Instance as IEqualityComparer<TestOptions>);

    private readonly Dictionary<string, string> hosts;
    private readonly string[] blocked;
    private readonly IPNetwork[] blacklist;
    private readonly ConcurrentDictionary<string, (long Until, IPAddress[] Addresses)> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeSpan timeToLive;
    private readonly string select;
    private readonly string policy;
    private int next;

    private Dialer(TestOptions options)
    {
        hosts = new Dictionary<string, string>(options.Hosts ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        blocked = [.. options.BlockHostnames ?? []];
        blacklist = [.. (options.BlacklistIps ?? []).Select(ParseNetwork)];
        timeToLive = ParseTimeToLive(options.Dns.Ttl);
        select = options.Dns.Select ?? "random";
        policy = options.Dns.Policy ?? "preferIPv4";
    }

    /// <summary>The dialer of a test.</summary>
    public static Dialer For(TestOptions options) => ByOptions.GetOrAdd(options, static o => new Dialer(o));

    /// <summary>Connects. Looks the name up first; the times of the exchange are of the connection alone.</summary>
    /// <exception cref="DialException">The host is blocked, or has no address.</exception>
    public async ValueTask<TcpStream> ConnectAsync(DnsEndPoint target, HttpExchange? exchange, Carries carries, VuContext context, CancellationToken cancellation)
    {
        var endPoint = await FindAsync(target, cancellation).ConfigureAwait(false);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var started = Stopwatch.GetTimestamp();
            if (exchange is { IsBlocking: true })
            {
                await ConnectBlockingAsync(socket, endPoint, cancellation).ConfigureAwait(false);
            }
            else
            {
                await socket.ConnectAsync(endPoint, cancellation).ConfigureAwait(false);
            }

            if (exchange is not null)
            {
                exchange.ConnectStarted = started;
                exchange.ConnectEnded = Stopwatch.GetTimestamp();
                exchange.MadeConnection = true;
            }

            var info = new ConnectionInfo { Remote = endPoint, Close = socket.Dispose };
            return new TcpStream(socket, new ConnectionMeter(info, context, marksTimes: carries == Carries.Http) { Tunnel = carries == Carries.Tunnel ? exchange : null });
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            socket.Dispose();
            throw new DialException(HttpFailure.OfSocket(e) with { Detail = $"dial tcp {endPoint}: connect: connection refused" });
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Connects a socket that only blocking calls will use. An asynchronous call would make it a non-blocking one for good, and every read
    /// after it a detour over the runtime's polling thread.
    /// </summary>
    private static async ValueTask ConnectBlockingAsync(Socket socket, IPEndPoint endPoint, CancellationToken cancellation)
    {
        await using var closing = cancellation.UnsafeRegister(static s => ((Socket)s!).Dispose(), socket).ConfigureAwait(false);
        try
        {
            if (IPAddress.IsLoopback(endPoint.Address))
            {
                socket.Connect(endPoint);
                return;
            }

            // A host that does not answer would hold a thread of the pool for minutes.
            await Task.Factory.StartNew(() => socket.Connect(endPoint), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (Exception e) when (cancellation.IsCancellationRequested && e is SocketException or ObjectDisposedException)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    private async ValueTask<IPEndPoint> FindAsync(DnsEndPoint target, CancellationToken cancellation)
    {
        var host = target.Host.Trim('[', ']');
        if (Array.Find(blocked, pattern => Matches(pattern, host)) is { } pattern)
        {
            throw new DialException(new HttpFailure(1111, "hostname is blocked") { Detail = $"hostname ({host}) is in a blocked pattern ({pattern})" });
        }

        var port = target.Port;
        IPAddress? address = null;
        if (FindHost(host, port) is { } mapped)
        {
            var endPoint = IPEndPoint.Parse(mapped);
            address = endPoint.Address;
            port = endPoint.Port == 0 ? port : endPoint.Port;
        }
        else if (!IPAddress.TryParse(host, out address))
        {
            address = Choose(await LookUpAsync(host, cancellation).ConfigureAwait(false));
        }

        foreach (var network in blacklist)
        {
            if (network.Contains(address))
            {
                throw new DialException(new HttpFailure(1110, "ip is blacklisted") { Detail = $"IP ({address}) is in a blacklisted range ({network})" });
            }
        }

        return new IPEndPoint(address, port);
    }

    private string? FindHost(string host, int port)
    {
        if (hosts.Count == 0)
        {
            return null;
        }

        if (hosts.TryGetValue($"{host}:{port}", out var mapped) || hosts.TryGetValue(host, out mapped))
        {
            return mapped;
        }

        return hosts.Where(h => h.Key.Contains('*', StringComparison.Ordinal) && (Matches(h.Key, host) || Matches(h.Key, $"{host}:{port}"))).Select(h => h.Value).FirstOrDefault();
    }

    private async ValueTask<IPAddress[]> LookUpAsync(string host, CancellationToken cancellation)
    {
        var now = Stopwatch.GetTimestamp();
        if (names.TryGetValue(host, out var known) && known.Until > now)
        {
            return known.Addresses;
        }

        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            throw NoSuchHost(host);
        }

        addresses = Ordered(addresses);
        if (addresses.Length == 0)
        {
            throw NoSuchHost(host);
        }

        if (timeToLive > TimeSpan.Zero)
        {
            names[host] = (now + (long)Math.Min(timeToLive.TotalSeconds * Stopwatch.Frequency, long.MaxValue / 4d), addresses);
        }

        return addresses;
    }

    private static DialException NoSuchHost(string host) => new(new HttpFailure(1101, "lookup: no such host") { Detail = $"lookup {host}: no such host" });

    private IPAddress[] Ordered(IPAddress[] addresses)
    {
        IPAddress[] v4 = [.. addresses.Where(a => a.AddressFamily == AddressFamily.InterNetwork)];
        IPAddress[] v6 = [.. addresses.Where(a => a.AddressFamily == AddressFamily.InterNetworkV6)];
        return policy switch
        {
            "onlyIPv4" => v4,
            "onlyIPv6" => v6,
            "preferIPv6" => v6.Length > 0 ? v6 : v4,
            "any" => addresses,
            _ => v4.Length > 0 ? v4 : v6,
        };
    }

    private IPAddress Choose(IPAddress[] addresses) => select switch
    {
        _ when addresses.Length == 1 => addresses[0],
        "first" => addresses[0],
        "roundRobin" => addresses[(uint)Interlocked.Increment(ref next) % addresses.Length],
        _ => addresses[Random.Shared.Next(addresses.Length)],
    };

    private static bool Matches(string pattern, string host) =>
        pattern.StartsWith('*')
            ? host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
            : pattern.Equals(host, StringComparison.OrdinalIgnoreCase);

    private static IPNetwork ParseNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
        : throw new FormatException($"'{text}' is neither an address nor a network");

    private static TimeSpan ParseTimeToLive(string? text) => text switch
    {
        null or "" => TimeSpan.FromMinutes(5),
        "0" => TimeSpan.Zero,
        "inf" => TimeSpan.FromDays(3650),
        _ => GoDuration.ParseExtended(text),
    };
}
