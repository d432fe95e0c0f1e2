using System.Diagnostics;
using System.Globalization;
using K6.LoadTesting.Reports;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks.Output;

/// <summary>
/// Text for people, on two paths. The terminal logger hides ordinary messages, but shows those of its test protocol once a target
/// named <c>_TestRunStart</c> has started in the project; every other logger shows messages of high importance. Nothing here writes
/// to the console, which belongs to MSBuild. May be called from any thread while the task runs.
/// </summary>
/// <param name="engine">The task's link to MSBuild.</param>
/// <param name="terminalLogger">Whether the terminal logger is on.</param>
/// <param name="progressInterval">Time between two lines of progress in plain logs.</param>
public sealed class BuildOutput(IBuildEngine engine, bool terminalLogger, TimeSpan progressInterval)
{
    /// <summary>The terminal logger drops the whole text of a row that does not fit; this fits 80 columns beside a short project name.</summary>
    internal const int RowLength = 45;

    /// <summary>Rows are redrawn by the terminal logger itself; more events would only cost time.</summary>
    private static readonly TimeSpan RowInterval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private long? _lastProgress;

    /// <summary>Writes text that stays, of one or several lines.</summary>
    public void Write(string text) => WriteAsIs(CiSurfaces.WithoutCommands(text));

    /// <summary>Writes a command of ours to a CI system that reads its log.</summary>
    public void Command(string command) => WriteAsIs(command);

    private void WriteAsIs(string text)
    {
        if (terminalLogger)
        {
            Extended("TLTESTOUTPUT", text, []);
        }
        else
        {
            Plain(text);
        }
    }

    /// <summary>A phase began: the live row, or a line.</summary>
    public void Phase(string text)
    {
        Restart();
        if (terminalLogger)
        {
            Row(text);
        }
        else
        {
            Plain(text);
        }
    }

    /// <summary>A phase that is mostly short: it is told when it has taken a while, and not before.</summary>
    /// <param name="text">What it is called.</param>
    /// <param name="after">When it is told; 3 s unless given.</param>
    /// <returns>Ends the phase.</returns>
    public IDisposable SlowPhase(string text, TimeSpan? after = null) => new Timer(_ => Phase(text), null, after ?? SlowAfter, Timeout.InfiniteTimeSpan);

    /// <summary>Figures that change: the live row, at most twice a second, or a line per interval.</summary>
    /// <param name="row">Short text for the row.</param>
    /// <param name="line">Whole text for a plain log.</param>
    public void Progress(string row, string line)
    {
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp();
            var interval = terminalLogger ? RowInterval : progressInterval;
            if (_lastProgress is { } last && Stopwatch.GetElapsedTime(last, now) < interval)
            {
                return;
            }

            _lastProgress = now;
        }

        if (terminalLogger)
        {
            Row(row);
        }
        else
        {
            Plain(line);
        }
    }

    /// <summary>The counts that the terminal logger sums over all projects and shows at the end; other loggers need none.</summary>
    public void Finish(int passed, int failed, TimeSpan duration)
    {
        if (terminalLogger)
        {
            Extended("TLTESTFINISH", "", new()
            {
                ["total"] = (passed + failed).ToString(CultureInfo.InvariantCulture),
                ["passed"] = passed.ToString(CultureInfo.InvariantCulture),
                ["skipped"] = "0",
                ["failed"] = failed.ToString(CultureInfo.InvariantCulture),
                ["duration"] = ((long)duration.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
            });
        }
    }

    /// <summary>A new phase: its first progress comes after one whole interval in plain logs, at once in a row.</summary>
    private void Restart()
    {
        lock (_lock)
        {
            _lastProgress = terminalLogger ? null : Stopwatch.GetTimestamp();
        }
    }

    private void Plain(string text) =>
        engine.LogMessageEvent(new BuildMessageEventArgs(text, null, "K6.Sdk", MessageImportance.High));

    private void Row(string text)
    {
        var clean = string.Concat(text.Where(character => !char.IsControl(character)));
        Extended("TLTESTPASSED", clean, new()
        {
            ["localizedResult"] = "k6",
            ["displayName"] = clean.Length <= RowLength ? clean : clean[..(RowLength - 1)] + "…",
        });
    }

    // The terminal logger throws on a missing key, so that each type has one place that sets all of them.
    private void Extended(string type, string text, Dictionary<string, string?> metadata) =>
        engine.LogMessageEvent(new ExtendedBuildMessageEventArgs(type, text, null, "K6.Sdk", MessageImportance.High)
        {
            ExtendedMetadata = metadata,
        });
}
