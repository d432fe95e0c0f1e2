using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace K6.Build.Tasks;

/// <summary>Makes the bundles of a plan; does nothing when nothing that they are made of changed.</summary>
[MSBuildMultiThreadableTask]
public sealed class BundleLoadTests : K6Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>Absolute path of the folder of bundles; <c>bundles.json</c> is in it too.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    /// <summary>Absolute path of the package's folder of esbuild programs.</summary>
    [Required]
    public string EsbuildDirectory { get; set; } = "";

    /// <summary><c>K6EsbuildPath</c>: another esbuild program; empty for the package's.</summary>
    public string EsbuildPath { get; set; } = "";

    /// <summary>One item per test: its bundle, with <c>Test</c>.</summary>
    [Output]
    public ITaskItem[] Bundles { get; private set; } = [];

    /// <inheritdoc />
    public void Cancel() => _cancellation.Cancel();

    /// <inheritdoc />
    public void Dispose() => _cancellation.Dispose();

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var plan = LoadTestJson.Read<LoadPlan>(PlanFile);
        var projectDirectory = Path.GetDirectoryName(ProjectFile)!;
        var options = new BundleOptions
        {
            EsbuildPath = EsbuildProgram.Find(
                EsbuildDirectory,
                EsbuildPath.Length > 0 ? Path.GetFullPath(EsbuildPath, projectDirectory) : "",
                Path.Combine(OutputDirectory, "tools")),
            OutputDirectory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(OutputDirectory, projectDirectory)),
            ProjectDirectory = projectDirectory,
        };
        var diagnostics = new List<Diagnostic>();
        var outcome = Bundler.BundleAsync(plan, options, diagnostics, _cancellation.Token).GetAwaiter().GetResult();
        if (Report(diagnostics))
        {
            Log.LogMessage(
                MessageImportance.Normal, "{0}", outcome.Ran ? $"Bundled {outcome.Bundles.Count} load test{(outcome.Bundles.Count == 1 ? "" : "s")}." : "The bundles are up to date.");
        }

        Bundles = [.. outcome.Bundles.Select(bundle => new TaskItem(bundle.File, new Dictionary<string, string> { ["Test"] = bundle.Test }))];
    }
}
