using System.Text;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Reports;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace K6.Build.Tasks.Output;

/// <summary>
/// Diagnostics as MSBuild events with code, place and help link, so that every logger and CI problem matcher shows them in the
/// canonical format: <c>file(line,column): error KSDK0103: text</c>. No subcategory and no end: matchers do not know them.
/// </summary>
internal static class DiagnosticLogger
{
    private static readonly string? Codes = FindCodes(Path.GetDirectoryName(typeof(DiagnosticLogger).Assembly.Location));

    /// <summary>Writes a diagnostic; one without a place is at the project file.</summary>
    public static void Write(TaskLoggingHelper log, Diagnostic diagnostic, string projectFile)
    {
        var (file, line, column) = diagnostic.Location ?? new SourceLocation(projectFile, 0, 0);
        // Problem matchers of CI systems only see a diagnostic with a line. That of GitHub also wants the project behind it, which MSBuild leaves out where it is
        // the file itself: by its bare name it is not, and the matcher finds it from the project's folder.
        line = Math.Max(1, line);
        file = file == projectFile && CiSurfaces.IsGitHubActions(Environment.GetEnvironmentVariable) ? Path.GetFileName(file) : file;
        var message = CiSurfaces.WithoutCommands(OneLine(diagnostic.Message));
        var help = HelpLink(diagnostic.Code);
        switch (diagnostic.Severity)
        {
            case DiagnosticSeverity.Error:
                log.LogError(null, diagnostic.Code, null, help, file, line, column, 0, 0, message);
                break;
            case DiagnosticSeverity.Warning:
                log.LogWarning(null, diagnostic.Code, null, help, file, line, column, 0, 0, message);
                break;
            default:
                log.LogMessage(null, diagnostic.Code, null, file, line, column, 0, 0, MessageImportance.High, message);
                break;
        }
    }

    /// <summary>The row of a code in the package's <c>docs/codes.md</c>; null for codes of other tools.</summary>
    public static string? HelpLink(string code) =>
        Codes is not null && code.StartsWith("KSDK", StringComparison.Ordinal)
            ? $"{new Uri(Codes).AbsoluteUri}#{code.ToLowerInvariant()}"
            : null;

    // Beside the tasks in the package, at the root of the repository.
    private static string? FindCodes(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var file = Path.Combine(folder, "docs", "codes.md");
            if (File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }

    // A line break would end the canonical format; a control character could repaint the terminal.
    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var character in text.TrimEnd())
        {
            if (character == '\n')
            {
                line.Append(' ');
            }
            else if (!char.IsControl(character))
            {
                line.Append(character);
            }
        }

        return line.ToString();
    }
}
