using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Data;

/// <summary>What a module of test data was made from, and so when it has to be made again.</summary>
internal sealed record DataState
{
    /// <summary>Hash of what the plan says.</summary>
    public required string Key { get; init; }

    /// <summary>The data file; null for generated data.</summary>
    public FileStamp? Input { get; init; }

    /// <summary>What was written.</summary>
    public IReadOnlyList<FileStamp> Outputs { get; init; } = [];

    /// <summary>Warnings, to be said again.</summary>
    public IReadOnlyList<Diagnostic> Said { get; init; } = [];

    /// <summary>The file of a state.</summary>
    public static string PathOf(string folder, string name) => Path.Combine(folder, name + ".state.json");

    /// <summary>The state of a module; null when there is none that can be read.</summary>
    public static DataState? Read(string folder, string name) => StateFile.Read<DataState>(PathOf(folder, name));

    /// <summary>Whether nothing changed.</summary>
    public bool IsCurrent(string key) => Key == key && Input?.IsCurrent() != false && Outputs.All(output => output.IsCurrent());

    /// <summary>Writes the state.</summary>
    public void Write(string folder, string name) => StateFile.Write(PathOf(folder, name), this);
}
