using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>What happened inside of the services while the load ran, and in the engine and the machine that made it: charts on the load's own axis, tables, logs.</summary>
internal static class InsideSections
{
    private const int MostEvents = 30;
    private const int MostMessage = 400;

    /// <summary>Writes a section for each service that was looked at, and one for those who made the load.</summary>
    public static void Write(HtmlText html, TestResult test)
    {
        foreach (var service in test.Monitored.Where(one => one.Kind == MonitoredKind.Service && one.Timeline.Seconds.Count > 0))
        {
            TestSections.Section(html, $"Inside of {service.Name}", () =>
            {
                Charts(html, test, service, ServicePanels.OfService(service, test.Thresholds));
                Statistics(html, $"Inside of {service.Name} during {test.Name}", service);
                Log(html, test.ServiceLogs.FirstOrDefault(log => log.Name == service.Name));
            });
        }

        SlowestRequests(html, test);
        Generator(html, test);
    }

    private static void Charts(HtmlText html, TestResult test, MonitoredResult monitored, IReadOnlyList<ChartPanel> panels)
    {
        if (panels.Count > 0)
        {
            TimelineChart.Write(html, new TimelineFigure(
                $"Charts over time of {monitored.Name} during {test.Name}",
                $"{monitored.Name} over time during {test.Name}",
                ChartAxis.Of(test),
                monitored.Timeline,
                test.WarmUp?.Monitored.FirstOrDefault(one => one.Kind == monitored.Kind && one.Name == monitored.Name)?.Timeline,
                panels,
                [.. test.Thresholds.Where(threshold => ServiceMetrics.Parse(threshold.Metric)?.Service == monitored.Name)]));
        }
    }

    private static void Statistics(HtmlText html, string caption, MonitoredResult monitored)
    {
        html.Markup("<details><summary>Figures of the whole load</summary>");
        TestSections.Table(html, caption, "metric", "#mean", "#median", "#p(95)", "#highest");
        foreach (var (name, metric) in monitored.Metrics.Where(metric => metric.Value.Values.GetValueOrDefault("max") != 0))
        {
            var unit = monitored.Kind == MonitoredKind.Machine ? (name == "cpu" ? "1" : "B") : ServiceMetrics.Find(name)?.Unit ?? "";
            html.Add($"<tr><th scope=\"row\"><code>{name}</code></th>");
            foreach (var statistic in (string[])["avg", "med", "p(95)", "max"])
            {
                html.Add($"<td class=\"n\">{Figures.Readable(metric.Values[statistic], unit)}</td>");
            }

            html.Markup("</tr>");
        }

        TestSections.EndTable(html);
        html.Markup("</details>");
    }

    private static void Log(HtmlText html, ServiceLogResult? log)
    {
        if (log is null)
        {
            return;
        }

        html.Add($"<p class=\"note\">It printed {Count(log.Lines, "line")}, {Count(log.Errors, "error")} and {Count(log.Warnings, "warning")} among them: <a href=\"./{string.Join('/', log.File.Split('/').Select(Uri.EscapeDataString))}\">{log.File}</a>, with the second of each line.</p>");
        if (log.Events.Count == 0)
        {
            return;
        }

        TestSections.Table(html, $"Errors and warnings of {log.Name}", "#first at", "", "what it logged", "#times");
        foreach (var one in log.Events.Take(MostEvents))
        {
            html.Add($"<tr><td class=\"n\">{one.Seconds.ToString("0.0", CultureInfo.InvariantCulture)} s</td><td class=\"v\"><span class=\"{(one.Level == "error" ? "bad" : "warn")}\">{one.Level}</span></td><th scope=\"row\">{PlainText.Fit(PlainText.OneLine(one.Message), MostMessage)}</th><td class=\"n\">{one.Count}</td></tr>");
        }

        TestSections.EndTable(html, log.Events.Count - MostEvents);
    }

    private static void SlowestRequests(HtmlText html, TestResult test)
    {
        if (test.SlowestRequests.Count == 0)
        {
            return;
        }

        TestSections.Section(html, "Slowest requests", () =>
        {
            TestSections.Table(html, $"Slowest requests of {test.Name}", "request", "#took", "#status", "#ended at", "trace");
            foreach (var one in test.SlowestRequests)
            {
                html.Add($"<tr><th scope=\"row\">{PlainText.Fit(PlainText.OneLine(one.Name.StartsWith(one.Method, StringComparison.OrdinalIgnoreCase) ? one.Name : $"{one.Method} {one.Name}"), MostMessage)}</th><td class=\"n\">{Figures.Readable(one.Duration, "ms")}</td><td class=\"n\">{one.Status}</td><td class=\"n\">{one.Seconds.ToString("0.0", CultureInfo.InvariantCulture)} s</td><td class=\"v\"><code>{one.TraceId}</code></td></tr>");
            }

            TestSections.EndTable(html);
        });
    }

    private static void Generator(HtmlText html, TestResult test)
    {
        var watched = test.Monitored.Where(one => one.Kind != MonitoredKind.Service && one.Timeline.Seconds.Count > 0).OrderBy(one => one.Kind).ToList();
        if (watched.Count == 0)
        {
            return;
        }

        TestSections.Section(html, "Who made the load", () =>
        {
            if (test.Noisy)
            {
                html.Markup("<p><span class=\"warn\"><span aria-hidden=\"true\">!</span> noisy</span> Generator or machine were saturated: other runs will give other figures, and comparisons leave this one out.</p>");
            }

            html.Markup("<details><summary>Engine and machine over time</summary>");
            foreach (var one in watched)
            {
                Charts(html, test, one, one.Kind == MonitoredKind.Engine ? ServicePanels.OfEngine(one) : ServicePanels.OfMachine(one));
            }

            html.Markup("</details>");
        });
    }

    private static string Count(long count, string noun) => $"{Figures.Readable(count, "")} {noun}{(count == 1 ? "" : "s")}";
}
