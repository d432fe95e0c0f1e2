namespace K6.LoadTesting.Plans;

/// <summary>A part of the load, in seconds since its start, or counted from its end. An iteration belongs to the part in which it began.</summary>
public sealed record ThresholdWindow
{
    /// <summary>What a window looks like, for messages.</summary>
    internal const string Example = "30s.. (from second 30 on), 30s..2m, ..1m (the first minute) or last 30s";

    /// <summary>Its start, seconds since the start of the load; null for one at the end.</summary>
    public double? FromSeconds { get; init; }

    /// <summary>Its end, seconds since the start of the load; null for the end of the load.</summary>
    public double? ToSeconds { get; init; }

    /// <summary>Its length, seconds, for one at the end of the load; null for one with a start.</summary>
    public double? LastSeconds { get; init; }

    /// <summary>Reads a window: <c>30s..</c>, <c>30s..2m</c>, <c>..1m</c>, <c>last 30s</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The window; null for what is none, an empty one included.</returns>
    public static ThresholdWindow? TryParse(string text)
    {
        const string Last = "last ";
        text = text.Trim();
        if (text.StartsWith(Last, StringComparison.OrdinalIgnoreCase))
        {
            return Seconds(text[Last.Length..]) is > 0 and var last ? new ThresholdWindow { LastSeconds = last } : null;
        }

        if (text.Split("..") is not [var from, var to] || (from.Length == 0 && to.Length == 0))
        {
            return null;
        }

        var start = from.Length == 0 ? 0 : Seconds(from);
        var end = to.Length == 0 ? null : Seconds(to);
        return start is null or < 0 || (to.Length > 0 && (end is null || end <= start)) ? null : new ThresholdWindow { FromSeconds = start, ToSeconds = end };
    }

    /// <summary>One spelling of each: <c>30s..2m</c>. Fits into a tag: no comma, no colon.</summary>
    public override string ToString() => LastSeconds is { } last
        ? $"last {Text(last)}"
        : $"{(FromSeconds > 0 ? Text(FromSeconds.Value) : "")}..{(ToSeconds is { } to ? Text(to) : "")}";

    // A number alone would be milliseconds to k6 and seconds to most readers.
    private static double? Seconds(string text) =>
        K6Duration.TryParse(text.Trim(), out var duration) && !K6Duration.IsUnitless(text.Trim()) ? duration.TotalSeconds : null;

    private static string Text(double seconds) => K6Duration.Format(TimeSpan.FromSeconds(seconds));
}
