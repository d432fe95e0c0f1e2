using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Http;

/// <summary>What an <c>.http</c> file declares: requests, and besides them what items of a project would.</summary>
/// <param name="Script">The requests.</param>
/// <param name="Items">Thresholds, variables and secrets, each at its line of the file.</param>
/// <param name="Load">Load metadata by name, for an item that has none, each with its place.</param>
internal sealed record HttpScenario(
    RequestScript Script,
    IReadOnlyList<ItemDeclaration> Items,
    IReadOnlyDictionary<string, (string Value, SourceLocation Place)> Load)
{
    /// <summary>Metadatum of a <c>K6Scenario</c> that names the environment.</summary>
    public const string EnvironmentMetadatum = "HttpEnvironment";

    /// <summary>Reads an <c>.http</c> file with its environment files.</summary>
    /// <param name="file">Absolute path.</param>
    /// <param name="scenario">Name of the scenario.</param>
    /// <param name="environment">Name of the environment, null for none, and where it is chosen.</param>
    /// <param name="project">The project, whose services give addresses.</param>
    /// <param name="diagnostics">Receives what is wrong, and what will not be done, each at its line.</param>
    /// <returns>Null when it cannot be a scenario; that was reported.</returns>
    public static HttpScenario? Read(
        string file, string scenario, (string? Name, SourceLocation Place) environment, ProjectDeclaration project, ICollection<Diagnostic> diagnostics)
    {
        var found = new List<Diagnostic>();
        HttpScenario? result = null;
        if (HttpText.Read(file, found) is { } text)
        {
            var environments = HttpEnvironments.Read(file, found);
            if (environment.Name is { } name && !environments.Names.Contains(name, StringComparer.Ordinal))
            {
                found.Add(Rules.HttpEnvironment.At(environment.Place, environments.Files.Count == 0
                    ? $"There is no environment '{name}': neither beside {Path.GetFileName(file)} nor above it is a file http-client.env.json."
                    : $"There is no environment '{name}' in {environments.Files[0]}.{NearestName.Hint(name, environments.Names)}"));
            }
            else
            {
                result = new HttpScenarioBuilder(HttpFileParser.Parse(file, text, found), environments, scenario, environment.Name, project, found).Build();
            }
        }

        found.ForEach(diagnostics.Add);
        return found.Exists(one => one.Severity == DiagnosticSeverity.Error) ? null : result;
    }
}

/// <summary>Makes a scenario of an <c>.http</c> file that was read.</summary>
internal sealed partial class HttpScenarioBuilder
{
    private static readonly string[] LoadMetadata = [.. LoadReader.Metadata];

    private readonly HttpFile file;
    private readonly string scenario;
    private readonly ProjectDeclaration project;
    private readonly ICollection<Diagnostic> diagnostics;
    private readonly HttpEnvironments environments;
    private readonly HttpValues values;
    private readonly HashSet<string> inputs = [];
    private readonly HttpServiceVariables services;
    private readonly List<Draft> drafts = [];
    private readonly List<ItemDeclaration> items = [];
    private readonly HashSet<string> identifiers = [];
    private readonly List<ScriptFile> files = [];
    private Draft current = null!;
    private bool encodes;

    public HttpScenarioBuilder(
        HttpFile file, HttpEnvironments environments, string scenario, string? environment, ProjectDeclaration project, ICollection<Diagnostic> diagnostics)
    {
        this.file = file;
        this.environments = environments;
        this.scenario = scenario;
        this.project = project;
        this.diagnostics = diagnostics;
        services = HttpServiceVariables.Of(file, project, diagnostics);
        values = new HttpValues(file, environments, environment, diagnostics) { ServiceVariables = services.Expressions, Reference = Reference };
    }

    /// <summary>A request on its way to a <see cref="ScriptRequest"/>: later ones ask earlier ones for values.</summary>
    private sealed class Draft(HttpRequest syntax, HttpAnnotations annotations)
    {
        public HttpRequest Syntax { get; } = syntax;

        public HttpAnnotations Annotations { get; } = annotations;

        public string Name { get; set; } = "";

        public ScriptRequest? Request { get; set; }

        /// <summary>What was resolved of headers and body, for those who ask what was sent.</summary>
        public Dictionary<string, IReadOnlyList<HttpValue>> Sent { get; } = new(StringComparer.OrdinalIgnoreCase);

