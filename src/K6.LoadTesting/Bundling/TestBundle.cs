namespace K6.LoadTesting.Bundling;

/// <summary>The bundle of one test: what the engine runs. Written as <c>bundles.json</c> beside the bundles.</summary>
internal sealed record TestBundle
{
    /// <summary>Name of the test.</summary>
    public required string Test { get; init; }

    /// <summary>Absolute path of the generated entry module.</summary>
    public required string EntryFile { get; init; }

    /// <summary>Absolute path of the bundle, one JavaScript module with a linked source map beside it.</summary>
    public required string File { get; init; }

    /// <summary>Absolute paths of the files that went into it: scripts, imports, opened files, <c>tsconfig.json</c>, <c>package.json</c>.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Modules that the engine has to provide: <c>k6</c>, <c>k6/http</c>, …</summary>
    public IReadOnlyList<string> EngineModules { get; init; } = [];

    /// <summary>Absolute paths of the lists of operations that the bundle looks for, one for each OpenAPI document.</summary>
    public IReadOnlyList<string> OperationLists { get; init; } = [];

    /// <summary>Exports of each script, by absolute path.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Exports { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Thresholds that are literals in the scripts, with their places: file and position in the source.</summary>
    public IReadOnlyList<ScriptThreshold> ScriptThresholds { get; init; } = [];

    /// <summary>Tag keys and values that occur as literals in the scripts; a tag that occurs nowhere is a likely typo.</summary>
    public IReadOnlyList<string> Literals { get; init; } = [];

    /// <summary>Places of the scripts' <c>options</c>, in the order of the scripts; a script without any has none.</summary>
    public IReadOnlyList<Diagnostics.SourceLocation> OptionsPlaces { get; init; } = [];

    /// <summary>Files and folders whose code is ours; what fails there was called by somebody else.</summary>
    internal IReadOnlyCollection<string> Generated => [EntryFile, File, .. OwnModules.Folders.Select(folder => Path.Combine(Path.GetDirectoryName(EntryFile)!, folder))];
}

/// <summary>A threshold in a script.</summary>
/// <param name="Script">Absolute path of the scenario's script.</param>
/// <param name="Metric">Metric as written; null when <c>options</c> are computed, and then the place is that of <c>options</c>.</param>
/// <param name="Expression">Expression as written; null when computed.</param>
/// <param name="Location">Its place.</param>
internal sealed record ScriptThreshold(string Script, string? Metric, string? Expression, Diagnostics.SourceLocation Location);
