using System.Security.Cryptography;
using Jint.Native;
using Jint.Native.Object;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules.Subtle;

/// <summary>Keys that are bytes: of AES, HMAC and PBKDF2.</summary>
internal static class SymmetricKeys
{
    /// <summary>A new key of AES.</summary>
    public static CryptoKey GenerateAes(SubtleAlgorithm algorithm, bool extractable, IReadOnlyList<string> usages)
    {
        var length = algorithm.IsObject ? SubtleAlgorithm.ToInteger(algorithm.Need("length")) : 0;
        if (ForbiddenAesUsage(algorithm, usages) is not null)
        {
            throw new SubtleException("SyntaxError", "invalid key usage");
        }

        return length is 128 or 192 or 256
            ? new CryptoKey("secret", extractable, algorithm.Name, usages, RandomNumberGenerator.GetBytes(length / 8), Length: length).Usable()
            : throw SubtleException.Operation("invalid key length");
    }

    /// <summary>A new key of HMAC: as long as a block of its hash, unless <c>length</c> says otherwise.</summary>
    public static CryptoKey GenerateHmac(SubtleAlgorithm algorithm, bool extractable, IReadOnlyList<string> usages)
    {
        var hash = algorithm.Hash("generateKey");
        RefuseOtherThan(usages, "sign", "verify");
        var length = algorithm.Get("length").IsNothing() ? Hashes.BlockSize(hash) * 8 : algorithm.Integer("length");
        return length > 0
            ? new CryptoKey("secret", extractable, "HMAC", usages, RandomNumberGenerator.GetBytes(length / 8), hash, Length: length).Usable()
            : throw SubtleException.Operation("algorithm's length cannot be 0");
    }

    /// <summary>Imports a key.</summary>
    /// <param name="algorithm">AES, HMAC or PBKDF2.</param>
    /// <param name="format"><c>raw</c> or <c>jwk</c>.</param>
    /// <param name="bytes">The data of <c>raw</c>.</param>
    /// <param name="jwk">The object of <c>jwk</c>.</param>
    /// <param name="extractable">Whether it may be exported.</param>
    /// <param name="usages">What it may be used for.</param>
    public static CryptoKey Import(SubtleAlgorithm algorithm, string format, byte[]? bytes, JsValue jwk, bool extractable, IReadOnlyList<string> usages)
    {
        if (algorithm.Name == "PBKDF2")
        {
            return ImportPassword(format, bytes, extractable, usages);
        }

        var hash = algorithm.IsAes ? null : algorithm.Hash("generateKey");
        if (algorithm.IsAes)
        {
            if (ForbiddenAesUsage(algorithm, usages) is { } usage)
            {
                throw InvalidUsage(usage);
            }
        }
        else
        {
            RefuseOtherThan(usages, "sign", "verify");
        }

        var data = format switch { "raw" => bytes!, "jwk" => FromJwk(jwk), _ => throw SubtleException.Format(format) };
        if (algorithm.IsAes)
        {
            return data.Length is 16 or 24 or 32
                ? new CryptoKey("secret", extractable, algorithm.Name, usages, data, Length: data.Length * 8).Usable()
                : throw SubtleException.BadData($"invalid key length {data.Length} bytes");
        }

        if (data.Length == 0)
        {
            throw SubtleException.BadData("key length cannot be 0");
        }

        return algorithm.Integer("length") is not 0 and var length && length != data.Length * 8
            ? throw SubtleException.BadData("key length cannot be different from the length of the imported data")
            : new CryptoKey("secret", extractable, "HMAC", usages, data, hash, Length: data.Length * 8).Usable();
    }

    /// <summary>Exports a key.</summary>
    public static JsValue Export(VuRealm realm, CryptoKey key, string format) => format switch
    {
        "raw" => realm.Engine.Intrinsics.ArrayBuffer.Construct(key.Secret),
        "jwk" => ToJwk(realm, key),
        _ => throw SubtleException.Format(format),
    };

    /// <summary>Refuses usages beyond those of a family of keys.</summary>
    public static void RefuseOtherThan(IReadOnlyList<string> usages, params ReadOnlySpan<string> allowed)
    {
        foreach (var usage in usages)
        {
            if (!allowed.Contains(usage))
            {
                throw InvalidUsage(usage);
            }
        }
    }

    private static SubtleException InvalidUsage(string usage) => new("SyntaxError", $"invalid key usage: {usage}");

    private static string? ForbiddenAesUsage(SubtleAlgorithm algorithm, IReadOnlyList<string> usages) =>
        usages.FirstOrDefault(u => !(u is "wrapKey" or "unwrapKey" || (algorithm.Name != "AES-KW" && u is "encrypt" or "decrypt")));

    private static CryptoKey ImportPassword(string format, byte[]? bytes, bool extractable, IReadOnlyList<string> usages)
    {
        RefuseOtherThan(usages, "deriveKey", "deriveBits");
        if (extractable)
        {
            throw new SubtleException("SyntaxError", "invalid value for param extractable ");
        }

        return format == "raw"
            ? new CryptoKey("secret", false, "PBKDF2", usages, bytes!).Usable()
            : throw new SubtleException("NotSupportedError", $"invalid format: {format}");
    }

    private static byte[] FromJwk(JsValue jwk)
    {
        if (Jwk.Text(jwk, "kty") is not "oct" and var kind)
        {
            throw SubtleException.BadData($"invalid symmetric JWK: invalid key type: {kind}");
        }

        if (Jwk.Text(jwk, "k") is not { Length: > 0 } text)
        {
            throw SubtleException.BadData("invalid symmetric JWK: key (k) is required");
        }

        return Jwk.Bytes(jwk, "k") ?? throw SubtleException.BadData($"failed to decode symmetric key: illegal base64 data at input byte {Jwk.FirstBadByte(text)}");
    }

    private static ObjectInstance ToJwk(VuRealm realm, CryptoKey key)
    {
        var algorithm = key.Algorithm == "HMAC"
            ? key.Hash!.Replace("SHA-", "HS", StringComparison.Ordinal)
            : $"A{key.Length}{key.Algorithm[4..]}";
        return Jwk.Create(
            realm,
            ("kty", new JsString("oct")),
            ("k", Jwk.Text(key.Secret)),
            ("alg", new JsString(algorithm)),
            ("ext", key.Extractable ? JsBoolean.True : JsBoolean.False),
            ("key_ops", new JsArray(realm.Engine, [.. key.Usages.Select(u => new JsString(u))])));
    }
}
