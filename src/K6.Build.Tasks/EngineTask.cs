using K6.LoadTesting.Engines;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>A task that runs the bundles of a plan with an engine, and so knows where engines may be.</summary>
public abstract class EngineTask : CancelableTask
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>Absolute path of <c>bundles.json</c>.</summary>
    [Required]
    public string BundlesFile { get; set; } = "";

    /// <summary>Absolute path of the embedded engine's assembly.</summary>
    public string EmbeddedEngine { get; set; } = "";

    /// <summary>The <c>dotnet</c> program that runs services and the embedded engine; empty for the one on PATH.</summary>
    public string DotnetHost { get; set; } = "";

    /// <summary><c>K6RuntimePath</c>: absolute path of the k6 of a package; empty without one.</summary>
    public string PackagedK6 { get; set; } = "";

    /// <summary><c>K6Version</c>; empty when the project says none.</summary>
    public string K6Version { get; set; } = "";

    /// <summary><c>K6Sha256</c>; empty when the project says none.</summary>
    public string K6Sha256 { get; set; } = "";

    /// <summary><c>K6CacheDirectory</c>, absolute; empty for the user's own.</summary>
    public string K6CacheDirectory { get; set; } = "";

    /// <summary>The <c>dotnet</c> program.</summary>
    protected string Host => DotnetHost.Length > 0 ? DotnetHost : "dotnet";

    /// <summary>Absolute path of the k6 of a package, or of a copy that may be executed; null without one.</summary>
    protected string? K6OfPackage => PackagedK6.Length > 0 ? PackagedProgram.Executable(PackagedK6, Path.Combine(Path.GetDirectoryName(PlanFile)!, "tools")) : null;

    /// <summary>Where engines may be.</summary>
    private protected EngineLocations Engines =>
        new EngineLocations(EmbeddedEngine.Length > 0 ? EmbeddedEngine : null, Host) { PackagedK6 = K6OfPackage }.WithInstalled(K6Version, K6Sha256, K6CacheDirectory);
}
