using System.Text;

namespace K6.LoadTesting.Engines;

/// <summary>Keeps the lines of one output or several: a file of bounded size, and the last lines at hand.</summary>
internal sealed class LineLog : IDisposable
{
    private const long MaxFileBytes = 64 << 20;
    private const int TailLines = 20;
    private const int MaxTailLine = 2000;

    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _tail = new(TailLines);
    private FileStream? _file;
    private long _left = MaxFileBytes;

    /// <param name="file">File that gets the lines; null for none.</param>
    public LineLog(string? file = null)
    {
        if (file is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            _file = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 64 * 1024);
        }
    }

    /// <summary>The last 20 lines that are not empty, oldest first; long ones are cut.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_lock)
            {
                return [.. _tail.Select(Encoding.UTF8.GetString)];
            }
        }
    }

    /// <summary>Takes a line.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            if (_file is not null && _left > 0)
            {
                _left -= line.Length + 1;
                try
                {
                    _file.Write(line);
                    _file.Write(_left > 0 ? "\n"u8 : "\n(cut here, the file would have grown too large)\n"u8);
                }
                catch (IOException)
                {
                    Close();
                }
            }

            if (line.Length > 0)
            {
                if (_tail.Count == TailLines)
                {
                    _tail.Dequeue();
                }

                _tail.Enqueue(line[..Math.Min(line.Length, MaxTailLine)].ToArray());
            }
        }
    }

    /// <summary>Hands what was written to the operating system.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            try
            {
                _file?.Flush();
            }
            catch (IOException)
            {
                Close();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Close();
        }
    }

    // A full disk ends the file, not the run.
    private void Close()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // What was buffered is lost.
        }

        _file = null;
    }
}
