using System.Globalization;
using System.Text.Json.Nodes;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>
/// Makes the script of a scenario over all operations of a document: each with example or made-up values, by its weight; right is what the document
/// says of it.
/// </summary>
internal sealed class SmokeScript(OpenApiPlan plan, ApiDocument document, DocumentSet documents, SchemaNames names, DocumentProblems problems)
{
    private const string Boundary = "k6-sdk-boundary";
    private const int LongestTurn = 10_000;

    private readonly Samples samples = new(documents, plan.Seed);
    private readonly HashSet<string> imports = [];
    private readonly SortedDictionary<string, string> constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = [];
    private ApiOperation? tokenOperation;

    /// <summary>Makes it; null when there is nothing to call, which is reported.</summary>
    public RequestScript? Make()
    {
        tokenOperation = plan.TokenOperation is { } name ? OperationFilter.Find(plan, document, "TokenOperation", name, problems) : null;
        var operations = OperationFilter.Included(plan, document, problems).Where(operation => operation.Weight > 0).ToList();
        if (operations.Count == 0)
        {
            problems.Add(Rules.OpenApiNoOperations, plan.Location, $"The document of '{plan.Name}' has no operation that a smoke scenario could call{(plan.Exclude.Count > 0 ? ": Exclude leaves none" : "")}.");
            return null;
        }

        ScriptRequest[] setUp = tokenOperation is null ? [] : [TokenRequest(tokenOperation)];
        RequestSequence[] choices = [.. operations.Select(operation => new RequestSequence { Weight = operation.Weight, Requests = [Request(operation)], Location = operation.Location })];
        CheckParameters();
        return new RequestScript
        {
            Origin = $"{document.Title}",
            BaseUrlExpression = "client.address",
            Imports = [new ScriptImport($"k6-clients/{plan.Name}", plan.ValidateResponses ? ["client", "schemas"] : ["client"]), new ScriptImport("k6-sdk", [.. imports.Order(StringComparer.Ordinal)])],
            Declarations = [.. constants.Select(constant => $"const {constant.Key} = {constant.Value};")],
            SetUp = setUp,
            Choices = choices,
            Iterations = Turn(operations),
        };
    }

    // All operations, each as often as its weight says.
    private static long Turn(List<ApiOperation> operations)
    {
        var weights = operations.Select(operation => (long)(operation.Weight * 1_000_000)).ToList();
        var divisor = weights.Aggregate((a, b) => (long)System.Numerics.BigInteger.GreatestCommonDivisor(a, b));
        return Math.Min(LongestTurn, Math.Max(operations.Count, weights.Sum(weight => weight / divisor)));
    }

    private ScriptRequest TokenRequest(ApiOperation operation)
    {
        var capture = ExpectationText.ParsePlace("token", "token", plan.TokenPlace, plan.At("TokenPlace"), out var complaint);
        if (capture is null)
        {
            problems.Add(Rules.InvalidValue, plan.At("TokenPlace"), $"TokenPlace: {complaint}");
        }

        return Request(operation) with { Captures = capture is null ? [] : [capture], Expectations = [Status(ClientWriter.Statuses(operation), operation.Location)] };
    }

    private ScriptRequest Request(ApiOperation operation)
    {
        var (path, query, headers) = (new List<ScriptPair>(), new List<ScriptPair>(), new List<ScriptPair>());
        var cookies = new List<TemplatePart>();
        foreach (var parameter in operation.Parameters.Where(IsSent))
        {
            var value = Value(parameter.Schema, parameter.Example, parameter.Name, $"{operation.Name} {parameter.Name}");
            switch (parameter.In)
            {
                case "path":
                    path.Add(new ScriptPair(parameter.Name, value.Joined(",")));
                    break;
                case "query":
                    query.AddRange(value.Query(parameter.Name, parameter.Style));
                    break;
                case "header":
                    headers.Add(new ScriptPair(parameter.Name, value.Text()));
                    break;
                default:
                    cookies.AddRange([new TemplatePart($"{(cookies.Count > 0 ? "; " : "")}{parameter.Name}="), new TemplatePart($"encodeURIComponent({value.Joined(",")})", true)]);
                    break;
            }
        }

        var body = Body(operation, headers);
        Authenticate(operation, headers, query, cookies);
        if (cookies.Count > 0)
        {
            headers.Add(new ScriptPair("Cookie", TypeScript.Template(cookies)));
        }

        return new ScriptRequest
        {
            Name = operation.Name,
            Method = operation.Method,
            AddressExpression = TypeScript.Text(operation.Path),
            Path = path,
            Query = query,
            Headers = headers,
            BodyExpression = body,
            Expectations = Expectations(operation),
            Location = operation.Location,
        };
    }

