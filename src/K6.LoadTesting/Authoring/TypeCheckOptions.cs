namespace K6.LoadTesting.Authoring;

/// <summary>Where and how scripts are type-checked.</summary>
internal sealed record TypeCheckOptions
{
    /// <summary>Absolute path of the project's folder; a <c>tsconfig.json</c> in it is extended.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Absolute path of <c>obj/k6</c>.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>Absolute paths of the folders with the types of k6.</summary>
    public required IReadOnlyList<string> TypesDirectories { get; init; }

    /// <summary><c>K6TypeScriptPath</c>: absolute path of a compiler; empty for the package's.</summary>
    public string CompilerPath { get; init; } = "";

    /// <summary>The compiler's package for this platform as a path within a folder of packages, <c>K6.TypeScript.linux-x64/7.0.2</c>; empty when there is none.</summary>
    public string CompilerPackage { get; init; } = "";

    /// <summary>Absolute paths of the folders that packages are restored to.</summary>
    public IReadOnlyList<string> PackageFolders { get; init; } = [];

    /// <summary>Whether a missing compiler is an error; else it is a warning.</summary>
    public bool Required { get; init; }
}

/// <summary>What type checking did.</summary>
internal enum TypeCheckOutcome
{
    /// <summary>The compiler ran.</summary>
    Checked,

    /// <summary>Nothing changed since a check without errors.</summary>
    UpToDate,

    /// <summary>There was nothing to check, or nothing to check it with.</summary>
    Skipped,
}
