using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using K6.Conformance.Tests.Server;

namespace K6.Conformance.Tests;

/// <summary>The servers of one run of one case, by the variables that its script reads: BASE, TLS, TLS_EXPIRED, TLS_OTHER, TLS_CLIENT, and a free port for REST.</summary>
internal sealed partial class CaseServers : IDisposable
{
    private readonly SortedDictionary<string, TruthServer> servers = new(StringComparer.Ordinal);
    private readonly string? rest;
    private readonly string folder;

    /// <summary>Starts those that the script names.</summary>
    public CaseServers(ConformanceCase @case, Action<string>? onSignal)
    {
        folder = Path.GetDirectoryName(@case.Script)!;
        foreach (var name in Name().Matches(@case.Text).Select(m => m.Groups[1].Value).Distinct())
        {
            servers[name] = name switch
            {
                "TLS" => new TruthServer(Certificates.Unknown),
                "TLS_EXPIRED" => new TruthServer(Certificates.Expired),
                "TLS_OTHER" => new TruthServer(Certificates.Other),
                "TLS_CLIENT" => new TruthServer(Certificates.Unknown, asksForCertificate: true),
                _ => new TruthServer(onSignal: onSignal),
            };
        }

        if (@case.Text.Contains("{rest}", StringComparison.Ordinal))
        {
            rest = "127.0.0.1:" + FreePort().ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The server of a name.</summary>
    public TruthServer this[string name] => servers[name];

    /// <summary>What the script finds in <c>__ENV</c>.</summary>
    public Dictionary<string, string> Environment
    {
        get
        {
            var result = servers.ToDictionary(s => s.Key, s => $"{(s.Key == "BASE" ? "http" : "https")}://127.0.0.1:{s.Value.Port}");
            if (rest is not null)
            {
                result["REST"] = "http://" + rest;
            }

            return result;
        }
    }

    /// <summary>Puts what is known only now into an argument or a variable: <c>{rest}</c>, the free address; <c>{BASE}</c> and its like, <c>{proxy}</c> without its scheme; <c>{data}</c>, the folder beside the script.</summary>
    public string Fill(string text)
    {
        text = text.Replace("{rest}", rest, StringComparison.Ordinal).Replace("{data}", Path.Combine(folder, "data"), StringComparison.Ordinal);
        text = servers.TryGetValue("BASE", out var proxy) ? text.Replace("{proxy}", $"127.0.0.1:{proxy.Port}", StringComparison.Ordinal) : text;
        return Environment.Aggregate(text, (all, server) => all.Replace("{" + server.Key + "}", server.Value, StringComparison.Ordinal));
    }

    /// <summary>What arrived.</summary>
    public SortedDictionary<string, int> Seen()
    {
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, server) in servers)
        {
            seen[$"{name} connections"] = server.Connections;
            foreach (var requests in server.Requests.GroupBy(r => $"{name} {r.Method} {Normalize(r.Target)}"))
            {
                seen[requests.Key] = requests.Count();
            }
        }

        return seen;
    }

    /// <summary>Names in place of addresses.</summary>
    public string Normalize(string text)
    {
        foreach (var (name, server) in servers)
        {
            text = text.Replace($"127.0.0.1:{server.Port}", $"127.0.0.1:{name}", StringComparison.Ordinal);
        }

        return LocalPort().Replace(rest is null ? text : text.Replace(rest, "127.0.0.1:REST", StringComparison.Ordinal), "127.0.0.1:PORT");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var server in servers.Values)
        {
            server.Dispose();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"__ENV\.(BASE|TLS\w*)")]
    private static partial Regex Name();

    [GeneratedRegex(@"127\.0\.0\.1:\d{4,5}")]
    private static partial Regex LocalPort();
}
