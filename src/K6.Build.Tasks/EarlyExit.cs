namespace K6.Build.Tasks;

/// <summary>
/// The end of the process while a task of ours works. The command line of .NET answers SIGTERM with <c>Environment.Exit(0)</c>, in the middle of a build: a load test
/// that was cut off would look like one that passed. The end waits here until the task is cancelled and has written its results, and the exit code is another one.
/// </summary>
internal sealed class EarlyExit : IDisposable
{
    // 128 and the number of SIGTERM, as a shell says.
    private const int Terminated = 143;

    // Cancelled tasks have bounds of their own, which are shorter as a rule; whoever loses patience sends SIGKILL.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Action _cancel;
    private readonly TaskCompletionSource _done = new();

    /// <param name="cancel">Cancels the task.</param>
    public EarlyExit(Action cancel)
    {
        _cancel = cancel;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>The task has ended.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _done.TrySetResult();
    }

    private void OnExit(object? sender, EventArgs e)
    {
        _cancel();
        _done.Task.Wait(Patience);
        if (Environment.ExitCode == 0)
        {
            Environment.ExitCode = Terminated;
        }
    }
}
