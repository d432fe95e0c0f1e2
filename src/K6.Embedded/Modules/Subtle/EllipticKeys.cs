using System.Security.Cryptography;
using Jint.Native;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules.Subtle;

/// <summary>Keys of ECDSA and ECDH on the curves P-256, P-384 and P-521; signatures and shared secrets with them.</summary>
internal static class EllipticKeys
{
    /// <summary>A new pair.</summary>
    public static (CryptoKey Public, CryptoKey Private) Generate(SubtleAlgorithm algorithm, bool extractable, IReadOnlyList<string> usages)
    {
        var curve = algorithm.Curve();
        var (forPublic, forPrivate) = algorithm.Name == "ECDSA" ? (new[] { "verify" }, new[] { "sign" }) : ([], ["deriveKey", "deriveBits"]);
        if (usages.Any(u => !forPublic.Contains(u) && !forPrivate.Contains(u)))
        {
            throw new SubtleException("SyntaxError", "invalid key usage");
        }

        if (usages.Count == 0)
        {
            throw new SubtleException("SyntaxError", "key usages cannot be empty");
        }

        using var pair = ECDsa.Create(CurveOf(curve));
        return (
            new CryptoKey("public", true, algorithm.Name, [.. usages.Intersect(forPublic)], pair.ExportParameters(false), Curve: curve),
            new CryptoKey("private", extractable, algorithm.Name, [.. usages.Intersect(forPrivate)], pair.ExportParameters(true), Curve: curve));
    }

    /// <summary>Imports a key.</summary>
    public static CryptoKey Import(SubtleAlgorithm algorithm, string format, byte[]? bytes, JsValue jwk, bool extractable, IReadOnlyList<string> usages)
    {
        var curve = algorithm.Curve();
        var key = format switch
        {
            "raw" => FromPoint(algorithm.Name, curve, bytes!),
            "spki" => Parse("ECDH public", k => k.ImportSubjectPublicKeyInfo(bytes, out _)),
            "pkcs8" => Parse($"{algorithm.Name} private", k => k.ImportPkcs8PrivateKey(bytes, out _)),
            "jwk" => FromJwk(algorithm.Name, jwk),
            _ => throw SubtleException.Format(format),
        };
        return new CryptoKey(key.D is null ? "public" : "private", extractable, algorithm.Name, usages, key, Curve: curve).Usable();
    }

    /// <summary>Exports a key.</summary>
    public static JsValue Export(VuRealm realm, CryptoKey key, string format)
    {
        if (format is not ("raw" or "spki" or "pkcs8" or "jwk"))
        {
            throw SubtleException.Format(format);
        }

        var parameters = (ECParameters)key.Handle;
        if (format == "jwk")
        {
            (string, JsValue)[] point = [("kty", new JsString("EC")), ("crv", new JsString(key.Curve!)), ("x", Jwk.Text(parameters.Q.X!)), ("y", Jwk.Text(parameters.Q.Y!))];
            return Jwk.Create(realm, key.Type == "public" ? point : [.. point, ("d", Jwk.Text(parameters.D!))]);
        }

        if (format == "pkcs8" == (key.Type == "public"))
        {
            throw SubtleException.Access($"key is not a valid elliptic curve {(format == "pkcs8" ? "private" : "public")} key");
        }

        using var ec = ECDiffieHellman.Create(parameters);
        return realm.Engine.Intrinsics.ArrayBuffer.Construct(format switch
        {
            "raw" => [4, .. parameters.Q.X!, .. parameters.Q.Y!],
            "spki" => ec.ExportSubjectPublicKeyInfo(),
            _ => ec.ExportPkcs8PrivateKey(),
        });
    }

    /// <summary>A signature: both numbers one after the other.</summary>
    public static byte[] Sign(CryptoKey key, string hash, byte[] data)
    {
        using var ecdsa = ECDsa.Create((ECParameters)key.Handle);
        return ecdsa.SignData(data, Hashes.Name(hash));
    }

    /// <summary>Whether a signature is right.</summary>
    public static bool Verify(CryptoKey key, string hash, byte[] signature, byte[] data)
    {
        using var ecdsa = ECDsa.Create((ECParameters)key.Handle);
        return ecdsa.VerifyData(data, signature, Hashes.Name(hash));
    }

