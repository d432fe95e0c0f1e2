namespace K6.LoadTesting.Results;

/// <summary>A file of lines that somebody is still writing.</summary>
/// <param name="path">Absolute path; the file need not be there yet.</param>
internal sealed class GrowingFile(string path)
{
    private long _read;

    /// <summary>Hands over the lines that came since the last call; one that is not whole yet waits.</summary>
    public void ReadLines(Action<ReadOnlyMemory<byte>> line)
    {
        byte[] buffer;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Position = _read;
            buffer = new byte[stream.Length - _read];
            stream.ReadExactly(buffer);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or OverflowException)
        {
            // Not there yet.
            return;
        }

        for (var start = 0; ;)
        {
            var length = buffer.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
            {
                return;
            }

            _read += length + 1;
            if (length > 0)
            {
                line(buffer.AsMemory(start, length));
            }

            start += length + 1;
        }
    }
}
