using Jint;
using Jint.Native;
using Jint.Native.Object;
using K6.Embedded.Cli;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>
/// The module <c>k6/experimental/streams</c>: the readable streams with default controllers of the Streams standard (https://streams.spec.whatwg.org), written in JavaScript
/// because they are about promises and little else.
/// </summary>
internal static class StreamsModule
{
    private static readonly Prepared<Acornima.Ast.Script> Source = Engine.PrepareScript(ReadSource(), "k6:streams.js");

    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = realm.Engine.Evaluate(Source).AsObject();
        foreach (var name in (string[])["WritableStream", "WritableStreamDefaultWriter"])
        {
            module.Set(name, new HostClass(realm, name, _ => throw realm.GoError(Unsupported.Api(name, "it has readable streams").Message)));
        }

        return module;
    }

    /// <summary>A stream of one chunk.</summary>
    public static JsValue Of(VuRealm realm, JsValue chunk) => realm.Engine.Call(realm.BuiltinModule("k6/experimental/streams").Get("streamOf"), JsValue.Undefined, [chunk]);

    private static string ReadSource()
    {
        using var reader = new StreamReader(typeof(StreamsModule).Assembly.GetManifestResourceStream("K6.Embedded.streams.js")!);
        return reader.ReadToEnd();
    }
}
