using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Data;

/// <summary>A column of a CSV file: its type, declared or inferred from all its cells.</summary>
internal sealed partial class CsvColumn(string name, DataColumn? declared)
{
    private const int MostChoices = 8;
    private readonly SortedSet<string> texts = new(StringComparer.Ordinal);
    private bool allNumbers = true;
    private bool allBooleans = true;
    private bool anyEmpty;
    private bool anyFilled;
    private bool manyTexts;
    private long cells;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Its type.</summary>
    public DataType Type =>
        declared?.Type
        ?? (anyFilled && allNumbers ? DataType.Number
            : anyFilled && allBooleans ? DataType.Boolean
            : !manyTexts && anyFilled && texts.Count < cells / 2 ? DataType.Choice
            : DataType.Text);

    /// <summary>Whether an empty cell is <c>null</c>; else it is an empty text.</summary>
    public bool Optional => declared?.Optional ?? (anyEmpty && Type is DataType.Number or DataType.Boolean);

    /// <summary>Its type in TypeScript.</summary>
    public string TypeText => DataModule.TypeText(Type, declared?.Choices ?? [.. texts], Optional);

    /// <summary>Takes a cell into account; says what is wrong with it, null when nothing is.</summary>
    public string? See(string cell)
    {
        if (declared is not null)
        {
            return Fits(cell) ? null : $"'{Short(cell)}' in the column '{name}' is not {Expected()}.";
        }

        cells++;
        if (cell.Length == 0)
        {
            anyEmpty = true;
        }
        else
        {
            anyFilled = true;
            allNumbers = allNumbers && IsNumber(cell);
            allBooleans = allBooleans && cell is "true" or "false";
        }

        if (!manyTexts && texts.Add(cell) && texts.Count > MostChoices)
        {
            manyTexts = true;
            texts.Clear();
        }

        return null;
    }

    /// <summary>Writes a cell as JSON.</summary>
    public void Write(Utf8JsonWriter writer, string cell)
    {
        if (cell.Length == 0 && Optional)
        {
            writer.WriteNullValue();
            return;
        }

        switch (Type)
        {
            case DataType.Whole or DataType.Number:
                writer.WriteRawValue(cell, skipInputValidation: true);
                break;
            case DataType.Boolean:
                writer.WriteBooleanValue(cell == "true");
                break;
            default:
                writer.WriteStringValue(cell);
                break;
        }
    }

    /// <summary>Whether a text is a number as JSON writes it, which JavaScript holds exactly. '007' is a text, and so is a long account number.</summary>
    internal static bool IsNumber(string cell) =>
        Number().IsMatch(cell) && cell.Count(char.IsAsciiDigit) <= 15 && double.IsFinite(double.Parse(cell, CultureInfo.InvariantCulture));

    private bool Fits(string cell) => cell.Length == 0 && declared!.Optional || declared!.Type switch
    {
        DataType.Whole => IsNumber(cell) && Whole().IsMatch(cell),
        DataType.Number => IsNumber(cell),
        DataType.Boolean => cell is "true" or "false",
        DataType.Choice => declared.Choices.Contains(cell),
        _ => true,
    };

    private string Expected() => declared!.Type switch
    {
        DataType.Whole => "a whole number of at most 15 digits",
        DataType.Number => "a number such as 12.5, of at most 15 digits",
        DataType.Boolean => "true or false",
        _ => $"one of {string.Join(", ", declared.Choices)}",
    } + (declared.Optional ? " or empty" : "");

    private static string Short(string cell) => cell.Length <= 40 ? cell : cell[..39] + "…";

    [GeneratedRegex(@"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^-?[0-9]+\z")]
    private static partial Regex Whole();
}
