using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K6.LoadTesting.Tests.Results;

/// <summary>A small HTTP server on a free port of 127.0.0.1: <c>/ok</c> answers 200, <c>/fail</c> 500, <c>/hang</c> never.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();

    public LoopbackServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(stop.Token));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                while (await reader.ReadLineAsync(stop.Token) is { } request)
                {
                    while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 })
                    {
                    }

                    if (request.Contains(" /hang", StringComparison.Ordinal))
                    {
                        await Task.Delay(Timeout.Infinite, stop.Token);
                    }

                    var status = request.Contains(" /fail", StringComparison.Ordinal) ? "500 Internal Server Error" : "200 OK";
                    var body = new string('x', Random.Shared.Next(10, 100));
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n\r\n{body}"), stop.Token);
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The client or the test went away.
            }
        }
    }
}
