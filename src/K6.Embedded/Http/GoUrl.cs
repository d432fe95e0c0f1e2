using System.Globalization;
using System.Text;

namespace K6.Embedded.Http;

/// <summary>
/// A URL by the rules of k6's parser: paths are escaped where they must be, queries are sent as they are, and the errors have k6's words. Immutable.
/// </summary>
internal sealed class GoUrl
{
    /// <summary>Stands for names that .NET does not take for those of hosts (.example, a..b): it is not found, since RFC 2606 keeps it free.</summary>
    public const string NoHost = "no-host.invalid";

    private GoUrl(string scheme, string? userInfo, string host, string path, string? query, string? fragment)
    {
        Scheme = scheme;
        UserInfo = userInfo;
        Host = host;
        Path = path;
        Query = query;
        Fragment = fragment;
        var rest = $"{path}{(query is null ? "" : "?" + query)}{(fragment is null ? "" : "#" + fragment)}";
        var authority = scheme.Length == 0 && host.Length == 0 ? "" : host.Length == 0 && path.Length == 0 && userInfo is null ? $"{scheme}:" : $"{scheme}://";
        Text = $"{authority}{(userInfo is null ? "" : userInfo + "@")}{host}{rest}";
        Name = userInfo is null ? Text : $"{authority}****:****@{host}{rest}";
        if (scheme is "http" or "https" && host.Length > 0)
        {
            var target = (path.Length == 0 ? "/" : path) + (query is null ? "" : "?" + EscapeForTransport(query));
            var colon = host.LastIndexOf(':');
            var port = colon > host.LastIndexOf(']') ? host[colon..] : "";
            var known = Uri.CheckHostName(host[..^port.Length].Trim('[', ']')) == UriHostNameType.Unknown ? NoHost + port : host;
            Address = new Uri($"{scheme}://{known}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        }
    }

    /// <summary>In small letters; empty for a relative URL.</summary>
    public string Scheme { get; }

    /// <summary><c>user:password</c> as written, still escaped.</summary>
    public string? UserInfo { get; }

    /// <summary>With the port.</summary>
    public string Host { get; }

    /// <summary>Escaped.</summary>
    public string Path { get; }

    /// <summary>Without the question mark; null when there is none.</summary>
    public string? Query { get; }

    /// <summary>Without the number sign; null when there is none.</summary>
    public string? Fragment { get; }

    /// <summary>The URL as k6 shows it.</summary>
    public string Text { get; }

    /// <summary>The URL as a tag: user and password are stars.</summary>
    public string Name { get; }

    /// <summary>What to connect to and to ask for; null when the scheme is not http or https.</summary>
    public Uri? Address { get; }

    /// <summary>The host without port and brackets.</summary>
    public string HostName
    {
        get
        {
            var colon = Host.LastIndexOf(':');
            var name = colon > Host.LastIndexOf(']') ? Host[..colon] : Host;
            return name.Trim('[', ']');
        }
    }

    /// <summary>The same without user and password.</summary>
    public GoUrl WithoutUser() => UserInfo is null ? this : new GoUrl(Scheme, null, Host, Path, Query, Fragment);

    /// <summary>The value of the header for user and password, or null.</summary>
    public string? BasicAuthorization =>
        UserInfo is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(UserInfo.Contains(':', StringComparison.Ordinal) ? UserInfo : UserInfo + ":")));

    /// <summary>Parses a URL.</summary>
    /// <exception cref="FormatException">The message is k6's: <c>parse "::::": missing protocol scheme</c>.</exception>
    public static GoUrl Parse(string text)
    {
        if (text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Contains('\x7f', StringComparison.Ordinal))
        {
            throw Fail(text, "net/url: invalid control character in URL");
        }

        var rest = text;
        string? fragment = null;
        var hash = rest.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0)
        {
            fragment = rest[(hash + 1)..];
            rest = rest[..hash];
        }

        var scheme = TakeScheme(text, ref rest);
        string? query = null;
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        if (mark >= 0)
        {
            query = rest[(mark + 1)..];
            rest = rest[..mark];
        }

