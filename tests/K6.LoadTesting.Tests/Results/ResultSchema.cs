using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Results;

/// <summary>Makes <c>docs/loadtest.schema.json</c> out of the types and their doc comments, and checks documents against it.</summary>
internal static partial class ResultSchema
{
    /// <summary>The schema that the types say.</summary>
    public static string Generate()
    {
        var comments = XDocument.Load(Path.ChangeExtension(typeof(LoadTestResult).Assembly.Location, ".xml"))
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value);

        // The exporter cannot see into converters of our own; they change the layout and not the shape.
        var options = new JsonSerializerOptions(LoadTestJson.Instance.Options);
        foreach (var converter in options.Converters.Where(one => one is not JsonStringEnumConverter).ToList())
        {
            options.Converters.Remove(converter);
        }

        var schema = options.GetJsonSchemaAsNode(
            typeof(LoadTestResult),
            new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (context, node) => Describe(context, node, comments) });
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "loadtest.json of K6.Sdk",
        };
        foreach (var (name, value) in schema.AsObject().ToList())
        {
            root[name] = value?.DeepClone();
        }

        return root.ToJsonString(new System.Text.Json.JsonSerializerOptions
        {
            WriteIndented = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NewLine = "\n",
        }) + "\n";
    }

    /// <summary>What is wrong with a document, by the keywords that the schema uses; nothing when it is valid.</summary>
    public static IEnumerable<string> Validate(JsonNode? node, JsonObject schema, JsonObject root, string at = "$")
    {
        if (schema["$ref"] is { } reference)
        {
            schema = Resolve(root, reference.GetValue<string>());
        }

        var kind = node is null ? "null" : node.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.Object => "object",
            System.Text.Json.JsonValueKind.Array => "array",
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.Number => node.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-') ? "integer" : "number",
            _ => "boolean",
        };
        var types = schema["type"] switch { JsonArray many => [.. many.Select(one => one!.GetValue<string>())], JsonValue one => new[] { one.GetValue<string>() }, _ => [] };
        if (types.Length > 0 && !types.Contains(kind) && !(kind == "integer" && types.Contains("number")))
        {
            yield return $"{at} is {kind}, not {string.Join(" or ", types)}";
        }

        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, node)))
        {
            yield return $"{at} is {node?.ToJsonString() ?? "null"}, not one of {words.ToJsonString()}";
        }

        if (schema["anyOf"] is JsonArray ways && !ways.Any(way => !Validate(node, way!.AsObject(), root, at).Any()))
        {
            yield return $"{at} is none of what it may be";
        }

        if (node is JsonObject members)
        {
            foreach (var missing in (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).Where(name => !members.ContainsKey(name)))
            {
                yield return $"{at} lacks {missing}";
            }

            foreach (var (name, value) in members)
            {
                var inner = schema["properties"]?[name] ?? schema["additionalProperties"];
                if (inner is JsonObject of)
                {
                    foreach (var problem in Validate(value, of, root, $"{at}.{name}"))
                    {
                        yield return problem;
                    }
                }
                else
                {
                    yield return $"{at}.{name} is not in the schema";
                }
            }
        }

        if (node is JsonArray items && schema["items"] is JsonObject item)
        {
            for (var i = 0; i < items.Count; i++)
            {
                foreach (var problem in Validate(items[i], item, root, $"{at}[{i}]"))
                {
                    yield return problem;
                }
            }
        }
    }

    private static JsonObject Resolve(JsonObject root, string reference)
    {
        JsonNode at = root;
        foreach (var part in reference.Split('/').Skip(1))
        {
            at = at is JsonArray array ? array[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : at[part]!;
        }

        return at.AsObject();
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node, Dictionary<string, XElement> comments)
    {
        var (name, parameter) = context.PropertyInfo is { } property
            ? ($"P:{property.DeclaringType.FullName}.{Pascal(property.Name)}", Pascal(property.Name))
            : ($"T:{context.TypeInfo.Type.FullName}", null);
        var text = comments.GetValueOrDefault(name)?.Element("summary")
            ?? (context.PropertyInfo is null ? null : comments.GetValueOrDefault($"T:{context.PropertyInfo.DeclaringType.FullName}")
                ?.Elements("param").FirstOrDefault(param => param.Attribute("name")?.Value == parameter));
        if (node is not JsonObject described)
        {
            return node;
        }

        LetNullsBeMissing(described);
        if (text is null)
        {
            return node;
        }

        var result = new JsonObject { ["description"] = Text(text) };
        foreach (var (key, value) in described.ToList())
        {
            if (key != "description")
            {
                result[key] = value?.DeepClone();
            }
        }

        return result;
    }

    // The writer leaves out what is null.
    private static void LetNullsBeMissing(JsonObject schema)
    {
        foreach (var name in (schema["required"] as JsonArray ?? []).ToList())
        {
            var property = schema["properties"]![name!.GetValue<string>()]!;
            if (property["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null"))
            {
                schema["required"]!.AsArray().Remove(name);
            }
        }
    }

    private static string Text(XElement comment) => Spaces().Replace(
        string.Concat(comment.Nodes().Select(node => node switch
        {
            XElement element => element.Attribute("cref")?.Value.Split('.')[^1] is { } cref ? Camel(cref) : element.Value,
            _ => node is XText text ? text.Value : "",
        })), " ").Trim();

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
