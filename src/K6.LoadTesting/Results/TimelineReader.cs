using System.Text.Json;

namespace K6.LoadTesting.Results;

/// <summary>What the dashboard's recording tells.</summary>
/// <param name="Timeline">Metrics over time; null when no whole period was recorded.</param>
/// <param name="MetricsWithSamples">Metrics that got a sample at any time, without those of single tags.</param>
/// <param name="CrossedAt">Thresholds, by metric and expression as the engine writes them, that were crossed at the end: since when, seconds.</param>
/// <param name="IsWhole">Whether the recording runs to the end of the load: only then does absence prove anything.</param>
internal sealed record Recording(
    Timeline? Timeline, IReadOnlySet<string> MetricsWithSamples, IReadOnlyDictionary<(string Metric, string Expression), double> CrossedAt, bool IsWhole)
{
    /// <summary>Nothing was recorded.</summary>
    public static Recording None { get; } = new(null, new HashSet<string>(), new Dictionary<(string, string), double>(), false);

    /// <summary>Start of the load; null when it was not recorded.</summary>
    public DateTimeOffset? LoadStart { get; init; }

    /// <summary>Whether it shows that a metric, with tags or without, got no sample.</summary>
    public bool ProvesAbsenceOf(string metric) => IsWhole && !MetricsWithSamples.Contains(metric.Split('{')[0]);
}

/// <summary>
/// Reads the recording of k6's web dashboard, one event a line: <c>metric</c> names new metrics, <c>snapshot</c> has the values
/// of one period as arrays in the order of all names so far, sorted (<see cref="StringComparer.Ordinal"/>), and <c>threshold</c>, before it, the
/// thresholds that are crossed by then.
/// </summary>
internal static class TimelineReader
{
    /// <summary>Reads the file. A last line that is cut ends it; a file that is missing or of another format is no recording.</summary>
    public static Recording Read(string? file)
    {
        if (file is null || !File.Exists(file))
        {
            return Recording.None;
        }

        var state = new RecordingState();
        try
        {
            foreach (var line in File.ReadLines(file))
            {
                using var document = JsonDocument.Parse(line);
                state.Apply(document.RootElement);
            }
        }
        catch (Exception failure) when (failure is JsonException or IOException or KeyNotFoundException or InvalidOperationException)
        {
            state.IsWhole = false;
        }

        return state.ToRecording();
    }
}
