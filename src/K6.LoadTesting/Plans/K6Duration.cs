using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace K6.LoadTesting.Plans;

/// <summary>
/// Durations as k6 writes them in options: <c>1m30s</c>, <c>500ms</c>, <c>1.5h</c>, whole days in front (<c>1d12h</c>),
/// and a number without a unit, which is milliseconds.
/// </summary>
internal static partial class K6Duration
{
    /// <summary>What a duration looks like, for messages.</summary>
    internal const string Example = "a duration such as 30s, 1m30s or 500ms";

    /// <summary>Reads a duration; false for what k6 refuses, and for more than 292 years.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null)
        {
            return false;
        }

        if (GoNumber.TryParse(text, out var milliseconds))
        {
            return double.IsFinite(milliseconds) && TryFrom(milliseconds * TimeSpan.TicksPerMillisecond, out duration);
        }

        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var ticks = match.Groups["days"].Success
            ? double.Parse(match.Groups["days"].Value, CultureInfo.InvariantCulture) * TimeSpan.TicksPerDay
            : 0;
        foreach (Capture part in match.Groups["part"].Captures)
        {
            var unit = part.Value.TrimStart("0123456789.".AsSpan()).ToString();
            var number = double.Parse(part.Value.AsSpan(0, part.Value.Length - unit.Length), NumberStyles.Float, CultureInfo.InvariantCulture);
            ticks += number * TicksPer(unit);
        }

        return TryFrom(match.Groups["sign"].Value == "-" ? -ticks : ticks, out duration);
    }

    /// <summary>Reads a duration that was validated before.</summary>
    /// <exception cref="FormatException">k6 would refuse it.</exception>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var duration) ? duration : throw new FormatException($"'{text}' is not {Example}");

    /// <summary>Whether a duration is a bare number, which k6 reads as milliseconds.</summary>
    public static bool IsUnitless(string text) => GoNumber.TryParse(text, out _);

    /// <summary>Writes a duration in its largest units, without those that are zero: <c>1m30s</c>, <c>1h</c>, <c>2.5s</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new StringBuilder(duration < TimeSpan.Zero ? "-" : "");
        duration = duration.Duration();
        if (duration < TimeSpan.FromSeconds(1))
        {
            var (value, unit) = duration < TimeSpan.FromMilliseconds(1) ? (duration.TotalMicroseconds, "us") : (duration.TotalMilliseconds, "ms");
            return text.Append(CultureInfo.InvariantCulture, $"{value}{unit}").ToString();
        }

        var hours = (long)duration.TotalHours;
        var seconds = (duration - TimeSpan.FromHours(hours)).TotalSeconds % 60;
        _ = hours == 0 ? text : text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        _ = duration.Minutes == 0 ? text : text.Append(CultureInfo.InvariantCulture, $"{duration.Minutes}m");
        _ = seconds == 0 ? text : text.Append(CultureInfo.InvariantCulture, $"{Math.Round(seconds, 7)}s");
        return text.ToString();
    }

    private static double TicksPer(string unit) => unit switch
    {
        "h" => TimeSpan.TicksPerHour,
        "m" => TimeSpan.TicksPerMinute,
        "s" => TimeSpan.TicksPerSecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "ns" => 0.01,
        _ => TimeSpan.TicksPerMicrosecond,
    };

    private static bool TryFrom(double ticks, out TimeSpan duration)
    {
        // Go keeps nanoseconds in 64 bits: about 292 years.
        var fits = Math.Abs(ticks) < long.MaxValue / 100.0;
        duration = fits ? new TimeSpan((long)Math.Round(ticks)) : default;
        return fits;
    }

    [GeneratedRegex(@"^(?<sign>[+-]?)(?=.)(?:(?<days>[0-9]+)d)?(?<part>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))*\z")]
    private static partial Regex Pattern();
}
