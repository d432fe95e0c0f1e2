using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Http;

/// <content>Headers, bodies, expectations and pauses.</content>
internal sealed partial class HttpScenarioBuilder
{
    private List<ScriptPair> Headers(Draft draft, int line)
    {
        var headers = new List<ScriptPair>();
        foreach (var same in draft.Syntax.Headers.GroupBy(header => header.Name, StringComparer.OrdinalIgnoreCase))
        {
            var first = same.First();
            if (first.Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || first.Name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                Report(Rules.HttpUnsupported, first.Location, $"The engine computes {first.Name} itself; what stands here has no effect.");
                continue;
            }

            if (same.Skip(1).FirstOrDefault() is { } second)
            {
                Report(Rules.HttpUnsupported, second.Location, $"The engine sends each header once: the values of {second.Name} are joined, which means the same (RFC 9110, section 5.3).");
            }

            var separator = first.Name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) ? "; " : ", ";
            var resolved = same.SelectMany((header, index) => index == 0 ? values.Resolve(header.Value, line) : [new HttpValue(separator, false, null), .. values.Resolve(header.Value, line)]).ToList();
            WarnOfSecret(first, resolved);
            draft.Sent["headers." + first.Name] = resolved;
            headers.Add(new ScriptPair(first.Name, first.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? Authorization(first, resolved) : Text(resolved)));
        }

