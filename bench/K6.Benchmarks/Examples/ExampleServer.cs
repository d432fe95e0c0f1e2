using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace K6.Benchmarks.Examples;

/// <summary>
/// Stands in for every public host that an example script asks: on loopback, by HTTP, HTTPS with HTTP/2, and WebSocket. It answers a path in the same way
/// whatever the host: as httpbin does where it knows the path, as a JSON API below <c>/api</c>, and with a page that has a form and links elsewhere.
/// </summary>
internal sealed class ExampleServer : IDisposable
{
    private const string Page =
        """<html><head><title>Example</title></head><body><h1>Example</h1><a href="/news.php">News</a><form action="/post" method="post"><input type="hidden" name="token" value="abc"/><input name="login"/><button>Go</button></form></body></html>""";

    private const string Api =
        """{"id":1,"token":"token","name":"Example","stars":5,"pizza":{"id":1,"name":"Example","ingredients":[{"id":1,"name":"Cheese"}]},"vegetarian":true,"calories":900,"quotes":["one"],"tools":["Knife"]}""";

    private readonly WebApplication app;
    private readonly X509Certificate2 certificate = SelfSigned();
    private long requests;

    /// <summary>Listens on two free ports of 127.0.0.1.</summary>
    public ExampleServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(certificate);
            });
        });
        app = builder.Build();
        app.UseWebSockets();
        app.Run(context =>
        {
            Interlocked.Increment(ref requests);
            return AnswerAsync(context);
        });
        app.StartAsync().GetAwaiter().GetResult();
        var ports = app.Urls.Select(url => new Uri(url)).ToArray();
        Plain = Authority("http");
        Tls = Authority("https");

        string Authority(string scheme) => ports.Single(p => p.Scheme == scheme).Authority;
    }

    /// <summary>Address and port for HTTP.</summary>
    public string Plain { get; }

    /// <summary>Address and port for HTTPS.</summary>
    public string Tls { get; }

    /// <summary>How many requests were answered.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <inheritdoc/>
    public void Dispose()
    {
        app.StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();
        ((IDisposable)app).Dispose();
        certificate.Dispose();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (context.WebSockets.IsWebSocketRequest)
        {
            await EchoMessagesAsync(context);
            return;
        }

        string[] path = [.. request.Path.ToString().Split('/', StringSplitOptions.RemoveEmptyEntries)];
        var number = path.Length > 1 && int.TryParse(path[1], CultureInfo.InvariantCulture, out var n) ? n : 0;
        switch (path)
        {
            case ["get" or "post" or "put" or "patch" or "delete" or "anything" or "headers", ..]:
                await JsonAsync(response, await EchoAsync(request));
                return;
            case ["cookies", "set", ..]:
                foreach (var (name, value) in request.Query)
                {
                    response.Cookies.Append(name, value.ToString());
                }

                response.Redirect("/cookies");
                return;
            case ["cookies", "delete", ..]:
                foreach (var name in request.Query.Keys)
                {
                    response.Cookies.Delete(name);
                }

                response.Redirect("/cookies");
                return;
            case ["cookies"]:
                await JsonAsync(response, new { cookies = request.Cookies.ToDictionary(c => c.Key, c => c.Value) });
                return;
            case ["basic-auth", var user, var password, ..]:
                await AuthenticateAsync(context, "Basic realm=\"example\"", header => header == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")), user);
                return;
            case ["digest-auth", "auth", var user, var password, ..]:
                await AuthenticateAsync(context, "Digest realm=\"example\", nonce=\"0a1b2c\", qop=\"auth\", algorithm=MD5", header => IsDigest(header, request.Method, user, password), user);
                return;
            case ["redirect", ..]:
                response.Redirect(number > 1 ? $"/redirect/{number - 1}" : "/get");
                return;
            case ["status", ..]:
                response.StatusCode = number;
                return;
            case ["delay", ..]:
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(number, 3)), context.RequestAborted);
                await JsonAsync(response, await EchoAsync(request));
                return;
            case ["api", ..]:
                response.ContentType = "application/json";
                await response.WriteAsync(Api);
                return;
            default:
                response.ContentType = "text/html; charset=utf-8";
                await response.WriteAsync(Page);
                return;
        }
    }

    private static async Task<object> EchoAsync(HttpRequest request)
    {
        object form = request.HasFormContentType ? (await request.ReadFormAsync()).ToDictionary(f => f.Key, f => Value(f.Value)) : new Dictionary<string, object>();
        var data = request.HasFormContentType ? "" : await new StreamReader(request.Body).ReadToEndAsync();
        return new
        {
            args = request.Query.ToDictionary(q => q.Key, q => Value(q.Value)),
            data,
            form,
            headers = request.Headers.Where(h => h.Key is not ("User-Agent" or "Host")).OrderBy(h => h.Key, StringComparer.Ordinal).ToDictionary(h => h.Key, h => h.Value.ToString()),
            json = ParsedOrNull(data),
            origin = "127.0.0.1",
            url = request.GetEncodedUrl(),
        };

        static object Value(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 1 ? values.ToString() : values.ToArray();
    }

    private static JsonElement? ParsedOrNull(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task JsonAsync(HttpResponse response, object value)
    {
        response.ContentType = "application/json";
        return response.WriteAsync(JsonSerializer.Serialize(value));
    }

    private static async Task AuthenticateAsync(HttpContext context, string challenge, Func<string, bool> isRight, string user)
    {
        if (isRight(context.Request.Headers.Authorization.ToString()))
        {
            await JsonAsync(context.Response, new { authenticated = true, user });
            return;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = challenge;
    }

    /// <summary>RFC 7616 with MD5, as httpbin asks for it.</summary>
    private static bool IsDigest(string header, string method, string user, string password)
    {
        if (!header.StartsWith("Digest ", StringComparison.Ordinal))
        {
            return false;
        }

        var parts = header["Digest ".Length..].Split(',').Select(p => p.Trim().Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1].Trim('"'), StringComparer.Ordinal);
        string Part(string name) => parts.GetValueOrDefault(name, "");
        var wanted = Md5($"{Md5($"{user}:example:{password}")}:{Part("nonce")}:{Part("nc")}:{Part("cnonce")}:{Part("qop")}:{Md5($"{method}:{Part("uri")}")}");
        return Part("response") == wanted;

#pragma warning disable CA5351 // What the scheme asks for.
        static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
    }

    private static async Task EchoMessagesAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } message)
            {
                await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The script went without a word.
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=examples", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(7));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
