using System.Security.Cryptography;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/crypto</c>. MD4, RIPEMD-160 and the truncated SHA-512 are not in .NET and say so.</summary>
internal static class CryptoModule
{
    private static readonly string[] Algorithms = ["md4", "md5", "ripemd160", "sha1", "sha256", "sha384", "sha512", "sha512_224", "sha512_256"];

    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        foreach (var algorithm in Algorithms)
        {
            module.AddFunction(realm, algorithm, (_, a) => Encode(realm, Hash(realm, algorithm, Input(realm, a.Arg(0), algorithm)), a.Arg(1)));
        }

        module.AddFunction(realm, "hexEncode", (_, a) => new JsString(Convert.ToHexStringLower(Input(realm, a.Arg(0), "hexEncode"))));
        module.AddFunction(realm, "hmac", (_, a) => Encode(realm, HmacOf(realm, a), a.Arg(3)));
        module.AddFunction(realm, "randomBytes", (_, a) => RandomBytes(realm, a.Arg(0)));
        module.AddFunction(realm, "createHash", (_, a) => Hasher(realm, Text(a.Arg(0)), null));
        module.AddFunction(realm, "createHMAC", (_, a) => Hasher(realm, Text(a.Arg(0)), Input(realm, a.Arg(1), "createHMAC")));
        return module;
    }

    private static byte[] HmacOf(VuRealm realm, JsValue[] arguments)
    {
        var hasher = Text(arguments.Arg(0));
        return Algorithms.Contains(hasher) ? Hmac(realm, hasher, Plain(arguments.Arg(1)), Plain(arguments.Arg(2))) : throw realm.GoError($"invalid algorithm: {hasher}");

        byte[] Plain(JsValue value) => Interop.BytesOf(value) ?? throw realm.GoError($"invalid type {Interop.GoTypeOf(value)}, expected string, []byte or ArrayBuffer");
    }

    private static string Text(JsValue value) => value.IsUndefined() ? "" : TypeConverter.ToString(value);

    private static byte[] Input(VuRealm realm, JsValue value, string function) =>
        Interop.BytesOf(value) ?? throw realm.GoError($"{(function == "update" ? "" : function + " failed: ")}invalid type {Interop.GoTypeOf(value)}, expected string, []byte or ArrayBuffer");

    private static JsArrayBuffer RandomBytes(VuRealm realm, JsValue size)
    {
        var count = TypeConverter.ToNumber(size);
        return count >= 1 && count <= int.MaxValue
            ? realm.Engine.Intrinsics.ArrayBuffer.Construct(RandomNumberGenerator.GetBytes((int)count))
            : throw realm.GoError("invalid size");
    }

    private static JsObject Hasher(VuRealm realm, string algorithm, byte[]? secret)
    {
        if (!Algorithms.Contains(algorithm))
        {
            throw realm.GoError($"invalid algorithm: {algorithm}");
        }

        var input = new MemoryStream();
        var hasher = new JsObject(realm.Engine);
        hasher.AddFunction(realm, "update", (_, a) =>
        {
            input.Write(Input(realm, a.Arg(0), "update"));
            return JsValue.Undefined;
        });
        hasher.AddFunction(realm, "digest", (_, a) => Encode(realm, secret is null ? Hash(realm, algorithm, input.ToArray()) : Hmac(realm, algorithm, secret, input.ToArray()), a.Arg(0)));
        return hasher;
    }

#pragma warning disable CA5350, CA5351 // The script names the algorithm; some services still ask for the weak ones.
    private static byte[] Hash(VuRealm realm, string algorithm, byte[] input) => algorithm switch
    {
        "md5" => MD5.HashData(input),
        "sha1" => SHA1.HashData(input),
        "sha256" => SHA256.HashData(input),
        "sha384" => SHA384.HashData(input),
        "sha512" => SHA512.HashData(input),
        "md4" => OldHashes.Md4(input),
        "ripemd160" => OldHashes.RipeMd160(input),
        "sha512_224" => OldHashes.Sha512Truncated(input, 28),
        "sha512_256" => OldHashes.Sha512Truncated(input, 32),
        _ => throw realm.GoError($"invalid algorithm: {algorithm}"),
    };

    private static byte[] Hmac(VuRealm realm, string algorithm, byte[] secret, byte[] input) => algorithm switch
    {
        "md5" => HMACMD5.HashData(secret, input),
        "sha1" => HMACSHA1.HashData(secret, input),
        "sha256" => HMACSHA256.HashData(secret, input),
        "sha384" => HMACSHA384.HashData(secret, input),
        "sha512" => HMACSHA512.HashData(secret, input),
        _ when Algorithms.Contains(algorithm) => HmacByHand(realm, algorithm, secret, input),
        _ => throw realm.GoError($"invalid algorithm: {algorithm}"),
    };
#pragma warning restore CA5350, CA5351

    private static byte[] HmacByHand(VuRealm realm, string algorithm, byte[] secret, byte[] input)
    {
        var block = algorithm.StartsWith("sha512", StringComparison.Ordinal) ? 128 : 64;
        var key = secret.Length > block ? Hash(realm, algorithm, secret) : secret;
        var inner = new byte[block];
        var outer = new byte[block];
        for (var i = 0; i < block; i++)
        {
            var k = i < key.Length ? key[i] : (byte)0;
            inner[i] = (byte)(k ^ 0x36);
            outer[i] = (byte)(k ^ 0x5c);
        }

        return Hash(realm, algorithm, [.. outer, .. Hash(realm, algorithm, [.. inner, .. input])]);
    }

    private static JsValue Encode(VuRealm realm, byte[] bytes, JsValue encoding) => Text(encoding) switch
    {
        "hex" => new JsString(Convert.ToHexStringLower(bytes)),
        "base64" => new JsString(Convert.ToBase64String(bytes)),
        "base64url" => new JsString(Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_')),
        "base64rawurl" => new JsString(Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_').TrimEnd('=')),
        "binary" => realm.Engine.Intrinsics.ArrayBuffer.Construct(bytes),
        var other => throw realm.GoError($"invalid output encoding: {other}"),
    };
}
