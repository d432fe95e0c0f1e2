using System.Text;
using System.Text.Json;

namespace K6.LoadTesting.Results;

/// <summary>The last lines of the engine's log, for people.</summary>
internal static class EngineLogTail
{
    private const int TailBytes = 64 * 1024;
    private const int MaxLineLength = 500;

    /// <summary>Last records as <c>level: message</c>, one line each; records of another format as they are.</summary>
    public static IReadOnlyList<string> Read(string? file, int lines)
    {
        if (file is null || !File.Exists(file))
        {
            return [];
        }

        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var isCut = stream.Length > TailBytes;
            stream.Seek(isCut ? -TailBytes : 0, isCut ? SeekOrigin.End : SeekOrigin.Begin);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Skip(isCut ? 1 : 0)
                .TakeLast(lines)
                .Select(Text)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string Text(string line)
    {
        line = line.TrimEnd('\r');
        try
        {
            using var record = JsonDocument.Parse(line);
            var root = record.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("level", out var level) && root.TryGetProperty("msg", out var message))
            {
                var text = message.ToString();
                if (root.TryGetProperty("error", out var cause) && cause.ValueKind == JsonValueKind.String)
                {
                    text = $"{text}: {cause.GetString()}";
                }

                line = $"{level}: {text.Trim().ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal)}";
            }
        }
        catch (JsonException)
        {
            // Not a record: the start of a crash, or a line that was cut.
        }

        return line.Length <= MaxLineLength ? line : string.Concat(line.AsSpan(0, MaxLineLength), "…");
    }
}
