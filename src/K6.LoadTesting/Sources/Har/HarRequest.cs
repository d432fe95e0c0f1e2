using System.Globalization;
using System.Text.Json;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.Har;

/// <summary>What is kept of an entry of a recording: its request, and of the answer what does not grow.</summary>
internal sealed record HarRequest
{
    // Bodies that are longer are uploads, and no part of a script.
    private const int LongestBody = 1 << 20;

    private static readonly string[] StaticExtensions =
        [".js", ".mjs", ".css", ".map", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".avif", ".woff", ".woff2", ".ttf", ".eot", ".mp4", ".webm", ".mp3"];

    private static readonly string[] StaticTypes = ["image/", "font/", "video/", "audio/", "text/css", "text/javascript", "application/javascript", "application/x-javascript", "application/font"];

    private static readonly string[] StaticKinds = ["image", "stylesheet", "script", "font", "media"];

    // What a browser adds by itself, what the engine computes, and what would ask for less than the whole answer.
    private static readonly string[] BrowserHeaders =
    [
        "accept-encoding", "cache-control", "connection", "content-length", "cookie", "dnt", "host", "if-modified-since", "if-none-match", "origin", "pragma", "priority", "referer", "te",
        "transfer-encoding", "upgrade-insecure-requests", "user-agent", "x-client-data",
    ];

    /// <summary>Its number in the file.</summary>
    public required int Index { get; init; }

    /// <summary>Method.</summary>
    public required string Method { get; init; }

    /// <summary>Address.</summary>
    public required Uri Url { get; init; }

    /// <summary>Headers that are worth sending.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Cookies that were sent.</summary>
    public IReadOnlyList<(string Name, string Value)> Cookies { get; init; } = [];

    /// <summary>Body; null for none.</summary>
    public string? Body { get; init; }

    /// <summary>Why the body is left out; null when it is not.</summary>
    public string? BodyComplaint { get; init; }

    /// <summary>Id of its page.</summary>
    public string? Page { get; init; }

    /// <summary>When it was sent.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>When the answer was there.</summary>
    public DateTimeOffset End { get; init; }

    /// <summary>Status of the answer; 0 for none.</summary>
    public int Status { get; init; }

    /// <summary>Where the answer leads; null for nowhere.</summary>
    public string? RedirectUrl { get; init; }

    /// <summary>Cookies that the answer sets.</summary>
    public IReadOnlyList<string> SetCookies { get; init; } = [];

    /// <summary>Whether it is a file that does not depend on who asks.</summary>
    public bool IsStatic { get; init; }

    /// <summary>Whether it is a document, where a journey begins.</summary>
    public bool IsDocument { get; init; }

    /// <summary>Its place.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>The host, without the port.</summary>
    public string Host => Url.Host;

    /// <summary>Reads an entry; null for what is no request of HTTP, or was never answered.</summary>
    public static HarRequest? Of(JsonElement entry, int index, SourceLocation location)
    {
        if (!entry.TryGetProperty("request", out var request) || Text(request, "method") is not { Length: > 0 } method
            || !Uri.TryCreate(Text(request, "url"), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https" or "ws" or "wss"))
        {
            return null;
        }

        var response = entry.TryGetProperty("response", out var answer) ? answer : default;
        var type = response.ValueKind == JsonValueKind.Object && response.TryGetProperty("content", out var content) ? Text(content, "mimeType") ?? "" : "";
        var kind = Text(entry, "_resourceType") ?? "";
        var start = DateTimeOffset.TryParse(Text(entry, "startedDateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : DateTimeOffset.UnixEpoch;
        var (body, complaint) = BodyOf(request);
        var headers = Pairs(request, "headers").ToList();
        return new HarRequest
        {
            Index = index,
            Method = method.ToUpperInvariant(),
            Url = url,
            Headers = [.. headers.Where(header => !header.Name.StartsWith(':') && !header.Name.StartsWith("sec-", StringComparison.OrdinalIgnoreCase)
                && !BrowserHeaders.Contains(header.Name, StringComparer.OrdinalIgnoreCase))],
            Cookies = [.. Pairs(request, "cookies")],
            Body = body,
            BodyComplaint = complaint,
            Page = Text(entry, "pageref"),
            Start = start,
            End = start + TimeSpan.FromMilliseconds(entry.TryGetProperty("time", out var took) && took.TryGetDouble(out var ms) && ms > 0 ? Math.Min(ms, 3_600_000) : 0),
            Status = response.ValueKind == JsonValueKind.Object && response.TryGetProperty("status", out var status) && status.TryGetInt32(out var number) ? number : 0,
            RedirectUrl = Text(response, "redirectURL") is { Length: > 0 } redirect ? redirect : null,
            SetCookies = [.. Pairs(response, "cookies").Select(cookie => cookie.Name)],
            IsStatic = method.Equals("GET", StringComparison.OrdinalIgnoreCase)
                && (StaticKinds.Contains(kind) || StaticExtensions.Contains(Path.GetExtension(url.AbsolutePath), StringComparer.OrdinalIgnoreCase)
                    || StaticTypes.Any(one => type.StartsWith(one, StringComparison.OrdinalIgnoreCase))),
            IsDocument = kind == "document" || type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase),
            Location = location,
        };
    }

    /// <summary>A text of an object; null when it has none.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Names and values of a list, such as headers.</summary>
    public static IEnumerable<(string Name, string Value)> Pairs(JsonElement element, string list)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(list, out var pairs) || pairs.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var pair in pairs.EnumerateArray())
        {
            if (Text(pair, "name") is { Length: > 0 } name)
            {
                yield return (name, Text(pair, "value") ?? "");
            }
        }
    }

    private static (string? Body, string? Complaint) BodyOf(JsonElement request)
    {
        if (!request.TryGetProperty("postData", out var data) || data.ValueKind != JsonValueKind.Object)
        {
            return (null, null);
        }

        if (Text(data, "text") is { Length: > 0 } text)
        {
            return text.Length > LongestBody ? (null, $"its body is longer than {LongestBody >> 20} MB") : (text, null);
        }

        var fields = Pairs(data, "params").ToList();
        return fields.Count == 0 ? (null, null)
            : (Text(data, "mimeType") ?? "").StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) ? (null, "the recording does not hold its body of several parts")
            : (string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(Uri.UnescapeDataString(field.Name))}={Uri.EscapeDataString(Uri.UnescapeDataString(field.Value))}")), null);
    }
}
