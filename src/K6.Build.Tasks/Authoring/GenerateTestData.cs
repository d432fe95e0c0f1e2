using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Makes the modules of a plan's test data, or errors at the lines of the data.</summary>
[MSBuildMultiThreadableTask]
public sealed class GenerateTestData : CancelableTask
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>Absolute path of <c>obj/k6</c>.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var diagnostics = new List<Diagnostic>();
        var plan = LoadTestJson.Read<LoadPlan>(PlanFile);
        using var slow = CreateOutput().SlowPhase("making the test data");
        var made = DataModules.Write(plan.Data, Path.GetDirectoryName(ProjectFile)!, OutputDirectory, diagnostics, cancellation: Cancelled);
        DataModules.CheckColumns(plan, OutputDirectory, diagnostics);
        if (Report(diagnostics) && made.Count > 0)
        {
            Log.LogMessage(MessageImportance.Normal, "{0}", $"Made the test data {string.Join(", ", made)}.");
        }
    }
}
