using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K6.LoadTesting.Tests.Results;

/// <summary>A request that the server got; names of headers are in lower case.</summary>
internal sealed record ReceivedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers);

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

    /// <summary>What it was asked.</summary>
    public ConcurrentQueue<ReceivedRequest> Requests { get; } = [];

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
                    var headers = new Dictionary<string, string>();
                    while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 } header)
                    {
                        headers[header.Split(':')[0].ToLowerInvariant()] = header[(header.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
                    }

                    // Reading nothing would wait for the next request.
                    if (int.Parse(headers.GetValueOrDefault("content-length", "0"), System.Globalization.CultureInfo.InvariantCulture) is > 0 and var length)
                    {
                        await reader.ReadBlockAsync(new char[length], stop.Token);
                    }

                    Requests.Enqueue(new ReceivedRequest(request.Split(' ')[0], request.Split(' ')[1], headers));

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
