using System.Buffers.Text;
using System.IO.Compression;
using System.Text;

namespace K6.LoadTesting.Metrics;

/// <summary>One measurement.</summary>
/// <param name="Metric">Metric, without tags.</param>
/// <param name="Microseconds">Time, microseconds since 1970-01-01 UTC.</param>
/// <param name="Value">Value in k6's unit: ms, bytes, 0 or 1 of a rate, or a plain number.</param>
/// <param name="Tags">Tags; equal sets share one instance while the reader remembers them.</param>
public readonly record struct Sample(string Metric, long Microseconds, double Value, IReadOnlyDictionary<string, string> Tags);

/// <summary>
/// Reads the samples that k6's <c>csv</c> output wrote with <c>K6_CSV_TIME_FORMAT=unix_micro</c>, plain or gzip
/// (https://grafana.com/docs/k6/latest/results-output/real-time/csv/), in the order in which they were written. The memory
/// it needs does not grow with the file.
/// </summary>
/// <remarks>k6 writes values with six decimals: whole nanoseconds of times in ms, exact; finer values of custom metrics are rounded.</remarks>
public sealed class SamplesReader(string file)
{
    // Unique URLs or names make unique tag sets; past this many the memory of them starts afresh.
    private const int RememberedTagSets = 10_000;
    private const int ValueColumn = 2;

    private readonly Dictionary<byte[], string> metrics = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], IReadOnlyDictionary<string, string>> tagSets = new(ByteComparer.Instance);
    private string[] columns = [];

    /// <summary>Whether the file ended in the middle, as it does when k6 was killed. Known once all was read.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Reads the file from the start; can be called again.</summary>
    /// <exception cref="InvalidDataException">The file is not of this format.</exception>
    public IEnumerable<Sample> Read()
    {
        Truncated = false;
        using var stream = Open();
        var records = new CsvRecords(stream);
        if (!records.Next())
        {
            Truncated = records.Truncated;
            yield break;
        }

        columns = Encoding.UTF8.GetString(records.Current.Span).Split(',');
        if (columns is not ["metric_name", "timestamp", "metric_value", ..])
        {
            throw new InvalidDataException($"{file} does not start with the header of k6's csv output");
        }

        while (records.Next())
        {
            yield return Parse(records.Current.Span);
        }

        Truncated = records.Truncated;
    }

    private Stream Open()
    {
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        var isGzip = stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
        stream.Position = 0;
        return isGzip ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    private Sample Parse(ReadOnlySpan<byte> record)
    {
        var nameEnd = record.IndexOf((byte)',');
        var rest = record[(nameEnd + 1)..];
        if (nameEnd <= 0
            || !Utf8Parser.TryParse(rest, out long time, out var timeLength)
            || timeLength >= rest.Length || rest[timeLength] != ','
            || !Utf8Parser.TryParse(rest[(timeLength + 1)..], out double value, out var valueLength))
        {
            throw new InvalidDataException($"{file} has a line that is not a sample: {Encoding.UTF8.GetString(record)}");
        }

        if (time < 100_000_000_000_000)
        {
            throw new InvalidDataException($"{file} has times that are not microseconds; write it with K6_CSV_TIME_FORMAT=unix_micro");
        }

        var tags = rest[(timeLength + 1 + valueLength)..];
        return new Sample(Metric(record[..nameEnd]), time, value, Tags(tags.IsEmpty ? tags : tags[1..]));
    }

    private string Metric(ReadOnlySpan<byte> name)
    {
        var known = metrics.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!known.TryGetValue(name, out var text))
        {
            text = Encoding.UTF8.GetString(name);
            known[name] = text;
        }

        return text;
    }

    private IReadOnlyDictionary<string, string> Tags(ReadOnlySpan<byte> raw)
    {
        var known = tagSets.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (known.TryGetValue(raw, out var tags))
        {
            return tags;
        }

        if (tagSets.Count >= RememberedTagSets)
        {
            tagSets.Clear();
        }

        var parsed = new Dictionary<string, string>(StringComparer.Ordinal);
        var fields = CsvRecords.Fields(raw);
        for (var column = 0; column < fields.Count && column + ValueColumn + 1 < columns.Length; column++)
        {
            var name = columns[column + ValueColumn + 1];
            if (name == "extra_tags")
            {
                AddExtraTags(parsed, fields[column]);
            }
            else if (name != "metadata" && fields[column].Length > 0)
            {
                parsed[name] = fields[column];
            }
        }

        known[raw] = parsed;
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

    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ByteComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
