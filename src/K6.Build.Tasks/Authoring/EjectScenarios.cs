using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Sources.Endpoints;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Takes the generated scripts of a plan over into the project.</summary>
[MSBuildMultiThreadableTask]
public sealed class EjectScenarios : K6Task
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary><c>K6EjectDirectory</c>: folder of the scripts, from the project's folder; empty for <c>scenarios</c>.</summary>
    public string Directory { get; set; } = "";

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var project = Path.GetDirectoryName(ProjectFile)!;
        var diagnostics = new List<Diagnostic>();
        var scripts = ScriptEjection.Eject(LoadTestJson.Read<LoadPlan>(PlanFile), Path.GetFullPath(Directory.Length > 0 ? Directory : "scenarios", project), diagnostics);
        Report(diagnostics);
        foreach (var script in scripts)
        {
            CreateOutput().Write($"wrote {Path.GetRelativePath(project, script)}");
        }
    }
}
