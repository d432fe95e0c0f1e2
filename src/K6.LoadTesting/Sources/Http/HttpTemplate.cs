using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.Http;

/// <summary>A text with placeholders <c>{{…}}</c>.</summary>
/// <param name="Pieces">Texts and placeholders, in their order; no text is empty.</param>
internal sealed record HttpTemplate(IReadOnlyList<HttpPiece> Pieces)
{
    private const string Open = "{{";
    private const string Close = "}}";

    /// <summary>No text.</summary>
    public static HttpTemplate Empty { get; } = new([]);

    /// <summary>Place of its first character; null for no text.</summary>
    public SourceLocation? Start => Pieces is [var first, ..] ? first.IsPlaceholder ? After(first.Location, -Open.Length) : first.Location : null;

    /// <summary>Splits one line of text; a placeholder does not reach over its end, and one that is not closed is text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="location">Place of its first character.</param>
    public static HttpTemplate Parse(string text, SourceLocation location) => new([.. Split(text, location)]);

    /// <summary>Puts templates behind each other.</summary>
    public static HttpTemplate Join(IEnumerable<HttpTemplate> templates)
    {
        var pieces = new List<HttpPiece>();
        foreach (var piece in templates.SelectMany(template => template.Pieces))
        {
            if (!piece.IsPlaceholder && pieces is [.., { IsPlaceholder: false } last])
            {
                pieces[^1] = last with { Text = last.Text + piece.Text };
            }
            else
            {
                pieces.Add(piece);
            }
        }

        return new HttpTemplate(pieces);
    }

    /// <summary>The text as it was written.</summary>
    public override string ToString() => string.Concat(Pieces.Select(piece => piece.IsPlaceholder ? Open + piece.Text + Close : piece.Text));

    private static IEnumerable<HttpPiece> Split(string text, SourceLocation location)
    {
        var at = 0;
        while (at < text.Length)
        {
            var open = text.IndexOf(Open, at, StringComparison.Ordinal);
            var close = open < 0 ? -1 : text.IndexOf(Close, open, StringComparison.Ordinal);
            if (close < 0)
            {
                yield return new HttpPiece(text[at..], false, After(location, at));
                yield break;
            }

            // Of {{{name}}} the inner braces belong to the placeholder.
            while (open + 2 < close && text[open + 2] == '{')
            {
                open++;
            }

            if (open > at)
            {
                yield return new HttpPiece(text[at..open], false, After(location, at));
            }

            var inner = text[(open + 2)..close];
            yield return new HttpPiece(inner.Trim(), true, After(location, open + 2 + inner.Length - inner.TrimStart().Length));
            at = close + 2;
        }
    }

    private static SourceLocation After(SourceLocation location, int characters) => location with { Column = location.Column + characters };
}

/// <summary>A piece of a template.</summary>
/// <param name="Text">The text, or what stands between the braces of a placeholder, trimmed.</param>
/// <param name="IsPlaceholder">Whether it is a placeholder.</param>
/// <param name="Location">Place of its first character.</param>
internal sealed record HttpPiece(string Text, bool IsPlaceholder, SourceLocation Location);
