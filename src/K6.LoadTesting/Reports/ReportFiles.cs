using K6.LoadTesting.Reports.Html;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports;

/// <summary>All that is rendered from a result, beside its <c>loadtest.json</c>.</summary>
internal static class ReportFiles
{
    /// <summary>The page for pull requests and job summaries.</summary>
    public const string Markdown = "loadtest.md";

    private static readonly (string Name, Action<LoadTestResult, string> Write)[] Reports =
    [
        ("loadtest.trx", TrxWriter.Write),
        ("loadtest.junit.xml", JUnitWriter.Write),
        ("loadtest.html", HtmlReport.Write),
        (Markdown, MarkdownReport.Write),
        ("load-performance.json", GitLabReport.Write),
    ];

    /// <summary>Names of the files.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Reports.Select(report => report.Name)];

    /// <summary>Writes them, each aside and then moved into place.</summary>
    /// <param name="result">The result.</param>
    /// <param name="folder">Absolute path of the folder of results.</param>
    /// <exception cref="IOException">One cannot be written.</exception>
    public static void Write(LoadTestResult result, string folder)
    {
        foreach (var (name, write) in Reports)
        {
            write(result, Path.Combine(folder, name));
        }
    }
}
