using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace K6.Embedded.WebSockets;

/// <summary>What a frame is, by RFC 6455.</summary>
internal enum FrameKind
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// <summary>A message, or a control frame.</summary>
/// <param name="Kind">Never <see cref="FrameKind.Continuation"/>.</param>
/// <param name="Payload">Without mask, decompressed.</param>
internal readonly record struct WebSocketMessage(FrameKind Kind, byte[] Payload)
{
    /// <summary>The code of a close frame; 1005 for one without.</summary>
    public int CloseCode => Payload.Length < 2 ? WebSocketConnection.NoCode : BinaryPrimitives.ReadUInt16BigEndian(Payload);

    /// <summary>The reason of a close frame.</summary>
    public string CloseReason => Payload.Length < 2 ? "" : Encoding.UTF8.GetString(Payload, 2, Payload.Length - 2);
}

/// <summary>
/// The client's side of an open WebSocket: frames of RFC 6455 and, where it was agreed upon, of RFC 7692. System.Net.WebSockets shows neither pings nor pongs, which scripts
/// of k6 send, hear and measure. One thread reads; any may write.
/// </summary>
/// <param name="stream">The connection after the handshake.</param>
/// <param name="deflates">Whether messages are compressed, each by itself.</param>
internal sealed class WebSocketConnection(Stream stream, bool deflates) : IDisposable
{
    /// <summary>What stands for the code of a close frame without one.</summary>
    public const int NoCode = 1005;

    /// <summary>What stands for the code of a connection that ended without a close frame.</summary>
    public const int AbnormalEnd = 1006;

    private const int LastFrame = 0x80;
    private const int Compressed = 0x40;
    private const int Masked = 0x80;

    // The end of a block that RFC 7692 leaves out, and an empty last block after it.
    private static readonly byte[] DeflateTail = [0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff];

    private readonly SemaphoreSlim writing = new(1);
    private readonly byte[] buffer = new byte[8192];
    private int start;
    private int end;

    // The message that is being put together; control frames come in between.
    private readonly MemoryStream whole = new();
    private FrameKind? kind;
    private bool isCompressed;

    /// <summary>The next message or control frame.</summary>
    /// <exception cref="WebSocketProtocolException">The other side broke the protocol.</exception>
    /// <exception cref="EndOfStreamException">The connection ended.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<WebSocketMessage> ReceiveAsync(CancellationToken stop)
    {
        while (true)
        {
            var head = await TakeAsync(2, stop).ConfigureAwait(false);
            var (flags, opcode) = (head[0] & 0xf0, (FrameKind)(head[0] & 0x0f));
            if ((head[1] & Masked) != 0 || (flags & 0x30) != 0)
            {
                throw new WebSocketProtocolException("bad bits in a frame's head");
            }

            var payload = await PayloadAsync(head[1], stop).ConfigureAwait(false);
            if (opcode is FrameKind.Close or FrameKind.Ping or FrameKind.Pong)
            {
                return (flags & LastFrame) == 0 || payload.Length > 125 ? throw new WebSocketProtocolException("bad control frame") : new WebSocketMessage(opcode, payload);
            }

            var isFirst = opcode != FrameKind.Continuation;
            if (opcode is not (FrameKind.Continuation or FrameKind.Text or FrameKind.Binary) || isFirst == kind is not null || ((flags & Compressed) != 0 && !(deflates && isFirst)))
            {
                throw new WebSocketProtocolException($"bad opcode {(int)opcode}");
            }

            if (isFirst)
            {
                kind = opcode;
                isCompressed = (flags & Compressed) != 0;
            }

            whole.Write(payload);
            if ((flags & LastFrame) != 0)
            {
                var message = new WebSocketMessage(kind!.Value, isCompressed ? Inflate(whole.ToArray()) : whole.ToArray());
                kind = null;
                whole.SetLength(0);
                return message;
            }
        }
    }

