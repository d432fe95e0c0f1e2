using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>What an OpenAPI document says, in the words of version 3, whatever its version is.</summary>
internal sealed record ApiDocument
{
    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>The first absolute address of its servers; null without one.</summary>
    public string? Server { get; init; }

    /// <summary>Path of its first server, before the paths of operations; empty for none, and never with a slash at the end.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>Its operations, in the order of the document.</summary>
    public IReadOnlyList<ApiOperation> Operations { get; init; } = [];

    /// <summary>Its security schemes that can be used, by name.</summary>
    public IReadOnlyDictionary<string, ApiSecurityScheme> SecuritySchemes { get; init; } = new Dictionary<string, ApiSecurityScheme>();
}

/// <summary>An operation.</summary>
internal sealed record ApiOperation
{
    /// <summary>Name of its function in the client.</summary>
    public required string Function { get; init; }

    /// <summary>Method, in capitals.</summary>
    public required string Method { get; init; }

    /// <summary>Path as a template: <c>/products/{id}</c>.</summary>
    public required string Path { get; init; }

    /// <summary>What its requests are called in every figure: <c>GET /products/{id}</c>. A comma would end a tag in k6.</summary>
    public string Name => $"{Method} {Path.Replace(',', '_')}";

    /// <summary><c>operationId</c>; null without one.</summary>
    public string? Id { get; init; }

    /// <summary>What it does, in the document's words; empty without any.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Whether the document calls it deprecated.</summary>
    public bool IsDeprecated { get; init; }

    /// <summary>Its part of a smoke scenario's requests (<c>x-k6-weight</c>).</summary>
    public required decimal Weight { get; init; }

    /// <summary>Parameters of path, query, header and cookie.</summary>
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>Body of the request; null without one.</summary>
    public ApiBody? Body { get; init; }

    /// <summary>Answers: <c>200</c>, <c>2XX</c> or <c>default</c>.</summary>
    public IReadOnlyList<ApiResponse> Responses { get; init; } = [];

    /// <summary>Alternatives of security schemes, each a list of names; an empty list is none needed.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Security { get; init; } = [];

    /// <summary>Where it is.</summary>
    public required SourceLocation Location { get; init; }
}

/// <summary>A parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In"><c>path</c>, <c>query</c>, <c>header</c> or <c>cookie</c>.</param>
/// <param name="Argument">What the client's argument is called.</param>
/// <param name="IsRequired">Whether it has to be given.</param>
/// <param name="Style">How lists and objects are written: <c>form</c> (<c>a=1&amp;a=2</c>), <c>csv</c> (<c>a=1,2</c>), <c>space</c>, <c>pipe</c>, <c>deep</c> (<c>a[b]=1</c>) or <c>json</c>.</param>
/// <param name="Schema">Its schema; null without one.</param>
/// <param name="Example">An example; null without one.</param>
/// <param name="Location">Where it is.</param>
internal sealed record ApiParameter(
    string Name, string In, string Argument, bool IsRequired, string Style, DocumentNode? Schema, DocumentNode? Example, SourceLocation Location);

/// <summary>The body of a request.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Kind"><c>json</c>, <c>form</c>, <c>multipart</c> or <c>text</c>: how it is written.</param>
/// <param name="IsRequired">Whether it has to be given.</param>
/// <param name="Schema">Its schema; null without one.</param>
/// <param name="Example">An example; null without one.</param>
internal sealed record ApiBody(string ContentType, string Kind, bool IsRequired, DocumentNode? Schema, DocumentNode? Example);

/// <summary>An answer.</summary>
/// <param name="Status"><c>200</c>, <c>2XX</c> or <c>default</c>.</param>
/// <param name="Kind"><c>json</c>, <c>text</c>, <c>binary</c>, or <c>none</c> without a body.</param>
/// <param name="Schema">Schema of a JSON body; null without one.</param>
internal sealed record ApiResponse(string Status, string Kind, DocumentNode? Schema)
{
    /// <summary>Whether it tells of success.</summary>
    public bool IsSuccess => Status.StartsWith('2');
}

/// <summary>How requests are authenticated.</summary>
/// <param name="Name">Its name in the document.</param>
/// <param name="Kind"><c>bearer</c>, <c>basic</c>, <c>header</c>, <c>query</c> or <c>cookie</c>.</param>
/// <param name="Key">Name of the header, query parameter or cookie of a key; else empty.</param>
/// <param name="Variable">Environment variable that holds the token, key or <c>user:password</c>.</param>
internal sealed record ApiSecurityScheme(string Name, string Kind, string Key, string Variable);
