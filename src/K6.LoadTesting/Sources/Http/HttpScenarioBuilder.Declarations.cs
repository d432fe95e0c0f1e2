using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Http;

/// <content>What items of a project would declare: limits, variables, secrets, and the load.</content>
internal sealed partial class HttpScenarioBuilder
{
    private static readonly string[] LoadMetadata = [.. LoadReader.Metadata];

    private void AddThresholds()
    {
        foreach (var draft in drafts)
        {
            draft.Annotations.Thresholds.ForEach(annotation => AddThreshold(annotation, draft.Name));
        }

        foreach (var annotation in file.Annotations)
        {
            switch (annotation.Name.ToLowerInvariant())
            {
                case "threshold":
                    AddThreshold(annotation, null);
                    break;
                case "scenario" or "think" or "timeout" or "tag" or "expect" or "no-redirect" or "no-cookie-jar" or "address":
                    break;
                default:
                    Report(Rules.HttpAnnotation, annotation.Location, $"There is no annotation '@k6 file {annotation.Name}'.{NearestName.Hint(annotation.Name, ["scenario", "threshold", "expect", "think", "timeout", "tag", "no-redirect", "no-cookie-jar", "address"])}");
                    break;
            }
        }
    }

    private void AddThreshold(HttpAnnotation annotation, string? request)
    {
        if (annotation.Text.Length == 0)
        {
            return;
        }

        if (Threshold().Match(annotation.Text) is not { Success: true } match || (request is null && !match.Groups["metric"].Success))
        {
            Report(Rules.HttpAnnotation, annotation.TextLocation, request is null
                ? $"'{annotation.Text}' is no limit of the whole file; write a metric and a limit, such as 'http_req_failed rate<1%'."
                : $"'{annotation.Text}' is no limit; write a statistic and a limit, such as 'p(95)<500ms', with another metric than the duration in front, such as 'http_req_failed rate<1%'.");
            return;
        }

        var metric = match.Groups["metric"] is { Success: true } written ? written.Value : "http_req_duration";
        if (request is not null)
        {
            metric = metric.EndsWith('}') ? $"{metric[..^1]},name:{request}}}" : $"{metric}{{name:{request}}}";
        }

        var limit = match.Groups["limit"].Value;
        var bound = match.Groups["operator"].Value switch { "<" => "Below", "<=" => "AtMost", ">" => "Above", ">=" => "AtLeast", _ => null };
        var hasUnit = limit.Any(one => char.IsLetter(one) || one == '%');
        items.Add(Item("K6Threshold", metric, annotation.TextLocation, hasUnit && bound is not null
            ? new() { ["Statistic"] = match.Groups["statistic"].Value, [bound] = limit, ["Scenario"] = scenario }
            : new() { ["Expression"] = $"{match.Groups["statistic"].Value}{match.Groups["operator"].Value}{limit}", ["Scenario"] = scenario }));
    }

    private void AddEnvironment()
    {
        foreach (var need in values.Needs)
        {
            if (project.Items.Any(item => item.Kind is "K6Secret" or "K6EnvironmentVariable" && item.Include.Trim() == need.Name))
            {
                continue;
            }

            var secret = need.Secret;
            if (secret?.GetValueOrDefault("Provider") is { } provider)
            {
                Report(Rules.HttpSecretProvider, need.Location,
                    $"The value of '{need.Name}' is kept by the provider {provider}, which only an editor can ask. Declare where the load test finds it: <K6Secret Include=\"{need.Name}\" /> reads the variable {need.Name}.");
                continue;
            }

            if (secret?.ContainsKey("UserSecret") == true && string.IsNullOrWhiteSpace(project.UserSecretsId))
            {
                Report(Rules.HttpSecretProvider, need.Location,
                    $"The value of '{need.Name}' is a user secret, and {project.Name} has no UserSecretsId. Set the property to that of the project whose secret it is, or declare <K6Secret Include=\"{need.Name}\" />.");
                continue;
            }

            items.Add(Item(secret is null ? "K6EnvironmentVariable" : "K6Secret", need.Name, need.Location, secret is null ? [] : new(secret)));
        }
    }

    private Dictionary<string, (string Value, SourceLocation Place)> Load()
    {
        var load = new Dictionary<string, (string, SourceLocation)>(StringComparer.OrdinalIgnoreCase);
        foreach (var annotation in file.Annotations.Where(annotation => annotation.Name.Equals("scenario", StringComparison.OrdinalIgnoreCase)))
        {
            var last = 0;
            foreach (Match match in LoadPair().Matches(annotation.Text))
            {
                var place = annotation.TextLocation with { Column = annotation.TextLocation.Column + match.Index };
                var name = LoadMetadata.FirstOrDefault(one => one.Equals(match.Groups["name"].Value, StringComparison.OrdinalIgnoreCase));
                if (match.Index != last || name is null)
                {
                    break;
                }

                load[name] = (match.Groups["value"].Value.Trim('"'), place);
                last = match.Index + match.Length;
            }

            if (last != annotation.Text.Length || last == 0)
            {
                var rest = annotation.Text[last..].Trim();
                var word = rest.Split('=', ' ')[0];
                Report(Rules.HttpAnnotation, annotation.TextLocation with { Column = annotation.TextLocation.Column + last },
                    $"'{rest}' is no load; write metadata of K6Scenario, such as '# @k6 file scenario Vus=5 Duration=30s'.{(rest.Contains('=', StringComparison.Ordinal) ? NearestName.Hint(word, LoadMetadata) : "")}");
            }
        }

        return load;
    }

    private static ItemDeclaration Item(string kind, string include, SourceLocation place, Dictionary<string, string> metadata) =>
        new(kind, include, place) { Metadata = new Dictionary<string, string>(metadata, StringComparer.OrdinalIgnoreCase) };

    [GeneratedRegex(@"^(?:(?<metric>[A-Za-z_]\w*(?:\{[^}]*\})?)\s+)?(?<statistic>avg|min|med|max|count|rate|value|p\([0-9.]+\))\s*(?<operator><=|>=|===?|!=|<|>)\s*(?<limit>\S+)$")]
    private static partial Regex Threshold();

    [GeneratedRegex(@"(?<name>[A-Za-z]+)\s*=\s*(?<value>""[^""]*""|[^\s""]+)\s*")]
    private static partial Regex LoadPair();
}
