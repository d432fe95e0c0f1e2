namespace K6.LoadTesting.Metrics;

/// <summary>Splits a stream into lines, or into records of CSV (RFC 4180), whose quoted fields may hold line breaks.</summary>
/// <param name="stream">The stream.</param>
/// <param name="isQuoted">Whether line breaks between quotes end nothing.</param>
internal sealed class SampleLines(Stream stream, bool isQuoted)
{
    private byte[] buffer = new byte[1 << 18];
    private int start;
    private int end;
    private bool atEnd;

    /// <summary>The line, without its line break; valid until the next call of <see cref="Next"/>.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    /// <summary>Whether the stream ended inside of a line or of its compression.</summary>
    public bool Truncated { get; private set; }

    /// <summary>What is left behind the last line break, once <see cref="Next"/> was false.</summary>
    public ReadOnlyMemory<byte> Rest { get; private set; }

    /// <summary>Goes to the next whole line.</summary>
    public bool Next()
    {
        var scanned = start;
        var quoted = false;
        while (true)
        {
            var left = buffer.AsSpan(scanned, end - scanned);
            var found = isQuoted ? left.IndexOfAny((byte)'\n', (byte)'"') : left.IndexOf((byte)'\n');
            if (found < 0)
            {
                scanned = end - start;
                if (!Fill())
                {
                    Rest = buffer.AsMemory(start, end - start);
                    Truncated |= end > start;
                    start = end;
                    return false;
                }

                scanned += start;
                continue;
            }

            var position = scanned + found;
            scanned = position + 1;
            if (buffer[position] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted)
            {
                var length = position - start;
                Current = buffer.AsMemory(start, length > 0 && buffer[position - 1] == '\r' ? length - 1 : length);
                start = position + 1;
                return true;
            }
        }
    }

    private bool Fill()
    {
        if (atEnd)
        {
            return false;
        }

        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }
        else if (end == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        int read;
        try
        {
            read = stream.Read(buffer, end, buffer.Length - end);
        }
        catch (InvalidDataException)
        {
            // The compressed stream stops in the middle: k6 was killed. What came before is good.
            Truncated = true;
            read = 0;
        }

        atEnd = read == 0;
        end += read;
        return !atEnd;
    }
}
