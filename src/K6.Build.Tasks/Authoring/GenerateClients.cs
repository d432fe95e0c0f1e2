using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Sources.OpenApi;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Makes the clients of a plan's OpenAPI documents, or errors at the lines of the documents.</summary>
[MSBuildMultiThreadableTask]
public sealed class GenerateClients : CancelableTask
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>Absolute path of <c>obj/k6</c>.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    /// <summary>The projects that make documents, with <c>AssetsFile</c> and <c>Framework</c>.</summary>
    public ITaskItem[] Projects { get; set; } = [];

    /// <summary>Outputs of their <c>Build</c> targets.</summary>
    public ITaskItem[] BuiltProjects { get; set; } = [];

    /// <summary>Absolute path of the <c>project.assets.json</c> of the project that downloads the tool which asks for documents.</summary>
    public string ToolAssetsFile { get; set; } = "";

    /// <summary>Version of the tool's package.</summary>
    public string ToolVersion { get; set; } = "";

    /// <summary>The <c>dotnet</c> program; empty for the one on PATH.</summary>
    public string DotnetHost { get; set; } = "";

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var plan = LoadTestJson.Read<LoadPlan>(PlanFile);
        var diagnostics = new List<Diagnostic>();
        foreach (var client in plan.OpenApi.Where(client => client.Project is not null))
        {
            if (Source(client, diagnostics) is { } source)
            {
                DocumentProducer.WriteAsync(client, source, diagnostics, Cancelled).GetAwaiter().GetResult();
            }
        }

        if (!Report(diagnostics))
        {
            return;
        }

        diagnostics.Clear();
        string[] called = [.. plan.Tests.SelectMany(test => test.Scenarios).Select(scenario => scenario.Client).OfType<string>()];
        var made = OpenApiClients.Write(plan.OpenApi, Path.GetDirectoryName(ProjectFile)!, OutputDirectory, called, diagnostics);
        if (!Report(diagnostics))
        {
            return;
        }

        if (called.Length > 0)
        {
            plan = OpenApiClients.WithRequests(plan, OutputDirectory);
            LoadTestJson.Write(PlanFile, plan);
            SourceScripts.Write(plan, OutputDirectory);
        }

        if (made.Count > 0)
        {
            Log.LogMessage(MessageImportance.Normal, "{0}", $"Made the clients {string.Join(", ", made)}.");
        }
    }

    private DocumentSource? Source(OpenApiPlan client, List<Diagnostic> diagnostics)
    {
        var project = Projects.FirstOrDefault(item => Is(item.GetMetadata("FullPath"), client.Project));
        var assembly = BuiltProjects.FirstOrDefault(item => Is(item.GetMetadata("MSBuildSourceProjectFile"), client.Project))?.GetMetadata("FullPath");
        if (project is null || assembly is null || !File.Exists(assembly))
        {
            diagnostics.Add(Rules.OpenApiNotProduced.At(client.Location, $"{client.Project} did not build, so there is no document of '{client.Name}'. The errors above say why."));
            return null;
        }

        if (DocumentProducer.FindTool(ToolAssetsFile, ToolVersion) is not { } tool)
        {
            diagnostics.Add(Rules.OpenApiNotProduced.At(client.Location,
                $"The package Microsoft.Extensions.ApiDescription.Server {ToolVersion}, which asks {Path.GetFileName(client.Project)} for its document, could not be restored. The errors above say why; a document file needs no package."));
            return null;
        }

        return new DocumentSource(assembly, project.GetMetadata("Framework"), project.GetMetadata("AssetsFile"), tool, DotnetHost.Length > 0 ? DotnetHost : "dotnet");
    }

    private static bool Is(string path, string? project) => string.Equals(path, project, StringComparison.OrdinalIgnoreCase);
}
