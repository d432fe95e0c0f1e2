using K6.LoadTesting.Comparing;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace K6.Build.Tasks;

/// <summary>Finds the services that <c>K6CompareWith</c> names, and writes <c>base-plan.json</c>; a commit gets a work tree.</summary>
[MSBuildMultiThreadableTask]
public sealed class PrepareBase : CancelableTask
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary><c>K6CompareWith</c>.</summary>
    [Required]
    public string CompareWith { get; set; } = "";

    /// <summary>Absolute path of the folder for work trees.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Absolute path of the file to write.</summary>
    [Required]
    public string BasePlanFile { get; set; } = "";

    /// <summary>The <c>K6Service</c> items.</summary>
    public ITaskItem[] Services { get; set; } = [];

    /// <summary>The projects of the base, with the metadata of those that they stand for.</summary>
    [Output]
    public ITaskItem[] BaseServices { get; private set; } = [];

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var plan = LoadTestJson.Read<LoadPlan>(PlanFile);
        using (CreateOutput().SlowPhase($"checking out {CompareWith}"))
        {
            var found = BaseRevision.PrepareAsync(plan, CompareWith.Trim(), Path.TrimEndingDirectorySeparator(Folder), Cancelled).GetAwaiter().GetResult();
            LoadTestJson.Write(BasePlanFile, found);
            BaseServices = [.. found.Services.Select(service => Item(service, plan.Services.First(one => one.Name == service.Name)))];
        }
    }

    private TaskItem Item(ServicePlan service, ServicePlan original)
    {
        var source = Services.FirstOrDefault(item => string.Equals(item.GetMetadata("FullPath"), original.Project, StringComparison.OrdinalIgnoreCase));
        var item = source is null ? new TaskItem() : new TaskItem(source);
        item.ItemSpec = service.Project!;
        return item;
    }
}
