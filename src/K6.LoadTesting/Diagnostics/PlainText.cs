using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace K6.LoadTesting.Diagnostics;

/// <summary>Makes text of scripts and servers fit for XML 1.0 and for single lines.</summary>
internal static partial class PlainText
{
    /// <summary>Without terminal colours; characters that XML 1.0 forbids, lone surrogates among them, and those that turn the direction of what follows, as <c>\uXXXX</c>.</summary>
    public static string Clean(string text)
    {
        text = Ansi().Replace(text, "");
        StringBuilder? cleaned = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                cleaned?.Append(c).Append(text[i + 1]);
                i++;
            }
            else if (c is '\t' or '\n' or '\r' or (>= ' ' and < '\u007f') or (>= '\u00a0' and < '\ud800' and not (>= '\u202a' and <= '\u202e') and not (>= '\u2066' and <= '\u2069')) or (>= '\ue000' and <= '\ufffd'))
            {
                cleaned?.Append(c);
            }
            else
            {
                cleaned ??= new StringBuilder(text, 0, i, text.Length + 16);
                cleaned.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
        }

        return cleaned?.ToString() ?? text;
    }

    /// <summary>The same on one line.</summary>
    public static string OneLine(string text) => Clean(LineBreaks().Replace(text, " ")).Trim();

    /// <summary>At most so many characters, the last of them an ellipsis; never half of a surrogate pair.</summary>
    public static string Fit(string text, int width)
    {
        if (text.Length <= width)
        {
            return text;
        }

        var end = width - 1;
        return string.Concat(text.AsSpan(0, end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }

    [GeneratedRegex(@"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")]
    private static partial Regex Ansi();

    [GeneratedRegex(@"[\r\n\t\u0085\u2028\u2029]+")]
    private static partial Regex LineBreaks();
}
