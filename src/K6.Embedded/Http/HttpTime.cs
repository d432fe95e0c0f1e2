using System.Buffers;
using System.Globalization;

namespace K6.Embedded.Http;

/// <summary>Durations as k6 writes them: <c>1m30s</c>, <c>200ms</c>, or a number of milliseconds.</summary>
internal static class HttpTime
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Parses a duration.</summary>
    /// <exception cref="FormatException">The message is k6's: <c>time: invalid duration "abc"</c>.</exception>
    public static TimeSpan Parse(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds))
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        var rest = text.AsSpan();
        var sign = 1;
        if (rest.Length > 0 && rest[0] is '-' or '+')
        {
            sign = rest[0] == '-' ? -1 : 1;
            rest = rest[1..];
        }

        var total = 0d;
        var any = false;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                throw new FormatException($"time: invalid duration \"{text}\"");
            }

            rest = rest[digits..];
            var unitLength = rest.IndexOfAny(Digits);
            var unit = unitLength < 0 ? rest : rest[..unitLength];
            total += value * unit switch
            {
                "ns" => 1e-6,
                "us" or "µs" => 1e-3,
                "ms" => 1,
                "s" => 1000,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                _ => throw new FormatException($"time: unknown unit \"{unit}\" in duration \"{text}\""),
            };
            rest = rest[unit.Length..];
            any = true;
        }

        return any ? TimeSpan.FromMilliseconds(sign * total) : throw new FormatException($"time: invalid duration \"{text}\"");
    }
}
