namespace K6.LoadTesting.Engines;

/// <summary>Programs that came in a NuGet package.</summary>
internal static class PackagedProgram
{
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>NuGet unpacks files so that only their owner may execute them (https://github.com/NuGet/Home/issues/13121).</summary>
    /// <param name="program">Absolute path of the program.</param>
    /// <param name="fallback">Folder for a copy where the package cannot be changed.</param>
    /// <param name="withFolder">Whether the program needs the files beside it.</param>
    public static string Executable(string program, string fallback, bool withFolder = false)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(program) || (File.GetUnixFileMode(program) & UnixFileMode.OtherExecute) != 0)
        {
            return program;
        }

        try
        {
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | Execute);
            return program;
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            // The packages belong to somebody else, as in a container or on a shared build machine: use a copy of our own.
            var copy = Path.Combine(fallback, Path.GetFileName(program));
            Directory.CreateDirectory(fallback);
            foreach (var file in withFolder ? Directory.GetFiles(Path.GetDirectoryName(program)!) : [program])
            {
                File.Copy(file, Path.Combine(fallback, Path.GetFileName(file)), overwrite: true);
            }

            File.SetUnixFileMode(copy, File.GetUnixFileMode(copy) | Execute);
            return copy;
        }
    }
}
