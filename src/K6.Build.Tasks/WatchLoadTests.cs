using K6.Build.Tasks.Declarations;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Running;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Runs a smoke of the scenarios whose files are saved, until the build is stopped.</summary>
[MSBuildMultiThreadableTask]
public sealed class WatchLoadTests : CancelableTask
{
    /// <summary>Absolute path of the SDK's folder, whose own properties are no declarations.</summary>
    [Required]
    public string SdkDirectory { get; set; } = "";

    /// <summary>Absolute path of <c>prepared.json</c>.</summary>
    [Required]
    public string PreparedFile { get; set; } = "";

    /// <summary>Absolute path of the folder of bundles.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    /// <summary>Absolute path of the package's folder of esbuild programs.</summary>
    [Required]
    public string EsbuildDirectory { get; set; } = "";

    /// <summary><c>K6EsbuildPath</c>: another esbuild program; empty for the package's.</summary>
    public string EsbuildPath { get; set; } = "";

    /// <summary><c>K6CacheDirectory</c>, absolute; empty for the user's own.</summary>
    public string K6CacheDirectory { get; set; } = "";

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var bundling = BundleLoadTests.Options(ProjectFile, OutputDirectory, EsbuildDirectory, EsbuildPath, K6CacheDirectory);
        new LoadTestWatch(PreparedRun.Read(PreparedFile), bundling, Plan, CreateOutput().Write).RunAsync(Cancelled).GetAwaiter().GetResult();
    }

    // From the project file as it is now; what targets made is not among it.
    private LoadPlan? Plan(ICollection<Diagnostic> diagnostics)
    {
        var properties = (BuildEngine as IBuildEngine6)?.GetGlobalProperties() ?? new Dictionary<string, string>();
        try
        {
            using var reader = new DeclarationReader(ProjectFile, properties, SdkDirectory);
            return LoadPlanBuilder.Build(reader.Read() with { GeneratedDirectory = Path.GetDirectoryName(PreparedFile)! }, diagnostics);
        }
        catch (Microsoft.Build.Exceptions.InvalidProjectFileException invalid)
        {
            diagnostics.Add(new Diagnostic(invalid.ErrorCode ?? "MSB4025", DiagnosticSeverity.Error, invalid.BaseMessage, new SourceLocation(invalid.ProjectFile ?? ProjectFile, invalid.LineNumber, invalid.ColumnNumber)));
            return null;
        }
    }
}
