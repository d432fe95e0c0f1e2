using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bogus;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Data;

/// <summary>What fills the columns of generated data. Each column has a random sequence of its own, made of the seed and its name: a new column changes no other.</summary>
internal static partial class Generators
{
    private const string ChoiceName = "choice";

    private static readonly Dictionary<string, Generator> All = new(StringComparer.Ordinal)
    {
        ["sequence"] = Numbers((range, _, row) => (double)(range.From + row), defaultRange: (1, long.MaxValue)),
        ["integer"] = Numbers((range, random, _) => Between(range, random), defaultRange: null),
        ["number"] = new("number", "0..99.99", Decimal, (json, argument, faker, _) => json.WriteNumberValue(Decimal(argument, faker.Random))),
        ["boolean"] = new("boolean", "", None, (json, _, faker, _) => json.WriteBooleanValue(faker.Random.Bool())),
        ["date"] = new("string", "2024-01-01..2024-12-31", Dates, (json, argument, faker, _) => json.WriteStringValue(Date(argument, faker.Random))),
        ["pattern"] = new("string", "AB-####-??", Some, (json, argument, faker, _) => json.WriteStringValue(faker.Random.Replace(argument))),
        ["uuid"] = Text((faker, _) => faker.Random.Guid().ToString()),
        ["firstName"] = Text((faker, _) => faker.Name.FirstName()),
        ["lastName"] = Text((faker, _) => faker.Name.LastName()),
        ["fullName"] = Text((faker, _) => faker.Name.FullName()),
        // Numbered, so that no two rows share one; of a domain that belongs to nobody.
        ["userName"] = Text((faker, row) => Ascii($"{faker.Name.FirstName()}{row + 1}")),
        ["email"] = Text((faker, row) => Ascii($"{faker.Name.FirstName()}.{faker.Name.LastName()}{row + 1}@example.com")),
        ["phone"] = Text((faker, _) => faker.Random.Replace("+1-###-555-01##")),
        ["street"] = Text((faker, _) => faker.Address.StreetAddress()),
        ["city"] = Text((faker, _) => faker.Address.City()),
        ["zip"] = Text((faker, _) => faker.Address.ZipCode()),
        ["country"] = Text((faker, _) => faker.Address.Country()),
        ["company"] = Text((faker, _) => faker.Company.CompanyName()),
        ["product"] = Text((faker, _) => faker.Commerce.ProductName()),
        ["word"] = Text((faker, _) => faker.Lorem.Word()),
        ["sentence"] = Text((faker, _) => faker.Lorem.Sentence()),
        [ChoiceName] = new("string", "a|b", argument => Choices(argument) is null ? "a weight is a whole number from 1 behind the text, as in admin 1 | member 9." : null, null!),
    };

    private sealed record Generator(string Type, string Example, Func<string, string?> Check, Action<Utf8JsonWriter, string, Faker, long> Write);

    /// <summary>Splits <c>integer 18..80</c>; texts with <c>|</c> between them are a choice.</summary>
    public static (string Generator, string Argument) Split(string text)
    {
        if (text.Contains('|', StringComparison.Ordinal) && !text.StartsWith("pattern ", StringComparison.Ordinal))
        {
            return (ChoiceName, text);
        }

        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (text, "") : (text[..space], text[(space + 1)..].Trim());
    }

    /// <summary>What is wrong with a generator; null when nothing is.</summary>
    public static string? Complaint(string generator, string argument) =>
        All.TryGetValue(generator, out var known)
            ? known.Check(argument) is { } complaint ? $"{complaint}{(known.Example.Length > 0 && generator != ChoiceName ? $" Write {generator} {known.Example}." : "")}" : null
            : $"there is no generator '{generator}'.{NearestName.Hint(generator, [.. All.Keys.Except([ChoiceName])])} Texts with '|' between them are a choice.";

    /// <summary>Writes the rows.</summary>
    public static DataShape Write(DataPlan plan, long seed, Stream rows, CancellationToken cancellation)
    {
        var columns = plan.Generate.Select(column => Column(column, new Faker("en") { Random = new Randomizer(Seed(seed, column.Name)) })).ToArray();
        using var lines = new RowWriter(rows);
        for (var row = 0L; row < plan.Count; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            lines.Write(json =>
            {
                json.WriteStartArray();
                foreach (var (_, write) in columns)
                {
                    write(json, lines.Count - 1);
                }

                json.WriteEndArray();
            });
        }

        return new DataShape(lines.Count, [.. plan.Generate.Select((column, index) => (column.Name, columns[index].Type))], null);
    }

