using System.Globalization;
using System.Reflection;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>
/// The result as one page: no script, no network, a content security policy that forbids both; light and dark, for phones and for paper.
/// Sections come in the order in which people ask. What a test did not measure has no section.
/// </summary>
internal static class HtmlReport
{
    private const int MostReasons = 20;

    private static readonly string Style = ReadStyle();

    /// <summary>Writes the page aside and moves it into place.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(LoadTestResult result, string file) => TextFile.Write(file, Render(result));

    /// <summary>The page.</summary>
    public static string Render(LoadTestResult result)
    {
        var html = new HtmlText();
        var verdict = result.Verdict == Verdict.Passed ? "passed" : "failed";
        Begin(html, $"{result.Project}: load test {verdict}");
        html.Add($"<a class=\"skip\" href=\"#main\">To the verdict</a><header><p class=\"project\">{result.Project}</p><p class=\"when\">{When(result)}</p></header>\n<main id=\"main\">\n");
        VerdictSection(html, result);
        foreach (var test in result.Tests)
        {
            TestSections.Write(html, result, test);
        }

        CoverageSection.Write(html, result);
        EnvironmentSection.Write(html, result);
        return html.Markup("</main>\n</body>\n</html>\n").ToString();
    }

    /// <summary>Everything up to the body: no script, no network, one style sheet.</summary>
    internal static void Begin(HtmlText html, string title) =>
        html.Add($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>{title}</title>
            <style>

            """).Markup(Style).Markup("</style>\n</head>\n<body>\n");

    private static void VerdictSection(HtmlText html, LoadTestResult result)
    {
        var passed = result.Verdict == Verdict.Passed;
        html.Add($"<section class=\"verdict {(passed ? "good" : "bad")}\" aria-labelledby=\"verdict\"><h1 id=\"verdict\"><span aria-hidden=\"true\">{(passed ? "✓" : "✗")}</span> {Headline(result)}</h1>");
        var reasons = result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).ToList();
        if (reasons.Count > 0)
        {
            html.Markup("<ul class=\"reasons\">");
            foreach (var reason in reasons.Take(MostReasons))
            {
                html.Markup("<li>");
                Reason(html, result, reason);
                html.Markup("</li>");
            }

            html.Markup("</ul>");
            if (reasons.Count > MostReasons)
            {
                html.Add($"<p>{reasons.Count - MostReasons} more in <a href=\"loadtest.json\">loadtest.json</a>.</p>");
            }
        }
        else if (Closest(result) is { } closest)
        {
            html.Add($"<p>{closest}</p>");
        }

        if (result.Tests.Count > 1)
        {
            Tests(html, result);
        }

        html.Markup("</section>\n");
    }

    /// <summary>A diagnostic: what, its code, its place.</summary>
    internal static void Reason(HtmlText html, LoadTestResult result, ReportedDiagnostic reason)
    {
        if (reason.Test is not null && result.Tests.Count > 1)
        {
            html.Add($"<a href=\"#test-{reason.Test}\">{reason.Test}</a>: ");
        }

        html.Add($"{PlainText.Fit(reason.Message, 1000)} <span class=\"place\"><code>{reason.Code}</code>");
        if (reason.File is not null)
        {
            html.Add($" {Place(reason.File, reason.Line, reason.Column)}");
        }

        html.Markup("</span>");
    }

    /// <summary>A place as compilers write it, without the folders.</summary>
    internal static string Place(string file, int? line, int? column)
    {
        var name = file[(file.LastIndexOfAny(['/', '\\']) + 1)..];
        return line is null ? name
            : column is null ? string.Create(CultureInfo.InvariantCulture, $"{name}({line})")
            : string.Create(CultureInfo.InvariantCulture, $"{name}({line},{column})");
    }

    /// <summary>The verdict in a few words.</summary>
    internal static string Headline(LoadTestResult result)
    {
        var failed = result.Tests.Count(test => test.Verdict == Verdict.Failed);
        return result.Tests.Count switch
        {
            0 => "No load test ran",
            1 when result.Verdict == Verdict.Passed => $"{result.Tests[0].Name} passed",
            1 when failed == 1 => $"{result.Tests[0].Name} failed",
            _ when failed > 0 => $"{failed} of {result.Tests.Count} load tests failed",
            _ when result.Verdict == Verdict.Failed => "Failed outside of the load tests",
            var count => $"{count} load tests passed",
        };
    }

    // What somebody who sees green wants to know next: how close it was.
    private static string? Closest(LoadTestResult result)
    {
        var thresholds = result.Tests.SelectMany(test => test.Thresholds).Where(threshold => threshold.Verdict == ThresholdVerdict.Passed).ToList();
        var closest = thresholds.Where(threshold => threshold.Unit != "1" || threshold.Operator.StartsWith('<'))
            .Select(threshold => (Threshold: threshold, Used: Bars.Used(threshold)))
            .Where(one => one.Used is not null)
            .OrderByDescending(one => one.Used)
            .FirstOrDefault();
        var held = thresholds.Count == 1 ? "The threshold held" : $"All {thresholds.Count} thresholds held";
        return thresholds.Count == 0 ? null
            : closest.Threshold is null ? $"{held}."
            : $"{held}; the closest is {closest.Threshold.Metric} {closest.Threshold.Statistic} with {Figures.Readable(closest.Threshold.Actual!.Value, closest.Threshold.Unit)} of {Figures.Readable(closest.Threshold.Limit, closest.Threshold.Unit)}.";
    }

    private static void Tests(HtmlText html, LoadTestResult result)
    {
        html.Markup("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"The tests\"><table><caption class=\"sr\">The tests</caption><thead><tr><th scope=\"col\">test</th><th scope=\"col\">verdict</th><th scope=\"col\" class=\"n\">thresholds held</th><th scope=\"col\" class=\"n\">requests</th><th scope=\"col\" class=\"n\">p(95)</th><th scope=\"col\" class=\"n\">failed</th></tr></thead><tbody>");
        foreach (var test in result.Tests)
        {
            html.Add($"<tr><th scope=\"row\"><a href=\"#test-{test.Name}\">{test.Name}</a></th><td>").Markup(Bars.Mark(test.Verdict));
            html.Add($"</td><td class=\"n\">{test.Thresholds.Count(threshold => threshold.Verdict == ThresholdVerdict.Passed)} of {test.Thresholds.Count}</td><td class=\"n\">{Value(test, "http_reqs", "count", "")}</td><td class=\"n\">{Value(test, "http_req_duration", "p(95)", "ms")}</td><td class=\"n\">{Value(test, "http_req_failed", "rate", "1")}</td></tr>");
        }

        html.Markup("</tbody></table></div>");
    }

    /// <summary>A statistic for a page; a dash when not measured.</summary>
    internal static string Value(TestResult test, string metric, string statistic, string unit) =>
        test.Metrics.TryGetValue(metric, out var found) && found.Values.TryGetValue(statistic, out var value) && found.Values.GetValueOrDefault("count", 1) != 0
            ? Figures.Readable(value, unit)
            : "–";

    private static string When(LoadTestResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.StartTime.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {Figures.Duration((result.EndTime - result.StartTime).TotalSeconds)}, {VerdictText.EngineName(result.Engine)}");

    private static string ReadStyle()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("reports/report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
