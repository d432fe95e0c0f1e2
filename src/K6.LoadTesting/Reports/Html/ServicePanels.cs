using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>Which charts the inside of a service has, and those of the engine and the machine: what was published and was not always 0.</summary>
internal static class ServicePanels
{
    private const int High = 80;
    private const int Low = 56;

    /// <summary>The panels of a service, with the limits that are on it.</summary>
    public static IReadOnlyList<ChartPanel> OfService(MonitoredResult service, IReadOnlyList<ThresholdResult> thresholds)
    {
        return Present(
            service,
            Panel("CPU, cores", "cores", High, ("CPU", "a", "cpu")),
            Panel("Memory", "B", High, ("working set", "c", "working_set"), ("managed heap", "a", "gc.heap")),
            Panel("Allocated per second", "B/s", Low, ("allocated", "a", "gc.allocation")),
            Panel("GC pause in each second", "ms", Low, ("GC pause", "b", "gc.pause")),
            Panel("Thread pool", "", High, ("threads", "c", "threadpool.threads"), ("work items that wait", "b", "threadpool.queue")),
            Panel("Requests per second", "/s", Low, ("requests/s", "a", "requests")),
            Panel("Mean time of a request in the server", "ms", Low, ("request", "a", "requests.duration")),
            Panel("Requests on their way", "", Low, ("on their way", "a", "requests.active")),
            Panel("Connections", "", Low, ("open", "c", "kestrel.connections"), ("waiting to be served", "b", "kestrel.queue")),
            Panel("Exceptions and locks that had to be waited for, per second", "/s", Low, ("locks/s", "c", "lock.contentions"), ("exceptions/s", "bad", "exceptions")),
            Panel("Requests that it makes itself", "", Low, ("connections", "c", "http_client.connections"), ("on their way", "a", "http_client.active")),
            Panel("Mean wait for a connection of HttpClient", "ms", Low, ("wait", "b", "http_client.queue")),
            Panel("Database connections", "", Low, ("idle", "c", "db.connections.idle"), ("in use", "a", "db.connections.used")),
            Panel("Errors and warnings in its log per second", "/s", Low, ("warnings/s", "c", "log.warnings"), ("errors/s", "bad", "log.errors")));

        (ChartPanel Panel, string[] Series) Panel(string title, string unit, int height, params (string Name, string Style, string Metric)[] lines) =>
            (new ChartPanel(title, unit, height, [.. lines.Select(Line)], [.. lines.SelectMany(line => Limits(line.Metric, line.Name, lines.Length > 1))]), [.. lines.Select(line => line.Metric)]);

        IEnumerable<(string, double)> Limits(string metric, string name, bool several) => thresholds
            .Where(threshold => threshold.Metric == ServiceMetrics.NameOf(service.Name, metric) && double.IsFinite(threshold.Limit))
            .Select(threshold => ($"{(several ? name + " " : "")}{threshold.Statistic} limit {Figures.Readable(threshold.Limit, threshold.Unit)}", threshold.Limit));
    }

    /// <summary>The panels of the engine.</summary>
    public static IReadOnlyList<ChartPanel> OfEngine(MonitoredResult engine) => Present(
        engine,
        (new ChartPanel("CPU of the engine, cores", "cores", Low, [Line(("engine", "a", "cpu"))], []), ["cpu"]),
        (new ChartPanel("Memory of the engine", "B", Low, [Line(("engine", "a", "working_set"))], []), ["working_set"]));

    /// <summary>The panels of the machine.</summary>
    public static IReadOnlyList<ChartPanel> OfMachine(MonitoredResult machine) => Present(
        machine,
        (new ChartPanel("CPU of the machine, share of all cores", "1", Low, [Line(("machine", "b", "cpu"))], []), ["cpu"]),
        (new ChartPanel("Memory that the machine has left", "B", Low, [Line(("left", "b", "memory.available"))], []), ["memory.available"]));

    private static ChartLine Line((string Name, string Style, string Metric) line) => new(line.Name, line.Style, buckets => buckets.Max(line.Metric));

    private static List<ChartPanel> Present(MonitoredResult monitored, params (ChartPanel Panel, string[] Series)[] panels)
    {
        var buckets = new TimeBuckets(monitored.Timeline, monitored.Timeline.Seconds.Count);
        return [.. panels.Where(panel => panel.Series.Any(buckets.Has)).Select(panel => panel.Panel)];
    }
}
