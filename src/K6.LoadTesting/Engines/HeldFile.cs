namespace K6.LoadTesting.Engines;

/// <summary>Tells a file that somebody else has open from one that cannot be opened at all: for the first it is worth to wait.</summary>
internal static class HeldFile
{
    // What the operating system says of a lock that another process has: ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION; EWOULDBLOCK of Linux and of macOS.
    private static readonly int[] Windows = [32, 33];
    private static readonly int[] Unix = [11, 35];

    /// <summary>Whether a file could not be opened because somebody else has it.</summary>
    public static bool Is(IOException failure) =>
        OperatingSystem.IsWindows() ? Windows.Contains(failure.HResult & 0xFFFF) : Unix.Contains(failure.HResult);
}