        string host = "";
        string? user = null;
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            var authority = slash < 0 ? rest[2..] : rest[2..slash];
            rest = slash < 0 ? "" : rest[slash..];
            var at = authority.LastIndexOf('@');
            user = at < 0 ? null : authority[..at];
            host = authority[(at + 1)..];
            CheckHost(text, host);
        }

        return new GoUrl(scheme, user, host, EscapePath(text, rest), query, fragment is { Length: > 0 } ? fragment : null);
    }

    /// <summary>The URL that a <c>Location</c> means here.</summary>
    /// <exception cref="FormatException">It cannot be parsed; the message is k6's.</exception>
    public GoUrl Resolve(string location)
    {
        var target = Parse(location);
        if (target.Scheme.Length > 0)
        {
            return target;
        }

        if (target.Host.Length > 0)
        {
            return new GoUrl(Scheme, target.UserInfo, target.Host, target.Path, target.Query, target.Fragment);
        }

        if (target.Path.Length == 0)
        {
            return new GoUrl(Scheme, UserInfo, Host, Path, target.Query ?? Query, target.Fragment);
        }

        var folder = Path[..(Path.LastIndexOf('/') + 1)];
        var path = target.Path.StartsWith('/') ? target.Path : (folder.Length == 0 ? "/" : folder) + target.Path;
        return new GoUrl(Scheme, UserInfo, Host, WithoutDots(path), target.Query, target.Fragment);
    }

    private static string TakeScheme(string text, ref string rest)
    {
        for (var i = 0; i < rest.Length; i++)
        {
            var c = rest[i];
            if (char.IsAsciiLetter(c) || (i > 0 && (char.IsAsciiDigit(c) || c is '+' or '-' or '.')))
            {
                continue;
            }

            if (c != ':')
            {
                return "";
            }

            if (i == 0)
            {
                throw Fail(text, "missing protocol scheme");
            }

            var scheme = rest[..i].ToLowerInvariant();
            rest = rest[(i + 1)..];
            return scheme;
        }

        return "";
    }

    private static void CheckHost(string text, string host)
    {
        if (host.StartsWith('[') && !host.Contains(']', StringComparison.Ordinal))
        {
            throw Fail(text, "missing ']' in host");
        }

        for (var at = host.IndexOf('%', StringComparison.Ordinal); at >= 0; at = host.IndexOf('%', at + 1))
        {
            // Only what is not ASCII may be escaped in a host.
            if (host.Length < at + 3 || host[at + 1] < '8' || !char.IsAsciiHexDigit(host[at + 1]) || !char.IsAsciiHexDigit(host[at + 2]))
            {
                throw Fail(text, $"invalid URL escape \"{host.Substring(at, Math.Min(3, host.Length - at))}\"");
            }
        }

        foreach (var c in host)
        {
            if (c is ' ' or '<' or '>' or '"' or '^' or '`' or '{' or '}' or '|' or '\\')
            {
                throw Fail(text, $"invalid character \"{c}\" in host name");
            }
        }

        var colon = host.LastIndexOf(':');
        if (colon > host.LastIndexOf(']') && !host.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9'))
        {
            return;
        }

        if (colon > host.LastIndexOf(']'))
        {
            throw Fail(text, $"invalid port \"{host[colon..]}\" after host");
        }
    }

    private static string EscapePath(string text, string path)
    {
        StringBuilder? escaped = null;
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (c == '%')
            {
                if (i + 2 >= path.Length || !char.IsAsciiHexDigit(path[i + 1]) || !char.IsAsciiHexDigit(path[i + 2]))
                {
                    throw Fail(text, $"invalid URL escape \"{path.AsSpan(i, Math.Min(3, path.Length - i))}\"");
                }
            }
            else if (c is ' ' or '"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}' or > '~')
            {
                escaped ??= new StringBuilder(path, 0, i, path.Length + 16);
                var rune = char.IsHighSurrogate(c) && i + 1 < path.Length ? path.Substring(i++, 2) : c.ToString();
                AppendEscaped(escaped, rune);
                continue;
            }

            escaped?.Append(c);
        }

        return escaped?.ToString() ?? path;
    }

    // k6 sends the query byte for byte; what cannot be part of a request line is escaped here.
    private static string EscapeForTransport(string query)
    {
        if (!query.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return query;
        }

        var escaped = new StringBuilder();
        foreach (var rune in query.EnumerateRunes())
        {
            if (rune.Value is >= '!' and <= '~')
            {
                escaped.Append((char)rune.Value);
            }
            else
            {
                AppendEscaped(escaped, rune.ToString());
            }
        }

        return escaped.ToString();
    }

    private static void AppendEscaped(StringBuilder text, string rune)
    {
        foreach (var b in Encoding.UTF8.GetBytes(rune))
        {
            text.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }
    }

    private static string WithoutDots(string path)
    {
        var kept = new List<string>();
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length; i++)
        {
            if (segments[i] == "..")
            {
                if (kept.Count > 0)
                {
                    kept.RemoveAt(kept.Count - 1);
                }
            }
            else if (segments[i] != ".")
            {
                kept.Add(segments[i]);
                continue;
            }

            if (i == segments.Length - 1)
            {
                kept.Add("");
            }
        }

        return "/" + string.Join('/', kept);
    }

    private static FormatException Fail(string text, string reason) => new($"parse {Execution.GoText.Quote(text)}: {reason}");
}
