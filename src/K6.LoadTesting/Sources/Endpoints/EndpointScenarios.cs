using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Endpoints;

/// <summary>Makes the requests of scenarios that are only a name of the <c>K6Endpoint</c> items of a project, or of their twins in C#.</summary>
internal sealed partial class EndpointScenarios
{
    private readonly ProjectDeclaration project;
    private readonly IReadOnlyList<DataPlan> data;
    private readonly IReadOnlyCollection<string> variables;
    private readonly List<Diagnostic> diagnostics = [];
    private readonly HashSet<(EndpointItem, string)> usedParameters = [];

    private EndpointScenarios(ProjectDeclaration project, IReadOnlyList<DataPlan> data, IReadOnlyCollection<string> variables)
    {
        this.project = project;
        this.data = data;
        this.variables = variables;
    }

    /// <summary>Gives every scenario that is only a name its requests.</summary>
    /// <param name="project">What the project declares.</param>
    /// <param name="scenarios">Its scenarios.</param>
    /// <param name="data">Its test data.</param>
    /// <param name="variables">Names of variables that the engine will have.</param>
    /// <param name="diagnostics">Receives what is wrong, each at its place.</param>
    public static IReadOnlyList<DeclaredScenario> Read(
        ProjectDeclaration project, IReadOnlyList<DeclaredScenario> scenarios, IReadOnlyList<DataPlan> data, IReadOnlyCollection<string> variables, ICollection<Diagnostic> diagnostics)
    {
        var reader = new EndpointScenarios(project, data, variables);
        var read = reader.Read(scenarios);
        // An endpoint of several scenarios is as wrong in each.
        foreach (var diagnostic in reader.diagnostics.DistinctBy(one => (one.Code, one.Location, one.Message)))
        {
            diagnostics.Add(diagnostic);
        }

        return read;
    }

    private List<DeclaredScenario> Read(IReadOnlyList<DeclaredScenario> scenarios)
    {
        var declared = project.Items.Where(item => item.Kind.Equals("K6Endpoint", StringComparison.OrdinalIgnoreCase)).ToList();
        var items = declared.Select(item => EndpointItem.Read(project, item, diagnostics)).OfType<EndpointItem>().ToList();
        var names = scenarios.Where(scenario => scenario.Requests is not null || (!scenario.Enabled && IsName(scenario.Plan.File))).Select(scenario => scenario.Name).ToList();
        items.ForEach(item => CheckScenarios(item, scenarios, names));
        var read = new List<DeclaredScenario>();
        foreach (var scenario in scenarios)
        {
            var own = items.Where(item => item.Scenarios.Count == 0 || item.Scenarios.Contains(scenario.Name)).ToList();
            read.Add(scenario.Requests is not { } reader || !scenario.Enabled ? scenario
                : scenario with { Plan = scenario.Plan with { Requests = Compose(scenario, reader, own, declared.Count) } });
        }

        foreach (var item in items.Where(item => read.Exists(scenario => scenario is { Enabled: true, Requests: not null } && (item.Scenarios.Count == 0 || item.Scenarios.Contains(scenario.Name)))))
        {
            foreach (var (name, _, location) in item.Parameters.Where(parameter => !usedParameters.Contains((item, parameter.Name))))
            {
                diagnostics.Add(Rules.UnusedParameter.At(location, $"Nothing in '{item.Name}' asks for the parameter '{name}'; write {{{name}}} where its value goes, or remove it."));
            }
        }

        return read;
    }

    private static void CheckScenarios(EndpointItem item, IReadOnlyList<DeclaredScenario> scenarios, List<string> names)
    {
        foreach (var name in item.Scenarios.Except(names))
        {
            item.Reader.Report(Rules.EndpointWithoutScenario, "Scenario", scenarios.Any(scenario => scenario.Name == name)
                ? $"The scenario '{name}' is a script, and makes its requests itself; include a name instead of the script, or write the request there."
                : $"There is no scenario '{name}'.{(names.Count > 0 ? NearestName.Hint(name, names) : $" Declare it: <K6Scenario Include=\"{name}\" Vus=\"5\" Duration=\"30s\" />.")}");
        }

