using System.Globalization;
using System.IO.Compression;
using System.Text;
using K6.Embedded.Cli;
using K6.Embedded.Execution;
using K6.Embedded.Metrics;

namespace K6.Embedded.Output;

/// <summary>Every sample as a line of CSV, in k6's columns; <c>.gz</c> is compressed.</summary>
internal sealed class CsvOutput : IDisposable
{
    private readonly StreamWriter writer;
    private readonly string[] columns;
    private readonly Func<long, string> timeText;
    private readonly StringBuilder line = new();
    private readonly Dictionary<TagSet, string> tagTexts = [];

    private CsvOutput(StreamWriter writer, string[] columns, Func<long, string> timeText)
    {
        this.writer = writer;
        this.columns = columns;
        this.timeText = timeText;
        writer.Write($"metric_name,timestamp,metric_value,{string.Concat(columns.Select(c => c + ","))}extra_tags,metadata\n");
    }

    /// <summary>Opens the file; standard output for an empty name would disturb the road and is not offered.</summary>
    /// <exception cref="UsageException">The file cannot be written, or the time format is unknown.</exception>
    public static CsvOutput Open(EngineHost host, string argument, TestRun run)
    {
        var name = argument.Length == 0 ? "file.csv" : argument;
        if (name.StartsWith("fileName=", StringComparison.Ordinal))
        {
            name = name["fileName=".Length..];
        }

        var timeText = TimeFormat(host.Environment.GetValueOrDefault("K6_CSV_TIME_FORMAT"));
        try
        {
            Stream stream = new FileStream(host.PathOf(name), FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            if (name.EndsWith(".gz", StringComparison.Ordinal))
            {
                stream = new GZipStream(stream, CompressionLevel.Fastest);
            }

            var columns = SystemTags.Default.Concat(["ip", "ocsp_status"]).Where(run.Test.SystemTags.Has).Order(StringComparer.Ordinal).ToArray();
            var output = new CsvOutput(new StreamWriter(stream, new UTF8Encoding(false), 1 << 16), columns, timeText);
            run.Collector.AddConsumer(output.Take);
            return output;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"open {name}: {(e is DirectoryNotFoundException ? "no such file or directory" : e.Message)}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    private static Func<long, string> TimeFormat(string? format) => format switch
    {
        null or "" or "unix" => micros => (micros / 1_000_000).ToString(CultureInfo.InvariantCulture),
        "unix_milli" => micros => (micros / 1000).ToString(CultureInfo.InvariantCulture),
        "unix_micro" => micros => micros.ToString(CultureInfo.InvariantCulture),
        "unix_nano" => micros => (micros * 1000).ToString(CultureInfo.InvariantCulture),
        "rfc3339" => micros => DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        "rfc3339_nano" => micros => DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        _ => throw new UsageException($"unknown CSV time format: {format}"),
    };

    private void Take(ReadOnlySpan<Sample> samples)
    {
        foreach (ref readonly var sample in samples)
        {
            line.Clear();
            line.Append(sample.Metric.Name).Append(',').Append(timeText(sample.TimeMicros)).Append(',');
            line.Append(CultureInfo.InvariantCulture, $"{(double.IsPositiveInfinity(sample.Value) ? "+Inf" : double.IsNegativeInfinity(sample.Value) ? "-Inf" : sample.Value.ToString("F6", CultureInfo.InvariantCulture))}").Append(',').Append(TextOf(sample.Tags)).Append(sample.Metadata is null ? "" : Escape(sample.Metadata)).Append('\n');
            foreach (var chunk in line.GetChunks())
            {
                writer.Write(chunk.Span);
            }
        }
    }

    private string TextOf(TagSet tags)
    {
        if (tagTexts.TryGetValue(tags, out var known))
        {
            return known;
        }

        var text = new StringBuilder();
        foreach (var column in columns)
        {
            text.Append(Escape(tags.Get(column) ?? "")).Append(',');
        }

        var extra = new List<string>();
        foreach (var (key, value) in tags.Tags)
        {
            if (!columns.Contains(key))
            {
                extra.Add($"{key}={value}");
            }
        }

        text.Append(Escape(string.Join('&', extra))).Append(',');
        var result = text.ToString();
        if (tags.IsShared)
        {
            tagTexts[tags] = result;
        }

        return result;
    }

    private static string Escape(string value)
    {
        var needsQuotes = value.AsSpan().IndexOfAny(",\"\r\n") >= 0 || value.StartsWith(' ') || value.StartsWith('\t');
        return needsQuotes ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
    }
}
