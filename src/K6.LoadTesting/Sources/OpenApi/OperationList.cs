using System.Text.Json;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>The operations of a document that a load can touch, as the build left them: <c>NAME.operations.json</c>.</summary>
/// <param name="Client">Name of the client.</param>
/// <param name="Document">The document, as messages name it.</param>
/// <param name="Variable">Environment variable with the address.</param>
/// <param name="Server">Address in the document; null without one.</param>
/// <param name="BasePath">Path before those of operations; empty for none.</param>
/// <param name="Operations">The operations, in the order of the document.</param>
internal sealed record OperationList(string Client, string Document, string Variable, string? Server, string BasePath, IReadOnlyList<ListedOperation> Operations)
{
    // A thousand operations on a line each would be a third indentation.
    private static readonly JsonSerializerOptions Compact = new(EntryModule.Json) { WriteIndented = false };

    /// <summary>The counter that says what was touched. Never in a result.</summary>
    public const string Metric = "openapi_operations";

    /// <summary>The list of a document, as JSON.</summary>
    public static string Of(OpenApiPlan plan, ApiDocument document, IEnumerable<ApiOperation> operations, string source) => JsonSerializer.Serialize(new OperationList(
        plan.Name, source, plan.UrlVariable, document.Server, document.BasePath,
        [.. operations.Select(operation => new ListedOperation(operation.Method, operation.Path, operation.Function, operation.Location.File, operation.Location.Line, operation.Location.Column))]));

    /// <summary>Where the list of a client is.</summary>
    public static string PathOf(string outputDirectory, string client) => Path.Combine(outputDirectory, OpenApiClients.Folder, client + ".operations.json");

    /// <summary>Reads lists; of a client that was not made there is none.</summary>
    public static IReadOnlyList<OperationList> Read(IEnumerable<string> files) =>
        [.. files.Where(File.Exists).Select(file => JsonSerializer.Deserialize<OperationList>(File.ReadAllBytes(file))!)];

    /// <summary>What the entry module of a test is told; null without any operation.</summary>
    public static string? Json(IEnumerable<string> files)
    {
        var lists = Read(files).Where(list => list.Operations.Count > 0)
            .Select(list => new { list.Client, list.Variable, list.Server, list.BasePath, Operations = list.Operations.Select(operation => $"{operation.Method} {operation.Path}") })
            .ToList();
        return lists.Count == 0 ? null : JsonSerializer.Serialize(lists, Compact);
    }

    /// <summary>Whether a metric or submetric is the counter.</summary>
    public static bool IsOwn(string metric) => metric == Metric || metric.StartsWith(Metric + "{", StringComparison.Ordinal);

    /// <summary>The submetric that has a value when an operation was touched.</summary>
    /// <param name="index">Number of the operation.</param>
    /// <param name="succeeded">Whether success is asked for.</param>
    public string Submetric(int index, bool succeeded) => $"{Metric}{{operation:{Client}.{index}{(succeeded ? ".ok" : "")}}}";
}

/// <summary>An operation in the list.</summary>
/// <param name="Method">Method.</param>
/// <param name="Path">Path as a template.</param>
/// <param name="Function">Its function in the client.</param>
/// <param name="File">Absolute path of its document.</param>
/// <param name="Line">Its line.</param>
/// <param name="Column">Its column.</param>
internal sealed record ListedOperation(string Method, string Path, string Function, string File, int Line, int Column);
