using System.Globalization;
using System.Text;

namespace K6.Embedded.Execution;

/// <summary>The level of a log record, most severe first.</summary>
internal enum LogLevel
{
    Error,
    Warning,
    Info,
    Debug,
}

/// <summary>How log records are written: <c>--log-format</c>.</summary>
internal enum LogFormat
{
    /// <summary><c>time="…" level=error msg="…" key=value</c>.</summary>
    Text,

    /// <summary>One JSON object a line, keys in order.</summary>
    Json,

    /// <summary>The message alone.</summary>
    Raw,
}

/// <summary>
/// The log with k6's record formats. Fields are what k6 adds: <c>source</c> (<c>console</c>, <c>stacktrace</c>), <c>hint</c>,
/// <c>scenario</c>, <c>executor</c>, <c>error</c>. Thread-safe.
/// </summary>
internal sealed class EngineLog(TextWriter output, LogFormat format, bool verbose = false)
{
    private const string Masked = "***SECRET_REDACTED***";

    private readonly Lock gate = new();
    private string[] secrets = [];

    /// <summary>Where <c>console.*</c> goes when <c>--console-output</c> is given; otherwise it goes with the rest.</summary>
    public TextWriter? ConsoleOutput { get; init; }

    /// <summary>Whether debug records are written.</summary>
    public bool IsVerbose { get; } = verbose;

    public void Error(string message, params ReadOnlySpan<(string Key, object Value)> fields) => Write(LogLevel.Error, message, fields);

    public void Warning(string message, params ReadOnlySpan<(string Key, object Value)> fields) => Write(LogLevel.Warning, message, fields);

    public void Info(string message, params ReadOnlySpan<(string Key, object Value)> fields) => Write(LogLevel.Info, message, fields);

    public void Debug(string message, params ReadOnlySpan<(string Key, object Value)> fields) => Write(LogLevel.Debug, message, fields);

    /// <summary>What <c>console.log</c> and its like write.</summary>
    public void Console(LogLevel level, string message) => Write(level, message, [("source", "console")]);

    /// <summary>An exception that an iteration threw: k6's record with <c>executor</c>, <c>scenario</c>, <c>hint</c> and <c>source</c>.</summary>
    /// <param name="message"><c>Error: boom\n\tat default (file:///…:1:71)\n</c>.</param>
    /// <param name="scenario">The scenario; null outside of iterations.</param>
    /// <param name="isAsync">True when a promise was rejected: k6 then leaves <c>hint</c> and <c>source</c> out and begins the message with <c>Uncaught (in promise) </c>.</param>
    public void ScriptException(string message, ScenarioState? scenario, bool isAsync = false)
    {
        var fields = new List<(string, object)>(4);
        if (scenario is not null)
        {
            fields.Add(("executor", scenario.Executor));
            fields.Add(("scenario", scenario.Name));
        }

        if (!isAsync)
        {
            fields.Add(("hint", "script exception"));
            fields.Add(("source", "stacktrace"));
        }

        Write(LogLevel.Error, message, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(fields));
    }

    /// <summary>Hides a text in all records from now on: in messages, and in names and values of fields, as k6 does.</summary>
    public void Mask(string secret)
    {
        lock (gate)
        {
            if (secret.Length > 0 && !secrets.Contains(secret))
            {
                // The longest first, so that one in another leaves nothing of it.
                secrets = [.. secrets.Append(secret).OrderByDescending(s => s.Length)];
            }
        }
    }

    /// <summary>Writes one record.</summary>
    public void Write(LogLevel level, string message, params ReadOnlySpan<(string Key, object Value)> fields)
    {
        if (level == LogLevel.Debug && !IsVerbose)
        {
            return;
        }

        var isConsole = ConsoleOutput is not null && IsFromConsole(fields);
        if (isConsole)
        {
            // Nothing else is written there, so k6 does not say where it comes from.
            fields = [];
        }

        var hidden = secrets;
        if (hidden.Length > 0)
        {
            message = Hide(message, hidden);
            fields = fields.ToArray().Select(f => (Hide(f.Key, hidden), f.Value is string text ? Hide(text, hidden) : f.Value)).ToArray();
        }

        var line = format switch
        {
            LogFormat.Json => AsJson(level, message, fields),
            LogFormat.Raw => message,
            _ => AsText(level, message, fields),
        };
        lock (gate)
        {
            var writer = isConsole ? ConsoleOutput! : output;
            writer.Write(line + "\n");
            writer.Flush();
        }
    }

    private static string Hide(string text, string[] hidden)
    {
        foreach (var secret in hidden)
        {
            text = text.Replace(secret, Masked, StringComparison.Ordinal);
        }

        return text;
    }

    private static bool IsFromConsole(ReadOnlySpan<(string Key, object Value)> fields)
    {
        foreach (var (key, value) in fields)
        {
            if (key == "source" && value is "console")
            {
                return true;
            }
        }

        return false;
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Info => "info",
        _ => "debug",
    };

    private static string Now() => DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string TextOf(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string AsText(LogLevel level, string message, ReadOnlySpan<(string Key, object Value)> fields)
    {
        var text = new StringBuilder();
        text.Append("time=\"").Append(Now()).Append("\" level=").Append(NameOf(level));
        if (message.Length > 0)
        {
            text.Append(" msg=");
            GoText.AppendQuotedIfNeeded(text, message);
        }

        var sorted = fields.ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        foreach (var (key, value) in sorted)
        {
            text.Append(' ').Append(key).Append('=');
            GoText.AppendQuotedIfNeeded(text, TextOf(value));
        }

        return text.ToString();
    }

    private static string AsJson(LogLevel level, string message, ReadOnlySpan<(string Key, object Value)> fields)
    {
        var all = new List<(string Key, object Value)>(fields.Length + 3) { ("level", NameOf(level)), ("msg", message), ("time", Now()) };
        foreach (var field in fields)
        {
            all.Add(field);
        }

        all.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var text = new StringBuilder("{");
        foreach (var (key, value) in all)
        {
            text.Append(text.Length > 1 ? "," : "");
            GoText.AppendJsonString(text, key);
            text.Append(':');
            if (value is long or int or double)
            {
                text.Append(TextOf(value));
            }
            else
            {
                GoText.AppendJsonString(text, TextOf(value));
            }
        }

        return text.Append('}').ToString();
    }
}
