using System.Text;
using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>Writes schemas as types of TypeScript.</summary>
internal sealed class TypeWriter(DocumentSet documents, SchemaNames names, DocumentProblems problems)
{
    private static readonly Expression Unknown = new("unknown");
    private static readonly Expression Null = new("null");
    private int written;

    /// <summary>The type of a schema.</summary>
    /// <param name="schema">The schema; null for none.</param>
    /// <param name="indent">How far lines are indented.</param>
    public string Of(DocumentNode? schema, int indent = 0) => Of(schema, indent, null).Text;

    /// <summary>Writes the types of all named schemas that were met since the last time.</summary>
    public void WriteNamed(StringBuilder text)
    {
        // Writing one may name others.
        for (; written < names.Schemas.Count; written++)
        {
            var schema = names.Schemas[written];
            var name = names[schema];
            text.Append('\n').Append(Comment(schema.Word("description") ?? schema.Word("title"), 0));
            text.Append(Schema.IsPlainObject(schema) ? $"export interface {name} {Object(schema, 0)}\n" : $"export type {name} = {Of(schema, 0, schema).Text};\n");
        }
    }

    /// <summary>The type of a request's body: what a server makes itself (<c>readOnly</c>) need not be given.</summary>
    public string OfBody(DocumentNode? schema, int indent)
    {
        var type = Of(schema, indent);
        if (documents.Resolve(schema) is not { IsObject: true } target)
        {
            return type;
        }

        var required = Schema.Required(target);
        string[] readOnly = [.. target.MembersOf("properties").Where(member => required.Contains(member.Key) && documents.Resolve(member.Value)?.Is("readOnly") == true).Select(member => DataModule.Quote(member.Key))];
        return readOnly.Length == 0 ? type : $"Omit<{type}, {string.Join(" | ", readOnly)}>";
    }

    /// <summary>A comment in one line; empty for none.</summary>
    public static string Comment(string? text, int indent)
    {
        var line = string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("*/", "*\\/", StringComparison.Ordinal);
        if (line.Length > 140)
        {
            var end = line.LastIndexOf(' ', 139);
            line = line[..(end > 80 ? end : 139)].TrimEnd() + " …";
        }

        return line.Length == 0 ? "" : $"{new string(' ', indent)}/** {line} */\n";
    }

    // named: the schema whose name is being given, as long as nothing but its type is between it and here.
    private Expression Of(DocumentNode? schema, int indent, DocumentNode? named)
    {
        if (schema is null || !schema.IsObject)
        {
            return schema is { Kind: NodeKind.Boolean, Text: "false" } ? new Expression("never") : Unknown;
        }

        if (DocumentSet.IsRef(schema))
        {
            return Reference(schema, named);
        }

        if (Schema.HasValues(schema))
        {
            return Nullable(Union(Schema.Values(schema).Select(Literal)), schema);
        }

        var parts = new List<Expression>();
        if (!Schema.IsComposed(schema) || schema.MembersOf("properties").Count > 0 || schema["additionalProperties"] is { IsObject: true })
        {
            parts.Add(Schema.Types(schema) is [var one] ? Plain(one, schema, indent) : Union(Schema.Types(schema).Select(type => Plain(type, schema, indent)).DefaultIfEmpty(Unknown)));
        }

        parts.AddRange(schema.ItemsOf("allOf").Select(part => Of(part, indent, named)));
        parts.AddRange(Schema.Alternatives.Where(word => schema.ItemsOf(word).Count > 0)
            .Select(word => Union(schema.ItemsOf(word).Select(part => Of(part, indent, named)))));
        var known = parts.Where(part => part != Unknown).Distinct().ToList();
        var whole = known.Count switch
        {
            0 => schema.Word("type") == "null" ? Null : Unknown,
            1 => known[0],
            _ => new Expression(string.Join(" & ", known.Select(part => part.IsUnion ? $"({part.Text})" : part.Text)), IsIntersection: true),
        };
        return whole == Unknown ? whole : Nullable(whole, schema);
    }

