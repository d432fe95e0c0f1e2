using System.Security.Cryptography;
using Jint.Native;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules.Subtle;

/// <summary>Keys of RSA-OAEP, RSA-PSS and RSASSA-PKCS1-v1_5.</summary>
internal static class RsaKeys
{
    private static readonly byte[] UsualExponent = [1, 0, 1];

    /// <summary>A new pair.</summary>
    public static (CryptoKey Public, CryptoKey Private) Generate(SubtleAlgorithm algorithm, bool extractable, IReadOnlyList<string> usages)
    {
        var length = SubtleAlgorithm.ToInteger(algorithm.Need("modulusLength"));
        var exponentValue = algorithm.Need("publicExponent");
        var hash = algorithm.Hash("generateKey");
        var (forPublic, forPrivate) = algorithm.Name == "RSA-OAEP" ? (new[] { "encrypt", "wrapKey" }, new[] { "decrypt", "unwrapKey" }) : (["verify"], ["sign"]);
        SymmetricKeys.RefuseOtherThan(usages, [.. forPublic, .. forPrivate]);
        if (usages.Count == 0)
        {
            throw new SubtleException("SyntaxError", "key usages cannot be empty");
        }

        var exponent = exponentValue is JsTypedArray ? Interop.BytesOf(exponentValue)! : throw SubtleException.Operation("publicExponent is not a byte array");
        if (!exponent.AsSpan().TrimStart((byte)0).SequenceEqual(UsualExponent))
        {
            throw SubtleException.Operation("could not validate RSA key pair, check public exponent: crypto/rsa: precomputed values are inconsistent with the key");
        }

        try
        {
            using var rsa = RSA.Create(length);
            return (
                new CryptoKey("public", true, algorithm.KeyName, [.. usages.Intersect(forPublic)], rsa.ExportParameters(false), hash, Length: length),
                new CryptoKey("private", extractable, algorithm.KeyName, [.. usages.Intersect(forPrivate)], rsa.ExportParameters(true), hash, Length: length));
        }
        catch (CryptographicException)
        {
            throw SubtleException.Operation("could not generate RSA key pair");
        }
    }

    /// <summary>Imports a key.</summary>
    public static CryptoKey Import(SubtleAlgorithm algorithm, string format, byte[]? bytes, JsValue jwk, bool extractable, IReadOnlyList<string> usages)
    {
        var hash = algorithm.Hash("generateKey");
        var key = format switch
        {
            "spki" => Parse("public", k => k.ImportSubjectPublicKeyInfo(bytes, out _)),
            "pkcs8" => Parse("private", k => k.ImportPkcs8PrivateKey(bytes, out _)),
            "jwk" => FromJwk(jwk),
            _ => throw new SubtleException("NotSupportedError", $"unsupported key format {format} for algorithm {algorithm.KeyName}"),
        };
        return new CryptoKey(key.D is null ? "public" : "private", extractable, algorithm.KeyName, usages, key, hash, Length: key.Modulus!.Length * 8) { IsUnusable = format == "jwk" && key.D is null }.Usable();
    }

    /// <summary>Exports a key.</summary>
    public static JsValue Export(VuRealm realm, CryptoKey key, string format)
    {
        var parameters = (RSAParameters)key.Handle;
        if (format == "jwk")
        {
            (string, JsValue)[] shared = [("kty", new JsString("RSA")), ("n", Jwk.Text(parameters.Modulus!)), ("e", Jwk.Text(parameters.Exponent!))];
            return Jwk.Create(realm, key.Type == "public" ? shared :
            [
                .. shared, ("d", Jwk.Text(parameters.D!)), ("p", Jwk.Text(parameters.P!)), ("q", Jwk.Text(parameters.Q!)),
                ("dp", Jwk.Text(parameters.DP!)), ("dq", Jwk.Text(parameters.DQ!)), ("qi", Jwk.Text(parameters.InverseQ!)),
            ]);
        }

        if (format is not ("spki" or "pkcs8"))
        {
            throw SubtleException.Format(format);
        }

        if (key.IsUnusable && format == "spki")
        {
            throw SubtleException.Operation("unable to marshal key to SPKI format: x509: unsupported public key type: rsa.PublicKey");
        }

        if (format == "pkcs8" == (key.Type == "public"))
        {
            throw SubtleException.Access(format == "spki"
                ? "given CryptoKey is not a public RSA key, it's *rsa.PrivateKey"
                : $"given CryptoKey is not a private RSA key, it's {(key.IsUnusable ? "" : "*")}rsa.PublicKey");
        }

        using var rsa = RSA.Create(parameters);
        return realm.Engine.Intrinsics.ArrayBuffer.Construct(format == "spki" ? rsa.ExportSubjectPublicKeyInfo() : rsa.ExportPkcs8PrivateKey());
    }

    private static RSAParameters FromJwk(JsValue jwk)
    {
        var kind = Jwk.Text(jwk, "kty");
        var problem = kind != "RSA" ? $"invalid key type: {kind}"
            : Jwk.Text(jwk, "n").Length == 0 ? "modulus (n) is required"
            : Jwk.Text(jwk, "e").Length == 0 ? "exponent (e) is required"
            : null;
        var isPrivate = Jwk.Text(jwk, "d").Length > 0;
        string[] fields = isPrivate ? ["n", "e", "d", "p", "q", "dp", "dq", "qi"] : ["n", "e"];
        problem ??= fields.FirstOrDefault(f => Jwk.Text(jwk, f).Length == 0) is { } missing ? $"{missing} is required"
            : fields.FirstOrDefault(f => Jwk.Bytes(jwk, f) is null) is { } bad ? $"{bad} is not base64url"
            : null;
        if (problem is not null)
        {
            throw new SubtleException(null, $"invalid RSA JWK key: {problem}");
        }

        var modulus = Trimmed("n");
        if (!isPrivate)
        {
            return new RSAParameters { Modulus = modulus, Exponent = Trimmed("e") };
        }

        // .NET wants d as long as the modulus and the others half of it.
        var half = (modulus.Length + 1) / 2;
        return new RSAParameters
        {
            Modulus = modulus,
            Exponent = Trimmed("e"),
            D = Sized("d", modulus.Length),
            P = Sized("p", half),
            Q = Sized("q", half),
            DP = Sized("dp", half),
            DQ = Sized("dq", half),
            InverseQ = Sized("qi", half),
        };

        byte[] Trimmed(string field) => Jwk.Bytes(jwk, field)!.AsSpan().TrimStart((byte)0).ToArray();

        byte[] Sized(string field, int size)
        {
            var bytes = Trimmed(field);
            return bytes.Length >= size ? bytes : [.. new byte[size - bytes.Length], .. bytes];
        }
    }

    private static RSAParameters Parse(string what, Action<RSA> import)
    {
        using var rsa = RSA.Create();
        try
        {
            import(rsa);
            return rsa.ExportParameters(what == "private");
        }
        catch (CryptographicException e)
        {
            throw SubtleException.BadData($"unable to import RSA {what} key data: {e.Message}");
        }
    }
}
