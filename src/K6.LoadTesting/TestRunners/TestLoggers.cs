using System.Security;
using K6.LoadTesting.Reports;

namespace K6.LoadTesting.TestRunners;

/// <summary>
/// The loggers of <c>dotnet test</c> that a load test can serve: <c>trx</c>, <c>junit</c> and <c>html</c> are reports that it writes anyway; with a <c>LogFileName</c> (or
/// <c>LogFilePath</c>) the report goes there.
/// </summary>
internal static class TestLoggers
{
    private static readonly Dictionary<string, string> Reports = new(StringComparer.OrdinalIgnoreCase)
    {
        ["trx"] = "loadtest.trx",
        ["junit"] = "loadtest.junit.xml",
        ["html"] = "loadtest.html",
    };

    /// <summary>Moves reports to where loggers want them.</summary>
    /// <param name="loggers">As on the command line: <c>trx;LogFileName=load.trx</c>.</param>
    /// <param name="results">Absolute path of the folder of results.</param>
    /// <param name="directory">Absolute path where names of files start.</param>
    /// <param name="projectFile">Absolute path of the project. Another one may have a report of this name already, unit tests mostly: then this one's name is a part of it, <c>all.Shop.LoadTests.trx</c>.</param>
    /// <returns>The loggers that a load test cannot serve.</returns>
    /// <exception cref="IOException">A report cannot be moved.</exception>
    public static IReadOnlyList<string> Apply(IEnumerable<string> loggers, string results, string directory, string projectFile)
    {
        var unknown = new List<string>();
        foreach (var logger in loggers)
        {
            var parts = logger.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0].Equals("console", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!Reports.TryGetValue(parts[0], out var report))
            {
                unknown.Add(parts[0]);
            }
            else if (parts.Skip(1).Select(part => part.Split('=', 2)).FirstOrDefault(pair => pair is [var name, { Length: > 0 }] && IsFile(name)) is [_, var file])
            {
                Move(Path.Combine(results, report), Free(Path.GetFullPath(file, directory), projectFile), results);
            }
        }

        return unknown;
    }

    private static bool IsFile(string name) => name.Equals("LogFileName", StringComparison.OrdinalIgnoreCase) || name.Equals("LogFilePath", StringComparison.OrdinalIgnoreCase);

    private static string Free(string target, string projectFile) => !File.Exists(target) || File.ReadAllText(target).Contains(SecurityElement.Escape(projectFile), StringComparison.Ordinal)
        ? target
        : Path.Combine(Path.GetDirectoryName(target)!, $"{Path.GetFileNameWithoutExtension(target)}.{Path.GetFileNameWithoutExtension(projectFile)}{Path.GetExtension(target)}");

    private static void Move(string report, string target, string results)
    {
        // A load test that ended before there were results has no report.
        if (report == target || !File.Exists(report))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (Path.GetExtension(report) == ".trx")
        {
            // The attachments stay; a TRX names their folder as seen from itself.
            var folder = Path.Combine(Path.GetRelativePath(Path.GetDirectoryName(target)!, results), TrxWriter.AttachmentsFolder).Replace('\\', '/');
            File.WriteAllText(target, File.ReadAllText(report).Replace(
                $"runDeploymentRoot=\"{TrxWriter.AttachmentsFolder}\"", $"runDeploymentRoot=\"{SecurityElement.Escape(folder)}\"", StringComparison.Ordinal));
            File.Delete(report);
        }
        else
        {
            File.Move(report, target, overwrite: true);
        }
    }
}
