using System.Globalization;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>A line of a panel.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Style">Its class in the style sheet: <c>a</c>, <c>b</c>, <c>c</c> or <c>bad</c>.</param>
/// <param name="Values">Its values in buckets.</param>
internal sealed record ChartLine(string Name, string Style, Func<TimeBuckets, double?[]> Values);

/// <summary>One of the charts that share the axis of time.</summary>
/// <param name="Title">What is drawn.</param>
/// <param name="Unit">Unit of the values.</param>
/// <param name="Height">Height of the plot, pixels.</param>
/// <param name="Lines">Its lines, the most important one last.</param>
/// <param name="Limits">Limits to draw as dashed lines: text and value.</param>
internal sealed record ChartPanel(string Title, string Unit, int Height, IReadOnlyList<ChartLine> Lines, IReadOnlyList<(string Text, double Value)> Limits);

/// <summary>
/// Charts over time, one below the other on one axis, as a single inline SVG. Lines are stretched to the width of the page, texts are not:
/// they stay readable on a phone. A column under the pointer shows its figures as a tooltip, without script.
/// </summary>
internal static class TimelineChart
{
    private const int MostPoints = 300;
    private const int MostColumns = 90;
    private const int MostRows = 30;
    private const int Head = 44;
    private const int Gap = 18;
    private const int MarkRow = 26;

    /// <summary>Writes the charts of a test's load.</summary>
    public static void Write(HtmlText html, TestResult test, Timeline timeline)
    {
        Write(html, new TimelineFigure(
            $"Charts over time of {test.Name}",
            $"Figures over time of {test.Name}",
            ChartAxis.Of(test),
            timeline,
            test.WarmUp?.Timeline,
            TimelinePanels.Of(test, new TimeBuckets(timeline, MostPoints)),
            test.Thresholds));
        if (test.WarmUp is { } warmUp)
        {
            html.Add($"<p class=\"note\">The shaded start is the warm-up of {Figures.Duration(warmUp.Seconds)}, a run of its own before the load: no figure and no threshold counts it.</p>");
        }
    }

    /// <summary>Writes charts, the marks' legend, and the figures as a table.</summary>
    public static void Write(HtmlText html, TimelineFigure figure)
    {
        var (axis, panels) = (figure.Axis, figure.Panels);
        var points = new TimeBuckets(figure.Timeline, MostPoints);
        var warmUp = figure.WarmUp is { Seconds.Count: > 0 } cold ? new TimeBuckets(cold, MostPoints) : null;
        var marks = figure.Marks
            .Where(threshold => threshold.CrossedAtSeconds is { } at && at <= axis.To)
            .OrderBy(threshold => threshold.CrossedAtSeconds)
            .ToList();
        var first = marks.Count > 0 ? MarkRow : 0;
        var height = first + panels.Sum(panel => Head + panel.Height + Gap) + 22;

        html.Markup("<figure class=\"chart\">");
        html.Add($"<svg class=\"timeline\" role=\"img\" width=\"100%\" height=\"{height}\" overflow=\"visible\" aria-label=\"{figure.Title}: {string.Join(", ", panels.Select(panel => panel.Title.ToLowerInvariant()))}. The table below has the figures.\">");
        if (axis.From < 0)
        {
            html.Add($"<rect class=\"warmup\" fill-opacity=\".1\" x=\"0\" y=\"0\" width=\"{axis.Percent(0)}%\" height=\"{height - 22}\"/>");
        }

        var top = first;
        foreach (var panel in panels)
        {
            Panel(html, panel, points, warmUp, axis, top);
            top += Head + panel.Height + Gap;
        }

        Axis(html, axis, top);
        Marks(html, marks, axis, top);
        Columns(html, panels, new TimeBuckets(figure.Timeline, MostColumns), axis, top);
        html.Markup("</svg><figcaption>");
        Caption(html, marks, points, axis);
        html.Markup("</figcaption></figure>");
        Table(html, figure, new TimeBuckets(figure.Timeline, MostRows));
    }

