using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Ends the load test before any load when a service did not build, at the line of its item.</summary>
[MSBuildMultiThreadableTask]
public sealed class CheckServicesBuilt : K6Task
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>Outputs of the services' <c>Build</c> targets.</summary>
    public ITaskItem[] BuiltServices { get; set; } = [];

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var diagnostics = new List<Diagnostic>();
        Tasks.Services.BuiltServices.Apply(LoadTestJson.Read<LoadPlan>(PlanFile), BuiltServices, "dotnet", diagnostics);
        Report(diagnostics);
    }
}
