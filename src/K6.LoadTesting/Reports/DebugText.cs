using System.Globalization;
using System.Text;
using System.Text.Json;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Reports;

/// <summary>The engine's log for somebody who looks for a mistake in a script: requests, answers, what was printed, and exceptions.</summary>
internal static class DebugText
{
    /// <summary>Characters of a record that a terminal shows; the file has all.</summary>
    public const int Shown = 4000;

    /// <summary>The records of a log, in their order.</summary>
    /// <param name="file">Absolute path of the JSON lines.</param>
    public static IReadOnlyList<DebugRecord> Read(string file) =>
        [.. File.ReadLines(file).Select(Record).OfType<DebugRecord>()];

    /// <summary>The records as text: what is sent behind <c>&gt;</c>, what comes behind <c>&lt;</c>, all else behind its source.</summary>
    /// <param name="records">The records.</param>
    /// <param name="longest">Characters of a record that are kept.</param>
    public static string Render(IReadOnlyList<DebugRecord> records, int longest)
    {
        var text = new StringBuilder();
        string? heading = null;
        foreach (var record in records)
        {
            if (record.Heading is not null && record.Heading != heading)
            {
                heading = record.Heading;
                text.Append(heading).Append('\n');
            }

            var body = record.Text.Length <= longest ? record.Text
                : string.Create(CultureInfo.InvariantCulture, $"{record.Text.AsSpan(0, longest)}… {record.Text.Length - longest} more characters in debug.txt");
            var mark = record.Mark;
            foreach (var line in body.TrimEnd().Split('\n'))
            {
                text.Append("  ").Append($"{mark} {PlainText.Clean(line.TrimEnd('\r')).Replace("\t", "  ", StringComparison.Ordinal)}".TrimEnd()).Append('\n');
                mark = record.Heading is null ? "  " : mark;
            }
        }

        return text.Length == 0 ? "  nothing was sent or printed" : text.ToString().TrimEnd();
    }

    private static DebugRecord? Record(string line)
    {
        try
        {
            using var record = JsonDocument.Parse(line);
            var root = record.RootElement;
            var message = Text(root, "msg") ?? "";
            return (Text(root, "source"), Text(root, "level")) switch
            {
                ("http-debug", _) when message.StartsWith("Request:\n", StringComparison.Ordinal) => new(Heading(root), ">", message["Request:\n".Length..]),
                ("http-debug", _) when message.StartsWith("Response:\n", StringComparison.Ordinal) => new(Heading(root), "<", message["Response:\n".Length..]),
                ("console", var level) => new(null, level is "info" or null ? "console:" : $"console.{level}:", message),
                (_, "error" or "warning") => new(null, $"{Text(root, "level")}:", Text(root, "error") is { } cause ? $"{message}: {cause}" : message),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return new(null, "engine:", line);
        }
    }

    private static string Heading(JsonElement record) => string.Create(
        CultureInfo.InvariantCulture, $"{Text(record, "scenario") ?? "setup or teardown"}, request {Text(record, "request_id")?.Split('-')[0]}:");

    private static string? Text(JsonElement record, string name) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A record of the log.</summary>
/// <param name="Heading">Request that it belongs to; null for none.</param>
/// <param name="Mark">What stands before its lines.</param>
/// <param name="Text">Its text, of one or several lines.</param>
internal sealed record DebugRecord(string? Heading, string Mark, string Text);
