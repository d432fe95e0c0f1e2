using System.Diagnostics;
using System.Threading.Channels;
using K6.Embedded.Execution;
using K6.Embedded.Metrics;

namespace K6.Embedded.WebSockets;

/// <summary>What a session tells its script, on the VU's thread.</summary>
internal interface IWebSocketEvents
{
    /// <summary>The handshake is over, one way or the other.</summary>
    void Opened(WebSocketOpening opening);

    /// <summary>Whether messages still reach the script; otherwise they are not counted.</summary>
    bool Listens { get; }

    /// <summary>A text, a binary message, a ping or a pong.</summary>
    void Received(WebSocketMessage message);

    /// <summary>A message was handed to the network.</summary>
    /// <param name="bytes">Its length.</param>
    void Sent(int bytes);

    /// <summary>It ended. Nothing comes after this.</summary>
    /// <param name="code">The other side's code; null when the connection broke.</param>
    /// <param name="reason">Its reason.</param>
    /// <param name="failure">Its code and reason in words, unless the end was a normal one.</param>
    void Ended(int? code, string reason, string? failure);
}

/// <summary>One WebSocket of a script from the handshake to its end, with its samples.</summary>
internal sealed class WebSocketSession : IDisposable
{
    /// <summary>So many events may wait for the VU's thread; then the network has to wait.</summary>
    private const int MostWaiting = 64;

    private readonly VuContext context;
    private readonly WebSocketDialer dialer;
    private readonly Action<Action> post;
    private readonly IWebSocketEvents events;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<(WebSocketMessage Message, bool IsOfScript)> outgoing = Channel.CreateUnbounded<(WebSocketMessage, bool)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, long> pings = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim room = new(MostWaiting);
    private WebSocketOpening? opening;
    private int lastPing;
    private int ended;

    /// <summary>Makes a session; <see cref="Start"/> begins it.</summary>
    /// <param name="context">The VU.</param>
    /// <param name="dialer">Opens it.</param>
    /// <param name="post">Brings an event to the VU's thread.</param>
    /// <param name="events">Who is told.</param>
    public WebSocketSession(VuContext context, WebSocketDialer dialer, Action<Action> post, IWebSocketEvents events)
    {
        this.context = context;
        this.dialer = dialer;
        this.post = post;
        this.events = events;
    }

    /// <summary>Whether a handshake that failed has a duration too: <c>k6/ws</c> measures one.</summary>
    public bool MeasuresRefusals { get; init; }

    /// <summary>Whether pings and close frames of the script are messages sent: with <c>k6/websockets</c> they are.</summary>
    public bool CountsControl { get; init; }

    /// <summary>Begins the handshake.</summary>
    public void Start(WebSocketCall call) => _ = RunAsync(call);

    /// <summary>Sends a text or binary message.</summary>
    public void Send(FrameKind kind, byte[] payload) => Enqueue(new WebSocketMessage(kind, payload), isOfScript: true);

    /// <summary>Sends a ping; the time to its pong is measured.</summary>
    public void Ping()
    {
        var payload = (++lastPing).ToString(System.Globalization.CultureInfo.InvariantCulture);
        lock (pings)
        {
            pings[payload] = Stopwatch.GetTimestamp();
        }

        Enqueue(new WebSocketMessage(FrameKind.Ping, System.Text.Encoding.ASCII.GetBytes(payload)), isOfScript: true);
    }

    /// <summary>Sends a close frame. The session ends when the other side answers.</summary>
    public void Close(int code, string reason) => Enqueue(new WebSocketMessage(FrameKind.Close, WebSocketConnection.ClosePayload(code, reason)), isOfScript: true);

    /// <summary>Ends it at once, without a sample of its duration.</summary>
    public void Abandon()
    {
        Volatile.Write(ref ended, 1);
        Dispose();
    }

    /// <summary>Ends it at once.</summary>
    public void Dispose()
    {
        stop.Cancel();
        RecordEnd();
    }

