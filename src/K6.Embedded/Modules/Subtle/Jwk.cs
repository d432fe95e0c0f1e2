using System.Buffers.Text;
using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules.Subtle;

/// <summary>Fields of a JSON Web Key.</summary>
internal static class Jwk
{
    /// <summary>A text of the key; empty when it is none.</summary>
    public static string Text(JsValue key, string name) => key is ObjectInstance o && o.Get(name) is var value && value.IsString() ? value.AsString() : "";

    /// <summary>The bytes of a field; null when they are not base64url without padding.</summary>
    public static byte[]? Bytes(JsValue key, string name)
    {
        var text = Text(key, name);
        return text.Contains('=', StringComparison.Ordinal) || !Base64Url.IsValid(text) ? null : Base64Url.DecodeFromChars(text);
    }

    /// <summary>Bytes as a field.</summary>
    public static JsString Text(byte[] bytes) => new(Base64Url.EncodeToString(bytes));

    /// <summary>Where base64 ends to be any, as k6 counts.</summary>
    public static int FirstBadByte(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var at = Array.FindIndex(bytes, b => !(char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_'));
        return at < 0 ? bytes.Length : at;
    }

    /// <summary>A new key with its fields.</summary>
    public static ObjectInstance Create(VuRealm realm, params ReadOnlySpan<(string Name, JsValue Value)> fields)
    {
        var key = new JsObject(realm.Engine);
        foreach (var (name, value) in fields)
        {
            key.Set(name, value);
        }

        return key;
    }
}