        return headers;
    }

    // The bundle holds what is written in the file; the file, at least, is in the repository of those who wrote it.
    private void WarnOfSecret(HttpHeader header, List<HttpValue> resolved)
    {
        var isSecret = header.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || EnvironmentReader.SoundsSecret(header.Name.Replace('-', '_'));
        var name = EnvironmentName().Replace(header.Name.ToUpperInvariant(), "_");
        if (isSecret && resolved.Count > 0 && resolved.TrueForAll(value => !value.IsExpression) && string.Concat(resolved.Select(value => value.Text)).Length > 12)
        {
            Report(Rules.HttpSecret, header.Value.Start!,
                $"The value of {header.Name} is written down here, and gets into the bundle and into reports. Keep it in the environment, '{{{{$processEnv {name}}}}}', or where a provider of http-client.env.json finds it.");
        }
    }

    /// <summary>User and password are written in the clear for other editors, which encode them.</summary>
    private string Authorization(HttpHeader header, List<HttpValue> resolved)
    {
        var text = string.Concat(resolved.Select(value => value.IsExpression ? "\0" : value.Text));
        if (text.StartsWith("Digest ", StringComparison.OrdinalIgnoreCase) || text.StartsWith("AWS ", StringComparison.OrdinalIgnoreCase))
        {
            Report(Rules.HttpUnsupported, header.Value.Start!, $"The engine does not compute an authorization of the kind {text.Split(' ')[0]}; the header is sent as it stands.");
        }

        if (BasicInClear().Match(text) is not { Success: true } basic)
        {
            return Text(resolved);
        }

        var separated = false;
        var clear = new List<TemplatePart>();
        var skip = basic.Groups["scheme"].Length;
        foreach (var value in resolved)
        {
            var part = value.Text;
            if (!value.IsExpression)
            {
                part = skip < part.Length ? part[skip..] : "";
                skip = 0;
                if (!separated && Spaces().Match(part) is { Success: true } space)
                {
                    part = part[..space.Index] + ":" + part[(space.Index + space.Length)..];
                }

                separated |= part.Contains(':', StringComparison.Ordinal);
            }

            clear.Add(new TemplatePart(part, value.IsExpression));
        }

        if (clear.TrueForAll(part => !part.IsExpression))
        {
            return TypeScript.Text("Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(string.Concat(clear.Select(part => part.Text)))));
        }

        encodes = true;
        return TypeScript.Template([new("Basic "), new($"b64encode({TypeScript.Template(clear)})", true)]);
    }

    private (string? Expression, string? File) Body(Draft draft, int line)
    {
        var parts = new List<(string Expression, bool IsFile)>();
        var text = new List<HttpValue>();
        foreach (var part in draft.Syntax.Body)
        {
            if (!part.IsFile)
            {
                text.AddRange(values.Resolve(part.Text, line));
                continue;
            }

            if (BodyFile(part, line) is not { } path)
            {
                continue;
            }

            inputs.Add(path);
            if (part.Encoding is { } encoding)
            {
                if (HttpText.Read(path, diagnostics, encoding, part.Location) is { } content)
                {
                    text.AddRange(values.Resolve(HttpText.Template(path, content), line));
                }

                continue;
            }

            if (draft.Syntax.Body.Count == 1)
            {
                return (null, path);
            }

            AddText();
            var known = files.Find(one => one.File == path);
            if (known is null)
            {
                known = new ScriptFile(TypeScript.Identifier(Path.GetFileNameWithoutExtension(path) + "-file", identifiers), path);
                files.Add(known);
            }

            parts.Add((known.Name, true));
        }

        if (parts.Count == 0)
        {
            draft.Sent["body"] = text;
            return (text.Count == 0 ? null : Text(text), null);
        }

        AddText();
        values.Use("bytes");
        return ($"bytes({string.Join(", ", parts.Select(part => part.Expression))})", null);

        void AddText()
        {
            if (text.Count > 0)
            {
                parts.Add((Text(text), false));
                text = [];
            }
        }
    }

    private string? BodyFile(HttpBodyPart part, int line)
    {
        var name = values.Resolve(part.Text, line);
        if (name.Any(value => value.IsExpression))
        {
            Report(Rules.HttpBodyFile, part.Text.Start!, "The path of a body's file has to be known when the load test is built; a variable in it may have no function, and nothing of an answer.");
            return null;
        }

        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file.Path)!, string.Concat(name.Select(value => value.Text))));
        if (!File.Exists(path))
        {
            Report(Rules.HttpBodyFile, part.Text.Start!, $"The file of the body does not exist: {path}. Paths start at the folder of {Path.GetFileName(file.Path)}.");
            return null;
        }

        return path;
    }

    private List<ScriptExpectation> Expectations(Draft draft)
    {
        var expectations = new List<ScriptExpectation>();
        foreach (var annotation in draft.Annotations.Expectations.Where(annotation => annotation.Text.Length > 0))
        {
            if (ExpectationText.Parse(annotation.Text, annotation.TextLocation, out var complaint) is { } expectation)
            {
                expectations.Add(expectation);
            }
            else
            {
                Report(Rules.HttpAnnotation, annotation.TextLocation, complaint!);
            }
        }

        // Nothing said about the status means that it has to be a success.
        if (!expectations.Exists(one => one.Functions.Contains("status")))
        {
            expectations.Insert(0, new ScriptExpectation("status({ min: 200, max: 399 })", ["status"], draft.Syntax.Location));
        }

        return expectations;
    }

    private (string? Shortest, string? Longest) Think(HttpAnnotation? annotation)
    {
        if (annotation is null || annotation.Text.Length == 0)
        {
            return (null, null);
        }

        string[] ends = [.. annotation.Text.Split("..", StringSplitOptions.TrimEntries).Select(end => end.Length > 0 && end.All(char.IsAsciiDigit) ? end + "s" : end)];
        var times = ends.Select(end => K6Duration.TryParse(end, out var time) && time >= TimeSpan.Zero ? time : (TimeSpan?)null).ToArray();
        if (ends.Length > 2 || times.Contains(null) || times[0] > times[^1])
        {
            Report(Rules.HttpAnnotation, annotation.TextLocation, $"'{annotation.Text}' is no pause; write {K6Duration.Example}, or the shortest and the longest one, '500ms..2s'.");
            return (null, null);
        }

        return (ends[0], ends.Length == 2 ? ends[1] : null);
    }

    [GeneratedRegex("[^0-9A-Z]+")]
    private static partial Regex EnvironmentName();

    [GeneratedRegex(@"^(?<scheme>Basic\s+)(?=[^\s:]+(\s+|\s*:\s*)[^\s])", RegexOptions.IgnoreCase)]
    private static partial Regex BasicInClear();
}
