using System.Collections.Concurrent;
using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Http;
using K6.Embedded.Runtime;
using K6.Embedded.WebSockets;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/ws</c>: <c>connect</c> blocks until the socket is closed, and has an event loop of its own meanwhile.</summary>
internal static class WsModule
{
    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        module.AddFunction(realm, "connect", (_, a) => Connect(realm, a));
        return module;
    }

    private static JsObject Connect(VuRealm realm, JsValue[] arguments)
    {
        if (realm.InInit)
        {
            throw realm.GoError("using websockets in the init context is not supported");
        }

        if (arguments.Length < 2)
        {
            throw realm.GoError("invalid number of arguments to ws.connect");
        }

        var callback = arguments[^1];
        if (!callback.IsCallable())
        {
            throw realm.GoError("last argument to ws.connect must be a function");
        }

        WebSocketCall call;
        try
        {
            call = WebSocketCallReader.Read(realm, GoUrl.Parse(TypeConverter.ToString(arguments[0])), arguments.Length > 2 ? arguments[1] : JsValue.Undefined, isStrict: false);
        }
        catch (FormatException e)
        {
            throw realm.GoError(e.Message);
        }

        using var socket = new BlockingSocket(realm);
        return socket.Run(call, callback);
    }

    /// <summary>One socket of a script, for as long as <c>connect</c> takes.</summary>
    private sealed class BlockingSocket : IWebSocketEvents, IDisposable
    {
        private readonly VuRealm realm;
        private readonly BlockingCollection<Action> queue = [];
        private readonly List<Timer> timers = [];
        private readonly Dictionary<string, List<JsValue>> handlers = new(StringComparer.Ordinal);
        private readonly WebSocketSession session;
        private WebSocketOpening? opening;
        private bool isClosing;
        private bool isOver;

        public BlockingSocket(VuRealm realm)
        {
            this.realm = realm;
            session = new WebSocketSession(realm.Context, realm.WebSockets, Post, this) { MeasuresRefusals = true };
        }

        public JsObject Run(WebSocketCall call, JsValue callback)
        {
            session.Start(call);
            Next();
            if (opening!.Connection is not null)
            {
                Serve(callback);
            }

            return ResponseOf(call, opening);
        }

        /// <inheritdoc/>
        public void Opened(WebSocketOpening opening) => this.opening = opening;

        private void Serve(JsValue callback)
        {
            try
            {
                realm.Engine.Call(callback, JsValue.Undefined, [SocketObject()]);
                Raise("open");
                while (!isOver)
                {
                    Next();
                }
            }
            catch (JavaScriptException)
            {
                Close(JsValue.Undefined);
                throw;
            }
        }

        /// <inheritdoc/>
        public bool Listens => true;

        /// <inheritdoc/>
        public void Received(WebSocketMessage message)
        {
            switch (message.Kind)
            {
                case FrameKind.Ping:
                    Raise("ping");
                    break;
                case FrameKind.Pong:
                    Raise("pong");
                    break;
                case FrameKind.Text:
                    Raise("message", new JsString(Encoding.UTF8.GetString(message.Payload)));
                    break;
                default:
                    Raise("binaryMessage", realm.Engine.Intrinsics.ArrayBuffer.Construct(message.Payload));
                    break;
            }
        }

        /// <inheritdoc/>
        public void Sent(int bytes)
        {
        }

        /// <inheritdoc/>
        public void Ended(int? code, string reason, string? failure)
        {
            if (failure is not null && !isClosing)
            {
                Raise("error", Interop.NamedError(realm, null, failure));
            }

            isOver = true;
            if (!isClosing)
            {
                Raise("close", JsNumber.Create(code ?? WebSocketConnection.AbnormalEnd));
            }
        }

        public void Dispose()
        {
            foreach (var timer in timers)
            {
                timer.Dispose();
            }

            session.Dispose();
        }

        private void Post(Action action) => queue.Add(action);

        private void Next()
        {
            try
            {
                queue.Take(realm.Interrupt.Token)();
            }
            catch (OperationCanceledException)
            {
                throw new IterationInterruptedException();
            }
        }

        private JsObject ResponseOf(WebSocketCall call, WebSocketOpening opening)
        {
            var headers = new JsObject(realm.Engine);
            foreach (var group in opening.Headers.GroupBy(h => h.Name, h => h.Value, StringComparer.Ordinal))
            {
                headers.Set(group.Key, new JsString(string.Join(", ", group)));
            }

            var response = new JsObject(realm.Engine);
            response.Set("url", new JsString(call.Url.Text));
            response.Set("status", JsNumber.Create(opening.Status));
            response.Set("headers", headers);
            response.Set("body", JsString.Empty);
            response.Set("error", new JsString(opening.Status == 0 ? opening.Error! : ""));
            return response;
        }

        private JsObject SocketObject()
        {
            var socket = new JsObject(realm.Engine);
            socket.AddFunction(realm, "on", (_, a) => On(TypeConverter.ToString(a.Arg(0)), a.Arg(1)));
            socket.AddFunction(realm, "send", (_, a) => Send(FrameKind.Text, Encoding.UTF8.GetBytes(TypeConverter.ToString(a.Arg(0)))));
            socket.AddFunction(realm, "sendBinary", (_, a) => Send(FrameKind.Binary, BinaryOf(a)));
            socket.AddFunction(realm, "ping", (_, _) =>
            {
                session.Ping();
                return JsValue.Undefined;
            });
            socket.AddFunction(realm, "setTimeout", (_, a) => StartTimer("setTimeout", a, repeats: false));
            socket.AddFunction(realm, "setInterval", (_, a) => StartTimer("setInterval", a, repeats: true));
            socket.AddFunction(realm, "close", (_, a) => Close(a.Arg(0)));
            return socket;
        }

        private JsValue On(string name, JsValue handler)
        {
            if (!handlers.TryGetValue(name, out var all))
            {
                handlers[name] = all = [];
            }

            all.Add(handler);
            return JsValue.Undefined;
        }

        private byte[] BinaryOf(JsValue[] arguments)
        {
            if (arguments.Length == 0)
            {
                throw realm.GoError("missing argument, expected ArrayBuffer");
            }

            return arguments[0].IsString() || Interop.BytesOf(arguments[0]) is not { } bytes
                ? throw realm.GoError($"expected ArrayBuffer as argument, received: {(arguments[0] is ObjectInstance given ? given.Get("constructor").AsObject().Get("name") : arguments[0].Type)}")
                : bytes;
        }

        private JsValue Send(FrameKind kind, byte[] payload)
        {
            session.Send(kind, payload);
            return JsValue.Undefined;
        }

        private JsValue StartTimer(string name, JsValue[] arguments, bool repeats)
        {
            var milliseconds = TypeConverter.ToNumber(arguments.Arg(1));
            if (!(milliseconds > 0))
            {
                throw realm.GoError($"{name} requires a >0 timeout parameter, received {(double.IsNaN(milliseconds) ? 0 : milliseconds):0.00}");
            }

            var callback = arguments[0];
            var time = TimeSpan.FromMilliseconds(Math.Min(milliseconds, 1e9));
            timers.Add(new Timer(_ => Post(Tick), null, time, repeats ? time : Timeout.InfiniteTimeSpan));
            return JsValue.Undefined;

            void Tick()
            {
                // One may be waiting when the socket is closed.
                if (!isClosing && !isOver)
                {
                    realm.Engine.Call(callback, JsValue.Undefined, []);
                }
            }
        }

        private JsValue Close(JsValue code)
        {
            if (isClosing || isOver)
            {
                return JsValue.Undefined;
            }

            isClosing = true;
            var number = code.IsNothing() ? 1001 : (int)TypeConverter.ToNumber(code);
            session.Close(number, "");
            Raise("close", JsNumber.Create(number));
            return JsValue.Undefined;
        }

        private void Raise(string name, params JsValue[] arguments)
        {
            foreach (var handler in handlers.GetValueOrDefault(name, []).ToArray())
            {
                realm.Engine.Call(handler, JsValue.Undefined, arguments);
            }
        }
    }
}
