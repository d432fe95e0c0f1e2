using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K6.Engine.Dummy;

/// <summary>Answers HTTP with a status and no body. HttpListener loses a race when a request comes while it starts, and ends the process.</summary>
internal static class LoopbackHttp
{
    /// <summary>Listens on a port, 0 for a free one, and returns it.</summary>
    public static int Listen(int port, Func<string, string, int> answer)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                _ = Task.Run(() => AnswerAsync(client, answer));
            }
        });
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task AnswerAsync(TcpClient client, Func<string, string, int> answer)
    {
        using (client)
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            if (await reader.ReadLineAsync() is not { } request || request.Split(' ') is not [var method, var path, ..])
            {
                return;
            }

            var length = 0;
            while (await reader.ReadLineAsync() is { Length: > 0 } header)
            {
                if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                {
                    length = int.Parse(header.AsSpan(15), System.Globalization.CultureInfo.InvariantCulture);
                }
            }

            if (length > 0)
            {
                await reader.ReadBlockAsync(new char[length]);
            }

            var status = answer(method, path);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Dummy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        }
    }
}
