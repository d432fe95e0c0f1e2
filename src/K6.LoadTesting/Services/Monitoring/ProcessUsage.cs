using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace K6.LoadTesting.Services.Monitoring;

/// <summary>What a child and all that it started have used so far.</summary>
/// <param name="Cpu">CPU time of user and system.</param>
/// <param name="WorkingSet">Memory in use, bytes.</param>
/// <param name="Processes">Its processes, ascending.</param>
internal sealed record ProcessUsage(TimeSpan Cpu, long WorkingSet, IReadOnlyList<int> Processes)
{
    // What Linux counts CPU in, on every platform of .NET: USER_HZ.
    private const long TicksPerSecond = 100;

    /// <summary>Reads the usage of a process group, which is what the launcher makes of every child; elsewhere than on Linux, of the child alone.</summary>
    /// <returns>Null when it has ended.</returns>
    public static ProcessUsage? Of(int id) => (OperatingSystem.IsLinux() ? OfGroup(id) : null) ?? OfProcess(id);

    private static ProcessUsage? OfGroup(int group)
    {
        var (ticks, pages) = (0L, 0L);
        var members = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Read(id) is { } stat && stat.Group == group)
            {
                members.Add(id);
                ticks += stat.Ticks;
                pages += stat.Pages;
            }
        }

        members.Sort();
        return members.Count == 0 ? null : new ProcessUsage(TimeSpan.FromSeconds((double)ticks / TicksPerSecond), pages * Environment.SystemPageSize, members);
    }

    private static (int Group, long Ticks, long Pages)? Read(int id)
    {
        try
        {
            // proc(5): the name in parentheses may hold anything; after it come state, parent, group, …, the 12th and 13th are user and system time, the 22nd the resident pages.
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[2], CultureInfo.InvariantCulture), Number(fields[11]) + Number(fields[12]), Number(fields[21]));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            // It has just ended.
            return null;
        }

        static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
    }

    private static ProcessUsage? OfProcess(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return new ProcessUsage(process.TotalProcessorTime, process.WorkingSet64, [id]);
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
