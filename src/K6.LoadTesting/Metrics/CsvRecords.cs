using System.Text;

namespace K6.LoadTesting.Metrics;

/// <summary>Splits a stream into CSV records (RFC 4180): quoted fields may hold commas, quotes and line breaks.</summary>
internal sealed class CsvRecords(Stream stream)
{
    private byte[] buffer = new byte[1 << 18];
    private int start;
    private int end;
    private bool atEnd;

    /// <summary>The record, without its line break; valid until the next call of <see cref="Next"/>.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    /// <summary>Whether the stream ended inside of a record or of its compression.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Goes to the next whole record.</summary>
    public bool Next()
    {
        var scanned = start;
        var quoted = false;
        while (true)
        {
            var found = buffer.AsSpan(scanned, end - scanned).IndexOfAny((byte)'\n', (byte)'"');
            if (found < 0)
            {
                scanned = end - start;
                if (!Fill())
                {
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

    /// <summary>Splits a record, or the rest of one, into its fields.</summary>
    public static IReadOnlyList<string> Fields(ReadOnlySpan<byte> record)
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
