using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Reports;

/// <summary>Where CI systems show something besides the log: GitHub's job summary, and the commands of Azure Pipelines.</summary>
internal static partial class CiSurfaces
{
    /// <summary>What GitHub takes of a step: a larger summary is dropped whole.</summary>
    private const long MostOfStep = 1024 * 1024;

    /// <summary>
    /// Appends <c>loadtest.md</c> to the summary of the job where GitHub Actions, or somebody compatible, names a file for it in <c>GITHUB_STEP_SUMMARY</c>.
    /// </summary>
    /// <param name="folder">Absolute path of the folder of results.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <returns>Why it was not written; null when it was, or when nobody asked for one.</returns>
    public static Diagnostic? AppendStepSummary(string folder, Func<string, string?> variable)
    {
        if (variable("GITHUB_STEP_SUMMARY") is not { Length: > 0 } file)
        {
            return null;
        }

        try
        {
            var text = File.ReadAllBytes(Path.Combine(folder, ReportFiles.Markdown));
            var before = new FileInfo(file) is { Exists: true } there ? there.Length : 0;
            if (before + text.Length + 1 > MostOfStep)
            {
                return Rules.StepSummaryNotWritten.At(
                    null, string.Create(CultureInfo.InvariantCulture, $"The job summary has {before} bytes from earlier commands of this step already, and GitHub drops one of more than 1 MiB whole; loadtest.md is not added. Use a step of its own for the load test."));
            }

            using var summary = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read);
            if (before > 0)
            {
                summary.WriteByte((byte)'\n');
            }

            summary.Write(text);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Rules.StepSummaryNotWritten.At(null, $"The job summary cannot be written: {failure.Message} The same is in loadtest.md; K6CiReports=false does without.");
        }
    }

    /// <summary>Whether this process runs in GitHub Actions.</summary>
    /// <param name="variable">Reads a variable of the environment.</param>
    public static bool IsGitHubActions(Func<string, string?> variable) => variable("GITHUB_ACTIONS") is "true";

    /// <summary>Whether this process runs in Azure Pipelines.</summary>
    /// <param name="variable">Reads a variable of the environment.</param>
    public static bool IsAzurePipelines(Func<string, string?> variable) =>
        variable("TF_BUILD") is { Length: > 0 } value && !value.Equals("false", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether errors of this build become issues only if we say so. The tasks of Azure Pipelines for .NET (<c>DotNetCoreCLI</c>, <c>VSBuild</c>, <c>MSBuild</c>) attach a
    /// logger that does it already. In a worker process, which cannot see that, nothing is said: better once too little than everything twice.
    /// </summary>
    /// <param name="commandLine">The command line of this process.</param>
    public static bool NeedsIssues(string commandLine) =>
        !commandLine.Contains("DistributedTask.MSBuild.Logger", StringComparison.OrdinalIgnoreCase) && !commandLine.Contains("nodemode:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The command that shows <c>loadtest.md</c> on the page of an Azure Pipelines run.</summary>
    /// <param name="folder">Absolute path of the folder of results.</param>
    public static string UploadSummary(string folder) => $"##vso[task.uploadsummary]{Data(Path.Combine(folder, ReportFiles.Markdown))}";

    /// <summary>The command that makes an error or a warning an issue of an Azure Pipelines run; null for information.</summary>
    /// <param name="diagnostic">The diagnostic.</param>
    public static string? LogIssue(Diagnostic diagnostic)
    {
        if (diagnostic.Severity == DiagnosticSeverity.Info)
        {
            return null;
        }

        var command = new StringBuilder("##vso[task.logissue type=").Append(diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning");
        if (diagnostic.Location is { } place)
        {
            command.Append(";sourcepath=").Append(Property(place.File));
            command.Append(CultureInfo.InvariantCulture, $";linenumber={Math.Max(1, place.Line)}");
            if (place.Column > 0)
            {
                command.Append(CultureInfo.InvariantCulture, $";columnnumber={place.Column}");
            }
        }

        return command.Append(";code=").Append(diagnostic.Code).Append(']').Append(Data(diagnostic.Message)).ToString();
    }

    /// <summary>Text of scripts and servers in a log: what Azure Pipelines or TeamCity would take for a command is broken.</summary>
    /// <param name="text">The text.</param>
    public static string WithoutCommands(string text) => text.Contains("##", StringComparison.Ordinal)
        ? text.Replace("##vso[", "##\u200bvso[", StringComparison.Ordinal).Replace("##teamcity[", "##\u200bteamcity[", StringComparison.Ordinal)
        : text;

    // Agents that do not decode %AZP25 would show it, so that only what they would decode otherwise is escaped.
    private static string Data(string text) => Decoded().Replace(PlainText.Clean(text), "%AZP25")
        .Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace("]", "%5D", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal);

    [GeneratedRegex("%(?=0D|0A|3B|5D|AZP25)", RegexOptions.IgnoreCase)]
    private static partial Regex Decoded();
}
