using System.Globalization;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources.Endpoints;

namespace K6.LoadTesting.Sources;

/// <summary>
/// Reads expectations and places as users write them, in projects, C# and <c>.http</c> files: <c>200</c>, <c>2xx|404</c>, <c>duration &lt; 500ms</c>,
/// <c>header Content-Type contains json</c>, <c>body contains oak</c>, <c>$.items.length &gt; 0</c>; and <c>$.token</c>, <c>header Location</c>,
/// <c>cookie sid</c>, <c>form csrf</c>, <c>body between "&lt;b&gt;" and "&lt;/b&gt;"</c>, <c>body /id=(\d+)/</c>.
/// </summary>
internal static partial class ExpectationText
{
    private const string Example = "Write a status (200, 2xx, 200|404), duration < 500ms, header Content-Type contains json, body contains oak, or $.items.length > 0.";

    private static readonly Dictionary<string, string> Operators = new(StringComparer.Ordinal)
    {
        ["=="] = "equals",
        ["="] = "equals",
        ["equals"] = "equals",
        ["is"] = "equals",
        ["!="] = "differs",
        [">"] = "above",
        [">="] = "atLeast",
        ["<"] = "below",
        ["<="] = "atMost",
        ["contains"] = "contains",
        ["matches"] = "matches",
    };

    /// <summary>An expectation.</summary>
    /// <param name="text">As the user wrote it.</param>
    /// <param name="location">Where.</param>
    /// <param name="complaint">What is wrong and what to do, sentences; null when nothing is.</param>
    /// <param name="withValues">Whether <c>{name}</c> behind an operator stands for a value of the request.</param>
    public static ScriptExpectation? Parse(string text, SourceLocation location, out string? complaint, bool withValues = false)
    {
        text = text.Trim();
        complaint = null;
        if (Status().Match(text) is { Success: true } status)
        {
            return Statuses(text, status.Groups["list"].Value, location, out complaint);
        }

        if (Duration().Match(text) is { Success: true } duration)
        {
            var limit = duration.Groups["limit"].Value;
            if (!K6Duration.TryParse(limit, out var time) || time <= TimeSpan.Zero || K6Duration.IsUnitless(limit))
            {
                complaint = $"'{limit}' in '{text}' is not a duration such as 500ms or 1.5s.";
                return null;
            }

            return new ScriptExpectation($"within({TypeScript.Text(Plain(time))})", ["within"], location);
        }

        if (PlaceStart().Match(text) is not { Success: true } place)
        {
            complaint = $"'{text}' is no expectation. {Example}";
            return null;
        }

        var (function, argument) = (FunctionOf(place), place.Groups["argument"].Value);
        if (function == "json" && !JsonPath().IsMatch(argument))
        {
            complaint = $"'{argument}' in '{text}' is no path such as $.items[0].id.";
            return null;
        }

        var arguments = function == "body" ? "" : TypeScript.Text(argument);
        var rest = text[place.Length..].Trim();
        if (rest is "" or "exists")
        {
            return new ScriptExpectation($"{function}({arguments})", [function], location);
        }

        if (Condition(text, rest, function, withValues, out complaint) is not { } condition)
        {
            return null;
        }

        return new ScriptExpectation(
            $"{function}({(arguments.Length > 0 ? arguments + ", " : "")}{condition.Function}({condition.Operand}))",
            [function, condition.Function, .. condition.Values.Count > 0 ? ["given"] : Array.Empty<string>()], location)
        {
            Values = condition.Values,
        };
    }

    /// <summary>A place in an answer.</summary>
    /// <param name="name">The identifier that will hold the value.</param>
    /// <param name="label">How the user calls the value.</param>
    /// <param name="text">The place as the user wrote it.</param>
    /// <param name="location">Where.</param>
    /// <param name="complaint">What is wrong and what to do, sentences; null when nothing is.</param>
    public static ScriptCapture? ParsePlace(string name, string label, string text, SourceLocation location, out string? complaint)
    {
        text = text.Trim();
        complaint = null;
        if (Between().Match(text) is { Success: true } between)
        {
            return Capture("between", $"{TypeScript.Text(between.Groups["left"].Value)}, {TypeScript.Text(between.Groups["right"].Value)}");
        }

        if (Pattern().Match(text) is { Success: true } pattern)
        {
            return Regex(pattern.Groups["pattern"].Value, out complaint) is { } literal ? Capture("match", literal) : null;
        }

        if (Named().Match(text) is { Success: true } named)
        {
            return Capture(named.Groups["kind"].Value switch { "header" => "header", "cookie" => "cookie", _ => "formField" }, TypeScript.Text(named.Groups["name"].Value));
        }

        if (JsonPath().IsMatch(text))
        {
            return Capture("json", TypeScript.Text(text));
        }

        complaint = $"'{text}' is no place in an answer. Write $.token, header Location, cookie sid, form csrf, body /id=(\\d+)/, or body between \"<b>\" and \"</b>\".";
        return null;

        ScriptCapture Capture(string function, string arguments) => new(name, label, $"{function}({arguments})", [function], location);
    }

