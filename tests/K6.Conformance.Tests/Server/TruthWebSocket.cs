using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Connection = K6.Conformance.Tests.Server.TruthServer.TruthConnection;

namespace K6.Conformance.Tests.Server;

/// <summary>
/// The truth server's WebSockets: it echoes messages, but for texts that are commands: <c>close [CODE [REASON]]</c>, <c>ping</c>, <c>drop</c> (a reset), <c>end</c> (without a close
/// frame), <c>garbage</c>, <c>binary</c>, <c>fragments</c>, <c>many N</c>, <c>headers</c> (those of the handshake). It agrees to the last protocol of a list, and to compression at <c>/ws/deflate</c>.
/// </summary>
internal static class TruthWebSocket
{
    private const int Last = 0x80;
    private const int Text = 1;
    private const int Binary = 2;
    private const int Close = 8;
    private const int Ping = 9;
    private const int Pong = 10;

    /// <summary>Makes the handshake and answers until the connection ends.</summary>
    /// <param name="accept">Whether the key is answered rightly.</param>
    public static async Task ServeAsync(Connection connection, TruthRequest request, bool accept)
    {
#pragma warning disable CA5350 // RFC 6455 asks for it.
        var key = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(request.Header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        var protocol = request.Header("Sec-WebSocket-Protocol") is { Length: > 0 } protocols ? $"Sec-WebSocket-Protocol: {protocols.Split(',')[^1].Trim()}\r\n" : "";
        var deflates = request.Path.EndsWith("/deflate", StringComparison.Ordinal) && request.Header("Sec-WebSocket-Extensions") is not null;
        var extensions = deflates ? "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n" : "";
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {(accept ? key : "wrong")}\r\nSet-Cookie: ws=1; Path=/\r\n{protocol}{extensions}\r\n"));
        while (await AnswerAsync(connection, request))
        {
        }
    }

    private static async Task<bool> AnswerAsync(Connection connection, TruthRequest request)
    {
        var head = await connection.TakeAsync(2);
        var length = head[1] & 0x7f;
        length = length == 126 ? BinaryPrimitives.ReadUInt16BigEndian(await connection.TakeAsync(2)) : length == 127 ? (int)BinaryPrimitives.ReadUInt64BigEndian(await connection.TakeAsync(8)) : length;
        var mask = await connection.TakeAsync(4);
        var payload = await connection.TakeAsync(length);
        for (var i = 0; i < length; i++)
        {
            payload[i] ^= mask[i & 3];
        }

        switch (head[0] & 0x0f)
        {
            case Close:
                await SendAsync(connection, Close, payload);
                return false;
            case Ping:
                await SendAsync(connection, Pong, payload);
                return true;
            case Pong:
                await SendAsync(connection, Text, "pong "u8.ToArray().Concat(payload).ToArray());
                return true;
            case Text when (head[0] & 0x40) == 0:
                return await ObeyAsync(connection, request, Encoding.UTF8.GetString(payload));
            default:
                // A compressed message goes back as it came.
                await SendAsync(connection, head[0] & 0x0f, payload, head[0] & 0xf0);
                return true;
        }
    }

    private static async Task<bool> ObeyAsync(Connection connection, TruthRequest request, string text)
    {
        var words = text.Split(' ', 3);
        switch (words[0])
        {
            case "close":
                var code = new byte[2];
                BinaryPrimitives.WriteUInt16BigEndian(code, words.Length > 1 ? ushort.Parse(words[1], CultureInfo.InvariantCulture) : (ushort)0);
                await SendAsync(connection, Close, words.Length == 1 ? [] : [.. code, .. Encoding.UTF8.GetBytes(words.Length > 2 ? words[2] : "")]);
                return true;
            case "ping":
                await SendAsync(connection, Ping, "hi"u8.ToArray());
                return true;
            case "drop":
                connection.Reset();
                return false;
            case "end":
                return false;
            case "garbage":
                await connection.WriteAsync(new byte[] { 0xff, 0xff, 0xff, 0xff });
                return true;
            case "binary":
                await SendAsync(connection, Binary, [0, 255, 65]);
                return true;
            case "fragments":
                await SendAsync(connection, Text, "one "u8.ToArray(), 0);
                await SendAsync(connection, Ping, "x"u8.ToArray());
                await SendAsync(connection, 0, "two"u8.ToArray());
                return true;
            case "many":
                for (var i = 0; i < int.Parse(words[1], CultureInfo.InvariantCulture); i++)
                {
                    await SendAsync(connection, Text, Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
                }

                return true;
            case "headers":
                var kept = request.Headers.Where(h => !h.Name.Equals("Sec-WebSocket-Key", StringComparison.OrdinalIgnoreCase) && h.Name != "User-Agent").Select(h => $"{h.Name}: {h.Value}".ToLowerInvariant());
                await SendAsync(connection, Text, Encoding.UTF8.GetBytes(string.Join('\n', kept.Order(StringComparer.Ordinal))));
                return true;
            default:
                await SendAsync(connection, Text, Encoding.UTF8.GetBytes(text));
                return true;
        }
    }

    private static Task SendAsync(Connection connection, int kind, byte[] payload, int flags = Last)
    {
        byte[] length = payload.Length < 126 ? [(byte)payload.Length] : payload.Length <= ushort.MaxValue ? [126, (byte)(payload.Length >> 8), (byte)payload.Length] : [127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length];
        return connection.WriteAsync((byte[])[(byte)(flags | kind), .. length, .. payload]);
    }
}
