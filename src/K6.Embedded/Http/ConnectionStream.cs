using System.Diagnostics;
using K6.Embedded.Execution;

namespace K6.Embedded.Http;

/// <summary>
/// A stream of a connection that notes when a request is written and its answer arrives, and counts bytes when it has a counter.
/// </summary>
/// <param name="inner">The stream below.</param>
/// <param name="connection">The connection.</param>
/// <param name="counter">Who counts the bytes; null above TLS.</param>
/// <param name="marksTimes">Whether writes and reads are noted: not for the bytes below TLS.</param>
internal sealed class ConnectionStream(Stream inner, ConnectionInfo connection, VuContext? counter, bool marksTimes) : Stream
{
    private HttpExchange? current;

    /// <summary>The connection.</summary>
    public ConnectionInfo Connection { get; } = connection;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        Received(count);
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = inner.ReadAsync(buffer, cancellationToken);
        if (reading.IsCompletedSuccessfully)
        {
            var count = reading.Result;
            Received(count);
            return new ValueTask<int>(count);
        }

        return Awaited(reading);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        BeforeWrite();
        inner.Write(buffer);
        AfterWrite(buffer.Length);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BeforeWrite();
        var writing = inner.WriteAsync(buffer, cancellationToken);
        if (writing.IsCompletedSuccessfully)
        {
            writing.GetAwaiter().GetResult();
            AfterWrite(buffer.Length);
            return default;
        }

        return Awaited(writing, buffer.Length);
    }

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> Awaited(ValueTask<int> reading)
    {
        var count = await reading.ConfigureAwait(false);
        Received(count);
        return count;
    }

    private async ValueTask Awaited(ValueTask writing, int count)
    {
        await writing.ConfigureAwait(false);
        AfterWrite(count);
    }

    private void Received(int count)
    {
        if (count > 0)
        {
            counter?.AddDataReceived(count);
            if (marksTimes && current is { FirstRead: 0, FirstWrite: > 0 } exchange)
            {
                exchange.FirstRead = Stopwatch.GetTimestamp();
            }
        }
    }

    private void BeforeWrite()
    {
        if (!marksTimes || HttpExchange.Current is not { } exchange)
        {
            return;
        }

        current = exchange;
        exchange.Connection = Connection;
        if (exchange.FirstWrite == 0)
        {
            exchange.FirstWrite = Stopwatch.GetTimestamp();
        }
    }

    private void AfterWrite(int count)
    {
        counter?.AddDataSent(count);
        if (marksTimes && current is { FirstRead: 0 } exchange)
        {
            exchange.LastWrite = Stopwatch.GetTimestamp();
        }
    }
}
