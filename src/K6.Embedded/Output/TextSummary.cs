using System.Globalization;
using System.Text;
using K6.Embedded.Execution;
using K6.Embedded.Metrics;
using K6.Embedded.Options;

namespace K6.Embedded.Output;

/// <summary>The end-of-test summary as text: thresholds, checks and metrics, for people.</summary>
internal static class TextSummary
{
    private static readonly string[] HiddenByDefault =
        ["http_req_blocked", "http_req_connecting", "http_req_receiving", "http_req_sending", "http_req_tls_handshaking", "http_req_waiting", "group_duration"];

    /// <summary>Writes the summary of a run that has ended.</summary>
    public static string Render(TestRun run, TestOptions options)
    {
        var metrics = SummaryData.From(run, options, noColor: true).Metrics;
        var text = new StringBuilder("\n\n");
        Thresholds(text, metrics, options);
        text.Append("  █ TOTAL RESULTS (K6.Sdk embedded engine)\n\n");
        Checks(text, metrics, run.Test.RootGroup);
        Metrics(text, metrics, options);
        if (run.Saturation.Description is { } heldUp)
        {
            text.Append("    GENERATOR\n    ").Append(heldUp).Append("\n\n");
        }

        return text.Append("\n\n").ToString();
    }

    private static void Thresholds(StringBuilder text, IReadOnlyList<SummaryMetric> metrics, TestOptions options)
    {
        var judged = metrics.Where(m => m.Thresholds.Count > 0).ToArray();
        if (judged.Length == 0)
        {
            return;
        }

        text.Append("  █ THRESHOLDS\n\n");
        foreach (var metric in judged)
        {
            text.Append("    ").Append(metric.Name).Append('\n');
            foreach (var threshold in metric.Series.Thresholds)
            {
                var value = metric.Series.Sink.Statistic(threshold.Method, threshold.Percentile, RateSeconds(metric));
                text.Append("    ").Append(threshold.HasFailed ? '✗' : '✓').Append(" '").Append(threshold.Source.Expression).Append("' ")
                    .Append(threshold.MethodText).Append('=').Append(Value(metric, threshold.Method, value, options)).Append('\n');
            }

            text.Append('\n');
        }

        text.Append('\n');
    }

    private static double RateSeconds(SummaryMetric metric)
    {
        var count = metric.Values.FirstOrDefault(v => v.Key == "count").Value;
        var rate = metric.Values.FirstOrDefault(v => v.Key == "rate").Value;
        return rate > 0 ? count / rate : 0;
    }

    private static void Checks(StringBuilder text, IReadOnlyList<SummaryMetric> metrics, Group root)
    {
        if (metrics.FirstOrDefault(m => m.Name == "checks") is not { Series.Sink: RateSink checks } || checks.Count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"    checks: {Percent(checks.Rate)} {checks.Passes} out of {checks.Count}\n\n");
        CheckLines(text, root, "    ");
        text.Append('\n');
    }

    private static void CheckLines(StringBuilder text, Group group, string indent)
    {
        foreach (var check in group.Checks)
        {
            text.Append(indent).Append(check.Fails == 0 ? '✓' : '✗').Append(' ').Append(check.Name).Append('\n');
            if (check.Fails > 0)
            {
                var share = (double)check.Passes / (check.Passes + check.Fails);
                text.Append(indent).Append(CultureInfo.InvariantCulture, $"  ↳  {Math.Floor(share * 100):0}% — ✓ {check.Passes} / ✗ {check.Fails}\n");
            }
        }

        foreach (var child in group.Groups.Where(g => g.Checks.Count > 0 || g.Groups.Count > 0))
        {
            text.Append(indent).Append("█ ").Append(child.Name).Append('\n');
            CheckLines(text, child, indent + "  ");
        }
    }