    private static (string Type, Action<Utf8JsonWriter, long> Write) Column(GeneratedColumn column, Faker faker)
    {
        var generator = All[column.Generator];
        if (column.Generator != ChoiceName)
        {
            return (generator.Type, (json, row) => generator.Write(json, column.Argument, faker, row));
        }

        var choices = Choices(column.Argument)!;
        var total = choices.Sum(choice => choice.Weight);
        return (DataModule.TypeText(DataType.Choice, choices.Select(choice => choice.Text), false), Choose);

        void Choose(Utf8JsonWriter json, long row)
        {
            long dice = faker.Random.Int(1, (int)total);
            json.WriteStringValue(choices.First(choice => (dice -= choice.Weight) <= 0).Text);
        }
    }

    // The same on every machine and in every version of .NET, which string.GetHashCode is not.
    private static int Seed(long seed, string column) =>
        BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed.ToString(CultureInfo.InvariantCulture)} {column}")));

    private static Generator Text(Func<Faker, long, string> make) => new("string", "", None, (json, _, faker, row) => json.WriteStringValue(make(faker, row)));

    private static Generator Numbers(Func<(long From, long To), Randomizer, long, double> make, (long From, long To)? defaultRange) =>
        new("number", defaultRange is null ? "18..80" : "1", argument => Range(argument, defaultRange) is null ? "its range cannot be read." : null,
            (json, argument, faker, row) => json.WriteNumberValue((long)make(Range(argument, defaultRange)!.Value, faker.Random, row)));

    // The last number of Bogus's Long is rarer than the others.
    private static long Between((long From, long To) range, Randomizer random) =>
        range is { From: >= int.MinValue, To: < int.MaxValue } ? random.Int((int)range.From, (int)range.To) : random.Long(range.From, range.To);

    private static (long From, long To)? Range(string argument, (long From, long To)? otherwise)
    {
        if (otherwise is { } range)
        {
            return argument.Length == 0 ? range : Whole(argument) is { } from ? (from, range.To) : null;
        }

        var ends = argument.Split("..");
        return ends.Length == 2 && Whole(ends[0]) is { } first && Whole(ends[1]) is { } last && first <= last ? (first, last) : null;
    }

    private static long? Whole(string text) =>
        long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= 1L << 53 ? number : null;

    private static string? None(string argument) => argument.Length == 0 ? null : $"it takes nothing behind its name, and there is '{argument}'.";

    private static string? Some(string argument) => argument.Length > 0 ? null : "it lacks its pattern, in which # is a digit and ? a letter.";

    private static string? Decimal(string argument) => DecimalRange(argument) is null ? "its range cannot be read." : null;

    private static decimal Decimal(string argument, Randomizer random)
    {
        var (from, to, digits) = DecimalRange(argument)!.Value;
        return Math.Round(random.Decimal(from, to), digits);
    }

    // As many digits behind the point as the longer end has, at least two.
    private static (decimal From, decimal To, int Digits)? DecimalRange(string argument)
    {
        var ends = argument.Split("..");
        return ends.Length == 2
            && decimal.TryParse(ends[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var from)
            && decimal.TryParse(ends[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var to) && from <= to
            ? (from, to, Math.Max(2, Math.Max((int)from.Scale, to.Scale)))
            : null;
    }

    private static string? Dates(string argument) => DateRange(argument) is null ? "its range cannot be read." : null;

    private static (DateOnly From, DateOnly To)? DateRange(string argument)
    {
        var ends = argument.Split("..", StringSplitOptions.TrimEntries);
        return ends.Length == 2
            && DateOnly.TryParseExact(ends[0], "yyyy-MM-dd", out var from)
            && DateOnly.TryParseExact(ends[1], "yyyy-MM-dd", out var to) && from <= to ? (from, to) : null;
    }

    private static string Date(string argument, Randomizer random)
    {
        var (from, to) = DateRange(argument)!.Value;
        return from.AddDays(random.Int(0, to.DayNumber - from.DayNumber)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private static List<(string Text, long Weight)>? Choices(string argument)
    {
        var choices = new List<(string, long)>();
        var parts = argument.Split('|', StringSplitOptions.TrimEntries);
        var weighted = parts.All(part => WeightBehind().IsMatch(part));
        foreach (var part in parts)
        {
            if (part.Length == 0)
            {
                return null;
            }

            var match = WeightBehind().Match(part);
            if (!weighted)
            {
                choices.Add((part, 1));
            }
            else if (long.TryParse(match.Groups["weight"].Value, CultureInfo.InvariantCulture, out var weight) && weight is > 0 and <= 10_000)
            {
                choices.Add((match.Groups["text"].Value, weight));
            }
            else
            {
                return null;
            }
        }

        return choices;
    }

    private static string Ascii(string text) => NotAscii().Replace(text, "").ToLowerInvariant();

    [GeneratedRegex(@"^(?<text>.*\S)\s+(?<weight>-?[0-9]+)\z")]
    private static partial Regex WeightBehind();

    [GeneratedRegex("[^0-9A-Za-z.@]")]
    private static partial Regex NotAscii();
}
