using System.Text.Json.Nodes;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Services.Monitoring;

namespace K6.LoadTesting.Live;

/// <summary>Makes the messages of the live page: which test runs, one row a second with load and services side by side, what came of it.</summary>
/// <param name="send">Gets each message, JSON on one line.</param>
internal sealed class LiveFeed(Action<string> send)
{
    private static readonly (string Name, string Series)[] Load =
    [
        ("median", "http_req_duration.med"), ("p(95)", "http_req_duration.p(95)"), ("p(99)", "http_req_duration.p(99)"), ("iteration p(95)", "iteration_duration.p(95)"),
        ("failed", "http_req_failed.rate"), ("virtual users", "vus.value"),
    ];

    private static readonly (string Name, string Series)[] Rates = [("requests", "http_reqs.count"), ("iterations", "iterations.count"), ("dropped", "dropped_iterations.count")];

    private readonly Lock _gate = new();
    private LiveRecording? _recording;
    private Func<IReadOnlyList<(string Name, MonitoredSample? Last)>> _watched = () => [];
    private int _sent;

    /// <summary>A test begins.</summary>
    /// <param name="test">The test.</param>
    /// <param name="planned">Planned length of its load; null when unknown.</param>
    /// <param name="recordFile">Absolute path of its recording.</param>
    /// <param name="watched">Last second of everything that is watched.</param>
    public void Begin(TestPlan test, TimeSpan? planned, string recordFile, Func<IReadOnlyList<(string Name, MonitoredSample? Last)>> watched)
    {
        lock (_gate)
        {
            (_recording, _watched, _sent) = (new LiveRecording(recordFile), watched, 0);
        }

        var limits = test.Thresholds
            .Where(threshold => threshold.Metric == "http_req_duration" && threshold.Statistic is "med" or "p(95)" or "p(99)")
            .Select(threshold => new JsonObject { ["statistic"] = threshold.Statistic == "med" ? "median" : threshold.Statistic, ["limit"] = Finite(threshold.Limit) });
        send(new JsonObject { ["type"] = "test", ["name"] = test.Name, ["planned"] = planned?.TotalSeconds, ["limits"] = new JsonArray([.. limits]) }.ToJsonString());
    }

    /// <summary>Sends the seconds that came since the last call.</summary>
    public void Update()
    {
        lock (_gate)
        {
            if (_recording is null)
            {
                return;
            }

            _recording.Read();
            for (; _sent < _recording.Periods; _sent++)
            {
                send(Row(_recording, _sent).ToJsonString());
            }
        }
    }

    /// <summary>A test was judged.</summary>
    public void End(TestResult result)
    {
        Update();
        lock (_gate)
        {
            _recording = null;
        }

        var reasons = result.Thresholds.Where(threshold => threshold.Verdict != ThresholdVerdict.Passed).Take(10)
            .Select(threshold => (JsonNode)$"{threshold.Metric} {Reports.Figures.Actual(threshold)}, limit {threshold.Expression}");
        send(new JsonObject
        {
            ["type"] = "finished",
            ["name"] = result.Name,
            ["verdict"] = result.Verdict == Verdict.Passed ? "passed" : "failed",
            ["reasons"] = new JsonArray([.. reasons]),
        }.ToJsonString());
    }

    private JsonObject Row(LiveRecording recording, int period)
    {
        var load = new JsonObject();
        foreach (var (name, series) in Load)
        {
            load[name] = Finite(recording.Value(period, series));
        }

        foreach (var (name, series) in Rates)
        {
            load[name] = Finite(recording.PerSecond(period, series));
        }

        // Services are looked at on a clock of their own; their last second stands beside that of the load.
        var watched = new JsonObject();
        foreach (var (name, last) in _watched())
        {
            watched[name] = last is null ? null : new JsonObject(last.Values.Select(value => KeyValuePair.Create<string, JsonNode?>(value.Key, Finite(value.Value))));
        }

        return new JsonObject { ["type"] = "row", ["t"] = recording.Seconds(period), ["load"] = load, ["watched"] = watched };
    }

    // NaN and infinity are no JSON.
    private static JsonValue? Finite(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;
}
