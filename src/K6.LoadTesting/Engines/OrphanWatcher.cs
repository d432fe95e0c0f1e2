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

    private readonly TaskCompletionSource<Stream> _pipe = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasTarget;

    private OrphanWatcher()
    {
    }

    /// <summary>Starts the watcher; it is told what to watch before that does anything (<see cref="ProcessGroup.WrapWaiting"/>).</summary>
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

    /// <summary>What to end when this process is gone. Known to the watcher when this returns.</summary>
    public void Watch(int group)
    {
        _hasTarget = true;
        Say(FormattableString.Invariant($"-{group}\n"));
    }

    /// <summary>The group is gone; what is left to be run is the command.</summary>
    public void Ended() => Say("ended\n");

    /// <summary>Lets the watcher go; nothing is left to be ended.</summary>
    public void Release()
    {
        if (_hasTarget && !_released.Task.IsCompleted)
        {
            Say("released\n");
        }

        _released.TrySetResult();
    }

    private async Task FeedAsync(Stream pipe, CancellationToken cancellationToken)
    {
        _pipe.SetResult(pipe);
        await _released.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // Written before this returns, by no thread but this one: a kill -9 may come at any moment.
    private void Say(string word)
    {
        try
        {
            var pipe = _pipe.Task.GetAwaiter().GetResult();
            pipe.Write(Encoding.ASCII.GetBytes(word));
            pipe.Flush();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The watcher itself has gone.
        }
    }
}
