using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace K6.Embedded.Tests.Http;

/// <summary>
/// A small HTTP server on 127.0.0.1 with answers for every case: /status/N, /delay/MS, /redirect/N, /to?CODE&amp;LOCATION, /cookie?…, /gzip, /chunked,
/// /hang, /close, /reset, /partial, /garbage, /bytes; anything else echoes the request.
/// </summary>
internal sealed class LoopbackServer : IDisposable
{
    private const byte TlsHandshake = 22;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly X509Certificate2? certificate;
    private int connections;
    private int requests;

    public LoopbackServer(bool usesTls = false)
    {
        certificate = usesTls ? MakeCertificate() : null;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"{(certificate is null ? "http" : "https")}://127.0.0.1:{Port}");

    /// <summary>Connections that were made.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>Requests that arrived.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>The heads of the requests, in order.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        certificate?.Dispose();
        stop.Dispose();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                Interlocked.Increment(ref connections);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                Stream stream = client.GetStream();
                if (certificate is not null)
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(certificate);
                    stream = tls;
                }

                while (await ReadRequestAsync(stream) is var (head, body) && await AnswerAsync(client, stream, head, body))
                {
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or InvalidOperationException or System.Security.Authentication.AuthenticationException)
            {
            }
        }
    }

    private async Task<(string Head, byte[] Body)?> ReadRequestAsync(Stream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (!EndsHead(bytes))
        {
            if (await stream.ReadAsync(one, stop.Token) == 0)
            {
                return null;
            }

            bytes.Add(one[0]);
            if (bytes[0] == TlsHandshake)
            {
                await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
                return null;
            }
        }

        var head = Encoding.UTF8.GetString([.. bytes]);
        Interlocked.Increment(ref requests);
        Heads.Enqueue(head);
        var body = new byte[HeaderOf(head, "Content-Length") is { } length ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body, stop.Token);
        if (HeaderOf(head, "Transfer-Encoding") == "chunked")
        {
            await stream.ReadExactlyAsync(new byte[5], stop.Token);
        }

        return (head, body);
    }

    private static bool EndsHead(List<byte> bytes) =>
        bytes.Count > 3 && bytes[^1] == '\n' && bytes[^2] == '\r' && bytes[^3] == '\n' && bytes[^4] == '\r';

    public static string? HeaderOf(string head, string name) =>
        head.Split("\r\n").Where(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(l => l[(name.Length + 1)..].Trim()).FirstOrDefault();

    private async Task<bool> AnswerAsync(TcpClient client, Stream stream, string head, byte[] body)
    {
        var target = head.Split(' ')[1];
        var path = target.Split('?')[0];
        var query = target.Contains('?', StringComparison.Ordinal) ? target[(target.IndexOf('?', StringComparison.Ordinal) + 1)..] : "";
        var number = int.TryParse(path[(path.LastIndexOf('/') + 1)..], out var n) ? n : 0;
        switch (path.Split('/')[1])
        {
            case "status":
                await SendAsync(stream, number, "", "");
                return true;
            case "delay":
                await Task.Delay(number, stop.Token);
                await SendAsync(stream, 200, "", "slow");
                return true;
            case "redirect":
                await SendAsync(stream, 302, $"Location: {(number > 0 ? $"/redirect/{number - 1}" : "/end")}\r\nSet-Cookie: hop{number}=1; Path=/\r\n", "moved");
                return true;
            case "to":
                await SendAsync(stream, int.Parse(query.Split('&')[0], CultureInfo.InvariantCulture), $"Location: {query.Split('&')[1]}\r\n", "");
                return true;
            case "cookie":
                await SendAsync(stream, 200, $"Set-Cookie: {Uri.UnescapeDataString(query)}\r\n", "ok");
                return true;
            case "json":
                await SendAsync(stream, 200, "content-type: application/json\r\nx-multi: a\r\nX-Multi: b\r\n", """{"a":{"b":[{"c":1,"n":"x"},{"c":2,"n":"y"}]},"d.t":5,"nul":null}""");
                return true;
            case "gzip":
                await SendBytesAsync(stream, 200, "Content-Encoding: gzip\r\n", Gzip("hello"));
                return true;
            case "badgzip":
                await SendAsync(stream, 200, "Content-Encoding: gzip\r\n", "no gzip");
                return true;
            case "bytes":
                await SendBytesAsync(stream, 200, "", [0, 255, 65]);
                return true;
            case "chunked":
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"u8.ToArray());
                return true;
            case "hang":
                await Task.Delay(Timeout.Infinite, stop.Token);
                return false;
            case "close":
                return false;
            case "reset":
                client.Client.LingerState = new LingerOption(true, 0);
                client.Client.Dispose();
                return false;
            case "partial":
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"u8.ToArray());
                return false;
            case "garbage":
                await stream.WriteAsync("garbage\r\n\r\n"u8.ToArray());
                return false;
            default:
                await SendAsync(stream, 200, "", $"{head}{Encoding.UTF8.GetString(body)}");
                return true;
        }
    }

    private static Task SendAsync(Stream stream, int status, string headers, string body) => SendBytesAsync(stream, status, headers, Encoding.UTF8.GetBytes(body));

    private static async Task SendBytesAsync(Stream stream, int status, string headers, byte[] body)
    {
        var hasBody = status is not (204 or 304);
        var length = hasBody ? $"Content-Length: {body.Length}\r\n" : "";
        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 {status} {((HttpStatusCode)status).ToString()}\r\n{headers}{length}\r\n");
        await stream.WriteAsync(hasBody ? [.. head, .. body] : head);
    }

    private static byte[] Gzip(string text)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return output.ToArray();
    }
}
