using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Bundling;

/// <summary>What a generated module was made from, and so when it has to be made again.</summary>
internal sealed record ModuleState
{
    /// <summary>Hash of what the plan says.</summary>
    public required string Key { get; init; }

    /// <summary>The files that were read or looked for.</summary>
    public IReadOnlyList<FileStamp> Inputs { get; init; } = [];

    /// <summary>What was written.</summary>
    public IReadOnlyList<FileStamp> Outputs { get; init; } = [];

    /// <summary>Columns of test data; null when they are not known.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Warnings, to be said again.</summary>
    public IReadOnlyList<Diagnostic> Said { get; init; } = [];

    /// <summary>The file of a state.</summary>
    public static string PathOf(string folder, string name) => Path.Combine(folder, name + ".state.json");

    /// <summary>The state of a module; null when there is none that can be read.</summary>
    public static ModuleState? Read(string folder, string name) => StateFile.Read<ModuleState>(PathOf(folder, name));

    /// <summary>Whether nothing changed.</summary>
    public bool IsCurrent(string key) => Key == key && Inputs.All(input => input.IsCurrent()) && Outputs.All(output => output.IsCurrent());

    /// <summary>Writes the state.</summary>
    public void Write(string folder, string name) => StateFile.Write(PathOf(folder, name), this);
}
