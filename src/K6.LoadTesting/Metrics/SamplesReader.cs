using System.IO.Compression;

namespace K6.LoadTesting.Metrics;

/// <summary>
/// Reads the samples that k6's <c>csv</c> or <c>json</c> output wrote, plain or gzip, in the order in which they were written; of several files, such as those of the
/// pods of a distributed run, side by side in time. The memory it needs does not grow with the files.
/// </summary>
/// <remarks>k6's csv has values with six decimals: whole nanoseconds of times in ms, exact; finer values of custom metrics are rounded. Its json has all digits.</remarks>
/// <param name="files">Paths of the files.</param>
internal sealed class SamplesReader(params IReadOnlyList<string> files)
{
    private readonly Dictionary<string, SampleMetric> _metrics = new(StringComparer.Ordinal);

    /// <summary>Whether a file ended in the middle, as it does when k6 was killed. Known once all was read.</summary>
    public bool Truncated { get; private set; }

    /// <summary>What the files say of their metrics: those of k6's json only. Known once all was read.</summary>
    public IReadOnlyDictionary<string, SampleMetric> Metrics => _metrics;

    /// <summary>Which of the files the sample comes from that was read last.</summary>
    internal int File { get; private set; }

    /// <summary>Reads the files from the start; can be called again.</summary>
    /// <exception cref="InvalidDataException">A file is not of this format.</exception>
    public IEnumerable<Sample> Read()
    {
        Truncated = false;
        File = 0;
        return files is [var only] ? Read(only) : Merge();
    }

    // Of each file the next one, the oldest of them first.
    private IEnumerable<Sample> Merge()
    {
        var open = files.Select(file => Read(file).GetEnumerator()).ToList();
        var next = new PriorityQueue<int, (long Time, int File)>();
        try
        {
            for (var file = 0; file < open.Count; file++)
            {
                Advance(file);
            }

            while (next.TryDequeue(out var file, out _))
            {
                File = file;
                yield return open[file].Current;
                Advance(file);
            }
        }
        finally
        {
            open.ForEach(one => one.Dispose());
        }

        void Advance(int file)
        {
            if (open[file].MoveNext())
            {
                next.Enqueue(file, (open[file].Current.Microseconds, file));
            }
        }
    }

    private IEnumerable<Sample> Read(string file)
    {
        using var stream = Open(file, out var first);
        return first == '{' ? ReadJson(file) : ReadCsv(file);
    }

    private IEnumerable<Sample> ReadCsv(string file)
    {
        using var stream = Open(file, out _);
        var records = new SampleLines(stream, isQuoted: true);
        if (!records.Next())
        {
            Truncated |= records.Truncated;
            yield break;
        }

        var samples = new CsvSamples(file, records.Current.Span);
        while (records.Next())
        {
            yield return samples.Parse(records.Current.Span);
        }

        Truncated |= records.Truncated;
    }

    private IEnumerable<Sample> ReadJson(string file)
    {
        using var stream = Open(file, out _);
        var lines = new SampleLines(stream, isQuoted: false);
        var samples = new JsonSamples(file, _metrics);
        while (lines.Next())
        {
            if (samples.Parse(lines.Current) is { } sample)
            {
                yield return sample;
            }
        }

        // A whole last line may lack its line break.
        if (lines.Rest.Length > 0 && lines.Rest.Span[^1] == '}' && Last(samples, lines.Rest) is { } last)
        {
            yield return last;
        }
        else
        {
            Truncated |= lines.Truncated;
        }
    }

    private static Sample? Last(JsonSamples samples, ReadOnlyMemory<byte> line)
    {
        try
        {
            return samples.Parse(line);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static Stream Open(string file, out int first)
    {
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        first = stream.ReadByte();
        var isGzip = first == 0x1f && stream.ReadByte() == 0x8b;
        stream.Position = 0;
        if (!isGzip)
        {
            return stream;
        }

        try
        {
            using var peek = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            first = peek.ReadByte();
        }
        catch (InvalidDataException)
        {
            first = -1;
        }

        stream.Position = 0;
        return new GZipStream(stream, CompressionMode.Decompress);
    }
}
