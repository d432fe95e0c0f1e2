using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using K6.LoadTesting.Data;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>
/// Writes the client of a document: a function per operation, types of what goes and comes, and schemas that answers can be validated
/// against. Each is an export of its own, so that a bundle has only what a script uses.
/// </summary>
internal sealed partial class ClientWriter
{
    private readonly OpenApiPlan plan;
    private readonly ApiDocument document;
    private readonly SchemaNames names;
    private readonly TypeWriter types;
    private readonly SchemaWriter schemas;

    /// <param name="plan">What the project says about it.</param>
    /// <param name="document">The document.</param>
    /// <param name="documents">Its files.</param>
    /// <param name="names">Names of its schemas.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public ClientWriter(OpenApiPlan plan, ApiDocument document, DocumentSet documents, SchemaNames names, DocumentProblems problems)
    {
        this.plan = plan;
        this.document = document;
        this.names = names;
        types = new TypeWriter(documents, names, problems);
        schemas = new SchemaWriter(documents, names);
    }

    /// <summary>Name of the module with the operations, which the bundler takes for the client's object.</summary>
    public static string OperationsModule(string name) => name + ".operations";

    /// <summary>Name of the module with the schemas.</summary>
    public static string SchemasModule(string name) => name + ".schemas";

    /// <summary>What scripts call the client: <c>shop</c> is <c>ShopApi</c>.</summary>
    public static string ObjectName(string name)
    {
        var text = ApiNames.Type(name);
        return text.EndsWith("api", StringComparison.OrdinalIgnoreCase) ? text : text + "Api";
    }

    /// <summary>The module that scripts import.</summary>
    public static string Index(string name) =>
        $"""
        // The client {ObjectName(name)}. Generated: each build makes it anew.
        export * from './{OperationsModule(name)}.ts';
        export * as {ObjectName(name)} from './{OperationsModule(name)}.ts';
        export * as schemas from './{SchemasModule(name)}.ts';

        """.ReplaceLineEndings("\n");

    /// <summary>The two modules behind it.</summary>
    /// <param name="source">The document, for the head.</param>
    public (string Operations, string Schemas) Write(string source)
    {
        var text = new StringBuilder();
        foreach (var operation in document.Operations)
        {
            WriteOperation(text, operation);
        }

        // Values may need schemas that no type needs, and the other way round.
        var (named, values) = (new StringBuilder(), new StringBuilder());
        for (var count = -1; count != names.Schemas.Count;)
        {
            count = names.Schemas.Count;
            types.WriteNamed(named);
            schemas.WriteNamed(values);
        }

        return ($"{Head(source)}{text}{named}",
            $"// Schemas of {Plain(document.Title)}, from {source}. Generated: each build makes it anew.\nimport type {{ Schema as Schema$ }} from 'k6-sdk';\n\n{values}");
    }

    private string Head(string source)
    {
        var text = new StringBuilder();
        text.Append($"// {Plain(document.Title)}: {document.Operations.Count.ToString("N0", CultureInfo.InvariantCulture)} operations of {source}. Generated: each build makes it anew.\n");
        text.Append("import { OpenApiClient, type ApiResult as Result$, type CallOptions as Options$, type Operation as Operation$ } from 'k6-sdk';\n");
        text.Append("import type { FileData as File$ } from 'k6/http';\n");
        if (plan.ValidateResponses)
        {
            text.Append($"import * as schemas$ from './{SchemasModule(plan.Name)}.ts';\n");
        }

        text.Append("\n/** Makes the requests of all operations: its address, headers and credentials hold for each. */\n");
        text.Append("export const client = /* @__PURE__ */ new OpenApiClient({\n");
        text.Append($"  name: {DataModule.Quote(plan.Name)},\n");
        text.Append($"  variable: {DataModule.Quote(plan.UrlVariable)},\n");
        if (document.Server is { } server)
        {
            text.Append($"  server: {DataModule.Quote(server)},\n");
        }

        if (document.BasePath.Length > 0)
        {
            text.Append($"  basePath: {DataModule.Quote(document.BasePath)},\n");
        }

        if (document.SecuritySchemes.Count > 0)
        {
            text.Append("  security: {\n");
            foreach (var scheme in document.SecuritySchemes.Values)
            {
                var key = scheme.Key.Length > 0 ? $", key: {DataModule.Quote(scheme.Key)}" : "";
                text.Append($"    {DataModule.PropertyName(scheme.Name)}: {{ kind: '{scheme.Kind}'{key}, variable: {DataModule.Quote(scheme.Variable)} }},\n");
            }

            text.Append("  },\n");
        }

        return text.Append("});\n").ToString();
    }

    private void WriteOperation(StringBuilder text, ApiOperation operation)
    {
        var descriptor = operation.Function + "$";
        text.Append($"\nconst {descriptor}: Operation$ = {Descriptor(operation)};\n\n");
        var summary = operation.Summary.Length == 0 ? "" : operation.Summary.TrimEnd('.', ' ', '\n') + ". ";
        text.Append(TypeWriter.Comment($"{(operation.IsDeprecated ? "@deprecated " : "")}{summary}{operation.Method} {operation.Path}", 0));
        var arguments = Arguments(operation);
        var result = ResultType(operation);
        text.Append(arguments is null
            ? $"export function {operation.Function}(options?: Options$): Result$<{result}> {{\n  return client.call({descriptor}, {{}}, options);\n}}\n"
            : $"export function {operation.Function}(args: {arguments}, options?: Options$): Result$<{result}> {{\n  return client.call({descriptor}, args, options);\n}}\n");
    }

