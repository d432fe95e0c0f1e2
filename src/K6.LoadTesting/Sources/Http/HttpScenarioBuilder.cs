using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Http;

/// <summary>Makes a scenario of an <c>.http</c> file that was read.</summary>
internal sealed partial class HttpScenarioBuilder
{
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
                LookedFor = [.. environments.LookedFor, .. values.LookedFor],
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

    private static string Text(IEnumerable<HttpValue> resolved) => TypeScript.Template(resolved.Select(value => new TemplatePart(value.Text, value.IsExpression)));

    private void Report(DiagnosticRule rule, SourceLocation place, string message) => diagnostics.Add(rule.At(place, message));

    [GeneratedRegex(@"^\w+\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
