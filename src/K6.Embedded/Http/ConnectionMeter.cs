using System.Diagnostics;
using K6.Embedded.Execution;

namespace K6.Embedded.Http;

/// <summary>Notes when a request is written to a connection and when its answer arrives, and counts bytes when it has a counter.</summary>
/// <param name="connection">The connection.</param>
/// <param name="counter">Who counts the bytes; null above TLS.</param>
/// <param name="marksTimes">Whether writes and reads are noted: not for the bytes below TLS.</param>
internal sealed class ConnectionMeter(ConnectionInfo connection, VuContext? counter, bool marksTimes)
{
    private HttpExchange? current;

    /// <summary>The connection.</summary>
    public ConnectionInfo Connection { get; } = connection;

    /// <summary>For a connection to a proxy: where its answer to CONNECT is noted as the first read; null for others.</summary>
    public HttpExchange? Tunnel { get; init; }

    /// <summary>Bytes arrived.</summary>
    public void Received(int count)
    {
        if (count > 0)
        {
            counter?.AddDataReceived(count);
            if (Tunnel is { FirstRead: 0 } tunnel)
            {
                tunnel.FirstRead = Stopwatch.GetTimestamp();
            }

            if (marksTimes && current is { FirstRead: 0, FirstWrite: > 0 } exchange)
            {
                exchange.FirstRead = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>Passes a read on.</summary>
    public ValueTask<int> Reading(ValueTask<int> reading)
    {
        if (reading.IsCompletedSuccessfully)
        {
            var count = reading.Result;
            Received(count);
            return new ValueTask<int>(count);
        }

        return Awaited(reading);
    }

    /// <summary>Bytes are about to be written.</summary>
    public void BeforeWrite()
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

    /// <summary>Bytes were written.</summary>
    public void AfterWrite(int count)
    {
        counter?.AddDataSent(count);
        if (marksTimes && current is { FirstRead: 0 } exchange)
        {
            exchange.LastWrite = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Passes a write on.</summary>
    public ValueTask Writing(ValueTask writing, int count)
    {
        if (writing.IsCompletedSuccessfully)
        {
            writing.GetAwaiter().GetResult();
            AfterWrite(count);
            return default;
        }

        return Awaited(writing, count);
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
}
