using System.Text.Json;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Http;

/// <content>References to requests: <c>{{login.response.body.$.token}}</c>.</content>
internal sealed partial class HttpScenarioBuilder
{
    private string? Reference(string text, SourceLocation place)
    {
        if (RequestReference().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var name = match.Groups["name"].Value;
        if (drafts.Find(draft => draft.Syntax.Name?.Text == name) is not { } target)
        {
            string[] names = [.. drafts.Select(draft => draft.Syntax.Name?.Text).OfType<string>()];
            return Refuse(place, file.Requests.Any(request => request.Name?.Text == name)
                ? $"The request '{name}' is left out by '# @skip', so that it has no answer."
                : $"There is no request named '{name}'.{NearestName.Hint(name, names)} '# @name {name}' above a request names it.");
        }

        if (!IsBefore(target))
        {
            return Refuse(place, target == current ? $"The request '{name}' refers to itself."
                : target.Annotations.Weight is not null ? $"The request '{name}' has a weight, so that an iteration makes it or this one, and not both. Take the weight from '{name}': each virtual user then makes it once, at its start."
                : $"The request '{name}' comes later; one that is referred to has to be above.");
        }

        var path = match.Groups["path"].Value;
        return match.Groups["side"].Value == "response" ? OfResponse(target, match.Groups["part"].Value, path, place) : OfRequest(target, match.Groups["part"].Value, path, place);
    }

    private bool IsBefore(Draft target)
    {
        var isWeighted = drafts.Exists(draft => draft.Annotations.Weight is not null);
        var before = drafts.IndexOf(target) < drafts.IndexOf(current);
        return !isWeighted ? before : target.Annotations.Weight is null && (before || current.Annotations.Weight is not null) && target != current;
    }

    private string OfResponse(Draft target, string part, string path, SourceLocation place)
    {
        var name = target.Syntax.Name!.Text;
        if (part == "headers")
        {
            return path.Length == 0 ? Refuse(place, $"Say which header: {{{{{name}.response.headers.Location}}}}.")
                : Capture(target, path, new ScriptCapture("", path, $"header({TypeScript.Text(path)})", ["header"], place));
        }

        if (path is "" or "*")
        {
            return Capture(target, "body", new ScriptCapture("", "body", "body()", ["body"], place));
        }

        return CheckPath(name, path, place) ? Capture(target, path, new ScriptCapture("", path.TrimStart('$', '.'), $"json({TypeScript.Text(path)})", ["json"], place)) : "";
    }

    private bool CheckPath(string name, string path, SourceLocation place)
    {
        if (path.StartsWith('/'))
        {
            Refuse(place, $"'{path}' is XPath, which the engine does not have; a value of JSON is {{{{{name}.response.body.$.path}}}}. For XML write the load test as a script.");
            return false;
        }

        if (ExpectationText.ParsePlace("", "", path, place, out _) is not { PlaceExpression: var expression } || !expression.StartsWith("json(", StringComparison.Ordinal))
        {
            Refuse(place, $"'{path}' is no path here: write names and numbers, such as $.items[0].id or $['a key']. Filters, '*' and '..' of JSONPath are not there.");
            return false;
        }

        return true;
    }

    private string Capture(Draft target, string what, ScriptCapture capture)
    {
        if (target.Captures.Find(one => one.PlaceExpression == capture.PlaceExpression) is not { } known)
        {
            known = capture with { Name = TypeScript.Identifier($"{target.Syntax.Name!.Text} {what}", identifiers) };
            target.Captures.Add(known);
        }

        return known.Name;
    }

    /// <summary>What was sent is a text that is known here, or becomes a value of the script.</summary>
    private string OfRequest(Draft target, string part, string path, SourceLocation place)
    {
        var name = target.Syntax.Name!.Text;
        var key = part == "headers" ? $"headers.{path}" : "body";
        if (!target.Sent.TryGetValue(key, out var sent) || (part == "headers" && path.Length == 0))
        {
            return Refuse(place, part == "headers" ? $"The request '{name}' sends no header '{path}'." : $"The request '{name}' has no body of text that could be referred to.");
        }

        var whole = part == "headers" || path is "" or "*";
        if (!whole && !CheckPath(name, path, place))
        {
            return "";
        }

        if (sent.All(value => !value.IsExpression))
        {
            var text = string.Concat(sent.Select(value => value.Text));
            return whole ? TypeScript.Text(text)
                : ValueAt(text, path) is { } value ? TypeScript.Text(value)
                : Refuse(place, $"The body of the request '{name}' has nothing at {path}.");
        }

        if (target.Annotations.Weight is null && current.Annotations.Weight is not null)
        {
            return Refuse(place, $"What '{name}' sent is not the same for each virtual user, and only answers are kept of requests that are made once. Refer to its answer.");
        }

        var variable = target.Variables.Find(one => one.ValueExpression == Text(sent));
        if (variable is null)
        {
            variable = new ScriptVariable(TypeScript.Identifier($"{name} {part} sent", identifiers), Text(sent), target.Syntax.Location);
            target.Variables.Add(variable);
            // What is sent and what is referred to are the same value, though it may have come by chance.
            target.Request = part == "headers"
                ? target.Request! with { Headers = [.. target.Request.Headers.Select(header => header.Name.Equals(path, StringComparison.OrdinalIgnoreCase) ? header with { ValueExpression = variable.Name } : header)] }
                : target.Request! with { BodyExpression = variable.Name };
        }

        if (whole)
        {
            return variable.Name;
        }

        values.Use("valueAt");
        return $"valueAt({variable.Name}, {TypeScript.Text(path)})";
    }

    private static string? ValueAt(string text, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var element = json.RootElement;
            foreach (Match step in PathStep().Matches(path))
            {
                var key = step.Groups["key"].Value;
                if (element.ValueKind == JsonValueKind.Array && int.TryParse(key, out var index) && index < element.GetArrayLength())
                {
                    element = element[index];
                }
                else if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element))
                {
                    return null;
                }
            }

            return element.ValueKind == JsonValueKind.String ? element.GetString() : element.GetRawText();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string Refuse(SourceLocation place, string message)
    {
        if (diagnostics.All(one => one.Location != place))
        {
            Report(Rules.HttpReference, place, message);
        }

        return "";
    }

    [GeneratedRegex(@"^(?<name>\w+)\.(?<side>request|response)\.(?<part>body|headers)(?:\.(?<path>.*))?$")]
    private static partial Regex RequestReference();

    [GeneratedRegex(@"\.(?<key>[A-Za-z_$][\w$-]*)|\[(?<key>\d+)\]|\['(?<key>[^']*)'\]|\[""(?<key>[^""]*)""\]")]
    private static partial Regex PathStep();
}
