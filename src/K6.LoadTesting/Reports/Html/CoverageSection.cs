using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>Which operations of OpenAPI documents the load touched; those that it did not come first.</summary>
internal static class CoverageSection
{
    private const int MostRows = 200;

    /// <summary>Writes a table for each document.</summary>
    public static void Write(HtmlText html, LoadTestResult result)
    {
        if (result.Coverage.Count == 0)
        {
            return;
        }

        html.Markup("<article aria-labelledby=\"coverage\"><h2 id=\"coverage\">Endpoint coverage</h2>\n");
        foreach (var document in result.Coverage)
        {
            TestSections.Section(html, document.Document, () => Table(html, document));
        }

        html.Markup("</article>\n");
    }

    private static void Table(HtmlText html, EndpointCoverage document)
    {
        html.Add($"<p>The load touched {document.Touched} of {document.Total} operations ({Figures.Percent(document.Share)}).</p>");
        TestSections.Table(html, $"Operations of {document.Document}", "operation", "touched by", "succeeded", "function", "place");
        foreach (var operation in document.Operations.OrderBy(operation => operation.Tests.Count > 0).ThenBy(operation => operation.Succeeded).Take(MostRows))
        {
            var touched = operation.Tests.Count > 0;
            html.Add($"<tr><th scope=\"row\"><code>{operation.Method} {PlainText.Fit(operation.Path, 200)}</code></th>")
                .Add($"<td class=\"{(touched ? "" : "bad")}\">{(touched ? string.Join(", ", operation.Tests) : "not touched")}</td>")
                .Add($"<td>{(!touched ? "–" : operation.Succeeded ? "yes" : "never")}</td>")
                .Add($"<td><code>{operation.Function}</code></td><td class=\"place\">{HtmlReport.Place(operation.File, operation.Line, operation.Column)}</td></tr>");
        }

        TestSections.EndTable(html, document.Operations.Count - MostRows);
    }
}
