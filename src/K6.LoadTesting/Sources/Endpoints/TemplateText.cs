using System.Text.RegularExpressions;

namespace K6.LoadTesting.Sources.Endpoints;

/// <summary>
/// A text of a <c>K6Endpoint</c> with values in it: <c>{id}</c> or <c>{users.email}</c> stands for a value, <c>{{id}}</c> for <c>{id}</c> itself. Braces
/// around anything but a name, as in JSON, are text.
/// </summary>
internal static partial class TemplateText
{
    /// <summary>The parts; those that are expressions hold the name of the value.</summary>
    public static IReadOnlyList<TemplatePart> Parse(string text)
    {
        var parts = new List<TemplatePart>();
        var start = 0;
        foreach (Match match in Hole().Matches(text))
        {
            parts.Add(new TemplatePart(text[start..match.Index]));
            parts.Add(match.Groups["name"].Success ? new TemplatePart(match.Groups["name"].Value, true) : new TemplatePart(match.Groups["literal"].Value));
            start = match.Index + match.Length;
        }

        parts.Add(new TemplatePart(text[start..]));
        return [.. parts.Where(part => part.Text.Length > 0)];
    }

    /// <summary>The names of the values in a text.</summary>
    public static IEnumerable<string> Names(string text) => Parse(text).Where(part => part.IsExpression).Select(part => part.Text);

    /// <summary>Whether a name can be that of a value.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    [GeneratedRegex(@"\{(?<literal>\{[A-Za-z_][\w-]*(\.[\w-]+)*\})\}|\{(?<name>[A-Za-z_][\w-]*(\.[\w-]+)*)\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"^[A-Za-z_][\w-]*\z")]
    private static partial Regex Name();
}
