using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>Where the result comes from: versions, machine, commit, files, and warnings of the invocation.</summary>
internal static class EnvironmentSection
{
    private const int MostFiles = 100;

    /// <summary>Writes the section.</summary>
    public static void Write(HtmlText html, LoadTestResult result)
    {
        html.Markup("<article aria-labelledby=\"environment\"><h2 id=\"environment\">Environment</h2>\n");
        var warnings = result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Warning && !result.Tests.Any(test => test.Name == one.Test)).ToList();
        if (warnings.Count > 0)
        {
            html.Markup("<ul class=\"warnings\">");
            foreach (var warning in warnings.Take(MostFiles))
            {
                html.Markup("<li><span class=\"warn\" aria-hidden=\"true\">!</span> ");
                HtmlReport.Reason(html, result, warning);
                html.Markup("</li>");
            }

            html.Markup("</ul>");
        }

        var machine = result.Machine;
        var rows = new (string Name, string? Value)[]
        {
            ("engine", result.ImportedFrom.Count == 0 && result.Engine is { } engine ? $"{VerdictText.EngineName(engine)} ({engine.Path})" : null),
            ("imported from", result.ImportedFrom.Count > 0 ? string.Join(", ", result.ImportedFrom) : null),
            ("machine", machine.Cpus == 0 ? "not known" : $"{machine.Name}, {machine.OperatingSystem} {machine.Architecture}, {machine.Cpus} processors, {Figures.Number(machine.MemoryBytes / (double)(1L << 30), 3)} GiB"),
            ("CI", machine.Ci),
            ("commit", result.Commit is { } commit ? $"{commit.Sha}{(commit.Branch is null ? "" : $" ({commit.Branch})")}" : null),
            ("start", result.StartTime.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)),
            ("end", result.EndTime.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)),
            ("project", result.ProjectFile ?? result.Project),
            ("run", result.RunId.ToString("D")),
        };
        html.Markup("<dl class=\"rows\">");
        foreach (var (name, value) in rows.Where(row => !string.IsNullOrEmpty(row.Value)))
        {
            html.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>");
        }

        html.Markup("</dl>\n");
        if (result.Files.Count > 0)
        {
            html.Markup("<details><summary>Files</summary><ul class=\"files\">");
            foreach (var file in result.Files.Take(MostFiles))
            {
                html.Add($"<li><a href=\"{Address(file)}\">{file}</a></li>");
            }

            html.Markup("</ul></details>");
        }

        html.Markup("</article>\n");
    }

    // Relative, so that no name of a file can become an address with a scheme of its own.
    private static string Address(string file) => "./" + string.Join('/', file.Split('/').Select(Uri.EscapeDataString));
}
