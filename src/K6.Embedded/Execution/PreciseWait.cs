using System.Diagnostics;
using System.Runtime.InteropServices;

namespace K6.Embedded.Execution;

/// <summary>Why a wait ended.</summary>
internal enum WaitResult
{
    /// <summary>The moment came.</summary>
    Due,

    /// <summary>The other moment came first.</summary>
    Other,

    /// <summary>The wait was interrupted.</summary>
    Interrupted,
}

/// <summary>Waits to a moment within a fraction of a millisecond, without burning the processor.</summary>
internal static partial class PreciseWait
{
    private static readonly long Coarse = Stopwatch.Frequency / 200; // 5 ms before the moment the fine wait begins
    private static readonly bool IsUnix = !OperatingSystem.IsWindows();

    /// <summary>Waits until a <see cref="Stopwatch"/> timestamp, an earlier other one, or the interrupt.</summary>
    public static WaitResult Until(long due, long other, CancellationToken interrupt)
    {
        var target = Math.Min(due, other);
        while (true)
        {
            if (interrupt.IsCancellationRequested)
            {
                return WaitResult.Interrupted;
            }

            var left = target - Stopwatch.GetTimestamp();
            if (left <= 0)
            {
                return other < due ? WaitResult.Other : WaitResult.Due;
            }

            if (left > Coarse)
            {
                var milliseconds = Math.Min(60_000, Math.Max(1, (left - Coarse) * 1000 / Stopwatch.Frequency));
                _ = interrupt.WaitHandle.WaitOne((int)milliseconds);
            }
            else
            {
                Fine(left);
            }
        }
    }

    private static void Fine(long left)
    {
        if (IsUnix)
        {
            var time = new TimeSpec { Seconds = 0, Nanoseconds = (nint)(left * 1_000_000_000 / Stopwatch.Frequency) };
            _ = NanoSleep(in time, 0);
        }
        else if (left * 1000 / Stopwatch.Frequency >= 1)
        {
            WindowsTimer.Sleep(left);
        }
        else
        {
            Thread.Yield();
        }
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec time, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    /// <summary>Windows' own sleep has a grain of 15 ms; a high-resolution waitable timer has 0.5 ms.</summary>
    private static partial class WindowsTimer
    {
        private const uint HighResolution = 0x2;
        private const uint AllAccess = 0x1F0003;

        [ThreadStatic]
        private static nint timer;

        public static void Sleep(long left)
        {
            if (timer == 0)
            {
                timer = CreateWaitableTimerEx(0, 0, HighResolution, AllAccess);
            }

            var due = -(left * 10_000_000 / Stopwatch.Frequency);
            if (timer == 0 || !SetWaitableTimer(timer, in due, 0, 0, 0, false))
            {
                Thread.Sleep(1);
                return;
            }

            _ = WaitForSingleObject(timer, 100);
        }

        [LibraryImport("kernel32", EntryPoint = "CreateWaitableTimerExW")]
        private static partial nint CreateWaitableTimerEx(nint attributes, nint name, uint flags, uint access);

        [LibraryImport("kernel32")]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static partial bool SetWaitableTimer(nint handle, in long due, int period, nint routine, nint argument, [MarshalAs(UnmanagedType.Bool)] bool resume);

        [LibraryImport("kernel32")]
        private static partial uint WaitForSingleObject(nint handle, uint milliseconds);
    }
}
