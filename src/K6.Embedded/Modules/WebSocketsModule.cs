using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;
using K6.Embedded.Execution;
using K6.Embedded.Http;
using K6.Embedded.Runtime;
using K6.Embedded.WebSockets;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/websockets</c>: the browser's WebSocket, on the event loop.</summary>
internal static class WebSocketsModule
{
    private static readonly string[] EventNames = ["message", "error", "open", "close", "ping", "pong"];

    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        module.Set("WebSocket", new HostClass(realm, "WebSocket", a => ScriptSocket.Open(realm, a), isClassOfInstances: false));
        module.Set("Blob", BlobObject.CreateClass(realm));
        return module;
    }

    private enum State
    {
        Connecting,
        Open,
        Closing,
        Closed,
    }

    /// <summary>One socket of a script. All of it runs on the VU's thread.</summary>
    private sealed class ScriptSocket : IWebSocketEvents, IDisposable
    {
        private readonly VuRealm realm;
        private readonly GoUrl url;
        private readonly HostObject socket;
        private readonly WebSocketSession session;
        private readonly int ticket;
        private readonly Dictionary<string, JsValue> handlers = new(StringComparer.Ordinal);
        private readonly Dictionary<string, List<JsValue>> listeners = new(StringComparer.Ordinal);
        private State state = State.Connecting;
        private string binaryType = "blob";
        private string protocol = "";
        private string[] extensions = [];
        private long bufferedAmount;
        private bool isFailing;

        private ScriptSocket(VuRealm realm, GoUrl url)
        {
            this.realm = realm;
            this.url = url;
            socket = new HostObject(realm.Engine, this);
            ticket = realm.Loop.Expect();
            session = new WebSocketSession(realm.Context, realm.WebSockets, action => realm.Loop.Post(ticket, action), this) { CountsControl = true };
            realm.EndsWithIteration(this);
            AddMembers();
        }

        public static HostObject Open(VuRealm realm, JsValue[] arguments)
        {
            if (realm.InInit)
            {
                throw realm.GoError("webSockets are not supported in the init context");
            }

            var url = UrlOf(realm, arguments.Arg(0));
            WebSocketCall call;
            try
            {
                call = WebSocketCallReader.Read(realm, url, arguments.Arg(2), isStrict: true);
                call.Protocols = ProtocolsOf(arguments.Arg(1));
            }
            catch (FormatException e)
            {
                throw realm.GoError(e.Message);
            }

            var result = new ScriptSocket(realm, url);
            result.session.Start(call);
            return result.socket;
        }

        /// <inheritdoc/>
        public void Opened(WebSocketOpening opening)
        {
            if (opening.Connection is null)
            {
                Fail(opening.Error!);
                return;
            }

            protocol = opening.Protocol;
            extensions = opening.Extensions.Length == 0 ? [] : [opening.Extensions];
            if (state == State.Connecting)
            {
                state = State.Open;
                Raise("open");
            }
        }

        /// <inheritdoc/>
        public bool Listens => state == State.Open;

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
                    Raise("message", ("data", new JsString(Encoding.UTF8.GetString(message.Payload))), ("origin", new JsString(url.Text)));
                    break;
                default:
                    Raise("message", ("data", binaryType == "arraybuffer" ? realm.Engine.Intrinsics.ArrayBuffer.Construct(message.Payload) : BlobObject.Create(realm, message.Payload, "")), ("origin", new JsString(url.Text)));
                    break;
            }
        }

        /// <inheritdoc/>
        public void Sent(int bytes) => bufferedAmount -= bytes;

        /// <inheritdoc/>
        public void Ended(int? code, string reason, string? failure)
        {
            state = State.Closed;
            if (failure is not null)
            {
                Raise("error", ("error", new JsString(failure)));
            }

            Finish(code, reason);
        }

        /// <inheritdoc/>
        public void Dispose() => session.Dispose();

        private static GoUrl UrlOf(VuRealm realm, JsValue value)
        {
            if (value.IsUndefined())
            {
                throw realm.GoError("WebSocket requires a url");
            }

            var text = TypeConverter.ToString(value);
            GoUrl url;
            try
            {
                url = GoUrl.Parse(text);
            }
            catch (FormatException e)
            {
                throw realm.GoError($"WebSocket requires valid url, but got {GoText.Quote(text)} which resulted in {e.Message}");
            }

            return url.Scheme is not ("ws" or "wss") ? throw realm.GoError($"WebSocket requires url with scheme ws or wss, but got {GoText.Quote(url.Scheme)}")
                : url.Fragment is { Length: > 0 } fragment ? throw realm.GoError($"WebSocket requires no url fragment, but got {GoText.Quote(fragment)}")
                : url;
        }

        private static string? ProtocolsOf(JsValue value) =>
            value.IsNothing() ? null
            : value is ObjectInstance list && list.IsArray() ? Interop.Items(list).Select(TypeConverter.ToString).ToArray() is { Length: > 0 } names ? string.Join(", ", names) : null
            : TypeConverter.ToString(value);

        private void Fail(string error)
        {
            state = State.Closed;
            Raise("error", ("error", new JsString(error)));
            Finish(null, "");
        }

        private void Finish(int? code, string reason)
        {
            state = State.Closed;
            realm.Loop.Release(ticket);
            realm.Ended(this);
            var why = ("reason", new JsString(reason));
            if (code is { } number)
            {
                Raise("close", ("code", JsNumber.Create(number)), why);
            }
            else
            {
                Raise("close", why);
            }
        }

        private void AddMembers()
        {
            socket.AddFunction(realm, "addEventListener", (_, a) => AddListener(a.Arg(0).IsUndefined() ? "" : TypeConverter.ToString(a[0]), a.Arg(1)));
            socket.AddFunction(realm, "send", (_, a) => Send(a.Arg(0)));
            socket.AddFunction(realm, "ping", (_, _) => Ping());
            socket.AddFunction(realm, "close", (_, a) => Close(a.Arg(0), a.Arg(1)));
            var nothing = new ClrFunction(realm.Engine, "", (_, _) => JsValue.Undefined);
            Get("url", () => new JsString(url.Text));
            Get("readyState", () => JsNumber.Create((int)state));
            Get("bufferedAmount", () => JsNumber.Create(bufferedAmount));
            Get("extensions", () => new JsArray(realm.Engine, [.. extensions.Select(e => new JsString(e))]));
            Get("protocol", () => new JsString(protocol));
            Define("binaryType", () => new JsString(binaryType), SetBinaryType);
            foreach (var name in EventNames)
            {
                Define("on" + name, () => handlers.GetValueOrDefault(name, nothing), value => SetHandler(name, value));
            }

            void Get(string name, Func<JsValue> get) => socket.AddGetter(realm, name, get);

            void Define(string name, Func<JsValue> get, Action<JsValue> set) => socket.DefineOwnProperty(name, new GetSetPropertyDescriptor(
                new ClrFunction(realm.Engine, name, (_, _) => get()),
                new ClrFunction(realm.Engine, name, (_, a) =>
                {
                    set(a.Arg(0));
                    return JsValue.Undefined;
                }),
                enumerable: true,
                configurable: false));
        }

        private void SetBinaryType(JsValue value)
        {
            var type = TypeConverter.ToString(value);
            binaryType = type is "blob" or "arraybuffer" ? type : throw realm.GoError($"unknown binaryType {type}, the supported ones are \"blob\" and \"arraybuffer\"");
        }

        private void SetHandler(string name, JsValue value)
        {
            if (value.IsNothing())
            {
                handlers.Remove(name);
                return;
            }

            handlers[name] = value.IsCallable() ? value : throw realm.GoError($"a value for 'on{name}' should be callable");
        }

        private JsValue AddListener(string name, JsValue listener)
        {
            if (listener.IsNothing())
            {
                throw realm.GoError($"handler for event type \"{name}\" isn't a callable function");
            }

            if (!listener.IsCallable())
            {
                throw realm.TypeError($"could not convert function call parameter 1: could not convert {TypeConverter.ToString(listener)} to func(sobek.Value) (sobek.Value, error)");
            }

            if (!EventNames.Contains(name))
            {
                realm.Test.Log.Warning($"can't add event handler: unknown event type: {name}");
                return JsValue.Undefined;
            }

            if (!listeners.TryGetValue(name, out var all))
            {
                listeners[name] = all = [];
            }

            all.Add(listener);
            return JsValue.Undefined;
        }

        private JsValue Send(JsValue data)
        {
            if (state != State.Open)
            {
                throw NotOpen();
            }

            var kind = data.IsString() ? FrameKind.Text : FrameKind.Binary;
            // Blobs are refused too, whatever the documentation says: k6 does.
            var payload = (data.IsString() || data.IsArrayBuffer() || data is JsTypedArray ? Interop.BytesOf(data) : null) ?? throw realm.GoError($"unsupported send type {Interop.GoTypeOf(data)}");
            bufferedAmount += payload.Length;
            session.Send(kind, payload);
            return JsValue.Undefined;
        }

        private JsValue Ping()
        {
            if (state != State.Open)
            {
                throw NotOpen();
            }

            session.Ping();
            return JsValue.Undefined;
        }

        private JsValue Close(JsValue code, JsValue reason)
        {
            if (state is State.Closing or State.Closed)
            {
                return JsValue.Undefined;
            }

            var number = code.IsNothing() || TypeConverter.ToNumber(code) is 0 or double.NaN ? 1000 : (int)TypeConverter.ToNumber(code);
            if (number is not (1000 or (>= 3000 and <= 4999)))
            {
                throw realm.GoError($"InvalidAccessError: Failed to execute 'close' on 'WebSocket': The close code must be either 1000, or between 3000 and 4999. {number} is neither");
            }

            state = State.Closing;
            session.Close(number, number == 1000 || reason.IsNothing() ? "" : TypeConverter.ToString(reason));
            return JsValue.Undefined;
        }

        private JavaScriptException NotOpen() => realm.GoError("InvalidStateError");

        private void Raise(string name, params (string Name, JsValue Value)[] details)
        {
            var happened = new JsObject(realm.Engine);
            happened.Set("type", new JsString(name));
            happened.Set("target", socket);
            happened.Set("timestamp", JsNumber.Create(Metrics.EngineClock.NowMicros / 1000));
            foreach (var (key, value) in details)
            {
                happened.Set(key, value);
            }

            try
            {
                if (handlers.TryGetValue(name, out var handler))
                {
                    realm.Engine.Call(handler, JsValue.Undefined, [happened]);
                }

                foreach (var listener in listeners.GetValueOrDefault(name, []).ToArray())
                {
                    realm.Engine.Call(listener, JsValue.Undefined, [happened]);
                }
            }
            catch (JavaScriptException e) when (!isFailing)
            {
                // The iteration fails with it, and the socket hears of it before.
                isFailing = true;
                session.Abandon();
                Fail(realm.Stacks.LineOf(e));
                throw;
            }
        }
    }
}
