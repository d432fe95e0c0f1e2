using System.Globalization;
using System.Text;

namespace K6.Embedded.Options;

/// <summary>Durations as k6 reads and writes them: <c>1m30s</c>, <c>1.5h</c>, <c>1d12h</c>; a bare number is milliseconds.</summary>
internal static class GoDuration
{
    /// <summary>Reads a duration of options: with days, or a number of milliseconds.</summary>
    /// <exception cref="FormatException">With k6's message.</exception>
    public static TimeSpan ParseExtended(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && !text.Contains(' ', StringComparison.Ordinal))
        {
            return FromMilliseconds(milliseconds);
        }

        var d = text.IndexOf('d', StringComparison.Ordinal);
        if (d < 0)
        {
            return Parse(text);
        }

        var rest = text[(d + 1)..];
        var hours = rest.Length == 0 ? TimeSpan.Zero : Parse(rest);
        return long.TryParse(text.AsSpan(0, d), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days)
            ? TimeSpan.FromDays(days) + (hours * (text[0] == '-' ? -1 : 1))
            : throw Invalid(text);
    }

    /// <summary>Reads a duration of a flag: a unit is needed.</summary>
    /// <exception cref="FormatException">With k6's message.</exception>
    public static TimeSpan Parse(string text)
    {
        var rest = text.AsSpan();
        var isNegative = false;
        if (rest.Length > 0 && rest[0] is '-' or '+')
        {
            isNegative = rest[0] == '-';
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return TimeSpan.Zero;
        }

        if (rest.IsEmpty)
        {
            throw Invalid(text);
        }

        var total = 0m;
        while (!rest.IsEmpty)
        {
            var digits = CountWhile(rest, static c => char.IsAsciiDigit(c) || c == '.');
            if (digits == 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            {
                throw Invalid(text);
            }

            rest = rest[digits..];
            var letters = CountWhile(rest, static c => !char.IsAsciiDigit(c) && c != '.');
            if (letters == 0)
            {
                throw new FormatException($"time: missing unit in duration {Execution.GoText.Quote(text)}");
            }

            var unit = rest[..letters].ToString();
            total += value * TicksOf(unit, text);
            rest = rest[letters..];
        }

        return total > long.MaxValue ? throw Invalid(text) : new TimeSpan((long)(isNegative ? -total : total));
    }

    /// <summary>A number of milliseconds as a duration.</summary>
    public static TimeSpan FromMilliseconds(double milliseconds) =>
        new((long)Math.Clamp(milliseconds * TimeSpan.TicksPerMillisecond, long.MinValue / 2.0, long.MaxValue / 2.0));

    /// <summary>Writes a duration as k6 does: <c>10m30s</c>, <c>1.5s</c>, <c>500ms</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new StringBuilder(duration < TimeSpan.Zero ? "-" : "");
        var ticks = Math.Abs((decimal)duration.Ticks);
        if (ticks < TimeSpan.TicksPerSecond)
        {
            return (ticks switch
            {
                < 10 => text.Append(Number(ticks * 100)).Append("ns"),
                < TimeSpan.TicksPerMillisecond => text.Append(Number(ticks / 10)).Append("µs"),
                _ => text.Append(Number(ticks / TimeSpan.TicksPerMillisecond)).Append("ms"),
            }).ToString();
        }

        var hours = (long)(ticks / TimeSpan.TicksPerHour);
        var minutes = (long)(ticks / TimeSpan.TicksPerMinute) % 60;
        var seconds = ticks % TimeSpan.TicksPerMinute / TimeSpan.TicksPerSecond;
        if (hours > 0)
        {
            text.Append(hours).Append('h');
        }

        if (hours > 0 || minutes > 0)
        {
            text.Append(minutes).Append('m');
        }

        return text.Append(Number(seconds)).Append('s').ToString();
    }

    private static string Number(decimal value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    private static FormatException Invalid(string text) => new($"time: invalid duration {Execution.GoText.Quote(text)}");

    private static decimal TicksOf(string unit, string text) => unit switch
    {
        "ns" => 0.01m,
        "us" or "µs" or "μs" => 10,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => throw new FormatException($"time: unknown unit {Execution.GoText.Quote(unit)} in duration {Execution.GoText.Quote(text)}"),
    };

    private static int CountWhile(ReadOnlySpan<char> text, Func<char, bool> predicate)
    {
        var count = 0;
        while (count < text.Length && predicate(text[count]))
        {
            count++;
        }

        return count;
    }
}
