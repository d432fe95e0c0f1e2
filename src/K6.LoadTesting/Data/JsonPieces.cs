namespace K6.LoadTesting.Data;

/// <summary>A stream of UTF-8 that is read in pieces, with the place of what comes next. Holds as much as its reader needs at once.</summary>
internal sealed class JsonPieces(Stream stream) : IDisposable
{
    private byte[] buffer = new byte[1 << 17];
    private int start;
    private int end;

    /// <summary>What was read and not taken; valid until <see cref="Fill"/>.</summary>
    public ReadOnlySpan<byte> Rest => buffer.AsSpan(start, end - start);

    /// <summary>Whether there is nothing more to read.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>The line of what comes next, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Its column, in bytes from 1.</summary>
    public long Column { get; private set; } = 1;

    /// <summary>Reads more behind <see cref="Rest"/>.</summary>
    /// <returns>False at the end.</returns>
    public bool Fill()
    {
        if (AtEnd)
        {
            return false;
        }

        Rest.CopyTo(buffer);
        end -= start;
        start = 0;
        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        AtEnd = read == 0;
        return true;
    }

    /// <summary>Takes bytes of <see cref="Rest"/>.</summary>
    public void Take(int count)
    {
        var taken = buffer.AsSpan(start, count);
        var breaks = taken.Count((byte)'\n');
        Line += breaks;
        Column = breaks > 0 ? count - taken.LastIndexOf((byte)'\n') : Column + count;
        start += count;
    }

    /// <inheritdoc />
    public void Dispose() => stream.Dispose();
}
