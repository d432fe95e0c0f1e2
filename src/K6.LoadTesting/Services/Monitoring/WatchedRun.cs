using K6.LoadTesting.Engines;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Services.Monitoring;

/// <summary>What was seen of a run from outside of the engine.</summary>
internal sealed record WatchedRun
{
    /// <summary>Nothing was seen.</summary>
    public static WatchedRun Nothing { get; } = new();

    /// <summary>Seconds of the machine, the services and the engine; those of a warm-up are among them.</summary>
    public IReadOnlyList<Observation> Observations { get; init; } = [];

    /// <summary>The warm-up before it; null without one.</summary>
    public EngineRun? WarmUp { get; init; }

    /// <summary>Length of the warm-up's load.</summary>
    public TimeSpan WarmUpLength { get; init; }

    /// <summary>Absolute paths of what the services printed, as <see cref="Logs.ServiceOutput.Record"/> wrote it.</summary>
    public IReadOnlyList<string> Logs { get; init; } = [];

    /// <summary>The warm-up for the result, on the axis of the load.</summary>
    /// <param name="loadStart">Start of the measured load.</param>
    public WarmUpResult? WarmUpResult(DateTimeOffset loadStart)
    {
        if (WarmUp is null)
        {
            return null;
        }

        var recording = TimelineReader.Read(WarmUp.RecordFile);
        var start = recording.LoadStart ?? WarmUp.StartTime;
        var shift = (start - loadStart).TotalSeconds;
        return new WarmUpResult
        {
            Seconds = WarmUpLength.TotalSeconds,
            Timeline = recording.Timeline is { } timeline
                ? timeline with { Seconds = [.. timeline.Seconds.Select(end => Math.Round(end + shift, 3))] }
                : null,
            Monitored = MonitoredResults.OfWarmUp(Observations, start, loadStart),
        };
    }
}
