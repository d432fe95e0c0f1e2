using System.Net.Http.Headers;
using System.Text;

namespace K6.LoadTesting.Engines;

/// <summary>
/// Ends an engine in order: over its REST address, which lets it run <c>teardown()</c> and write its summary; by one signal if nobody answers there;
/// then by force. Never two signals: at the second k6 drops everything.
/// </summary>
internal static class EngineStop
{
    private static readonly TimeSpan RestPatience = TimeSpan.FromSeconds(2);

    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>Stops it and waits for its end; bounded by the time for an orderly stop and a little more.</summary>
    public static async Task StopAsync(ChildProcess child, int port, TimeSpan stopTimeout)
    {
        using var timeout = new CancellationTokenSource(stopTimeout);
        try
        {
            if (!await AskAsync(child, port, timeout.Token).ConfigureAwait(false))
            {
                child.Terminate();
            }

            await child.Exited.WaitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            child.Kill();
            await child.Exited.ConfigureAwait(false);
        }
    }

    // False when nobody answers: the engine has not come so far yet, or hangs.
    private static async Task<bool> AskAsync(ChildProcess child, int port, CancellationToken cancellationToken)
    {
        var until = Environment.TickCount64 + (long)RestPatience.TotalMilliseconds;
        while (!child.Exited.IsCompleted)
        {
            try
            {
                using var content = new StringContent(
                    """{"data":{"type":"status","id":"default","attributes":{"stopped":true}}}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
                using var response = await Client.PatchAsync(new Uri(FormattableString.Invariant($"http://127.0.0.1:{port}/v1/status")), content, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // Not listening (yet), or too slow.
            }

            if (Environment.TickCount64 >= until)
            {
                return false;
            }

            await Task.WhenAny(child.Exited, Task.Delay(100, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return true;
    }
}