    private static ScriptExpectation? Statuses(string text, string list, SourceLocation location, out string? complaint)
    {
        var statuses = new List<string>();
        complaint = null;
        foreach (var one in list.Split(['|', ','], StringSplitOptions.TrimEntries))
        {
            var range = one.Split('-', StringSplitOptions.TrimEntries);
            var (low, high) = one.EndsWith("xx", StringComparison.OrdinalIgnoreCase)
                ? (Number(one[..^2] + "00"), Number(one[..^2] + "99"))
                : (Number(range[0]), Number(range[^1]));
            if (range.Length > 2 || low is < 100 or > 599 || high is < 100 or > 599 || low > high)
            {
                complaint = $"'{one}' in '{text}' is no status of HTTP: they lie between 100 and 599. {Example}";
                return null;
            }

            statuses.Add(low == high ? $"{low}" : $"{{ min: {low}, max: {high} }}");
        }

        return new ScriptExpectation($"status({string.Join(", ", statuses)})", ["status"], location);

        static int Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
    }

    private static (string Function, string Operand, IReadOnlyList<string> Values)? Condition(string text, string rest, string place, bool withValues, out string? complaint)
    {
        complaint = null;
        if (OperatorStart().Match(rest) is not { Success: true } match || !Operators.TryGetValue(match.Value, out var function))
        {
            complaint = $"'{rest}' in '{text}' says nothing about it: write exists, ==, !=, >, >=, <, <=, contains or matches, and a value.";
            return null;
        }

        var value = rest[match.Length..].Trim();
        var quoted = value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] && value.Length >= 2;
        var bare = quoted ? value[1..^1] : value;
        if (bare.Length == 0 && !quoted)
        {
            complaint = $"'{text}' has no value behind {match.Value}.";
            return null;
        }

        var parts = withValues && function != "matches" ? TemplateText.Parse(bare) : [new TemplatePart(bare)];
        string[] values = [.. parts.Where(part => part.IsExpression).Select(part => part.Text).Distinct()];
        bare = string.Concat(parts.Select(part => part.IsExpression ? $"{{{part.Text}}}" : part.Text));
        var compares = function is "above" or "atLeast" or "below" or "atMost";
        if (compares && (place != "json" || (values.Length == 0 && Decimal(bare) is null)))
        {
            complaint = place == "json" ? $"'{bare}' in '{text}' is not a number, and {match.Value} compares numbers."
                : $"'{text}' compares a text with {match.Value}; write ==, !=, contains or matches.";
            return null;
        }

        var isJson = function is "equals" or "differs" && place == "json" && !quoted && (bare is "true" or "false" or "null" || Decimal(bare) is not null);
        var pattern = value.Length > 1 && value[0] == '/' && value[^1] == '/' ? value[1..^1] : bare;
        var operand = values.Length > 0 ? $"given({TypeScript.Text(bare)})"
            : function == "matches" ? Regex(pattern, out complaint)
            : compares ? TypeScript.Number(Decimal(bare)!.Value)
            : isJson ? bare : TypeScript.Text(bare);
        return operand is null ? null : (function, operand, values);
    }

    private static string? Regex(string pattern, out string? complaint)
    {
        complaint = null;
        try
        {
            _ = new Regex(pattern, RegexOptions.ECMAScript);
        }
        catch (ArgumentException exception)
        {
            complaint = $"/{pattern}/ is no regular expression: {exception.Message}";
            return null;
        }

        return $"/{BareSlash().Replace(pattern, @"\/").ReplaceLineEndings(@"\n")}/";
    }

    private static string FunctionOf(Match place) => place.Groups["kind"].Value switch { "header" => "header", "body" => "body", _ => "json" };

    // JavaScript's spelling of JSON's numbers: no thousands, no hexadecimal.
    private static decimal? Decimal(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A duration as the library reads it: it knows d, h, m, s and ms.</summary>
    internal static string Plain(TimeSpan time) => time.Ticks % TimeSpan.TicksPerMillisecond == 0
        ? K6Duration.Format(time) : $"{TypeScript.Number((decimal)time.Ticks / TimeSpan.TicksPerMillisecond)}ms";

    [GeneratedRegex(@"^(status\s*(==|is)?\s*)?(?<list>[1-9]([0-9]*|xx)(\s*[-|,]\s*[1-9]([0-9]*|xx))*)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Status();

    [GeneratedRegex(@"^duration\s*<=?\s*(?<limit>.*)\z")]
    private static partial Regex Duration();

    [GeneratedRegex(@"^(?<kind>header)\s+(?<argument>[!#$%&'*+.^_`|~0-9A-Za-z-]+)|^(?<kind>body)\b|^(?<argument>\$(\[[^\]]*\]|[^\s=!<>])*)")]
    private static partial Regex PlaceStart();

    [GeneratedRegex(@"^(==|!=|>=|<=|=|>|<|[a-z]+)")]
    private static partial Regex OperatorStart();

    [GeneratedRegex(@"^\$(\.[A-Za-z_$][\w$-]*|\[\d+\]|\['[^']*'\]|\[""[^""]*""\])*\z")]
    private static partial Regex JsonPath();

    [GeneratedRegex("^body\\s+between\\s+(?<q>[\"'])(?<left>.*?)\\k<q>\\s+and\\s+(?<p>[\"'])(?<right>.*?)\\k<p>\\z", RegexOptions.Singleline)]
    private static partial Regex Between();

    [GeneratedRegex(@"^(body\s+)?(matches\s+)?/(?<pattern>.+)/\z", RegexOptions.Singleline)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"^(?<kind>header|cookie|form)\s+(?<name>\S+)\z")]
    private static partial Regex Named();

    [GeneratedRegex(@"(?<=(?<!\\)(\\\\)*)/")]
    private static partial Regex BareSlash();
}
