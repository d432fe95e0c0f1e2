using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace K6.LoadTesting.Live;

/// <summary>
/// The live page: a server on loopback, for one run. Its address has a token that nobody can guess, and without it there is nothing to see. It ends at once with the run, whoever looks.
/// </summary>
internal sealed class LiveDashboard : IAsyncDisposable
{
    private const int MostMessages = 20_000;
    private const int MostHeaderBytes = 16 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<string> _messages = [];
    private readonly string _token = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly Task _accepting;
    private TaskCompletionSource _more = New();

    private LiveDashboard(TcpListener listener)
    {
        _listener = listener;
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/{_token}/");
        Feed = new LiveFeed(Send);
        _accepting = AcceptAsync();
    }

    /// <summary>Where the page is.</summary>
    public Uri Address { get; }

    /// <summary>What it shows.</summary>
    public LiveFeed Feed { get; }

    /// <summary>Opens a free port.</summary>
    /// <exception cref="SocketException">There is none.</exception>
    public static LiveDashboard Start()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new LiveDashboard(listener);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Send("""{"type":"end"}""");
        await _stop.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        _listener.Dispose();
        _stop.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Send(string message)
    {
        lock (_gate)
        {
            // Past this many, those who come late see fewer of the first seconds.
            if (_messages.Count < MostMessages)
            {
                _messages.Add(message);
            }

            _more.TrySetResult();
            _more = New();
        }
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token).ConfigureAwait(false);
                clients.RemoveAll(one => one.IsCompleted);
                clients.Add(ServeAsync(client));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The run is over. Who is connected gets what was sent, and no more time.
            await Task.WhenAny(Task.WhenAll(clients), Task.Delay(TimeSpan.FromMilliseconds(200))).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            client.NoDelay = true;
            var stream = client.GetStream();
            await using var __ = stream.ConfigureAwait(false);
            var path = await ReadPathAsync(stream).ConfigureAwait(false);
            if (path == $"/{_token}/")
            {
                await RespondAsync(stream, "200 OK", "text/html; charset=utf-8", Page()).ConfigureAwait(false);
            }
            else if (path == $"/{_token}/events")
            {
                await StreamAsync(stream).ConfigureAwait(false);
            }
            else
            {
                await RespondAsync(stream, "404 Not Found", "text/plain", "Nothing here. The address of the live page is in the log of the build.\n"u8.ToArray()).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever looked has gone.
        }
    }

    /// <summary>The path of a GET whose Host is ours; empty for anything else, such as a page elsewhere that resolves its name to this machine.</summary>
    private async Task<string> ReadPathAsync(NetworkStream stream)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(Patience);
        var buffer = new byte[MostHeaderBytes];
        var length = 0;
        while (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = length == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(length), patience.Token).ConfigureAwait(false);
            if (read == 0)
            {
                return "";
            }

            length += read;
        }

        var lines = Encoding.Latin1.GetString(buffer, 0, length).Split("\r\n");
        var isOurs = lines.Any(line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase) && line[5..].Trim() is var host && (host == Address.Authority || host == $"localhost:{Address.Port}"));
        return isOurs && lines[0].Split(' ') is ["GET", var path, _] ? path : "";
    }

    private async Task StreamAsync(NetworkStream stream)
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"u8.ToArray()).ConfigureAwait(false);
        for (var next = 0; ;)
        {
            List<string> messages;
            Task more;

            // All was sent before the stop: who sees that first and takes the messages then has all of them.
            var isLast = _stop.IsCancellationRequested;
            lock (_gate)
            {
                messages = _messages[next..];
                more = _more.Task;
            }

            foreach (var message in messages)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"data: {message}\n\n")).ConfigureAwait(false);
            }

            next += messages.Count;
            if (isLast)
            {
                return;
            }

            if (messages.Count == 0)
            {
                await Task.WhenAny(more, Task.Delay(Timeout.Infinite, _stop.Token)).ConfigureAwait(false);
            }
        }
    }

    private static async Task RespondAsync(NetworkStream stream, string status, string type, byte[] body, string more = "")
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n{more}\r\n")).ConfigureAwait(false);
        await stream.WriteAsync(body).ConfigureAwait(false);
    }

    private static byte[] Page()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("live/live.html")!;
        using var reader = new StreamReader(stream);
        // Only the script and the style of this answer may run.
        return Encoding.UTF8.GetBytes(reader.ReadToEnd().Replace("NONCE", RandomNumberGenerator.GetHexString(32), StringComparison.Ordinal));
    }
}
