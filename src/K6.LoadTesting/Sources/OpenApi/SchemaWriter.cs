using System.Text;
using K6.LoadTesting.Data;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>Writes schemas as values that the script library's validator reads: JSON Schema, with functions in place of <c>$ref</c>s.</summary>
internal sealed class SchemaWriter(DocumentSet documents, SchemaNames names)
{
    // What the validator looks at.
    private static readonly string[] Numbers = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];

    private int written;

    /// <summary>The value of a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="prefix">What stands before the names of others.</param>
    public string Of(DocumentNode? schema, string prefix)
    {
        if (schema is null || !schema.IsObject)
        {
            return schema is { Kind: NodeKind.Boolean, Text: "false" } ? "false" : "true";
        }

        if (DocumentSet.IsRef(schema))
        {
            var reference = names.Of(schema) is { } name ? $"() => {prefix}{name}" : "true";
            return Schema.IsNullable(schema) ? $"{{ anyOf: [{reference}, {{ type: ['null'] }}] }}" : reference;
        }

        var parts = new List<string>();
        Add("type", TypesOf(schema));
        Add("enum", Schema.HasValues(schema) ? $"[{string.Join(", ", Schema.Values(schema).Select(Value).Concat(Schema.IsNullable(schema) ? ["null"] : []))}]" : null);
        foreach (var word in Schema.Compositions)
        {
            Add(word, schema.ItemsOf(word) is { Count: > 0 } list ? $"[{string.Join(", ", list.Select(one => Of(one, prefix)))}]" : null);
        }

        Add("properties", schema.MembersOf("properties") is { Count: > 0 } properties
            ? $"{{ {string.Join(", ", properties.DistinctBy(one => one.Key).Select(one => $"{DataModule.PropertyName(one.Key)}: {Of(Property(one.Value), prefix)}"))} }}" : null);
        Add("required", RequiredOf(schema) is { Count: > 0 } required ? $"[{string.Join(", ", required.Select(DataModule.Quote))}]" : null);
        Add("additionalProperties", schema["additionalProperties"] is { } more && more.Text != "true" ? Of(more, prefix) : null);
        Add("items", schema["items"] is { } items ? Of(items, prefix) : null);
        Add("pattern", Schema.Types(schema) is ["string"] && schema.Word("pattern") is { } pattern && IsPattern(pattern) ? DataModule.Quote(pattern) : null);
        foreach (var word in Numbers.Where(word => schema.Number(word) is not null))
        {
            Add(word, schema[word]!.Text);
        }

        // OpenAPI 3.0 says with a word beside it that the limit itself is out.
        Add("exclusiveMinimum", schema.Is("exclusiveMinimum") ? schema["minimum"]?.Text : null);
        Add("exclusiveMaximum", schema.Is("exclusiveMaximum") ? schema["maximum"]?.Text : null);
        return parts.Count == 0 ? "true" : $"{{ {string.Join(", ", parts)} }}";

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                parts.Add($"{name}: {value}");
            }
        }
    }

    /// <summary>The value as a function that gives it: modules of operations and schemas do not depend on which is run first.</summary>
    public static string Lazy(string schema) => schema.StartsWith("() =>", StringComparison.Ordinal) ? schema : schema.StartsWith('{') ? $"() => ({schema})" : $"() => {schema}";

    /// <summary>Writes the values of all named schemas that were met since the last time.</summary>
    public void WriteNamed(StringBuilder text)
    {
        for (; written < names.Schemas.Count; written++)
        {
            text.Append($"export const {names[names.Schemas[written]]}: Schema$ = {Of(names.Schemas[written], "")};\n");
        }
    }

    private DocumentNode? Property(DocumentNode property) => DocumentSet.IsRef(property) ? property : documents.Resolve(property);

    // What only requests have does not come back.
    private List<string> RequiredOf(DocumentNode schema) =>
        [.. Schema.Required(schema).Where(name => schema["properties"]?[name] is not { } property || documents.Resolve(property)?.Is("writeOnly") != true)];

    private static string? TypesOf(DocumentNode schema)
    {
        IEnumerable<string> types = Schema.Types(schema);
        if (schema.Find("type") is null)
        {
            // Without the word other kinds of values are allowed.
            return null;
        }

        types = Schema.IsNullable(schema) ? types.Append("null") : types;
        return $"[{string.Join(", ", types.Select(DataModule.Quote))}]";
    }

    // k6's engine accepts \p and never matches it.
    private static bool IsPattern(string pattern) => !pattern.Contains(@"\p", StringComparison.OrdinalIgnoreCase);

    private static string Value(DocumentNode node) => node.Kind switch
    {
        NodeKind.String => DataModule.Quote(node.Text),
        NodeKind.Null => "null",
        NodeKind.Array => $"[{string.Join(", ", node.Items.Select(Value))}]",
        NodeKind.Object => $"{{ {string.Join(", ", node.Members.Select(member => $"{DataModule.PropertyName(member.Key)}: {Value(member.Value)}"))} }}",
        _ => node.Text,
    };
}
