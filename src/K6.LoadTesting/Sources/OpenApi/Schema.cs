namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>Questions about a schema that is no <c>$ref</c>, in the words of all versions.</summary>
internal static class Schema
{
    /// <summary>Words that make a schema of others.</summary>
    public static readonly string[] Compositions = ["allOf", "oneOf", "anyOf"];

    /// <summary>Words for alternatives.</summary>
    public static readonly string[] Alternatives = ["oneOf", "anyOf"];

    // Asked for each schema several times, and nearly always one of these.
    private static readonly Dictionary<string, string[]> Single =
        new string[] { "object", "array", "string", "integer", "number", "boolean", "file" }.ToDictionary(type => type, type => new[] { type }, StringComparer.Ordinal);

    /// <summary>Its types without <c>null</c>; none when it does not say.</summary>
    public static IReadOnlyList<string> Types(DocumentNode schema)
    {
        var declared = schema["type"];
        var types = declared?.Kind switch
        {
            NodeKind.String when declared.Text != "null" => One(declared.Text),
            NodeKind.Array => Several(declared),
            _ => [],
        };
        if (types.Count == 0)
        {
            return schema.Find("properties") is not null || schema.Find("additionalProperties") is not null ? One("object") : schema.Find("items") is not null ? One("array") : [];
        }

        // ASP.NET Core takes numbers as texts too, and says so; what it writes are numbers.
        return types.Count == 2 && types.Contains("string") && schema.Find("pattern") is not null && types.FirstOrDefault(type => type is "integer" or "number") is { } number ? One(number) : types;
    }

    private static string[] One(string type) => Single.GetValueOrDefault(type) ?? [type];

    private static IReadOnlyList<string> Several(DocumentNode list)
    {
        var types = list.Items.FindAll(item => item.Text != "null");
        return types is [var one] ? One(one.Text) : types.ConvertAll(item => item.Text);
    }

    /// <summary>Whether <c>null</c> is allowed.</summary>
    public static bool IsNullable(DocumentNode schema) =>
        schema.Is("nullable") || schema.Is("x-nullable") || schema.Word("type") == "null" || schema.ItemsOf("type").Any(type => type.Text == "null");

    /// <summary>Whether it is made of others.</summary>
    public static bool IsComposed(DocumentNode schema) => Compositions.Any(word => schema.ItemsOf(word).Count > 0);

    /// <summary>Whether it only says which values there are.</summary>
    public static bool HasValues(DocumentNode schema) => schema.Find("const") is not null || schema.ItemsOf("enum").Count > 0;

    /// <summary>The values that there are.</summary>
    public static IReadOnlyList<DocumentNode> Values(DocumentNode schema) => schema["const"] is { } value ? [value] : schema.ItemsOf("enum");

    /// <summary>Whether it is an object with names and nothing else.</summary>
    public static bool IsPlainObject(DocumentNode schema) =>
        schema.IsObject && !IsComposed(schema) && !HasValues(schema) && !IsNullable(schema) && Types(schema) is ["object"] && schema.MembersOf("properties").Count > 0;

    /// <summary>Names that have to be there.</summary>
    public static HashSet<string> Required(DocumentNode schema) => [.. schema.ItemsOf("required").Select(name => name.Text)];
}
