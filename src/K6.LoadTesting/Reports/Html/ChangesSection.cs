using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>What changed against earlier runs.</summary>
internal static class ChangesSection
{
    /// <summary>Writes it, where the project compares anything; what is worse first.</summary>
    public static void Write(HtmlText html, TestResult test)
    {
        if (test.Regressions.Count == 0)
        {
            return;
        }

        TestSections.Section(html, ChangeText.Title(test), () =>
        {
            TestSections.Table(html, $"What changed in {test.Name}", "metric", "#before", "#now", "#change", "#noise", "", "#allowed", "#detectable");
            foreach (var change in test.Regressions.OrderByDescending(one => ChangeText.Mark(one) ?? DiagnosticSeverity.Info))
            {
                html.Markup("<tr><th scope=\"row\"><div class=\"marked\">").Markup(Sign(change));
                html.Add($"{ChangeText.Verdict(change)}</span><div><code>{PlainText.Fit(change.Metric, 300)}</code> {change.Statistic}");
                if (change.File is not null)
                {
                    html.Add($"<br/><span class=\"place\">{HtmlReport.Place(change.File, change.Line, change.Column)}</span>");
                }

                html.Add($"</div></div></th><td class=\"n\">{ChangeText.Baseline(change)}");
                if (change.Baseline is not null)
                {
                    html.Add($"<br/><small>of {change.Runs} {(change.Against is null ? "runs" : "pairs")}</small>");
                }

                html.Add($"</td><td class=\"n\">{ChangeText.Now(change)}");
                if (ChangeText.Again(change) is { } again)
                {
                    html.Add($"<br/><small>{again}</small>");
                }

                html.Add($"</td><td class=\"n\">{ChangeText.Change(change)}</td><td class=\"n\">{ChangeText.Noise(change)}</td><td class=\"bar\">");
                Bars.Change(html, change);
                html.Add($"</td><td class=\"n\">{ChangeText.Allowed(change)}</td><td class=\"n\">{ChangeText.Detectable(change)}</td></tr>");
            }

            TestSections.EndTable(html);
            html.Add($"<p class=\"note\">{ChangeText.ExplanationOf(test)}</p>");
        });
    }

    // The word comes after it, and in its colour.
    private static string Sign(RegressionResult change) => ChangeText.Mark(change) switch
    {
        DiagnosticSeverity.Error => "<span class=\"bad\"><span aria-hidden=\"true\">✗</span> ",
        DiagnosticSeverity.Warning => "<span class=\"warn\"><span aria-hidden=\"true\">!</span> ",
        DiagnosticSeverity.Info => "<span><span aria-hidden=\"true\">–</span> ",
        _ => "<span class=\"good\"><span aria-hidden=\"true\">✓</span> ",
    };
}
