using System.Globalization;

namespace K6.Conformance.Tests.SideBySide;

/// <summary>Whether the machine has time for a measurement: how much of its cores nobody used, while no engine of ours ran.</summary>
internal static class Quiet
{
    /// <summary>Below this share a measurement shows the machine's other work.</summary>
    public const double Least = 0.5;

    /// <summary>The share of idle time over a quarter of a second, from 0 to 1; 1 where the system does not tell (only Linux does).</summary>
    public static double IdleShare()
    {
        const string Statistics = "/proc/stat";
        if (!File.Exists(Statistics))
        {
            return 1;
        }

        var (idle, all) = Read();
        Thread.Sleep(250);
        var (idleThen, allThen) = Read();
        return (idleThen - idle) / Math.Max(1, allThen - all);

        static (double Idle, double All) Read()
        {
            var fields = File.ReadLines(Statistics).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(f => double.Parse(f, CultureInfo.InvariantCulture)).ToArray();
            return (fields[3] + fields[4], fields.Take(8).Sum());
        }
    }
}