    /// <summary>The first bits of the secret that a private and a public key share.</summary>
    public static byte[] DeriveBits(VuRealm realm, SubtleAlgorithm algorithm, JsValue baseKey, int length)
    {
        if (algorithm.Get("public") is var publicValue && publicValue.IsNothing())
        {
            throw new SubtleException("TypeError", "algorithm does not contain a public key");
        }

        var theirs = CryptoKey.Of(publicValue) ?? throw new SubtleException("TypeError", "algorithm's public key is not a valid CryptoKey: invalid key type");
        var ours = CryptoKey.Of(baseKey) ?? throw SubtleException.Access("provided baseKey is not a valid CryptoKey: invalid key type");
        if (theirs.Type != "public")
        {
            throw SubtleException.Access("algorithm's public key is not a public key");
        }

        if (theirs.Algorithm != algorithm.Name)
        {
            throw SubtleException.Access($"algorithm name does not match public key's algorithm name: {algorithm.Name} != {theirs.Algorithm}");
        }

        if (ours.Type != "private")
        {
            throw SubtleException.Access("provided baseKey is not a private key");
        }

        if (!ours.Usages.Contains("deriveBits"))
        {
            throw SubtleException.Access("provided baseKey does not contain the 'deriveBits' usage");
        }

        RefuseLength(length);
        if (theirs.Curve != ours.Curve)
        {
            throw SubtleException.Access($"keys have different curves {ours.Curve} and {theirs.Curve}");
        }

        using var mine = ECDiffieHellman.Create((ECParameters)ours.Handle);
        using var other = ECDiffieHellman.Create((ECParameters)theirs.Handle);
        var secret = mine.DeriveRawSecretAgreement(other.PublicKey);
        return length / 8 <= secret.Length ? secret[..(length / 8)] : throw SubtleException.Operation("length is too large");
    }

    /// <summary>Refuses a number of bits that is no number of bytes.</summary>
    public static void RefuseLength(int length)
    {
        if (length == 0)
        {
            throw SubtleException.Operation("length can not be 0");
        }

        if (length % 8 != 0)
        {
            throw SubtleException.Operation("currently only multiples of 8 are supported for length");
        }
    }

    private static ECCurve CurveOf(string name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        _ => ECCurve.NamedCurves.nistP521,
    };

    private static int CoordinateSize(string curve) => curve switch { "P-256" => 32, "P-384" => 48, _ => 66 };

    private static ECParameters FromPoint(string algorithm, string curve, byte[] point)
    {
        var size = CoordinateSize(curve);
        var failure = SubtleException.BadData($"unable to import {algorithm} public key data{(algorithm == "ECDH" ? ": crypto/ecdh: invalid public key" : "")}");
        if (point.Length != 1 + (2 * size) || point[0] != 4)
        {
            throw failure;
        }

        var key = new ECParameters { Curve = CurveOf(curve), Q = new ECPoint { X = point[1..(1 + size)], Y = point[(1 + size)..] } };
        return IsOnCurve(key) ? key : throw failure;
    }

    private static ECParameters FromJwk(string algorithm, JsValue jwk)
    {
        var before = algorithm == "ECDH" ? "failed to parse input as ECDH key: " : "";
        var curve = Jwk.Text(jwk, "crv");
        var problem = Jwk.Text(jwk, "kty") is not "EC" and var kind ? $"invalid key type: {kind}"
            : Jwk.Text(jwk, "x").Length == 0 ? "coordinate X is required"
            : Jwk.Text(jwk, "y").Length == 0 ? "coordinate Y is required"
            : curve is not ("P-256" or "P-384" or "P-521") ? $"elliptic curve {curve} is not supported"
            : Jwk.Bytes(jwk, "x") is null || Jwk.Bytes(jwk, "y") is null || Jwk.Bytes(jwk, "d") is null ? "illegal base64 data"
            : null;
        if (problem is not null)
        {
            throw new SubtleException(null, $"{before}invalid EC JWK key: {problem}");
        }

        var size = CoordinateSize(curve);
        var key = new ECParameters { Curve = CurveOf(curve), Q = new ECPoint { X = Padded(Jwk.Bytes(jwk, "x")!, size), Y = Padded(Jwk.Bytes(jwk, "y")!, size) } };
        key.D = Jwk.Text(jwk, "d").Length == 0 ? null : Padded(Jwk.Bytes(jwk, "d")!, size);
        return IsOnCurve(key) ? key : throw new SubtleException(null, $"failed to convert ECDSA key to ECDH key: {curve.Replace("-", "", StringComparison.Ordinal)} point not on curve");
    }

    private static byte[] Padded(byte[] bytes, int size) => bytes.Length >= size ? bytes : [.. new byte[size - bytes.Length], .. bytes];

    private static bool IsOnCurve(ECParameters key)
    {
        try
        {
            using var made = ECDiffieHellman.Create(key);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static ECParameters Parse(string what, Action<ECDiffieHellman> import)
    {
        using var key = ECDiffieHellman.Create();
        try
        {
            import(key);
            return key.ExportParameters(what.EndsWith("private", StringComparison.Ordinal));
        }
        catch (CryptographicException e)
        {
            throw SubtleException.BadData($"unable to import {what} key data: {e.Message}");
        }
    }
}