    private Expression Reference(DocumentNode reference, DocumentNode? named)
    {
        if (documents.Resolve(reference) is not { } target || names.Of(reference) is not { } name)
        {
            return Unknown;
        }

        if (named is not null && IsMadeOf(target, named, []))
        {
            problems.Add(Rules.OpenApiPartUnsupported, reference.At("$ref"), $"The schema {names[named]} is made of itself here, which no value could fulfil; this part of it is left out.");
            return Unknown;
        }

        return Nullable(new Expression(name), reference);
    }

    // Whether a type is another one in the end, with no object or list between them.
    private bool IsMadeOf(DocumentNode schema, DocumentNode other, HashSet<DocumentNode> seen)
    {
        if (ReferenceEquals(schema, other))
        {
            return true;
        }

        return seen.Add(schema) && Schema.Compositions.SelectMany(schema.ItemsOf)
            .Any(part => documents.Resolve(part) is { IsObject: true } target && IsMadeOf(target, other, seen));
    }

    private Expression Plain(string type, DocumentNode schema, int indent) => type switch
    {
        "string" => schema.Word("format") == "binary" ? new Expression("File$ | ArrayBuffer | string", IsUnion: true) : new Expression("string"),
        "integer" or "number" => new Expression("number"),
        "boolean" => new Expression("boolean"),
        "array" => new Expression(List(schema, indent)),
        "object" => new Expression(Object(schema, indent)),
        "file" => new Expression("File$"),
        _ => Unknown,
    };

    private string List(DocumentNode schema, int indent)
    {
        var item = Of(schema["items"], indent, null);
        var rest = (item.IsUnion || item.IsIntersection ? $"({item.Text})" : item.Text) + "[]";
        return schema.ItemsOf("prefixItems") is { Count: > 0 } items ? $"[{string.Join(", ", items.Select(one => Of(one, indent)))}, ...{rest}]" : rest;
    }

    private string Object(DocumentNode schema, int indent)
    {
        var properties = schema.MembersOf("properties");
        var more = schema["additionalProperties"];
        if (properties.Count == 0)
        {
            return more is { Kind: NodeKind.Boolean, Text: "false" } ? "{ [key: string]: never }" : $"{{ [key: string]: {Of(more, indent)} }}";
        }

        var required = Schema.Required(schema);
        var space = new string(' ', indent + 2);
        var text = new StringBuilder("{\n");
        foreach (var property in properties.DistinctBy(property => property.Key))
        {
            text.Append(Comment(documents.Resolve(property.Value)?.Word("description"), indent + 2))
                .Append(space).Append(DataModule.PropertyName(property.Key)).Append(required.Contains(property.Key) ? ": " : "?: ").Append(Of(property.Value, indent + 2)).Append(";\n");
        }

        if (more is { IsObject: true } or { Kind: NodeKind.Boolean, Text: "true" })
        {
            text.Append(space).Append("[key: string]: unknown;\n");
        }

        return text.Append(' ', indent).Append('}').ToString();
    }

    private static Expression Literal(DocumentNode value) => value.Kind switch
    {
        NodeKind.String => new Expression(DataModule.Quote(value.Text)),
        NodeKind.Null => Null,
        NodeKind.Object or NodeKind.Array => Unknown,
        _ => new Expression(value.Text),
    };

    private static Expression Nullable(Expression type, DocumentNode schema) => Schema.IsNullable(schema) && type != Null ? Union([type, Null]) : type;

    private static Expression Union(IEnumerable<Expression> types)
    {
        var list = types.Distinct().ToList();
        return list.Contains(Unknown) ? Unknown : list.Count == 1 ? list[0] : new Expression(string.Join(" | ", list.Select(type => type.Text)), IsUnion: true);
    }

    private readonly record struct Expression(string Text, bool IsUnion = false, bool IsIntersection = false);
}