    // What may be left out is left out, unless somebody said what it should be.
    private bool IsSent(ApiParameter parameter) =>
        parameter.IsRequired || plan.Parameters.ContainsKey(parameter.Name) || parameter.Example is not null || documents.Resolve(parameter.Schema)?.Find("example") is not null;

    private string? Body(ApiOperation operation, List<ScriptPair> headers)
    {
        if (operation.Body is not { } body)
        {
            return null;
        }

        var node = body.Kind == "text" && body.Example is null && documents.Resolve(body.Schema) is not { IsObject: true } ? JsonValue.Create("text") : samples.Of(body.Schema, body.Example, operation.Name);
        headers.Add(new ScriptPair("Content-Type", TypeScript.Text(body.Kind == "multipart" ? $"{body.ContentType}; boundary={Boundary}" : body.ContentType)));
        return body.Kind switch
        {
            // A list, a number or a text would be taken for something else than JSON.
            "json" => node is JsonObject ? Literal(node) : $"JSON.stringify({Literal(node)})",
            "form" => TypeScript.Template(Fields(node).SelectMany((field, index) => new[]
            {
                new TemplatePart($"{(index > 0 ? "&" : "")}{Uri.EscapeDataString(field.Name)}="), new TemplatePart($"encodeURIComponent({field.Value})", true),
            })),
            "multipart" => TypeScript.Template([.. Fields(node).SelectMany(field => new[]
            {
                new TemplatePart($"--{Boundary}\r\nContent-Disposition: form-data; name=\"{field.Name}\"\r\n\r\n"), new TemplatePart(field.Value, true), new TemplatePart("\r\n"),
            }), new TemplatePart($"--{Boundary}--\r\n")]),
            _ => node is JsonValue ? Literal(node) : TypeScript.Text(node?.ToJsonString() ?? ""),
        };
    }

    private IEnumerable<(string Name, string Value)> Fields(JsonNode? node) =>
        node is not JsonObject members ? [] : members.Select(member => (member.Key, Chosen(member.Key, member.Value) ?? (member.Value is JsonObject or JsonArray ? TypeScript.Text(member.Value.ToJsonString()) : Literal(member.Value))));

    // Which scheme is right is the server's to say; the first that the document names is taken.
    private void Authenticate(ApiOperation operation, List<ScriptPair> headers, List<ScriptPair> query, List<TemplatePart> cookies)
    {
        if (ReferenceEquals(operation, tokenOperation) || operation.Security.Any(one => one.Count == 0) || operation.Security.Count == 0)
        {
            return;
        }

        foreach (var scheme in operation.Security[0].Select(name => document.SecuritySchemes[name]))
        {
            var value = scheme.Kind == "bearer" && tokenOperation is not null ? "token" : Credential(scheme);
            switch (scheme.Kind)
            {
                case "bearer":
                    headers.Add(new ScriptPair("Authorization", $"`Bearer ${{{value}}}`"));
                    break;
                case "basic":
                    headers.Add(new ScriptPair("Authorization", $"`Basic ${{{value}}}`"));
                    break;
                case "header":
                    headers.Add(new ScriptPair(scheme.Key, value));
                    break;
                case "query":
                    query.Add(new ScriptPair(scheme.Key, value));
                    break;
                default:
                    cookies.AddRange([new TemplatePart($"{(cookies.Count > 0 ? "; " : "")}{scheme.Key}="), new TemplatePart(value, true)]);
                    break;
            }
        }
    }

    private string Credential(ApiSecurityScheme scheme)
    {
        imports.Add(scheme.Kind == "basic" ? "basicCredential" : "credential");
        var known = constants.Keys.FirstOrDefault(key => constants[key].Contains(TypeScript.Text(scheme.Variable), StringComparison.Ordinal));
        if (known is null)
        {
            known = TypeScript.Identifier(scheme.Variable + " credential", used);
            constants[known] = $"{(scheme.Kind == "basic" ? "basicCredential" : "credential")}({TypeScript.Text(scheme.Variable)}, {TypeScript.Text(scheme.Name)})";
        }

        return known;
    }

    // Made-up ids may not exist: what the document says of an operation is right, except that somebody is not let in, and that the server failed.
    private List<ScriptExpectation> Expectations(ApiOperation operation)
    {
        var documented = operation.Responses.Where(response => response.Status[0] == '4' && response.Status is not ("401" or "403" or "4XX")).Select(response => response.Status);
        var expectations = new List<ScriptExpectation> { Status(ClientWriter.Statuses(operation).Concat(documented), operation.Location) };
        if (plan.ValidateResponses)
        {
            var writer = new SchemaWriter(documents, names);
            var schemas = operation.Responses.Where(response => response is { Kind: "json", Schema: not null })
                .Select(response => $"{TypeScript.Property(response.Status)}: {SchemaWriter.Lazy(writer.Of(response.Schema, "schemas."))}").ToList();
            if (schemas.Count > 0)
            {
                expectations.Add(new ScriptExpectation($"fitsByStatus({{ {string.Join(", ", schemas)} }})", ["fitsByStatus"], operation.Location));
            }
        }

        return expectations;
    }

