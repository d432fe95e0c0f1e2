using System.Globalization;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Http;

/// <summary>A function of a placeholder, in TypeScript.</summary>
/// <param name="Expression">The call.</param>
/// <param name="Functions">The functions of <c>k6-sdk</c> in it.</param>
internal sealed record HttpFunctionCall(string Expression, params IReadOnlyList<string> Functions);

/// <summary>Translates the functions that placeholders call: <c>{{$randomInt 1 100}}</c>. They run once for each use.</summary>
internal static partial class HttpFunctions
{
    /// <summary>A moment in every form that a format can write, to find formats that .NET refuses.</summary>
    private static readonly DateTimeOffset Moment = new(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private static readonly string[] Units = ["ms", "s", "m", "h", "d", "w", "M", "Q", "y"];

    private static readonly string[] Names =
    [
        "$guid", "$uuid", "$randomInt", "$datetime", "$localDatetime", "$timestamp", "$isoTimestamp", "$processEnv", "$dotenv", "$random.uuid", "$random.integer",
        "$random.float", "$random.alphabetic", "$random.alphanumeric", "$random.hexadecimal", "$random.email",
    ];

    /// <summary>Translates a call.</summary>
    /// <param name="text">The call, with its <c>$</c>.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    /// <returns>Null when something is wrong.</returns>
    public static HttpFunctionCall? Translate(string text, SourceLocation place, ICollection<Diagnostic> diagnostics)
    {
        var name = NameOf().Match(text).Value;
        var rest = text[name.Length..].Trim();
        try
        {
            // Visual Studio's own examples write $timeStamp and $dotEnv.
            return name.ToUpperInvariant() switch
            {
                "$GUID" or "$UUID" or "$RANDOM.UUID" => Bare(rest, "crypto.randomUUID()"),
                "$RANDOMINT" => RandomInt(rest),
                "$DATETIME" => DateTime(rest, local: false, place, diagnostics),
                "$LOCALDATETIME" => DateTime(rest, local: true, place, diagnostics),
                "$TIMESTAMP" => new($"Math.floor(moment({Offset(rest)}).getTime() / 1000)", "moment"),
                "$ISOTIMESTAMP" => Bare(rest, "new Date().toISOString()"),
                "$RANDOM.INTEGER" => RandomOf(rest, "integer", (min, max) => $"integer({min}, {Whole(max) - 1})", "0, 1000"),
                "$RANDOM.FLOAT" => RandomOf(rest, "random", (min, max) => $"({min} + random() * ({max} - {min}))", "0, 1000"),
                "$RANDOM.ALPHABETIC" => RandomText(rest, "letters"),
                "$RANDOM.ALPHANUMERIC" => RandomText(rest, "alphanumeric"),
                "$RANDOM.HEXADECIMAL" => RandomText(rest, "hexadecimal"),
                "$RANDOM.EMAIL" => new("`${randomText('letters', 10)}@example.com`", "randomText"),
                _ => throw new FormatException($"There is no function {name} here.{NearestName.Hint(name, Names)}"),
            };
        }
        catch (FormatException failure)
        {
            diagnostics.Add(Rules.HttpFunction.At(place, failure.Message));
            return null;
        }
    }

    private static HttpFunctionCall Bare(string rest, string expression) =>
        rest.Trim('(', ')', ' ').Length == 0 ? new(expression) : throw new FormatException($"The function takes nothing, and '{rest}' follows it.");

    private static HttpFunctionCall RandomInt(string rest)
    {
        var numbers = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (min, max) = numbers switch
        {
            [] => (0, int.MaxValue),
            [var most] => (0, Whole(most)),
            [var least, var most] => (Whole(least), Whole(most)),
            _ => throw new FormatException($"'{rest}' are too many numbers; write {{{{$randomInt min max}}}}, where max is not among the values."),
        };
        return max >= min ? new($"integer({min}, {Math.Max(min, max - 1)})", "integer")
            : throw new FormatException($"There is no number from {min} to below {max}; the second number has to be greater than the first.");
    }

    private static HttpFunctionCall RandomOf(string rest, string function, Func<string, string, string> call, string range)
    {
        var match = Arguments().Match(rest.Length == 0 ? $"({range})" : rest);
        return match.Success && Number(match.Groups["min"].Value) < Number(match.Groups["max"].Value)
            ? new(call(match.Groups["min"].Value, match.Groups["max"].Value), function)
            : throw new FormatException($"'{rest}' is not two numbers, the smaller one first: ({range}).");
    }

    private static HttpFunctionCall RandomText(string rest, string signs) =>
        new($"randomText('{signs}', {(rest.Length == 0 ? 10 : Whole(rest.Trim('(', ')', ' ')))})", "randomText");

    private static HttpFunctionCall DateTime(string rest, bool local, SourceLocation place, ICollection<Diagnostic> diagnostics)
    {
        var match = FormatOf().Match(rest);
        var written = match.Groups["format"].Value;
        var offset = Offset(rest[match.Length..].Trim());
        var format = written switch
        {
            // What DateTimeOffset writes without a format, in the invariant culture.
            "" => "MM/dd/yyyy HH:mm:ss zzz",
            "rfc1123" => local ? "ddd, dd MMM yyyy HH:mm:ss zz" : "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
            "iso8601" => "yyyy-MM-dd'T'HH:mm:ss.fffffffzzz",
            _ => Custom(written[1..^1], place, diagnostics),
        };
        return new($"dateText({TypeScript.Text(format)}, moment({offset}){(local ? ", true" : "")})", "dateText", "moment");
    }

    /// <summary>A format of .NET with signs of its own only: one letter stands for a whole format there.</summary>
    private static string Custom(string format, SourceLocation place, ICollection<Diagnostic> diagnostics)
    {
        try
        {
            _ = Moment.ToString(format, CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            throw new FormatException($"'{format}' is no format of dates; write one of .NET, such as \"yyyy-MM-dd HH:mm:ss\".");
        }

        // Day.js, which REST Client uses, writes days and years in capitals, which .NET takes for plain letters.
        if (CapitalDate().IsMatch(format) && !format.Contains('y', StringComparison.Ordinal))
        {
            diagnostics.Add(Rules.HttpUnsupported.At(place,
                $"'{format}' is a format of Day.js, in which REST Client writes dates. Here, as in Visual Studio, formats are those of .NET: '{CapitalDate().Replace(format, match => match.Value.ToLowerInvariant())}'."));
        }

        var info = DateTimeFormatInfo.InvariantInfo;
        return format switch
        {
            "d" => info.ShortDatePattern,
            "D" => info.LongDatePattern,
            "t" => info.ShortTimePattern,
            "T" => info.LongTimePattern,
            "f" => $"{info.LongDatePattern} {info.ShortTimePattern}",
            "F" => info.FullDateTimePattern,
            "g" => $"{info.ShortDatePattern} {info.ShortTimePattern}",
            "G" => $"{info.ShortDatePattern} {info.LongTimePattern}",
            "m" or "M" => info.MonthDayPattern,
            "y" or "Y" => info.YearMonthPattern,
            "r" or "R" => info.RFC1123Pattern,
            "s" => info.SortableDateTimePattern,
            "u" => info.UniversalSortableDateTimePattern,
            "o" or "O" => "yyyy-MM-dd'T'HH:mm:ss.fffffffzzz",
            _ => format,
        };
    }

    /// <summary>Arguments of <c>moment</c> for an offset such as <c>-1 d</c>.</summary>
    private static string Offset(string rest)
    {
        if (rest.Length == 0)
        {
            return "";
        }

        var parts = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts is [var number, var unit] && Units.Contains(unit, StringComparer.Ordinal)
            ? $"{Whole(number)}, '{unit}'"
            : throw new FormatException($"'{rest}' is no offset; write a whole number and a unit, such as '-1 d'. Units: {string.Join(", ", Units)}.");
    }

    private static int Whole(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"'{text}' is not a whole number.");

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\$[A-Za-z.]*")]
    private static partial Regex NameOf();

    [GeneratedRegex(@"^(?<format>rfc1123|iso8601|""[^""]+""|'[^']+'|)(?=\s|$)")]
    private static partial Regex FormatOf();

    [GeneratedRegex(@"^\(\s*(?<min>-?[0-9]+(\.[0-9]+)?)\s*,\s*(?<max>-?[0-9]+(\.[0-9]+)?)\s*\)\z")]
    private static partial Regex Arguments();

    [GeneratedRegex("D{1,2}|Y{2,4}")]
    private static partial Regex CapitalDate();
}