    private string? Arguments(ApiOperation operation)
    {
        var text = new StringBuilder("{\n");
        foreach (var parameter in operation.Parameters)
        {
            text.Append(TypeWriter.Comment(parameter.Schema?.Word("description") is { } words && parameter.Schema.Find("in") is null ? words : null, 2));
            text.Append($"  {DataModule.PropertyName(parameter.Argument)}{(parameter.IsRequired ? "" : "?")}: {types.Of(parameter.Schema ?? TextOf(parameter), 2)};\n");
        }

        if (operation.Body is { } body)
        {
            var type = body.Kind == "text" ? "string | ArrayBuffer" : types.OfBody(body.Schema, 2);
            text.Append($"  body{(body.IsRequired ? "" : "?")}: {type};\n");
        }

        if (operation.Parameters.Count == 0 && operation.Body is null)
        {
            return null;
        }

        var optional = !operation.Parameters.Any(parameter => parameter.IsRequired) && operation.Body?.IsRequired != true;
        return text.Append('}').Append(optional ? " = {}" : "").ToString();
    }

    // A parameter without a schema is a text.
    private static DocumentNode? TextOf(ApiParameter parameter)
    {
        var place = new DocumentNode(NodeKind.Object, "", parameter.Location.File, parameter.Location.Line, parameter.Location.Column);
        return DocumentNode.Object(place, [("type", DocumentNode.String(place, "string"))]);
    }

    private string ResultType(ApiOperation operation)
    {
        var successes = operation.Responses.Where(response => response.IsSuccess).ToList();
        if (successes.Count == 0)
        {
            successes = [.. operation.Responses.Where(response => response.Status == "default" && operation.Responses.Count == 1)];
        }

        var results = successes.Select(response => response.Kind switch
        {
            "json" => types.Of(response.Schema),
            "text" => "string",
            "binary" => "ArrayBuffer",
            _ => "undefined",
        }).Distinct().ToList();
        return results.Count == 0 || results.Contains("unknown") ? "unknown" : string.Join(" | ", results);
    }

    private string Descriptor(ApiOperation operation)
    {
        var parts = new List<string> { $"method: {DataModule.Quote(operation.Method)}", $"path: {DataModule.Quote(operation.Path)}" };
        var parameters = operation.Parameters.Where(parameter => parameter.In != "path" || parameter.Argument != parameter.Name).Select(Parameter).ToList();
        Add("parameters", parameters);
        if (operation.Body is { } body)
        {
            parts.Add($"body: ['{body.Kind}', {DataModule.Quote(body.ContentType)}]");
        }

        Add("statuses", [.. Statuses(operation)]);
        if (operation.Responses.Any(response => response.IsSuccess && response.Kind == "binary") && operation.Responses.All(response => !response.IsSuccess || response.Kind is "binary" or "none"))
        {
            parts.Add("binary: true");
        }

        Add("security", [.. operation.Security.Select(names => $"[{string.Join(", ", names.Select(DataModule.Quote))}]")]);
        if (plan.ValidateResponses)
        {
            var bodies = operation.Responses.Where(response => response is { Kind: "json", Schema: not null })
                .Select(response => $"{DataModule.PropertyName(response.Status)}: {SchemaWriter.Lazy(schemas.Of(response.Schema, "schemas$."))}").ToList();
            if (bodies.Count > 0)
            {
                parts.Add($"schemas: {{ {string.Join(", ", bodies)} }}");
            }
        }

        var line = $"{{ {string.Join(", ", parts)} }}";
        return line.Length <= 140 ? line : $"{{\n  {string.Join(",\n  ", parts)},\n}}";

        void Add(string name, List<string> values)
        {
            if (values.Count > 0)
            {
                parts.Add($"{name}: [{string.Join(", ", values)}]");
            }
        }
    }

    private static string Parameter(ApiParameter parameter)
    {
        var own = parameter.Argument == parameter.Name ? "" : $", {DataModule.Quote(parameter.Argument)}";
        return $"[{DataModule.Quote(parameter.Name)}, '{parameter.In}', '{parameter.Style}'{own}]";
    }

    /// <summary>What counts as success, as the script library writes statuses: those that the document promises, else what is below 400.</summary>
    public static IEnumerable<string> Statuses(ApiOperation operation)
    {
        string[] documented = [.. operation.Responses.Where(response => response.IsSuccess || response.Status.StartsWith('3')).Select(response => response.Status)];
        return documented.Length > 0 ? documented.Select(status => status.EndsWith("XX", StringComparison.Ordinal) ? $"{{ min: {status[0]}00, max: {status[0]}99 }}" : status)
            : operation.Responses.Any(response => response.Status == "default") ? ["{ min: 200, max: 299 }"]
            : ["{ min: 200, max: 399 }"];
    }

    private static string Plain(string title) => Control().Replace(title, " ");

    [GeneratedRegex(@"[\p{Cc}\u2028\u2029]+")]
    private static partial Regex Control();
}
