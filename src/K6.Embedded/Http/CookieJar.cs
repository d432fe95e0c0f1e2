using System.Globalization;

namespace K6.Embedded.Http;

/// <summary>A cookie that a response set.</summary>
internal sealed record SetCookie(string Name, string Value)
{
    public string Domain { get; init; } = "";
    public string Path { get; init; } = "";
    public bool HttpOnly { get; init; }
    public bool Secure { get; init; }

    /// <summary>Seconds; 0 is 'not given', less is 'at once'.</summary>
    public int MaxAge { get; init; }

    /// <summary>Null is 'not given'.</summary>
    public DateTime? Expires { get; init; }

    /// <summary>Reads a <c>Set-Cookie</c> header; null when it has no name.</summary>
    public static SetCookie? Parse(string header)
    {
        var parts = header.Split(';');
        var equals = parts[0].IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return null;
        }

        var name = parts[0][..equals].Trim();
        if (name.Length == 0)
        {
            return null;
        }

        var cookie = new SetCookie(name, Unquote(parts[0][(equals + 1)..].Trim()));
        foreach (var part in parts.AsSpan(1))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            var key = (at < 0 ? part : part[..at]).Trim().ToLowerInvariant();
            var value = at < 0 ? "" : part[(at + 1)..].Trim();
            cookie = key switch
            {
                "domain" => cookie with { Domain = value },
                "path" => cookie with { Path = value },
                "httponly" => cookie with { HttpOnly = true },
                "secure" => cookie with { Secure = true },
                "max-age" when int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) => cookie with { MaxAge = seconds <= 0 ? -1 : seconds },
                "expires" when DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var when) => cookie with { Expires = when },
                _ => cookie,
            };
        }

        return cookie;
    }

    private static string Unquote(string value) => value.Length > 1 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;
}

/// <summary>A cookie jar by RFC 6265: what responses set, and which of it goes with a request. Used by one VU; locked because its batches are parallel.</summary>
internal sealed class CookieJar
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];
    private long sequence;

    private sealed record Entry(string Name, string Value, string Domain, bool HostOnly, string Path, bool Secure, DateTime Expires, long Created);

    /// <summary>Whether nothing is in it.</summary>
    public bool IsEmpty => entries.Count == 0;

    /// <summary>Stores what a response from a URL set. An expired cookie removes the one that it names.</summary>
    public void Set(GoUrl url, SetCookie cookie)
    {
        var host = url.HostName.ToLowerInvariant();
        var domain = cookie.Domain.TrimStart('.').ToLowerInvariant();
        var hostOnly = domain.Length == 0 || domain == host;
        if (!hostOnly && (!host.EndsWith("." + domain, StringComparison.Ordinal) || System.Net.IPAddress.TryParse(host, out _)))
        {
            return;
        }

        hostOnly = domain.Length == 0 || System.Net.IPAddress.TryParse(host, out _);
        var path = cookie.Path.StartsWith('/') ? cookie.Path : DefaultPath(url.Path);
        var expires = cookie.MaxAge < 0 ? DateTime.MinValue
            : cookie.MaxAge > 0 ? DateTime.UtcNow.AddSeconds(cookie.MaxAge)
            : cookie.Expires ?? DateTime.MaxValue;
        lock (gate)
        {
            var index = entries.FindIndex(e => e.Name == cookie.Name && e.Path == path && e.Domain == (domain.Length == 0 ? host : domain));
            if (expires <= DateTime.UtcNow)
            {
                if (index >= 0)
                {
                    entries.RemoveAt(index);
                }

                return;
            }

            var entry = new Entry(cookie.Name, cookie.Value, domain.Length == 0 ? host : domain, hostOnly, path, cookie.Secure, expires, index >= 0 ? entries[index].Created : sequence++);
            if (index >= 0)
            {
                entries[index] = entry;
            }
            else
            {
                entries.Add(entry);
            }
        }
    }

    /// <summary>The cookies for a request, longest path first and then oldest first.</summary>
    public IReadOnlyList<(string Name, string Value)> For(GoUrl url)
    {
        lock (gate)
        {
            if (entries.Count == 0)
            {
                return [];
            }

            var host = url.HostName.ToLowerInvariant();
            var path = url.Path.Length == 0 ? "/" : url.Path;
            var now = DateTime.UtcNow;
            var isSecure = url.Scheme == "https" || host == "localhost" || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));
            entries.RemoveAll(e => e.Expires <= now);
            return [.. entries
                .Where(e => (e.HostOnly ? e.Domain == host : e.Domain == host || host.EndsWith("." + e.Domain, StringComparison.Ordinal))
                    && PathMatches(e.Path, path) && (!e.Secure || isSecure))
                .OrderByDescending(e => e.Path.Length).ThenBy(e => e.Created)
                .Select(e => (e.Name, e.Value))];
        }
    }

    /// <summary>Removes the cookies that a request to the URL would carry; one of them when a name is given.</summary>
    public void Remove(GoUrl url, string? name)
    {
        var sent = For(url);
        lock (gate)
        {
            var host = url.HostName.ToLowerInvariant();
            entries.RemoveAll(e => (name is null || e.Name == name)
                && (e.Domain == host || host.EndsWith("." + e.Domain, StringComparison.Ordinal)) && sent.Any(s => s.Name == e.Name));
        }
    }

    private static bool PathMatches(string cookiePath, string path) =>
        path == cookiePath || (path.StartsWith(cookiePath, StringComparison.Ordinal) && (cookiePath.EndsWith('/') || path[cookiePath.Length] == '/'));

    private static string DefaultPath(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }
}
