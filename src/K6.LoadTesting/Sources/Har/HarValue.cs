using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace K6.LoadTesting.Sources.Har;

/// <summary>Where a value stands in a request.</summary>
internal enum HarPart
{
    /// <summary>A segment of the path.</summary>
    Path,

    /// <summary>A value of the query.</summary>
    Query,

    /// <summary>A header, or what follows the scheme in <c>Authorization</c>.</summary>
    Header,

    /// <summary>A value of a JSON body.</summary>
    Json,

    /// <summary>A value of a form.</summary>
    Form,
}

/// <summary>A value in a request that an answer may have given, or that is a secret.</summary>
/// <param name="Request">The request, by its place in the journey.</param>
/// <param name="Part">Where it stands.</param>
/// <param name="Name">What it is called there: the parameter, the header, the property; of a segment, the segment before it.</param>
/// <param name="Text">The value, decoded.</param>
/// <param name="Start">Its first character in the path, the query, the header or the body.</param>
/// <param name="Length">How many characters it has there.</param>
internal sealed partial record HarValue(int Request, HarPart Part, string Name, string Text, int Start, int Length)
{
    /// <summary>Whether the value is its own proof: nobody writes it by chance.</summary>
    public bool IsUnique => Text.Length >= 8 && Digit().IsMatch(Text);

    /// <summary>Whether a property of an answer means this value: the same name, or an id in a path.</summary>
    public bool Means(string property) => Text.Length > 0
        && (Part == HarPart.Path ? Text.All(char.IsAsciiDigit) && property.EndsWith("id", StringComparison.OrdinalIgnoreCase)
            : Text.Length > 1 && Plain(property) == Plain(Name));

    /// <summary>The values of a request.</summary>
    public static IEnumerable<HarValue> Of(HarRequest request, int index)
    {
        var path = request.Url.AbsolutePath;
        foreach (Match segment in Segment().Matches(path))
        {
            var before = path[..segment.Index].TrimEnd('/');
            yield return new HarValue(index, HarPart.Path, before[(before.LastIndexOf('/') + 1)..], Uri.UnescapeDataString(segment.Value), segment.Index, segment.Length);
        }

        foreach (var value in Pairs(request.Url.Query, index, HarPart.Query, 0))
        {
            yield return value;
        }

        foreach (var (name, text) in request.Headers)
        {
            var start = name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? text.IndexOf(' ', StringComparison.Ordinal) + 1 : 0;
            yield return new HarValue(index, HarPart.Header, name, text[start..], start, text.Length - start);
        }

        if (request.Body is { } body)
        {
            foreach (var value in IsForm(request) ? Pairs(body, index, HarPart.Form, 0) : JsonValues(body, index))
            {
                yield return value;
            }
        }
    }

    /// <summary>Whether the body is a form.</summary>
    public static bool IsForm(HarRequest request) => request.Headers.Any(header => header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
        && header.Value.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<HarValue> Pairs(string text, int index, HarPart part, int offset)
    {
        foreach (Match pair in Pair().Matches(text))
        {
            var value = pair.Groups["value"];
            yield return new HarValue(index, part, Decode(pair.Groups["name"].Value), Decode(value.Value), offset + value.Index, value.Length);
        }
    }

    private static List<HarValue> JsonValues(string body, int index)
    {
        var values = new List<HarValue>();
        var bytes = Encoding.UTF8.GetBytes(body);
        var reader = new Utf8JsonReader(bytes);
        var name = "";
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    name = reader.GetString()!;
                }
                else if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
                {
                    var start = Encoding.UTF8.GetCharCount(bytes.AsSpan(0, (int)reader.TokenStartIndex));
                    var raw = Encoding.UTF8.GetCharCount(bytes.AsSpan((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex)));
                    var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
                    values.Add(new HarValue(index, HarPart.Json, name, text, start, raw));
                }
            }
        }
        catch (JsonException)
        {
            values.Clear(); // another kind of body
        }

        return values;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static string Plain(string name) => NoLetter().Replace(name, "").ToUpperInvariant();

    [GeneratedRegex("[0-9]")]
    private static partial Regex Digit();

    [GeneratedRegex("[^/]+")]
    private static partial Regex Segment();

    [GeneratedRegex("(?<=^|[?&])(?<name>[^=&?]+)=(?<value>[^&]*)")]
    private static partial Regex Pair();

    [GeneratedRegex("[^0-9A-Za-z]")]
    private static partial Regex NoLetter();
}
