using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K6.LoadTesting.Tests.Install;

/// <summary>A request to the mirror.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Target">What the request line names: a path, or a whole address when the mirror is used as a proxy.</param>
/// <param name="From">First byte that is wanted; 0 without a range.</param>
internal sealed record MirrorRequest(int Number, string Target, long From);

/// <summary>An answer of the mirror.</summary>
/// <param name="Body">What is sent.</param>
/// <param name="Status">Status line.</param>
/// <param name="Length">Length that the header claims; null for the body's own.</param>
/// <param name="Headers">More headers, each with its line break.</param>
/// <param name="Hangs">Whether nothing comes after the body, not even the end.</param>
internal sealed record MirrorAnswer(byte[] Body, string Status = "200 OK", long? Length = null, string Headers = "", bool Hangs = false)
{
    public static MirrorAnswer NotFound { get; } = new([], "404 Not Found");

    public static MirrorAnswer Redirect(string to) => new([], "302 Found", Headers: $"Location: {to}\r\n");

    /// <summary>The rest of a file, as a server that knows ranges answers.</summary>
    public static MirrorAnswer Rest(byte[] file, long from) => from == 0
        ? new MirrorAnswer(file)
        : from >= file.Length
            ? new MirrorAnswer([], "416 Range Not Satisfiable", Headers: $"Content-Range: bytes */{file.Length}\r\n")
            : new MirrorAnswer(file[(int)from..], "206 Partial Content", Headers: $"Content-Range: bytes {from}-{file.Length - 1}/{file.Length}\r\n");
}

/// <summary>A server of releases on a free port of 127.0.0.1 that does what a test wants.</summary>
internal sealed class Mirror : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<MirrorRequest, MirrorAnswer> _answer;
    private int _requests;

    public Mirror(Func<MirrorRequest, MirrorAnswer> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public ConcurrentQueue<MirrorRequest> Requests { get; } = new();

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
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
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                var target = (await reader.ReadLineAsync(_stop.Token))!.Split(' ')[1];
                var from = 0L;
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } header)
                {
                    if (header.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                    {
                        from = long.Parse(header["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
                    }
                }

                var request = new MirrorRequest(Interlocked.Increment(ref _requests), target, from);
                Requests.Enqueue(request);
                var answer = _answer(request);
                var head = $"HTTP/1.1 {answer.Status}\r\nContent-Length: {answer.Length ?? answer.Body.Length}\r\nConnection: close\r\n{answer.Headers}\r\n";
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token);
                await client.GetStream().WriteAsync(answer.Body, _stop.Token);
                if (answer.Hangs)
                {
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The client or the test went away.
            }
        }
    }
}
