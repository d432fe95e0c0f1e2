using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>The sections of one test.</summary>
internal static class TestSections
{
    private const int MostRows = 200;
    private const int MostErrors = 50;

    /// <summary>Writes them, in the order in which people ask.</summary>
    public static void Write(HtmlText html, LoadTestResult result, TestResult test)
    {
        html.Add($"<article id=\"test-{test.Name}\" aria-labelledby=\"h-{test.Name}\"><h2 id=\"h-{test.Name}\">{test.Name} ").Markup(Bars.Mark(test.Verdict)).Markup("</h2>\n");
        Tiles(html, test);
        Thresholds(html, test);
        ChangesSection.Write(html, test);
        Section(html, "Over time", () => OverTime(html, test));
        InsideSections.Write(html, test);
        if (test.Metrics.GetValueOrDefault("http_req_duration") is { Distribution.Count: > 0 } duration)
        {
            Section(html, "Response times", () => DistributionChart.Write(html, $"response times of {test.Name}", duration));
        }

        RequestTables.Write(html, test);
        Checks(html, test);
        Errors(html, result, test);
        MetricTable.Write(html, test);
        LogTail(html, test);
        html.Markup("</article>\n");
    }

    /// <summary>A section with a heading.</summary>
    internal static void Section(HtmlText html, string title, Action content)
    {
        html.Add($"<section><h3>{title}</h3>");
        content();
        html.Markup("</section>\n");
    }

    /// <summary>Starts a table that scrolls inside of itself on a narrow page; columns whose title starts with # hold numbers.</summary>
    internal static void Table(HtmlText html, string caption, params string[] columns)
    {
        html.Add($"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{caption}\"><table><caption class=\"sr\">{caption}</caption><thead><tr>");
        foreach (var column in columns)
        {
            var isNumber = column.StartsWith('#');
            html.Add($"<th scope=\"col\" class=\"{(isNumber ? "n" : "t")}\">{(isNumber ? column[1..] : column)}</th>");
        }

        html.Markup("</tr></thead><tbody>");
    }

    /// <summary>Ends the table.</summary>
    internal static void EndTable(HtmlText html, int left = 0)
    {
        html.Markup("</tbody></table></div>");
        if (left > 0)
        {
            html.Add($"<p class=\"note\">{left} more in <a href=\"loadtest.json\">loadtest.json</a>.</p>");
        }
    }

    private static void Tiles(HtmlText html, TestResult test)
    {
        var (complete, interrupted, dropped) = test.Iterations;
        var lost = new[] { interrupted > 0 ? $"{interrupted} interrupted" : "", dropped > 0 ? $"{dropped} dropped" : "" };
        var tiles = new (string Name, string Value, string More)[]
        {
            ("requests", HtmlReport.Value(test, "http_reqs", "count", ""), HtmlReport.Value(test, "http_reqs", "rate", "/s")),
            ("median", HtmlReport.Value(test, "http_req_duration", "med", "ms"), ""),
            ("p(95)", HtmlReport.Value(test, "http_req_duration", "p(95)", "ms"), ""),
            ("failed", HtmlReport.Value(test, "http_req_failed", "rate", "1"), ""),
            ("iterations", Figures.Readable(complete, ""), string.Join(", ", lost.Where(text => text.Length > 0))),
            ("virtual users", HtmlReport.Value(test, "vus", "max", ""), ""),
            ("load", test.LoadSeconds is { } load ? Figures.Duration(load) : "–", ""),
        };
        html.Markup("<dl class=\"tiles\">");
        foreach (var (name, value, more) in tiles.Where(tile => tile.Value != "–"))
        {
            html.Add($"<div><dt>{name}</dt><dd>{value}");
            if (more.Length > 0 && more != "–")
            {
                html.Add($" <small>{more}</small>");
            }

            html.Markup("</dd></div>");
        }

        html.Markup("</dl>\n");
    }

    private static void Thresholds(HtmlText html, TestResult test)
    {
        if (test.Thresholds.Count == 0)
        {
            return;
        }

        Section(html, "Thresholds", () =>
        {
            Table(html, $"Thresholds of {test.Name}", "threshold", "#measured", "#limit", "#margin", "");
            foreach (var threshold in test.Thresholds.OrderBy(Rank).Take(MostRows))
            {
                html.Markup("<tr><th scope=\"row\"><div class=\"marked\">").Markup(Mark(threshold));
                html.Add($"<div><code>{PlainText.Fit(Figures.Subject(threshold), 300)}</code> {threshold.Statistic}");
                if (threshold.Message is { Length: > 0 } words)
                {
                    html.Add($"<br/>{words}");
                }

                html.Add($"<br/><span class=\"place\">{(threshold.File is null ? threshold.Source : HtmlReport.Place(threshold.File, threshold.Line, threshold.Column))}</span></div></div></th><td class=\"n\">{Measured(threshold)}");
                if (threshold is { Unit: "1", Samples: { } samples, Actual: { } actual })
                {
                    html.Add($"<br/><small>{Figures.Readable(Math.Round(actual * samples), "")} of {Figures.Readable(samples, "")}</small>");
                }

                html.Add($"</td><td class=\"n\">{Sign(threshold.Operator)} {Figures.Readable(threshold.Limit, threshold.Unit)}</td><td class=\"n\">{Figures.MarginInWords(threshold)}</td><td class=\"bar\">");
                Bars.Limit(html, threshold);
                html.Markup("</td></tr>");
            }

            EndTable(html, test.Thresholds.Count - MostRows);
        });
    }

