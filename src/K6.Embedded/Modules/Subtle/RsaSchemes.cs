using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace K6.Embedded.Modules.Subtle;

/// <summary>
/// Encryption and signatures with RSA. .NET has no label for OAEP and no length of the salt for PSS, so these are padded here by RFC 8017.
/// </summary>
internal static class RsaSchemes
{
    /// <summary>RSA-OAEP.</summary>
    public static byte[] Encrypt(CryptoKey key, byte[] label, byte[] data)
    {
        var parameters = (RSAParameters)key.Handle;
        var size = parameters.Modulus!.Length;
        var hashSize = Hashes.Size(key.Hash!);
        if (data.Length > size - (2 * hashSize) - 2)
        {
            throw SubtleException.Operation("could not encrypt data: crypto/rsa: message too long for RSA key size");
        }

        if (label.Length == 0)
        {
            using var rsa = RSA.Create(parameters);
            return rsa.Encrypt(data, RSAEncryptionPadding.CreateOaep(Hashes.Name(key.Hash!)));
        }

        var seed = RandomNumberGenerator.GetBytes(hashSize);
        byte[] block = [.. Hashes.Digest(key.Hash!, label), .. new byte[size - data.Length - (2 * hashSize) - 2], 1, .. data];
        Mask(block, seed, key.Hash!);
        Mask(seed, block, key.Hash!);
        return Power([0, .. seed, .. block], parameters.Exponent!, parameters.Modulus);
    }

    /// <summary>RSA-OAEP.</summary>
    public static byte[] Decrypt(CryptoKey key, byte[] label, byte[] data)
    {
        var failure = SubtleException.Operation("could not decrypt data: crypto/rsa: decryption error");
        var parameters = (RSAParameters)key.Handle;
        if (label.Length == 0)
        {
            try
            {
                using var rsa = RSA.Create(parameters);
                return rsa.Decrypt(data, RSAEncryptionPadding.CreateOaep(Hashes.Name(key.Hash!)));
            }
            catch (CryptographicException)
            {
                throw failure;
            }
        }

        var hashSize = Hashes.Size(key.Hash!);
        if (data.Length != parameters.Modulus!.Length || data.Length < (2 * hashSize) + 2)
        {
            throw failure;
        }

        var plain = Power(data, parameters.D!, parameters.Modulus);
        var (seed, block) = (plain[1..(1 + hashSize)], plain[(1 + hashSize)..]);
        Mask(seed, block, key.Hash!);
        Mask(block, seed, key.Hash!);
        var rest = block.AsSpan(hashSize).TrimStart((byte)0);
        return plain[0] == 0 && block.AsSpan(0, hashSize).SequenceEqual(Hashes.Digest(key.Hash!, label)) && rest is [1, ..] ? rest[1..].ToArray() : throw failure;
    }

    /// <summary>RSASSA-PKCS1-v1_5.</summary>
    public static byte[] Sign(CryptoKey key, byte[] data)
    {
        using var rsa = RSA.Create((RSAParameters)key.Handle);
        return rsa.SignData(data, Hashes.Name(key.Hash!), RSASignaturePadding.Pkcs1);
    }

    /// <summary>RSASSA-PKCS1-v1_5.</summary>
    public static bool Verify(CryptoKey key, byte[] signature, byte[] data)
    {
        using var rsa = RSA.Create((RSAParameters)key.Handle);
        return rsa.VerifyData(data, signature, Hashes.Name(key.Hash!), RSASignaturePadding.Pkcs1);
    }

    /// <summary>RSA-PSS with a salt of so many bytes; a negative number stands for the length of the hash.</summary>
    public static byte[] SignPss(CryptoKey key, int saltLength, byte[] data)
    {
        var parameters = (RSAParameters)key.Handle;
        var (hashSize, bits) = (Hashes.Size(key.Hash!), EncodedBits(parameters));
        var salt = saltLength < 0 ? hashSize : saltLength;
        var size = (bits + 7) / 8;
        if (size < hashSize + salt + 2)
        {
            throw SubtleException.Operation("could not sign data: crypto/rsa: message too long for RSA key size");
        }

        if (salt == hashSize)
        {
            using var rsa = RSA.Create(parameters);
            return rsa.SignData(data, Hashes.Name(key.Hash!), RSASignaturePadding.Pss);
        }

        var saltBytes = RandomNumberGenerator.GetBytes(salt);
        var hash = PssHash(key.Hash!, data, saltBytes);
        byte[] block = [.. new byte[size - salt - hashSize - 2], 1, .. saltBytes];
        Mask(block, hash, key.Hash!);
        block[0] &= (byte)(0xff >> ((8 * size) - bits));
        return Power([.. block, .. hash, 0xbc], parameters.D!, parameters.Modulus!);
    }

    /// <summary>RSA-PSS.</summary>
    public static bool VerifyPss(CryptoKey key, int saltLength, byte[] signature, byte[] data)
    {
        var parameters = (RSAParameters)key.Handle;
        var (hashSize, bits) = (Hashes.Size(key.Hash!), EncodedBits(parameters));
        var salt = saltLength < 0 ? hashSize : saltLength;
        var size = (bits + 7) / 8;
        if (signature.Length != parameters.Modulus!.Length || size < hashSize + salt + 2)
        {
            return false;
        }

        var encoded = Power(signature, parameters.Exponent!, parameters.Modulus)[^size..];
        var (block, hash) = (encoded[..(size - hashSize - 1)], encoded[(size - hashSize - 1)..^1]);
        Mask(block, hash, key.Hash!);
        block[0] &= (byte)(0xff >> ((8 * size) - bits));
        var zeros = size - salt - hashSize - 2;
        return encoded[^1] == 0xbc && block[zeros] == 1 && !block.AsSpan(0, zeros).ContainsAnyExcept((byte)0) && PssHash(key.Hash!, data, block[(zeros + 1)..]).AsSpan().SequenceEqual(hash);
    }

    private static int EncodedBits(RSAParameters parameters) => (int)(Number(parameters.Modulus!).GetBitLength() - 1);

    private static byte[] PssHash(string hash, byte[] data, byte[] salt) => Hashes.Digest(hash, [.. new byte[8], .. Hashes.Digest(hash, data), .. salt]);

    /// <summary>MGF1 of a seed, by exclusive or.</summary>
    private static void Mask(byte[] target, byte[] seed, string hash)
    {
        byte[] input = [.. seed, 0, 0, 0, 0];
        for (int at = 0, counter = 0; at < target.Length; counter++)
        {
            BinaryPrimitives.WriteInt32BigEndian(input.AsSpan(seed.Length), counter);
            foreach (var b in Hashes.Digest(hash, input))
            {
                if (at < target.Length)
                {
                    target[at++] ^= b;
                }
            }
        }
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Power(byte[] value, byte[] exponent, byte[] modulus)
    {
        var result = BigInteger.ModPow(Number(value), Number(exponent), Number(modulus)).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[modulus.Length - result.Length], .. result];
    }
}
