using System.Security.Cryptography;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using K6.Embedded.Modules.Subtle;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The global <c>crypto</c>: random values and <c>subtle</c>.</summary>
internal static class WebCrypto
{
    private const int MaximumRandomBytes = 65_536;

    /// <summary>Makes the object.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var crypto = new JsObject(realm.Engine);
        crypto.AddFunction(realm, "getRandomValues", (_, a) => GetRandomValues(realm, a.Arg(0)));
        crypto.AddFunction(realm, "randomUUID", (_, _) => new JsString(Guid.NewGuid().ToString()));
        crypto.Set("subtle", SubtleCrypto.Create(realm));
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
}
