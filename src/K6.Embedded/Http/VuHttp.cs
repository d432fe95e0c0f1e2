using System.Diagnostics;
using System.Net;
using K6.Embedded.Execution;
using K6.Embedded.Options;
using K6.Embedded.Runtime;

namespace K6.Embedded.Http;

/// <summary>The HTTP side of a VU: its connections and its cookies. Requests of a batch use it from several threads.</summary>
internal sealed class VuHttp : IDisposable
{
    private readonly VuContext context;
    private readonly TestOptions options;
    private readonly HttpSamples samples;
    private readonly HttpDebugLog? debug;
    private readonly Lock gate = new();
    private SocketsHttpHandler handler;
    private HttpMessageInvoker invoker;
    private CancellationTokenSource? idleSource;

    /// <summary>Makes the HTTP side of a VU.</summary>
    public VuHttp(VuContext context)
    {
        this.context = context;
        options = context.Test.Options ?? new TestOptions();
        samples = new HttpSamples(context);
        debug = HttpDebugLog.Of(context, options.HttpDebug);
        handler = HandlerFactory.Create(options, context);
        invoker = new HttpMessageInvoker(handler, disposeHandler: false);
    }

    /// <summary>The VU's cookie jar; a new one each iteration unless <c>noCookiesReset</c>.</summary>
    public CookieJar Jar { get; private set; } = new();

