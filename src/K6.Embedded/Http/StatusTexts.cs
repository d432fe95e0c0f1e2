using System.Collections.Concurrent;

namespace K6.Embedded.Http;

/// <summary>Status lines as k6 shows them: <c>200 OK</c>. Shared strings.</summary>
internal static class StatusTexts
{
    private static readonly ConcurrentDictionary<(int, string), string> Known = new();

    /// <summary>The text of a status.</summary>
    public static string Of(int status, string? reason) =>
        Known.Count < 1_000 ? Known.GetOrAdd((status, reason ?? ""), static k => Make(k.Item1, k.Item2)) : Make(status, reason ?? "");

    /// <summary>The number as a string.</summary>
    public static string Number(int status) => Of(status, "\0");

    private static string Make(int status, string reason)
    {
        var number = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return reason.Length == 0 ? number + " " : reason == "\0" ? number : $"{number} {reason}";
    }
}
