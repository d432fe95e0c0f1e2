using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Services.Logs;

/// <summary>Joins what a service printed to the timeline of a load: a file with the second of each line, and its errors and warnings for the result.</summary>
internal static partial class ServiceLogReader
{
    private const int MostEvents = 100;
    private const int MostRemembered = 1000;
    private const int MaxMessage = 500;
    private const int MaxFollowing = 3;

    /// <summary>Reads what was recorded and writes the file for people beside it.</summary>
    /// <param name="recorded">What <see cref="ServiceOutput.Record"/> wrote; removed.</param>
    /// <param name="loadStart">Start of the load, second 0.</param>
    /// <param name="loadSeconds">Its length; null when nobody knows.</param>
    /// <returns>The file is relative to the folder above that of the run; null when the service printed nothing.</returns>
    public static ServiceLogResult? Read(string recorded, DateTimeOffset loadStart, double? loadSeconds)
    {
        if (!File.Exists(recorded))
        {
            return null;
        }

        var file = Path.ChangeExtension(recorded, ".log");
        var log = new Log();
        using (var writer = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
        {
            foreach (var line in File.ReadLines(recorded))
            {
                var space = line.IndexOf(' ', StringComparison.Ordinal);
                if (space <= 0 || !long.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var time))
                {
                    continue;
                }

                var seconds = Math.Round((DateTimeOffset.FromUnixTimeMilliseconds(time) - loadStart).TotalSeconds, 3);
                var text = line[(space + 1)..];
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{seconds,10:0.000}  {text}\n"));
                log.Take(seconds, text, isInLoad: seconds >= 0 && (loadSeconds is null || seconds <= loadSeconds + 0.5));
            }
        }

        File.Delete(recorded);
        if (!log.IsAny)
        {
            File.Delete(file);
            return null;
        }

        var folder = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(file)))!;
        return log.ToResult(Path.GetFileNameWithoutExtension(file), Path.GetRelativePath(folder, file).Replace('\\', '/'));
    }

    // Requests, users and times differ from one error to the next.
    [GeneratedRegex(@"\b[0-9a-fA-F-]{8,}\b|\d+")]
    private static partial Regex Numbers();

    private sealed class Log
    {
        private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
        private long lines;
        private long errors;
        private long warnings;
        private Entry? open;
        private int following;

        public bool IsAny { get; private set; }

        public void Take(double seconds, string text, bool isInLoad)
        {
            IsAny = true;
            if (!isInLoad)
            {
                Close();
                return;
            }

            lines++;
            var level = LogLevels.Of(text);
            if (level == LogLevel.Other)
            {
                Follow(text);
                return;
            }

            _ = level == LogLevel.Error ? errors++ : warnings++;
            Close();
            open = new Entry(seconds, level, Message(text));
            following = text.StartsWith('{') ? 0 : MaxFollowing;
        }

        public ServiceLogResult ToResult(string name, string file)
        {
            Close();
            return new ServiceLogResult
            {
                Name = name,
                File = file,
                Lines = lines,
                Errors = errors,
                Warnings = warnings,
                Events =
                [
                    .. entries.Values.OrderByDescending(entry => entry.Level).ThenBy(entry => entry.Seconds).Take(MostEvents)
                        .Select(entry => new ServiceLogEvent(entry.Seconds, entry.Level == LogLevel.Error ? "error" : "warning", entry.Message, entry.Count)),
                ],
            };
        }

        // The simple console of .NET puts the message into the lines after the level, indented.
        private void Follow(string text)
        {
            if (open is not null && following-- > 0 && text.StartsWith(' ') && open.Message.Length < MaxMessage)
            {
                open.Message = $"{open.Message} {text.Trim()}";
                return;
            }

            Close();
        }

        private void Close()
        {
            if (open is null)
            {
                return;
            }

            open.Message = open.Message.Length <= MaxMessage ? open.Message : open.Message[..MaxMessage] + "…";
            var key = $"{open.Level} {Numbers().Replace(open.Message, "#")}";
            if (entries.TryGetValue(key, out var known))
            {
                known.Count++;
            }
            else if (entries.Count < MostRemembered)
            {
                entries[key] = open;
            }

            open = null;
        }

        private static string Message(string text)
        {
            if (!text.StartsWith('{'))
            {
                return text.Trim();
            }

            try
            {
                using var json = JsonDocument.Parse(text);
                foreach (var name in (string[])["Message", "@m", "@mt", "message", "msg"])
                {
                    if (json.RootElement.TryGetProperty(name, out var message) && message.ValueKind == JsonValueKind.String)
                    {
                        return message.GetString()!;
                    }
                }
            }
            catch (JsonException)
            {
                // Cut, or no JSON after all.
            }

            return text;
        }
    }

    private sealed class Entry(double seconds, LogLevel level, string message)
    {
        public double Seconds { get; } = seconds;

        public LogLevel Level { get; } = level;

        public string Message { get; set; } = message;

        public long Count { get; set; } = 1;
    }
}