    /// <summary>Sends a request with its redirects, blocking; a sample for each hop is recorded.</summary>
    /// <exception cref="IterationInterruptedException">The token was signalled.</exception>
    public HttpResult Send(HttpCall call, CancellationToken interrupt)
    {
        var sending = SendAsync(call, isBlocking: call.Url.Scheme != "https", interrupt);
        return sending.IsCompleted ? sending.GetAwaiter().GetResult() : sending.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Sends a request with its redirects.</summary>
    /// <exception cref="IterationInterruptedException">The token was signalled.</exception>
    public ValueTask<HttpResult> SendAsync(HttpCall call, CancellationToken interrupt) => SendAsync(call, isBlocking: false, interrupt);

    /// <summary>Ends an iteration.</summary>
    public void EndIteration()
    {
        if (options.NoCookiesReset != true && !Jar.IsEmpty)
        {
            Jar = new CookieJar();
        }

        if (options.NoVuConnectionReuse == true)
        {
            invoker.Dispose();
            handler.Dispose();
            handler = HandlerFactory.Create(options, context);
            invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        idleSource?.Dispose();
        invoker.Dispose();
        handler.Dispose();
    }

    private async ValueTask<HttpResult> SendAsync(HttpCall call, bool isBlocking, CancellationToken interrupt)
    {
        context.Test.RequestRate?.Wait(interrupt);
        var tags = context.Tags.With(call.Tags);
        var hop = new Hop(call.Method, call.Url, call.Body, Referer: null, KeepsCredentials: true);
        string? sentCookies = null;
        for (var redirects = 0; ; redirects++)
        {
            var cookies = CookiesFor(call, hop);
            sentCookies ??= redirects == 0 ? cookies : null;
            var result = await SendHopAsync(call, hop, cookies, isBlocking, interrupt).ConfigureAwait(false);
            var mayBeChallenged = call.UsesDigest && hop.Authorization is null;
            if (mayBeChallenged && ChallengeOf(result) is { } challenge)
            {
                samples.Record(call, Shown(call, hop), hop.Method, result, tags, mayBeChallenged);
                hop = hop with { Authorization = Answer(challenge, hop) };
                redirects--;
                continue;
            }

            foreach (var cookie in result.SetCookies)
            {
                call.Jar?.Set(hop.Url, cookie);
            }

            var wrong = "";
            var location = result.Failure is null && redirects < call.MaxRedirects ? RedirectOf(result) : null;
            var next = location is null ? null : Next(hop, result.Status, location, out wrong);
            if (location is not null && next is null)
            {
                result = new HttpResult { Call = call, Url = Shown(call, hop), Failure = new HttpFailure(1000, $"failed to parse Location header {GoText.Quote(location)}: {wrong}") };
            }

            samples.Record(call, Shown(call, hop), hop.Method, result, tags, mayBeChallenged);
            result.SentCookies = sentCookies;
            if (result.Failure is not null || RedirectOf(result) is null)
            {
                return result;
            }

            if (redirects >= call.MaxRedirects)
            {
                if (!call.HasMaxRedirects)
                {
                    context.Test.Log.Warning($"Stopped after {redirects + 1} redirects and returned the redirection; pass {{ redirects: n }} in request params or set global maxRedirects to silence this", ("url", call.Url.Text));
                }

                return result;
            }

            hop = next!;
        }
    }

    private async ValueTask<HttpResult> SendHopAsync(HttpCall call, Hop hop, string? cookies, bool isBlocking, CancellationToken interrupt)
    {
        if (Refusal(call, hop) is { } refusal)
        {
            return new HttpResult { Call = call, Url = Shown(call, hop), Failure = refusal };
        }

        var exchange = new HttpExchange { IsBlocking = isBlocking };
        var timeout = TakeSource();
        using var request = MessageFor(call, hop, cookies, exchange);
        exchange.DebugId = debug?.Sent(request, hop.Body);
        var registration = interrupt.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), timeout);
        HttpResponseMessage? response = null;
        byte[]? body = null;
        try
        {
            timeout.CancelAfter(call.Timeout);
            exchange.Started = Stopwatch.GetTimestamp();
            if (isBlocking)
            {
                HttpExchange.BindToThread(exchange);
                response = invoker.Send(request, timeout.Token);
                body = BodyReader.Read(response, call.DiscardsBody, exchange, timeout.Token);
            }
            else
            {
                HttpExchange.Flow.Value = exchange;
                response = await invoker.SendAsync(request, timeout.Token).ConfigureAwait(false);
                body = await BodyReader.ReadAsync(response, call.DiscardsBody, exchange, timeout.Token).ConfigureAwait(false);
            }

            exchange.Ended = Stopwatch.GetTimestamp();
            if (body is { Length: > 0 } && response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var encodings))
            {
                body = ContentCodings.Decompress(body, encodings.ToString());
            }

            return Seen(ResultOf(call, hop, response, body, exchange), exchange);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or InvalidDataException or ObjectDisposedException)
        {
            exchange.Ended = exchange.Ended == 0 ? Stopwatch.GetTimestamp() : exchange.Ended;
            if (interrupt.IsCancellationRequested)
            {
                throw new IterationInterruptedException();
            }

            var failure = timeout.IsCancellationRequested ? HttpFailure.Timeout with { IsOfBody = response is not null }
                : e is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } or EndOfStreamException && response is not null ? HttpFailure.UnexpectedEnd
                : HttpFailure.Of(e);
            return Seen(new HttpResult { Call = call, Url = Shown(call, hop), Failure = failure, Body = exchange.PartialBody is { Length: > 0 } partial && !call.DiscardsBody ? partial : null, Timings = exchange.Timings(), Connection = failure.Code is >= 1300 and < 1400 ? null : exchange.Connection }, exchange);
        }
        finally
        {
            HttpExchange.BindToThread(null);
            await registration.DisposeAsync().ConfigureAwait(false);
            ReturnSource(timeout);
        }
    }

    private HttpResult Seen(HttpResult result, HttpExchange exchange)
    {
        debug?.Received(result, exchange.DebugId!);
        return result;
    }

    private static HttpResult ResultOf(HttpCall call, Hop hop, HttpResponseMessage response, byte[]? body, HttpExchange exchange)
    {
        List<SetCookie>? cookies = null;
        if (response.Headers.NonValidated.TryGetValues("Set-Cookie", out var headers))
        {
            cookies = [.. headers.Select(SetCookie.Parse).OfType<SetCookie>()];
        }

        var status = (int)response.StatusCode;
        return new HttpResult
        {
            Call = call,
            Url = Shown(call, hop),
            Status = status,
            StatusText = StatusTexts.Of(status, response.ReasonPhrase),
            Proto = response.Version.Major == 2 ? "HTTP/2.0" : response.Version.Minor == 0 ? "HTTP/1.0" : "HTTP/1.1",
            Message = response,
            Body = body,
            Timings = exchange.Timings(),
            Connection = exchange.Connection,
            SetCookies = cookies ?? (IReadOnlyList<SetCookie>)[],
        };
    }

    private static HttpFailure? Refusal(HttpCall call, Hop hop)
    {
        if (hop.Url.Address is null)
        {
            return new HttpFailure(1000, hop.Url.Scheme is "http" or "https" ? "http: no Host in request URL" : $"unsupported protocol scheme \"{hop.Url.Scheme}\"");
        }

        if (!HeaderNames.IsToken(hop.Method))
        {
            return new HttpFailure(1000, $"net/http: invalid method \"{hop.Method}\"");
        }

        foreach (var (name, value) in call.Headers)
        {
            if (!HeaderNames.IsToken(name))
            {
                return new HttpFailure(1000, $"net/http: invalid header field name \"{name}\"");
            }

            if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
            {
                return new HttpFailure(1000, $"net/http: invalid header field value for \"{name}\"");
            }
        }

        return call.Timeout <= TimeSpan.Zero ? HttpFailure.Timeout : null;
    }

    private HttpRequestMessage MessageFor(HttpCall call, Hop hop, string? cookies, HttpExchange exchange)
    {
        var isTls = hop.Url.Scheme == "https";
        var message = new HttpRequestMessage(MethodOf(hop.Method), hop.Url.Address)
        {
            Version = isTls ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Options.Set(HttpExchange.Key, exchange);
        if (hop.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            if (body.Length == 0 && !isTls)
            {
                // k6 sends an empty text as a chunked body.
                message.Headers.TransferEncodingChunked = true;
            }
        }

        foreach (var (name, value) in call.Headers)
        {
            AddHeader(message, hop, name, value);
        }

        if ((hop.Authorization ?? hop.Url.BasicAuthorization) is { } authorization && !message.Headers.NonValidated.Contains("Authorization"))
        {
            message.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        if (context.Test.Proxies?.AuthorizationFor(hop.Url.Address!) is { } proxy)
        {
            message.Headers.TryAddWithoutValidation("Proxy-Authorization", proxy);
        }

        if (hop.Referer is not null && !message.Headers.NonValidated.Contains("Referer"))
        {
            message.Headers.TryAddWithoutValidation("Referer", hop.Referer);
        }

        if (cookies is not null)
        {
            message.Headers.TryAddWithoutValidation("Cookie", cookies);
        }

        if (options.NoConnectionReuse == true)
        {
            message.Headers.ConnectionClose = true;
        }

        return message;
    }

    private static void AddHeader(HttpRequestMessage message, Hop hop, string name, string value)
    {
        switch (name)
        {
            case "Cookie" or "Content-Length" or "Transfer-Encoding":
                return;
            case "User-Agent" when value.Length == 0:
                return;
            case "Host":
                message.Headers.Host = value;
                return;
            case "Authorization" when !hop.KeepsCredentials:
                return;
            default:
                break;
        }

        if (message.Headers.TryAddWithoutValidation(name, value))
        {
            return;
        }

        if (message.Content is null)
        {
            if (hop.Referer is not null)
            {
                return;
            }

            message.Content = new ByteArrayContent([]);
        }

        message.Content.Headers.TryAddWithoutValidation(name, value);
    }

    private static HttpMethod MethodOf(string method) => method switch
    {
        "GET" => HttpMethod.Get,
        "POST" => HttpMethod.Post,
        "PUT" => HttpMethod.Put,
        "DELETE" => HttpMethod.Delete,
        "PATCH" => HttpMethod.Patch,
        "HEAD" => HttpMethod.Head,
        "OPTIONS" => HttpMethod.Options,
        _ => new HttpMethod(method),
    };

    private static string? CookiesFor(HttpCall call, Hop hop)
    {
        var header = hop.KeepsCredentials ? call.Headers.Find(h => h.Name == "Cookie").Value : null;
        var fromJar = call.Jar is null || call.Jar.IsEmpty ? [] : call.Jar.For(hop.Url);
        if (header is null && call.Cookies.Count == 0 && fromJar.Count == 0)
        {
            return null;
        }

        var parts = new List<string>();
        if (header is not null)
        {
            parts.Add(header);
        }

        parts.AddRange(call.Cookies.Select(c => $"{c.Name}={c.Value}"));
        parts.AddRange(fromJar.Where(c => !call.Cookies.Any(own => own.Replace && own.Name == c.Name)).Select(c => $"{c.Name}={c.Value}"));
        return string.Join("; ", parts);
    }

    private static string? RedirectOf(HttpResult result) =>
        result.Status is 301 or 302 or 303 or 307 or 308 && result.Message!.Headers.NonValidated.TryGetValues("Location", out var location) && location.ToString() is { Length: > 0 } text
            ? text
            : null;

    /// <summary>The URL in samples and answers: with digest authentication k6 leaves the user out.</summary>
    private static GoUrl Shown(HttpCall call, Hop hop) => call.UsesDigest ? hop.Url.WithoutUser() : hop.Url;

    private static string? ChallengeOf(HttpResult result) =>
        result.Status == 401 && result.Message!.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var challenge) ? challenge.ToString() : null;

    private static string Answer(string challenge, Hop hop)
    {
        var user = (hop.Url.UserInfo ?? "").Split(':', 2);
        return DigestAuthentication.Answer(
            challenge, Uri.UnescapeDataString(user[0]), user.Length == 2 ? Uri.UnescapeDataString(user[1]) : "", hop.Method, hop.Url.Address!.PathAndQuery, hop.Body);
    }

    private static Hop? Next(Hop hop, int status, string location, out string wrong)
    {
        wrong = "";
        GoUrl url;
        try
        {
            url = hop.Url.Resolve(location);
        }
        catch (FormatException e)
        {
            wrong = e.Message;
            return null;
        }

        var keepsBody = status is 307 or 308;
        var method = keepsBody || hop.Method is "GET" or "HEAD" ? hop.Method : "GET";
        var referer = hop.Url.Scheme == "https" && url.Scheme == "http" ? null : hop.Url.UserInfo is null ? hop.Url.Text : hop.Url.Text.Replace(hop.Url.UserInfo + "@", "", StringComparison.Ordinal);
        return new Hop(method, url, keepsBody ? hop.Body : null, referer, hop.KeepsCredentials && url.HostName == hop.Url.HostName);
    }

    private CancellationTokenSource TakeSource()
    {
        lock (gate)
        {
            var source = idleSource;
            idleSource = null;
            return source ?? new CancellationTokenSource();
        }
    }

    private void ReturnSource(CancellationTokenSource source)
    {
        if (source.TryReset())
        {
            lock (gate)
            {
                if (idleSource is null)
                {
                    idleSource = source;
                    return;
                }
            }
        }

        source.Dispose();
    }

    /// <summary>One request of a chain of redirects.</summary>
    /// <param name="Method">Its method.</param>
    /// <param name="Url">Its URL.</param>
    /// <param name="Body">Its body; null for none.</param>
    /// <param name="Referer">The URL before it.</param>
    /// <param name="KeepsCredentials">Whether the script's <c>Authorization</c> and <c>Cookie</c> go with it: not to another host.</param>
    private sealed record Hop(string Method, GoUrl Url, byte[]? Body, string? Referer, bool KeepsCredentials)
    {
        /// <summary>The answer to a challenge; null before one.</summary>
        public string? Authorization { get; init; }
    }
}
