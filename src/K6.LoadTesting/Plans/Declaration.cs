using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>What a project declares, before any meaning is given to it. The build fills it; so can a test.</summary>
internal sealed record ProjectDeclaration
{
    /// <summary>Absolute path of the project file.</summary>
    public required string File { get; init; }

    /// <summary>Name of the project; by default its file name without extension.</summary>
    public string Name { get => field ?? Path.GetFileNameWithoutExtension(File); init; }

    /// <summary>Absolute path of the folder where relative paths start; by default the project's.</summary>
    public string Directory { get => field ?? Path.GetDirectoryName(File)!; init; }

    /// <summary>Absolute path of the folder of what is generated; by default <c>obj/k6</c> in <see cref="Directory"/>.</summary>
    public string GeneratedDirectory { get => field ?? Path.Combine(Directory, "obj", "k6"); init; }

    /// <summary>The project's <c>UserSecretsId</c>; null when it has none.</summary>
    public string? UserSecretsId { get; init; }

    /// <summary>The <c>K6*</c> items, in the order of declaration.</summary>
    public IReadOnlyList<ItemDeclaration> Items { get; init; } = [];

    /// <summary>The <c>K6*</c> properties that are not empty.</summary>
    public IReadOnlyList<PropertyDeclaration> Properties { get; init; } = [];
}

/// <summary>A <c>K6*</c> item.</summary>
/// <param name="Kind">The item's type: <c>K6Scenario</c>, <c>K6Threshold</c>, …</param>
/// <param name="Include">What MSBuild evaluated the Include to.</param>
/// <param name="Location">The element's place.</param>
internal sealed record ItemDeclaration(string Kind, string Include, SourceLocation Location)
{
    /// <summary>Metadata by name, names in any case; well-known metadata (<c>FullPath</c>, …) are not here.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Places of metadata that have one of their own; others are at <see cref="Location"/>.</summary>
    public IReadOnlyDictionary<string, SourceLocation> MetadataLocations { get; init; } =
        new Dictionary<string, SourceLocation>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Places of the entries of metadata that are lists, where each was said in a place of its own, as in C#.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<SourceLocation>> EntryLocations { get; init; } =
        new Dictionary<string, IReadOnlyList<SourceLocation>>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>A <c>K6*</c> property.</summary>
/// <param name="Name">Its name, such as <c>K6Engine</c>.</param>
/// <param name="Value">Its evaluated value.</param>
/// <param name="Location">Its place; the project's first line when it came from the command line or the environment.</param>
internal sealed record PropertyDeclaration(string Name, string Value, SourceLocation Location);
