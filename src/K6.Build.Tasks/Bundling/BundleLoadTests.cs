using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Install;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace K6.Build.Tasks;

/// <summary>Makes the bundles of a plan; does nothing when nothing that they are made of changed.</summary>
[MSBuildMultiThreadableTask]
public sealed class BundleLoadTests : CancelableTask
{
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

    /// <summary><c>K6CacheDirectory</c>, absolute; empty for the user's own.</summary>
    public string K6CacheDirectory { get; set; } = "";

    /// <summary>Whether modules that are imported from addresses are downloaded and pinned first.</summary>
    public bool PinImports { get; set; }

    /// <summary>One item per test: its bundle, with <c>Test</c>.</summary>
    [Output]
    public ITaskItem[] Bundles { get; private set; } = [];

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var options = Options(ProjectFile, OutputDirectory, EsbuildDirectory, EsbuildPath, K6CacheDirectory);
        var diagnostics = new List<Diagnostic>();
        if (PinImports && !Pin(LoadTestJson.Read<LoadPlan>(PlanFile), options))
        {
            return;
        }

        var outcome = Bundler.Current(PlanFile, options, diagnostics)
            ?? Bundler.BundleAsync(LoadTestJson.Read<LoadPlan>(PlanFile), options, diagnostics, PlanFile, Cancelled).GetAwaiter().GetResult();
        if (Report(diagnostics))
        {
            Log.LogMessage(
                MessageImportance.Normal, "{0}", outcome.Ran ? $"Bundled {outcome.Bundles.Count} load test{(outcome.Bundles.Count == 1 ? "" : "s")}." : "The bundles are up to date.");
        }

        Bundles = [.. outcome.Bundles.Select(bundle => new TaskItem(bundle.File, new Dictionary<string, string> { ["Test"] = bundle.Test }))];
    }

    private bool Pin(LoadPlan plan, BundleOptions options)
    {
        var diagnostics = new List<Diagnostic>();
        var pinned = Bundler.PinImportsAsync(plan, options, diagnostics, Cancelled).GetAwaiter().GetResult();
        if (!Report(diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)))
        {
            return false;
        }

        CreateOutput().Write(pinned.Count == 0
            ? "The scripts import nothing from addresses."
            : string.Join(Environment.NewLine, pinned.Select(one => $"{one.Value[..12]}… {one.Key}").Prepend("Pinned in k6-imports.lock.json, which belongs into source control:")));
        return true;
    }

    /// <summary>Where esbuild and the bundles are, of what targets say.</summary>
    internal static BundleOptions Options(string projectFile, string outputDirectory, string esbuildDirectory, string esbuildPath, string cacheDirectory)
    {
        var project = Path.GetDirectoryName(projectFile)!;
        return new BundleOptions
        {
            EsbuildPath = EsbuildProgram.Find(esbuildDirectory, esbuildPath.Length > 0 ? Path.GetFullPath(esbuildPath, project) : "", Path.Combine(outputDirectory, "tools")),
            OutputDirectory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputDirectory, project)),
            ProjectDirectory = project,
            ImportsCache = K6Cache.At(cacheDirectory)?.Imports,
        };
    }
}
