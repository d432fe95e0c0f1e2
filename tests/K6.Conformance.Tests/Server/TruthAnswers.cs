using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Connection = K6.Conformance.Tests.Server.TruthServer.TruthConnection;

namespace K6.Conformance.Tests.Server;

/// <summary>What the truth server answers, by the first part of the path; a path that it does not know echoes the request as JSON.</summary>
internal static class TruthAnswers
{
    private const string Json =
        """{"a":{"b":[{"c":1,"n":"x"},{"c":2,"n":"y"}]},"d.t":5,"nul":null,"yes":true,"list":[3,1,2],"text":"grüße","big":12345678901234567890}""";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers a request; false when the connection is to be closed.</summary>
    public static async Task<bool> AnswerAsync(Connection connection, TruthRequest request)
    {
        var last = request.Path[(request.Path.LastIndexOf('/') + 1)..];
        var number = int.TryParse(last, out var n) ? n : 0;
        switch (request.Path.Split('/')[1])
        {
            case "status":
                await SendAsync(connection, request, number, "", "");
                return true;
            case "delay":
                await Task.Delay(number, connection.Stop);
                await SendAsync(connection, request, 200, "", "slow");
                return true;
            case "blob":
                await SendAsync(connection, request, 200, "Content-Type: application/octet-stream\r\n", new string('x', number));
                return true;
            case "redirect":
                await SendAsync(connection, request, 302, $"Location: {(number > 0 ? $"/redirect/{number - 1}" : "/end")}\r\nSet-Cookie: hop{number}=1; Path=/\r\n", "moved");
                return true;
            case "to":
                var to = request.Query.Split('&', 2);
                await SendAsync(connection, request, int.Parse(to[0], CultureInfo.InvariantCulture), $"Location: {Uri.UnescapeDataString(to[1])}\r\n", "");
                return true;
            case "cookie":
                await SendAsync(connection, request, 200, string.Concat(request.Query.Split('&').Select(c => $"Set-Cookie: {Uri.UnescapeDataString(c)}\r\n")), "ok");
                return true;
            case "headers":
                await SendAsync(connection, request, 200, string.Concat(request.Query.Split('&').Select(h => $"{Uri.UnescapeDataString(h)}\r\n")), "ok");
                return true;
            case "json":
                await SendAsync(connection, request, 200, "content-type: application/json\r\nx-multi: a\r\nX-Multi: b\r\n", Json);
                return true;
            case "basic":
                var isKnown = request.Header("Authorization") == "Basic " + Convert.ToBase64String("user:secret"u8);
                await SendAsync(connection, request, isKnown ? 200 : 401, isKnown ? "" : "WWW-Authenticate: Basic realm=\"r\"\r\n", isKnown ? "in" : "out");
                return true;
            case "digest":
                var isRight = DigestIsRight(request, last == "sha" ? SHA256.HashData : MD5.HashData);
                var challenge = $"WWW-Authenticate: Digest realm=\"r\", nonce=\"abc\", qop=\"auth\", opaque=\"op\"{(last == "sha" ? ", algorithm=SHA-256" : "")}\r\nSet-Cookie: challenge=1; Path=/\r\n";
                await SendAsync(connection, request, isRight ? 200 : 401, isRight ? "" : challenge, isRight ? $"in {request.Method} {request.Body.Length}" : "out");
                return true;
            case "gzip":
                await SendBytesAsync(connection, request, 200, "Content-Encoding: gzip\r\n", Packed(s => new GZipStream(s, CompressionLevel.Fastest)));
                return true;
            case "deflate":
                await SendBytesAsync(connection, request, 200, "Content-Encoding: deflate\r\n", Packed(s => new ZLibStream(s, CompressionLevel.Fastest)));
                return true;
            case "br":
                await SendBytesAsync(connection, request, 200, "Content-Encoding: br\r\n", Packed(s => new BrotliStream(s, CompressionLevel.Fastest)));
                return true;
            case "coding":
                await SendAsync(connection, request, 200, $"Content-Encoding: {last}\r\n", "not coded");
                return true;
            case "ws":
                await TruthWebSocket.ServeAsync(connection, request, accept: last != "badaccept");
                return false;
            case "page":
                await SendAsync(connection, request, 200, "Content-Type: text/html\r\n", Pages.Of(last));
                return true;
            case "bytes":
                await SendBytesAsync(connection, request, 200, "", [0, 255, 65]);
                return true;
            case "latin1":
                await SendBytesAsync(connection, request, 200, "Content-Type: text/plain; charset=iso-8859-1\r\n", [0x67, 0x72, 0xfc, 0xdf]);
                return true;
            default:
                return await MisbehaveAsync(connection, request, number);
        }
    }

