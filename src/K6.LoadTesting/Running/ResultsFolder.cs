using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Running;

/// <summary>
/// The folder of results of one invocation. Everything is written to a folder aside and moved into place at the end, the
/// JSON last: a reader finds the results of one invocation, whole, or none.
/// </summary>
internal sealed class ResultsFolder
{
    private const string StagingPrefix = ".staging-";
    private const string ResultFile = "loadtest.json";

    private ResultsFolder(string directory, string staging)
    {
        Directory = directory;
        Staging = staging;
    }

    /// <summary>Absolute path of the folder that the user knows.</summary>
    public string Directory { get; }

    /// <summary>Absolute path of the folder to write to.</summary>
    public string Staging { get; }

    /// <summary>Makes the folder aside, and removes what a killed run left. To be called under the run lock.</summary>
    /// <exception cref="LoadTestException">The folder cannot be written.</exception>
    public static ResultsFolder Open(string directory)
    {
        var staging = Path.Combine(directory, $"{StagingPrefix}{Guid.NewGuid():N}");
        try
        {
            System.IO.Directory.CreateDirectory(directory);
            foreach (var left in System.IO.Directory.GetDirectories(directory, $"{StagingPrefix}*"))
            {
                System.IO.Directory.Delete(left, recursive: true);
            }

            System.IO.Directory.CreateDirectory(staging);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(directory, failure);
        }

        return new ResultsFolder(directory, staging);
    }

    /// <summary>Remembers that a run began and left no results, where it may not touch those of another that runs now: what lies there proves nothing.</summary>
    /// <exception cref="LoadTestException">The folder cannot be written.</exception>
    public static void LeaveUnfinished(string directory)
    {
        try
        {
            System.IO.Directory.CreateDirectory(Path.Combine(directory, $"{StagingPrefix}{Guid.NewGuid():N}"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(directory, failure);
        }
    }

    /// <summary>Whether a run began in a folder and has not moved its results into place.</summary>
    public static bool IsUnfinished(string directory) =>
        System.IO.Directory.Exists(directory) && System.IO.Directory.EnumerateDirectories(directory, $"{StagingPrefix}*").Any();

    /// <summary>Folder of a test, made.</summary>
    public string ForTest(string test) =>
        System.IO.Directory.CreateDirectory(Path.Combine(Staging, test)).FullName;

    /// <summary>Files written so far, relative to the folder, with forward slashes, sorted.</summary>
    public IReadOnlyList<string> Files() =>
        [.. System.IO.Directory.EnumerateFiles(Staging, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Staging, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    /// <summary>
    /// Writes what is still to be written, and moves everything into place. The old <c>loadtest.json</c> goes first and the new one comes last, so that it never
    /// stands beside results that are not its own. When that fails, the folder aside stays until the next run: it says that this one left no result.
    /// </summary>
    /// <param name="staleEntries">Names of files and folders of the invocation before, to be removed.</param>
    /// <param name="write">Writes into the folder aside.</param>
    /// <exception cref="LoadTestException">The folder cannot be written.</exception>
    public void Publish(IEnumerable<string> staleEntries, Action<string>? write = null)
    {
        try
        {
            write?.Invoke(Staging);
            File.Delete(Path.Combine(Directory, ResultFile));
            foreach (var stale in staleEntries)
            {
                Remove(Path.Combine(Directory, stale));
            }

            var entries = System.IO.Directory.GetFileSystemEntries(Staging).Select(Path.GetFileName).OfType<string>();
            foreach (var entry in entries.OrderBy(name => name == ResultFile).ThenBy(name => name, StringComparer.Ordinal))
            {
                var target = Path.Combine(Directory, entry);
                Remove(target);
                System.IO.Directory.Move(Path.Combine(Staging, entry), target);
            }

            System.IO.Directory.Delete(Staging);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(Directory, failure);
        }
    }

    private static void Remove(string path)
    {
        if (System.IO.Directory.Exists(path))
        {
            System.IO.Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    private static LoadTestException NotWritable(string directory, Exception failure) => new(
        Rules.ResultsNotWritable.At(
            null,
            $"The results folder {directory} cannot be written: {failure.Message} Free it, or set K6ResultsDirectory to another folder."),
        failure);
}
