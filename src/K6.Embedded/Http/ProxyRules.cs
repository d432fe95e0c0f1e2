using System.Net;

namespace K6.Embedded.Http;

/// <summary>
/// Which requests go through a proxy: <c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c> and <c>NO_PROXY</c> (capital or small letters), as k6 reads them. The own machine
/// is never reached through one.
/// </summary>
internal sealed class ProxyRules : IWebProxy
{
    private readonly Uri? forHttp;
    private readonly Uri? forHttps;
    private readonly string[] direct;

    private ProxyRules(Uri? forHttp, Uri? forHttps, string[] direct)
    {
        this.forHttp = forHttp;
        this.forHttps = forHttps;
        this.direct = direct;
        var withUser = new[] { forHttp, forHttps }.FirstOrDefault(proxy => proxy?.UserInfo.Length > 0);
        Credentials = withUser is null ? null : CredentialsOf(withUser);
    }

    /// <inheritdoc/>
    public ICredentials? Credentials { get; set; }

    /// <summary>The rules of an environment; null when it names no proxy.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="warn">Told of an address that is none: requests go without it.</param>
    public static ProxyRules? Of(IReadOnlyDictionary<string, string> environment, Action<string> warn)
    {
        var (http, https) = (Address("HTTP_PROXY"), Address("HTTPS_PROXY"));
        return http is null && https is null
            ? null
            : new ProxyRules(http, https, Value("NO_PROXY").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

        string Value(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : environment.GetValueOrDefault(name.ToLowerInvariant(), "");

        Uri? Address(string name)
        {
            var text = Value(name);
            if (text.Length > 0 && Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5")
            {
                return uri;
            }

            if (text.Length > 0)
            {
                warn($"{name} has no effect: it is not the address of a proxy over http, https or socks5");
            }

            return null;
        }
    }

    /// <summary>The <c>Proxy-Authorization</c> for a request that a proxy reads; null where none is needed.</summary>
    public string? AuthorizationFor(Uri destination) =>
        destination.Scheme == "http" && Credentials is NetworkCredential user && !IsBypassed(destination)
            ? "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user.UserName}:{user.Password}"))
            : null;

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => destination.Scheme == "https" ? forHttps : forHttp;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host)
    {
        if (GetProxy(host) is null || host.IsLoopback || Array.Exists(direct, rule => rule == "*"))
        {
            return true;
        }

        var name = host.IdnHost.TrimEnd('.');
        var isAddress = IPAddress.TryParse(host.Host.Trim('[', ']'), out var address);
        return (isAddress && IPAddress.IsLoopback(address!)) || Array.Exists(direct, rule => isAddress ? CoversAddress(rule, address!, host.Port) : CoversName(rule, name, host.Port));
    }

    private static NetworkCredential CredentialsOf(Uri proxy)
    {
        var parts = Uri.UnescapeDataString(proxy.UserInfo).Split(':', 2);
        return new NetworkCredential(parts[0], parts.Length == 2 ? parts[1] : "");
    }

    private static bool CoversAddress(string rule, IPAddress address, int port) =>
        IPNetwork.TryParse(rule, out var network) ? network.Contains(address)
        : IPEndPoint.TryParse(rule, out var endPoint) && endPoint.Address.Equals(address) && (endPoint.Port == 0 || endPoint.Port == port);

    /// <summary><c>example.com</c> stands for itself and what is below it, <c>.example.com</c> and <c>*.example.com</c> for what is below it.</summary>
    private static bool CoversName(string rule, string host, int port)
    {
        var colon = rule.LastIndexOf(':');
        if (colon >= 0)
        {
            if (!int.TryParse(rule.AsSpan(colon + 1), out var only) || only != port)
            {
                return false;
            }

            rule = rule[..colon];
        }

        rule = rule.StartsWith("*.", StringComparison.Ordinal) ? rule[1..] : rule;
        return rule.StartsWith('.')
            ? host.EndsWith(rule, StringComparison.OrdinalIgnoreCase)
            : host.Equals(rule, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + rule, StringComparison.OrdinalIgnoreCase);
    }
}
