using System.Security.Cryptography;
using System.Text;

namespace K6.LoadTesting.Reports;

/// <summary>GUIDs that are the same in every run: RFC 9562 version 5.</summary>
internal static class NameBasedGuid
{
    /// <summary>The GUID of a name in a namespace.</summary>
    public static Guid Create(Guid space, string name)
    {
        Span<byte> data = [.. space.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)];
#pragma warning disable CA5350 // Version 5 is SHA-1 by definition; nothing is secured by it.
        var hash = SHA1.HashData(data).AsSpan(0, 16);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