    private static ScriptExpectation Status(IEnumerable<string> statuses, SourceLocation location) => new($"status({string.Join(", ", statuses)})", ["status"], location);

    private SampleValue Value(DocumentNode? schema, DocumentNode? example, string name, string key) =>
        Chosen(name, samples.Of(schema, example, key)) is { } chosen ? new SampleValue(chosen, null) : new SampleValue(null, samples.Of(schema, example, key));

    private string Literal(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject members => members.Count == 0 ? "{}" : $"{{ {string.Join(", ", members.Select(member => $"{TypeScript.Property(member.Key)}: {Chosen(member.Key, member.Value) ?? Literal(member.Value)}"))} }}",
        JsonArray items => $"[{string.Join(", ", items.Select(Literal))}]",
        _ => SampleValue.Scalar(node),
    };

    private readonly HashSet<string> chosen = [];

    // The project's own values for a name: 1..200, a|b, env.NAME, or one.
    private string? Chosen(string name, JsonNode? sample)
    {
        if (!plan.Parameters.TryGetValue(name, out var text))
        {
            return null;
        }

        chosen.Add(name);
        var range = text.Split("..");
        if (range.Length == 2 && long.TryParse(range[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var low) && long.TryParse(range[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var high) && low <= high)
        {
            imports.Add("integer");
            return $"integer({low}, {high})";
        }

        if (text.StartsWith("env.", StringComparison.Ordinal))
        {
            imports.Add("environment");
            return $"environment({TypeScript.Text(text["env.".Length..])})";
        }

        var values = text.Split('|', StringSplitOptions.TrimEntries).Select(value => One(value, sample)).ToList();
        if (values.Count == 1)
        {
            return values[0];
        }

        imports.Add("oneOf");
        return $"oneOf([{string.Join(", ", values)}])";
    }

    private static string One(string value, JsonNode? sample) =>
        sample?.GetValueKind() is System.Text.Json.JsonValueKind.Number && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? TypeScript.Number(number)
        : sample?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False && value is "true" or "false" ? value
        : TypeScript.Text(value);

    private void CheckParameters()
    {
        foreach (var name in plan.Parameters.Keys.Where(name => !chosen.Contains(name)))
        {
            var known = document.Operations.SelectMany(operation => operation.Parameters.Select(parameter => parameter.Name)).Distinct().ToList();
            problems.Add(Rules.OpenApiNameUnknown, plan.At("Parameters"),
                $"Parameters: no request of the smoke scenario has a '{name}'.{(NearestName.Of(name, known) is { } nearest ? $" Did you mean '{nearest}'?" : "")}");
        }
    }

    /// <summary>A value of a parameter: an expression, or a sample.</summary>
    private readonly record struct SampleValue(string? Expression, JsonNode? Sample)
    {
        public static string Scalar(JsonNode? node) => node?.GetValueKind() switch
        {
            null => "''",
            System.Text.Json.JsonValueKind.String => TypeScript.Text(node.GetValue<string>()),
            System.Text.Json.JsonValueKind.Object or System.Text.Json.JsonValueKind.Array => TypeScript.Text(node.ToJsonString()),
            _ => node.ToJsonString(),
        };

        public string Joined(string separator) => Expression ?? (Sample is JsonArray items ? TypeScript.Text(string.Join(separator, items.Select(Plain)))
            : Sample is JsonObject members ? TypeScript.Text(string.Join(separator, members.SelectMany(member => new[] { member.Key, Plain(member.Value) }))) : Scalar(Sample));

        public string Text() => Expression is not null ? $"String({Expression})" : Sample is JsonArray or JsonObject ? Joined(",") : TypeScript.Text(Plain(Sample));

        public IEnumerable<ScriptPair> Query(string name, string style)
        {
            if (Expression is not null || style == "json")
            {
                return [new ScriptPair(name, Expression ?? TypeScript.Text(Sample?.ToJsonString() ?? "null"))];
            }

            return Sample switch
            {
                JsonArray items when style is "form" or "deep" => [new ScriptPair(name, $"[{string.Join(", ", items.Select(Scalar))}]")],
                JsonObject members when style is "form" or "deep" => [.. members.Select(member => new ScriptPair(style == "deep" ? $"{name}[{member.Key}]" : member.Key, Scalar(member.Value)))],
                _ => [new ScriptPair(name, Joined(style switch { "space" => " ", "pipe" => "|", _ => "," }))],
            };
        }

        private static string Plain(JsonNode? node) => node?.GetValueKind() == System.Text.Json.JsonValueKind.String ? node.GetValue<string>() : node?.ToJsonString() ?? "";
    }
}
