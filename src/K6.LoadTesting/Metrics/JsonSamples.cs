using System.Text;
using System.Text.Json;

namespace K6.LoadTesting.Metrics;

/// <summary>
/// Samples of k6's <c>json</c> output, one object a line (https://grafana.com/docs/k6/latest/results-output/real-time/json/). k6 always writes the same layout, which is
/// read by comparing bytes; a line of any other layout goes through a JSON reader.
/// </summary>
internal sealed class JsonSamples
{
    private readonly string _file;
    private readonly IDictionary<string, SampleMetric> _metrics;
    private readonly SeriesTable _table = new(Tags);
    private readonly byte[] _second = new byte[19];
    private long _secondAt;

    /// <summary>Begins a file.</summary>
    /// <param name="file">Its path, for messages.</param>
    /// <param name="metrics">Gets what the file says of metrics.</param>
    public JsonSamples(string file, IDictionary<string, SampleMetric> metrics) => (_file, _metrics) = (file, metrics);

    /// <summary>A line; null when it is no sample: a metric, an empty line, a value that is no number.</summary>
    /// <exception cref="InvalidDataException">It is not JSON, or of another shape.</exception>
    public Sample? Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            return TryKnownLayout(line.Span, out var sample) ? sample : line.IsEmpty ? null : AnyLayout(line);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"{_file} has a line that is not a sample: {Encoding.UTF8.GetString(line.Span[..Math.Min(200, line.Length)])}", failure);
        }
    }

    // {"metric":"NAME","type":"Point","data":{"time":"TIME","value":VALUE,"tags":TAGS}}
    private bool TryKnownLayout(ReadOnlySpan<byte> line, out Sample sample)
    {
        var start = "{\"metric\":\""u8;
        var time = "\",\"type\":\"Point\",\"data\":{\"time\":\""u8;
        var value = "\",\"value\":"u8;
        var tags = ",\"tags\":"u8;
        sample = default;
        if (!line.StartsWith(start) || !line.EndsWith("}}"u8))
        {
            return false;
        }

        var rest = line[start.Length..^2];
        var end = rest.IndexOf((byte)'"');
        if (end <= 0 || !rest[end..].StartsWith(time) || rest[..end].Contains((byte)'\\'))
        {
            return false;
        }

        var metric = rest[..end];
        rest = rest[(end + time.Length)..];
        end = rest.IndexOf((byte)'"');
        if (end <= 0 || !rest[end..].StartsWith(value) || !TryTime(rest[..end], out var microseconds))
        {
            return false;
        }

        rest = rest[(end + value.Length)..];
        if (!SampleNumbers.TryDouble(rest, out var number, out var length) || !rest[length..].StartsWith(tags))
        {
            return false;
        }

        rest = rest[(length + tags.Length)..];

        // Metadata, such as the id of a trace, is another for each request and no tag. Within a text its quotes would have backslashes before them.
        var metadata = rest.IndexOf("},\"metadata\":{"u8);
        sample = new Sample(_table.Find(metric, metadata < 0 ? rest : rest[..(metadata + 1)]), microseconds, number);
        return true;
    }

    // 2026-11-22T12:10:29.833441288Z: thousands of samples share the second, so that the calendar is asked once a second.
    private bool TryTime(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (text.Length < 20)
        {
            return false;
        }

        if (!text[..19].SequenceEqual(_second))
        {
            if (!SampleNumbers.TryRfc3339([.. text[..19], (byte)'Z'], out _secondAt))
            {
                return false;
            }

            text[..19].CopyTo(_second);
        }

        var i = 19;
        var fraction = 0;
        if (text[i] == '.')
        {
            var unit = 100_000;
            for (i++; i < text.Length && (uint)(text[i] - '0') <= 9; i++, unit /= 10)
            {
                fraction += (text[i] - '0') * unit;
            }
        }

        if (i == text.Length - 1 && text[i] == 'Z')
        {
            microseconds = _secondAt + fraction;
            return true;
        }

        if (i == text.Length - 6 && text[i] is (byte)'+' or (byte)'-' && text[i + 3] == ':')
        {
            var minutes = ((((text[i + 1] - '0') * 10) + text[i + 2] - '0') * 60) + ((text[i + 4] - '0') * 10) + text[i + 5] - '0';
            microseconds = _secondAt + fraction - ((text[i] == '-' ? -minutes : minutes) * 60_000_000L);
            return true;
        }

        return false;
    }

    private Sample? AnyLayout(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var metric = root.GetProperty("metric").GetString()!;
        var data = root.GetProperty("data");
        if (root.GetProperty("type").GetString() != "Point")
        {
            _metrics[metric] = new SampleMetric(
                data.GetProperty("type").GetString()!,
                data.TryGetProperty("contains", out var contains) ? contains.GetString()! : "default",
                data.TryGetProperty("thresholds", out var thresholds) && thresholds.ValueKind == JsonValueKind.Array
                    ? [.. thresholds.EnumerateArray().Select(one => one.GetString()!)]
                    : []);
            return null;
        }

        if (!SampleNumbers.TryRfc3339(Encoding.UTF8.GetBytes(data.GetProperty("time").GetString()!), out var time))
        {
            throw new FormatException("no time");
        }

        var tags = data.TryGetProperty("tags", out var given) ? given.GetRawText() : "null";
        return data.GetProperty("value").ValueKind == JsonValueKind.Number
            ? new Sample(_table.Find(Encoding.UTF8.GetBytes(metric), Encoding.UTF8.GetBytes(tags)), time, data.GetProperty("value").GetDouble())
            : null;
    }

    private static Dictionary<string, string> Tags(ReadOnlyMemory<byte> raw)
    {
        using var document = JsonDocument.Parse(raw);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.EnumerateObject().Where(tag => tag.Value.ToString().Length > 0).DistinctBy(tag => tag.Name).ToDictionary(tag => tag.Name, tag => tag.Value.ToString(), StringComparer.Ordinal)
            : [];
    }
}