    /// <summary>Sends a message or a control frame.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask SendAsync(FrameKind kind, ReadOnlyMemory<byte> payload, CancellationToken stop)
    {
        var compresses = deflates && kind is FrameKind.Text or FrameKind.Binary;
        var frame = Frame(kind, compresses ? Deflate(payload.Span) : payload.Span, compresses);
        await writing.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(frame, stop).ConfigureAwait(false);
            await stream.FlushAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>The payload of a close frame.</summary>
    public static byte[] ClosePayload(int code, string reason)
    {
        if (code == NoCode)
        {
            return [];
        }

        var payload = new byte[2 + Encoding.UTF8.GetByteCount(reason)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.UTF8.GetBytes(reason, payload.AsSpan(2));
        return payload;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        whole.Dispose();
        writing.Dispose();
    }

    private static byte[] Frame(FrameKind kind, ReadOnlySpan<byte> payload, bool isCompressed)
    {
        var extended = payload.Length < 126 ? 0 : payload.Length <= ushort.MaxValue ? 2 : 8;
        var frame = new byte[2 + extended + 4 + payload.Length];
        frame[0] = (byte)(LastFrame | (isCompressed ? Compressed : 0) | (int)kind);
        frame[1] = (byte)(Masked | (extended switch { 0 => payload.Length, 2 => 126, _ => 127 }));
        if (extended == 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        }
        else if (extended == 8)
        {
            BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), (ulong)payload.Length);
        }

        var mask = frame.AsSpan(2 + extended, 4);
        RandomNumberGenerator.Fill(mask);
        var masked = frame.AsSpan(2 + extended + 4);
        for (var i = 0; i < payload.Length; i++)
        {
            masked[i] = (byte)(payload[i] ^ mask[i & 3]);
        }

        return frame;
    }

    private static byte[] Deflate(ReadOnlySpan<byte> payload)
    {
        using var output = new MemoryStream();
        using var deflate = new DeflateStream(output, CompressionLevel.Fastest);
        deflate.Write(payload);
        deflate.Flush();
        return output.ToArray()[..^4];
    }

    private static byte[] Inflate(byte[] payload)
    {
        try
        {
            using var input = new MemoryStream([.. payload, .. DeflateTail]);
            using var inflate = new DeflateStream(input, CompressionMode.Decompress);
            using var output = new MemoryStream();
            inflate.CopyTo(output);
            return output.ToArray();
        }
        catch (InvalidDataException)
        {
            throw new WebSocketProtocolException("corrupt compressed message");
        }
    }

    private async ValueTask<byte[]> PayloadAsync(byte second, CancellationToken stop)
    {
        ulong length = (uint)(second & 0x7f);
        if (length == 126)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(await TakeAsync(2, stop).ConfigureAwait(false));
        }
        else if (length == 127)
        {
            length = BinaryPrimitives.ReadUInt64BigEndian(await TakeAsync(8, stop).ConfigureAwait(false));
        }

        return length > (ulong)Array.MaxLength ? throw new WebSocketProtocolException("a frame without end") : await TakeAsync((int)length, stop).ConfigureAwait(false);
    }

    private async ValueTask<byte[]> TakeAsync(int count, CancellationToken stop)
    {
        // A length that only was announced takes no memory.
        var taken = new byte[Math.Min(count, 1 << 20)];
        for (var done = 0; done < count;)
        {
            if (start == end)
            {
                start = 0;
                end = await stream.ReadAsync(buffer, stop).ConfigureAwait(false);
                if (end == 0)
                {
                    throw new EndOfStreamException();
                }
            }

            var part = Math.Min(count - done, end - start);
            if (done + part > taken.Length)
            {
                Array.Resize(ref taken, Math.Min(count, taken.Length * 2));
            }

            buffer.AsSpan(start, part).CopyTo(taken.AsSpan(done));
            start += part;
            done += part;
        }

        return taken;
    }
}

/// <summary>The other side sent what RFC 6455 does not allow.</summary>
internal sealed class WebSocketProtocolException(string message) : IOException(message);
