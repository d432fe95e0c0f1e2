using System.Text.Json;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>
/// Removes the results of the last load test: the files that <c>loadtest.json</c> names, the TRX with its attachments, and what an interrupted one left aside.
/// Other files in the folder are not ours.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class CleanLoadTestResults : K6Task
{
    /// <summary>Absolute path of the folder of results.</summary>
    [Required]
    public string ResultsDirectory { get; set; } = "";

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var root = Path.TrimEndingDirectorySeparator(ResultsDirectory);
        if (!Directory.Exists(root))
        {
            return;
        }

        foreach (var aside in Directory.EnumerateDirectories(root, ".staging-*"))
        {
            Directory.Delete(aside, recursive: true);
        }

        var file = Path.Combine(root, "loadtest.json");
        if (!File.Exists(file))
        {
            return;
        }

        // Reports are written after loadtest.json, and the attachments are copies for readers of the TRX; none of them is named there.
        var attachments = Path.Combine(root, "loadtest.attachments");
        if (Directory.Exists(attachments))
        {
            Directory.Delete(attachments, recursive: true);
        }

        var folders = new HashSet<string>(StringComparer.Ordinal) { root };
        foreach (var relative in Files(file).Concat(ReportFiles.Names).Append("loadtest.json"))
        {
            var path = Path.GetFullPath(Path.Combine(root, relative));
            if (path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                File.Delete(path);
                for (var folder = Path.GetDirectoryName(path)!; folder.Length > root.Length; folder = Path.GetDirectoryName(folder)!)
                {
                    folders.Add(folder);
                }
            }
        }

        foreach (var folder in folders.OrderByDescending(folder => folder.Length))
        {
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }

    // A result that cannot be read names nothing; it goes, the rest stays.
    private static IEnumerable<string> Files(string file)
    {
        try
        {
            var result = LoadTestJson.Read<LoadTestResult>(file);
            return result.Files.Concat(result.Tests.SelectMany(test => test.Files));
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
