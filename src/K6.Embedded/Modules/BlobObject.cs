using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The class <c>Blob</c> of <c>k6/websockets</c>.</summary>
internal static class BlobObject
{
    // k6 fills a part that reaches beyond the end with zeros; there is no use in many of them.
    private const int MostPadding = 1 << 20;

    /// <summary>Makes the class.</summary>
    public static HostClass CreateClass(VuRealm realm) => new(realm, "Blob", a => New(realm, a), isClassOfInstances: false);

    /// <summary>The bytes of a blob; null for anything else.</summary>
    public static byte[]? BytesOf(JsValue value) => HostObject.Held<Content>(value)?.Bytes;

    /// <summary>Makes a blob of bytes.</summary>
    public static HostObject Create(VuRealm realm, byte[] bytes, string type)
    {
        var blob = new HostObject(realm.Engine, new Content(bytes));
        blob.AddGetter(realm, "size", () => JsNumber.Create(bytes.Length));
        blob.AddGetter(realm, "type", () => new JsString(type));
        blob.AddFunction(realm, "text", (_, _) => Interop.Resolved(realm, new JsString(Encoding.UTF8.GetString(bytes))));
        blob.AddFunction(realm, "arrayBuffer", (_, _) => Interop.Resolved(realm, realm.Engine.Intrinsics.ArrayBuffer.Construct([.. bytes])));
        blob.AddFunction(realm, "bytes", (_, _) => Interop.Resolved(realm, realm.Engine.Construct("Uint8Array", realm.Engine.Intrinsics.ArrayBuffer.Construct([.. bytes]))));
        blob.AddFunction(realm, "slice", (_, a) => Slice(realm, bytes, a));
        blob.AddFunction(realm, "stream", (_, _) => StreamsModule.Of(realm, realm.Engine.Construct("Uint8Array", realm.Engine.Intrinsics.ArrayBuffer.Construct([.. bytes]))));
        return blob;
    }

    private static HostObject New(VuRealm realm, JsValue[] arguments)
    {
        var type = arguments.Arg(1) is ObjectInstance options && options.Get("type") is var given && !given.IsUndefined() ? TypeConverter.ToString(given) : "";
        if (arguments.Arg(0).IsUndefined())
        {
            return Create(realm, [], type);
        }

        using var content = new MemoryStream();
        foreach (var part in arguments[0] is ObjectInstance parts ? Interop.Items(parts) : [])
        {
            content.Write(BytesOf(part) ?? Interop.BytesOf(part) ?? Encoding.UTF8.GetBytes(TypeConverter.ToString(part)));
        }

        return Create(realm, content.ToArray(), type);
    }

    private static HostObject Slice(VuRealm realm, byte[] bytes, JsValue[] arguments)
    {
        var from = Place(arguments.Arg(0), 0);
        var to = Place(arguments.Arg(1), bytes.Length);
        var part = new byte[Math.Max(0, to - from)];
        bytes.AsSpan(Math.Min(from, bytes.Length)..Math.Min(Math.Max(from, to), bytes.Length)).CopyTo(part);
        return Create(realm, part, arguments.Arg(2).IsUndefined() ? "" : TypeConverter.ToString(arguments[2]));

        int Place(JsValue value, int otherwise)
        {
            var at = value.IsUndefined() ? otherwise : TypeConverter.ToIntegerOrInfinity(value);
            return (int)Math.Clamp(at < 0 ? bytes.Length + at : at, 0, MostPadding + bytes.Length);
        }
    }

    private sealed record Content(byte[] Bytes);
}
