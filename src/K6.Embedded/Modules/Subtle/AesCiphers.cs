using System.Security.Cryptography;

namespace K6.Embedded.Modules.Subtle;

/// <summary>AES in its three modes, with k6's rules and words.</summary>
internal static class AesCiphers
{
    private const int Block = 16;

    /// <summary>Encrypts.</summary>
    public static byte[] Encrypt(SubtleAlgorithm algorithm, byte[] key, byte[] data) => algorithm.Name switch
    {
        "AES-CBC" when data.Length == 0 => throw SubtleException.Operation("could not pad plaintext"),
        "AES-CBC" => Cbc(key, algorithm, (aes, iv) => aes.EncryptCbc(data, iv)),
        "AES-CTR" => Ctr(key, algorithm, data),
        "AES-GCM" => EncryptGcm(key, algorithm, data),
        _ => throw SubtleException.NotSupported(algorithm.Name, "encrypt"),
    };

    /// <summary>Decrypts.</summary>
    public static byte[] Decrypt(SubtleAlgorithm algorithm, byte[] key, byte[] data) => algorithm.Name switch
    {
        "AES-CBC" => Cbc(key, algorithm, (aes, iv) => DecryptCbc(aes, iv, data)),
        "AES-CTR" => Ctr(key, algorithm, data),
        "AES-GCM" => DecryptGcm(key, algorithm, data),
        _ => throw SubtleException.NotSupported(algorithm.Name, "decrypt"),
    };

    private static byte[] Cbc(byte[] key, SubtleAlgorithm algorithm, Func<Aes, byte[], byte[]> transform)
    {
        var iv = algorithm.Bytes("iv") is { Length: Block } bytes ? bytes : throw SubtleException.Operation("iv length is not 16 bytes");
        using var aes = Aes.Create();
        aes.Key = key;
        return transform(aes, iv);
    }

    private static byte[] DecryptCbc(Aes aes, byte[] iv, byte[] data)
    {
        try
        {
            return aes.DecryptCbc(data, iv);
        }
        catch (CryptographicException)
        {
            throw SubtleException.Operation("invalid padding");
        }
    }

    /// <summary>The whole block counts, whatever <c>length</c> says: so does k6.</summary>
    private static byte[] Ctr(byte[] key, SubtleAlgorithm algorithm, byte[] data)
    {
        var counter = algorithm.Bytes("counter") is { Length: Block } bytes ? bytes.AsSpan().ToArray() : throw SubtleException.Operation("counter length is not 16 bytes");
        if (algorithm.Integer("length") is < 1 or > 128)
        {
            throw SubtleException.Operation("invalid counter length, out of the 0 < x < 128 bounds");
        }

        using var aes = Aes.Create();
        aes.Key = key;
        var counters = new byte[(data.Length + Block - 1) / Block * Block];
        for (var at = 0; at < counters.Length; at += Block)
        {
            counter.CopyTo(counters, at);
            for (var i = Block - 1; i >= 0 && ++counter[i] == 0; i--)
            {
            }
        }

        var result = aes.EncryptEcb(counters, PaddingMode.None).AsSpan(0, data.Length).ToArray();
        for (var i = 0; i < result.Length; i++)
        {
            result[i] ^= data[i];
        }

        return result;
    }

    private static byte[] EncryptGcm(byte[] key, SubtleAlgorithm algorithm, byte[] data)
    {
        var (iv, tagLength, more) = GcmParameters(algorithm);
        using var gcm = new AesGcm(key, tagLength);
        var result = new byte[data.Length + tagLength];
        gcm.Encrypt(iv, data, result.AsSpan(0, data.Length), result.AsSpan(data.Length), more);
        return result;
    }

    private static byte[] DecryptGcm(byte[] key, SubtleAlgorithm algorithm, byte[] data)
    {
        var (iv, tagLength, more) = GcmParameters(algorithm);
        if (data.Length < tagLength)
        {
            throw SubtleException.Operation("ciphertext is too short");
        }

        using var gcm = new AesGcm(key, tagLength);
        var result = new byte[data.Length - tagLength];
        try
        {
            gcm.Decrypt(iv, data.AsSpan(0, result.Length), data.AsSpan(result.Length), result, more);
        }
        catch (CryptographicException)
        {
            throw SubtleException.Operation("could not decrypt ciphertext");
        }

        return result;
    }

    private static (byte[] Iv, int TagBytes, byte[] AdditionalData) GcmParameters(SubtleAlgorithm algorithm)
    {
        var bits = algorithm.Get("tagLength").IsNothing() ? 128 : algorithm.Integer("tagLength");
        var problem = bits switch
        {
            32 or 64 => new SubtleException("NotSupportedError", "tag length 32 and 64 are not supported"),
            not (96 or 104 or 112 or 120 or 128) => SubtleException.Operation("invalid tag length, should be one of 96, 104, 112, 120, 128"),
            _ => algorithm.Bytes("iv") is { Length: 12 } ? null : new SubtleException("NotSupportedError", "only 12 bytes long iv are supported"),
        };
        return problem is null ? (algorithm.Bytes("iv")!, bits / 8, algorithm.Bytes("additionalData") ?? []) : throw problem;
    }
}
