using System.Globalization;
using System.Text.RegularExpressions;

namespace K6.Embedded.Cli;

/// <summary>
/// The one limit of memory that the process has: without it a script that allocates without end takes the machine down, or is killed by the system and loses what was measured.
/// What counts is what lives after a collection, not what was allocated.
/// </summary>
internal sealed partial class MemoryLimit : IDisposable
{
    /// <summary>Sets the limit: bytes, or a number with kB, MB or GB. Without it three quarters of the memory that the process may use.</summary>
    public const string Variable = "K6SDK_MEMORY_LIMIT";

    private const double Share = 0.75;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ManualResetEventSlim stop = new();
    private readonly Thread thread;

    private MemoryLimit(long limit, Action<string> reached)
    {
        thread = new Thread(() => Watch(limit, reached)) { IsBackground = true, Name = "memory limit", Priority = ThreadPriority.AboveNormal };
        thread.Start();
    }

    /// <summary>Watches from now on.</summary>
    /// <param name="host">Has the environment.</param>
    /// <param name="reached">Called once, with what the scripts hold and what they may: <c>1.2 GB of 1 GB</c>.</param>
    /// <exception cref="UsageException">The variable is no size.</exception>
    public static MemoryLimit Start(EngineHost host, Action<string> reached)
    {
        var text = host.Environment.GetValueOrDefault(Variable);
        var limit = string.IsNullOrEmpty(text) ? (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * Share) : Parse(text);
        return new MemoryLimit(limit, reached);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Set();
        thread.Join();
        stop.Dispose();
    }

    private static long Parse(string text) =>
        Size().Match(text) is { Success: true } match && double.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0
            ? (long)(number * match.Groups[2].Value switch { "kB" => 1e3, "MB" => 1e6, "GB" => 1e9, _ => 1 })
            : throw new UsageException($"{Variable}: '{text}' is no size; write bytes, or a number with kB, MB or GB, such as 500MB");

    private static string Text(long bytes) => bytes >= 1e9 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB");

    private void Watch(long limit, Action<string> reached)
    {
        while (!stop.Wait(Interval))
        {
            if (GC.GetTotalMemory(forceFullCollection: false) > limit && GC.GetTotalMemory(forceFullCollection: true) is var living && living > limit)
            {
                reached($"{Text(living)} of {Text(limit)}");
                return;
            }
        }
    }

    [GeneratedRegex(@"^([0-9]+(?:\.[0-9]+)?) ?(kB|MB|GB|B|)$")]
    private static partial Regex Size();
}
