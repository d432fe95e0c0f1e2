using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace K6.Benchmarks;

/// <summary>The machine that measures: programs on one core, their server on the other.</summary>
internal static partial class Machine
{
    private static readonly bool CanPin = OperatingSystem.IsLinux() && Environment.ProcessorCount > 1 && Find("taskset") is not null;

    /// <summary>One line about where the figures come from.</summary>
    public static string Describe()
    {
        var load = File.Exists("/proc/loadavg") ? $", load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{RuntimeInformation.OSDescription.Trim()}, {Environment.ProcessorCount} cores{load}, {RuntimeInformation.FrameworkDescription}, {(CanPin ? "server on core 0, engine on core 1" : "nothing pinned to a core")}");
    }

    /// <summary>The program's file on PATH, or null.</summary>
    public static string? Find(string program)
    {
        var name = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(d => d.Length > 0).Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>A command on a core of its own; on both without one.</summary>
    public static ProcessStartInfo Command(int? core, IReadOnlyList<string> command)
    {
        string[] whole = core is { } number && CanPin ? ["taskset", "-c", number.ToString(CultureInfo.InvariantCulture), .. command] : [.. command];
        var start = new ProcessStartInfo(whole[0]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in whole.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="BenchmarkException">It failed.</exception>
    public static Usage Run(ProcessStartInfo start)
    {
        var before = ChildrenCpu();
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new BenchmarkException($"{start.FileName} did not start");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        var peak = 0L;
        while (!process.WaitForExit(5))
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It has just ended.
            }
        }

        process.WaitForExit();
        var wall = clock.Elapsed;
        var cpu = OperatingSystem.IsWindows() ? process.TotalProcessorTime : ChildrenCpu() - before;
        if (process.ExitCode != 0)
        {
            throw new BenchmarkException($"{string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}:\n{errors.Result}{output.Result}");
        }

        return new Usage(cpu, wall, peak, output.Result);
    }

    /// <summary>The value in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>CPU of all children that have ended: .NET forgets the times of a process that has ended; the system remembers the sum of all that were waited for.</summary>
    public static TimeSpan ChildrenCpu()
    {
        if (OperatingSystem.IsWindows())
        {
            return default;
        }

        const int Children = -1;
        var fields = new long[36];
        return GetResourceUsage(Children, fields) == 0
            ? TimeSpan.FromSeconds(fields[0] + fields[2]) + TimeSpan.FromMicroseconds((int)fields[1] + (int)fields[3])
            : throw new BenchmarkException("getrusage failed");
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, [Out] long[] usage);
}

/// <summary>What a process took.</summary>
/// <param name="Cpu">User and system time.</param>
/// <param name="Wall">From start to end.</param>
/// <param name="PeakBytes">The largest working set that was seen.</param>
/// <param name="Output">What it wrote to stdout.</param>
internal sealed record Usage(TimeSpan Cpu, TimeSpan Wall, long PeakBytes, string Output);

/// <summary>A benchmark could not be made; the message says why.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
