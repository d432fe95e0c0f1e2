using System.Globalization;
using System.Text.RegularExpressions;

namespace K6.LoadTesting.Plans;

/// <summary>Numbers as Go's <c>strconv.ParseFloat</c> reads them; k6 reads thresholds and durations with it.</summary>
internal static partial class GoNumber
{
    /// <summary>Reads a number: <c>-1</c>, <c>.5</c>, <c>5e2</c>, <c>1_000</c>, <c>Inf</c>, <c>0x1p4</c>; no spaces, no unit.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        if (Decimal().IsMatch(text))
        {
            value = double.Parse(text.ToString().Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture);
            return double.IsFinite(value);
        }

        if (Hexadecimal().Match(text.ToString()) is { Success: true } hex)
        {
            value = ParseHexadecimal(hex);
            return double.IsFinite(value);
        }

        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return true;
        }

        var magnitude = text.TrimStart("+-");
        if (text.Length - magnitude.Length > 1
            || !(magnitude.Equals("inf", StringComparison.OrdinalIgnoreCase) || magnitude.Equals("infinity", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        return true;
    }

    private static double ParseHexadecimal(Match hex)
    {
        var whole = hex.Groups["whole"].Value.Replace("_", "");
        var fraction = hex.Groups["fraction"].Value.Replace("_", "");
        var mantissa = (whole + fraction).Aggregate(0.0, (sum, digit) => (sum * 16) + Convert.ToInt32(digit.ToString(), 16));
        var exponent = double.Parse(hex.Groups["exponent"].Value.Replace("_", ""), CultureInfo.InvariantCulture) - (4 * fraction.Length);
        return (hex.Value[0] == '-' ? -1 : 1) * mantissa * Math.Pow(2, exponent);
    }

    [GeneratedRegex(@"^[+-]?(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?\z")]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^[+-]?0[xX]_?(?=[0-9a-fA-F.])(?<whole>(?:[0-9a-fA-F](?:_?[0-9a-fA-F])*)?)(?:\.(?<fraction>(?:[0-9a-fA-F](?:_?[0-9a-fA-F])*)?))?[pP](?<exponent>[+-]?[0-9](?:_?[0-9])*)\z")]
    private static partial Regex Hexadecimal();
}
