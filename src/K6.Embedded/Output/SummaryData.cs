using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using K6.Embedded.Execution;
using K6.Embedded.Metrics;
using K6.Embedded.Options;

namespace K6.Embedded.Output;

/// <summary>The end-of-test data in k6's shapes: what <c>handleSummary</c> gets, and what <c>--summary-export</c> writes.</summary>
internal sealed class SummaryData
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, IndentSize = 4 };

    // The number that JSON has for it: a script reads it as Infinity. There is none for NaN, which it reads from null.
    private const string Infinity = "1e999";

    private readonly TestRun run;
    private readonly TestOptions options;
    private readonly bool noColor;

    private SummaryData(TestRun run, TestOptions options, bool noColor, IReadOnlyList<SummaryMetric> metrics)
    {
        this.run = run;
        this.options = options;
        this.noColor = noColor;
        Metrics = metrics;
    }

    /// <summary>All metrics and submetrics that the summary shows, in ordinal order of names.</summary>
    public IReadOnlyList<SummaryMetric> Metrics { get; }

    /// <summary>Takes the figures of a run that has ended.</summary>
    public static SummaryData From(TestRun run, TestOptions options, bool noColor)
    {
        lock (run.Collector.Gate)
        {
            return new SummaryData(run, options, noColor, [.. run.Collector.Series
                .Where(s => s.IsVisible)
                .OrderBy(s => s.Name, StringComparer.Ordinal)
                .Select(s => SummaryMetric.From(s, options.SummaryTrendStats!, run.Duration))]);
        }
    }

    /// <summary>The argument of <c>handleSummary</c>.</summary>
    public string ToJson(string? setupData) => Write(Compact, writer =>
    {
        writer.WriteStartObject("metrics");
        foreach (var metric in Metrics)
        {
            writer.WriteStartObject(metric.Name);
            writer.WriteString("type", metric.Type);
            writer.WriteString("contains", metric.Contains);
            writer.WriteStartObject("values");
            WriteValues(writer, metric, forScript: true);
            writer.WriteEndObject();
            if (metric.Thresholds.Count > 0)
            {
                writer.WriteStartObject("thresholds");
                foreach (var (expression, ok) in metric.Thresholds)
                {
                    writer.WriteStartObject(expression);
                    writer.WriteBoolean("ok", ok);
                    writer.WriteEndObject();
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WritePropertyName("setup_data");
        writer.WriteRawValue(setupData ?? "null");
        writer.WritePropertyName("root_group");
        WriteGroup(writer, run.Test.RootGroup);
        writer.WriteStartObject("options");
        writer.WriteStartArray("summaryTrendStats");
        foreach (var stat in options.SummaryTrendStats!)
        {
            writer.WriteStringValue(stat);
        }

        writer.WriteEndArray();
        writer.WriteString("summaryTimeUnit", options.SummaryTimeUnit ?? "");
        writer.WriteBoolean("noColor", noColor);
        writer.WriteEndObject();
        writer.WriteStartObject("state");
        writer.WriteBoolean("isStdOutTTY", !Console.IsOutputRedirected);
        writer.WriteBoolean("isStdErrTTY", !Console.IsErrorRedirected);
        writer.WriteNumber("testRunDurationMs", run.Duration.TotalMilliseconds);
        writer.WriteEndObject();
    });

    /// <summary>The file of <c>--summary-export</c>: flat values, and a threshold is <c>true</c> when it FAILED.</summary>
    public string ToExportJson(string? setupData) => Write(Indented, writer =>
    {
        writer.WritePropertyName("root_group");
        WriteGroupByName(writer, run.Test.RootGroup);
        writer.WriteStartObject("metrics");
        foreach (var metric in Metrics)
        {
            writer.WriteStartObject(metric.Name);
            WriteValues(writer, metric with { Values = [.. metric.Values.Select(v => metric.Type == "rate" && v.Key == "rate" ? new("value", v.Value) : v)] });
            if (metric.Thresholds.Count > 0)
            {
                writer.WriteStartObject("thresholds");
                foreach (var (expression, ok) in metric.Thresholds)
                {
                    writer.WriteBoolean(expression, !ok);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        if (setupData is not null)
        {
            writer.WritePropertyName("setup_data");
            writer.WriteRawValue(setupData);
        }
    });

    private static string Write(JsonWriterOptions writerOptions, Action<Utf8JsonWriter> body)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, writerOptions))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteValues(Utf8JsonWriter writer, SummaryMetric metric, bool forScript = false)
    {
        foreach (var (name, value) in metric.Values)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumber(name, value);
            }
            else if (forScript && double.IsInfinity(value))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value > 0 ? Infinity : $"-{Infinity}");
            }
            else
            {
                writer.WriteNull(name);
            }
        }
    }

    private static void WriteGroup(Utf8JsonWriter writer, Group group)
    {
        writer.WriteStartObject();
        WriteIdentity(writer, group.Name, group.Path, group.Id);
        writer.WriteStartArray("groups");
        foreach (var child in ShownGroups(group))
        {
            WriteGroup(writer, child);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("checks");
        foreach (var check in group.Checks)
        {
            writer.WriteStartObject();
            WriteCheck(writer, check);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteGroupByName(Utf8JsonWriter writer, Group group)
    {
        writer.WriteStartObject();
        WriteIdentity(writer, group.Name, group.Path, group.Id);
        writer.WriteStartObject("groups");
        foreach (var child in ShownGroups(group))
        {
            writer.WritePropertyName(child.Name);
            WriteGroupByName(writer, child);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("checks");
        foreach (var check in group.Checks)
        {
            writer.WriteStartObject(check.Name);
            WriteCheck(writer, check);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The groups of set-up and tear-down are there only with something in them.</summary>
    private static IEnumerable<Group> ShownGroups(Group group) =>
        group.Groups.Where(child => group.Name.Length > 0 || child.Name is not ("setup" or "teardown") || child.Groups.Count + child.Checks.Count > 0);

    private static void WriteCheck(Utf8JsonWriter writer, Check check)
    {
        WriteIdentity(writer, check.Name, check.Path, check.Id);
        writer.WriteNumber("passes", check.Passes);
        writer.WriteNumber("fails", check.Fails);
    }

    private static void WriteIdentity(Utf8JsonWriter writer, string name, string path, string id)
    {
        writer.WriteString("name", name);
        writer.WriteString("path", path);
        writer.WriteString("id", id);
    }
}

/// <summary>One metric of the summary.</summary>
/// <param name="Name">The name, for a submetric as the thresholds write it.</param>
/// <param name="Type">k6's name of its type.</param>
/// <param name="Contains">k6's name of its unit.</param>
/// <param name="Values">The statistics in k6's order.</param>
/// <param name="Thresholds">Expressions with whether they held.</param>
/// <param name="Series">Where the figures come from.</param>
internal sealed record SummaryMetric(
    string Name,
    string Type,
    string Contains,
    IReadOnlyList<KeyValuePair<string, double>> Values,
    IReadOnlyList<KeyValuePair<string, bool>> Thresholds,
    MetricSeries Series)
{
    /// <summary>Takes the figures of a series.</summary>
    public static SummaryMetric From(MetricSeries series, IReadOnlyList<string> trendStats, TimeSpan duration)
    {
        List<KeyValuePair<string, double>> values = series.Sink switch
        {
            CounterSink counter => [new("count", counter.Total), new("rate", counter.Statistic("rate", 0, duration.TotalSeconds))],
            GaugeSink gauge => [new("value", gauge.Value), new("min", gauge.Minimum), new("max", gauge.Maximum)],
            RateSink rate => [new("rate", rate.Rate), new("passes", rate.Passes), new("fails", rate.Count - rate.Passes)],
            var trend => [.. trendStats.Distinct(StringComparer.Ordinal).Select(stat =>
            {
                var (method, percentile) = TrendStats.Parse(stat);
                return new KeyValuePair<string, double>(stat, trend.Statistic(method, percentile, 0));
            })],
        };
        var thresholds = series.Thresholds
            .GroupBy(t => t.Source.Expression, StringComparer.Ordinal)
            .Select(g => new KeyValuePair<string, bool>(g.Key, !g.Any(t => t.HasFailed)));
        return new SummaryMetric(series.Name, series.Metric.Type.Name(), series.Metric.Contains.Name(), values, [.. thresholds], series);
    }
}