    private static void Panel(HtmlText html, ChartPanel panel, TimeBuckets points, TimeBuckets? warmUp, ChartAxis axis, int from)
    {
        var lines = panel.Lines.Select(line => (Line: line, Values: line.Values(points), Cold: warmUp is null ? null : line.Values(warmUp))).ToList();
        var highest = lines.SelectMany(line => line.Values).Max() ?? 0;
        var usual = Usual(lines.SelectMany(line => line.Values), highest);

        // A limit far above the figures would press them to the ground.
        var limits = panel.Limits.Where(limit => limit.Value <= Math.Max(usual * 2.5, double.Epsilon)).ToList();

        // So would the start of a cold service; it is seen to be higher, and goes beyond the scale where it is much higher.
        var cold = Math.Min(lines.SelectMany(line => line.Cold ?? []).Max() ?? 0, usual * 2);
        var top = Math.Max(Math.Max(usual, cold), limits.Select(limit => limit.Value).DefaultIfEmpty().Max());
        var ticks = Scale.Ticks(panel.Unit == "1" && top is > 0.98 and <= 1 ? 1 : top * 1.02, panel.Height > 100 ? 4 : 2);
        var maximum = ticks[^1];
        var plot = from + Head;
        html.Add($"<text class=\"title\" x=\"0\" y=\"{from + 14}\">{panel.Title}</text><text class=\"legend\" x=\"0\" y=\"{from + 32}\">");
        foreach (var (line, _, _) in lines.AsEnumerable().Reverse().Where(_ => lines.Count > 1))
        {
            html.Add($"<tspan class=\"{line.Style}\">■</tspan> {line.Name}\u00a0 \u00a0 ");
        }

        foreach (var limit in panel.Limits)
        {
            var beyond = limits.Contains(limit) ? "" : ", far above";
            html.Add($"<tspan class=\"limit\">╌</tspan> {limit.Text}{beyond}\u00a0 \u00a0 ");
        }

        if (highest > maximum)
        {
            html.Add($"<tspan>▲</tspan> beyond the scale, up to {Figures.Readable(highest, panel.Unit)}");
        }

        html.Markup("</text>");
        foreach (var tick in ticks)
        {
            var y = plot + (panel.Height * (1 - (tick / maximum)));
            html.Add($"<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/><text class=\"tick\" x=\"-8\" y=\"{y + 4}\" text-anchor=\"end\">{Tick(tick, maximum, panel.Unit)}</text>");
        }

        html.Add($"<svg x=\"0\" y=\"{plot}\" width=\"100%\" height=\"{panel.Height}\" viewBox=\"0 0 1000 {panel.Height}\" preserveAspectRatio=\"none\" overflow=\"hidden\">");
        foreach (var (line, values, before) in lines)
        {
            if (before is not null)
            {
                Line(html, $"cold {line.Style}", before, warmUp!, axis, panel.Height, maximum);
            }

            if (lines.Count == 1)
            {
                html.Add($"<path class=\"area {line.Style}\" stroke=\"none\" fill-opacity=\".12\" d=\"");
                Area(html, values, points, axis, panel.Height, maximum);
                html.Markup("\"/>");
            }

            Line(html, line.Style, values, points, axis, panel.Height, maximum);
        }

        foreach (var (_, value) in limits)
        {
            var y = panel.Height * (1 - (value / maximum));
            html.Add($"<path class=\"limit\" fill=\"none\" stroke=\"currentColor\" d=\"M0 {y}H1000\"/>");
        }

        html.Markup("</svg>");
    }

    // One stall would press everything else to the ground: the scale ends where all but a fiftieth of the points end, unless those are near.
    private static double Usual(IEnumerable<double?> values, double highest)
    {
        var sorted = values.OfType<double>().Order().ToList();
        var most = sorted.Count == 0 ? 0 : sorted[(int)(0.98 * (sorted.Count - 1))];
        return highest > most * 2.5 && most > 0 ? most * 1.3 : highest;
    }

    // A bucket without samples is a gap; one between two gaps is a dot, which a line of no length with round ends draws.
    private static void Line(HtmlText html, string style, double?[] values, TimeBuckets points, ChartAxis axis, int height, double maximum)
    {
        html.Add($"<path class=\"line {style}\" fill=\"none\" stroke=\"currentColor\" d=\"");
        var dots = new List<int>();
        for (var i = 0; i < values.Length; i++)
        {
            var continues = i > 0 && values[i - 1] is not null;
            if (values[i] is null)
            {
                continue;
            }

            if (!continues && (i + 1 == values.Length || values[i + 1] is null))
            {
                dots.Add(i);
                continue;
            }

            html.Markup(continues ? "L" : "M").Add($"{X(i)} {Y(values[i]!.Value, height, maximum)}");
        }

        html.Markup("\"/>");
        if (dots.Count > 0)
        {
            html.Add($"<path class=\"line dot {style}\" fill=\"none\" stroke=\"currentColor\" d=\"");
            dots.ForEach(i => html.Add($"M{X(i)} {Y(values[i]!.Value, height, maximum)}h.01"));
            html.Markup("\"/>");
        }

        double X(int i) => axis.X((points.Start(i) + points.End(i)) / 2);
    }

