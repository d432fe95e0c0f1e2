using System.Security.Cryptography;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules.Subtle;

/// <summary><c>crypto.subtle</c>: what k6 2.2 has of the Web Cryptography API, rejected promises in its words for what it has not.</summary>
internal sealed class SubtleCrypto
{
    private readonly VuRealm realm;

    private SubtleCrypto(VuRealm realm) => this.realm = realm;

    /// <summary>Makes the object.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var self = new SubtleCrypto(realm);
        var subtle = new JsObject(realm.Engine);
        Add("decrypt", a => self.Cipher(a, "decrypt", AesCiphers.Decrypt, RsaSchemes.Decrypt));
        Add("deriveBits", a => self.Buffer(self.DeriveBits(Algorithm(a.Arg(0)), a.Arg(1), a.Arg(2))));
        Add("deriveKey", self.DeriveKey);
        Add("digest", self.Digest);
        Add("encrypt", a => self.Cipher(a, "encrypt", AesCiphers.Encrypt, RsaSchemes.Encrypt));
        Add("exportKey", self.ExportKey);
        Add("generateKey", self.GenerateKey);
        Add("importKey", self.ImportKey);
        Add("sign", self.Sign);
        Add("verify", self.Verify);
        foreach (var name in (string[])["wrapKey", "unwrapKey"])
        {
            subtle.AddFunction(realm, name, (_, _) => throw realm.GoError("not implemented"));
        }

        return subtle;

