using System.Net.Sockets;

namespace K6.Embedded.Http;

/// <summary>
/// A TCP connection that is metered. It is a <see cref="NetworkStream"/> because the handler asks the socket of one whether an idle connection still
/// lives; of any other stream it begins to read ahead, which takes several times the CPU.
/// </summary>
internal sealed class TcpStream(Socket socket, ConnectionMeter meter) : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>What notes and counts.</summary>
    public ConnectionMeter Meter { get; } = meter;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = Socket.Receive(buffer, SocketFlags.None, out var error);
        if (error != SocketError.Success)
        {
            throw Failed("read from", error);
        }

        Meter.Received(count);
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => Meter.Reading(base.ReadAsync(buffer, cancellationToken));

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Meter.BeforeWrite();
        for (var left = buffer; left.Length > 0;)
        {
            var sent = Socket.Send(left, SocketFlags.None, out var error);
            if (error != SocketError.Success)
            {
                throw Failed("write to", error);
            }

            left = left[sent..];
        }

        Meter.AfterWrite(buffer.Length);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        Meter.BeforeWrite();
        return Meter.Writing(base.WriteAsync(buffer, cancellationToken), buffer.Length);
    }

    // The base class would pass spans of a derived class on to the overloads with arrays.
    private static IOException Failed(string what, SocketError error)
    {
        var inner = new SocketException((int)error);
        return new IOException($"Unable to {what} the connection: {inner.Message}", inner);
    }
}
