using System.ComponentModel;
using System.Diagnostics;
using CliWrap;

namespace K6.LoadTesting.Engines;

/// <summary>What to start.</summary>
/// <param name="Program">Absolute path of the program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Its whole environment; nothing else is inherited.</param>
/// <param name="WorkingDirectory">Absolute path of its working folder.</param>
internal sealed record ChildCommand(
    string Program,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingDirectory);

/// <summary>
/// The one launcher of this library. The child gets a session of its own, so that a Ctrl-C in the terminal does not reach it,
/// and all that it starts ends with it. It never outlives us, not even after kill -9: on POSIX a watcher process reads a pipe
/// that only we hold, on Windows the child is in a job object that only we hold (<c>docs/engines.md</c>).
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>Exit code of a child that was ended by force: 128 + SIGKILL, as a shell would say.</summary>
    public const int KilledExitCode = 137;

    // Somebody who left the group may hold the pipes of the child; we do not wait for him longer than this.
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(5);

    private readonly OutputReader[] _outputs;
    private readonly OrphanWatcher? _watcher;
    private readonly JobObject? _job;
    private readonly Process? _process;
    private readonly bool _hasStop;

    private ChildProcess(
        int id, Process? process, CommandTask<CommandResult> command, OrphanWatcher? watcher, JobObject? job, OutputReader[] outputs, bool hasStop)
    {
        Id = id;
        _hasStop = hasStop;
        _process = process;
        _watcher = watcher;
        _job = job;
        _outputs = outputs;
        Exited = WaitAsync(command);
    }

    /// <summary>Process id; on POSIX also the id of its process group.</summary>
    public int Id { get; }

    /// <summary>
    /// Ends when the child and its group are gone and its output has been read. The exit code; a signal gives 128 + its number.
    /// Faults only with what a handler of a line threw.
    /// </summary>
    public Task<int> Exited { get; }

    /// <summary>Runs a child to its end.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="standardOutput">Reader of its standard output.</param>
    /// <param name="standardError">Reader of its standard error.</param>
    /// <param name="timeout">When it is ended by force.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static async Task<int> RunAsync(
        ChildCommand command, OutputReader standardOutput, OutputReader standardError, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var child = Start(command, standardOutput, standardError, TimeSpan.FromSeconds(1));
        await using var _ = child.ConfigureAwait(false);
        return await child.Exited.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a child. Its standard input is empty; its output goes to the readers as fast as it comes.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="standardOutput">Reader of its standard output; disposed with the child.</param>
    /// <param name="standardError">Reader of its standard error; disposed with the child.</param>
    /// <param name="orphanGrace">Time between the polite and the impolite signal if this process should vanish.</param>
    /// <param name="stop">
    /// What is run first if this process should vanish before the child is disposed, even when the child itself has ended: its work may go on elsewhere.
    /// </param>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public static ChildProcess Start(
        ChildCommand command, OutputReader standardOutput, OutputReader standardError, TimeSpan orphanGrace, ChildCommand? stop = null)
    {
        var (program, arguments, waits) = OperatingSystem.IsWindows()
            ? (command.Program, command.Arguments, false)
            : ProcessGroup.WrapWaiting(command.Program, command.Arguments);
        var gate = new TaskCompletionSource();
        var watcher = OperatingSystem.IsWindows() ? null : OrphanWatcher.Start(orphanGrace, stop);
        var job = OperatingSystem.IsWindows() ? new JobObject() : null;
        try
        {
            var running = Cli.Wrap(program)
                .WithArguments(arguments)
                .WithWorkingDirectory(command.WorkingDirectory)
                .WithEnvironmentVariables(Only(waits ? new Dictionary<string, string>(command.Environment) { ["PERL_BADLANG"] = "0" } : command.Environment))
                .WithValidation(CommandResultValidation.None)
                .WithStandardInputPipe(waits ? PipeSource.Create((pipe, cancellation) => OpenAsync(pipe, gate.Task, cancellation)) : PipeSource.Null)
                .WithStandardOutputPipe(standardOutput.Target)
                .WithStandardErrorPipe(standardError.Target)
                .ExecuteAsync();
            var process = Find(running.ProcessId);
            watcher?.Watch(running.ProcessId);
            if (process is not null)
            {
                job?.Assign(process);
            }

            gate.SetResult();
            return new ChildProcess(running.ProcessId, process, running, watcher, job, [standardOutput, standardError], stop is not null);
        }
        catch
        {
            gate.TrySetCanceled();
            watcher?.Release();
            job?.Dispose();
            throw;
        }
    }

    /// <summary>Asks the child and all that it started to end: SIGTERM. Windows has no such thing, there it is <see cref="Kill"/>.</summary>
    public void Terminate()
    {
        if (OperatingSystem.IsWindows())
        {
            Kill();
        }
        else if (!Exited.IsCompleted)
        {
            ProcessGroup.Signal(Id, ProcessGroup.Sigterm);
        }
    }

    /// <summary>Ends the child and all that it started, at once.</summary>
    public void Kill()
    {
        if (Exited.IsCompleted)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _job!.Terminate();
            return;
        }

        try
        {
            // First by parentage, which finds those who left the group; the group then has those whose parents are gone.
            _process?.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // Gone already.
        }

        ProcessGroup.Signal(Id, ProcessGroup.Sigkill);
    }

    /// <summary>Ends the child if it still runs, and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await ((Task)Exited).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _watcher?.Release();
        _process?.Dispose();
        foreach (var output in _outputs)
        {
            output.Dispose();
        }
    }

    private async Task<int> WaitAsync(CommandTask<CommandResult> command)
    {
        try
        {
            if (_process is not null)
            {
                await _process.WaitForExitAsync().ConfigureAwait(false);
            }

            // The program itself has ended; what it left behind must not go on, and must not keep our pipes open.
            if (!OperatingSystem.IsWindows())
            {
                ProcessGroup.Signal(Id, ProcessGroup.Sigkill, groupOnly: true);
            }

            _job?.Dispose();
            var ended = await Task.WhenAny(command.Task, Task.Delay(PipeGrace)).ConfigureAwait(false);
            if (ended != command.Task)
            {
                foreach (var output in _outputs)
                {
                    output.Abandon();
                }
            }

            return (await command.Task.ConfigureAwait(false)).ExitCode;
        }
        finally
        {
            if (_hasStop)
            {
                _watcher?.Ended();
            }
            else
            {
                _watcher?.Release();
            }
        }
    }

    private static async Task OpenAsync(Stream pipe, Task gate, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        await pipe.WriteAsync("\n"u8.ToArray(), cancellation).ConfigureAwait(false);
    }

    private static Process? Find(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // CliWrap adds to the environment of this process; null takes a variable away.
    internal static Dictionary<string, string?> Only(IReadOnlyDictionary<string, string> environment)
    {
        var result = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var name in System.Environment.GetEnvironmentVariables().Keys.Cast<string>())
        {
            result[name] = null;
        }

        foreach (var (name, value) in environment)
        {
            result[name] = value;
        }

        return result;
    }
}
