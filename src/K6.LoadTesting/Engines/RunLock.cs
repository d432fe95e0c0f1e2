using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Engines;

/// <summary>
/// One load at a time on a machine: two would measure each other. A file in the folder for temporary files that only one process
/// can have open; the operating system frees it when its holder dies, however that happens. It holds among the processes of one user.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Waits until no other load test runs.</summary>
    /// <param name="holder">Who we are, for those who wait for us: project and process.</param>
    /// <param name="timeout">Longest wait.</param>
    /// <param name="waiting">Called once, after a second, with a text for people.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LoadTestException">Another load test still ran when the time was over, or the file cannot be opened.</exception>
    public static Task<RunLock> AcquireAsync(string holder, TimeSpan timeout, Action<string>? waiting, CancellationToken cancellationToken) =>
        AcquireAsync(DefaultFile(), holder, timeout, waiting, cancellationToken);

    internal static async Task<RunLock> AcquireAsync(string file, string holder, TimeSpan timeout, Action<string>? waiting, CancellationToken cancellationToken)
    {
        var start = Environment.TickCount64;
        var told = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                WriteHolder(file, holder);
                return new RunLock(stream);
            }
            catch (IOException exception) when (HeldFile.Is(exception))
            {
                // By another load test.
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new LoadTestException(
                    Rules.FileAccess.At(null, $"The file that keeps load tests apart cannot be opened: {exception.Message} Check the folder for temporary files (TMPDIR), its permissions and the free space."),
                    exception);
            }

            var waited = TimeSpan.FromMilliseconds(Environment.TickCount64 - start);
            if (waited >= timeout)
            {
                throw new LoadTestException(Rules.MachineBusy.At(
                    null, $"Another load test still runs after {waited.TotalSeconds:0} s of waiting: {ReadHolder(file)}. Two at a time would measure each other. Wait for it, or end it."));
            }

            if (!told && waited >= Silence)
            {
                told = true;
                waiting?.Invoke($"waiting for another load test: {ReadHolder(file)}");
            }

            await Task.Delay(100, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets the next one run.</summary>
    public void Dispose() => _file.Dispose();

    private static string DefaultFile()
    {
        var user = string.Concat(Environment.UserName.Where(char.IsLetterOrDigit));
        return Path.Combine(Path.GetTempPath(), $"k6sdk-{user}.lock");
    }

    private static void WriteHolder(string file, string holder)
    {
        try
        {
            File.WriteAllText(file + ".holder", holder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only for the message of somebody else.
        }
    }

    private static string ReadHolder(string file)
    {
        try
        {
            return File.ReadAllText(file + ".holder").Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
