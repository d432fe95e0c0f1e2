using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace K6.Faults.Tests;

/// <summary>What faults are made of: signals, pipes that nobody writes to, small and read-only file systems; and what <c>/proc</c> tells of processes.</summary>
internal static partial class Linux
{
    public const int Sigint = 2;
    public const int Sigkill = 9;
    public const int Sigterm = 15;

    private const int WriteOnlyAtOnce = 0x801;

    /// <summary>Signals as people know them.</summary>
    public static IReadOnlyList<(string Name, int Number)> Signals { get; } = [("kill -9", Sigkill), ("SIGTERM", Sigterm), ("Ctrl-C", Sigint)];

    public static bool IsRoot { get; } = OperatingSystem.IsLinux() && Environment.UserName == "root";

    /// <summary>Ends the test as inconclusive where mounting is not allowed.</summary>
    public static void RequireRoot()
    {
        if (!IsRoot)
        {
            Assert.Inconclusive("only root may mount the small file system that this needs");
        }
    }

    /// <summary>Signals a process; a negative id is that of a group.</summary>
    public static void Signal(int id, int signal) => _ = Kill(id, signal);

    /// <summary>Makes a pipe with a name: whoever reads it waits.</summary>
    public static void MakePipe(string path)
    {
        if (MakePipe(path, 0x1B6) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Opens a pipe once somebody reads it, who then waits until this is closed.</summary>
    public static async Task<IDisposable> ReadBySomebodyAsync(string pipe, Task orElse)
    {
        while (true)
        {
            var handle = Open(pipe, WriteOnlyAtOnce);
            if (handle >= 0)
            {
                return new Microsoft.Win32.SafeHandles.SafeFileHandle(handle, ownsHandle: true);
            }

            if (await Task.WhenAny(orElse, Task.Delay(20)) == orElse)
            {
                await orElse;
                throw new AssertFailedException($"nobody read {pipe}");
            }
        }
    }

    /// <summary>A file system of a size in a folder, until it is disposed.</summary>
    public static IDisposable Mount(string folder, string options)
    {
        RequireRoot();
        Directory.CreateDirectory(folder);
        Run("mount", "-t", "tmpfs", "-o", options, "k6sdk-fault", folder);
        return new Mounted(folder);
    }

    /// <summary>A library for <c>LD_PRELOAD</c> of one of the C files beside the tests; without a C compiler the test is skipped.</summary>
    public static PreloadedLibrary Library(string source)
    {
        if (LoadTesting.Engines.Programs.Find("cc", Environment.GetEnvironmentVariable("PATH")) is not { } compiler)
        {
            Assert.Inconclusive($"no C compiler makes the library of {source}");
            throw new InvalidOperationException();
        }

        var file = Path.Combine("/tmp", $"k6f-{Path.GetFileNameWithoutExtension(source)}-{Guid.NewGuid():N}.so");
        Run(compiler, "-shared", "-fPIC", "-O1", "-o", file, Path.Combine(AppContext.BaseDirectory, source), "-ldl");
        return new PreloadedLibrary(file);
    }

    /// <summary>A library that is there until this is disposed.</summary>
    public sealed record PreloadedLibrary(string File) : IDisposable
    {
        public void Dispose() => System.IO.File.Delete(File);
    }

    /// <summary>A folder nobody can write to, root included, until this is disposed.</summary>
    public static IDisposable ReadOnly(string folder)
    {
        RequireRoot();
        Directory.CreateDirectory(folder);
        Run("mount", "--bind", folder, folder);
        Run("mount", "-o", "remount,bind,ro", folder);
        return new Mounted(folder);
    }

    /// <summary>Running processes that work in a folder, name it, or were started with it in their environment; and watchers whose owner is gone.</summary>
    public static IReadOnlyList<string> ProcessesOf(string folder) =>
    [
        .. Processes()
            .Where(process => !IsZombie(process))
            .Where(process => Read(process, "cmdline").Contains(folder, StringComparison.Ordinal)
                || Folder(process).StartsWith(folder, StringComparison.Ordinal)
                || Read(process, "environ").Contains(folder, StringComparison.Ordinal))
            .Select(process => $"{process}: {Read(process, "cmdline")}"),
    ];

    /// <summary>Ids of processes of a folder whose command line has a text.</summary>
    public static IReadOnlyList<int> Find(string folder, params string[] texts) =>
    [
        .. Processes().Where(process => !IsZombie(process) && texts.All(text => Read(process, "cmdline").Contains(text, StringComparison.Ordinal))
            && (Read(process, "cmdline").Contains(folder, StringComparison.Ordinal) || Folder(process).StartsWith(folder, StringComparison.Ordinal) || Read(process, "environ").Contains(folder, StringComparison.Ordinal))),
    ];

    /// <summary>Files of this process that are open in a folder.</summary>
    public static IReadOnlyList<string> OpenFiles(string folder) =>
        [.. Directory.EnumerateFiles("/proc/self/fd").Select(LinkTarget).Where(file => file.StartsWith(folder, StringComparison.Ordinal))];

    /// <summary>Ports that this process listens on.</summary>
    public static IReadOnlyList<int> ListeningPorts()
    {
        var sockets = Directory.EnumerateFiles("/proc/self/fd").Select(LinkTarget).Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).ToHashSet();
        return
        [
            .. File.ReadLines("/proc/self/net/tcp").Skip(1)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(row => row[3] == "0A" && sockets.Contains($"socket:[{row[9]}]"))
                .Select(row => int.Parse(row[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>Runs a program that has to succeed.</summary>
    public static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {said}");
        }
    }

    private static IEnumerable<int> Processes() => Directory.EnumerateDirectories("/proc")
        .Select(process => int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0 && id != Environment.ProcessId);

    private static bool IsZombie(int process) => Read(process, "stat").Contains(") Z ", StringComparison.Ordinal);

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}").Replace('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Folder(int process) => LinkTarget($"/proc/{process}/cwd");

    private static string LinkTarget(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName is { } target
                ? target[(target.LastIndexOf("/socket:[", StringComparison.Ordinal) is >= 0 and var at ? at + 1 : 0)..] : "";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private sealed class Mounted(string folder) : IDisposable
    {
        private bool _done;

        public void Dispose()
        {
            if (!_done)
            {
                _done = true;
                Run("umount", "-l", folder);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int id, int signal);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