        void Add(string name, Func<JsValue[], JsValue> operation) => subtle.AddFunction(realm, name, (_, a) => self.Settled(() => operation(a)));
    }

    private static SubtleAlgorithm Algorithm(JsValue value) => SubtleAlgorithm.Of(value);

    private JsArrayBuffer Buffer(byte[] bytes) => realm.Engine.Intrinsics.ArrayBuffer.Construct(bytes);

    private JsArrayBuffer Digest(JsValue[] arguments)
    {
        var name = Algorithm(arguments.Arg(0)).Name;
        var data = arguments.Arg(1).IsObject() && Interop.WholeBuffer(arguments.Arg(1)) is not null ? DataOf(arguments.Arg(1)) : throw new SubtleException(null, "data must be an ArrayBuffer, TypedArray, or DataView");
        return Hashes.IsKnown(name) ? Buffer(Hashes.Digest(name, data)) : throw SubtleException.NotSupported(name, "digest");
    }

    private JsArrayBuffer Cipher(JsValue[] arguments, string operation, Func<SubtleAlgorithm, byte[], byte[], byte[]> aes, Func<CryptoKey, byte[], byte[], byte[]> rsa)
    {
        var algorithm = Algorithm(arguments.Arg(0));
        if (!algorithm.IsAes && algorithm.Name != "RSA-OAEP")
        {
            throw SubtleException.NotSupported(algorithm.KeyName, operation);
        }

        var data = DataOf(arguments.Arg(2));
        var key = KeyOf(arguments.Arg(1));
        if (key.Algorithm != algorithm.KeyName)
        {
            throw SubtleException.Access($"{operation}'s algorithm name does not match key algorithm name");
        }

        if (!key.Usages.Contains(operation))
        {
            throw SubtleException.Access($"{operation}'s key does not contain the '{operation}' usage");
        }

        if (!algorithm.IsObject)
        {
            throw new SubtleException("SyntaxError", "invalid algorithm parameters, unable to interpret as \"\" object");
        }

        RefuseUnusable(key);
        return Buffer(algorithm.IsAes ? aes(algorithm, key.Secret, data) : rsa(key, algorithm.Bytes("label") ?? [], data));
    }

    private JsArrayBuffer Sign(JsValue[] arguments)
    {
        var (algorithm, hash, salt) = SignatureAlgorithm(arguments.Arg(0), "sign");
        var data = DataOf(arguments.Arg(2));
        var key = SignatureKey(arguments.Arg(1), algorithm, "sign");
        if (algorithm.Name == "RSA-PSS" && salt == 0)
        {
            throw new SubtleException("ImplementationError", "k6 RSA-PSS uses standard Golang SDK that doesn't supportsalt length=0 but generates salt with maximum length . Sign result might be different.");
        }

        return Buffer(algorithm.Name switch
        {
            "HMAC" => CryptographicOperations.HmacData(Hashes.Name(key.Hash!), key.Secret, data),
            "ECDSA" => EllipticKeys.Sign(key, hash!, data),
            "RSA-PSS" => RsaSchemes.SignPss(key, salt, data),
            _ => RsaSchemes.Sign(key, data),
        });
    }

    private JsBoolean Verify(JsValue[] arguments)
    {
        var (algorithm, hash, salt) = SignatureAlgorithm(arguments.Arg(0), "verify");
        var signature = DataOf(arguments.Arg(2));
        var data = DataOf(arguments.Arg(3));
        var key = SignatureKey(arguments.Arg(1), algorithm, "verify");
        RefuseUnusable(key);
        var isRight = algorithm.Name switch
        {
            "HMAC" => CryptographicOperations.FixedTimeEquals(CryptographicOperations.HmacData(Hashes.Name(key.Hash!), key.Secret, data), signature),
            "ECDSA" => EllipticKeys.Verify(key, hash!, signature, data),
            "RSA-PSS" => RsaSchemes.VerifyPss(key, salt, signature, data),
            _ => RsaSchemes.Verify(key, signature, data),
        };
        return isRight ? JsBoolean.True : JsBoolean.False;
    }

    private static (SubtleAlgorithm Algorithm, string? Hash, int Salt) SignatureAlgorithm(JsValue value, string operation)
    {
        var algorithm = Algorithm(value);
        return algorithm.Name switch
        {
            "HMAC" or "RSASSA-PKCS1-V1_5" => (algorithm, null, 0),
            "ECDSA" => (algorithm, algorithm.Hash("generateKey"), 0),
            "RSA-PSS" => (algorithm, null, SubtleAlgorithm.ToInteger(algorithm.Need("saltLength"))),
            _ => throw SubtleException.NotSupported(algorithm.Name, operation),
        };
    }

    private static CryptoKey SignatureKey(JsValue value, SubtleAlgorithm algorithm, string usage)
    {
        var key = KeyOf(value);
        if (key.Algorithm != algorithm.KeyName)
        {
            throw SubtleException.Access("algorithm name does not match key algorithm name");
        }

        return key.Usages.Contains(usage) ? key : throw SubtleException.Access($"key does not contain the '{usage}' usage");
    }

    private JsValue GenerateKey(JsValue[] arguments)
    {
        var usages = Usages(arguments, 2);
        var algorithm = Algorithm(arguments.Arg(0));
        var isExtractable = TypeConverter.ToBoolean(arguments.Arg(1));
        if (algorithm.IsAes || algorithm.Name == "HMAC")
        {
            return (algorithm.IsAes ? SymmetricKeys.GenerateAes(algorithm, isExtractable, usages) : SymmetricKeys.GenerateHmac(algorithm, isExtractable, usages)).ToObject(realm);
        }

        if (!algorithm.IsElliptic && !algorithm.IsRsa)
        {
            throw SubtleException.NotSupported(algorithm.Name, "generateKey");
        }

        var (forPublic, forPrivate) = algorithm.IsElliptic ? EllipticKeys.Generate(algorithm, isExtractable, usages) : RsaKeys.Generate(algorithm, isExtractable, usages);
        var pair = new JsObject(realm.Engine);
        pair.Set("privateKey", forPrivate.ToObject(realm));
        pair.Set("publicKey", forPublic.ToObject(realm));
        return pair;
    }

    private ObjectInstance ImportKey(JsValue[] arguments)
    {
        var usages = Usages(arguments, 4);
        var (format, data) = (TypeConverter.ToString(arguments.Arg(0)), arguments.Arg(1));
        var bytes = format switch
        {
            "jwk" => null,
            "raw" or "spki" or "pkcs8" when data.IsNothing() => throw new SubtleException("TypeError", "data is null or undefined"),
            "raw" or "spki" or "pkcs8" => DataOf(data),
            _ => throw new SubtleException("ImplementationError", $"unsupported format {format}"),
        };
        var algorithm = Algorithm(arguments.Arg(2));
        var isExtractable = TypeConverter.ToBoolean(arguments.Arg(3));
        var key = algorithm switch
        {
            { IsAes: true } or { Name: "HMAC" or "PBKDF2" } => SymmetricKeys.Import(algorithm, format, bytes, data, isExtractable, usages),
            { IsElliptic: true } => EllipticKeys.Import(algorithm, format, bytes, data, isExtractable, usages),
            { IsRsa: true } => RsaKeys.Import(algorithm, format, bytes, data, isExtractable, usages),
            _ => throw SubtleException.NotSupported(algorithm.Name, "importKey"),
        };
        return key.ToObject(realm);
    }

    private JsValue ExportKey(JsValue[] arguments)
    {
        var format = TypeConverter.ToString(arguments.Arg(0));
        var key = CryptoKey.Of(arguments.Arg(1)) ?? throw new SubtleException("ImplementationError", "unable to extract CryptoKey from key object");
        if (!key.Extractable)
        {
            throw SubtleException.Access("the key is not extractable");
        }

        return key.Handle switch
        {
            byte[] => SymmetricKeys.Export(realm, key, format),
            ECParameters => EllipticKeys.Export(realm, key, format),
            _ => RsaKeys.Export(realm, key, format),
        };
    }

    private byte[] DeriveBits(SubtleAlgorithm algorithm, JsValue baseKey, JsValue length) => algorithm.Name switch
    {
        "ECDH" => EllipticKeys.DeriveBits(realm, algorithm, baseKey, SubtleAlgorithm.ToInteger(length)),
        "PBKDF2" => DerivePassword(algorithm, "deriveBits", baseKey, SubtleAlgorithm.ToInteger(length)),
        _ => throw SubtleException.NotSupported(algorithm.Name, "deriveBits"),
    };

    private ObjectInstance DeriveKey(JsValue[] arguments)
    {
        var usages = Usages(arguments, 4);
        var algorithm = Algorithm(arguments.Arg(0));
        if (algorithm.Name != "PBKDF2")
        {
            throw SubtleException.NotSupported(algorithm.Name, "deriveKey");
        }

        _ = algorithm.Hash("deriveKey");
        var derived = Algorithm(arguments.Arg(2));
        if (!derived.IsAes)
        {
            throw SubtleException.NotSupported(derived.Name, derived.Name is "HMAC" or "PBKDF2" || derived.IsElliptic || derived.IsRsa ? "getKeyLength" : "importKey");
        }

        if (!derived.IsObject || derived.Get("length").IsNothing())
        {
            throw SubtleException.Operation("aes length parameter not specified");
        }

        if (derived.Integer("length") is var length && length % 8 != 0)
        {
            throw SubtleException.Access("provided length of key must be a multiple of 8");
        }

        var bytes = DerivePassword(algorithm, "deriveKey", arguments.Arg(1), length);
        return SymmetricKeys.Import(derived, "raw", bytes, JsValue.Undefined, TypeConverter.ToBoolean(arguments.Arg(3)), usages).ToObject(realm);
    }

    private static byte[] DerivePassword(SubtleAlgorithm algorithm, string usage, JsValue baseKey, int length)
    {
        var hash = algorithm.Hash(usage);
        foreach (var field in (string[])["salt", "iterations"])
        {
            if (algorithm.Get(field).IsNothing())
            {
                throw new SubtleException("TypeError", $"field {field} is null or undefined");
            }
        }

        var key = CryptoKey.Of(baseKey) ?? throw new SubtleException(null, "invalid key type");
        if (!key.Usages.Contains(usage))
        {
            throw SubtleException.Access($"provided baseKey doesn't contain `{usage}` usage");
        }

        EllipticKeys.RefuseLength(length);
        var iterations = algorithm.Integer("iterations");
        return iterations > 0
            ? Rfc2898DeriveBytes.Pbkdf2(key.Secret, algorithm.Bytes("salt") ?? [], iterations, Hashes.Name(hash), length / 8)
            : throw SubtleException.Operation("number of iterations can't be 0");
    }

    private static void RefuseUnusable(CryptoKey key)
    {
        if (key.IsUnusable)
        {
            throw SubtleException.Access("given CryptoKey is not a public RSA key, it's rsa.PublicKey");
        }
    }

    private static CryptoKey KeyOf(JsValue value)
    {
        if (value is not ObjectInstance o)
        {
            throw SubtleException.Access("key argument does hold not a valid CryptoKey object");
        }

        return CryptoKey.Of(value) ?? throw (o.Get("algorithm").IsNothing()
            ? new SubtleException("TypeError", "field algorithm is null or undefined")
            : new SubtleException("ImplementationError", "could not get key handle"));
    }

    private static byte[] DataOf(JsValue value) =>
        (value.IsDataView() ? null : Interop.WholeBuffer(value)) ?? throw SubtleException.Operation("data is neither an ArrayBuffer, nor a TypedArray nor DataView");

    private List<string> Usages(JsValue[] arguments, int index)
    {
        var value = arguments.Arg(index);
        if (value.IsNothing())
        {
            return [];
        }

        return value.IsArray()
            ? [.. Interop.Items(value.AsObject()).Select(TypeConverter.ToString)]
            : throw realm.TypeError($"could not convert function call parameter {index}: could not convert {TypeConverter.ToString(value)} to []string");
    }

    private JsValue Settled(Func<JsValue> operation)
    {
        try
        {
            return Interop.Resolved(realm, operation());
        }
        catch (SubtleException e)
        {
            return Interop.Rejected(realm, Interop.NamedError(realm, e.Name, e.Message));
        }
    }
}