    /// <summary>Whether the request answers the challenge as user <c>us er</c> with the password <c>pa:ss</c> (RFC 7616).</summary>
    private static bool DigestIsRight(TruthRequest request, Func<byte[], byte[]> hash)
    {
        var fields = Regex.Matches(request.Header("Authorization") ?? "", "(\\w+)=\"?([^\",]*)").ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        var (user, task) = (Hash("us er:r:pa:ss"), Hash($"{request.Method}:{request.Target}"));
        return fields.TryGetValue("response", out var response)
            && fields["uri"] == request.Target && fields["opaque"] == "op"
            && response == Hash($"{user}:abc:{fields["nc"]}:{fields["cnonce"]}:auth:{task}");

        string Hash(string text) => Convert.ToHexStringLower(hash(Encoding.UTF8.GetBytes(text)));
    }

    private static async Task<bool> MisbehaveAsync(Connection connection, TruthRequest request, int number)
    {
        switch (request.Path.Split('/')[1])
        {
            case "chunked":
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"u8.ToArray());
                return true;
            case "badchunk":
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n"u8.ToArray());
                return false;
            case "hang":
                await Task.Delay(Timeout.Infinite, connection.Stop);
                return false;
            case "halfway":
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"u8.ToArray());
                await Task.Delay(Timeout.Infinite, connection.Stop);
                return false;
            case "endless":
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
                while (true)
                {
                    await connection.WriteAsync("4\r\nmore\r\n"u8.ToArray());
                    await Task.Delay(5, connection.Stop);
                }

            case "close":
                return false;
            case "reset":
                connection.Reset();
                return false;
            case "partial":
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"u8.ToArray());
                return false;
            case "untilclose":
                await connection.WriteAsync("HTTP/1.1 200 OK\r\n\r\nuntil the end"u8.ToArray());
                return false;
            case "http10":
                await connection.WriteAsync("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold"u8.ToArray());
                return false;
            case "garbage":
                await connection.WriteAsync("garbage\r\n\r\n"u8.ToArray());
                return false;
            case "badstatus":
                await connection.WriteAsync("HTTP/1.1 abc OK\r\n\r\n"u8.ToArray());
                return false;
            case "badlength":
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n"u8.ToArray());
                return false;
            case "badheader":
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"u8.ToArray());
                return false;
            case "badgzip":
                await SendAsync(connection, request, 200, "Content-Encoding: gzip\r\n", "no gzip");
                return true;
            case "early":
                await connection.WriteAsync("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"u8.ToArray());
                await SendAsync(connection, request, 200, "", "late");
                return true;
            default:
                await SendAsync(connection, request, number is >= 200 and < 600 ? number : 200, "Content-Type: application/json\r\n", Echo(request));
                return true;
        }
    }

    private static string Echo(TruthRequest request) => JsonSerializer.Serialize(
        new
        {
            method = request.Method,
            target = request.Target,
            headers = request.Headers.OrderBy(h => h.Name, StringComparer.Ordinal).GroupBy(h => h.Name, h => h.Value, StringComparer.Ordinal).ToDictionary(g => g.Key, g => string.Join(" | ", g)),
            body = Encoding.UTF8.GetString(request.Body),
        },
        Relaxed);

    private static Task SendAsync(Connection connection, TruthRequest request, int status, string headers, string body) =>
        SendBytesAsync(connection, request, status, headers, Encoding.UTF8.GetBytes(body));

    private static async Task SendBytesAsync(Connection connection, TruthRequest request, int status, string headers, byte[] body)
    {
        var hasBody = status is not (204 or 304);
        var length = hasBody ? $"Content-Length: {body.Length}\r\n" : "";
        byte[] head = Encoding.Latin1.GetBytes($"HTTP/1.1 {status} {((HttpStatusCode)status).ToString()}\r\n{headers}{length}\r\n");
        await connection.WriteAsync(hasBody && request.Method != "HEAD" ? [.. head, .. body] : head);
    }

    private static byte[] Packed(Func<Stream, Stream> coding)
    {
        using var output = new MemoryStream();
        using (var packer = coding(output))
        {
            packer.Write("hello"u8);
        }

        return output.ToArray();
    }
}
