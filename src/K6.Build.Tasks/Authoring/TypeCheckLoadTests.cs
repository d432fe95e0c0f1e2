using K6.LoadTesting.Authoring;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Checks the scripts of a plan with the TypeScript compiler; does nothing when nothing changed since a check without errors.</summary>
[MSBuildMultiThreadableTask]
public sealed class TypeCheckLoadTests : CancelableTask
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>Absolute path of <c>obj/k6</c>.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    /// <summary>Absolute paths of the folders with the types of k6.</summary>
    [Required]
    public string[] TypesDirectories { get; set; } = [];

    /// <summary>The compiler's package for this platform, <c>K6.TypeScript.linux-x64/7.0.2</c>; empty when there is none.</summary>
    public string CompilerPackage { get; set; } = "";

    /// <summary>Folders that packages are restored to.</summary>
    public string[] PackageFolders { get; set; } = [];

    /// <summary><c>K6TypeScriptPath</c>: another compiler; empty for the package's.</summary>
    public string CompilerPath { get; set; } = "";

    /// <summary>Whether a missing compiler is an error: <c>K6TypeCheck</c> is <c>true</c> and not merely left out.</summary>
    public bool Required { get; set; }

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var projectDirectory = Path.GetDirectoryName(ProjectFile)!;
        var diagnostics = new List<Diagnostic>();
        var options = new TypeCheckOptions
        {
            ProjectDirectory = projectDirectory,
            OutputDirectory = OutputDirectory,
            TypesDirectories = TypesDirectories,
            CompilerPath = CompilerPath.Length > 0 ? Path.GetFullPath(CompilerPath, projectDirectory) : "",
            CompilerPackage = CompilerPackage,
            PackageFolders = [.. PackageFolders.Select(folder => Path.GetFullPath(folder, projectDirectory))],
            Required = Required,
        };
        using var slow = CreateOutput().SlowPhase("type-checking the scripts");
        var outcome = TypeChecker.IsCurrent(PlanFile, options) ? TypeCheckOutcome.UpToDate
            : TypeChecker.CheckAsync(LoadTestJson.Read<LoadPlan>(PlanFile), options, diagnostics, PlanFile, Cancelled).GetAwaiter().GetResult();
        if (Report(diagnostics) && outcome != TypeCheckOutcome.Skipped)
        {
            Log.LogMessage(MessageImportance.Normal, "{0}", outcome == TypeCheckOutcome.Checked ? "Type-checked the scripts." : "The type check is up to date.");
        }
    }
}