    private static int Rank(ThresholdResult threshold) =>
        threshold.Verdict == ThresholdVerdict.Passed ? 3 : threshold.Reported switch { DiagnosticSeverity.Error => 0, DiagnosticSeverity.Warning => 1, _ => 2 };

    private static string Mark(ThresholdResult threshold) => (threshold.Verdict, threshold.Reported) switch
    {
        (ThresholdVerdict.Passed, _) => "<span class=\"good\"><span aria-hidden=\"true\">✓</span> held</span>",
        (ThresholdVerdict.Failed, DiagnosticSeverity.Error) => "<span class=\"bad\"><span aria-hidden=\"true\">✗</span> crossed</span>",
        (ThresholdVerdict.Failed, _) => "<span class=\"warn\"><span aria-hidden=\"true\">!</span> crossed, not judged</span>",
        (_, DiagnosticSeverity.Error) => "<span class=\"bad\"><span aria-hidden=\"true\">✗</span> no samples</span>",
        _ => "<span class=\"warn\"><span aria-hidden=\"true\">!</span> no samples</span>",
    };

    private static string Sign(string comparison) => comparison switch { "<=" => "≤", ">=" => "≥", "===" => "=", "==" => "=", "!=" => "≠", _ => comparison };

    private static string Measured(ThresholdResult threshold)
    {
        if (threshold.Actual is not { } actual)
        {
            return "–";
        }

        // Rounding must not make a crossed limit look held.
        var text = Figures.Readable(actual, threshold.Unit);
        return text == Figures.Readable(threshold.Limit, threshold.Unit) && actual != threshold.Limit
            ? Figures.Actual(threshold with { Samples = null })[(threshold.Statistic.Length + 3)..]
            : text;
    }

    private static void OverTime(HtmlText html, TestResult test)
    {
        if (test.Timeline is { Seconds.Count: > 0 } timeline)
        {
            TimelineChart.Write(html, test, timeline);
        }
        else
        {
            html.Markup("<p class=\"note\">Nothing was recorded over time: the load was shorter than a period of the recording, or there is none.</p>");
        }
    }

    private static void Checks(HtmlText html, TestResult test)
    {
        if (test.Checks.Count == 0)
        {
            return;
        }

        Section(html, "Checks", () =>
        {
            Table(html, $"Checks of {test.Name}", "", "check", "#held", "#failed", "#share", "");
            foreach (var check in test.Checks.OrderByDescending(check => check.Fails).Take(MostRows))
            {
                var all = check.Passes + check.Fails;
                var share = all == 0 ? 1 : (double)check.Passes / all;
                html.Markup(check.Fails == 0 ? "<tr><td class=\"v\"><span class=\"good\" aria-label=\"held\">✓</span></td>" : "<tr><td class=\"v\"><span class=\"bad\" aria-label=\"failed\">✗</span></td>");
                html.Markup("<th scope=\"row\">");
                if (check.Group.Length > 0)
                {
                    html.Add($"<span class=\"group\">{PlainText.Fit(PlainText.OneLine(check.Group).Replace("::", " › ", StringComparison.Ordinal), 200)} ›</span> ");
                }

                html.Add($"{PlainText.Fit(PlainText.OneLine(check.Name), 300)}</th><td class=\"n\">{Figures.Readable(check.Passes, "")}</td><td class=\"n\">{Figures.Readable(check.Fails, "")}</td><td class=\"n\">{Figures.Percent(share)}</td><td class=\"bar\">");
                Bars.Share(html, share, check.Fails == 0 ? "good" : "bad");
                html.Markup("</td></tr>");
            }

            EndTable(html, test.Checks.Count - MostRows);
        });
    }

    private static void Errors(HtmlText html, LoadTestResult result, TestResult test)
    {
        var warnings = result.Diagnostics.Where(one => one.Test == test.Name && one.Severity == DiagnosticSeverity.Warning).Take(MostErrors).ToList();
        if (test.Errors.Count + warnings.Count == 0)
        {
            return;
        }

        Section(html, test.Errors.Count == 0 ? "Warnings" : warnings.Count == 0 ? "Exceptions" : "Exceptions and warnings", () =>
        {
            foreach (var error in test.Errors.Take(MostErrors))
            {
                html.Add($"<details class=\"error\"><summary><b class=\"bad\">{error.Count} ×</b> {PlainText.Fit(PlainText.OneLine(error.Message), 300)}");
                if (error.File is not null)
                {
                    html.Add($" <span class=\"place\">{HtmlReport.Place(error.File, error.Line, error.Column)}</span>");
                }

                html.Add($"</summary><pre>{PlainText.Fit(error.Stack ?? error.Message, 8000)}</pre>");
                if (error is { File: { } file, Scenario: var scenario })
                {
                    html.Add($"<p class=\"note\">{(scenario is null ? "" : $"Scenario {scenario}, ")}{file}{(error.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $":{line}") : "")}</p>");
                }

                html.Markup("</details>");
            }

            if (warnings.Count > 0)
            {
                html.Markup("<ul class=\"warnings\">");
                foreach (var warning in warnings)
                {
                    html.Markup("<li><span class=\"warn\" aria-hidden=\"true\">!</span> ");
                    HtmlReport.Reason(html, result with { Tests = [test] }, warning);
                    html.Markup("</li>");
                }

                html.Markup("</ul>");
            }
        });
    }

    private static void LogTail(HtmlText html, TestResult test)
    {
        if (test.LogTail.Count > 0)
        {
            html.Add($"<details><summary>End of the engine's log</summary><pre>{string.Join('\n', test.LogTail)}</pre></details>");
        }
    }
}
