using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>Which charts a run has: what it recorded, in the order in which people look.</summary>
internal static class TimelinePanels
{
    private const string Requests = "http_reqs.count";
    private const string Failed = "http_req_failed.rate";

    /// <summary>The panels of a test.</summary>
    public static IReadOnlyList<ChartPanel> Of(TestResult test, TimeBuckets points)
    {
        var panels = new List<ChartPanel>();
        if (points.Has("http_req_duration.max"))
        {
            panels.Add(Times("Response time", "http_req_duration", Requests, test));
        }
        else if (points.Has("iteration_duration.max"))
        {
            panels.Add(Times("Length of an iteration", "iteration_duration", "iterations.count", test));
        }

        if (points.Has(Requests))
        {
            panels.Add(new ChartPanel("Requests per second", "/s", 80, [new ChartLine("requests/s", "a", buckets => buckets.PerSecond(Requests))], []));
        }
        else if (points.Has("iterations.count"))
        {
            panels.Add(new ChartPanel("Iterations per second", "/s", 80, [new ChartLine("iterations/s", "a", buckets => buckets.PerSecond("iterations.count"))], []));
        }

        if (points.Has(Failed))
        {
            panels.Add(new ChartPanel(
                "Failed requests", "1", 60, [new ChartLine("failed", "bad", buckets => buckets.Mean(Failed, Requests))], Limits(test, "http_req_failed", ["rate"])));
        }

        if (points.Has("dropped_iterations.count"))
        {
            panels.Add(new ChartPanel(
                "Iterations dropped per second", "/s", 60, [new ChartLine("dropped/s", "bad", buckets => buckets.PerSecond("dropped_iterations.count"))], []));
        }

        if (points.Has("vus.value"))
        {
            panels.Add(new ChartPanel("Virtual users", "", 60, [new ChartLine("virtual users", "c", buckets => buckets.Max("vus.value"))], []));
        }

        return panels;
    }

    private static ChartPanel Times(string title, string metric, string weight, TestResult test) => new(
        title,
        "ms",
        180,
        [
            new ChartLine("p(99)", "c", buckets => buckets.Max($"{metric}.p(99)")),
            new ChartLine("p(95)", "b", buckets => buckets.Max($"{metric}.p(95)")),
            new ChartLine("median", "a", buckets => buckets.Mean($"{metric}.med", weight)),
        ],
        Limits(test, metric, ["med", "p(50)", "p(95)", "p(99)"]));

    // Of the whole metric, and of the whole test where its only scenario is named.
    private static IReadOnlyList<(string, double)> Limits(TestResult test, string metric, string[] statistics) =>
        [.. test.Thresholds
            .Where(threshold => statistics.Contains(threshold.Statistic) && double.IsFinite(threshold.Limit)
                && (threshold.Metric == metric || (test.Scenarios is [var only] && threshold.Metric == $"{metric}{{scenario:{only.Name}}}")))
            .Select(threshold => ($"{threshold.Statistic} limit {Figures.Readable(threshold.Limit, threshold.Unit)}", threshold.Limit))
            .Distinct()
            .Take(4)];
}