        public List<ScriptCapture> Captures { get; } = [];

        public List<ScriptVariable> Variables { get; } = [];
    }

    /// <summary>Makes it; null when there is no request.</summary>
    public HttpScenario? Build()
    {
        foreach (var request in file.Requests)
        {
            var draft = new Draft(request, new HttpAnnotations(Defaults().Concat(request.Annotations), diagnostics));
            if (!draft.Annotations.Skip)
            {
                drafts.Add(draft);
            }
        }

        if (drafts.Count == 0)
        {
            // A file whose requests are all wrong was told so.
            if (diagnostics.All(one => one.Severity != DiagnosticSeverity.Error))
            {
                diagnostics.Add(Rules.HttpNoRequests.At(new SourceLocation(file.Path, 1, 1), "The file has no request to run. A request is 'GET https://…' on a line of its own, between lines with '###'."));
            }

            return null;
        }

        CheckNames();
        CheckWeights();
        drafts.ForEach(Make);
        values.WarnOfLateVariables();
        AddThresholds();
        AddEnvironment();

        var made = drafts.Where(draft => draft.Request is not null).ToList();
        var weighted = made.Exists(draft => draft.Annotations.Weight is not null);
        return new HttpScenario(
            new RequestScript
            {
                Origin = Path.GetFileName(file.Path),
                Inputs = [file.Path, .. environments.Files, .. inputs.Order(StringComparer.Ordinal)],
                Thresholds = ExpectedOfAll(),
                BaseUrlExpression = services.BaseUrlExpression ?? (made.Exists(draft => IsPath(draft)) ? $"__ENV.{ServicePlan.DefaultUrlVariable}" : null),
                Imports = [new ScriptImport("k6-sdk", [.. values.Functions.Order(StringComparer.Ordinal)]), .. encodes ? [new ScriptImport("k6/encoding", ["b64encode"])] : Array.Empty<ScriptImport>()],
                Files = files,
                SetUp = weighted ? [.. made.Where(draft => draft.Annotations.Weight is null).Select(Finish)] : [],
                Choices = weighted
                    ? [.. made.Where(draft => draft.Annotations.Weight is not null).Select(draft => new RequestSequence
                    {
                        Weight = draft.Annotations.Weight!.Value,
                        Requests = [Finish(draft)],
                        Location = draft.Syntax.Location,
                    })]
                    : [new RequestSequence { Requests = [.. made.Select(Finish)], Location = made.Count > 0 ? made[0].Syntax.Location : new SourceLocation(file.Path, 1, 1) }],
            },
            items,
            Load());
    }

    /// <summary>What somebody wrote that answers have to be fails the run, unless a limit on <c>checks</c> says how much of it may be.</summary>
    private ScriptThresholdLine[] ExpectedOfAll() =>
        drafts.SelectMany(draft => draft.Annotations.Expectations).FirstOrDefault() is { } first
            && !project.Items.Concat(items).Any(item => item.Kind == "K6Threshold" && item.Include.Trim().Split('{')[0].TrimEnd() == "checks")
            ? [new ScriptThresholdLine("checks", "rate==1", first.TextLocation)]
            : [];

    private static bool IsPath(Draft draft) => draft.Request!.AddressExpression.StartsWith("'/", StringComparison.Ordinal) || draft.Request.AddressExpression.StartsWith("`/", StringComparison.Ordinal);

    private static ScriptRequest Finish(Draft draft) => draft.Request! with { Captures = draft.Captures, Variables = draft.Variables };

    private IEnumerable<HttpAnnotation> Defaults() =>
        file.Annotations.Where(annotation => annotation.Name.ToLowerInvariant() is "think" or "timeout" or "tag" or "expect" or "no-redirect" or "no-cookie-jar");

    private void CheckNames()
    {
        var named = new Dictionary<string, HttpAnnotation>(StringComparer.Ordinal);
        var rows = new Dictionary<string, Draft>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            if (draft.Syntax.Name is { } name)
            {
                if (!Identifier().IsMatch(name.Text))
                {
                    Report(Rules.HttpName, name.TextLocation, $"'{name.Text}' cannot be the name of a request; use letters, digits and '_' only. A title with spaces goes behind the '###'.");
                }
                else if (!named.TryAdd(name.Text, name))
                {
                    Report(Rules.HttpName, name.TextLocation, $"The request '{name.Text}' is named at {named[name.Text].TextLocation} already, and a reference to it would have two meanings; give one another name.");
                }
            }
        }