    private async Task RunAsync(WebSocketCall call)
    {
        try
        {
            opening = await dialer.OpenAsync(call, stop.Token).ConfigureAwait(false);
            Record(context.Test.Metrics.WsSessions, 1);
            Record(context.Test.Metrics.WsConnecting, opening.Took.TotalMilliseconds);
            Tell(() => events.Opened(opening));
            if (opening.Connection is { } connection)
            {
                using (connection)
                {
                    var writing = WriteAsync(connection);
                    await ReadAsync(connection).ConfigureAwait(false);
                    outgoing.Writer.TryComplete();
                    await writing.ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The iteration is over; nobody listens any more.
            opening?.Connection?.Dispose();
        }
    }

    private async Task ReadAsync(WebSocketConnection connection)
    {
        while (true)
        {
            WebSocketMessage message;
            try
            {
                message = await connection.ReceiveAsync(stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or System.Net.Sockets.SocketException)
            {
                stop.Token.ThrowIfCancellationRequested();
                End(e is EndOfStreamException ? WebSocketConnection.AbnormalEnd : null, e is EndOfStreamException ? "unexpected EOF" : "");
                return;
            }

            switch (message.Kind)
            {
                case FrameKind.Close:
                    Enqueue(message with { Payload = WebSocketConnection.ClosePayload(message.CloseCode, "") }, isOfScript: false);
                    End(message.CloseCode, message.CloseReason);
                    return;
                case FrameKind.Ping:
                    Enqueue(message with { Kind = FrameKind.Pong }, isOfScript: false);
                    break;
                case FrameKind.Pong:
                    RecordPong(System.Text.Encoding.ASCII.GetString(message.Payload));
                    break;
                default:
                    break;
            }

            await room.WaitAsync(stop.Token).ConfigureAwait(false);
            Tell(() =>
            {
                room.Release();
                if (!events.Listens)
                {
                    return;
                }

                if (message.Kind is FrameKind.Text or FrameKind.Binary)
                {
                    Record(context.Test.Metrics.WsMessagesReceived, 1);
                }

                events.Received(message);
            });
        }
    }

    private async Task WriteAsync(WebSocketConnection connection)
    {
        try
        {
            await foreach (var (message, isOfScript) in outgoing.Reader.ReadAllAsync(stop.Token).ConfigureAwait(false))
            {
                await connection.SendAsync(message.Kind, message.Payload, stop.Token).ConfigureAwait(false);
                if (isOfScript && (CountsControl || message.Kind is FrameKind.Text or FrameKind.Binary))
                {
                    Record(context.Test.Metrics.WsMessagesSent, 1);
                }

                if (message.Kind is FrameKind.Text or FrameKind.Binary)
                {
                    Tell(() => events.Sent(message.Payload.Length));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The reading side says how it ended.
        }
    }

    private void Enqueue(WebSocketMessage message, bool isOfScript) => outgoing.Writer.TryWrite((message, isOfScript));

    private void End(int? code, string reason)
    {
        RecordEnd();
        var name = code switch { WebSocketConnection.NoCode => " (no status)", WebSocketConnection.AbnormalEnd => " (abnormal closure)", _ => "" };
        var failure = code is null or 1000 or 1001 ? null : $"websocket: close {code}{name}{(reason.Length > 0 ? ": " + reason : "")}";
        Tell(() => events.Ended(code, reason, failure));
    }

    private void Tell(Action action)
    {
        if (!stop.IsCancellationRequested)
        {
            post(action);
        }
    }

    private void RecordEnd()
    {
        if (opening is not null && (opening.Connection is not null || MeasuresRefusals) && Interlocked.Exchange(ref ended, 1) == 0)
        {
            Record(context.Test.Metrics.WsSessionDuration, Stopwatch.GetElapsedTime(opening.Started).TotalMilliseconds);
        }
    }

    private void RecordPong(string payload)
    {
        long sent;
        lock (pings)
        {
            if (!pings.Remove(payload, out sent))
            {
                return;
            }
        }

        Record(context.Test.Metrics.WsPing, Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
    }

    private void Record(Metric metric, double value) => context.Samples.Add(metric, opening!.Tags, value, EngineClock.NowMicros);
}
