using System.Text;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Reports;

/// <summary>Text of scripts and servers in Markdown: it stays text, in a table too, and calls nobody.</summary>
internal static class MarkdownText
{
    /// <summary>On one line, with everything escaped that Markdown or HTML would read; a zero-width space keeps <c>@name</c> and <c>#1</c> from becoming mentions.</summary>
    public static string Escape(string text, int most = 600)
    {
        var escaped = new StringBuilder();
        foreach (var character in PlainText.Fit(PlainText.OneLine(text), most))
        {
            switch (character)
            {
                case '<':
                    escaped.Append("&lt;");
                    break;
                case '>':
                    escaped.Append("&gt;");
                    break;
                case '&':
                    escaped.Append("&amp;");
                    break;
                case '@' or '#':
                    escaped.Append('\\').Append(character).Append('\u200b');
                    break;
                case '\\' or '`' or '*' or '_' or '{' or '}' or '[' or ']' or '|' or '~' or '!' or '$':
                    escaped.Append('\\').Append(character);
                    break;
                default:
                    escaped.Append(character);
                    break;
            }
        }

        return escaped.ToString();
    }

    /// <summary>As code: fenced by more backticks than it holds, bars escaped for tables.</summary>
    public static string Code(string text, int most = 200)
    {
        var clean = PlainText.Fit(PlainText.OneLine(text), most).Replace("|", "\\|", StringComparison.Ordinal);
        var longest = 0;
        var run = 0;
        foreach (var character in clean)
        {
            run = character == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        return clean.Length == 0 ? "" : longest > 0 ? $"{fence} {clean} {fence}" : $"{fence}{clean}{fence}";
    }
}
