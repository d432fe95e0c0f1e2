using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using K6.Embedded.Execution;
using K6.Embedded.Http;
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
    /// <summary>It is over after this long, done or not; before that when it gains nothing any more. It runs beside the loading of the script and the making of virtual users.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>The same for TLS, whose first handshake alone takes most of a tenth of a second.</summary>
    public static readonly TimeSpan TlsLimit = TimeSpan.FromMilliseconds(400);

    /// <summary>Two groups of so many iterations are compared to see whether it still gains.</summary>
    private const int Group = 4;

    /// <summary>Each with a handshake of its own.</summary>
    private const int TlsIterations = 3;

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

    /// <summary>The first has little to parse, so that the thread which loads them is soon ahead of the one that parses the user's.</summary>
    private static readonly string[] SmallScripts = ["export default function () {}", "import http from 'k6/http'; export default function () {}"];

    private const string TlsScript = "import http from 'k6/http'; export default function () { http.get(__ENV.URL); }";

    private static readonly byte[] Answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}");

    /// <summary>
    /// Loads scripts on a thread of its own. At its first use a part of parser and interpreter is compiled, for more than a tenth of a second: the program begins with this, beside its command line,
    /// so that the user's script finds most of it done.
    /// </summary>
    public static void BeginToLoad() => new Thread(() => Load()) { IsBackground = true, Name = "warm-up" }.Start();

    /// <summary>Loads scripts, and reads options.</summary>
    /// <returns>How many scripts.</returns>
    internal static int Load() => Guarded(() =>
    {
        foreach (var script in SmallScripts)
        {
            Load(script, NewTest(), []).Dispose();
        }

        _ = OptionsReader.ReadScript("""{"scenarios":{"s":{"executor":"constant-vus"}}}""", static _ => { });
        return SmallScripts.Length;
    });

    /// <summary>Warms up for at most <see cref="Limit"/>; whatever goes wrong is not worth a word.</summary>
    /// <returns>The iterations that it finished.</returns>
    public static int Run(CancellationToken interrupt) => Run(Limit, interrupt);

    /// <summary>The same with another limit.</summary>
    internal static int Run(TimeSpan limit, CancellationToken interrupt) =>
        Against(
            null,
            limit,
            (user, stop) =>
            {
                var took = new List<long>();
                while (!HasConverged(took) && Iterate(user, stop) is { } time)
                {
                    took.Add(time);
                }

                return took.Count;
            },
            interrupt);

    /// <summary>Exercises the handshake of TLS with a certificate that nobody keeps, for at most <see cref="TlsLimit"/>.</summary>
    /// <returns>The iterations that it finished.</returns>
    public static int RunTls(CancellationToken interrupt) => RunTls(TlsLimit, interrupt);

    /// <summary>The same with another limit.</summary>
    internal static int RunTls(TimeSpan limit, CancellationToken interrupt)
    {
        // The listener's thread may still hold it when this one is done.
        var certificate = ThrowAway();
        return Against(
            certificate,
            limit,
            (user, stop) =>
            {
                var finished = 0;
                while (finished < TlsIterations && Iterate(user, stop) is not null)
                {
                    finished++;
                }

                return finished;
            },
            interrupt);
    }

    /// <summary>Whether the last iterations took no less time than those before them.</summary>
    internal static bool HasConverged(List<long> took) => took.Count >= 2 * Group && took.Skip(took.Count - Group).Sum() > took.Skip(took.Count - (2 * Group)).Take(Group).Sum() * 0.9;

    private static int Against(X509Certificate2? certificate, TimeSpan limit, Func<IVirtualUser, CancellationToken, int> iterate, CancellationToken interrupt)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        stop.CancelAfter(limit);
        return Guarded(() =>
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var serving = new Thread(() => Serve(listener, certificate)) { IsBackground = true, Name = "warm-up" };
            serving.Start();
            return TestRun.OnScriptThread(() => WithUser((IPEndPoint)listener.LocalEndPoint!, certificate is not null, user => iterate(user, stop.Token), stop.Token));
        });
    }

    private static int Guarded(Func<int> warmUp)
    {
        try
        {
            return warmUp();
        }
#pragma warning disable CA1031 // A load without a warm-up is better than none.
        catch
#pragma warning restore CA1031
        {
            return 0;
        }
    }

    private static int WithUser(IPEndPoint server, bool isTls, Func<IVirtualUser, int> iterate, CancellationToken stop)
    {
        var state = NewTest();
        state.Start(isTls ? new TestOptions { InsecureSkipTlsVerify = true, NoConnectionReuse = true } : new TestOptions(), "{}");
        var url = $"{(isTls ? "https" : "http")}://{server}/";
        var context = new VuContext(state, 1, new SampleBuffer(static _ => { }));
        if (!isTls)
        {
            // First without a script, while the interpreter is busy with the user's.
            using var http = new VuHttp(context);
            http.Send(new HttpCall { Method = "GET", Url = GoUrl.Parse(url) }, stop);
        }

        using var script = Load(isTls ? TlsScript : Script, state, new Dictionary<string, string> { ["URL"] = url });
        using var user = script.CreateVu(context, stop);
        return iterate(user);
    }

    private static TestState NewTest() => new(new EngineLog(TextWriter.Null, LogFormat.Json), new MetricRegistry());

    private static ITestScript Load(string script, TestState state, Dictionary<string, string> environment) =>
        ScriptLoader.Load(new ScriptLoadRequest("/warm-up.js", script, environment, state, "extended"));

    /// <summary>One iteration: how long it took, or null when it did not end well.</summary>
    private static long? Iterate(IVirtualUser user, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        return !stop.IsCancellationRequested && user.RunIteration("default", null, stop).Result == IterationResult.Completed ? Stopwatch.GetTimestamp() - started : null;
    }

    private static X509Certificate2 ThrowAway()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=warm-up", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        // Windows takes no key that is only in memory.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Answers connections until they are closed, request by request.</summary>
    private static void Serve(Socket listener, X509Certificate2? certificate)
    {
        try
        {
            do
            {
                using var connection = listener.Accept();
                connection.NoDelay = true;
                using Stream network = new NetworkStream(connection);
                using var tls = certificate is null ? null : new SslStream(network);
                tls?.AuthenticateAsServer(certificate!);
                AnswerRequests(tls ?? network);
            }
            while (true);
        }
#pragma warning disable CA1031 // It ends when the other side is done, in the middle of a handshake too; an exception of this thread would end the process.
        catch
#pragma warning restore CA1031
        {
        }
    }

    private static void AnswerRequests(Stream connection)
    {
        var buffer = new byte[4096];
        var have = 0;
        while (connection.Read(buffer, have, buffer.Length - have) is > 0 and var count)
        {
            have += count;
            if (IsComplete(buffer.AsSpan(0, have)))
            {
                connection.Write(Answer);
                have = 0;
            }
        }
    }

    /// <summary>The warm-up's own requests: a GET ends with its head, a POST with a body that ends in a brace.</summary>
    private static bool IsComplete(ReadOnlySpan<byte> request) =>
        request.EndsWith("\r\n\r\n"u8) ? request.StartsWith("GET"u8) : request.EndsWith("}"u8);
}
