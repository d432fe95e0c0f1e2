using System.Text.Json;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Live;

/// <summary>Figures of the last second of a running load.</summary>
/// <param name="RequestsPerSecond">Requests per second; null where none were made.</param>
/// <param name="P95">p(95) of <c>http_req_duration</c>, ms.</param>
/// <param name="FailedShare">Share of requests that failed, 0 to 1.</param>
public sealed record LiveFigures(double? RequestsPerSecond, double? P95, double? FailedShare);

/// <summary>The recording of a run while it grows.</summary>
/// <param name="file">Absolute path of the recording.</param>
internal sealed class LiveRecording(string file)
{
    private readonly GrowingFile _file = new(file);
    private readonly RecordingState _state = new();

    /// <summary>Periods so far.</summary>
    public int Periods => _state.Seconds.Count;

    /// <summary>Reads what is new.</summary>
    public void Read() => _file.ReadLines(Apply);

    /// <summary>End of a period, seconds since the start of the load.</summary>
    public double Seconds(int period) => _state.Seconds[period];

    /// <summary>A value of a period by <c>metric.statistic</c>; null without samples.</summary>
    public double? Value(int period, string series) =>
        _state.Series.TryGetValue(series, out var column) && period < column.Count && column[period] is { } value && double.IsFinite(value) ? value : null;

    /// <summary>Figures of the last period; null before the first.</summary>
    public LiveFigures? Last() => Periods == 0 ? null : new LiveFigures(
        PerSecond(Periods - 1, "http_reqs.count"), Value(Periods - 1, "http_req_duration.p(95)"), Value(Periods - 1, "http_req_failed.rate"));

    /// <summary>A count of a period, per second.</summary>
    public double? PerSecond(int period, string series)
    {
        var length = Seconds(period) - (period == 0 ? Math.Max(0, Seconds(0) - _state.Period) : Seconds(period - 1));
        return Value(period, series) is { } count && length > 0 ? count / length : null;
    }

    private void Apply(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            _state.Apply(document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // A line of another format tells nothing.
        }
    }
}
