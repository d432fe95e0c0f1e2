using K6.Embedded.Execution;
using K6.Embedded.Options;

namespace K6.Embedded.Metrics;

/// <summary>A metric or a part of it, as thresholds name it: <c>http_req_duration{name:login,status:200}</c>.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Tags">The tags that a sample must carry, all of them; null for the whole metric.</param>
internal sealed record MetricSelector(string Metric, IReadOnlyList<KeyValuePair<string, string>>? Tags)
{
    /// <summary>Reads a selector.</summary>
    /// <exception cref="OptionsException">With k6's message.</exception>
    public static MetricSelector Parse(string text)
    {
        var open = text.IndexOf('{', StringComparison.Ordinal);
        var close = text.LastIndexOf('}');
        if (open < 0 && close < 0)
        {
            return new MetricSelector(text, null);
        }

        if (open < 0 || close < 0)
        {
            throw Failed($"metric {GoText.Quote(text)} has unmatched opening/close curly brace");
        }

        if (close < open)
        {
            throw Failed($"metric {GoText.Quote(text)} closing curly brace appears before opening one");
        }

        if (close != text.Length - 1)
        {
            throw Failed($"metric {GoText.Quote(text)} lacks a closing curly brace in its last position");
        }

        var tags = new List<KeyValuePair<string, string>>();
        foreach (var part in text[(open + 1)..close].Split(','))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var key = colon < 0 ? "" : Clean(part[..colon]);
            var value = colon < 0 ? "" : Clean(part[(colon + 1)..]);
            if (key.Length == 0 || value.Length == 0)
            {
                throw Failed($"metric {GoText.Quote(part)} tag expression is malformed");
            }

            tags.Add(new(key, value));
        }

        return new MetricSelector(text[..open].Trim(), tags);
    }

    private static string Clean(string text) => text.Trim().Trim('"', '\'').Trim();

    private static OptionsException Failed(string reason) =>
        new($"unable to validate threshold expressions; reason: parsing metric name failed, {reason}");
}
