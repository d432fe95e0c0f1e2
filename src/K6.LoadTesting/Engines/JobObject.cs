using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace K6.LoadTesting.Engines;

/// <summary>
/// A Windows job object that ends all its processes when its last handle closes, which the operating system does when we die.
/// https://learn.microsoft.com/windows/win32/procthread/job-objects
/// </summary>
internal sealed class JobObject : IDisposable
{
    private const int ExtendedLimitInformation = 9;
    private const uint KillOnJobClose = 0x2000;

    private readonly SafeFileHandle _handle = CreateJobObjectW(0, 0);

    public JobObject()
    {
        var limits = new ExtendedLimits { Flags = KillOnJobClose };
        if (_handle.IsInvalid || !SetInformationJobObject(_handle, ExtendedLimitInformation, ref limits, Marshal.SizeOf<ExtendedLimits>()))
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Puts a process in; what it starts from then on is in as well.</summary>
    public void Assign(Process process)
    {
        try
        {
            // False when it has ended meanwhile: nothing to hold then.
            _ = AssignProcessToJobObject(_handle, process.SafeHandle);
        }
        catch (InvalidOperationException)
        {
            // Ended.
        }
    }

    /// <summary>Ends all processes in it, at once.</summary>
    public void Terminate()
    {
        if (!_handle.IsClosed)
        {
            _ = TerminateJobObject(_handle, ChildProcess.KilledExitCode);
        }
    }

    public void Dispose() => _handle.Dispose();

    [DllImport("kernel32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern SafeFileHandle CreateJobObjectW(nint attributes, nint name);

    [DllImport("kernel32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern bool SetInformationJobObject(SafeFileHandle job, int kind, ref ExtendedLimits limits, int size);

    [DllImport("kernel32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern bool AssignProcessToJobObject(SafeFileHandle job, SafeProcessHandle process);

    [DllImport("kernel32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern bool TerminateJobObject(SafeFileHandle job, int exitCode);

    // JOBOBJECT_EXTENDED_LIMIT_INFORMATION; only the flags are ours, the rest stays zero.
    [StructLayout(LayoutKind.Sequential)]
    private struct ExtendedLimits
    {
        public long PerProcessUserTimeLimit;
        public long PerJobUserTimeLimit;
        public uint Flags;
        public nuint MinimumWorkingSetSize;
        public nuint MaximumWorkingSetSize;
        public uint ActiveProcessLimit;
        public nuint Affinity;
        public uint PriorityClass;
        public uint SchedulingClass;
        public ulong ReadOperationCount;
        public ulong WriteOperationCount;
        public ulong OtherOperationCount;
        public ulong ReadTransferCount;
        public ulong WriteTransferCount;
        public ulong OtherTransferCount;
        public nuint ProcessMemoryLimit;
        public nuint JobMemoryLimit;
        public nuint PeakProcessMemoryUsed;
        public nuint PeakJobMemoryUsed;
    }
}
