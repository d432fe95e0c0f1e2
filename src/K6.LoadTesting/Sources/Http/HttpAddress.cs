using System.Text;
using System.Text.RegularExpressions;

namespace K6.LoadTesting.Sources.Http;

/// <summary>The address of a request: what is sent, and the template by which it is measured.</summary>
internal sealed partial class HttpAddress
{
    /// <summary>Looks at an address whose placeholders are resolved.</summary>
    /// <param name="values">The address.</param>
    /// <param name="baseExpression">Expression of the variable that is the address of the service, which paths start at; null for none.</param>
    /// <param name="host">The header <c>Host</c>, which is the server of a path; null without one.</param>
    public HttpAddress(IReadOnlyList<HttpValue> values, string? baseExpression, IReadOnlyList<HttpValue>? host)
    {
        if (values is [{ IsExpression: true } first, { IsExpression: false } second, ..] && first.Text == baseExpression && second.Text.StartsWith('/'))
        {
            values = [.. values.Skip(1)];
        }
        else if (values is [{ IsExpression: false } path, ..] && path.Text.StartsWith('/') && host is not null)
        {
            values = [new HttpValue("http://", false, null), .. host.Select(value => value with { Placeholder = null }), .. values];
        }
        else if (values is [{ IsExpression: false } start, ..] && !start.Text.StartsWith('/') && !HasScheme(values) && LooksLikeServer(values))
        {
            values = [new HttpValue("http://", false, null), .. values];
        }

        Parts = [.. values.Select(value => new TemplatePart(value.IsExpression ? value.Text : Encoded(value.Text), value.IsExpression))];
        Template = TemplateOf(values);
        Complaint = ComplaintAbout(values);
    }

    /// <summary>The address.</summary>
    public IReadOnlyList<TemplatePart> Parts { get; }

    /// <summary>Its path, with the names of placeholders instead of their values: <c>/products/{id}</c>.</summary>
    public string Template { get; }

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Complaint { get; }

    /// <summary>What an address may not have is encoded, as other editors do; a server's name may have letters of any kind.</summary>
    private static string Encoded(string text)
    {
        var server = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? text.IndexOfAny(['/', '?', '#'], scheme + 3) is >= 0 and var end ? end : text.Length : 0;
        return text[..server] + NotAllowed().Replace(text[server..], match => string.Concat(Encoding.UTF8.GetBytes(match.Value).Select(one => $"%{one:X2}")));
    }

    private static bool HasScheme(IReadOnlyList<HttpValue> values) => Plain(values).Contains("://", StringComparison.Ordinal);

    private static bool LooksLikeServer(IReadOnlyList<HttpValue> values)
    {
        var server = Plain(values).Split('/', '?')[0];
        return server.Contains('.', StringComparison.Ordinal) || server.Contains(':', StringComparison.Ordinal) || server == "localhost";
    }

    private static string Plain(IEnumerable<HttpValue> values) => string.Concat(values.Select(value => value.IsExpression ? "\u0001" : value.Text));

    private static string? ComplaintAbout(IReadOnlyList<HttpValue> values)
    {
        var text = Plain(values);
        if (text.Length == 0 || values[0].IsExpression || text.StartsWith('/'))
        {
            return null;
        }

        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && !text[..scheme].Contains('\u0001', StringComparison.Ordinal) && !text[..scheme].StartsWith("http", StringComparison.OrdinalIgnoreCase)
                ? $"'{text[..scheme]}' is not http or https, and the engine makes requests of these only."
            : scheme < 0 ? $"'{text}' is no address; write http://…, https://…, or a path that starts with '/'."
            : !text.Contains('\u0001', StringComparison.Ordinal) && !Uri.TryCreate(text, UriKind.Absolute, out _) ? $"'{text}' is no address: the server or the port cannot be read."
            : null;
    }

    /// <summary>
    /// Everything from the first slash behind the server to the query. A placeholder there is its name; what a placeholder before has of the path, as in
    /// <c>{{host}}</c> for <c>https://shop/api</c>, stays as it is.
    /// </summary>
    private static string TemplateOf(IReadOnlyList<HttpValue> values)
    {
        var template = new StringBuilder();
        HttpPiece? last = null;
        HttpPiece? atStart = null;
        var inPath = false;
        var server = "";
        foreach (var value in values)
        {
            if (!inPath)
            {
                if (value.IsExpression)
                {
                    server += "\u0001";
                    continue;
                }

                var from = server.Length;
                server += value.Text;
                var scheme = server.IndexOf("://", StringComparison.Ordinal);
                var slash = server.IndexOfAny(['/', '?', '#'], scheme < 0 ? from : Math.Max(scheme + 3, from));
                if (slash < 0)
                {
                    continue;
                }

                inPath = true;
                atStart = value.Placeholder;
                if (Append(template, server[slash..]))
                {
                    break;
                }
            }
            else if (value.Placeholder is null || (value.Placeholder == atStart && !value.IsExpression))
            {
                if (Append(template, value.Text))
                {
                    break;
                }
            }
            else if (value.Placeholder != last)
            {
                last = value.Placeholder;
                template.Append('{').Append(NameOf(last!.Text)).Append('}');
            }
        }

        return template.Length == 0 || template[0] != '/' ? "/" + template : template.ToString();
    }

    // True at the end of the path.
    private static bool Append(StringBuilder template, string text)
    {
        var end = text.IndexOfAny(['?', '#']);
        template.Append(end < 0 ? text : text[..end]);
        return end >= 0;
    }

    /// <summary>What a placeholder is called in a template: <c>id</c> of <c>login.response.body.$.id</c>, <c>randomInt</c> of <c>$randomInt 1 9</c>.</summary>
    private static string NameOf(string placeholder)
    {
        var word = placeholder.Split(' ', '(')[0].TrimStart('$');
        var dot = word.LastIndexOf('.');
        return placeholder.StartsWith('$') || dot < 0 ? word : word[(dot + 1)..].Trim('$', '\'', '"', '[', ']');
    }

    [GeneratedRegex(@"[^\x21-\x7e]+|[""<>\\^`{|}]")]
    private static partial Regex NotAllowed();
}
