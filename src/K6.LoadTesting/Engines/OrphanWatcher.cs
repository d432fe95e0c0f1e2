using System.Globalization;
using System.Text;
using CliWrap;

namespace K6.LoadTesting.Engines;

/// <summary>
/// A small shell in a session of its own that reads a pipe only this process can write to. When the pipe closes without a word,
/// this process is gone, however it ended, and the shell ends the group that it was told to watch: SIGTERM, a bounded wait, SIGKILL.
/// </summary>
internal sealed class OrphanWatcher
{
    // $1: seconds of grace. First line: what to signal (-GROUP). Second line: all is well.
    private const string Script =
        """
        read -r target || exit 0
        read -r released && exit 0
        kill -TERM "$target" 2>/dev/null || exit 0
        left=$1
        while [ "$left" -gt 0 ] && kill -0 "$target" 2>/dev/null; do sleep 1; left=$((left - 1)); done
        kill -KILL "$target" 2>/dev/null
        exit 0
        """;

    private readonly TaskCompletionSource<int> _target = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OrphanWatcher()
    {
    }

    /// <summary>Starts the watcher; it is told what to watch afterwards, so that nothing is ever unwatched for long.</summary>
    public static OrphanWatcher Start(TimeSpan grace)
    {
        var watcher = new OrphanWatcher();
        var seconds = ((int)Math.Ceiling(Math.Max(1, grace.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        var (program, arguments) = ProcessGroup.Wrap("/bin/sh", ["-c", Script, "k6sdk-watcher", seconds]);
        _ = Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory("/")
            .WithEnvironmentVariables(ChildProcess.Only(new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }))
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.Create(watcher.FeedAsync))
            .ExecuteAsync();
        return watcher;
    }

    /// <summary>What to end when this process is gone.</summary>
    public void Watch(int group) => _target.TrySetResult(group);

    /// <summary>Lets the watcher go; the child has ended.</summary>
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
