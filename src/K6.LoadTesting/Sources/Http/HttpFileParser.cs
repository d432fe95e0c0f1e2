using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.Http;

/// <summary>
/// Reads the language of <c>.http</c> files: that of Visual Studio (https://learn.microsoft.com/aspnet/core/test/http-files), and of REST Client
/// and JetBrains what does not contradict it. What is wrong is reported at its place, and reading goes on with the next line.
/// </summary>
internal sealed partial class HttpFileParser
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];

    // Kinds of requests of other editors, and a method that makes tunnels: an engine of load makes none of them.
    private static readonly string[] ForeignMethods = ["CONNECT", "GRAPHQL", "GRPC", "WEBSOCKET", "WS", "WSS", "RSOCKET", "MQTT", "AMQP"];

    private readonly string path;
    private readonly ICollection<Diagnostic> diagnostics;
    private readonly IReadOnlyList<Line> lines;
    private readonly List<HttpVariable> variables = [];
    private readonly List<HttpRequest> requests = [];
    private readonly List<HttpAnnotation> fileAnnotations = [];
    private readonly List<HttpAnnotation> prompts = [];
    private int at;

    private HttpFileParser(string path, string text, ICollection<Diagnostic> diagnostics)
    {
        this.path = path;
        this.diagnostics = diagnostics;
        lines = [.. Lines(text)];
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="path">Absolute path, for places.</param>
    /// <param name="text">The text.</param>
    /// <param name="diagnostics">Receives what is wrong, and what will not be done.</param>
    public static HttpFile Parse(string path, string text, ICollection<Diagnostic> diagnostics)
    {
        var parser = new HttpFileParser(path, text, diagnostics);
        parser.Read();
        return new HttpFile(path, parser.variables, parser.requests, parser.fileAnnotations, parser.prompts);
    }

    /// <summary>A line.</summary>
    /// <param name="Text">Without its end.</param>
    /// <param name="End">Its end as it is in the file.</param>
    /// <param name="Number">From 1.</param>
    private readonly record struct Line(string Text, string End, int Number)
    {
        public bool IsBlank => string.IsNullOrWhiteSpace(Text);

        public int Indent => Text.Length - Text.TrimStart().Length;
    }

    private static IEnumerable<Line> Lines(string text)
    {
        var start = 0;
        for (var number = 1; start < text.Length; number++)
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length : end + 1;
            var length = (end < 0 ? text.Length : end > start && text[end - 1] == '\r' ? end - 1 : end) - start;
            yield return new Line(text.Substring(start, length), text[(start + length)..next], number);
            start = next;
        }
    }

    private void Read()
    {
        string? title = null;
        while (at < lines.Count)
        {
            if (Separator().Match(lines[at].Text) is { Success: true } separator)
            {
                title = separator.Groups["title"].Value;
                at++;
            }

            ReadBlock(string.IsNullOrWhiteSpace(title) ? null : title.Trim());
            title = null;
        }
    }

    /// <summary>What stands between two separators: comments, variables and at most one request.</summary>
    private void ReadBlock(string? title)
    {
        var annotations = new List<HttpAnnotation>();
        for (; at < lines.Count && !Separator().IsMatch(lines[at].Text); at++)
        {
            var line = lines[at];
            if (line.IsBlank || ReadComment(line, annotations))
            {
                continue;
            }

            if (line.Text.TrimStart().StartsWith('@'))
            {
                ReadVariable(line);
            }
            else if (!ReadForeign(line))
            {
                ReadRequest(title, annotations);
                return;
            }
        }

        // Annotations without a request belong to nothing.
        foreach (var annotation in annotations.Where(annotation => HttpAnnotations.Own.Contains(annotation.Name, StringComparer.OrdinalIgnoreCase)))
        {
            Report(Rules.HttpAnnotation, annotation.Location, $"'@{annotation.Name}' belongs to the request below it, and there is none before the next '###'. Put it above the request line.");
        }
    }

    private bool ReadComment(Line line, List<HttpAnnotation> annotations)
    {
        if (!Comment().IsMatch(line.Text))
        {
            return false;
        }

        if (Annotation().Match(line.Text) is { Success: true } match)
        {
            var name = match.Groups["name"];
            var text = match.Groups["text"];
            var annotation = new HttpAnnotation(name.Value, text.Value.TrimEnd(), Place(line, name.Index), Place(line, text.Index));
            if (HttpAnnotations.OfFile(annotation) is { } ofFile)
            {
                fileAnnotations.Add(ofFile);
            }
            else if (annotation.Name.Equals("prompt", StringComparison.OrdinalIgnoreCase))
            {
                prompts.Add(annotation);
            }
            else
            {
                annotations.Add(annotation);
            }
        }

        return true;
    }

    private void ReadVariable(Line line)
    {
        if (Variable().Match(line.Text) is { Success: true } match)
        {
            var name = match.Groups["name"];
            var value = match.Groups["value"];
            variables.Add(new HttpVariable(name.Value, HttpTemplate.Parse(value.Value.TrimEnd(), Place(line, value.Index)), Place(line, name.Index)));
            return;
        }

        Report(Rules.HttpVariable, Place(line, line.Indent),
            $"'{line.Text.Trim()}' defines no variable. Write '@name = value'; a name starts with a letter or '_' and goes on with letters, digits, '_', '-' and '.'.");
    }

    /// <summary>What other editors run and an engine of load cannot; true when the line is such a thing.</summary>
    private bool ReadForeign(Line line)
    {
        var text = line.Text.Trim();
        if (text.StartsWith("< ", StringComparison.Ordinal) || text.StartsWith("<{", StringComparison.Ordinal))
        {
            Report(Rules.HttpUnsupported, Place(line, line.Indent), "A script that runs before the request is not run here: it is written for another editor. Variables that it sets have to be defined with '@name = value'.");
            SkipScript();
            return true;
        }

        if (Import().IsMatch(text))
        {
            Report(Rules.HttpUnsupported, Place(line, line.Indent), $"'{text}' is not done here: the requests of another file are not taken over. Include that file as a K6Scenario of its own.");
            return true;
        }

        return false;
    }

    private void SkipScript()
    {
        // It is one line, '< file.js', or reaches to a line with the closing brace.
        if (!lines[at].Text.Contains("{%", StringComparison.Ordinal))
        {
            return;
        }

        while (at < lines.Count - 1 && !lines[at].Text.Contains("%}", StringComparison.Ordinal) && !Separator().IsMatch(lines[at + 1].Text))
        {
            at++;
        }
    }

    private void ReadRequest(string? title, List<HttpAnnotation> annotations)
    {
        var line = lines[at];
        var request = ReadRequestLine(line);
        at++;
        var url = new List<HttpTemplate> { request?.Url ?? HttpTemplate.Empty };
        while (at < lines.Count && Continuation().Match(lines[at].Text) is { Success: true } more)
        {
            url.Add(HttpTemplate.Parse(more.Groups["text"].Value.TrimEnd(), Place(lines[at], more.Groups["text"].Index)));
            at++;
        }

        var headers = ReadHeaders(annotations);
        var body = ReadBody(headers);
        if (request is null)
        {
            return;
        }

        var names = annotations.FindAll(annotation => annotation.Name.Equals("name", StringComparison.OrdinalIgnoreCase));
        if (names.Count > 1)
        {
            Report(Rules.HttpName, names[1].Location, "The request has a second '@name'; keep one.");
        }

        requests.Add(request with
        {
            Name = names.FirstOrDefault(),
            Title = title,
            Url = HttpTemplate.Join(url),
            Headers = headers,
            Body = body,
            Annotations = [.. annotations.Except(names)],
        });
    }

    private HttpRequest? ReadRequestLine(Line line)
    {
        var place = Place(line, line.Indent);
        var text = line.Text.Trim();
        var start = line.Indent;
        if (Version().Match(text) is { Success: true } version)
        {
            CheckVersion(version.Groups["version"].Value, Place(line, start + version.Groups["version"].Index));
            text = text[..version.Index];
        }

        var method = "GET";
        if (Method().Match(text) is { Success: true } match)
        {
            method = match.Groups["method"].Value.ToUpperInvariant();
            start += match.Length;
            text = text[match.Length..];
            if (ForeignMethods.Contains(method))
            {
                Report(Rules.HttpUnsupported, place, $"A request {method} cannot be made by the engine; it is left out.");
                return null;
            }

            if (!Methods.Contains(method))
            {
                Report(Rules.HttpRequestLine, place, $"There is no method {match.Groups["method"].Value}.{Plans.NearestName.Hint(method, Methods)} A request is 'METHOD address', headers in the lines below it, an empty line and a body; requests are separated by '###'.");
                return null;
            }
        }

        if (text.Length == 0 || Methods.Contains(text.ToUpperInvariant()))
        {
            Report(Rules.HttpRequestLine, place, $"The request has no address; write '{(text.Length == 0 ? method : text.ToUpperInvariant())} https://…'.");
            return null;
        }

        return new HttpRequest { Method = method, Url = HttpTemplate.Parse(text, Place(line, start)), Location = place };
    }

    private void CheckVersion(string version, SourceLocation place)
    {
        switch (version.ToUpperInvariant())
        {
            case "HTTP/1.1":
                break;
            case "HTTP/1.0" or "HTTP/2" or "HTTP/2.0" or "HTTP/3" or "HTTP/3.0":
                Report(Rules.HttpUnsupported, place, $"The engine chooses the version of HTTP itself: 1.1, or 2 where an https server offers it. '{version}' has no effect.");
                break;
            default:
                Report(Rules.HttpRequestLine, place, $"'{version}' is no version of HTTP; write HTTP/1.1, or leave it out.");
                break;
        }
    }

    private List<HttpHeader> ReadHeaders(List<HttpAnnotation> annotations)
    {
        var headers = new List<HttpHeader>();
        for (; at < lines.Count && !lines[at].IsBlank && !Separator().IsMatch(lines[at].Text); at++)
        {
            var line = lines[at];
            if (ReadComment(line, annotations))
            {
                continue;
            }

            if (Handler().IsMatch(line.Text))
            {
                break;
            }

            var colon = line.Text.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "" : line.Text[..colon].Trim();
            if (!Token().IsMatch(name))
            {
                Report(Rules.HttpHeader, Place(line, line.Indent), colon < 0 || line.Text.TrimStart()[0] is '{' or '[' or '<' or '"'
                    ? $"'{line.Text.Trim()}' is no header. A header is 'Name: value'; a body comes after an empty line, and another request after '###'."
                    : $"'{name}' cannot be the name of a header: {(name.Length == 0 ? "there is none before the colon" : "it has a space or another sign that HTTP does not allow there")}.");
                continue;
            }

            var value = line.Text[(colon + 1)..];
            headers.Add(new HttpHeader(
                name, HttpTemplate.Parse(value.Trim(), Place(line, colon + 1 + value.Length - value.TrimStart().Length)), Place(line, line.Indent)));
        }

        return headers;
    }

    /// <summary>The body: from the first line that is neither empty nor a comment to the next separator, without empty lines at its end.</summary>
    private List<HttpBodyPart> ReadBody(List<HttpHeader> headers)
    {
        var parts = new List<HttpBodyPart>();
        while (at < lines.Count && (lines[at].IsBlank || Comment().IsMatch(lines[at].Text)) && !Separator().IsMatch(lines[at].Text))
        {
            at++;
        }

        var first = at;
        while (at < lines.Count && !Separator().IsMatch(lines[at].Text) && !Handler().IsMatch(lines[at].Text))
        {
            at++;
        }

        var last = at;
        while (last > first && lines[last - 1].IsBlank)
        {
            last--;
        }

        // Some write a parameter of a form in each line; the line breaks are not meant.
        var isForm = headers.Exists(header => header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
            && header.Value.ToString().StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase));
        var text = new List<HttpTemplate>();
        for (var i = first; i < last; i++)
        {
            var line = lines[i];
            var end = i == last - 1 || (isForm && (line.Text.TrimEnd().EndsWith('&') || lines[i + 1].Text.TrimStart().StartsWith('&'))) ? "" : line.End;
            if (BodyFile().Match(line.Text) is { Success: true } file)
            {
                AddText(parts, text);
                var name = file.Groups["path"];
                parts.Add(new HttpBodyPart(
                    HttpTemplate.Parse(name.Value.Trim(), Place(line, name.Index)), IsFile: true,
                    file.Groups["substitute"].Success ? file.Groups["encoding"] is { Success: true } encoding ? encoding.Value : "utf-8" : null, Place(line, 0)));
                AddLiteral(text, end, Place(line, line.Text.Length));
            }
            else
            {
                text.Add(HttpTemplate.Parse(isForm ? line.Text.Trim() : line.Text, Place(line, isForm ? line.Indent : 0)));
                AddLiteral(text, end, Place(line, line.Text.Length));
            }
        }

        AddText(parts, text);
        SkipHandlers();
        return parts;
    }

    private static void AddLiteral(List<HttpTemplate> text, string literal, SourceLocation place)
    {
        if (literal.Length > 0)
        {
            text.Add(new HttpTemplate([new HttpPiece(literal, false, place)]));
        }
    }

    private static void AddText(List<HttpBodyPart> parts, List<HttpTemplate> text)
    {
        if (HttpTemplate.Join(text) is { Pieces: [var first, ..] } template)
        {
            parts.Add(new HttpBodyPart(template, IsFile: false, null, first.Location));
        }

        text.Clear();
    }

    /// <summary>What follows a body in other editors: scripts that look at the answer, files that it is compared with or written to.</summary>
    private void SkipHandlers()
    {
        for (; at < lines.Count && !Separator().IsMatch(lines[at].Text); at++)
        {
            var line = lines[at];
            if (Handler().IsMatch(line.Text))
            {
                var text = line.Text.TrimStart();
                Report(Rules.HttpUnsupported, Place(line, line.Indent),
                    text.StartsWith("<>", StringComparison.Ordinal) ? "The answer is not compared with a file here; say what it has to be with '# @expect'."
                    : text.StartsWith(">>", StringComparison.Ordinal) ? "The answer is not written to a file here."
                    : "A script that looks at the answer is not run here: it is written for another editor. Say what the answer has to be with '# @expect', and take values of it as {{name.response.body.$.path}}.");
                SkipScript();
            }
        }
    }

    private SourceLocation Place(Line line, int index) => new(path, line.Number, index + 1);

    private void Report(DiagnosticRule rule, SourceLocation place, string message) => diagnostics.Add(rule.At(place, message));

    [GeneratedRegex(@"^\s*#{3,}(?<title>.*)$")]
    private static partial Regex Separator();

    [GeneratedRegex(@"^\s*(#|//)")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\s*(?:#|//)+\s*@(?<name>[A-Za-z][\w-]*)(?:[ \t]+|[ \t]*=[ \t]*|[ \t]*$)(?<text>.*)$")]
    private static partial Regex Annotation();

    [GeneratedRegex(@"^\s*@(?<name>[A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?<value>.*)$")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(import\s+\S|run\s+\S)")]
    private static partial Regex Import();

    // Letters and then a space: what else could it be? An address has a sign in its first word.
    [GeneratedRegex(@"^(?<method>[A-Za-z]+)[ \t]+(?=\S)")]
    private static partial Regex Method();

    [GeneratedRegex(@"[ \t]+(?<version>HTTP/\S*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Version();

    [GeneratedRegex(@"^[ \t]+(?<text>[?&/].*)$")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"^[!#$%&'*+\-.^_`|~0-9A-Za-z]+\z")]
    private static partial Regex Token();

    [GeneratedRegex(@"^<(?<substitute>@(?<encoding>[A-Za-z][\w-]*)?)?[ \t]+(?<path>[^\s{].*|\{\{.*)$")]
    private static partial Regex BodyFile();

    [GeneratedRegex(@"^\s*(>\s*\{%|>\s+\S+\.[cm]?[jt]s\s*$|>>!?\s+\S|<>\s+\S)")]
    private static partial Regex Handler();
}
