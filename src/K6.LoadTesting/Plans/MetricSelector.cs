using System.Text.RegularExpressions;

namespace K6.LoadTesting.Plans;

/// <summary>A metric, or the part of it that carries certain tags: <c>http_req_duration{name:login,status:200}</c>.</summary>
/// <param name="Name">Name of the metric.</param>
/// <param name="Tags">Tags, each to be equal; none for the whole metric. Ordered by key.</param>
internal sealed partial record MetricSelector(string Name, IReadOnlyList<KeyValuePair<string, string>> Tags)
{
    /// <summary>Reads a selector by k6's rules: split at commas, then at the first colon; spaces and quotes around keys and values go away.</summary>
    /// <param name="text">Metric or submetric.</param>
    /// <param name="error">What is wrong and what to do, a sentence; null when nothing is.</param>
    public static MetricSelector? TryParse(string text, out string? error)
    {
        text = text.Trim();
        var open = text.IndexOf('{', StringComparison.Ordinal);
        var name = (open < 0 ? text : text[..open]).TrimEnd();
        error = ServiceMetrics.IsOne(name) ? OfService(text, name)
            : !Metric().IsMatch(name) ? $"'{name}' is not the name of a metric: 2 to 129 letters, digits or underscores, the first one not a digit."
            : open < 0 && text.Contains('}') ? $"'{text}' has a closing brace and no opening one."
            : open >= 0 && !text.EndsWith('}') ? $"'{text}' has no closing brace at its end."
            : null;
        if (error is not null)
        {
            return null;
        }

        if (open < 0)
        {
            return new MetricSelector(name, []);
        }

        // The last of two equal keys wins in k6.
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text[(open + 1)..^1].Split(','))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var key = colon < 0 ? "" : Unquote(part[..colon]);
            var value = colon < 0 ? "" : Unquote(part[(colon + 1)..]);
            if (key.Length == 0 || value.Length == 0)
            {
                error = $"'{part.Trim()}' in '{text}' is not a tag; write {name}{{key:value}} or {name}{{key:value,other:value}}. k6 knows no empty value and none with a comma.";
                return null;
            }

            if (key is "vu" or "iter")
            {
                error = $"'{text}' asks for the tag '{key}', by which k6 keeps no metric; choose another tag, or give the samples a tag of your own.";
                return null;
            }

            tags[key] = value;
        }

        return new MetricSelector(name, [.. tags]);
    }

    /// <summary>The same with one more tag.</summary>
    public MetricSelector With(string key, string value) =>
        this with { Tags = [.. Tags.Append(new(key, value)).OrderBy(tag => tag.Key, StringComparer.Ordinal)] };

    /// <summary>The same without a tag.</summary>
    public MetricSelector Without(string key) => this with { Tags = [.. Tags.Where(tag => tag.Key != key)] };

    /// <summary>The canonical form: <c>name</c> or <c>name{key:value,key:value}</c>, without spaces and quotes, ordered by key.</summary>
    public override string ToString() =>
        Tags.Count == 0 ? Name : $"{Name}{{{string.Join(',', Tags.Select(tag => $"{tag.Key}:{tag.Value}"))}}}";

    private static string? OfService(string text, string name) =>
        ServiceMetrics.Parse(name) is null ? $"'{name}' does not name a metric of a service; write service:NAME.METRIC, such as service:shop-api.cpu."
        : text.Contains('{') ? $"'{text}' has tags, but a service is measured as a whole; write {name}."
        : null;

    private static string Unquote(string text) => text.Trim().Trim('"', '\'');

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{1,128}\z")]
    private static partial Regex Metric();
}
