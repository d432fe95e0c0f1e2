namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of OpenAPI documents: 0645 to 0659, 0669 to 0699.</content>
internal static partial class Rules
{
    /// <summary>A document that does not exist, or that is no kind of file that could be one.</summary>
    public static readonly DiagnosticRule OpenApiMissing = new("KSDK0645", DiagnosticSeverity.Error, "missing OpenAPI document");

    /// <summary>A document that is no JSON and no YAML.</summary>
    public static readonly DiagnosticRule OpenApiMalformed = new("KSDK0646", DiagnosticSeverity.Error, "malformed OpenAPI document");

    /// <summary>A document that is no OpenAPI, or of a version that is not supported.</summary>
    public static readonly DiagnosticRule NotOpenApi = new("KSDK0647", DiagnosticSeverity.Error, "not an OpenAPI document");

    /// <summary>A <c>$ref</c> that leads nowhere.</summary>
    public static readonly DiagnosticRule OpenApiRefUnresolved = new("KSDK0648", DiagnosticSeverity.Error, "a $ref leads nowhere");

    /// <summary><c>$ref</c>s that lead to each other and to nothing else.</summary>
    public static readonly DiagnosticRule OpenApiRefCircle = new("KSDK0649", DiagnosticSeverity.Error, "$refs lead in a circle");

    /// <summary>An operation without responses, or with one that has no status.</summary>
    public static readonly DiagnosticRule OpenApiNoResponses = new("KSDK0650", DiagnosticSeverity.Warning, "an operation without responses");

    /// <summary>Operations, schemas or arguments that would be called the same.</summary>
    public static readonly DiagnosticRule OpenApiNameCollides = new("KSDK0651", DiagnosticSeverity.Warning, "names collide");

    /// <summary>An <c>operationId</c> that cannot name a function.</summary>
    public static readonly DiagnosticRule OpenApiNameUnusable = new("KSDK0652", DiagnosticSeverity.Warning, "a name that is no identifier");

    /// <summary>A placeholder in a path that no parameter explains.</summary>
    public static readonly DiagnosticRule OpenApiParameterUndeclared = new("KSDK0653", DiagnosticSeverity.Warning, "a path with an undeclared parameter");

    /// <summary>A part of a document that the client goes without.</summary>
    public static readonly DiagnosticRule OpenApiPartUnsupported = new("KSDK0654", DiagnosticSeverity.Warning, "a part of the document is not supported");

    /// <summary><c>x-k6-weight</c> that is no weight.</summary>
    public static readonly DiagnosticRule OpenApiWeightInvalid = new("KSDK0655", DiagnosticSeverity.Error, "invalid x-k6-weight");

    /// <summary>Two clients with one name, or metadata that exclude each other.</summary>
    public static readonly DiagnosticRule OpenApiContradictory = new("KSDK0656", DiagnosticSeverity.Error, "contradictory K6OpenApi");

    /// <summary>A project that makes no document.</summary>
    public static readonly DiagnosticRule OpenApiNotProduced = new("KSDK0657", DiagnosticSeverity.Error, "a project made no OpenAPI document");

    /// <summary>A document, or a choice of its operations, with nothing to call.</summary>
    public static readonly DiagnosticRule OpenApiNoOperations = new("KSDK0658", DiagnosticSeverity.Error, "no operation to call");

    /// <summary>A name in the metadata that the document does not have.</summary>
    public static readonly DiagnosticRule OpenApiNameUnknown = new("KSDK0659", DiagnosticSeverity.Error, "the document has no such name");

    /// <summary>The load touched too few operations.</summary>
    public static readonly DiagnosticRule CoverageTooLow = new("KSDK0669", DiagnosticSeverity.Error, "endpoint coverage is too low");

    /// <summary>Operations that were called and never answered with success.</summary>
    public static readonly DiagnosticRule OperationNeverSucceeded = new("KSDK0670", DiagnosticSeverity.Warning, "an operation never succeeded");

    /// <summary>A limit for the coverage of nothing.</summary>
    public static readonly DiagnosticRule CoverageWithoutDocument = new("KSDK0671", DiagnosticSeverity.Error, "coverage without a document");
}
