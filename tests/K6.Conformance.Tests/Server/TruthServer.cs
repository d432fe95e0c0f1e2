using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace K6.Conformance.Tests.Server;

/// <summary>
/// An HTTP/1.1 server on 127.0.0.1 that knows what really happened: every request with its time of arrival, connections, bytes in and out.
/// What it answers is in <see cref="TruthAnswers"/>.
/// </summary>
internal sealed class TruthServer : IDisposable
{
    private const byte TlsHandshake = 22;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly X509Certificate2? certificate;
    private readonly bool asksForCertificate;
    private readonly Action<string>? onSignal;
    private int connections;
    private long bytesRead;
    private long bytesWritten;

    /// <summary>Listens on a free port.</summary>
    /// <param name="certificate">For TLS; null for plain HTTP.</param>
    /// <param name="asksForCertificate">Whether clients must show a certificate.</param>
    /// <param name="onSignal">Called for a request to <c>/signal/NAME</c>.</param>
    public TruthServer(X509Certificate2? certificate = null, bool asksForCertificate = false, Action<string>? onSignal = null)
    {
        this.certificate = certificate;
        this.asksForCertificate = asksForCertificate;
        this.onSignal = onSignal;
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Connections that were made.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>Bytes that arrived, below TLS's encryption counted as plain text.</summary>
    public long BytesRead => Volatile.Read(ref bytesRead);

    /// <summary>Bytes that were sent, counted in the same way.</summary>
    public long BytesWritten => Volatile.Read(ref bytesWritten);

    /// <summary>All requests in order of arrival.</summary>
    public ConcurrentQueue<TruthRequest> Requests { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                Interlocked.Increment(ref connections);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                Stream stream = client.GetStream();
                if (certificate is not null)
                {
                    var tls = new SslStream(stream, leaveInnerStreamOpen: false, (_, shown, _, _) => !asksForCertificate || shown is not null);
                    await tls.AuthenticateAsServerAsync(certificate, asksForCertificate, SslProtocols.None, checkCertificateRevocation: false);
                    stream = tls;
                }

                var connection = new TruthConnection(this, client, stream, stop.Token);
                while (await connection.ReadAsync() is { } request)
                {
                    Requests.Enqueue(request);
                    if (request.Path.StartsWith("/signal/", StringComparison.Ordinal))
                    {
                        onSignal?.Invoke(request.Path["/signal/".Length..]);
                    }

                    if (!await TruthAnswers.AnswerAsync(connection, request))
                    {
                        return;
                    }
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or InvalidOperationException or ObjectDisposedException or AuthenticationException)
            {
            }
        }
    }

    /// <summary>One client.</summary>
    internal sealed class TruthConnection(TruthServer server, TcpClient client, Stream stream, CancellationToken stop)
    {
        private readonly byte[] buffer = new byte[1 << 16];
        private int start;
        private int end;

        /// <summary>Ends when the server does.</summary>
        public CancellationToken Stop => stop;

        /// <summary>The next request; null when the client has gone, or does not speak HTTP.</summary>
        public async Task<TruthRequest?> ReadAsync()
        {
            int length;
            while ((length = buffer.AsSpan(start, end - start).IndexOf("\r\n\r\n"u8)) < 0)
            {
                if (!await FillAsync())
                {
                    return null;
                }

                if (buffer[start] == TlsHandshake)
                {
                    await WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
                    return null;
                }
            }

            var arrival = Stopwatch.GetTimestamp();
            var head = Encoding.Latin1.GetString(buffer, start, length);
            start += length + 4;
            var lines = head.Split("\r\n");
            var first = lines[0].Split(' ');
            var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).Select(p => (Name: p[0], Value: p.Length > 1 ? p[1] : "")).ToArray();
            var body = headers.Any(h => h is { Name: "Transfer-Encoding", Value: "chunked" })
                ? await ReadChunksAsync()
                : await TakeAsync(int.Parse(headers.FirstOrDefault(h => h.Name == "Content-Length").Value ?? "0", CultureInfo.InvariantCulture));
            return new TruthRequest(arrival, first[0], first[1], headers, body);
        }

        /// <summary>Sends bytes.</summary>
        public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            await stream.WriteAsync(bytes, stop);
            Interlocked.Add(ref server.bytesWritten, bytes.Length);
        }

        /// <summary>Ends the connection with a TCP reset.</summary>
        public void Reset()
        {
            client.Client.LingerState = new LingerOption(true, 0);
            client.Client.Dispose();
        }

        private async Task<byte[]> ReadChunksAsync()
        {
            var all = new MemoryStream();
            while (true)
            {
                var size = int.Parse(await LineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                await all.WriteAsync(await TakeAsync(size));
                await LineAsync();
                if (size == 0)
                {
                    return all.ToArray();
                }
            }
        }

        private async Task<string> LineAsync()
        {
            int length;
            while ((length = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8)) < 0)
            {
                await FillOrThrowAsync();
            }

            var line = Encoding.Latin1.GetString(buffer, start, length);
            start += length + 2;
            return line;
        }

        /// <summary>So many bytes as they come.</summary>
        /// <exception cref="EndOfStreamException">The client has gone.</exception>
        public async Task<byte[]> TakeAsync(int count)
        {
            var taken = new byte[count];
            for (var done = 0; done < count;)
            {
                if (start == end)
                {
                    await FillOrThrowAsync();
                }

                var n = Math.Min(count - done, end - start);
                buffer.AsSpan(start, n).CopyTo(taken.AsSpan(done));
                start += n;
                done += n;
            }

            return taken;
        }

        private async Task FillOrThrowAsync()
        {
            if (!await FillAsync())
            {
                throw new EndOfStreamException();
            }
        }

        private async Task<bool> FillAsync()
        {
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            var n = await stream.ReadAsync(buffer.AsMemory(end), stop);
            end += n;
            Interlocked.Add(ref server.bytesRead, n);
            return n > 0;
        }
    }
}

/// <summary>A request as it arrived.</summary>
/// <param name="Arrival">When its head was complete, in ticks of <see cref="Stopwatch"/>.</param>
/// <param name="Method">Its method.</param>
/// <param name="Target">Its path with query.</param>
/// <param name="Headers">Its headers in order.</param>
/// <param name="Body">Its body.</param>
internal sealed record TruthRequest(long Arrival, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    /// <summary>The target before its query.</summary>
    public string Path => Target.Split('?')[0];

    /// <summary>The target after the question mark.</summary>
    public string Query => Target.Split('?', 2) is [_, var query] ? query : "";

    /// <summary>A header's value; null without it.</summary>
    public string? Header(string name) => Headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).FirstOrDefault();
}
