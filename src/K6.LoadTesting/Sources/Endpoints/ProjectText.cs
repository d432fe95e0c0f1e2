using System.Text;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.Endpoints;

/// <summary>The text of a project file, whose elements are changed one by one; everything else stays as it is, to the byte.</summary>
internal sealed class ProjectText
{
    private readonly string file;
    private readonly Encoding encoding;
    private readonly string text;
    private readonly List<(int Start, int End, string Text)> changes = [];

    private ProjectText(string file, string text, Encoding encoding) => (this.file, this.text, this.encoding) = (file, text, encoding);

    public static ProjectText Read(string file)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true);
        var text = reader.ReadToEnd();
        return new ProjectText(file, text, reader.CurrentEncoding);
    }

    /// <summary>What the elements of a name include.</summary>
    public IEnumerable<string> Names(string name) =>
        Regex.Matches(Regex.Replace(text, "<!--.*?-->", "", RegexOptions.Singleline), $"""<{name}\b[^>]*?\sInclude\s*=\s*["'](?<value>[^"']*)["']""").Select(match => match.Groups["value"].Value);

    /// <summary>Changes an element.</summary>
    /// <param name="place">Where it starts.</param>
    /// <param name="name">Its name.</param>
    /// <param name="change">Gives the new text of an element; empty to remove it, null to refuse.</param>
    /// <returns>Whether there is such an element, and the change was not refused.</returns>
    public bool Change(SourceLocation place, string name, Func<string, string?> change)
    {
        var start = Position(place);
        if (start < 0 || !Regex.IsMatch(text[start..Math.Min(text.Length, start + name.Length + 2)], $@"^<{name}\W", RegexOptions.IgnoreCase) || End(start, name) is not { } end
            || change(text[start..end]) is not { } changed)
        {
            return false;
        }

        if (changed.Length == 0)
        {
            // With its line, where it has that for itself.
            var line = text.LastIndexOf('\n', Math.Max(0, start - 1)) + 1;
            var next = text.IndexOf('\n', end);
            if (next >= 0 && string.IsNullOrWhiteSpace(text[line..start]) && string.IsNullOrWhiteSpace(text[end..next]))
            {
                (start, end) = (line, next + 1);
            }
        }

        changes.Add((start, end, changed));
        return true;
    }

    /// <summary>Writes the file, if something changed.</summary>
    public void Write()
    {
        var result = new StringBuilder(text);
        foreach (var (start, end, changed) in changes.OrderByDescending(change => change.Start))
        {
            result.Remove(start, end - start).Insert(start, changed);
        }

        if (changes.Count > 0)
        {
            File.WriteAllText(file, result.ToString(), encoding);
        }
    }

    private int Position(SourceLocation place)
    {
        var position = 0;
        for (var line = 1; line < place.Line; line++)
        {
            position = text.IndexOf('\n', position) + 1;
            if (position == 0)
            {
                return -1;
            }
        }

        return position + place.Column - 1 < text.Length && place.Column > 0 ? position + place.Column - 1 : -1;
    }

    private int? End(int start, string name)
    {
        var tag = Regex.Match(text[start..], """^<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""");
        if (!tag.Success)
        {
            return null;
        }

        if (tag.Value.EndsWith("/>", StringComparison.Ordinal))
        {
            return start + tag.Length;
        }

        var close = Regex.Match(text[start..], $@"</{name}\s*>", RegexOptions.IgnoreCase);
        return close.Success ? start + close.Index + close.Length : null;
    }
}
