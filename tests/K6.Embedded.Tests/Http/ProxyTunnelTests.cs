using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using K6.Embedded.Cli;
using K6.Embedded.Runtime;
using K6.Embedded.Tests.Runtime;

namespace K6.Embedded.Tests.Http;

[TestClass]
public sealed class ProxyTunnelTests
{
    [TestMethod]
    public void Requests_over_TLS_share_a_tunnel_and_its_making_is_timed()
    {
        using var server = new LoopbackServer(usesTls: true);
        using var proxy = new ConnectProxy(server.Port);
        using var folder = new TemporaryFolder();
        var script = folder.Write("script.js", """
            import http from 'k6/http';
            export const options = { insecureSkipTLSVerify: true };
            export default function () {
              for (let i = 0; i < 3; i++) {
                const r = http.get('https://target.test:4433/', { timeout: '20s' }), t = r.timings;
                console.log(r.status, t.connecting > 0, t.tls_handshaking > 0, t.connecting + t.tls_handshaking <= t.blocked, t.duration > 0, r.remote_ip, r.error);
              }
            }
            """);
        var error = new StringWriter();
        var environment = new Dictionary<string, string> { ["HTTPS_PROXY"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{proxy.Port}") };

        var exitCode = Application.Run(new EngineHost(["run", "--quiet", "--log-format=raw", script], environment, folder.Path, TextWriter.Null, TextWriter.Synchronized(error), TextReader.Null, ScriptLoader.Load));

        Assert.AreEqual(0, exitCode, error.ToString());
        Assert.AreEqual(
            "200 true true true true 127.0.0.1 \n200 false false true true 127.0.0.1 \n200 false false true true 127.0.0.1 \n",
            error.ToString().ReplaceLineEndings("\n"));
        CollectionAssert.AreEqual(new[] { "CONNECT target.test:4433 HTTP/1.1" }, proxy.Tunnels.ToArray());
        Assert.AreEqual(1, server.Connections);
    }

    /// <summary>A proxy whose tunnels all lead to one port of this machine.</summary>
    private sealed class ConnectProxy : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly int target;

        public ConnectProxy(int target)
        {
            this.target = target;
            listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public ConcurrentQueue<string> Tunnels { get; } = new();

        public void Dispose() => listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    _ = ServeAsync(await listener.AcceptTcpClientAsync());
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
            }
        }

        private async Task ServeAsync(TcpClient client)
        {
            using (client)
            using (var server = new TcpClient())
            {
                try
                {
                    var stream = client.GetStream();
                    var head = new StringBuilder();
                    var one = new byte[1];
                    while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
                    {
                        head.Append((char)one[0]);
                    }

                    Tunnels.Enqueue(head.ToString().Split("\r\n")[0]);
                    await server.ConnectAsync(IPAddress.Loopback, target);
                    await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray());
                    await Task.WhenAny(stream.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(stream));
                }
                catch (Exception e) when (e is IOException or SocketException)
                {
                }
            }
        }
    }
}
