using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K6.Benchmarks;

/// <summary>
/// An HTTP/1.1 server that costs next to nothing: one thread reads requests and writes the same bytes for each path. It runs in a process of its
/// own, so that its CPU is not the engine's. With <c>DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1</c> the runtime's one socket thread does all of it.
/// </summary>
internal static class FastServer
{
    private static readonly byte[] Plain = Answer("text/plain", "OK");
    private static readonly byte[] Json = Answer("application/json", JsonText());

    /// <summary>Listens on a free port of 127.0.0.1, writes the port to stdout, and ends with stdin.</summary>
    public static int Run()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1024);
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture));
        using var accepting = new SocketAsyncEventArgs();
        accepting.Completed += (_, e) =>
        {
            Take(e);
            Accept(listener, e);
        };
        Accept(listener, accepting);
        while (Console.In.Read() >= 0)
        {
        }

        return 0;
    }

    private static void Accept(Socket listener, SocketAsyncEventArgs accepting)
    {
        while (!listener.AcceptAsync(accepting))
        {
            Take(accepting);
        }
    }

    private static void Take(SocketAsyncEventArgs accepted)
    {
        if (accepted.AcceptSocket is { } socket)
        {
            _ = new Connection(socket);
        }

        accepted.AcceptSocket = null;
    }

    private static byte[] Answer(string type, string body) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

    /// <summary>2 KB of JSON as an API would send it.</summary>
    private static string JsonText()
    {
        var items = Enumerable.Range(1, 20).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":{{i}},"name":"Product {{i}}","price":{{i * 3.5}},"inStock":{{(i % 2 == 0 ? "true" : "false")}},"tags":["a{{i}}","b{{i}}"]}"""));
        return "{\"items\":[" + string.Join(',', items) + "],\"total\":20,\"page\":{\"number\":1,\"size\":20}}";
    }

    private sealed class Connection
    {
        private readonly Socket socket;
        private readonly byte[] buffer = new byte[16 * 1024];
        private int have;

        public Connection(Socket socket)
        {
            this.socket = socket;
            socket.NoDelay = true;
            var args = new SocketAsyncEventArgs();
            args.Completed += (_, e) => Received(e);
            Receive(args);
        }

        private void Receive(SocketAsyncEventArgs args)
        {
            try
            {
                do
                {
                    args.SetBuffer(buffer, have, buffer.Length - have);
                    if (socket.ReceiveAsync(args))
                    {
                        return;
                    }
                }
                while (Take(args));
            }
            catch (SocketException)
            {
                socket.Dispose();
            }
        }

        private void Received(SocketAsyncEventArgs args)
        {
            try
            {
                if (Take(args))
                {
                    Receive(args);
                }
            }
            catch (SocketException)
            {
                socket.Dispose();
            }
        }

        private bool Take(SocketAsyncEventArgs args)
        {
            if (args.SocketError != SocketError.Success || args.BytesTransferred == 0)
            {
                socket.Dispose();
                args.Dispose();
                return false;
            }

            have += args.BytesTransferred;
            while (true)
            {
                var data = buffer.AsSpan(0, have);
                var end = data.IndexOf("\r\n\r\n"u8);
                if (end < 0)
                {
                    return true;
                }

                var whole = end + 4 + BodyLength(data[..end]);
                if (have < whole)
                {
                    return true;
                }

                socket.Send(data.IndexOf("/json"u8) is >= 0 and < 16 ? Json : Plain);
                data[whole..].CopyTo(buffer);
                have -= whole;
            }
        }

        private static int BodyLength(ReadOnlySpan<byte> head)
        {
            var at = head.IndexOf("Content-Length: "u8);
            if (at < 0)
            {
                return 0;
            }

            var rest = head[(at + 16)..];
            var line = rest.IndexOf((byte)'\r');
            return int.Parse(line < 0 ? rest : rest[..line], CultureInfo.InvariantCulture);
        }
    }
}
