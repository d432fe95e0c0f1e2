using System.Globalization;
using System.Text;

namespace K6.LoadTesting.Plans;

/// <summary>Draws the planned load of a test over time for a terminal: a chart per scenario, all on one axis of time.</summary>
internal static class LoadChart
{
    private const int Width = 60;
    private const int Rows = 4;

    private const string Blocks = " ▁▂▃▄▅▆▇█";

    // A column of letters has three heights a row.
    private const string Letters = " .:#";

    /// <summary>The charts; lines end with \n. Empty when no scenario has a load.</summary>
    /// <param name="scenarios">The scenarios of one test.</param>
    /// <param name="ascii">Whether only ASCII may be used.</param>
    public static string Draw(IReadOnlyList<ScenarioPlan> scenarios, bool ascii)
    {
        var curves = scenarios.Where(scenario => scenario.Load is not null).Select(scenario => (scenario.Name, Curve: LoadCurve.Of(scenario.Load!))).ToList();
        if (curves.Count == 0)
        {
            return "";
        }

        // One without an end is drawn as far as the others go.
        var end = curves.Max(one => one.Curve.End) is { Ticks: > 0 } last ? last : TimeSpan.FromSeconds(1);
        var text = new StringBuilder();
        var labels = curves.SelectMany(one => new[] { Peak(one.Curve) }).Max(label => label.Length);
        foreach (var (name, curve) in curves)
        {
            text.Append(curves.Count > 1 ? $"  {name}\n" : "");
            Chart(text, curve, end, labels, ascii);
        }

        Axis(text, end, labels, ascii, curves.Any(one => one.Curve.IsOpenEnded));
        return text.ToString();
    }

    private static void Chart(StringBuilder text, LoadCurve curve, TimeSpan end, int labels, bool ascii)
    {
        var shades = ascii ? Letters : Blocks;
        var steps = shades.Length - 1;
        var heights = new int[Width];
        for (var column = 0; column < Width; column++)
        {
            var mean = curve.Mean(end * column / Width, end * (column + 1) / Width);
            var height = curve.Top > 0 ? (int)Math.Round(mean / curve.Top * Rows * steps, MidpointRounding.AwayFromZero) : 0;
            // A little load is not none.
            heights[column] = mean > 0 ? Math.Max(height, 1) : 0;
        }

        for (var row = Rows - 1; row >= 0; row--)
        {
            var top = row == Rows - 1;
            var line = string.Concat(heights.Select(height => shades[Math.Clamp(height - (row * steps), 0, steps)]));
            text.Append("  ").Append((top ? Peak(curve) : "").PadLeft(labels)).Append(ascii ? (top ? " +" : " |") : top ? " ┤" : " │")
                .Append((curve.IsOpenEnded && row == 0 ? line + (ascii ? " ..." : " …") : line).TrimEnd()).Append('\n');
        }
    }

    private static void Axis(StringBuilder text, TimeSpan end, int labels, bool ascii, bool openEnded)
    {
        text.Append("  ").Append("0".PadLeft(labels)).Append(ascii ? " +" : " └").Append(new string(ascii ? '-' : '─', Width)).Append('\n');
        if (openEnded)
        {
            text.Append(' ', labels + 4).Append("0s, until the iterations are done\n");
            return;
        }

        var (middle, last) = (Time(end / 2), Time(end));
        var line = "0s".PadRight((Width / 2) - (middle.Length / 2)) + middle;
        text.Append(' ', labels + 4).Append(line.PadRight(Width - last.Length)).Append(last).Append('\n');
    }

    private static string Time(TimeSpan time) => K6Duration.Format(TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds)));

    private static string Peak(LoadCurve curve) => curve.IsRate
        ? $"{curve.Top.ToString("0.##", CultureInfo.InvariantCulture)}/s"
        : $"{curve.Top.ToString("0", CultureInfo.InvariantCulture)} VU{(curve.Top > 1 ? "s" : "")}";
}
