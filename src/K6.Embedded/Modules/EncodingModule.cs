using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/encoding</c>: Base64.</summary>
internal static class EncodingModule
{
    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        module.AddFunction(realm, "b64decode", (_, a) => Decode(realm, a));
        module.AddFunction(realm, "b64encode", (_, a) =>
        {
            var bytes = Interop.BytesOf(a.Arg(0)) ?? throw realm.GoError($"invalid type {Interop.GoTypeOf(a.Arg(0))}, expected string, []byte or ArrayBuffer");
            return new JsString(Encode(bytes, Variant(a)));
        });
        return module;
    }

    private static string Variant(JsValue[] arguments) => arguments.Arg(1).IsString() ? arguments[1].AsString() : "std";

    private static string Encode(byte[] bytes, string variant)
    {
        var text = Convert.ToBase64String(bytes);
        if (variant is "url" or "rawurl")
        {
            text = text.Replace('+', '-').Replace('/', '_');
        }

        return variant is "rawstd" or "rawurl" ? text.TrimEnd('=') : text;
    }

    private static JsValue Decode(VuRealm realm, JsValue[] arguments)
    {
        var text = arguments.Arg(0).IsNothing() ? "" : TypeConverter.ToString(arguments[0]);
        var variant = Variant(arguments);
        var alphabet = variant is "url" or "rawurl" ? "-_" : "+/";
        var plain = text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        var body = plain.TrimEnd('=');
        for (var i = 0; i < body.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(body[i]) && !alphabet.Contains(body[i], StringComparison.Ordinal))
            {
                throw Illegal(realm, i);
            }
        }

        var isRaw = variant is "rawstd" or "rawurl";
        if (!isRaw && body.Length % 4 == 1 && plain.Length > body.Length)
        {
            throw Illegal(realm, body.Length);
        }

        if (isRaw ? plain.Length != body.Length : plain.Length % 4 != 0)
        {
            throw Illegal(realm, isRaw ? body.Length : plain.Length / 4 * 4);
        }

        if (body.Length % 4 == 1)
        {
            throw Illegal(realm, body.Length - 1);
        }

        var padded = body.Replace('-', '+').Replace('_', '/').PadRight((body.Length + 3) / 4 * 4, '=');
        var bytes = Convert.FromBase64String(padded);
        return arguments.Arg(2).IsString() && arguments[2].AsString() == "s"
            ? new JsString(Encoding.UTF8.GetString(bytes))
            : realm.Engine.Intrinsics.ArrayBuffer.Construct(bytes);
    }

    private static JavaScriptException Illegal(VuRealm realm, int position) =>
        realm.GoError(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"illegal base64 data at input byte {position}"));
}
