using System.Buffers.Binary;
using System.Numerics;

namespace K6.Embedded.Modules;

/// <summary>Hashes that k6 has and .NET has not: MD4 (RFC 1320), RIPEMD-160 (its authors' paper), SHA-512/224 and SHA-512/256 (FIPS 180-4).</summary>
internal static class OldHashes
{
    private static readonly byte[] RipeLeft =
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8, 3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12,
        1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2, 4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13,
    ];

    private static readonly byte[] RipeRight =
    [
        5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12, 6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2, 15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13,
        8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14, 12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11,
    ];

    private static readonly byte[] RipeLeftShift =
    [
        11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8, 7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12, 11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5,
        11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12, 9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6,
    ];

    private static readonly byte[] RipeRightShift =
    [
        8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6, 9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11, 9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5,
        15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8, 8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11,
    ];

    private static readonly uint[] RipeLeftConstants = [0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e];
    private static readonly uint[] RipeRightConstants = [0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0];

    /// <summary>MD4.</summary>
    public static byte[] Md4(byte[] input)
    {
        uint[] state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
        Span<uint> x = stackalloc uint[16];
        byte[] order2 = [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15];
        byte[] order3 = [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15];
        byte[][] shifts = [[3, 7, 11, 19], [3, 5, 9, 13], [3, 9, 11, 15]];
        var padded = Pad(input, 64, bigEndian: false);
        for (var at = 0; at < padded.Length; at += 64)
        {
            Load(padded, at, x);
            var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
            for (var i = 0; i < 48; i++)
            {
                var round = i / 16;
                var mixed = round switch
                {
                    0 => ((b & c) | (~b & d)) + x[i],
                    1 => ((b & c) | (b & d) | (c & d)) + x[order2[i - 16]] + 0x5a827999,
                    _ => (b ^ c ^ d) + x[order3[i - 32]] + 0x6ed9eba1,
                };
                (a, d, c, b) = (d, c, b, BitOperations.RotateLeft(a + mixed, shifts[round][i % 4]));
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
        }

        return Store(state);
    }

    /// <summary>RIPEMD-160.</summary>
    public static byte[] RipeMd160(byte[] input)
    {
        uint[] state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
        Span<uint> x = stackalloc uint[16];
        var padded = Pad(input, 64, bigEndian: false);
        for (var at = 0; at < padded.Length; at += 64)
        {
            Load(padded, at, x);
            var left = (uint[])state.Clone();
            var right = (uint[])state.Clone();
            for (var i = 0; i < 80; i++)
            {
                var round = i / 16;
                Step(left, RipeFunction(round, left[1], left[2], left[3]) + x[RipeLeft[i]] + RipeLeftConstants[round], RipeLeftShift[i]);
                Step(right, RipeFunction(4 - round, right[1], right[2], right[3]) + x[RipeRight[i]] + RipeRightConstants[round], RipeRightShift[i]);
            }

            var first = state[1] + left[2] + right[3];
            state[1] = state[2] + left[3] + right[4];
            state[2] = state[3] + left[4] + right[0];
            state[3] = state[4] + left[0] + right[1];
            state[4] = state[0] + left[1] + right[2];
            state[0] = first;
        }

        return Store(state);
    }

    /// <summary>SHA-512 with its own start values, cut to a length.</summary>
    /// <param name="input">What to hash.</param>
    /// <param name="length">28 or 32 bytes.</param>
    public static byte[] Sha512Truncated(byte[] input, int length)
    {
        ulong[] start = length == 28
            ? [0x8C3D37C819544DA2, 0x73E1996689DCD4D6, 0x1DFAB7AE32FF9C82, 0x679DD514582F9FCF, 0x0F6D2B697BD44DA8, 0x77E36F7304C48942, 0x3F9D85A86A1D36C8, 0x1112E6AD91D692A1]
            : [0x22312194FC2BF72C, 0x9F555FA3C84C64C2, 0x2393B86B6F53B151, 0x963877195940EABD, 0x96283EE2A88EFFE3, 0xBE5E1E2553863992, 0x2B0199FC2C85B8AA, 0x0EB72DDC81C52CA2];
        return Sha512Core.Hash(Pad(input, 128, bigEndian: true), start)[..length];
    }

    private static void Step(uint[] s, uint mixed, int shift)
    {
        var rotated = BitOperations.RotateLeft(s[0] + mixed, shift) + s[4];
        (s[0], s[4], s[3], s[2], s[1]) = (s[4], s[3], BitOperations.RotateLeft(s[2], 10), s[1], rotated);
    }

    private static uint RipeFunction(int round, uint x, uint y, uint z) => round switch
    {
        0 => x ^ y ^ z,
        1 => (x & y) | (~x & z),
        2 => (x | ~y) ^ z,
        3 => (x & z) | (y & ~z),
        _ => x ^ (y | ~z),
    };

    private static void Load(byte[] padded, int at, Span<uint> words)
    {
        for (var i = 0; i < 16; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(padded.AsSpan(at + (i * 4)));
        }
    }

    private static byte[] Store(uint[] state)
    {
        var result = new byte[state.Length * 4];
        for (var i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(i * 4), state[i]);
        }

        return result;
    }

    private static byte[] Pad(byte[] input, int block, bool bigEndian)
    {
        var lengthBytes = block / 8;
        var total = (input.Length + 1 + lengthBytes + block - 1) / block * block;
        var padded = new byte[total];
        input.CopyTo(padded, 0);
        padded[input.Length] = 0x80;
        var bits = (ulong)input.Length * 8;
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt64BigEndian(padded.AsSpan(total - 8), bits);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(padded.AsSpan(total - 8), bits);
        }

        return padded;
    }
}
