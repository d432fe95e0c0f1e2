using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>All metrics with all statistics, folded away.</summary>
internal static class MetricTable
{
    private const int MostRows = 300;

    /// <summary>Writes the table.</summary>
    public static void Write(HtmlText html, TestResult test)
    {
        if (test.Metrics.Count == 0)
        {
            return;
        }

        html.Add($"<details><summary>All {test.Metrics.Count} metrics</summary>");
        TestSections.Table(html, $"Metrics of {test.Name}", "metric", "type", "statistics");
        foreach (var (name, metric) in test.Metrics.Take(MostRows))
        {
            html.Add($"<tr><th scope=\"row\"><code>{PlainText.Fit(PlainText.OneLine(name), 300)}</code></th><td>{metric.Type}</td><td>{string.Join(", ", metric.Values.Select(value => $"{value.Key} {Figures.Readable(value.Value, Unit(metric, value.Key))}"))}</td></tr>");
        }

        TestSections.EndTable(html, test.Metrics.Count - MostRows);
        html.Markup("</details>");
    }

    private static string Unit(MetricResult metric, string statistic) => (metric.Type, metric.Contains, statistic) switch
    {
        (_, _, "count" or "passes" or "fails") when metric.Contains != "data" || metric.Type != "counter" => "",
        ("rate", _, _) => "1",
        ("counter", "data", "rate") => "B/s",
        ("counter", _, "rate") => "/s",
        (_, "data", _) => "B",
        (_, "time", _) => "ms",
        _ => "",
    };
}
