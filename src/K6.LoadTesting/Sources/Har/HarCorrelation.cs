using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace K6.LoadTesting.Sources.Har;

/// <summary>A place in an answer that gives a value of later requests.</summary>
/// <param name="Request">The request that is answered, by its place in the journey.</param>
/// <param name="Label">What the value is called there.</param>
/// <param name="PlaceExpression">The place, as a call of <c>k6-sdk</c>.</param>
/// <param name="Function">The function that it calls.</param>
/// <param name="Rank">How far down in lists it is: the first of a list may be another one tomorrow.</param>
internal sealed record HarSource(int Request, string Label, string PlaceExpression, string Function, int Rank);

/// <summary>
/// Finds values of answers that come back in later requests: tokens, ids, the fields of forms. They become captures, since the next run is given others. Reads the
/// recording a second time, and keeps nothing of an answer but places that matter.
/// </summary>
internal sealed partial class HarCorrelation
{
    private const int MostLeaves = 50_000;
    private const int LongestText = 8 << 20;
    private const int ShortestContext = 6;
    private const int LongestContext = 40;

    private readonly Dictionary<string, List<HarValue>> wanted;

    /// <summary>Starts to look for the values of requests.</summary>
    /// <param name="values">The values, in the order of the journey.</param>
    public HarCorrelation(IEnumerable<HarValue> values) =>
        wanted = values.Where(value => value.Text.Length > 0).GroupBy(value => value.Text, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);

    /// <summary>Where the values come from that come from an answer.</summary>
    public Dictionary<HarValue, HarSource> Sources { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Looks at an answer.</summary>
    /// <param name="response">The <c>response</c> of the entry.</param>
    /// <param name="request">The request, by its place in the journey.</param>
    public void Look(JsonElement response, int request)
    {
        foreach (var (name, value) in HarRequest.Pairs(response, "headers"))
        {
            if (!name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase) && !name.Equals("Date", StringComparison.OrdinalIgnoreCase))
            {
                Offer(value, name, new HarSource(request, name, $"header({TypeScript.Text(name)})", "header", 0));
            }
        }

        if (Content(response) is not { Length: > 0 and < LongestText } text)
        {
            return;
        }

        if (text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                var left = MostLeaves;
                Walk(json.RootElement, "$", "", 0, request, ref left);
                return;
            }
            catch (JsonException)
            {
                // Text that begins like JSON.
            }
        }

        LookAtFields(text, request);
        LookAtText(text, request);
    }

    private static string? Content(JsonElement response)
    {
        if (response.ValueKind != JsonValueKind.Object || !response.TryGetProperty("content", out var content) || HarRequest.Text(content, "text") is not { } text)
        {
            return null;
        }

        var type = HarRequest.Text(content, "mimeType") ?? "";
        var isText = type.Length == 0 || type.Contains("json", StringComparison.OrdinalIgnoreCase) || type.Contains("xml", StringComparison.OrdinalIgnoreCase) || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase);
        return !isText ? null
            : HarRequest.Text(content, "encoding") != "base64" ? text
            : Base64.IsValid(text) ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : null;
    }

    private void Walk(JsonElement element, string path, string property, int rank, int request, ref int left)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    if (--left > 0 && !member.Name.Contains('\'', StringComparison.Ordinal))
                    {
                        Walk(member.Value, path + (Identifier().IsMatch(member.Name) ? $".{member.Name}" : $"['{member.Name}']"), member.Name, rank, request, ref left);
                    }
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    if (--left > 0)
                    {
                        Walk(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), property, rank + 1 + index, request, ref left);
                        index++;
                    }
                }

                break;
            case JsonValueKind.String or JsonValueKind.Number:
                var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
                Offer(text, property, new HarSource(request, property.Length > 0 ? property : "value", $"json({TypeScript.Text(path)})", "json", rank));
                break;
        }
    }

    private void LookAtFields(string text, int request)
    {
        foreach (Match field in Field().Matches(text))
        {
            var name = Attribute(field.Value, "name");
            if (name.Length > 0)
            {
                Offer(Attribute(field.Value, "value"), name, new HarSource(request, name, $"formField({TypeScript.Text(name)})", "formField", 0));
            }
        }
    }

    /// <summary>A value in text has no name; only one that is unique, behind something that is found there first.</summary>
    private void LookAtText(string text, int request)
    {
        foreach (Match word in Word().Matches(text))
        {
            if (!wanted.TryGetValue(word.Value, out var uses) || !uses[0].IsUnique || word.Index == 0 || word.Index + word.Length >= text.Length)
            {
                continue;
            }

            // The shortest text that is found there first: a longer one may hold what changes.
            var line = text.LastIndexOf('\n', word.Index - 1) + 1;
            var lengths = Enumerable.Range(ShortestContext, LongestContext).Where(length => word.Index - length >= line);
            var left = lengths.Select(length => text[(word.Index - length)..word.Index]).FirstOrDefault(one => text.IndexOf(one, StringComparison.Ordinal) == word.Index - one.Length);
            if (left is not null)
            {
                var right = text[word.Index + word.Length].ToString();
                Offer(word.Value, "", new HarSource(request, $"behind {left.Trim()}", $"between({TypeScript.Text(left)}, {TypeScript.Text(right)})", "between", 1));
            }
        }
    }

    private void Offer(string text, string property, HarSource source)
    {
        if (!wanted.TryGetValue(text, out var uses))
        {
            return;
        }

        foreach (var use in uses.Where(use => use.Request > source.Request && (use.IsUnique || use.Means(property))))
        {
            // The first answer that has it, unless a later one has it in a surer place.
            if (!Sources.TryGetValue(use, out var known) || source.Rank < known.Rank)
            {
                Sources[use] = source;
            }
        }
    }

    private static string Attribute(string tag, string name)
    {
        var match = Regex.Match(tag, $@"\b{name}\s*=\s*(?:""(?<value>[^""]*)""|'(?<value>[^']*)'|(?<value>[^\s>]+))", RegexOptions.IgnoreCase);
        return System.Net.WebUtility.HtmlDecode(match.Groups["value"].Value);
    }

    [GeneratedRegex(@"^[A-Za-z_$][\w$]*\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"<input\b[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Field();

    [GeneratedRegex(@"[A-Za-z0-9_.~+/=-]{8,}")]
    private static partial Regex Word();
}
