using System.Globalization;
using System.Text.Json;

namespace K6.Embedded.Options;

/// <summary>Reads single values of options out of JSON, with the leniency and the messages of k6.</summary>
/// <param name="root">How k6's messages call the object: <c>Options</c> for a script, <c>Config.Options</c> for a file.</param>
internal sealed class JsonReading(string root)
{
    /// <summary>A bool or null.</summary>
    public static bool? Bool(JsonElement value, string key) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new OptionsException($"json: cannot unmarshal {KindAsFloat(value)} into Go value of type null.Bool"),
    };

    /// <summary>A string or null.</summary>
    public static string? Text(JsonElement value, string key) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => throw new OptionsException($"json: cannot unmarshal {KindAsFloat(value)} into Go value of type null.String"),
    };

    /// <summary>An integer, as a number without a decimal point or as a string; or null.</summary>
    public long? Integer(JsonElement value, string key)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.Number when long.TryParse(value.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                return number;
            case JsonValueKind.Number:
                throw new OptionsTypeException($"json: cannot unmarshal number {value.GetRawText()} into Go struct field {root}.{key} of type int64", key);
            case JsonValueKind.String when value.GetString() is { Length: 0 }:
                return null;
            case JsonValueKind.String:
                return ParseInteger(value.GetString()!);
            default:
                throw new OptionsException($"json: cannot unmarshal {Kind(value)} into Go value of type null.Int");
        }
    }

    /// <summary>An integer of a string.</summary>
    public static long ParseInteger(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new OptionsException($"strconv.ParseInt: parsing {Execution.GoText.Quote(text)}: invalid syntax");

    /// <summary>A duration, as milliseconds or as text; or null.</summary>
    public static TimeSpan? Duration(JsonElement value, string key)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.Number => GoDuration.FromMilliseconds(value.GetDouble()),
                JsonValueKind.String => GoDuration.ParseExtended(value.GetString()!),
                _ => throw new OptionsException($"'{value.GetRawText()}' is not a valid duration value"),
            };
        }
        catch (FormatException e)
        {
            throw new OptionsException(e.Message);
        }
    }

    /// <summary>A list of strings, or null.</summary>
    public IReadOnlyList<string>? Strings(JsonElement value, string key)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return [.. Array(value, key, "[]string").Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw WrongType(item, key, "string"))];
    }

    /// <summary>A map of strings in ordinal order, or null.</summary>
    public IReadOnlyDictionary<string, string>? Map(JsonElement value, string key)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in Object(value, key, "map[string]string"))
        {
            map[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : throw WrongType(property.Value, key, "string");
        }

        return map;
    }

    /// <summary>The elements of an array.</summary>
    public JsonElement.ArrayEnumerator Array(JsonElement value, string key, string goType) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw WrongType(value, key, goType);

    /// <summary>The properties of an object.</summary>
    public JsonElement.ObjectEnumerator Object(JsonElement value, string key, string goType) =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : throw WrongType(value, key, goType);

    /// <summary>The error for a value of the wrong type.</summary>
    public OptionsTypeException WrongType(JsonElement value, string key, string goType) =>
        new($"json: cannot unmarshal {Kind(value)} into Go struct field {root}.{key} of type {goType}", key);

    /// <summary>How k6 calls the type of a JSON value.</summary>
    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => "number",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "array",
        _ => "object",
    };

    private static string KindAsFloat(JsonElement value) => value.ValueKind == JsonValueKind.Number ? "float64" : Kind(value);
}
