using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>How a trend's values are spread, as a histogram made from its percentiles; on a logarithmic axis when they span more than a factor of 20.</summary>
internal static class DistributionChart
{
    private const int Bars = 40;
    private const int Height = 150;
    private const int Top = 34;

    private static readonly (string Statistic, string Name)[] Rows =
        [("min", "fastest"), ("p(10)", "p(10)"), ("med", "median"), ("avg", "mean"), ("p(90)", "p(90)"), ("p(95)", "p(95)"), ("p(99)", "p(99)"), ("p(99.9)", "p(99.9)"), ("max", "slowest")];

    /// <summary>Writes the chart, where there are enough percentiles for one, and the table beside it.</summary>
    public static void Write(HtmlText html, string name, MetricResult metric)
    {
        var values = metric.Values;
        if (values.GetValueOrDefault("max") <= 0)
        {
            return;
        }

        html.Markup("<div class=\"beside\">");

        // The bars are read off lines between percentiles: of a handful of values they would draw what nobody measured.
        if (values.GetValueOrDefault("count", Bars) >= Bars && Points(metric) is { Count: > 10 } points && points[^1].Value > points[0].Value)
        {
            Chart(html, name, metric, points);
        }

        html.Add($"<table class=\"small\"><caption class=\"sr\">Percentiles of {name}</caption><tbody>");
        foreach (var (statistic, label) in Rows)
        {
            if (Value(metric, statistic) is { } value)
            {
                html.Add($"<tr><th scope=\"row\">{label}</th><td class=\"n\">{Figures.Readable(value, "ms")}</td></tr>");
            }
        }

        html.Markup("</tbody></table></div>");
    }

    private static void Chart(HtmlText html, string name, MetricResult metric, List<(double Value, double Share)> points)
    {
        var (from, to) = (points[0].Value, points[^1].Value);
        var isLogarithmic = from > 0 && to / from > 20;
        var shares = new double[Bars];
        for (var i = 0; i < Bars; i++)
        {
            shares[i] = ShareBelow(Edge(i + 1), points, isLogarithmic) - ShareBelow(Edge(i), points, isLogarithmic);
        }

        var ticks = Scale.Ticks(shares.Max(), 3);
        html.Add($"<figure class=\"chart\"><svg class=\"distribution\" role=\"img\" width=\"100%\" height=\"{Top + Height + 26}\" overflow=\"visible\" aria-label=\"Distribution of {name} from {Figures.Readable(from, "ms")} to {Figures.Readable(to, "ms")}. The table beside it has its percentiles.\">");
        foreach (var tick in ticks)
        {
            var y = Top + (Height * (1 - (tick / ticks[^1])));
            html.Add($"<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/><text class=\"tick\" x=\"-8\" y=\"{y + 4}\" text-anchor=\"end\">{Figures.Number(tick * 100, 3)} %</text>");
        }

        for (var i = 0; i < Bars; i++)
        {
            var height = Height * shares[i] / ticks[^1];
            html.Add($"<rect class=\"bar a\" x=\"{i * 100.0 / Bars}%\" width=\"{92.0 / Bars}%\" y=\"{Top + Height - height}\" height=\"{height}\"><title>{Figures.Readable(Edge(i), "ms")} to {Figures.Readable(Edge(i + 1), "ms")}: {Figures.Percent(shares[i])} of the requests</title></rect>");
        }

        foreach (var (statistic, style, row) in new[] { ("med", "a", 0), ("p(95)", "b", 1), ("p(99)", "c", 0) })
        {
            if (Value(metric, statistic) is { } value)
            {
                var x = At(value) * 100;
                var anchor = x > 85 ? "end" : x < 15 ? "start" : "middle";
                html.Add($"<line class=\"marker {style}\" stroke=\"currentColor\" x1=\"{x}%\" x2=\"{x}%\" y1=\"{Top - 18 + (row * 14)}\" y2=\"{Top + Height}\"/><text class=\"tick\" x=\"{x}%\" y=\"{Top - 22 + (row * 14)}\" text-anchor=\"{anchor}\">{(statistic == "med" ? "median" : statistic)}</text>");
            }
        }

        var marks = isLogarithmic ? Scale.Logarithmic(from, to) : Scale.Ticks(to, 5).Where(tick => tick >= from && tick <= to);
        foreach (var mark in marks)
        {
            html.Add($"<text class=\"tick\" x=\"{At(mark) * 100}%\" y=\"{Top + Height + 16}\" text-anchor=\"middle\">{Figures.Readable(mark, "ms")}</text>");
        }

        html.Add($"</svg><figcaption><p>Share of the requests by their time{(isLogarithmic ? ", on a logarithmic axis" : "")}.</p></figcaption></figure>");

        double Edge(int i) => isLogarithmic ? from * Math.Pow(to / from, (double)i / Bars) : from + ((to - from) * i / Bars);

        double At(double value) => to <= from ? 0.5
            : Math.Clamp(isLogarithmic ? Math.Log(value / from) / Math.Log(to / from) : (value - from) / (to - from), 0, 1);
    }

    // The percentiles as a curve from the fastest, 0, to the slowest, 1.
    private static List<(double Value, double Share)> Points(MetricResult metric)
    {
        var points = new List<(double, double)> { (metric.Values.GetValueOrDefault("min"), 0) };
        points.AddRange((metric.Distribution ?? []).Where(point => point is [> 0 and < 100, _]).Select(point => (point[1], point[0] / 100)));
        points.Add((metric.Values.GetValueOrDefault("max"), 1));
        return points;
    }

    private static double ShareBelow(double value, List<(double Value, double Share)> points, bool isLogarithmic)
    {
        var next = points.FindIndex(point => point.Value > value);
        if (next <= 0)
        {
            return next == 0 ? 0 : 1;
        }

        var (low, high) = (points[next - 1], points[next]);
        var way = isLogarithmic ? Math.Log(value / low.Value) / Math.Log(high.Value / low.Value) : (value - low.Value) / (high.Value - low.Value);
        return low.Share + ((high.Share - low.Share) * way);
    }

    private static double? Value(MetricResult metric, string statistic)
    {
        if (metric.Values.TryGetValue(statistic, out var value))
        {
            return value;
        }

        var percent = Metrics.Percentile.Of(statistic);
        return metric.Distribution?.Where(point => point is [var at, _] && at == percent).Select(point => (double?)point[1]).FirstOrDefault();
    }
}
