using System.Text;
using System.Text.Json;

namespace K6.LoadTesting.Data;

/// <summary>The type of JSON values, learnt from all of them. What it holds is bounded, whatever it sees.</summary>
internal sealed class JsonShape
{
    private const int MostChoices = 8;
    private const int MostProperties = 200;
    private readonly SortedSet<string> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (JsonShape Shape, long Seen)> properties = new(StringComparer.Ordinal);
    private JsonShape? items;
    private bool number;
    private bool boolean;
    private bool isNull;
    private bool manyTexts;
    private bool manyProperties;
    private long objects;
    private long strings;

    /// <summary>Properties that an object among the values may have; null when there are too many, or some values are no objects.</summary>
    public IReadOnlyList<string>? Members => objects == 0 || manyProperties || number || boolean || isNull || strings > 0 || items is not null ? null : [.. properties.Keys];

    /// <summary>Takes a value into account.</summary>
    public void See(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                number = true;
                break;
            case JsonValueKind.True or JsonValueKind.False:
                boolean = true;
                break;
            case JsonValueKind.String:
                See(value.GetString()!);
                break;
            case JsonValueKind.Array:
                items ??= new JsonShape();
                foreach (var item in value.EnumerateArray())
                {
                    items.See(item);
                }

                break;
            case JsonValueKind.Object:
                SeeObject(value);
                break;
            default:
                isNull = true;
                break;
        }
    }

    /// <summary>The type in TypeScript.</summary>
    /// <param name="indent">Spaces in front of a line of it.</param>
    /// <param name="declared">Types of properties that are declared, by name.</param>
    public string TypeText(string indent = "", IReadOnlyDictionary<string, string>? declared = null)
    {
        var parts = new List<string>();
        if (strings > 0)
        {
            parts.Add(!manyTexts && texts.Count < strings / 2 ? string.Join(" | ", texts.Select(DataModule.Quote)) : "string");
        }

        if (number)
        {
            parts.Add("number");
        }

        if (boolean)
        {
            parts.Add("boolean");
        }

        if (objects > 0)
        {
            parts.Add(ObjectText(indent, declared));
        }

        if (items is not null)
        {
            parts.Add($"ReadonlyArray<{items.TypeText(indent)}>");
        }

        if (isNull)
        {
            parts.Add("null");
        }

        return parts.Count == 0 ? "unknown" : string.Join(" | ", parts);
    }

    private void See(string text)
    {
        strings++;
        if (!manyTexts && texts.Add(text) && texts.Count > MostChoices)
        {
            manyTexts = true;
            texts.Clear();
        }
    }

    private void SeeObject(JsonElement value)
    {
        objects++;
        if (manyProperties)
        {
            return;
        }

        foreach (var property in value.EnumerateObject())
        {
            var (shape, seen) = properties.TryGetValue(property.Name, out var known) ? known : (new JsonShape(), 0);
            shape.See(property.Value);
            properties[property.Name] = (shape, seen + 1);
        }

        if (properties.Count > MostProperties)
        {
            manyProperties = true;
            properties.Clear();
        }
    }

    private string ObjectText(string indent, IReadOnlyDictionary<string, string>? declared)
    {
        if (manyProperties)
        {
            return "Readonly<Record<string, unknown>>";
        }

        var text = new StringBuilder("{");
        foreach (var (name, (shape, seen)) in properties)
        {
            text.Append($"\n{indent}  readonly {DataModule.PropertyName(name)}{(seen < objects ? "?" : "")}: {declared?.GetValueOrDefault(name) ?? shape.TypeText(indent + "  ")};");
        }

        return text.Append(properties.Count > 0 ? $"\n{indent}}}" : "}").ToString();
    }
}
