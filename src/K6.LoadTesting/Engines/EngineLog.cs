using System.Text;
using System.Text.Json;

namespace K6.LoadTesting.Engines;

/// <summary>
/// Folds the engine's JSON log while it streams. A line that was seen before costs one look-up of its bytes, so that a script that throws
/// in every iteration does not throttle its own load; memory is bounded.
/// </summary>
internal sealed class EngineLog(IReadOnlyCollection<string> generatedFiles)
{
    private const int MaxKinds = 1000;
    private const long MaxCachedBytes = 8 << 20;

    private readonly Dictionary<byte[], Entry?> _lines = new(new Bytes());
    private readonly Dictionary<(Kind Kind, string Message, string? Scenario, Diagnostics.SourceLocation? Location), Entry> _entries = [];
    private readonly StringBuilder _plain = new();
    private long _cachedBytes;

    /// <summary>The engine's own last error outside of iterations; else what it printed that is no log record, such as the start of a crash.</summary>
    public string? ErrorMessage => _errorMessage ?? (_plain.Length > 0 ? _plain.ToString() : null);

    private string? _errorMessage;

    /// <summary>Exceptions of iterations (rule 13 of the design): errors with a scenario that no <c>console.error</c> wrote.</summary>
    public IReadOnlyList<FoldedError> Errors => Folded(Kind.Exception);

    /// <summary>Warnings of the engine.</summary>
    public IReadOnlyList<FoldedError> Warnings => Folded(Kind.Warning);

    /// <summary>Takes one line of the log.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        // Records end with their time; without it, equal ones are equal.
        var time = line.LastIndexOf(",\"time\":\""u8);
        var key = time > 0 && line.Length - time < 64 ? line[..time] : line;
        var lookup = _lines.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!lookup.TryGetValue(key, out var entry))
        {
            entry = Parse(line);
            if (_lines.Count < MaxKinds && _cachedBytes + key.Length <= MaxCachedBytes)
            {
                _cachedBytes += key.Length;
                lookup[key] = entry;
            }
        }

        if (entry is not null)
        {
            entry.Count++;
            if (entry.LastWord is not null)
            {
                _errorMessage = entry.LastWord;
            }
        }
    }

    private Entry? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length == 0)
        {
            return null;
        }

        if (line[0] != (byte)'{')
        {
            Plain(line);
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(line);
            using var record = JsonDocument.ParseValue(ref reader);
            return Parse(record.RootElement);
        }
        catch (JsonException)
        {
            Plain(line);
            return null;
        }
    }

    private Entry? Parse(JsonElement record)
    {
        var level = Text(record, "level");
        if (level is not ("error" or "warning" or "fatal" or "panic") || Text(record, "source") == "console")
        {
            return null;
        }

        var message = Text(record, "msg") ?? "";
        if (Text(record, "error") is { Length: > 0 } cause)
        {
            message = $"{message}: {cause}";
        }

        var scenario = Text(record, "scenario");
        var kind = level == "warning" ? Kind.Warning : scenario is not null ? Kind.Exception : Kind.Error;
        var location = StackFrames.First(message, generatedFiles);
        var head = FirstLine(message);
        var key = (kind, head, scenario, location);
        if (!_entries.TryGetValue(key, out var entry))
        {
            if (_entries.Count >= MaxKinds)
            {
                key = (kind, "(further messages, see the log)", null, null);
            }

            if (!_entries.TryGetValue(key, out entry))
            {
                entry = new Entry(message, kind == Kind.Error ? message.TrimEnd() : null);
                _entries.Add(key, entry);
            }
        }

        return entry;
    }

    private void Plain(ReadOnlySpan<byte> line)
    {
        // A crash is told by its first lines; the rest is in the log.
        if (_plain.Length < 500)
        {
            _plain.Append(_plain.Length > 0 ? " " : "").Append(Encoding.UTF8.GetString(line[..Math.Min(line.Length, 500)]).Trim());
        }
    }

    private IReadOnlyList<FoldedError> Folded(Kind kind) =>
        [.. _entries
            .Where(pair => pair.Key.Kind == kind)
            .OrderByDescending(pair => pair.Value.Count)
            .Select(pair => new FoldedError(pair.Key.Message, pair.Value.Count, pair.Key.Scenario, pair.Key.Location, pair.Value.Text.TrimEnd()))];

    private static string? Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static string FirstLine(string message)
    {
        var end = message.IndexOfAny(['\n', '\r']);
        return (end < 0 ? message : message[..end]).Trim();
    }

    private enum Kind
    {
        Exception,
        Warning,
        Error,
    }

    private sealed class Entry(string text, string? lastWord)
    {
        public string Text { get; } = text;

        public string? LastWord { get; } = lastWord;

        public long Count { get; set; }
    }

    private sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
