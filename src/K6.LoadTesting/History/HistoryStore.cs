using System.Text;
using System.Text.Json;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.History;

/// <summary>
/// A history: a file of JSON lines, to which runs append. Several may at once, on one machine or on a share; a line that was cut short by a killed process or a full
/// disk costs that line alone, and what is no line of a history is passed over and counted.
/// </summary>
internal sealed class HistoryStore(string path)
{
    // Milliseconds of a clock that nobody sets.
    private const long Patience = 10_000;

    // A line is about 2 KB; this is no line of ours.
    private const int MaxLineLength = 1 << 20;

    private const string Beginning = "{\"schema\":\"k6sdk.history/";

    /// <summary>Absolute path of the file.</summary>
    public string Path { get; } = path;

    /// <summary>Reads all lines that can be read, in the order of the file.</summary>
    /// <param name="diagnostics">Hears of lines that cannot.</param>
    /// <returns>The lines; none when there is no file.</returns>
    /// <exception cref="LoadTestException">The file cannot be opened (KSDK0402), or none of its lines is of a history (KSDK0403).</exception>
    public IReadOnlyList<HistoryEntry> Read(ICollection<Diagnostic> diagnostics)
    {
        if (!File.Exists(Path))
        {
            return [];
        }

        var entries = new List<HistoryEntry>();
        var bad = 0;
        int? firstBad = null;
        try
        {
            using var file = Open(FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var isWhole = EndsWithLine(file);
            using var reader = new StreamReader(file, Encoding.UTF8);
            for (var number = 1; reader.ReadLine() is { } line; number++)
            {
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                if (Parse(line) is { } entry)
                {
                    entries.Add(entry);
                }
                else if (isWhole || !reader.EndOfStream || !line.StartsWith(Beginning, StringComparison.Ordinal))
                {
                    bad++;
                    firstBad ??= number;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LoadTestException(Rules.HistoryUnreadable.At(new SourceLocation(Path, 0, 0), $"The history cannot be read: {failure.Message} Check the path (K6HistoryPath) and its permissions."));
        }

        if (bad > 0 && entries.Count == 0)
        {
            throw new LoadTestException(Rules.HistoryForeign.At(new SourceLocation(Path, firstBad!.Value, 1), "This is no history of load tests, and nothing is added to it: name another file in K6HistoryPath."));
        }

        if (bad > 0)
        {
            diagnostics.Add(Rules.HistoryLines.At(new SourceLocation(Path, firstBad!.Value, 1),
                $"{bad} of {bad + entries.Count} lines of the history cannot be read and are passed over, this one first: a process that was killed while it wrote, or a newer version of K6.Sdk."));
        }

        return entries;
    }

    /// <summary>Appends lines, whole or not at all as far as the file system lets it.</summary>
    /// <exception cref="LoadTestException">It cannot be written (KSDK0402).</exception>
    public void Append(IReadOnlyList<HistoryEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        var text = string.Concat(entries.Select(entry => JsonSerializer.Serialize(entry, HistoryJson.Default.HistoryEntry) + "\n"));
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            Write(text);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LoadTestException(Rules.HistoryUnreadable.At(new SourceLocation(Path, 0, 0), $"The run could not be added to the history: {failure.Message} Check the path (K6HistoryPath), its permissions and the free space."));
        }
    }

    // Readers and a writer keep each other out, for as long as it takes to read or to write a line; nobody takes long.
    private FileStream Open(FileMode mode, FileAccess access, FileShare share)
    {
        var deadline = Environment.TickCount64 + Patience;
        while (true)
        {
            try
            {
                return new FileStream(Path, mode, access, share);
            }
            catch (IOException failure) when (Environment.TickCount64 < deadline && HeldFile.Is(failure))
            {
                Thread.Sleep(Random.Shared.Next(5, 50));
            }
        }
    }

    // A share may have no locks; then a line of ours without its end is one that somebody is writing. One that was cut short is told once there is a line after it.
    private static bool EndsWithLine(FileStream file)
    {
        if (file.Length == 0)
        {
            return true;
        }

        file.Position = file.Length - 1;
        var last = file.ReadByte();
        file.Position = 0;
        return last == '\n';
    }

    private void Write(string text)
    {
        // Alone: two that append at once would overwrite each other. On Unix only None is a lock that keeps other writers out.
        using var file = Open(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var end = file.Length;
        text = EndsWithLine(file) ? text : "\n" + text;

        try
        {
            file.Position = end;
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            file.SetLength(end);
            throw;
        }
    }

    private static HistoryEntry? Parse(string line)
    {
        if (line.Length > MaxLineLength)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(line, HistoryJson.Default.HistoryEntry) is { Schema: HistoryEntry.CurrentSchema } entry
                ? entry with { Metrics = entry.Metrics ?? new Dictionary<string, HistoryMetric>(), Crossed = entry.Crossed ?? [] }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(
    PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
[System.Text.Json.Serialization.JsonSerializable(typeof(HistoryEntry))]
internal sealed partial class HistoryJson : System.Text.Json.Serialization.JsonSerializerContext;
