using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>A <c>K6OpenApi</c> item: a document, the client that scripts import as <c>k6-clients/NAME</c>, and what is right for its requests.</summary>
public sealed record OpenApiPlan
{
    /// <summary>Name of the client's module.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the document; of a project, where its build puts the document.</summary>
    public required string File { get; init; }

    /// <summary>Absolute path of the ASP.NET Core project that makes the document; null when the document is a file.</summary>
    public string? Project { get; init; }

    /// <summary>Which of the project's documents; null for the first one.</summary>
    public string? DocumentName { get; init; }

    /// <summary>Configuration that the project is built in.</summary>
    public string Configuration { get; init; } = "Release";

    /// <summary>Environment variable that holds the address.</summary>
    public string UrlVariable { get; init; } = "BASE_URL";

    /// <summary>Whether answers are checked against their schemas.</summary>
    public bool ValidateResponses { get; init; }

    /// <summary>Environment variables with the credentials, by the name of the security scheme.</summary>
    public IReadOnlyDictionary<string, string> Security { get; init; } = new Dictionary<string, string>();

    /// <summary>Operations that are neither called by the smoke scenario nor counted: names, or <c>DELETE /admin/*</c>.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Values of parameters and of members of bodies in the smoke scenario, as written: <c>1..200</c>, <c>a|b</c>, <c>env.NAME</c>.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Operation that each virtual user of the smoke scenario calls once for its token; null for none.</summary>
    public string? TokenOperation { get; init; }

    /// <summary>Where the token is in its answer.</summary>
    public string TokenPlace { get; init; } = "$.token";

    /// <summary>Seed of the values that the smoke scenario makes up.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where it was declared.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Places of single metadata by name.</summary>
    public IReadOnlyDictionary<string, SourceLocation> MetadataLocations { get; init; } = new Dictionary<string, SourceLocation>();

    /// <summary>Place of a metadatum.</summary>
    public SourceLocation At(string metadatum) => MetadataLocations.GetValueOrDefault(metadatum, Location);
}
