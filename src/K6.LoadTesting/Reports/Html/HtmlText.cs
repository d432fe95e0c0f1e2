using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Reports.Html;

/// <summary>
/// HTML under construction. Everything between braces of an interpolated text is encoded, so that no name, URL or message of a script or a
/// server can become markup; only <see cref="Markup"/> takes markup as it is.
/// </summary>
internal sealed class HtmlText
{
    private readonly StringBuilder text = new();

    /// <summary>Adds markup with encoded values in it.</summary>
    public HtmlText Add([InterpolatedStringHandlerArgument("")] ref Handler handler)
    {
        _ = handler;
        return this;
    }

    /// <summary>Adds markup of our own, as it is.</summary>
    public HtmlText Markup(string constant)
    {
        text.Append(constant);
        return this;
    }

    /// <inheritdoc />
    public override string ToString() => text.ToString();

    private void Encode(string value)
    {
        foreach (var character in PlainText.Clean(value))
        {
            switch (character)
            {
                case '&':
                    text.Append("&amp;");
                    break;
                case '<':
                    text.Append("&lt;");
                    break;
                case '>':
                    text.Append("&gt;");
                    break;
                case '"':
                    text.Append("&quot;");
                    break;
                case '\'':
                    text.Append("&#39;");
                    break;
                default:
                    text.Append(character);
                    break;
            }
        }
    }

    /// <summary>Takes an interpolated text apart: literals are markup, values are encoded.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly HtmlText html;

        /// <summary>Called by the compiler.</summary>
        public Handler(int literalLength, int formattedCount, HtmlText html)
        {
            this.html = html;
            html.text.EnsureCapacity(html.text.Length + literalLength + (8 * formattedCount));
        }

        /// <summary>Markup.</summary>
        public void AppendLiteral(string literal) => html.text.Append(literal);

        /// <summary>A value.</summary>
        public void AppendFormatted(string? value) => html.Encode(value ?? "");

        /// <summary>A coordinate or a length: two decimals.</summary>
        public void AppendFormatted(double value) => html.text.Append(value.ToString("0.##", CultureInfo.InvariantCulture));

        /// <summary>A whole number.</summary>
        public void AppendFormatted(long value) => html.text.Append(value.ToString(CultureInfo.InvariantCulture));
    }
}
