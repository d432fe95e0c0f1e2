using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Writes down all that a run needs besides MSBuild; ends the load test, at the line of its item, when a service did not build.</summary>
[MSBuildMultiThreadableTask]
public sealed class PrepareLoadTests : K6Task
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>Absolute path of <c>bundles.json</c>.</summary>
    [Required]
    public string BundlesFile { get; set; } = "";

    /// <summary>Absolute path of the file to write.</summary>
    [Required]
    public string PreparedFile { get; set; } = "";

    /// <summary>Outputs of the services' <c>Build</c> targets.</summary>
    public ITaskItem[] BuiltServices { get; set; } = [];

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

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        File.Delete(PreparedFile);
        var host = DotnetHost.Length > 0 ? DotnetHost : "dotnet";
        var diagnostics = new List<Diagnostic>();
        var plan = Services.BuiltServices.Apply(LoadTestJson.Read<LoadPlan>(PlanFile), BuiltServices, host, diagnostics);
        if (Report(diagnostics))
        {
            LoadTestJson.Write(PreparedFile, new PreparedRun
            {
                Plan = plan,
                Bundles = LoadTestJson.Read<TestBundle[]>(BundlesFile),
                EmbeddedEngine = EmbeddedEngine.Length > 0 ? EmbeddedEngine : null,
                DotnetHost = host,
                PackagedK6 = PackagedK6.Length > 0 ? PackagedProgram.Executable(PackagedK6, Path.Combine(Path.GetDirectoryName(PlanFile)!, "tools")) : null,
                K6Version = K6Version,
                K6Sha256 = K6Sha256,
                K6CacheDirectory = K6CacheDirectory,
            });
        }
    }
}
