using System.Globalization;

namespace K6.LoadTesting.Services.Monitoring;

/// <summary>What the whole machine has used so far.</summary>
/// <param name="Busy">CPU time of all cores that was used.</param>
/// <param name="Total">CPU time of all cores.</param>
/// <param name="AvailableMemory">Memory that programs could still have, bytes.</param>
internal sealed record MachineUsage(long Busy, long Total, long AvailableMemory)
{
    /// <summary>Reads it; null elsewhere than on Linux.</summary>
    public static MachineUsage? Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            // proc(5): user, nice, system, idle, iowait, irq, softirq, steal, and guests, which are in user already.
            var times = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
            var total = times.Sum();
            var available = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return new MachineUsage(total - times[3] - times[4], total, long.Parse(available, CultureInfo.InvariantCulture) * 1024);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
