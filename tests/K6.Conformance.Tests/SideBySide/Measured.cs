using System.Diagnostics;
using System.Text.Json;

namespace K6.Conformance.Tests.SideBySide;

/// <summary>What an engine says of its run, and what the server knows of it.</summary>
internal sealed record Measured
{
    /// <summary>Everything that is compared exactly.</summary>
    public required Observation Observation { get; init; }

    /// <summary>Counts of the summary by the metrics' names; a metric that is not there has none.</summary>
    public required IReadOnlyDictionary<string, double> Counts { get; init; }

    /// <summary>Median of <c>http_req_duration</c>, ms.</summary>
    public required double P50 { get; init; }

    /// <summary>95th percentile of <c>http_req_duration</c>, ms.</summary>
    public required double P95 { get; init; }

    /// <summary>Requests as the server counted them.</summary>
    public required int ServerRequests { get; init; }

    /// <summary>Bytes as the server read them.</summary>
    public required long ServerRead { get; init; }

    /// <summary>Bytes as the server wrote them.</summary>
    public required long ServerWritten { get; init; }

    /// <summary>When the requests of iterations arrived, in milliseconds after the first one, in order.</summary>
    public required IReadOnlyList<double> ArrivedAt { get; init; }

    /// <summary>Makes the load on an engine.</summary>
    /// <param name="load">The load.</param>
    /// <param name="onK6">Real k6; the test is inconclusive without it.</param>
    public static Measured Of(Load load, bool onK6) =>
        onK6 ? CaseRunner.OnK6(load.ToCase(), Read) : CaseRunner.OnEmbedded(load.ToCase(), Read);

    private static Measured Read(string folder, CaseServers servers, Observation observation)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, Observer.SummaryFile)));
        var metrics = json.RootElement.GetProperty("metrics");
        var duration = metrics.TryGetProperty("http_req_duration{name:GET /delay}", out var iterations) ? iterations : metrics.GetProperty("http_req_duration");
        var server = servers["BASE"];
        var arrivals = server.Requests.Where(r => r.Path.StartsWith("/delay/", StringComparison.Ordinal)).Select(r => r.Arrival).Order().ToArray();
        return new Measured
        {
            Observation = observation,
            Counts = metrics.EnumerateObject().Where(m => m.Value.TryGetProperty("count", out _)).ToDictionary(m => m.Name, m => m.Value.GetProperty("count").GetDouble()),
            P50 = duration.GetProperty("med").GetDouble(),
            P95 = duration.GetProperty("p(95)").GetDouble(),
            ServerRequests = server.Requests.Count,
            ServerRead = server.BytesRead,
            ServerWritten = server.BytesWritten,
            ArrivedAt = [.. arrivals.Select(a => Stopwatch.GetElapsedTime(arrivals[0], a).TotalMilliseconds)],
        };
    }
}
