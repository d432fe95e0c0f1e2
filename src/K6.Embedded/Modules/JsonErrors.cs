using System.Globalization;
using System.Text.Json;

namespace K6.Embedded.Modules;

/// <summary>k6's words for a body that is not JSON.</summary>
internal static class JsonErrors
{
    /// <summary>Says where the text stops being JSON.</summary>
    public static string Describe(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException e)
        {
            var line = e.LineNumber ?? 0;
            var column = e.BytePositionInLine ?? 0;
            var offset = OffsetOf(body, line) + column;
            var reason = offset >= body.Length
                ? "unexpected end of JSON input"
                : $"invalid character {Quoted(body[offset])} looking for beginning of value";
            return string.Create(CultureInfo.InvariantCulture, $"cannot parse json due to an error at line {line + 1}, character {column + 1} , error: {reason}");
        }

        return "cannot parse json due to an error at line 1, character 1 , error: unexpected end of JSON input";
    }

    private static long OffsetOf(byte[] body, long line)
    {
        long offset = 0;
        for (; line > 0; line--)
        {
            offset = Array.IndexOf(body, (byte)'\n', (int)offset) + 1;
        }

        return offset;
    }

    private static string Quoted(byte value) => value is >= 0x20 and < 0x7f ? $"'{(char)value}'" : string.Create(CultureInfo.InvariantCulture, $"'\\x{value:x2}'");
}
