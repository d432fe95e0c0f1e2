namespace K6.LoadTesting.Engines;

/// <summary>Finds programs the way a shell would.</summary>
internal static class Programs
{
    /// <summary>Absolute path of a program: itself when it has a folder, else the first file on the path; null when there is none.</summary>
    /// <param name="name">Name or path, with or without the extension that Windows wants.</param>
    /// <param name="path">Value of PATH.</param>
    public static string? Find(string name, string? path)
    {
        if (name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) || name.Contains(Path.AltDirectorySeparatorChar, StringComparison.Ordinal))
        {
            return Candidates(Path.GetFullPath(name)).FirstOrDefault(File.Exists);
        }

        return (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => Candidates(Path.Combine(folder.Trim('"'), name)))
            .FirstOrDefault(file => File.Exists(file) && IsExecutable(file));
    }

    /// <summary>Whether anybody may execute the file; on Windows always true.</summary>
    public static bool IsExecutable(string file) =>
        OperatingSystem.IsWindows() ||
        (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static IEnumerable<string> Candidates(string file) =>
        !OperatingSystem.IsWindows() ? [file] : Path.HasExtension(file) ? [file, file + ".exe"] : [file + ".exe", file + ".cmd", file];
}