        foreach (var draft in drafts)
        {
            draft.Name = draft.Syntax.Name?.Text ?? Title(draft.Syntax.Title) ?? "";
            if (draft.Name.Length > 0 && draft.Syntax.Name is null && !rows.TryAdd(draft.Name, draft))
            {
                Report(Rules.HttpSameTitle, draft.Syntax.Location, $"The request in line {rows[draft.Name].Syntax.Location.Line} has the title '{draft.Name}' too: both are one row in results. Give them names, '# @name', or other titles.");
            }
        }
    }

    // k6 splits submetrics at commas, and takes quotes away at the ends.
    private static string? Title(string? title)
    {
        var text = title is null ? "" : Spaces().Replace(title.Replace(',', ' '), " ").Trim(' ', '"', '\'');
        return text.Any(char.IsLetterOrDigit) ? text : null;
    }

    private void CheckWeights()
    {
        var weights = drafts.Where(draft => draft.Annotations.Weight is not null).ToList();
        if (weights.Count > 0 && weights.Sum(draft => draft.Annotations.Weight) == 0)
        {
            Report(Rules.HttpAnnotation, weights[0].Syntax.Location, "All weights are 0, so that no request would ever be made; give one of them more.");
        }
    }

    private void Make(Draft draft)
    {
        current = draft;
        var syntax = draft.Syntax;
        var line = syntax.Location.Line;
        var url = new HttpAddress(values.Resolve(syntax.Url, line), services.BaseVariable, syntax.Headers.Any(header => header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            ? values.Resolve(syntax.Headers.First(header => header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)).Value, line) : null);
        if (url.Complaint is { } complaint && diagnostics.All(one => one.Severity != DiagnosticSeverity.Error || one.Location?.Line != line))
        {
            Report(Rules.HttpAddress, syntax.Url.Start!, complaint);
        }

        draft.Name = draft.Name.Length > 0 ? draft.Name : $"{syntax.Method} {url.Template}".Replace(',', ' ');
        var headers = Headers(draft, line);
        var (body, bodyFile) = Body(draft, line);
        var (shortest, longest) = Think(draft.Annotations.Think);
        draft.Request = new ScriptRequest
        {
            Name = draft.Name,
            Method = syntax.Method,
            AddressExpression = TypeScript.Template(url.Parts),
            Headers = headers,
            BodyExpression = body,
            BodyFile = bodyFile,
            Expectations = Expectations(draft),
            ThinkTime = shortest,
            LongestThinkTime = longest,
            Timeout = draft.Annotations.Timeout,
            Redirects = draft.Annotations.NoRedirect ? 0 : null,
            Cookies = !draft.Annotations.NoCookieJar,
            Tags = draft.Annotations.Tags,
            Location = syntax.Location,
        };
    }

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

    private static string Text(IEnumerable<HttpValue> resolved) => TypeScript.Template(resolved.Select(value => new TemplatePart(value.Text, value.IsExpression)));

    private void Report(DiagnosticRule rule, SourceLocation place, string message) => diagnostics.Add(rule.At(place, message));

    [GeneratedRegex(@"^\w+\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("[^0-9A-Z]+")]
    private static partial Regex EnvironmentName();

    [GeneratedRegex(@"^(?<scheme>Basic\s+)(?=[^\s:]+(\s+|\s*:\s*)[^\s])", RegexOptions.IgnoreCase)]
    private static partial Regex BasicInClear();

    [GeneratedRegex(@"^(?:(?<metric>[A-Za-z_]\w*(?:\{[^}]*\})?)\s+)?(?<statistic>avg|min|med|max|count|rate|value|p\([0-9.]+\))\s*(?<operator><=|>=|===?|!=|<|>)\s*(?<limit>\S+)$")]
    private static partial Regex Threshold();

    [GeneratedRegex(@"(?<name>[A-Za-z]+)\s*=\s*(?<value>""[^""]*""|[^\s""]+)\s*")]
    private static partial Regex LoadPair();
}
