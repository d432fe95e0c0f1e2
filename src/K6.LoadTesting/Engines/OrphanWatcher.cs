using System.Globalization;
using System.Text;
using CliWrap;

namespace K6.LoadTesting.Engines;

/// <summary>
/// A small shell in a session of its own that reads a pipe only this process can write to. When the pipe closes without a word,
/// this process is gone, however it ended. The shell then runs the command that stops what is watched, if there is one, and ends the group that
/// it was told to watch: SIGTERM, a bounded wait, SIGKILL.
/// </summary>
internal sealed class OrphanWatcher
{
    // $1: seconds of grace; then the command. First line: what to signal (-GROUP). After it: "ended" when the group is gone and only the
    // command is left to be run, for another group may have its number one day; "released" when all is well.
    private const string Script =
        """
        grace=$1
        shift
        patiently() { left=$grace; while [ "$left" -gt 0 ] && kill -0 "$1" 2>/dev/null; do sleep 1; left=$((left - 1)); done; }
        read -r target || exit 0
        read -r word
        [ "$word" = ended ] && { target=; read -r word; }
        [ "$word" = released ] && exit 0
        if [ $# -gt 0 ]; then
          "$@" </dev/null >/dev/null 2>&1 &
          patiently $!
          kill -KILL $! 2>/dev/null
        fi
        [ -n "$target" ] || exit 0
        kill -TERM "$target" 2>/dev/null || exit 0
        patiently "$target"
        kill -KILL "$target" 2>/dev/null
        exit 0
        """;

    private readonly TaskCompletionSource<int> _target = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OrphanWatcher()
    {
    }

    /// <summary>Starts the watcher; it is told what to watch afterwards, so that nothing is ever unwatched for long.</summary>
    /// <param name="grace">Time between the polite and the impolite signal, and for the command.</param>
    /// <param name="stop">A command that stops what is watched; null when signals do.</param>
    public static OrphanWatcher Start(TimeSpan grace, ChildCommand? stop = null)
    {
        var watcher = new OrphanWatcher();
        var seconds = ((int)Math.Ceiling(Math.Max(1, grace.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        // Its name, for people who look at the list of processes.
        var name = string.Create(CultureInfo.InvariantCulture, $"k6sdk-watcher-of-{Environment.ProcessId}");
        var (program, arguments) = ProcessGroup.Wrap("/bin/sh", ["-c", Script, name, seconds, .. stop is null ? (string[])[] : [stop.Program, .. stop.Arguments]]);
        _ = Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(stop?.WorkingDirectory ?? "/")
            .WithEnvironmentVariables(ChildProcess.Only(stop?.Environment ?? new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }))
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.Create(watcher.FeedAsync))
            .ExecuteAsync();
        return watcher;
    }

    /// <summary>What to end when this process is gone.</summary>
    public void Watch(int group) => _target.TrySetResult(group);

    /// <summary>The group is gone; what is left to be run is the command.</summary>
    public void Ended() => _ended.TrySetResult();

    /// <summary>Lets the watcher go; nothing is left to be ended.</summary>
    public void Release()
    {
        _target.TrySetCanceled();
        _released.TrySetResult();
    }

    private async Task FeedAsync(Stream pipe, CancellationToken cancellationToken)
    {
        try
        {
            var target = await _target.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            await WriteAsync(pipe, FormattableString.Invariant($"-{target}\n"), cancellationToken).ConfigureAwait(false);
            if (await Task.WhenAny(_ended.Task, _released.Task).WaitAsync(cancellationToken).ConfigureAwait(false) == _ended.Task)
            {
                await WriteAsync(pipe, "ended\n", cancellationToken).ConfigureAwait(false);
            }

            await _released.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            await WriteAsync(pipe, "released\n", cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nothing to watch, or the watcher itself has gone.
        }
    }

    private static async Task WriteAsync(Stream pipe, string text, CancellationToken cancellationToken)
    {
        await pipe.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken).ConfigureAwait(false);
        await pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
