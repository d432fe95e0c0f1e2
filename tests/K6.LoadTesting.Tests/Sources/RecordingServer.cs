using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K6.LoadTesting.Tests.Sources;

/// <summary>A request as it arrived.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query, as they were sent.</param>
/// <param name="Headers">Lines of headers, as they were sent.</param>
/// <param name="Body">The body, each byte a letter.</param>
internal sealed record RecordedRequest(string Method, string Target, IReadOnlyList<string> Headers, string Body)
{
    public string? Header(string name) =>
        Headers.Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();
}

/// <summary>What the server answers: a status, lines of headers and a body.</summary>
internal sealed record RecordedAnswer(int Status, string Body = "", params IReadOnlyList<string> Headers);

/// <summary>A server on a free port of 127.0.0.1 that keeps every request to the byte; by default it answers 200 and <c>{}</c>.</summary>
internal sealed class RecordingServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<RecordedRequest, RecordedAnswer> answer;

    public RecordingServer(Func<RecordedRequest, RecordedAnswer>? answer = null)
    {
        this.answer = answer ?? (_ => new RecordedAnswer(200, "{}", "Content-Type: application/json"));
        listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public ConcurrentQueue<RecordedRequest> Requests { get; } = [];

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
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                while (await reader.ReadLineAsync(stop.Token) is { } line)
                {
                    var headers = new List<string>();
                    while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 } header)
                    {
                        headers.Add(header);
                    }

                    var request = new RecordedRequest(line.Split(' ')[0], line.Split(' ')[1], headers, "");
                    var body = new char[int.Parse(request.Header("Content-Length") ?? "0", System.Globalization.CultureInfo.InvariantCulture)];
                    if (body.Length > 0)
                    {
                        await reader.ReadBlockAsync(body, stop.Token); // of nothing it would wait for the next request
                    }

                    request = request with { Body = new string(body) };
                    Requests.Enqueue(request);
                    var (status, text, more) = answer(request);
                    var bytes = Encoding.UTF8.GetBytes(text);
                    var head = $"HTTP/1.1 {status} Answer\r\nContent-Length: {bytes.Length}\r\n{string.Concat(more.Select(one => one + "\r\n"))}\r\n";
                    await client.GetStream().WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head), .. bytes], stop.Token);
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The client or the test went away.
            }
        }
    }
}
