using System.Diagnostics;
using System.Net;

namespace K6.Embedded.Http;

/// <summary>What is measured while one request is on its way. Times are <see cref="Stopwatch"/> timestamps; 0 is 'did not happen'. Written by the threads of the request.</summary>
internal sealed class HttpExchange
{
    /// <summary>The exchange that the present thread or flow works for.</summary>
    public static readonly AsyncLocal<HttpExchange?> Flow = new();

    [ThreadStatic]
    private static HttpExchange? onThread;

    /// <summary>Where the exchange travels with a request message.</summary>
    public static readonly HttpRequestOptionsKey<HttpExchange> Key = new("k6.exchange");

    /// <summary>Whether the request blocks its thread, and its connection with it.</summary>
    public bool IsBlocking;

    public long Started;
    public long ConnectStarted;
    public long ConnectEnded;

    /// <summary>0 where the handshake begins as soon as the connection is made.</summary>
    public long TlsStarted;
    public long TlsEnded;
    public long FirstWrite;
    public long LastWrite;
    public long FirstRead;
    public long Ended;

    /// <summary>The id by which request and answer are found in the log; null unless <c>httpDebug</c> is on.</summary>
    public string? DebugId;

    /// <summary>What arrived of a body that ended too early.</summary>
    public byte[]? PartialBody;

    /// <summary>Whether a connection was made for this exchange.</summary>
    public bool MadeConnection;

    /// <summary>The connection that it used.</summary>
    public ConnectionInfo? Connection;

    /// <summary>The exchange of the present thread, or of the present flow.</summary>
    public static HttpExchange? Current => onThread ?? Flow.Value;

    /// <summary>Binds an exchange to the present thread, for the calls that block.</summary>
    public static void BindToThread(HttpExchange? exchange) => onThread = exchange;

    /// <summary>The times as k6 defines them.</summary>
    public HttpTimings Timings()
    {
        var connecting = Milliseconds(ConnectStarted, ConnectEnded);
        var tls = Milliseconds(TlsStarted == 0 ? ConnectEnded : TlsStarted, TlsEnded);
        if (FirstWrite == 0)
        {
            return Connection is null ? default : new HttpTimings(0, 0, connecting, tls, 0, 0, 0);
        }

        var lastWrite = Math.Max(FirstWrite, LastWrite);
        var end = Ended == 0 ? Stopwatch.GetTimestamp() : Ended;
        var firstRead = FirstRead == 0 ? end : Math.Max(FirstRead, lastWrite);
        var sending = Milliseconds(FirstWrite, lastWrite);
        var waiting = Milliseconds(lastWrite, firstRead);
        var receiving = Milliseconds(firstRead, Math.Max(end, firstRead));
        return new HttpTimings(sending + waiting + receiving, Milliseconds(Started, FirstWrite), connecting, tls, sending, waiting, receiving);
    }

    private static double Milliseconds(long from, long to) => from == 0 || to <= from ? 0 : (to - from) * 1000d / Stopwatch.Frequency;
}

/// <summary>k6's times of a request in milliseconds. Blocked contains connecting and the TLS handshake.</summary>
internal readonly record struct HttpTimings(double Duration, double Blocked, double Connecting, double TlsHandshaking, double Sending, double Waiting, double Receiving);

/// <summary>A connection that requests share.</summary>
internal sealed class ConnectionInfo
{
    /// <summary>Closes it, whoever reads; null where that is not needed.</summary>
    public Action? Close { get; init; }

    /// <summary>The other side.</summary>
    public required IPEndPoint Remote { get; init; }

    /// <summary><c>tls1.3</c>; empty without TLS.</summary>
    public string TlsVersion { get; set; } = "";

    /// <summary><c>TLS_AES_128_GCM_SHA256</c>; empty without TLS.</summary>
    public string CipherSuite { get; set; } = "";
}
