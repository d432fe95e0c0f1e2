using System.Text;
using CliWrap;

namespace K6.LoadTesting.Engines;

/// <summary>
/// Reads an output of a child line by line, without ever making the child wait for anything but a disk: a slow reader would
/// throttle the load. Keeps the last lines, writes a file of bounded size, and hands each line on. Memory is bounded.
/// </summary>
internal sealed class OutputReader : IDisposable
{
    private const int MaxLine = 256 * 1024;
    private const int TailLines = 20;
    private const int MaxTailLine = 2000;

    private readonly Handler? _handler;
    private readonly FileStream? _file;
    private readonly Queue<byte[]> _tail = new(TailLines);
    private readonly byte[] _line = new byte[MaxLine];
    private int _length;
    private long _left;

    /// <summary>Handles a line without its line break; what it throws ends the reading.</summary>
    public delegate void Handler(ReadOnlySpan<byte> line);

    /// <param name="handler">Handles each line; null when nobody cares.</param>
    /// <param name="file">File that gets the lines; null for none.</param>
    /// <param name="maxFileBytes">Largest size of the file, bytes.</param>
    public OutputReader(Handler? handler = null, string? file = null, long maxFileBytes = 64 << 20)
    {
        _handler = handler;
        _left = maxFileBytes;
        if (file is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            _file = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 64 * 1024);
        }

        Target = PipeTarget.Create(ReadAsync);
    }

    /// <summary>Where the output goes.</summary>
    public PipeTarget Target { get; }

    /// <summary>The last lines, oldest first; long ones are cut.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_tail)
            {
                return [.. _tail.Select(Encoding.UTF8.GetString)];
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            Split(buffer.AsSpan(0, read));
            if (_file is not null)
            {
                await _file.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        if (_length > 0)
        {
            Line(_line.AsSpan(0, _length));
        }
    }

    private void Split(ReadOnlySpan<byte> chunk)
    {
        int end;
        while ((end = chunk.IndexOf((byte)'\n')) >= 0)
        {
            if (_length == 0)
            {
                Line(chunk[..Math.Min(end, MaxLine)]);
            }
            else
            {
                Append(chunk[..end]);
                Line(_line.AsSpan(0, _length));
                _length = 0;
            }

            chunk = chunk[(end + 1)..];
        }

        Append(chunk);
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        part = part[..Math.Min(part.Length, MaxLine - _length)];
        part.CopyTo(_line.AsSpan(_length));
        _length += part.Length;
    }

    private void Line(ReadOnlySpan<byte> line)
    {
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        if (_file is not null && _left > 0)
        {
            _left -= line.Length + 1;
            _file.Write(line);
            _file.Write(_left > 0 ? "\n"u8 : "\n… cut here, the file would have grown too large\n"u8);
        }

        if (line.Length > 0)
        {
            lock (_tail)
            {
                if (_tail.Count == TailLines)
                {
                    _tail.Dequeue();
                }

                _tail.Enqueue(line[..Math.Min(line.Length, MaxTailLine)].ToArray());
            }
        }

        _handler?.Invoke(line);
    }
}
