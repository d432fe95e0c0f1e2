using System.Buffers.Text;
using System.Text;

namespace K6.LoadTesting.Metrics;

/// <summary>Samples of k6's <c>csv</c> output (https://grafana.com/docs/k6/latest/results-output/real-time/csv/).</summary>
internal sealed class CsvSamples
{
    private const int ValueColumn = 2;

    private readonly string _file;
    private readonly SeriesTable _table;
    private readonly string[] _columns;

    /// <summary>Begins with the header.</summary>
    /// <exception cref="InvalidDataException">It is not that of k6.</exception>
    public CsvSamples(string file, ReadOnlySpan<byte> header)
    {
        _file = file;
        _table = new SeriesTable(raw => Tags(raw.Span));
        _columns = Encoding.UTF8.GetString(header).Split(',');
        if (_columns is not ["metric_name", "timestamp", "metric_value", ..])
        {
            throw new InvalidDataException($"{file} does not start with the header of k6's csv output");
        }
    }

    /// <summary>A record.</summary>
    /// <exception cref="InvalidDataException">It is not a sample.</exception>
    public Sample Parse(ReadOnlySpan<byte> record)
    {
        var nameEnd = record.IndexOf((byte)',');
        var rest = record[(nameEnd + 1)..];
        var timeEnd = rest.IndexOf((byte)',');
        if (nameEnd <= 0 || timeEnd <= 0 || !SampleNumbers.TryDouble(rest[(timeEnd + 1)..], out var value, out var valueLength) || !TryTime(rest[..timeEnd], out var time))
        {
            throw new InvalidDataException($"{_file} has a line that is not a sample: {Encoding.UTF8.GetString(record)}");
        }

        var tags = rest[(timeEnd + 1 + valueLength)..];
        return new Sample(_table.Find(record[..nameEnd], tags.IsEmpty ? tags : WithoutMetadata(tags[1..])), time, value);
    }

    // The last column may differ from sample to sample, such as the id of a trace, and is no tag.
    private ReadOnlySpan<byte> WithoutMetadata(ReadOnlySpan<byte> raw) =>
        _columns[^1] == "metadata" && !raw.EndsWith("\""u8) && raw.LastIndexOf((byte)',') is >= 0 and var last ? raw[..last] : raw;

    // K6_CSV_TIME_FORMAT has both kinds.
    private static bool TryTime(ReadOnlySpan<byte> text, out long microseconds)
    {
        if (Utf8Parser.TryParse(text, out long number, out var length) && length == text.Length)
        {
            microseconds = SampleNumbers.FromUnix(number);
            return true;
        }

        return SampleNumbers.TryRfc3339(text, out microseconds);
    }

    private Dictionary<string, string> Tags(ReadOnlySpan<byte> raw)
    {
        var parsed = new Dictionary<string, string>(StringComparer.Ordinal);
        var fields = Fields(raw);
        for (var column = 0; column < fields.Count && column + ValueColumn + 1 < _columns.Length; column++)
        {
            var name = _columns[column + ValueColumn + 1];
            if (name == "extra_tags")
            {
                AddExtraTags(parsed, fields[column]);
            }
            else if (name != "metadata" && fields[column].Length > 0)
            {
                parsed[name] = fields[column];
            }
        }

        return parsed;
    }

    // k6 joins them as a=b&c=d without escaping. A piece that does not start with a word and an equals sign belongs to the
    // value before it; a value that holds such a piece (q&r=s) cannot be told from two tags.
    private static void AddExtraTags(Dictionary<string, string> tags, string text)
    {
        string? last = null;
        foreach (var piece in text.Split('&'))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && (last is null || IsWord(piece.AsSpan(0, equals))))
            {
                last = piece[..equals];
                tags[last] = piece[(equals + 1)..];
            }
            else if (last is not null)
            {
                tags[last] += $"&{piece}";
            }
        }
    }

    private static bool IsWord(ReadOnlySpan<char> key)
    {
        foreach (var c in key)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Splits a record, or the rest of one, into its fields.</summary>
    internal static IReadOnlyList<string> Fields(ReadOnlySpan<byte> record)
    {
        var text = Encoding.UTF8.GetString(record);
        if (!text.Contains('"', StringComparison.Ordinal))
        {
            return text.Split(',');
        }

        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
