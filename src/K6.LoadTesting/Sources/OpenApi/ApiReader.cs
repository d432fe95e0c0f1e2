using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>
/// Reads Swagger 2.0 (https://swagger.io/specification/v2/) and OpenAPI 3.0 to 3.2 (https://spec.openapis.org/oas/). Real documents break rules
/// of the specifications; what a client can live without is a warning.
/// </summary>
internal sealed partial class ApiReader
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

    private readonly DocumentSet documents;
    private readonly DocumentProblems problems;
    private readonly DocumentNode root;
    private readonly bool swagger;
    private readonly HashSet<string> functions = new(StringComparer.Ordinal);

    private ApiReader(DocumentNode root, DocumentSet documents, DocumentProblems problems)
    {
        this.root = root;
        this.documents = documents;
        this.problems = problems;
        swagger = root.Find("swagger") is not null;
    }

    /// <summary>Reads a document.</summary>
    /// <param name="file">Absolute path of its file.</param>
    /// <param name="named">Where the file was named.</param>
    /// <param name="documents">Gets its files.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <returns>The document; null when it is none, which is reported.</returns>
    public static ApiDocument? Read(string file, SourceLocation named, DocumentSet documents, DocumentProblems problems)
    {
        if (documents.Open(file, named) is not { } root)
        {
            return null;
        }

        var version = root["openapi"] ?? root["swagger"];
        var text = version?.Text ?? "";
        if (version is null)
        {
            problems.Add(Rules.NotOpenApi, root.Location, $"{Path.GetFileName(file)} is no OpenAPI document: it says neither 'openapi: 3.…' nor 'swagger: 2.0'.");
            return null;
        }

        if (root.Find("swagger") is not null ? text is not "2.0" and not "2" : !SupportedVersion().IsMatch(text))
        {
            problems.Add(Rules.NotOpenApi, version.Location, $"Version '{text}' of OpenAPI is not supported; there is Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2.");
            return null;
        }

        if (root["paths"] is not { Kind: NodeKind.Object } && (root.Find("webhooks") is null || root.Find("paths") is not null))
        {
            problems.Add(Rules.NotOpenApi, root.At("paths"), $"{Path.GetFileName(file)} has no 'paths', so there is nothing to call.");
            return null;
        }

        var reader = new ApiReader(root, documents, problems);
        var document = reader.Read();
        return problems.HasErrors ? null : document;
    }

    private ApiDocument Read()
    {
        var (server, basePath) = swagger ? SwaggerServer() : Server();
        var schemes = SecuritySchemes();
        var operations = new List<ApiOperation>();
        foreach (var path in root.MembersOf("paths").Where(path => path.Key.StartsWith('/')))
        {
            if (documents.Resolve(path.Value) is not { IsObject: true } item)
            {
                continue;
            }

            foreach (var member in item.Members.Where(member => Methods.Contains(member.Key)))
            {
                var place = new SourceLocation(item.File, member.Line, member.Column);
                if (documents.Resolve(member.Value) is { IsObject: true } node)
                {
                    operations.Add(Operation(path.Key, member.Key.ToUpperInvariant(), item, node, place, schemes));
                }
                else
                {
                    problems.Add(Rules.NotOpenApi, place, $"{member.Key} {path.Key} is no operation: an object with 'responses' belongs here.");
                }
            }
        }

        return new ApiDocument
        {
            Title = root["info"]?.Word("title") ?? Path.GetFileNameWithoutExtension(root.File),
            Server = server,
            BasePath = basePath,
            Operations = operations,
            SecuritySchemes = schemes,
        };
    }

    private ApiOperation Operation(
        string path, string method, DocumentNode item, DocumentNode node, SourceLocation place, IReadOnlyDictionary<string, ApiSecurityScheme> schemes)
    {
        var declared = Parameters(item, node);
        var parameters = declared.Where(one => one.Word("in") is "path" or "query" or "header" or "cookie").Select(Parameter).ToList();
        AddUndeclared(path, method, parameters, place);
        return new ApiOperation
        {
            Function = Function(node, method, path, place),
            Method = method,
            Path = path,
            Id = node.Word("operationId"),
            Summary = node.Word("summary") ?? node.Word("description") ?? item.Word("summary") ?? "",
            IsDeprecated = node.Is("deprecated"),
            Weight = Weight(node, method),
            Parameters = Arguments(parameters),
            Body = swagger ? SwaggerBody(node, declared) : Body(node),
            Responses = Responses(node, method, path, place),
            Security = Security(node, schemes),
            Location = place,
        };
    }

    private string Function(DocumentNode node, string method, string path, SourceLocation place)
    {
        var id = node.Word("operationId");
        var at = id is null ? place : node.At("operationId");
        var wanted = ApiNames.Function(id ?? "");
        if (wanted.Length == 0)
        {
            wanted = ApiNames.Function(method, path);
            if (id is not null)
            {
                problems.Add(Rules.OpenApiNameUnusable, at, $"The operationId '{id}' has no letter or digit that could name a function; {method} {path} is called {wanted} after its path.");
            }
        }

        var unique = ApiNames.Unique(wanted, functions);
        if (unique != wanted)
        {
            problems.Add(Rules.OpenApiNameCollides, at, $"{method} {path} would be called {wanted}, and so is another operation; it is {unique} now. Give it an operationId of its own, since a number moves when operations do.");
        }

        return unique;
    }

    // Parameters of the path hold for each of its operations, which may replace them.
    private List<DocumentNode> Parameters(DocumentNode item, DocumentNode operation)
    {
        var own = operation.ItemsOf("parameters").Select(documents.Resolve).OfType<DocumentNode>().Where(one => one.IsObject).ToList();
        var shared = item.ItemsOf("parameters").Select(documents.Resolve).OfType<DocumentNode>()
            .Where(one => one.IsObject && !own.Exists(other => other.Word("name") == one.Word("name") && other.Word("in") == one.Word("in")));
        return [.. shared.Concat(own)];
    }

    private ApiParameter Parameter(DocumentNode node)
    {
        var name = node.Word("name") ?? "";
        var place = node.Word("in")!;
        // OpenAPI 3 may wrap the schema in a media type; it is JSON in practice.
        var content = node.MembersOf("content").Select(member => member.Value).FirstOrDefault();
        var schema = swagger ? node : content?["schema"] ?? node["schema"];
        var style = swagger ? SwaggerStyle(node) : content is not null ? "json" : StyleOf(node, place);
        return new ApiParameter(name, place, name, place == "path" || node.Is("required"), style, schema, Example(node) ?? (content is null ? null : Example(content)), node.Location);
    }

    private static string StyleOf(DocumentNode node, string place)
    {
        var explode = node["explode"] is { Kind: NodeKind.Boolean } given ? given.Text == "true" : (node.Word("style") ?? "form") == "form";
        return node.Word("style") switch
        {
            "deepObject" => "deep",
            "spaceDelimited" when !explode => "space",
            "pipeDelimited" when !explode => "pipe",
            _ => place is "query" or "cookie" && explode ? "form" : "csv",
        };
    }

    // Placeholders that no parameter explains are texts.
    private void AddUndeclared(string path, string method, List<ApiParameter> parameters, SourceLocation place)
    {
        foreach (var name in Placeholder().Matches(path).Select(match => match.Groups["name"].Value).Distinct())
        {
            if (!parameters.Exists(parameter => parameter.In == "path" && parameter.Name == name))
            {
                problems.Add(Rules.OpenApiParameterUndeclared, place, $"{method} {path} has no parameter '{name}' with in: path; a text is assumed.");
                parameters.Add(new ApiParameter(name, "path", name, true, "csv", null, null, place));
            }
        }
    }

    // Parameters of two kinds may share a name; a body is an argument too.
    private List<ApiParameter> Arguments(List<ApiParameter> parameters)
    {
        var named = parameters.Where(parameter => parameter.Name.Length > 0 && (parameter.In != "header" || !IsOwnHeader(parameter.Name))).ToList();
        var taken = new HashSet<string>(StringComparer.Ordinal) { "body" };
        return [.. named.Select(parameter =>
        {
            if (taken.Add(parameter.Name))
            {
                return parameter;
            }

            var argument = ApiNames.Unique($"{parameter.Name}_{parameter.In}", taken);
            problems.Add(Rules.OpenApiNameCollides, parameter.Location,
                $"Two arguments would be called '{parameter.Name}'; the one of the {parameter.In} is '{argument}'.");
            return parameter with { Argument = argument };
        })];
    }

    // The specification says that these are not parameters, even where a document lists them.
    private static bool IsOwnHeader(string name) =>
        name.Equals("Accept", StringComparison.OrdinalIgnoreCase) || name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase);

    private ApiBody? Body(DocumentNode node)
    {
        if (documents.Resolve(node["requestBody"]) is not { IsObject: true } body)
        {
            return null;
        }

        var media = body.MembersOf("content").OrderBy(member => Rank(KindOf(member.Key))).FirstOrDefault();
        if (media is null)
        {
            return null;
        }

        var content = documents.Resolve(media.Value);
        return new ApiBody(media.Key.Contains('*', StringComparison.Ordinal) ? "application/octet-stream" : media.Key, KindOf(media.Key), body.Is("required"), content?["schema"], content is null ? null : Example(content));
    }

    private static int Rank(string kind) => Array.IndexOf(["json", "form", "multipart", "text"], kind);

    private static string KindOf(string mediaType)
    {
        var type = mediaType.Split(';')[0].Trim().ToLowerInvariant();
        return type is "application/json" or "*/*" or "text/json" || type.EndsWith("+json", StringComparison.Ordinal) ? "json"
            : type == "application/x-www-form-urlencoded" ? "form"
            : type.StartsWith("multipart/", StringComparison.Ordinal) ? "multipart"
            : "text";
    }

    private List<ApiResponse> Responses(DocumentNode node, string method, string path, SourceLocation place)
    {
        var responses = new List<ApiResponse>();
        foreach (var member in node.MembersOf("responses").Where(member => !member.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            if (!Status().IsMatch(member.Key))
            {
                problems.Add(Rules.OpenApiNoResponses, new SourceLocation(node.File, member.Line, member.Column), $"'{member.Key}' is no status; write 200, 2XX or default. It is left out.");
                continue;
            }

            if (documents.Resolve(member.Value) is { IsObject: true } response)
            {
                responses.Add(Response(member.Key.ToUpperInvariant() is "DEFAULT" ? "default" : member.Key.ToUpperInvariant(), response, node));
            }
        }

        if (responses.Count == 0)
        {
            problems.Add(Rules.OpenApiNoResponses, place, $"{method} {path} has no responses, so that any status below 400 has to count as success.");
        }

        return responses;
    }

    private ApiResponse Response(string status, DocumentNode response, DocumentNode operation)
    {
        if (swagger)
        {
            return SwaggerResponse(status, response, operation);
        }

        var media = response.MembersOf("content").OrderBy(member => Rank(KindOf(member.Key))).FirstOrDefault();
        return media is null ? new ApiResponse(status, "none", null)
            : KindOf(media.Key) == "json" ? new ApiResponse(status, "json", documents.Resolve(media.Value)?["schema"])
            : new ApiResponse(status, media.Key.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || media.Key.Contains("xml", StringComparison.OrdinalIgnoreCase) ? "text" : "binary", null);
    }

    private IReadOnlyList<IReadOnlyList<string>> Security(DocumentNode node, IReadOnlyDictionary<string, ApiSecurityScheme> schemes)
    {
        var alternatives = (node.Find("security") is null ? root : node).ItemsOf("security").Where(one => one.IsObject)
            .Select(one => (IReadOnlyList<string>)[.. one.Members.Select(member => member.Key)]);
        // One that needs a scheme that is not supported cannot be chosen.
        return [.. alternatives.Where(names => names.All(schemes.ContainsKey))];
    }

    private Dictionary<string, ApiSecurityScheme> SecuritySchemes()
    {
        var schemes = new Dictionary<string, ApiSecurityScheme>(StringComparer.Ordinal);
        var declared = swagger ? root.MembersOf("securityDefinitions") : root["components"]?.MembersOf("securitySchemes") ?? [];
        foreach (var member in declared)
        {
            if (documents.Resolve(member.Value) is not { IsObject: true } node)
            {
                continue;
            }

            var kind = node.Word("type") switch
            {
                "basic" => "basic",
                "apiKey" => node.Word("in"),
                "oauth2" or "openIdConnect" => "bearer",
                "http" when node.Word("scheme")?.ToLowerInvariant() is "bearer" or "basic" => node.Word("scheme")!.ToLowerInvariant(),
                _ => null,
            };
            if (kind is not ("basic" or "bearer" or "header" or "query" or "cookie"))
            {
                problems.Add(Rules.OpenApiPartUnsupported, new SourceLocation(member.Value.File, member.Line, member.Column),
                    $"The security scheme '{member.Key}' is not supported (there is apiKey, http bearer and basic, oauth2 and openIdConnect); operations that need it are called without it. Give the header yourself.");
                continue;
            }

            schemes[member.Key] = new ApiSecurityScheme(member.Key, kind, node.Word("type") == "apiKey" ? node.Word("name") ?? "" : "", "");
        }

        return schemes;
    }

    private (string? Server, string BasePath) Server()
    {
        var first = root.ItemsOf("servers") is [var server, ..] ? server : null;
        var url = first?.Word("url") ?? "";
        var variables = first?["variables"];
        url = Placeholder().Replace(url, match => variables?[match.Groups["name"].Value]?["default"]?.Text ?? match.Value);
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? (uri.GetLeftPart(UriPartial.Authority), uri.AbsolutePath.TrimEnd('/'))
            : (null, url.StartsWith('/') ? url.TrimEnd('/') : "");
    }

    /// <summary>An example of a parameter or a media type; null without one.</summary>
    private DocumentNode? Example(DocumentNode node) =>
        node["example"] ?? documents.Resolve(node.MembersOf("examples").Select(member => member.Value).FirstOrDefault())?["value"] ?? node["x-example"];

    private decimal Weight(DocumentNode node, string method)
    {
        if (node["x-k6-weight"] is { } given)
        {
            if (given.Kind == NodeKind.Number && decimal.TryParse(given.Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var weight) && weight is >= 0 and <= 1_000_000)
            {
                return weight;
            }

            problems.Add(Rules.OpenApiWeightInvalid, node.At("x-k6-weight"), $"x-k6-weight is '{given.Text}', which is no number from 0 (never) to a million.");
        }

        return method switch { "GET" or "HEAD" => 10, "POST" => 3, "PUT" or "PATCH" => 2, _ => 1 };
    }

    [GeneratedRegex(@"^3\.[0-2](\.|\z)")]
    private static partial Regex SupportedVersion();

    [GeneratedRegex(@"\{(?<name>[^{}/]+)\}")]
    internal static partial Regex Placeholder();

    [GeneratedRegex(@"^([1-5]([0-9]{2}|XX)|default)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Status();
}
