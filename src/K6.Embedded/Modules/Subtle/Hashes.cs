using System.Security.Cryptography;

namespace K6.Embedded.Modules.Subtle;

/// <summary>The four hashes of <c>crypto.subtle</c>, by their names.</summary>
internal static class Hashes
{
    /// <summary>Whether there is such a hash.</summary>
    public static bool IsKnown(string name) => name is "SHA-1" or "SHA-256" or "SHA-384" or "SHA-512";

    /// <summary>The hash in .NET.</summary>
    public static HashAlgorithmName Name(string name) => new(name.Replace("-", "", StringComparison.Ordinal));

    /// <summary>How many bytes a digest has.</summary>
    public static int Size(string name) => name switch { "SHA-1" => 20, "SHA-256" => 32, "SHA-384" => 48, _ => 64 };

    /// <summary>How many bytes a block has, which is also the length of a generated HMAC key.</summary>
    public static int BlockSize(string name) => name is "SHA-1" or "SHA-256" ? 64 : 128;

    /// <summary>The digest of some bytes.</summary>
    public static byte[] Digest(string name, byte[] data) => CryptographicOperations.HashData(Name(name), data);
}
