using System.Buffers.Text;
using System.Globalization;
using System.IO.Compression;
using K6.LoadTesting.Metrics;

namespace K6.LoadTesting.Results;

/// <summary>Finds the slowest requests that have a trace in the samples of a run (<c>samples.csv.gz</c>).</summary>
internal static class SlowestRequests
{
    /// <summary>The key in the metadata of a sample (<c>exec.vu.metrics.metadata</c>), which the entry module sets.</summary>
    private const string Key = "trace_id=";

    private const int Most = 10;

    /// <summary>Reads them, slowest first; none without samples, and those up to its end of a file that is cut.</summary>
    public static IReadOnlyList<SlowRequest> Read(string? samplesFile, DateTimeOffset loadStart)
    {
        if (samplesFile is null)
        {
            return [];
        }

        var slowest = new PriorityQueue<SlowRequest, double>();
        try
        {
            using var stream = new GZipStream(File.OpenRead(samplesFile), CompressionMode.Decompress);
            var records = new SampleLines(stream, isQuoted: true);
            string[] columns = records.Next() ? [.. CsvSamples.Fields(records.Current.Span)] : [];
            while (records.Next())
            {
                var least = slowest.Count < Most ? double.MinValue : slowest.TryPeek(out _, out var last) ? last : 0;
                if (Duration(records.Current.Span) is { } duration && duration > least && Request(columns, CsvSamples.Fields(records.Current.Span), duration, loadStart) is { } request)
                {
                    slowest.Enqueue(request, duration);
                    if (slowest.Count > Most)
                    {
                        slowest.Dequeue();
                    }
                }
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // Whoever needs all of the samples says what is wrong with them.
        }

        return [.. slowest.UnorderedItems.OrderByDescending(one => one.Priority).Select(one => one.Element)];
    }

    // Metric, time, value, tags: only the few slow ones are taken apart.
    private static double? Duration(ReadOnlySpan<byte> record)
    {
        if (!record.StartsWith("http_req_duration,"u8))
        {
            return null;
        }

        var rest = record["http_req_duration,"u8.Length..];
        rest = rest[(rest.IndexOf((byte)',') + 1)..];
        return Utf8Parser.TryParse(rest, out double value, out _) ? value : null;
    }

    private static SlowRequest? Request(string[] columns, IReadOnlyList<string> fields, double duration, DateTimeOffset loadStart)
    {
        var trace = Field("metadata").Split('&').FirstOrDefault(entry => entry.StartsWith(Key, StringComparison.Ordinal));
        if (trace is null || !long.TryParse(Field("timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds))
        {
            return null;
        }

        return new SlowRequest(
            Field("name") is { Length: > 0 } name ? name : Field("url"),
            Field("method"),
            int.TryParse(Field("status"), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0,
            Field("scenario") is { Length: > 0 } scenario ? scenario : null,
            Math.Round((DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond) - loadStart).TotalSeconds, 3),
            duration,
            trace[Key.Length..]);

        string Field(string column) => Array.IndexOf(columns, column) is >= 0 and var index && index < fields.Count ? fields[index] : "";
    }
}
