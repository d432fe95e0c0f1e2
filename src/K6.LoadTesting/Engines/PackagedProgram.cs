namespace K6.LoadTesting.Engines;

/// <summary>Programs that came in a NuGet package.</summary>
internal static class PackagedProgram
{
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>NuGet unpacks files so that only their owner may execute them (https://github.com/NuGet/Home/issues/13121).</summary>
    public static string Executable(string program, string fallback)
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
            File.Copy(program, copy, overwrite: true);
            File.SetUnixFileMode(copy, File.GetUnixFileMode(copy) | Execute);
            return copy;
        }
    }
}
