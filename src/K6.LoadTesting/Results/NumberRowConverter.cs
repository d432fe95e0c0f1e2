using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace K6.LoadTesting.Results;

/// <summary>Lists of numbers in one line: an hour of a timeline is a line per series, not one per value.</summary>
internal sealed class NumberRowConverter<T> : JsonConverter<IReadOnlyList<T>>
{
    /// <inheritdoc />
    public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        [.. NumberRow.Read(ref reader).Select(number => number is null && default(T) is not null ? throw new JsonException("null is not a number") : (T)(object?)number!)];

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options) =>
        NumberRow.Write(writer, value.Select(number => (double?)(object?)number));
}

/// <summary>The same for arrays.</summary>
internal sealed class NumberArrayConverter : JsonConverter<double[]>
{
    /// <inheritdoc />
    public override double[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        [.. NumberRow.Read(ref reader).Select(number => number ?? throw new JsonException("null is not a number"))];

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, double[] value, JsonSerializerOptions options) =>
        NumberRow.Write(writer, value.Select(number => (double?)number));
}

file static class NumberRow
{
    public static List<double?> Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("not a list of numbers");
        }

        var numbers = new List<double?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            numbers.Add(reader.TokenType switch
            {
                JsonTokenType.Null => null,
                JsonTokenType.Number => reader.GetDouble(),
                _ => throw new JsonException("not a list of numbers"),
            });
        }

        return numbers;
    }

    public static void Write(Utf8JsonWriter writer, IEnumerable<double?> numbers)
    {
        var text = new StringBuilder("[");
        foreach (var number in numbers)
        {
            text.Append(text.Length > 1 ? ", " : "");
            text.Append(number is { } finite && double.IsFinite(finite) ? finite.ToString("R", CultureInfo.InvariantCulture) : "null");
        }

        writer.WriteRawValue(text.Append(']').ToString());
    }
}
