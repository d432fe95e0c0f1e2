using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Bundling;

/// <summary>What bundles were made from, and so when they have to be made again.</summary>
internal sealed record BundleState
{
    private const string FileName = "bundles.state.json";

    /// <summary>Hash of what the plan and the options say.</summary>
    public required string Key { get; init; }

    /// <summary>Hash of the file of the plan and what else decides; null when more than that does.</summary>
    public string? Source { get; init; }

    /// <summary>Files that were read or written, or looked for.</summary>
    public required InputState Inputs { get; init; }

    /// <summary>The bundles.</summary>
    public required IReadOnlyList<TestBundle> Bundles { get; init; }

    /// <summary>Warnings, to be said again.</summary>
    public required IReadOnlyList<Diagnostic> Warnings { get; init; }

    /// <summary>The state of a folder of bundles; null when there is none that can be read.</summary>
    public static BundleState? Read(string outputDirectory) => StateFile.Read<BundleState>(Path.Combine(outputDirectory, FileName));

    /// <summary>Whether nothing changed.</summary>
    public bool IsCurrent(string key) => Key == key && Inputs.IsCurrent();

    /// <summary>Writes the state.</summary>
    public void Write(string outputDirectory) => StateFile.Write(Path.Combine(outputDirectory, FileName), this);
}
