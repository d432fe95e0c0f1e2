using System.Runtime.ExceptionServices;
using CliWrap;
using K6.LoadTesting.Secrets;

namespace K6.LoadTesting.Engines;

/// <summary>
/// Reads an output of a child line by line, without ever making the child wait for anything but a disk: a slow reader would
/// throttle the load. Memory is bounded.
/// </summary>
internal sealed class OutputReader : IDisposable
{
    private const int MaxLine = 256 * 1024;

    private readonly LineLog? _log;
    private readonly SecretMask _mask;
    private readonly CancellationTokenSource _abandoned = new();
    private Handler? _handler;
    private ExceptionDispatchInfo? _failure;
    private readonly byte[] _line = new byte[MaxLine];
    private int _length;

    /// <param name="log">Keeps the lines; null for nothing.</param>
    /// <param name="handler">Handles each line, cut at 256 KiB; null when nobody cares.</param>
    /// <param name="mask">What is taken out of each line before anybody sees it; null for nothing.</param>
    public OutputReader(LineLog? log = null, Handler? handler = null, SecretMask? mask = null)
    {
        _log = log;
        _mask = mask ?? SecretMask.None;
        _handler = handler;
        Target = PipeTarget.Create(ReadAsync);
    }

    /// <summary>Handles a line without its line break; what it throws is thrown at the end of the output, which is read on.</summary>
    public delegate void Handler(ReadOnlySpan<byte> line);

    /// <summary>Where the output goes.</summary>
    public PipeTarget Target { get; }

    /// <summary>Ends the reading although somebody still holds the output.</summary>
    public void Abandon() => _abandoned.Cancel();

    public void Dispose() => _abandoned.Dispose();

    private async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _abandoned.Token);
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, end.Token).ConfigureAwait(false)) > 0)
            {
                Split(buffer.AsSpan(0, read));
                _log?.Flush();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Abandoned.
        }

        if (_length > 0)
        {
            Line(_line.AsSpan(0, _length));
            _log?.Flush();
        }

        _failure?.Throw();
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
        if (!_mask.IsEmpty && _mask.Bytes(line) is { } masked)
        {
            line = masked;
        }

        _log?.Add(line);
        try
        {
            _handler?.Invoke(line);
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
            _handler = null;
        }
    }
}
