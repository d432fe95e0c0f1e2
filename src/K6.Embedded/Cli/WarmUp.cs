using System.Net;
using System.Net.Sockets;
using System.Text;
using K6.Embedded.Execution;
using K6.Embedded.Metrics;
using K6.Embedded.Options;
using K6.Embedded.Runtime;

namespace K6.Embedded.Cli;

/// <summary>
/// Exercises the engine's HTTP and script paths against a listener of its own on the loopback interface before the load, so that the first samples
/// measure the target and not the runtime's compiler. It has a test of its own: no sample, cookie or log record of it reaches the user's.
/// </summary>
internal static class WarmUp
{
    /// <summary>It is over after this long, done or not.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(150);

    private const string Script =
        """
        import http from 'k6/http';
        import { check, group } from 'k6';
        export default function () {
            const url = __ENV.URL;
            group('g', () => {
                const answer = http.get(url, { headers: { Accept: 'a' }, tags: { t: 'v' } });
                check(answer, { ok: r => r.status === 200 && r.json().a === 1 && r.body.length > 0 && r.timings.duration >= 0 && r.headers['Content-Type'] !== '' });
            });
            http.post(url, JSON.stringify({ a: 1 }), { headers: { 'Content-Type': 'application/json' } });
        }
        """;

    private static readonly byte[] Answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}");

    /// <summary>Warms up for at most <see cref="Limit"/>; whatever goes wrong is not worth a word.</summary>
    /// <returns>The iterations that it finished.</returns>
    public static int Run(CancellationToken interrupt) => Run(Limit, interrupt);

    /// <summary>The same with another limit.</summary>
    internal static int Run(TimeSpan limit, CancellationToken interrupt)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        stop.CancelAfter(limit);
        try
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var serving = new Thread(() => Serve(listener)) { IsBackground = true, Name = "warm-up" };
            serving.Start();
            return TestRun.OnScriptThread(() => Iterate((IPEndPoint)listener.LocalEndPoint!, stop.Token));
        }
#pragma warning disable CA1031 // A load without a warm-up is better than none.
        catch
#pragma warning restore CA1031
        {
            return 0;
        }
    }

    private static int Iterate(IPEndPoint server, CancellationToken stop)
    {
        var state = new TestState(new EngineLog(TextWriter.Null, LogFormat.Json), new MetricRegistry());
        var environment = new Dictionary<string, string> { ["URL"] = $"http://{server}/" };
        using var script = ScriptLoader.Load(new ScriptLoadRequest("/warm-up.js", Script, environment, state, "extended"));
        state.Start(new TestOptions(), "{}");
        var samples = new SampleBuffer(static _ => { });
        using var user = script.CreateVu(new VuContext(state, 1, samples), stop);
        var finished = 0;
        while (!stop.IsCancellationRequested && user.RunIteration("default", null, stop).Result == IterationResult.Completed)
        {
            _ = samples.Take();
            finished++;
        }

        return finished;
    }

    /// <summary>Answers one connection until it is closed, request by request.</summary>
    private static void Serve(Socket listener)
    {
        try
        {
            using var connection = listener.Accept();
            connection.NoDelay = true;
            var buffer = new byte[4096];
            var have = 0;
            while (connection.Receive(buffer, have, buffer.Length - have, SocketFlags.None) is > 0 and var count)
            {
                have += count;
                if (IsComplete(buffer.AsSpan(0, have)))
                {
                    connection.Send(Answer);
                    have = 0;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    /// <summary>The warm-up's own requests: a GET ends with its head, a POST with a body that ends in a brace.</summary>
    private static bool IsComplete(ReadOnlySpan<byte> request) =>
        request.EndsWith("\r\n\r\n"u8) ? request.StartsWith("GET"u8) : request.EndsWith("}"u8);
}
