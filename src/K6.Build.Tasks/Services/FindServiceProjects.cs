using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Evaluation;
using Microsoft.Build.Exceptions;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace K6.Build.Tasks;

/// <summary>Finds out which services are projects, how they are to be built, and which of them have never been restored.</summary>
[MSBuildMultiThreadableTask]
public sealed class FindServiceProjects : K6Task
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>Absolute path of <c>base-plan.json</c>, whose services are found too; empty without a base.</summary>
    public string BasePlanFile { get; set; } = "";

    /// <summary>The <c>K6Service</c> items and those of the base, for <c>Configuration</c> (Release by default) and <c>TargetFramework</c>.</summary>
    public ITaskItem[] Services { get; set; } = [];

    /// <summary>Whether the projects are those that make OpenAPI documents: <see cref="Services"/> are <c>K6OpenApi</c> items then.</summary>
    public bool ForDocuments { get; set; }

    /// <summary>Global properties of this build that are not passed on to services.</summary>
    public string[] PropertiesToRemove { get; set; } = [];

    /// <summary>Projects without <c>project.assets.json</c>, with <c>AdditionalProperties</c>.</summary>
    [Output]
    public ITaskItem[] ProjectsToRestore { get; private set; } = [];

    /// <summary>All projects, with <c>AdditionalProperties</c>.</summary>
    [Output]
    public ITaskItem[] ProjectsToBuild { get; private set; } = [];

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var restore = new List<ITaskItem>();
        var build = new List<ITaskItem>();
        var plan = LoadTestJson.Read<LoadPlan>(PlanFile);
        var projects = ForDocuments
            ? plan.OpenApi.Select(client => new Wanted($"client {client.Name}", client.Project, client.Location, Rules.OpenApiNotProduced, "K6OpenApi"))
            : plan.Services.Select(service => new Wanted($"service {service.Name}", service.Project, service.Location, Rules.ServiceNotBuilt, "K6Service"))
                .Concat(Tasks.Services.BuiltServices.Base(BasePlanFile) is not { } compared ? []
                    : compared.Services.Select(service => new Wanted($"service {service.Name} of {compared.Title}", service.Project, service.Location, Rules.BaseNotBuilt, "K6Service")));
        foreach (var one in projects.DistinctBy(one => one.Project ?? one.Title))
        {
            if (one.Project is { } project && Evaluate(one, project) is var (item, restored))
            {
                build.Add(item);
                if (!restored)
                {
                    restore.Add(item);
                }
            }
        }

        ProjectsToBuild = [.. build];
        ProjectsToRestore = [.. restore];
    }

    /// <summary>A project, and how to report about it.</summary>
    private sealed record Wanted(string Title, string? Project, SourceLocation Location, DiagnosticRule Rule, string Item);

    private (TaskItem Item, bool Restored)? Evaluate(Wanted wanted, string file)
    {
        var source = Services.FirstOrDefault(item => string.Equals(item.GetMetadata("FullPath"), file, StringComparison.OrdinalIgnoreCase));
        var configuration = source?.GetMetadata("Configuration") is { Length: > 0 } named ? named : "Release";
        var own = new Dictionary<string, string> { ["Configuration"] = configuration };
        if (source?.GetMetadata("TargetFramework") is { Length: > 0 } framework)
        {
            own["TargetFramework"] = framework;
        }

        // A project that serves itself is built here, and not tested once more by what it says about its own builds.
        if (string.Equals(file, ProjectFile, StringComparison.OrdinalIgnoreCase))
        {
            own["_K6OwnService"] = "true";
        }

        var properties = (BuildEngine as IBuildEngine6)?.GetGlobalProperties()
            .Where(pair => !PropertiesToRemove.Contains(pair.Key, StringComparer.OrdinalIgnoreCase))
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase) ?? [];
        foreach (var (name, value) in own)
        {
            properties[name] = value;
        }

        try
        {
            using var collection = new ProjectCollection(properties);
            var project = new Project(file, properties, null, collection);
            if (project.GetPropertyValue("TargetFramework").Length == 0 && project.GetPropertyValue("TargetFrameworks") is { Length: > 0 } several)
            {
                Report(wanted.Rule.At(
                    wanted.Location,
                    $"The {wanted.Title} has several target frameworks ({several}). Say which one to run: TargetFramework=\"{several.Split(';')[0]}\" on the {wanted.Item} item."));
                return null;
            }

            var item = new TaskItem(file);
            item.SetMetadata("AssetsFile", project.GetPropertyValue("ProjectAssetsFile"));
            item.SetMetadata("Framework", project.GetPropertyValue("TargetFrameworkMoniker"));
            item.SetMetadata("AdditionalProperties", string.Join(';', own.Select(pair => $"{pair.Key}={pair.Value}")));
            var assets = project.GetPropertyValue("ProjectAssetsFile");
            return (item, assets.Length == 0 || File.Exists(assets));
        }
        catch (InvalidProjectFileException failure)
        {
            Report(wanted.Rule.At(wanted.Location, $"The project of the {wanted.Title} cannot be read: {failure.Message}"));
            return null;
        }
    }
}
