using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace K6.LoadTesting.Metrics;

/// <summary>Numbers and times of samples from their bytes.</summary>
internal static class SampleNumbers
{
    // Of a number with so many digits both the digits and the power of ten are doubles without error, and their quotient is rounded once: the nearest double.
    private const int ExactDigits = 15;

    private static readonly double[] PowersOfTen = [.. Enumerable.Range(0, ExactDigits + 1).Select(power => Math.Pow(10, power))];

    /// <summary>Reads a number at the start of a text, to the nearest double.</summary>
    public static bool TryDouble(ReadOnlySpan<byte> text, out double value, out int length)
    {
        var i = 0;
        var isNegative = text.Length > 0 && text[0] == '-';
        if (isNegative)
        {
            i++;
        }

        ulong digits = 0;
        var start = i;
        for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++)
        {
            digits = (digits * 10) + (uint)(text[i] - '0');
        }

        var count = i - start;
        var scale = 0;
        if (i < text.Length && text[i] == '.')
        {
            start = ++i;
            for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++)
            {
                digits = (digits * 10) + (uint)(text[i] - '0');
            }

            scale = i - start;
            count += scale;
        }

        if (count is 0 or > ExactDigits || (i < text.Length && (text[i] | 0x20) == 'e'))
        {
            return Utf8Parser.TryParse(text, out value, out length) || TryNamed(text, out value, out length);
        }

        value = digits / PowersOfTen[scale];
        value = isNegative ? -value : value;
        length = i;
        return true;
    }

    // As Go writes them: a script may add Infinity to a metric.
    private static bool TryNamed(ReadOnlySpan<byte> text, out double value, out int length)
    {
        (value, length) = text.StartsWith("+Inf"u8) ? (double.PositiveInfinity, 4) : text.StartsWith("-Inf"u8) ? (double.NegativeInfinity, 4) : (double.NaN, 3);
        return length == 4 || text.StartsWith("NaN"u8);
    }

    /// <summary>Microseconds since 1970 of a Unix time in seconds, milliseconds, microseconds or nanoseconds: its size tells which, from 1973 to 5138.</summary>
    public static long FromUnix(long time) => time switch
    {
        < 100_000_000_000 => time * 1_000_000,
        < 100_000_000_000_000 => time * 1000,
        < 100_000_000_000_000_000 => time,
        _ => time / 1000,
    };

    /// <summary>Microseconds since 1970 of a text as RFC 3339 has it.</summary>
    public static bool TryRfc3339(ReadOnlySpan<byte> text, out long microseconds)
    {
        if (DateTimeOffset.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            microseconds = (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
            return true;
        }

        microseconds = 0;
        return false;
    }
}
