using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>Tables of the requests, by endpoint and by other tags, and of the scenarios.</summary>
internal static class RequestTables
{
    private const int MostRows = 100;
    private static readonly string[] Statistics = ["med", "p(90)", "p(95)", "p(99)", "max"];

    /// <summary>Writes those that have rows.</summary>
    public static void Write(HtmlText html, TestResult test)
    {
        if (test.Endpoints.Count > 0)
        {
            TestSections.Section(html, "Endpoints", () => Endpoints(html, test));
        }

        foreach (var breakdown in test.Breakdowns)
        {
            TestSections.Section(html, $"Requests by {breakdown.Tag}", () => Requests(html, $"Requests of {test.Name} by {breakdown.Tag}", breakdown.Tag, breakdown.Rows, scenarios: false));
        }

        if (test.Scenarios.Count > 0)
        {
            TestSections.Section(html, "Scenarios", () => Scenarios(html, test));
        }
    }

    private static void Endpoints(HtmlText html, TestResult test)
    {
        var scenarios = test.Endpoints.Any(endpoint => endpoint.Scenario is not null) && test.Scenarios.Count > 1;
        Requests(html, $"Endpoints of {test.Name}", "endpoint", test.Endpoints, scenarios);
        if (test.Metrics.GetValueOrDefault("http_reqs")?.Values.GetValueOrDefault("count") is { } all && test.Endpoints.Sum(endpoint => endpoint.Requests) < all)
        {
            html.Markup("<p class=\"note\">These are the requests that a threshold or a declared endpoint names; K6Samples=true measures all of them.</p>");
        }
    }

    private static void Requests(HtmlText html, string caption, string what, IReadOnlyList<EndpointResult> rows, bool scenarios)
    {
        var shown = rows.Take(MostRows).ToList();
        var slowest = shown.Select(row => row.Duration.GetValueOrDefault("p(95)")).Where(double.IsFinite).DefaultIfEmpty().Max();
        TestSections.Table(html, caption, [what, .. scenarios ? (string[])["scenario"] : [], "#requests", "#per second", "#failed", "#median", "#p(90)", "#p(95)", "", "#p(99)", "#slowest"]);
        foreach (var row in shown)
        {
            html.Add($"<tr><th scope=\"row\"><code>{PlainText.Fit(PlainText.OneLine(row.Name), 200)}</code></th>");
            if (scenarios)
            {
                html.Add($"<td>{row.Scenario ?? "all"}</td>");
            }

            html.Add($"<td class=\"n\">{Figures.Readable(row.Requests, "")}</td><td class=\"n\">{(row.Rate is { } rate ? Figures.Number(rate, 3) : "–")}</td><td class=\"n{(row.FailedShare > 0 ? " bad" : "")}\">{(row.FailedShare is { } failed ? Figures.Percent(failed) : "–")}</td>");
            foreach (var statistic in Statistics)
            {
                html.Add($"<td class=\"n\">{(row.Duration.TryGetValue(statistic, out var value) ? Figures.Readable(value, "ms") : "–")}</td>");
                if (statistic == "p(95)")
                {
                    html.Markup("<td class=\"bar\">");
                    Bars.Share(html, slowest > 0 ? value / slowest : 0, "b");
                    html.Markup("</td>");
                }
            }

            html.Markup("</tr>");
        }

        TestSections.EndTable(html, rows.Count - MostRows);
    }

    private static void Scenarios(HtmlText html, TestResult test)
    {
        TestSections.Table(html, $"Scenarios of {test.Name}", "scenario", "load", "script", "#iterations", "#requests", "#failed", "#median", "#p(95)");
        foreach (var scenario in test.Scenarios)
        {
            var of = $"{{scenario:{scenario.Name}}}";
            html.Add($"<tr><th scope=\"row\">{scenario.Name}</th><td>{scenario.Executor}</td><td class=\"place\">{HtmlReport.Place(scenario.File, null, null)}{(scenario.Exec is null ? "" : $" {scenario.Exec}()")}</td><td class=\"n\">{(scenario.Iterations is { } iterations ? Figures.Readable(iterations, "") : "–")}</td><td class=\"n\">{HtmlReport.Value(test, $"http_reqs{of}", "count", "")}</td><td class=\"n\">{HtmlReport.Value(test, $"http_req_failed{of}", "rate", "1")}</td><td class=\"n\">{HtmlReport.Value(test, $"http_req_duration{of}", "med", "ms")}</td><td class=\"n\">{HtmlReport.Value(test, $"http_req_duration{of}", "p(95)", "ms")}</td></tr>");
        }

        TestSections.EndTable(html);
    }
}