    private static void Metrics(StringBuilder text, IReadOnlyList<SummaryMetric> metrics, TestOptions options)
    {
        var shown = metrics.Where(m => m.Name != "checks" && !m.Name.StartsWith("checks{", StringComparison.Ordinal) && !HiddenByDefault.Contains(m.Name)).ToArray();
        var width = shown.Length == 0 ? 0 : shown.Max(m => Label(m).Length) + 3;
        foreach (var section in Enum.GetValues<Sections>())
        {
            var ofSection = Array.FindAll(shown, metric => Section(metric) == section);
            if (ofSection.Length == 0)
            {
                continue;
            }

            text.Append("    ").Append(section.ToString().ToUpperInvariant()).Append('\n');
            foreach (var metric in ofSection)
            {
                text.Append("    ").Append(Label(metric).PadRight(width, '.')).Append(": ").Append(Figures(metric, options)).Append('\n');
            }

            text.Append('\n');
        }
    }

    private static Sections Section(SummaryMetric metric) => metric.Series.Metric.Name switch
    {
        var name when name.StartsWith("http_req", StringComparison.Ordinal) => Sections.Http,
        "iterations" or "iteration_duration" or "dropped_iterations" or "vus" or "vus_max" => Sections.Execution,
        "data_sent" or "data_received" => Sections.Network,
        _ => Sections.Custom,
    };

    private static string Label(SummaryMetric metric) =>
        metric.Series.Tags is null ? metric.Name : $"  {{ {metric.Name[(metric.Name.IndexOf('{', StringComparison.Ordinal) + 1)..^1]} }}";

    private static string Figures(SummaryMetric metric, TestOptions options) => metric.Series.Sink switch
    {
        CounterSink => string.Create(CultureInfo.InvariantCulture, $"{Value(metric, "count", metric.Values[0].Value, options),-8} {Value(metric, "count", metric.Values[1].Value, options)}/s"),
        RateSink rate => string.Create(CultureInfo.InvariantCulture, $"{Percent(rate.Rate),-7} {rate.Passes} out of {rate.Count}"),
        GaugeSink => string.Join(' ', metric.Values.Select(v => v.Key == "value" ? Value(metric, v.Key, v.Value, options).PadRight(8) : $"{v.Key}={Value(metric, v.Key, v.Value, options)}")),
        _ => string.Join(' ', metric.Values.Select(v => $"{v.Key}={Value(metric, v.Key, v.Value, options)}".PadRight(v.Key.Length + 10))).TrimEnd(),
    };

    private static string Value(SummaryMetric metric, string statistic, double value, TestOptions options) => (metric.Contains, metric.Type, statistic) switch
    {
        (_, "rate", _) => Percent(value),
        ("time", "trend", not "count") => Time(value, options.SummaryTimeUnit),
        ("data", _, _) => Data(value),
        _ => value.ToString("0.######", CultureInfo.InvariantCulture),
    };

    private static string Percent(double share) => (Math.Floor(share * 10_000) / 100).ToString("0.00", CultureInfo.InvariantCulture) + "%";

    private static string Time(double milliseconds, string? unit) => unit switch
    {
        "s" => Two(milliseconds / 1000) + "s",
        "ms" => Two(milliseconds) + "ms",
        "us" => Two(milliseconds * 1000) + "µs",
        _ when milliseconds == 0 => "0s",
        _ when milliseconds < 1 => Two(milliseconds * 1000) + "µs",
        _ when milliseconds < 1000 => Two(milliseconds) + "ms",
        _ when milliseconds < 60_000 => Two(milliseconds / 1000) + "s",
        _ => GoDuration.Format(TimeSpan.FromSeconds(Math.Round(milliseconds / 1000))),
    };

    private static string Data(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        var unit = 0;
        while (bytes >= 1000 && unit < units.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || bytes >= 10 ? Math.Round(bytes) : Math.Round(bytes, 1)):0.#} {units[unit]}");
    }

    private static string Two(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    private enum Sections
    {
        Custom,
        Http,
        Execution,
        Network,
    }
}
