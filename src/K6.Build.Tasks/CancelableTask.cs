using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>A task that ends early when the build is cancelled.</summary>
public abstract class CancelableTask : K6Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>Whether the build was cancelled.</summary>
    protected CancellationToken Cancelled => _cancellation.Token;

    /// <inheritdoc />
    public void Cancel() => _cancellation.Cancel();

    private protected override IDisposable? Guard() => new EarlyExit(Cancel);

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the task holds.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cancellation.Dispose();
        }
    }
}
