using System.Globalization;
using System.Text.RegularExpressions;

namespace K6.LoadTesting.Plans;

/// <summary>Limits with units (<c>500ms</c>, <c>1.5 s</c>, <c>2%</c>, <c>100/s</c>, <c>20MB</c>, <c>500kB/s</c>), turned into k6's unit for a statistic.</summary>
internal static partial class Quantity
{
    /// <summary>k6's unit of a statistic: <c>ms</c>, <c>B</c>, <c>B/s</c>, <c>/s</c>, <c>1</c> (a fraction) or empty (a plain number).</summary>
    public static string UnitOf(MetricType type, MetricContents contents, string statistic) => (type, contents, statistic) switch
    {
        (MetricType.Rate, _, _) => "1",
        (MetricType.Counter, MetricContents.Data, "rate") => "B/s",
        (MetricType.Counter, _, "rate") => "/s",
        (_, MetricContents.Data, _) => "B",
        (_, MetricContents.Time, _) => "ms",
        _ => "",
    };

    /// <summary>The unit of a statistic of a metric.</summary>
    public static string UnitOf(BuiltInMetric metric, string statistic) =>
        metric.Unit is { } unit && statistic != "count" ? unit : UnitOf(metric.Type, metric.Contents, statistic);

    /// <summary>Reads a limit.</summary>
    /// <param name="text">A number, perhaps with a unit; without one it is in k6's unit.</param>
    /// <param name="metric">The metric; null for a custom one, whose unit nobody knows yet.</param>
    /// <param name="statistic">The statistic that is limited.</param>
    /// <param name="error">What is wrong and what to do, a sentence; null when nothing is.</param>
    /// <returns>The limit in k6's unit, or null.</returns>
    public static double? TryParse(string text, BuiltInMetric? metric, string statistic, out string? error)
    {
        error = null;
        var match = Pattern().Match(text);
        if (!match.Success || !double.TryParse(match.Groups["number"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            error = $"'{text}' is not a limit; write a number and perhaps a unit (us, ms, s, m, %, /s, B, kB, MB, kB/s), such as {Example(metric, statistic)}.";
            return null;
        }

        var written = match.Groups["unit"].Value;
        var (unit, factor) = written switch
        {
            "" => (null, 1m),
            "us" or "µs" or "μs" => ("ms", 0.001m),
            "ms" => ("ms", 1m),
            "s" => ("ms", 1000m),
            "m" => ("ms", 60_000m),
            "%" => ("1", 0.01m),
            "/s" => ("/s", 1m),
            "B" => ("B", 1m),
            "kB" => ("B", 1000m),
            "MB" => ("B", 1_000_000m),
            "B/s" => ("B/s", 1m),
            "kB/s" => ("B/s", 1000m),
            "MB/s" => ("B/s", 1_000_000m),
            _ => ("?", 0m),
        };
        if (unit == "?")
        {
            error = $"'{written}' in '{text}' is not a unit; there is us, ms, s, m, %, /s, B, kB, MB, and kB/s.";
            return null;
        }

        var wanted = metric is null ? unit : UnitOf(metric, statistic);
        if (metric is not null && unit is not null && unit != wanted && !(unit == "1" && wanted == ServiceMetrics.Cores))
        {
            error = $"'{written}' in '{text}' does not fit {metric.Name} {statistic}, which is {Describe(wanted!)}; write it as {Example(metric, statistic)}.";
            return null;
        }

        var value = Scale(match.Groups["number"].Value, number, factor);
        if (wanted == "1" && (value < 0 || value > 1))
        {
            var meant = written.Length == 0 && value is > 1 and <= 100 ? $" If you mean percent, write {text.Trim()}%." : "";
            error = $"'{text}' does not fit a rate, which lies between 0 and 1, or 0% and 100%.{meant}";
            return null;
        }

        return value;
    }

    // In decimal, so that 0.1% is 0.001 and not 0.0010000000000000002.
    private static double Scale(string text, double number, decimal factor) =>
        factor != 1 && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && Math.Abs(number) < 1e15
            ? (double)(exact * factor)
            : number * (double)factor;

    private static string Describe(string unit) => unit switch
    {
        "ms" => "a time",
        "B" => "an amount of bytes",
        "B/s" => "bytes per second",
        "/s" => "a number per second",
        "1" => "a share of 1",
        ServiceMetrics.Cores => "a number of cores",
        _ => "a plain number",
    };

    private static string Example(BuiltInMetric? metric, string statistic) => metric is null ? "500" : UnitOf(metric, statistic) switch
    {
        "ms" => "500ms or 1.5s",
        "B" => "500kB or 20MB",
        "B/s" => "500kB/s",
        "/s" => "100/s",
        "1" => "1% or 0.01",
        ServiceMetrics.Cores => "80% or 1.5 (cores)",
        _ => "100",
    };

    [GeneratedRegex(@"^\s*(?<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*(?<unit>[^\s0-9.]*)\s*\z")]
    private static partial Regex Pattern();
}
