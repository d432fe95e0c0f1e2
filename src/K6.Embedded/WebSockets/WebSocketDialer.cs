using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using K6.Embedded.Execution;
using K6.Embedded.Http;
using K6.Embedded.Metrics;
using K6.Embedded.Options;
using K6.Embedded.Runtime;

namespace K6.Embedded.WebSockets;

/// <summary>What a script asks for.</summary>
/// <param name="Url">With the scheme <c>ws</c> or <c>wss</c>.</param>
internal sealed record WebSocketCall(GoUrl Url)
{
    /// <summary>The headers of the handshake, with k6's spelling.</summary>
    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>The tags of its samples.</summary>
    public List<KeyValuePair<string, string>> Tags { get; } = [];

    /// <summary>Where cookies come from and go to.</summary>
    public CookieJar? Jar { get; set; }

    /// <summary>The protocols that the script speaks, separated by commas; null for none.</summary>
    public string? Protocols { get; set; }

    /// <summary>Whether the samples have the tag <c>name</c>: those of <c>k6/ws</c> have none.</summary>
    public bool HasName { get; init; }

    /// <summary>Whether messages may be compressed.</summary>
    public bool OffersDeflate { get; set; }
}

/// <summary>What came of a handshake.</summary>
internal sealed class WebSocketOpening
{
    /// <summary>The open connection; null when there is none.</summary>
    public WebSocketConnection? Connection { get; init; }

    /// <summary>The answer's status; 0 without an answer.</summary>
    public int Status { get; init; }

    /// <summary>The answer's headers, in k6's spelling.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The answer's body, where the handshake was refused.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>The protocol that was agreed upon; empty for none.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The extensions that were agreed upon.</summary>
    public string Extensions { get; init; } = "";

    /// <summary>Why there is no connection, in k6's words.</summary>
    public string? Error { get; init; }

    /// <summary>When it began, a <see cref="Stopwatch"/> timestamp.</summary>
    public required long Started { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>The tags of all samples of this connection.</summary>
    public required TagSet Tags { get; init; }
}

/// <summary>Opens the WebSockets of a VU: with its names, TLS rules, proxies and counters of bytes, each on a connection of its own.</summary>
internal sealed class WebSocketDialer(VuContext context) : IDisposable
{
    private const string AcceptSalt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpMessageInvoker invoker = new(HandlerOf(context));