        if (item.Scenarios.Count == 0 && names.Count == 0)
        {
            item.Reader.Report(Rules.EndpointWithoutScenario, null,
                "No scenario makes this request: the project declares none that is only a name. Declare one: <K6Scenario Include=\"browse\" Vus=\"5\" Duration=\"30s\" />.");
        }
    }

    private RequestScript? Compose(DeclaredScenario scenario, ItemReader reader, List<EndpointItem> items, int declared)
    {
        if (scenario.Plan.Load is null && LoadReader.Metadata.All(name => !reader.Has(name)))
        {
            reader.Report(Rules.ScenarioWithoutLoad, null,
                $"The scenario '{scenario.Name}' has no load. Say how much: Pattern=\"Steady\" Vus=\"5\" Duration=\"30s\", or any other of docs/scenarios.md.");
        }

        if (items.Count == 0)
        {
            // Endpoints that could not be read may be the ones that are missing here.
            if (declared == 0 || diagnostics.Count == 0)
            {
                reader.Report(Rules.ScenarioWithoutEndpoints, null,
                    $"'{reader.Include}' is not a file, and no K6Endpoint makes requests for a scenario of that name. Include a script, or add requests: <K6Endpoint Include=\"GET /\" Scenario=\"{scenario.Name}\" />.{ScenarioReader.NearestScript(scenario.SourceFile)}");
            }

            return null;
        }

        foreach (var same in items.GroupBy(item => item.Name).Where(group => group.Count() > 1))
        {
            var second = same.ElementAt(1);
            second.Reader.Report(Rules.AmbiguousEndpoint, second.Reader.Has("Name") ? "Name" : second.Reader.Has("Request") ? "Request" : null,
                $"The scenario '{scenario.Name}' has a request '{same.Key}' at {same.First().Reader.Location} already, and results could not tell them apart; give one of them a Name.");
        }

        var headers = EndpointItem.ReadHeaders(reader);
        var parameters = EndpointItem.ReadParameters(reader);
        var pause = EndpointItem.ReadThinkTime(reader);
        var texts = items.SelectMany(item => item.Templates.Select(template => template.Text)).Concat(headers.Select(header => header.Value));
        var script = new EndpointScript(data, variables,
            [.. texts.SelectMany(TemplateText.Names), .. items.SelectMany(item => item.Parameters).Concat(parameters).Select(parameter => parameter.Value)]);
        var choices = items.GroupBy(item => item.Journey is { } journey ? (object)journey : item)
            .Select(group => new SequenceBuilder(this, script, reader, parameters, headers, pause).Build(group.Key as string, [.. group]))
            .ToList();
        if (choices.Sum(choice => choice.Weight) == 0)
        {
            var first = items.Find(item => item.Weight is not null)!;
            diagnostics.Add(Rules.WeightsSumToZero.At(first.Reader.At("Weight"), $"The weights of the scenario '{scenario.Name}' sum to zero, so that there is nothing to request; give one endpoint a Weight above 0."));
        }

        return new RequestScript
        {
            Origin = $"the K6Endpoint items of {Path.GetFileName(project.File)}",
            Imports = script.Imports,
            Columns = script.Columns,
            Declarations = script.Declarations,
            Choices = choices,
        };
    }

    private static bool IsName(string file) => Path.GetExtension(file).Length == 0;

    /// <summary>Makes a sequence: one endpoint, or those of a journey.</summary>
    private sealed class SequenceBuilder(
        EndpointScenarios owner,
        EndpointScript script,
        ItemReader scenarioReader,
        IReadOnlyList<(string Name, string Value, SourceLocation Location)> parameters,
        IReadOnlyList<(string Name, string Value, SourceLocation Location)> headers,
        (string? Shortest, string? Longest) pause)
    {
        private readonly HashSet<string> identifiers = script.NewIdentifiers();
        private readonly List<ScriptVariable> variables = [];
        private readonly Dictionary<string, string> known = [];
        private readonly HashSet<string> captured = [];

        public RequestSequence Build(string? journey, List<EndpointItem> items)
        {
            var requests = new List<ScriptRequest>();
            foreach (var item in items)
            {
                requests.Add(Request(item, items));
            }

            var weights = items.Where(item => item.Weight is not null).ToList();
            if (weights.Select(item => item.Weight).Distinct().Count() > 1)
            {
                weights[^1].Reader.Report(Rules.InvalidWeight, "Weight",
                    $"The journey '{journey}' has the weight {weights[0].Reader.Text("Weight")} already, at {weights[0].Reader.At("Weight")}: it runs as a whole. Keep one.");
            }

            return new RequestSequence
            {
                Name = journey,
                Weight = weights is [var first, ..] ? first.Weight!.Value : 1,
                Variables = variables,
                Requests = requests,
                Location = items[0].Reader.Location,
            };
        }

        private ScriptRequest Request(EndpointItem item, List<EndpointItem> journey)
        {
            var own = new List<ScriptVariable>();
            var local = new Dictionary<string, string>();
            string Value(string name, SourceLocation place) => Resolve(item, name, place, own, local, journey);

            var path = new List<ScriptPair>();
            var address = new List<TemplatePart>();
            foreach (var part in TemplateText.Parse(item.Address))
            {
                var expression = part.IsExpression ? Value(part.Text, item.PlaceOfAddress) : null;
                if (expression is not null && address.Count > 0)
                {
                    path.Add(new ScriptPair(part.Text, expression));
                }

                // What an address starts with is no part of a path, and is not encoded.
                address.Add(expression is null ? new TemplatePart(Encode(part.Text)) : address.Count == 0 ? new TemplatePart(expression, true) : new TemplatePart($"{{{part.Text}}}"));
            }

            return new ScriptRequest
            {
                Name = item.Name,
                Method = item.Method,
                AddressExpression = TypeScript.Template(address),
                Path = [.. path.DistinctBy(pair => pair.Name)],
                Query = [.. item.Query.Select(pair => new ScriptPair(pair.Name, QueryValue(pair.Value, pair.Location, Value)))],
                Headers = Headers(item, Value),
                BodyExpression = Body(item, Value),
                BodyFile = item.BodyFile,
                Variables = own,
                Expectations = item.Expectations,
                Values = [.. item.Expectations.SelectMany(expectation => expectation.Values.Select(name => new ScriptPair(name, Value(name, expectation.Location)))).DistinctBy(pair => pair.Name)],
                Captures = Captures(item, journey),
                ThinkTime = item.ThinkTime ?? pause.Shortest,
                LongestThinkTime = item.ThinkTime is null ? pause.Longest : item.LongestThinkTime,
                Timeout = item.Timeout,
                Redirects = item.Redirects,
                Cookies = item.Cookies,
                Tags = item.Tags,
                Location = item.Reader.Location,
            };
        }

        // Values and names are encoded by the client; this is what stands between them.
        private static string Encode(string text) => NotInAddress().Replace(text, match => Uri.EscapeDataString(match.Value));

        private List<ScriptPair> Headers(EndpointItem item, Func<string, SourceLocation, string> value)
        {
            var pairs = headers.Where(header => !item.Headers.Any(one => one.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase))).Concat(item.Headers)
                .Select(header => new ScriptPair(header.Name, Text(header.Value, header.Location, value))).ToList();
            if (item.IsJson && !pairs.Exists(pair => pair.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
            {
                pairs.Insert(0, new ScriptPair("Content-Type", "'application/json'"));
            }

            return pairs;
        }

        private string? Body(EndpointItem item, Func<string, SourceLocation, string> value)
        {
            if (item.Reader.Text("Body") is not { } body)
            {
                return null;
            }

            var place = item.Reader.At("Body");
            if (!item.IsJson)
            {
                return Text(body, place, value);
            }

            return TypeScript.Template(JsonBody.Parts(body.ReplaceLineEndings("\n")).Select(part =>
            {
                if (!part.Part.IsExpression)
                {
                    return part.Part;
                }

                if (part.Quoted)
                {
                    script.Uses("jsonText");
                }

                return new TemplatePart($"{(part.Quoted ? "jsonText" : "JSON.stringify")}({value(part.Part.Text, place)})", true);
            }));
        }

        // One value alone may stay a number.
        private static string QueryValue(string text, SourceLocation place, Func<string, SourceLocation, string> value) =>
            TemplateText.Parse(text) is [{ IsExpression: true, Text: var name }] ? value(name, place) : Text(text, place, value);

        private static string Text(string text, SourceLocation place, Func<string, SourceLocation, string> value) =>
            TypeScript.Template(TemplateText.Parse(text).Select(part => part.IsExpression ? new TemplatePart(value(part.Text, place), true) : part));

        private List<ScriptCapture> Captures(EndpointItem item, List<EndpointItem> journey)
        {
            var captures = new List<ScriptCapture>();
            foreach (var (name, text, location) in item.Captures)
            {
                string? complaint = null;
                if (item.Journey is null || ReferenceEquals(item, journey[^1]))
                {
                    complaint = item.Journey is null
                        ? $"'{item.Name}' is no part of a Journey, so that no request could use '{name}'; give those that belong together the same Journey."
                        : $"'{item.Name}' is the last request of the journey '{item.Journey}', so that none could use '{name}'.";
                }
                else if (!TemplateText.IsName(name))
                {
                    complaint = $"'{name}' cannot be the name of a value; use letters, digits, '_' and '-', the first one a letter.";
                }

                var identifier = TypeScript.Identifier(name, identifiers);
                var capture = complaint is null ? ExpectationText.ParsePlace(identifier, name, text, location, out complaint) : null;
                known[name] = identifier; // also a wrong one: one mistake is enough
                captured.Add(name);
                if (capture is not null)
                {
                    captures.Add(capture);
                }
                else
                {
                    item.Reader.ReportAt(Rules.InvalidCapture, location, complaint!);
                }
            }

            return captures;
        }

        // The nearest declaration wins: the request's, what was captured, the scenario's, then environment and data.
        private string Resolve(
            EndpointItem item, string name, SourceLocation place, List<ScriptVariable> own, Dictionary<string, string> local, List<EndpointItem> journey)
        {
            if (item.Parameters.FirstOrDefault(parameter => parameter.Name == name) is { Name: not null } mine)
            {
                owner.usedParameters.Add((item, name));
                return local.TryGetValue(name, out var before) ? before : local[name] = Declare(item.Reader, mine, own);
            }

            if (known.TryGetValue(name, out var expression))
            {
                return expression;
            }

            if (parameters.FirstOrDefault(parameter => parameter.Name == name) is { Name: not null } shared)
            {
                return known[name] = Declare(scenarioReader, shared, variables);
            }

            if (Outside(name, place) is { } outside)
            {
                return outside;
            }

            string[] names = [.. item.Parameters.Concat(parameters).Select(parameter => parameter.Name), .. captured, .. script.Names];
            var advice = journey.SelectMany(other => other.Captures).Any(capture => capture.Name == name) ? " It is captured only later in the journey."
                : name.StartsWith("env.", StringComparison.Ordinal) ? $" The engine gets only declared variables: <K6EnvironmentVariable Include=\"{name[4..]}\" />, or K6Secret."
                : $"{NearestName.Hint(name, names)} Declare it: Parameters=\"{name}=1..100\".";
            item.Reader.ReportAt(Rules.UnknownParameter, place, $"'{item.Name}' asks for {{{name}}}, and nothing declares it.{advice}");
            return "''";
        }

        // Of the environment, or of test data: a row is chosen once per iteration.
        private string? Outside(string name, SourceLocation place)
        {
            if (script.Environment(name) is { } variable)
            {
                return variable;
            }

            if (script.Row(name, place) is not { } row)
            {
                return null;
            }

            if (!known.TryGetValue(row.RowExpression, out var identifier))
            {
                identifier = known[row.RowExpression] = TypeScript.Identifier(row.Row, identifiers);
                variables.Add(new ScriptVariable(identifier, row.RowExpression, place));
            }

            return identifier + row.Member;
        }

        private string Declare(ItemReader reader, (string Name, string Value, SourceLocation Location) parameter, List<ScriptVariable> into)
        {
            var (name, value, location) = parameter;
            if (Outside(value, location) is { } outside)
            {
                return outside;
            }

            string expression;
            if (Range().Match(value) is { Success: true } range)
            {
                if (!long.TryParse(range.Groups["from"].Value, out var from) || !long.TryParse(range.Groups["to"].Value, out var to) || to < from || Math.Max(Math.Abs(from), Math.Abs(to)) > 1L << 53)
                {
                    reader.ReportAt(Rules.InvalidParameter, location, $"'{value}' of the parameter '{name}' is no range: write the smaller whole number first, {name}=1..200.");
                    return "''";
                }

                script.Uses("integer");
                expression = $"integer({from}, {to})";
            }
            else if (value.Contains('|'))
            {
                var members = value.Split('|', StringSplitOptions.TrimEntries);
                script.Uses("oneOf");
                expression = $"oneOf([{string.Join(", ", members.Select(TypeScript.Text))}])";
            }
            else if (value.Length == 0 || value.Contains("..", StringComparison.Ordinal) || value.StartsWith("env.", StringComparison.Ordinal))
            {
                reader.ReportAt(Rules.InvalidParameter, location, value.StartsWith("env.", StringComparison.Ordinal)
                    ? $"'{value}' of the parameter '{name}' is not declared. The engine gets only declared variables: <K6EnvironmentVariable Include=\"{value[4..]}\" />, or K6Secret."
                    : $"'{value}' of the parameter '{name}' is neither a range of whole numbers (1..200), nor a list (S|M|L), nor env.NAME, nor a column of test data (users.email).");
                return "''";
            }
            else
            {
                return TypeScript.Text(value);
            }

            var identifier = TypeScript.Identifier(name, identifiers);
            into.Add(new ScriptVariable(identifier, expression, location));
            return identifier;
        }
    }

    [GeneratedRegex(@"^(?<from>-?\d+)\s*\.\.\s*(?<to>-?\d+)\z")]
    private static partial Regex Range();

    [GeneratedRegex(@"[^A-Za-z0-9\-._~:/@!$&'()*+,;=]+")]
    private static partial Regex NotInAddress();
}
