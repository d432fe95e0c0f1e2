using System.Buffers.Binary;
using System.Text;

namespace K6.LoadTesting.Bundling;

/// <summary>
/// A packet of esbuild's service protocol: JSON in binary, with byte arrays. Values are null, bool, int, string, byte[],
/// <c>object?[]</c> and <c>Dictionary&lt;string, object?&gt;</c>. The protocol belongs to one version of esbuild.
/// </summary>
internal sealed record EsbuildPacket(uint Id, bool IsRequest, object? Value)
{
    /// <summary>The packet with its length in front.</summary>
    public byte[] Encode()
    {
        using var buffer = new MemoryStream();
        WriteNumber(buffer, 0);
        WriteNumber(buffer, (Id << 1) | (IsRequest ? 0u : 1u));
        Write(buffer, Value);
        var bytes = buffer.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)bytes.Length - 4);
        return bytes;
    }

    /// <summary>A packet from its bytes, without the length.</summary>
    public static EsbuildPacket Decode(ReadOnlySpan<byte> bytes)
    {
        var id = ReadNumber(ref bytes);
        return new EsbuildPacket(id >> 1, (id & 1) == 0, Read(ref bytes));
    }

    private static void Write(MemoryStream buffer, object? value)
    {
        switch (value)
        {
            case null:
                buffer.WriteByte(0);
                break;
            case bool flag:
                buffer.WriteByte(1);
                buffer.WriteByte(flag ? (byte)1 : (byte)0);
                break;
            case int number:
                buffer.WriteByte(2);
                WriteNumber(buffer, (uint)number);
                break;
            case string text:
                buffer.WriteByte(3);
                WriteBytes(buffer, Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                buffer.WriteByte(4);
                WriteBytes(buffer, bytes);
                break;
            case object?[] list:
                buffer.WriteByte(5);
                WriteNumber(buffer, (uint)list.Length);
                foreach (var item in list)
                {
                    Write(buffer, item);
                }

                break;
            case Dictionary<string, object?> map:
                buffer.WriteByte(6);
                WriteNumber(buffer, (uint)map.Count);
                foreach (var (key, item) in map)
                {
                    WriteBytes(buffer, Encoding.UTF8.GetBytes(key));
                    Write(buffer, item);
                }

                break;
            default:
                throw new ArgumentException($"esbuild's protocol has no {value.GetType()}", nameof(value));
        }
    }

    private static object? Read(ref ReadOnlySpan<byte> bytes)
    {
        var kind = bytes[0];
        bytes = bytes[1..];
        switch (kind)
        {
            case 0:
                return null;
            case 1:
                var flag = bytes[0] != 0;
                bytes = bytes[1..];
                return flag;
            case 2:
                return (int)ReadNumber(ref bytes);
            case 3:
                return Encoding.UTF8.GetString(ReadBytes(ref bytes));
            case 4:
                return ReadBytes(ref bytes).ToArray();
            case 5:
                var list = new object?[ReadNumber(ref bytes)];
                for (var i = 0; i < list.Length; i++)
                {
                    list[i] = Read(ref bytes);
                }

                return list;
            case 6:
                var map = new Dictionary<string, object?>();
                for (var count = ReadNumber(ref bytes); count > 0; count--)
                {
                    var key = Encoding.UTF8.GetString(ReadBytes(ref bytes));
                    map[key] = Read(ref bytes);
                }

                return map;
            default:
                throw new InvalidDataException($"esbuild sent a value of kind {kind}, which its protocol does not have");
        }
    }

    private static void WriteNumber(MemoryStream buffer, uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        buffer.Write(bytes);
    }

    private static void WriteBytes(MemoryStream buffer, byte[] bytes)
    {
        WriteNumber(buffer, (uint)bytes.Length);
        buffer.Write(bytes);
    }

    private static uint ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        var number = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        bytes = bytes[4..];
        return number;
    }

    private static ReadOnlySpan<byte> ReadBytes(ref ReadOnlySpan<byte> bytes)
    {
        var length = (int)ReadNumber(ref bytes);
        var result = bytes[..length];
        bytes = bytes[length..];
        return result;
    }
}