    /// <summary>Makes the handshake.</summary>
    public async Task<WebSocketOpening> OpenAsync(WebSocketCall call, CancellationToken interrupt)
    {
        // Read on the VU's thread, before the first wait.
        var tags = context.Tags.With(call.Tags);
        var started = Stopwatch.GetTimestamp();
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        if (call.Url.Scheme is not ("ws" or "wss") || HttpUrl(call.Url).Address is null)
        {
            return new WebSocketOpening { Error = "malformed ws or wss URL", Started = started, Took = TimeSpan.Zero, Tags = TagsOf(call, tags, 0, "", new HttpExchange()) };
        }

        using var request = RequestFor(call, key);
        var exchange = new HttpExchange();
        request.Options.Set(HttpExchange.Key, exchange);
        HttpExchange.Flow.Value = exchange;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        timeout.CancelAfter(HandshakeTimeout);
        HttpResponseMessage response;
        try
        {
            response = await invoker.SendAsync(request, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            if (interrupt.IsCancellationRequested)
            {
                throw new IterationInterruptedException();
            }

            var failure = timeout.IsCancellationRequested ? HttpFailure.Timeout : HttpFailure.Of(e);
            return new WebSocketOpening { Error = failure.Detail ?? failure.Message, Started = started, Took = Stopwatch.GetElapsedTime(started), Tags = TagsOf(call, tags, 0, "", exchange) };
        }

        return await JudgeAsync(call, key, response, exchange, tags, started, timeout.Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => invoker.Dispose();

    private async Task<WebSocketOpening> JudgeAsync(WebSocketCall call, string key, HttpResponseMessage response, HttpExchange exchange, TagSet tags, long started, CancellationToken stop)
    {
        var status = (int)response.StatusCode;
        var headers = HeadersOf(response);
        foreach (var cookie in headers.Where(h => h.Name == "Set-Cookie").Select(h => SetCookie.Parse(h.Value)).OfType<SetCookie>())
        {
            call.Jar?.Set(HttpUrl(call.Url), cookie);
        }

        var protocol = Value("Sec-Websocket-Protocol");
        var extensions = Value("Sec-Websocket-Extensions");
        var isOpen = status == (int)HttpStatusCode.SwitchingProtocols && Value("Upgrade").Equals("websocket", StringComparison.OrdinalIgnoreCase) && Value("Sec-Websocket-Accept") == AcceptOf(key);
        var body = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        var isRefused = status != (int)HttpStatusCode.SwitchingProtocols;
        if (!isOpen && !isRefused)
        {
            await body.DisposeAsync().ConfigureAwait(false);
        }

        return new WebSocketOpening
        {
            Connection = isOpen ? new WebSocketConnection(body, extensions.Contains("permessage-deflate", StringComparison.Ordinal)) : null,
            Status = status,
            Headers = headers,
            Body = !isRefused ? [] : await BodyAsync(body, stop).ConfigureAwait(false),
            Protocol = protocol,
            Extensions = extensions,
            Error = isOpen ? null : "websocket: bad handshake",
            Started = started,
            Took = Stopwatch.GetElapsedTime(started),
            Tags = TagsOf(call, tags, status, protocol, exchange),
        };

        string Value(string name) => headers.Where(h => h.Name == name).Select(h => h.Value).FirstOrDefault("");
    }

    /// <summary>A connection whose handshake was refused is not used again.</summary>
    private static SocketsHttpHandler HandlerOf(VuContext context)
    {
        var handler = HandlerFactory.Create(context.Test.Options ?? new TestOptions(), context);
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        return handler;
    }

    private static async Task<byte[]> BodyAsync(Stream stream, CancellationToken stop)
    {
        const int most = 1024;
        var body = new byte[most];
        try
        {
            await using (stream.ConfigureAwait(false))
            {
                return body[..await stream.ReadAtLeastAsync(body, most, throwOnEndOfStream: false, stop).ConfigureAwait(false)];
            }
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static HttpRequestMessage RequestFor(WebSocketCall call, string key)
    {
        var url = HttpUrl(call.Url);
        var request = new HttpRequestMessage(HttpMethod.Get, url.Address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Add("Connection", "Upgrade");
        Add("Upgrade", "websocket");
        Add("Sec-WebSocket-Version", "13");
        Add("Sec-WebSocket-Key", key);
        if (call.Protocols is not null)
        {
            Add("Sec-WebSocket-Protocol", call.Protocols);
        }

        if (call.OffersDeflate)
        {
            Add("Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
        }

        foreach (var (name, value) in call.Headers)
        {
            Add(name, value);
        }

        if (!request.Headers.NonValidated.Contains("Cookie") && call.Jar is { IsEmpty: false } jar && jar.For(url) is { Count: > 0 } cookies)
        {
            Add("Cookie", string.Join("; ", cookies.Select(c => $"{c.Name}={c.Value}")));
        }

        if (url.BasicAuthorization is { } authorization && !request.Headers.NonValidated.Contains("Authorization"))
        {
            Add("Authorization", authorization);
        }

        return request;

        void Add(string name, string value) => request.Headers.TryAddWithoutValidation(name, value);
    }

    private static List<(string Name, string Value)> HeadersOf(HttpResponseMessage response) =>
        [.. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).SelectMany(h => h.Value.Select(v => (HeaderNames.Canonical(h.Key), v)))];

#pragma warning disable CA5350 // RFC 6455 says SHA-1; it proves that the other side speaks WebSocket, and protects nothing.
    private static string AcceptOf(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + AcceptSalt)));
#pragma warning restore CA5350

    private static GoUrl HttpUrl(GoUrl url) => GoUrl.Parse("http" + url.Text[2..]);

    private TagSet TagsOf(WebSocketCall call, TagSet tags, int status, string protocol, HttpExchange exchange)
    {
        var system = context.Test.SystemTags;
        var name = call.HasName ? tags.Get("name") ?? call.Url.Name : null;
        if (system.Url)
        {
            tags = tags.With("url", name ?? call.Url.Name);
        }

        if (system.Status && status != 0)
        {
            tags = tags.With("status", status.ToString(CultureInfo.InvariantCulture));
        }

        if (system.Has("subproto") && status != 0 && protocol.Length > 0)
        {
            tags = tags.With("subproto", protocol);
        }

        if (system.Name && name is not null)
        {
            tags = tags.With("name", name);
        }

        return system.Ip && exchange.Connection is { } connection ? tags.With("ip", connection.Remote.Address.ToString()) : tags;
    }
}
