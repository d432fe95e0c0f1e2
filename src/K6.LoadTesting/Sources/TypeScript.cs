using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using K6.LoadTesting.Data;

namespace K6.LoadTesting.Sources;

/// <summary>Makes TypeScript of texts and values.</summary>
internal static partial class TypeScript
{
    /// <summary>What <c>k6-sdk</c> exports and names of the generated script: no variable may be called so.</summary>
    private static readonly HashSet<string> Taken =
    [
        "ApiClient", "ApiResult", "LoadTestScenario", "OpenApiClient", "above", "answered", "atLeast", "atMost", "basicCredential", "below", "between", "body", "bytes", "capture", "contains", "cookie", "credential", "dataset", "dateText", "differs", "environment", "equals", "exists", "expect", "fits", "fitsByStatus",
        "formField", "given", "header", "integer", "invalid", "json", "jsonText", "match", "matches", "moment", "oneOf", "random", "randomText", "status", "think", "valueAt", "weighted", "within",
        "api", "choose", "group", "iterate", "options", "ready", "setUp", "undefined", "NaN", "Infinity", "console", "crypto", "require", "globalThis",
    ];

    /// <summary>A text: <c>'it\'s'</c>.</summary>
    public static string Text(string text) => DataModule.Quote(text);

    /// <summary>The name of a property: as it is, or quoted.</summary>
    public static string Property(string name) => DataModule.PropertyName(name);

    /// <summary>A number.</summary>
    public static string Number(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>
    /// A text with values in it. One value alone, or no value at all, needs no template literal.
    /// </summary>
    /// <param name="parts">Texts, and expressions whose values stand between them.</param>
    public static string Template(IEnumerable<TemplatePart> parts)
    {
        var list = parts.Where(part => part.IsExpression || part.Text.Length > 0).ToList();
        if (list.TrueForAll(part => !part.IsExpression))
        {
            return Text(string.Concat(list.Select(part => part.Text)));
        }

        var text = new StringBuilder("`");
        foreach (var part in list)
        {
            text.Append(part.IsExpression ? "${" + part.Text + "}" : Escape(part.Text));
        }

        return text.Append('`').ToString();
    }

    /// <summary>An identifier for a name of the user's: <c>user-id</c> is <c>userId</c>; none that is a word of the language, of the library or in use already.</summary>
    /// <param name="name">The name.</param>
    /// <param name="used">Identifiers that are in use; receives the new one.</param>
    public static string Identifier(string name, ISet<string> used)
    {
        var words = Word().Matches(name).Select(match => match.Value).ToArray();
        var text = words.Length == 0 ? "value" : words[0].All(char.IsUpper) ? words[0].ToLowerInvariant() : char.ToLowerInvariant(words[0][0]) + words[0][1..];
        text += string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        text = DataModule.VariableName(text);
        for (var (candidate, number) = (text, 2); ; candidate = text + number++)
        {
            if (!Taken.Contains(candidate) && used.Add(candidate))
            {
                return candidate;
            }
        }
    }

    // Line breaks stay, so that a body is as readable as it was; what JavaScript would change is escaped.
    private static string Escape(string text) => Special().Replace(text, match => match.Value switch
    {
        "\r" => "\\r",
        var one when one[0] is '`' or '\\' or '$' => "\\" + one,
        var one => $"\\u{(int)one[0]:x4}",
    });

    [GeneratedRegex(@"[A-Za-z0-9]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"[`\\\r]|\$(?=\{)|[\x00-\x09\x0b-\x1f\u2028\u2029]")]
    private static partial Regex Special();
}

/// <summary>A part of a template: a text, or an expression.</summary>
/// <param name="Text">The text, or the expression.</param>
/// <param name="IsExpression">Which of the two.</param>
internal readonly record struct TemplatePart(string Text, bool IsExpression = false);
