using System.Buffers;
using System.Globalization;

namespace K6.LoadTesting.Engines;

/// <summary>
/// Durations in k6's notation: <c>1h2m3.5s</c>, <c>1d</c>, <c>300ms</c>, or a bare number of milliseconds
/// (https://grafana.com/docs/k6/latest/using-k6/k6-options/reference/).
/// </summary>
internal static class K6Duration
{
    private static readonly (string Unit, double Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond), ("µs", TimeSpan.TicksPerMicrosecond), ("ns", 0.01),
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
    ];

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Parses a duration that the plan has validated; anything else is the given fallback.</summary>
    public static TimeSpan ParseOr(string? text, TimeSpan fallback) => TryParse(text, out var duration) ? duration : fallback;

    /// <summary>Parses a duration of zero or more.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            return false;
        }

        double ticks = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            var number = digits < 0 ? rest : rest[..digits];
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }

            rest = rest[number.Length..];
            if (rest.IsEmpty)
            {
                if (number.Length != text.AsSpan().Trim().Length)
                {
                    return false;
                }

                ticks = value * TimeSpan.TicksPerMillisecond;
                break;
            }

            var found = false;
            foreach (var (unit, ticksOfUnit) in Units)
            {
                if (rest.StartsWith(unit, StringComparison.Ordinal))
                {
                    ticks += value * ticksOfUnit;
                    rest = rest[unit.Length..];
                    found = true;
                    break;
                }
            }

            if (!found)
            {
                return false;
            }
        }

        if (ticks > TimeSpan.MaxValue.Ticks / 2)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }
}
