using System.Globalization;
using System.Text;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Services.Logs;

/// <summary>Errors and warnings that a service has printed so far.</summary>
/// <param name="Errors">Errors.</param>
/// <param name="Warnings">Warnings.</param>
internal readonly record struct LogCounts(long Errors, long Warnings);

/// <summary>
/// What a service prints, as it comes: counts its errors and warnings, and while somebody records, keeps the lines with the time at which each came.
/// </summary>
/// <param name="next">Hears each line first.</param>
internal sealed class ServiceOutput(OutputReader.Handler next) : IDisposable
{
    private const long MaxFileBytes = 64 << 20;

    private readonly Lock _gate = new();
    private LogCounts _counts;
    private FileStream? _file;
    private long _left;

    /// <summary>What came so far.</summary>
    public LogCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _counts;
            }
        }
    }

    /// <summary>Begins to keep the lines.</summary>
    /// <param name="file">Absolute path of the file: a line is the milliseconds since 1970 in UTC, a space, and what the service printed.</param>
    public void Record(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        lock (_gate)
        {
            _file?.Dispose();
            _file = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 64 * 1024);
            _left = MaxFileBytes;
        }
    }

    /// <summary>Ends that.</summary>
    public void StopRecording()
    {
        lock (_gate)
        {
            Close();
        }
    }

    /// <summary>Takes a line.</summary>
    public void Hear(ReadOnlySpan<byte> line)
    {
        next(line);
        var level = LogLevels.Of(Encoding.UTF8.GetString(line[..Math.Min(line.Length, 400)]));
        lock (_gate)
        {
            _counts = level switch
            {
                LogLevel.Error => _counts with { Errors = _counts.Errors + 1 },
                LogLevel.Warning => _counts with { Warnings = _counts.Warnings + 1 },
                _ => _counts,
            };
            if (_file is null || _left <= 0)
            {
                return;
            }

            try
            {
                var time = Encoding.ASCII.GetBytes(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) + " ");
                _left -= time.Length + line.Length + 1;
                _file.Write(time);
                _file.Write(line);
                _file.WriteByte((byte)'\n');
            }
            catch (IOException)
            {
                // A full disk ends the file, not the run.
                Close();
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => StopRecording();

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
