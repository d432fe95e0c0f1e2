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
    /// <summary>The counter that says what was touched. Never in a result.</summary>
    public const string Metric = "openapi_operations";

    /// <summary>The list of a document, as JSON.</summary>
    public static string Of(OpenApiPlan plan, ApiDocument document, IEnumerable<ApiOperation> operations, string source) => StateFile.Text(new OperationList(
        plan.Name, source, plan.UrlVariable, document.Server, document.BasePath,
        [.. operations.Select(operation => new ListedOperation(operation.Method, operation.Path, operation.Function, operation.Location.File, operation.Location.Line, operation.Location.Column))]));

    /// <summary>Where the list of a client is.</summary>
    public static string PathOf(string outputDirectory, string client) => Path.Combine(outputDirectory, OpenApiClients.Folder, client + ".operations.json");

    /// <summary>Reads lists; of a client that was not made there is none.</summary>
    public static IReadOnlyList<OperationList> Read(IEnumerable<string> files) =>
        [.. files.Where(File.Exists).Select(file => JsonSerializer.Deserialize(File.ReadAllBytes(file), StateJson.Default.OperationList)!)];

    /// <summary>What the entry module of a test is told; null without any operation.</summary>
    public static string? Json(IEnumerable<string> files)
    {
        var lists = Read(files).Where(list => list.Operations.Count > 0)
            .Select(list => new CoveredDocument(list.Client, list.Variable, list.Server, list.BasePath, [.. list.Operations.Select(operation => $"{operation.Method} {operation.Path}")]))
            .ToList();
        // A thousand operations on a line each would be a third indentation.
        return lists.Count == 0 ? null : JsonSerializer.Serialize(lists, GeneratedJson.Compact.IReadOnlyListCoveredDocument);
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

/// <summary>A document as an entry module has it: <c>runtime/coverage.js</c> reads it.</summary>
/// <param name="Client">Name of the client.</param>
/// <param name="Variable">Variable with the address.</param>
/// <param name="Server">Address in the document; null without one.</param>
/// <param name="BasePath">Path before those of operations.</param>
/// <param name="Operations">Such as <c>GET /products/{id}</c>.</param>
internal sealed record CoveredDocument(string Client, string Variable, string? Server, string BasePath, IReadOnlyList<string> Operations);
