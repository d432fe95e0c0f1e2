using K6.LoadTesting.History;

namespace K6.LoadTesting.Reports.Html;

/// <summary>The history as a page: a line per figure over runs, failed runs and changes of level marked; one file, no script.</summary>
internal static class HistoryPage
{
    private const double Width = 720;
    private const double Height = 120;
    private const int Shown = 200;

    private static readonly (string Metric, string Statistic, string Unit)[] Charts =
        [("http_req_duration", "p(95)", "ms"), ("http_req_duration", "med", "ms"), ("http_reqs", "rate", "/s"), ("http_req_failed", "rate", "1")];

    /// <summary>The page.</summary>
    /// <param name="history">Lines of the history.</param>
    public static string Render(IReadOnlyList<HistoryEntry> history)
    {
        var html = new HtmlText();
        HtmlReport.Begin(html, "History of load tests");
        html.Markup("<main id=\"main\"><h1>History of load tests</h1>\n");
        var all = HistorySeries.Of(history);
        if (all.Count == 0)
        {
            html.Markup("<p>No runs yet.</p>");
        }

        foreach (var series in all)
        {
            var runs = series.Runs.TakeLast(Shown).ToList();
            html.Add($"<section><h2>{series.Test}</h2><p>{series.Runs.Count} runs, {series.Key.Engine}, {series.Key.Machine}{(series.Key.Label is { } label ? $", {label}" : "")}</p>");
            foreach (var (metric, statistic, unit) in Charts)
            {
                Chart(html, runs, metric, statistic, unit);
            }

            Table(html, runs);
            html.Markup("</section>");
        }

        return html.Markup("</main></body></html>\n").ToString();
    }

    private static void Chart(HtmlText html, List<HistoryEntry> runs, string metric, string statistic, string unit)
    {
        var points = runs.Select((run, index) => (run, index, Value: run.Metrics.GetValueOrDefault(metric)?.Values.TryGetValue(statistic, out var value) == true ? (double?)value : null))
            .Where(point => point.Value is not null).ToList();
        if (points.Count < 2)
        {
            return;
        }

        var ticks = Scale.Ticks(points.Max(point => point.Value!.Value), 3);
        double X(int index) => 60 + ((Width - 70) * index / Math.Max(1, runs.Count - 1));
        double Y(double value) => Height - 20 - ((Height - 30) * value / ticks[^1]);
        html.Add($"<figure><figcaption>{metric} {statistic}</figcaption><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{metric} {statistic} of {points.Count} runs; the figures are in the table below\">");
        foreach (var tick in ticks)
        {
            html.Add($"<line class=\"grid\" x1=\"60\" x2=\"{Width - 10}\" y1=\"{Y(tick)}\" y2=\"{Y(tick)}\"/><text x=\"54\" y=\"{Y(tick) + 4}\" text-anchor=\"end\">{Figures.Readable(tick, unit)}</text>");
        }

        foreach (var change in ChangePoints.Of([.. points.Select(point => point.Value!.Value)]))
        {
            var x = X(points[change].index);
            html.Add($"<line class=\"breach\" x1=\"{x}\" x2=\"{x}\" y1=\"8\" y2=\"{Height - 20}\"><title>new level from {When(points[change].run)}</title></line>");
        }

        html.Markup("<path class=\"a line\" fill=\"none\" d=\"");
        foreach (var (point, letter) in points.Select((point, index) => (point, index == 0 ? "M" : "L")))
        {
            html.Add($"{letter}{X(point.index)} {Y(point.Value!.Value)}");
        }

        html.Markup("\"/>");
        foreach (var point in points)
        {
            html.Add($"<circle class=\"{(point.run.Verdict == Results.Verdict.Passed ? "a" : "bad")}\" cx=\"{X(point.index)}\" cy=\"{Y(point.Value!.Value)}\" r=\"3\"><title>{When(point.run)}: {Figures.Readable(point.Value!.Value, unit)}</title></circle>");
        }

        html.Markup("</svg></figure>");
    }

    private static void Table(HtmlText html, List<HistoryEntry> runs)
    {
        html.Markup("<details><summary>Figures</summary><div class=\"scroll\"><table><thead><tr><th>run</th><th>verdict</th><th>p(95)</th><th>med</th><th>requests/s</th><th>failed</th><th>crossed</th></tr></thead><tbody>");
        foreach (var run in runs.AsEnumerable().Reverse())
        {
            html.Add($"<tr><th scope=\"row\">{When(run)}</th><td>{(run.Verdict == Results.Verdict.Passed ? "passed" : "failed")}</td><td>{Value(run, "http_req_duration", "p(95)", "ms")}</td><td>{Value(run, "http_req_duration", "med", "ms")}</td><td>{Value(run, "http_reqs", "rate", "/s")}</td><td>{Value(run, "http_req_failed", "rate", "1")}</td><td>{string.Join(", ", run.Crossed)}</td></tr>");
        }

        html.Markup("</tbody></table></div></details>");
    }

    private static string Value(HistoryEntry run, string metric, string statistic, string unit) =>
        run.Metrics.GetValueOrDefault(metric)?.Values.TryGetValue(statistic, out var value) == true ? Figures.Readable(value, unit) : "";

    private static string When(HistoryEntry run) =>
        $"{run.Time.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)}{(run.Commit is { } commit ? $" {commit.Sha[..Math.Min(8, commit.Sha.Length)]}" : "")}";
}