    private static void Area(HtmlText html, double?[] values, TimeBuckets points, ChartAxis axis, int height, double maximum)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is not { } value || (i > 0 && values[i - 1] is not null))
            {
                continue;
            }

            html.Add($"M{axis.X((points.Start(i) + points.End(i)) / 2)} {height}");
            for (; i < values.Length && values[i] is { } one; i++)
            {
                html.Add($"L{axis.X((points.Start(i) + points.End(i)) / 2)} {Y(one, height, maximum)}");
            }

            html.Add($"V{height}Z");
        }
    }

    // What is beyond the scale ends a little above the plot, which cuts it off.
    private static double Y(double value, int height, double maximum) => Math.Round(Math.Clamp(height * (1 - (value / maximum)), -height, height), 1);

    private static void Axis(HtmlText html, ChartAxis axis, int top)
    {
        foreach (var time in Scale.Times(axis.From, axis.To))
        {
            var x = axis.Percent(time);
            html.Add($"<line class=\"grid\" x1=\"{x}%\" x2=\"{x}%\" y1=\"{top - Gap}\" y2=\"{top - Gap + 5}\"/><text class=\"tick\" x=\"{x}%\" y=\"{top + 4}\" text-anchor=\"middle\">{axis.Moment(time)}</text>");
        }
    }

    private static void Marks(HtmlText html, List<ThresholdResult> marks, ChartAxis axis, int top)
    {
        var number = 0;
        foreach (var mark in marks.DistinctBy(mark => mark.CrossedAtSeconds).Take(9))
        {
            var x = axis.Percent(mark.CrossedAtSeconds!.Value);
            html.Add($"<line class=\"breach\" stroke=\"currentColor\" x1=\"{x}%\" x2=\"{x}%\" y1=\"20\" y2=\"{top - Gap}\"/><circle class=\"breach\" cx=\"{x}%\" cy=\"10\" r=\"9\"/><text class=\"breach\" x=\"{x}%\" y=\"14\" text-anchor=\"middle\">{++number}</text>");
        }
    }

    private static void Columns(HtmlText html, IReadOnlyList<ChartPanel> panels, TimeBuckets columns, ChartAxis axis, int top)
    {
        var values = panels.SelectMany(panel => panel.Lines.Reverse().Select(line => (panel, line, Values: line.Values(columns)))).ToList();
        html.Markup("<g class=\"hover\" fill=\"none\" pointer-events=\"all\">");
        for (var i = 0; i < columns.Count; i++)
        {
            var (from, to) = (columns.Start(i), columns.End(i));
            html.Add($"<rect x=\"{axis.Percent(from)}%\" width=\"{axis.Width(to - from)}%\" y=\"{Head}\" height=\"{top - Gap - Head}\"><title>{axis.Moment(from)} to {axis.Moment(to)}");
            foreach (var (panel, line, of) in values)
            {
                html.Add($"\n{line.Name}: {Figure(of[i], panel.Unit)}");
            }

            html.Markup("</title></rect>");
        }

        html.Markup("</g>");
    }

    private static void Caption(HtmlText html, List<ThresholdResult> marks, TimeBuckets points, ChartAxis axis)
    {
        if (marks.Count > 0)
        {
            html.Markup("<ul class=\"marks\">");
            var numbers = marks.Select(mark => mark.CrossedAtSeconds).Distinct().ToList();
            foreach (var mark in marks.Take(20))
            {
                html.Add($"<li><b class=\"mark\">{numbers.IndexOf(mark.CrossedAtSeconds) + 1}</b> {axis.Moment(mark.CrossedAtSeconds!.Value)}: <code>{mark.Metric}</code> {mark.Expression} was crossed, and stayed so.</li>");
            }

            html.Markup("</ul>");
        }

        if (points.Seconds > 1)
        {
            html.Add($"<p>A point covers {Figures.Duration(points.Seconds)}.{(points.IsJoined ? " Its p(95) and p(99) are those of its worst period, so that no spike is lost." : "")}</p>");
        }
    }

    private static void Table(HtmlText html, TimelineFigure figure, TimeBuckets rows)
    {
        var columns = figure.Panels.SelectMany(panel => panel.Lines.Reverse().Select(line => (panel, line, Values: line.Values(rows)))).ToList();
        html.Add($"<details><summary>Figures over time</summary><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{figure.TableTitle}\"><table><caption class=\"sr\">{figure.TableTitle}</caption><thead><tr><th scope=\"col\">until</th>");
        foreach (var (_, line, _) in columns)
        {
            html.Add($"<th scope=\"col\" class=\"n\">{line.Name}</th>");
        }

        html.Markup("</tr></thead><tbody>");
        for (var i = 0; i < rows.Count; i++)
        {
            html.Add($"<tr><th scope=\"row\">{figure.Axis.Moment(rows.End(i))}</th>");
            foreach (var (panel, _, values) in columns)
            {
                html.Add($"<td class=\"n\">{Figure(values[i], panel.Unit)}</td>");
            }

            html.Markup("</tr>");
        }

        html.Markup("</tbody></table></div></details>");
    }

    private static string Figure(double? value, string unit) => value is { } number ? Figures.Readable(number, unit) : "–";

    // All ticks of an axis in one unit.
    private static string Tick(double value, double maximum, string unit) => unit switch
    {
        "1" => $"{Figures.Number(value * 100)} %",
        "ms" when maximum >= 1000 => $"{Figures.Number(value / 1000)} s",
        "ms" => $"{Figures.Number(value)} ms",
        "B" or "B/s" => Figures.Readable(value, unit),
        _ => value >= 10_000 ? $"{Figures.Number(value / 1000)}k" : value.ToString("0.####", CultureInfo.InvariantCulture),
    };
}
