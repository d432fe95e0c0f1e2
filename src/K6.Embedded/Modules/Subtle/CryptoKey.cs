using Jint.Native;
using Jint.Native.Object;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules.Subtle;

/// <summary>A key of <c>crypto.subtle</c>.</summary>
/// <param name="Type"><c>secret</c>, <c>public</c> or <c>private</c>.</param>
/// <param name="Extractable">Whether it can be exported.</param>
/// <param name="Algorithm">Its algorithm: <c>AES-CBC</c>.</param>
/// <param name="Usages">What it may be used for.</param>
/// <param name="Handle">The key itself: bytes, <c>ECParameters</c> or <c>RSAParameters</c>.</param>
/// <param name="Hash">The hash of HMAC and RSA.</param>
/// <param name="Curve">The curve of ECDSA and ECDH.</param>
/// <param name="Length">The length in bits that scripts see: of AES and HMAC keys, or of an RSA modulus.</param>
internal sealed record CryptoKey(
    string Type, bool Extractable, string Algorithm, IReadOnlyList<string> Usages, object Handle, string? Hash = null, string? Curve = null, int? Length = null)
{
    private const string EmptyUsages = "usages cannot not be empty for a secret or private CryptoKey";

    /// <summary>Whether it is a public key of RSA from a JWK: k6 2.2 takes such keys, exports them as JWK again, and can use them for nothing.</summary>
    public bool IsUnusable { get; init; }

    /// <summary>The bytes of a secret key.</summary>
    public byte[] Secret => (byte[])Handle;

    /// <summary>Refuses a secret or private key that may be used for nothing.</summary>
    public CryptoKey Usable() => Usages.Count > 0 || Type == "public" ? this : throw new SubtleException("SyntaxError", EmptyUsages);

    /// <summary>The key as scripts see it.</summary>
    public ObjectInstance ToObject(VuRealm realm)
    {
        var algorithm = new JsObject(realm.Engine);
        algorithm.Set("name", new JsString(Algorithm));
        if (Curve is not null)
        {
            algorithm.Set("namedCurve", new JsString(Curve));
        }

        if (Hash is not null)
        {
            var hash = new JsObject(realm.Engine);
            hash.Set("name", new JsString(Hash));
            algorithm.Set("hash", hash);
        }

        if (Length is { } length)
        {
            algorithm.Set(Handle is byte[]? "length" : "modulusLength", JsNumber.Create(length));
        }

        var key = new HostObject(realm.Engine, this);
        key.Set("type", new JsString(Type));
        key.Set("extractable", Extractable ? JsBoolean.True : JsBoolean.False);
        key.Set("algorithm", algorithm);
        key.Set("usages", new JsArray(realm.Engine, [.. Usages.Select(u => new JsString(u))]));
        return key;
    }

    /// <summary>The key that an object stands for; null when it stands for none.</summary>
    public static CryptoKey? Of(JsValue value) => HostObject.Held<CryptoKey>(value);
}
