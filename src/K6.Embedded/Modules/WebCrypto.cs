using System.Security.Cryptography;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Cli;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The global <c>crypto</c>: random values, and <c>subtle.digest</c>. Other operations say that they are not supported.</summary>
internal static class WebCrypto
{
    private const int MaximumRandomBytes = 65_536;

    /// <summary>Makes the object.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var crypto = new JsObject(realm.Engine);
        crypto.AddFunction(realm, "getRandomValues", (_, a) => GetRandomValues(realm, a.Arg(0)));
        crypto.AddFunction(realm, "randomUUID", (_, _) => new JsString(Guid.NewGuid().ToString()));
        var subtle = new JsObject(realm.Engine);
        foreach (var name in (string[])["decrypt", "deriveBits", "deriveKey", "digest", "encrypt", "exportKey", "generateKey", "importKey", "sign", "unwrapKey", "verify", "wrapKey"])
        {
            subtle.AddFunction(realm, name, name == "digest"
                ? (_, a) => Settled(realm, () => Digest(realm, a))
                : (_, _) => Settled(realm, () => throw realm.GoError(Unsupported.Api($"crypto.subtle.{name}", "of WebCrypto it has digest, getRandomValues and randomUUID").Message)));
        }

        crypto.Set("subtle", subtle);
        return crypto;
    }

    private static JsValue GetRandomValues(VuRealm realm, JsValue array)
    {
        if (array is not (JsTypedArray and ObjectInstance view) || view.Get("constructor").AsObject().Get("name").ToString().StartsWith("Float", StringComparison.Ordinal))
        {
            throw realm.GoError("TypeMismatchError: typedArray parameter isn't a TypedArray instance");
        }

        var length = (int)view.Get("byteLength").AsNumber();
        if (length > MaximumRandomBytes)
        {
            throw realm.GoError("QuotaExceededError: typedArray parameter is too big; maximum length is 65536");
        }

        var bytes = realm.Engine.Construct(realm.Engine.Global.Get("Uint8Array"), [view.Get("buffer"), view.Get("byteOffset"), view.Get("byteLength")]).AsObject();
        var random = RandomNumberGenerator.GetBytes(length);
        for (var i = 0; i < length; i++)
        {
            bytes.Set(JsNumber.Create(i), JsNumber.Create(random[i]), bytes);
        }

        return array;
    }

#pragma warning disable CA5350 // The script names the algorithm.
    private static JsArrayBuffer Digest(VuRealm realm, JsValue[] arguments)
    {
        var algorithm = arguments.Arg(0) is ObjectInstance o ? o.Get("name") : arguments.Arg(0);
        var name = TypeConverter.ToString(algorithm).ToUpperInvariant();
        var data = arguments.Arg(1).IsString() ? null : Interop.BytesOf(arguments.Arg(1));
        if (data is null)
        {
            throw DomError(realm, "TypeError", "data is not an ArrayBuffer or a view of one");
        }

        var hash = name switch
        {
            "SHA-1" => SHA1.HashData(data),
            "SHA-256" => SHA256.HashData(data),
            "SHA-384" => SHA384.HashData(data),
            "SHA-512" => SHA512.HashData(data),
            _ => throw DomError(realm, "NotSupportedError", $"algorithm \"{name}\" doesn't support (in implementation) operation \"digest\""),
        };
        return realm.Engine.Intrinsics.ArrayBuffer.Construct(hash);
    }
#pragma warning restore CA5350

    private static JavaScriptException DomError(VuRealm realm, string name, string message)
    {
        var error = realm.Engine.Intrinsics.Error.Construct(message);
        error.Set("name", new JsString(name));
        return new JavaScriptException(error);
    }

    private static JsValue Settled(VuRealm realm, Func<JsValue> compute)
    {
        var promise = realm.Engine.Advanced.RegisterPromise();
        try
        {
            promise.Resolve(compute());
        }
        catch (JavaScriptException e)
        {
            promise.Reject(e.Error);
        }

        return promise.Promise;
    }
}
