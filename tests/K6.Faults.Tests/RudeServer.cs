using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K6.Faults.Tests;

/// <summary>How a server behaves.</summary>
internal enum Manners
{
    /// <summary>Answers 200.</summary>
    Polite,

    /// <summary>Takes requests and never answers.</summary>
    Hangs,

    /// <summary>Resets each connection once a request has come.</summary>
    Resets,

    /// <summary>Answers with bytes that are no HTTP.</summary>
    Garbage,

    /// <summary>Answers with a body that has no end: 100 MB a second, 400 MB, and then it waits.</summary>
    Endless,

    /// <summary>Answers one byte a second.</summary>
    Slow,
}

/// <summary>An HTTP server on a free port of 127.0.0.1 that behaves as one wants, and changes its manners at once.</summary>
internal sealed class RudeServer : IDisposable
{
    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _asked = New();

    public RudeServer()
    {
        _listener.Start();
        Ports.Add(Port);
        _ = AcceptAsync();
    }

    /// <summary>Ports of all servers of the tests.</summary>
    public static System.Collections.Concurrent.ConcurrentBag<int> Ports { get; } = [];

    public Manners Manners { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Ends when somebody asks for something, after <see cref="Forget"/>.</summary>
    public Task Asked => _asked.Task;

    /// <summary>What was asked before does not count.</summary>
    public void Forget() => _asked = New();

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the case.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII);
                while (await reader.ReadLineAsync(_stop.Token) is not null)
                {
                    while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
                    {
                    }

                    _asked.TrySetResult();
                    if (!await AnswerAsync(client, stream))
                    {
                        return;
                    }
                }
            }
            catch (Exception over) when (over is OperationCanceledException or IOException or ObjectDisposedException or SocketException)
            {
                // Somebody went away.
            }
        }
    }

    // Whether the connection goes on.
    private async Task<bool> AnswerAsync(TcpClient client, NetworkStream stream)
    {
        switch (Manners)
        {
            case Manners.Hangs:
                await Task.Delay(Timeout.Infinite, _stop.Token);
                return false;
            case Manners.Resets:
                client.Client.LingerState = new LingerOption(true, 0);
                client.Client.Close();
                return false;
            case Manners.Garbage:
                var garbage = new byte[4000];
                new Random(7).NextBytes(garbage);
                await stream.WriteAsync(garbage, _stop.Token);
                return false;
            case Manners.Endless:
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"u8.ToArray(), _stop.Token);
                var megabyte = new byte[1 << 20];
                Array.Fill(megabyte, (byte)'x');
                for (var sent = 0; sent < 400; sent++)
                {
                    await stream.WriteAsync(megabyte, _stop.Token);
                    await Task.Delay(10, _stop.Token);
                }

                await Task.Delay(Timeout.Infinite, _stop.Token);
                return false;
            case Manners.Slow:
                foreach (var one in Answer)
                {
                    await stream.WriteAsync(new[] { one }, _stop.Token);
                    await Task.Delay(1000, _stop.Token);
                }

                return true;
            default:
                await stream.WriteAsync(Answer, _stop.Token);
                return true;
        }
    }
}
