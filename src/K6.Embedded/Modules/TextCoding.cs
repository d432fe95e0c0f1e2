using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The globals <c>TextEncoder</c> and <c>TextDecoder</c>, which k6 has since 2.2.</summary>
internal static class TextCoding
{
    /// <summary>The class <c>TextEncoder</c>.</summary>
    public static ObjectInstance Encoder(VuRealm realm) => new HostClass(realm, "TextEncoder", _ =>
    {
        var encoder = new JsObject(realm.Engine);
        encoder.Set("encoding", new JsString("utf-8"));
        encoder.AddFunction(realm, "encode", (_, a) =>
        {
            var bytes = Encoding.UTF8.GetBytes(a.Arg(0).IsUndefined() ? "" : TypeConverter.ToString(a[0]));
            return realm.Engine.Construct(realm.Engine.Global.Get("Uint8Array"), [realm.Engine.Intrinsics.ArrayBuffer.Construct(bytes)]);
        });
        return encoder;
    });

    /// <summary>The class <c>TextDecoder</c>: UTF-8 and UTF-16.</summary>
    public static ObjectInstance Decoder(VuRealm realm) => new HostClass(realm, "TextDecoder", arguments =>
    {
        var label = arguments.Arg(0).IsUndefined() ? "utf-8" : TypeConverter.ToString(arguments[0]).Trim().ToLowerInvariant();
        var isFatal = Flag(arguments.Arg(1), "fatal");
        var keepsMark = Flag(arguments.Arg(1), "ignoreBOM");
        if (EncodingOf(label, isFatal) is not var (name, encoding))
        {
            throw new JavaScriptException(realm.Engine.Construct(realm.Engine.Global.Get("RangeError"), [new JsString($"unsupported encoding: {label}")]));
        }

        var decoder = new JsObject(realm.Engine);
        decoder.Set("encoding", new JsString(name));
        decoder.Set("fatal", isFatal);
        decoder.Set("ignoreBOM", keepsMark);
        decoder.AddFunction(realm, "decode", (_, a) =>
        {
            var bytes = a.Arg(0).IsUndefined() ? [] : Interop.BytesOf(a[0]) ?? throw realm.TypeError("the argument is not an ArrayBuffer or a view of one");
            try
            {
                var text = encoding.GetString(bytes);
                return new JsString(!keepsMark && text.StartsWith('\ufeff') ? text[1..] : text);
            }
            catch (DecoderFallbackException)
            {
                throw realm.TypeError("decoding text: invalid byte sequence");
            }
        });
        return decoder;
    });

    private static bool Flag(JsValue options, string name) => options is ObjectInstance o && TypeConverter.ToBoolean(o.Get(name));

    private static (string Name, Encoding Encoding)? EncodingOf(string label, bool isFatal) => label switch
    {
        "utf-8" or "utf8" or "unicode-1-1-utf-8" => ("utf-8", new UTF8Encoding(false, isFatal)),
        "utf-16le" or "utf-16" => ("utf-16le", new UnicodeEncoding(false, false, isFatal)),
        "utf-16be" => ("utf-16be", new UnicodeEncoding(true, false, isFatal)),
        _ => null,
    };
}
