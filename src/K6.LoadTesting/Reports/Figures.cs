using System.Globalization;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports;

/// <summary>Numbers for people: four digits, k6's units, invariant.</summary>
internal static class Figures
{
    /// <summary>A value with its unit: <c>612.4 ms</c>, <c>0.0342</c>, <c>21.4/s</c>.</summary>
    public static string Value(double value, string unit = "") => Number(value) + Suffix(unit);

    /// <summary>What was measured: <c>p(95) = 612.4 ms</c>, <c>rate = 0.0342 (719 of 21034)</c>, <c>p(95) has no samples</c>.</summary>
    public static string Actual(ThresholdResult threshold)
    {
        if (threshold.Actual is not { } actual)
        {
            return $"{threshold.Statistic} {(threshold.Verdict == ThresholdVerdict.NoSamples ? "has no samples" : "is unknown")}";
        }

        var shares = threshold.Unit == "1" && threshold.Samples is { } samples
            ? $" ({Math.Round(actual * samples).ToString(CultureInfo.InvariantCulture)} of {samples.ToString(CultureInfo.InvariantCulture)})"
            : "";
        return $"{threshold.Statistic} = {Apart(actual, threshold.Limit)}{Suffix(threshold.Unit)}{shares}";
    }

    /// <summary>What a threshold is about: <c>http_req_duration in 30s..</c>, <c>errors per http_reqs</c>.</summary>
    public static string Subject(ThresholdResult threshold) => string.Concat(
        threshold.Metric, threshold.Per is null ? "" : $" per {threshold.Per}", threshold.Window is null ? "" : $" in {threshold.Window}");

    /// <summary>How far the value is from the limit: <c>+22 %</c> of it, or <c>31 times the limit</c>; empty where that says nothing.</summary>
    public static string Margin(ThresholdResult threshold)
    {
        if (threshold.Actual is not { } actual || threshold.Limit == 0 || !double.IsFinite(threshold.Limit)
            || threshold.Operator is not ("<" or "<=" or ">" or ">="))
        {
            return "";
        }

        if (actual / threshold.Limit is >= 10 and var times)
        {
            return $"{Number(times, digits: 2)} times the limit";
        }

        var percent = (actual - threshold.Limit) / Math.Abs(threshold.Limit) * 100;
        return $"{(percent < 0 ? "-" : "+")}{Number(Math.Abs(percent), digits: 2)} %";
    }

    /// <summary>The same in words, for people who look at one row: <c>22 % above</c>.</summary>
    public static string MarginInWords(ThresholdResult threshold) => Margin(threshold) switch
    {
        "-100 %" when threshold.Actual > 0 => "over 99 % below",
        "+0 %" or "-0 %" => "at the limit",
        ['+', .. var above] => $"{above} above",
        ['-', .. var below] => $"{below} below",
        var text => text,
    };

    /// <summary>A share of 1 in percent: <c>1.5 %</c>.</summary>
    public static string Percent(double share) => $"{Number(share * 100, digits: 3)} %";

    /// <summary>A value for a page: <c>612 ms</c>, <c>1.24 s</c>, <c>3.42 %</c>, <c>12.9 kB</c>, <c>1,204</c>.</summary>
    public static string Readable(double value, string unit) => (unit, Math.Abs(value)) switch
    {
        (_, var size) when !double.IsFinite(size) => value.ToString(CultureInfo.InvariantCulture),
        ("1", _) => Percent(value),
        ("ms", >= 60_000) => Duration(value / 1000),
        ("ms", >= 1000) => $"{Number(value / 1000, 3)} s",
        ("ms", _) => $"{Number(value, 3)} ms",
        ("B" or "B/s", >= 1e9) => $"{Number(value / 1e9, 3)} GB{unit[1..]}",
        ("B" or "B/s", >= 1e6) => $"{Number(value / 1e6, 3)} MB{unit[1..]}",
        ("B" or "B/s", >= 1e3) => $"{Number(value / 1e3, 3)} kB{unit[1..]}",
        (_, >= 1000) => value.ToString("#,0", CultureInfo.InvariantCulture) + Suffix(unit),
        _ => Number(value, 3) + Suffix(unit),
    };

    /// <summary>A number with as many decimals as make <paramref name="digits"/> digits, without trailing zeros.</summary>
    public static string Number(double value, int digits = 4)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        var decimals = Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15);
        var text = Math.Round(value, decimals, MidpointRounding.AwayFromZero).ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);
        return text is "0" or "-0" ? value.ToString("0.##e+0", CultureInfo.InvariantCulture) : text;
    }

    /// <summary>A length of time: <c>850 ms</c>, <c>31.3 s</c>, <c>5m 12s</c>, <c>1h 02m</c>.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 1 => $"{Number(seconds * 1000, 3)} ms",
        < 60 => $"{Number(seconds, 3)} s",
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)}m {(int)(seconds % 60):00}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 3600)}h {(int)(seconds % 3600 / 60):00}m"),
    };

    // 500.00004 is not below 500: as many digits as show the difference.
    private static string Apart(double actual, double limit)
    {
        for (var digits = 4; digits < 16; digits++)
        {
            var text = Number(actual, digits);
            if (actual == limit || double.Parse(text, CultureInfo.InvariantCulture) != limit)
            {
                return text;
            }
        }

        return actual.ToString("R", CultureInfo.InvariantCulture);
    }

    private static string Suffix(string unit) => unit switch
    {
        "" or "1" => "",
        "/s" => "/s",
        _ => $" {unit}",
    };
}
