using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Engines;

/// <summary>Reads <c>running (1h02m03.5s), 2/3 VUs, 8 complete and 0 interrupted iterations</c>.</summary>
internal static partial class ProgressLine
{
    /// <summary>The figures; null for any other line.</summary>
    public static EngineProgress? Parse(ReadOnlySpan<byte> line)
    {
        // A handleSummary whose text for stdout ends without a line break has the last progress behind it.
        var start = line.LastIndexOf("running ("u8);
        if (start < 0 || line.Length - start > 1000)
        {
            return null;
        }

        var match = Pattern().Match(Encoding.UTF8.GetString(line[start..]));
        return match.Success && K6Duration.TryParse(match.Groups[1].Value, out var elapsed)
            ? new EngineProgress(elapsed, (int)Number(2), (int)Number(3), Number(4), Number(5))
            : null;

        long Number(int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^running \(([^)]{1,40})\), (\d{1,9})/(\d{1,9}) VUs, (\d{1,18}) complete and (\d{1,18}) interrupted iterations", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
