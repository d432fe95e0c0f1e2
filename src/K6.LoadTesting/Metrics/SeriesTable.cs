using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace K6.LoadTesting.Metrics;

/// <summary>
/// Finds the series of a sample by its bytes, without making text of them. Samples of one request follow each other with the same tags, and metrics in the same order,
/// so that most look-ups are one comparison with what came before.
/// </summary>
/// <param name="parse">Reads a set of tags that is seen for the first time.</param>
internal sealed class SeriesTable(Func<ReadOnlyMemory<byte>, IReadOnlyDictionary<string, string>> parse)
{
    // Unique URLs or names make unique tag sets; past this many the memory of them starts afresh.
    private const int MostTagSets = 10_000;

    private readonly Dictionary<byte[], MetricName> _metrics = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], TagSet> _tagSets = new(ByteComparer.Instance);
    private MetricName? _metric;
    private TagSet? _tags;

    /// <summary>The series of a metric with tags.</summary>
    public SampleSeries Find(ReadOnlySpan<byte> metric, ReadOnlySpan<byte> rawTags)
    {
        var name = Metric(metric);
        var tags = Tags(rawTags);
        if (name.Index >= tags.Series.Length)
        {
            Array.Resize(ref tags.Series, name.Index + 8);
        }

        return tags.Series[name.Index] ??= new SampleSeries(name.Text, tags.Tags);
    }

    /// <summary>Forgets the tags, whose columns are others in the next file.</summary>
    public void Forget()
    {
        _tagSets.Clear();
        _tags = null;
    }

    private MetricName Metric(ReadOnlySpan<byte> raw)
    {
        if (_metric?.Next is { } guess && raw.SequenceEqual(guess.Raw))
        {
            return _metric = guess;
        }

        var known = _metrics.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!known.TryGetValue(raw, out var found))
        {
            found = new MetricName(raw.ToArray(), Encoding.UTF8.GetString(raw), _metrics.Count);
            known[raw] = found;
        }

        if (_metric is not null)
        {
            _metric.Next = found;
        }

        return _metric = found;
    }

    private TagSet Tags(ReadOnlySpan<byte> raw)
    {
        if (_tags is not null && raw.SequenceEqual(_tags.Raw))
        {
            return _tags;
        }

        var known = _tagSets.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!known.TryGetValue(raw, out var found))
        {
            if (_tagSets.Count >= MostTagSets)
            {
                _tagSets.Clear();
            }

            var bytes = raw.ToArray();
            found = new TagSet(bytes, parse(bytes));
            _tagSets[bytes] = found;
        }

        return _tags = found;
    }

    private sealed record MetricName(byte[] Raw, string Text, int Index)
    {
        /// <summary>The metric that followed the last time.</summary>
        public MetricName? Next { get; set; }
    }

    private sealed class TagSet(byte[] raw, IReadOnlyDictionary<string, string> tags)
    {
        // A field, so that it can grow in place.
        public SampleSeries?[] Series = new SampleSeries?[8];

        public byte[] Raw => raw;

        public IReadOnlyDictionary<string, string> Tags => tags;
    }

    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ByteComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        // Eight bytes a step; HashCode.AddBytes takes four, and names and URLs are long.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            const ulong Odd = 0x9E37_79B9_7F4A_7C15;
            var hash = (ulong)alternate.Length * Odd;
            for (; alternate.Length >= 8; alternate = alternate[8..])
            {
                hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(alternate)) * Odd, 29);
            }

            foreach (var one in alternate)
            {
                hash = (hash ^ one) * Odd;
            }

            return (int)(hash ^ (hash >> 32));
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
