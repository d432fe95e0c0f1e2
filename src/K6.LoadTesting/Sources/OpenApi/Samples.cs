using System.Globalization;
using System.Text.Json.Nodes;
using Fare;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>
/// Values for requests that nobody wrote: the document's own examples, else what the schema allows. The same document and seed give the
/// same values.
/// </summary>
internal sealed class Samples(DocumentSet documents, int seed)
{
    private const int Deepest = 12;

    /// <summary>A value.</summary>
    /// <param name="schema">Its schema; null for none.</param>
    /// <param name="example">An example from outside of the schema; null without one.</param>
    /// <param name="key">What it is for: values of different keys differ.</param>
    public JsonNode? Of(DocumentNode? schema, DocumentNode? example, string key) =>
        example is not null ? Value(example) : Of(schema, key, []);

    /// <summary>A document's value as JSON.</summary>
    public static JsonNode? Value(DocumentNode node) => node.Kind switch
    {
        NodeKind.Object => new JsonObject(node.Members.DistinctBy(member => member.Key).Select(member => KeyValuePair.Create(member.Key, Value(member.Value)))),
        NodeKind.Array => new JsonArray([.. node.Items.Select(Value)]),
        NodeKind.String => JsonValue.Create(node.Text),
        NodeKind.Boolean => JsonValue.Create(node.Text == "true"),
        NodeKind.Number => decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) ? JsonValue.Create(exact)
            : JsonValue.Create(double.Parse(node.Text, CultureInfo.InvariantCulture)),
        _ => null,
    };

    private JsonNode? Of(DocumentNode? reference, string key, List<DocumentNode> way)
    {
        if (documents.Resolve(reference) is not { IsObject: true } schema)
        {
            return JsonValue.Create("text");
        }

        var given = schema["example"] ?? (schema.ItemsOf("examples") is [var first, ..] ? first : null) ?? schema["x-example"] ?? schema["default"];
        if (given is { Kind: not NodeKind.Null })
        {
            return Value(given);
        }

        if (Schema.HasValues(schema))
        {
            var values = Schema.Values(schema);
            return Value(values[Number(key, values.Count)]);
        }

        if (way.Contains(schema, ReferenceEqualityComparer.Instance) || way.Count > Deepest)
        {
            return null;
        }

        way.Add(schema);
        try
        {
            return Composed(schema, key, way) ?? Plain(schema, key, way);
        }
        finally
        {
            way.RemoveAt(way.Count - 1);
        }
    }

    // All of its parts together; of alternatives the first one that has a value.
    private JsonNode? Composed(DocumentNode schema, string key, List<DocumentNode> way)
    {
        if (!Schema.IsComposed(schema))
        {
            return null;
        }

        var parts = schema.ItemsOf("allOf").Select(part => Of(part, key, way))
            .Concat(Schema.Alternatives.Select(word => schema.ItemsOf(word)
                .Where(part => documents.Resolve(part) is { IsObject: true } target && target.Word("type") != "null")
                .Select(part => Of(part, key, way)).FirstOrDefault(value => value is not null)));
        var own = schema.MembersOf("properties").Count > 0 ? Plain(schema, key, way) : null;
        var whole = own as JsonObject;
        foreach (var part in parts.OfType<JsonNode>())
        {
            if (part is not JsonObject members)
            {
                return part;
            }

            whole ??= [];
            foreach (var (name, value) in members)
            {
                whole[name] = value?.DeepClone();
            }
        }

        return whole;
    }

    private JsonNode? Plain(DocumentNode schema, string key, List<DocumentNode> way) => Schema.Types(schema) switch
    {
        ["object", ..] => Object(schema, key, way),
        ["array", ..] => List(schema, key, way),
        ["integer", ..] => JsonValue.Create(Whole(schema, key)),
        ["number", ..] => JsonValue.Create(Fraction(schema, key)),
        ["boolean", ..] => JsonValue.Create(Number(key, 2) == 0),
        ["string", ..] => JsonValue.Create(Text(schema, key)),
        _ => Schema.IsNullable(schema) ? null : JsonValue.Create("text"),
    };

    private JsonObject Object(DocumentNode schema, string key, List<DocumentNode> way)
    {
        var required = Schema.Required(schema);
        var result = new JsonObject();
        foreach (var property in schema.MembersOf("properties").DistinctBy(property => property.Key))
        {
            var target = documents.Resolve(property.Value);
            if (target?.Is("readOnly") == true)
            {
                continue;
            }

            var value = Of(property.Value, $"{key}.{property.Key}", way);
            // What may be left out is left out where it would go on for ever.
            if (value is not null || required.Contains(property.Key))
            {
                result[property.Key] = value;
            }
        }

        return result;
    }

    private JsonArray List(DocumentNode schema, string key, List<DocumentNode> way)
    {
        var count = (int)Math.Clamp(schema.Number("minItems") ?? 1, 0, 10);
        return new JsonArray([.. Enumerable.Range(0, Math.Max(count, schema.Number("maxItems") is 0 ? 0 : 1)).Select(index => Of(schema["items"], $"{key}[{index}]", way)).Where(value => value is not null)]);
    }

    private long Whole(DocumentNode schema, string key)
    {
        var low = Limit(schema, "minimum", "exclusiveMinimum", 1) ?? Math.Min(1, Limit(schema, "maximum", "exclusiveMaximum", -1) ?? 1);
        var high = Math.Min(Limit(schema, "maximum", "exclusiveMaximum", -1) ?? low + 99, low + 99);
        var step = schema.Number("multipleOf") is > 0 and var multiple ? multiple : 1;
        var first = Math.Ceiling(low / step) * step;
        var count = (int)Math.Max(1, Math.Floor((high - first) / step) + 1);
        // Without limits the smallest ids are the ones that exist.
        var chosen = schema.Number("maximum") is null ? 0 : Number(key, count);
        return (long)Math.Clamp(first + (chosen * step), long.MinValue, long.MaxValue / 2);
    }

    private double Fraction(DocumentNode schema, string key)
    {
        var low = schema.Number("minimum") ?? schema.Number("exclusiveMinimum") ?? Math.Min(1, schema.Number("maximum") ?? 1);
        var high = Math.Min(schema.Number("maximum") ?? schema.Number("exclusiveMaximum") ?? low + 100, low + 100);
        if (schema.Number("multipleOf") is > 0 and var step)
        {
            return (Math.Floor(low / step) + 1) * step;
        }

        return Math.Round(low + ((high - low) * (1 + Number(key, 98)) / 100), 2);
    }

    // OpenAPI 3.0 has a word, 3.1 a number.
    private static double? Limit(DocumentNode schema, string inclusive, string exclusive, int step) =>
        schema.Number(exclusive) is { } limit ? limit + step : schema.Number(inclusive) is { } number ? number + (schema.Is(exclusive) ? step : 0) : null;

    private string Text(DocumentNode schema, string key)
    {
        var made = schema.Word("format") switch
        {
            "date" => $"2025-{1 + Number(key, 12):00}-{1 + Number(key + "d", 28):00}",
            "date-time" => $"2025-{1 + Number(key, 12):00}-{1 + Number(key + "d", 28):00}T12:00:00Z",
            "time" => "12:00:00",
            "duration" => "PT1H",
            "uuid" or "guid" => new Guid(Number(key, int.MaxValue), 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 1).ToString(),
            "email" => $"user{Number(key, 1000)}@example.com",
            "uri" or "url" => "https://example.com/",
            "uri-reference" => "/",
            "hostname" => "example.com",
            "ipv4" => "192.0.2.1",
            "ipv6" => "2001:db8::1",
            "byte" => "dGV4dA==",
            _ => schema.Word("pattern") is { } pattern ? Matching(pattern, key) : null,
        };
        if (made is not null)
        {
            return made;
        }

        var least = (int)Math.Clamp(schema.Number("minLength") ?? 0, 0, 10_000);
        var most = (int)Math.Clamp(schema.Number("maxLength") ?? 10_000, 0, 10_000);
        var word = $"text{Number(key, 1000)}";
        return word.PadRight(least, 'x')[..Math.Min(Math.Max(least, word.Length), Math.Max(most, least))];
    }

    private string? Matching(string pattern, string key)
    {
        try
        {
            return new Xeger(pattern, new Random(Number(key, int.MaxValue))).Generate();
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or IndexOutOfRangeException or OverflowException)
        {
            // Not every regular expression of JavaScript is one of the generator.
            return null;
        }
    }

    // A number from 0 to less than a limit, that is always the same for a key.
    private int Number(string key, int limit)
    {
        var hash = 2166136261u ^ (uint)seed;
        foreach (var letter in key)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        return (int)(((hash ^ (hash >> 15)) * 2654435761u >> 1) % (uint)limit);
    }
}
