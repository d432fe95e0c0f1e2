namespace K6.Embedded.Http;

/// <summary>Parsed URLs by their text: scripts ask for the same ones again and again. Of one VU.</summary>
internal sealed class UrlCache
{
    private const int MaximumKept = 256;
    private readonly Dictionary<string, GoUrl> known = new(StringComparer.Ordinal);

    /// <summary>The parsed URL.</summary>
    /// <exception cref="FormatException">It cannot be parsed; the message is k6's.</exception>
    public GoUrl Get(string text)
    {
        if (known.TryGetValue(text, out var url))
        {
            return url;
        }

        url = GoUrl.Parse(text);
        if (known.Count >= MaximumKept)
        {
            known.Clear();
        }

        known[text] = url;
        return url;
    }
}
