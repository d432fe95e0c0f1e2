using K6.Build.Tasks.Declarations;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Sources;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Makes <c>plan.json</c> of what a project declares, and the scripts of scenarios without one, or errors at the lines that are wrong.</summary>
[MSBuildMultiThreadableTask]
public sealed class ValidateLoadTests : K6Task
{
    /// <summary>Absolute path of the SDK's folder, whose own properties are no declarations.</summary>
    [Required]
    public string SdkDirectory { get; set; } = "";

    /// <summary>The <c>K6Scenario</c> items.</summary>
    public ITaskItem[] Scenarios { get; set; } = [];

    /// <summary>The <c>K6Endpoint</c> items.</summary>
    public ITaskItem[] Endpoints { get; set; } = [];

    /// <summary>The <c>K6Threshold</c> items.</summary>
    public ITaskItem[] Thresholds { get; set; } = [];

    /// <summary>The <c>K6Regression</c> items.</summary>
    public ITaskItem[] Regressions { get; set; } = [];

    /// <summary>The <c>K6Service</c> items.</summary>
    public ITaskItem[] Services { get; set; } = [];

    /// <summary>The <c>K6EnvironmentVariable</c> items.</summary>
    public ITaskItem[] EnvironmentVariables { get; set; } = [];

    /// <summary>The <c>K6Data</c> items.</summary>
    public ITaskItem[] Data { get; set; } = [];

    /// <summary>The <c>K6OpenApi</c> items.</summary>
    public ITaskItem[] OpenApi { get; set; } = [];

    /// <summary>The <c>K6Secret</c> items.</summary>
    public ITaskItem[] Secrets { get; set; } = [];

    /// <summary>The <c>K6Output</c> items.</summary>
    public ITaskItem[] Outputs { get; set; } = [];

    /// <summary>Whether the load ran elsewhere, so that no scenario is needed.</summary>
    public bool ForImport { get; set; }

    /// <summary>Absolute path of the file to write.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var diagnostics = new List<Diagnostic>();
        var project = Read(diagnostics);
        var plan = ForImport ? LoadPlanBuilder.BuildForImport(project, diagnostics) : LoadPlanBuilder.Build(project, diagnostics);
        if (Report(diagnostics) && plan is not null)
        {
            LoadTestJson.Write(PlanFile, plan);
            SourceScripts.Write(plan, Path.GetDirectoryName(PlanFile)!);
        }
    }

    private ProjectDeclaration Read(List<Diagnostic> diagnostics)
    {
        var properties = (BuildEngine as IBuildEngine6)?.GetGlobalProperties() ?? new Dictionary<string, string>();
        using var reader = new DeclarationReader(ProjectFile, properties, SdkDirectory);
        foreach (var (kind, include, location) in reader.ElementsWithoutItems())
        {
            diagnostics.Add(Rules.ItemYieldsNothing.At(
                location,
                $"This {kind} yields no item: '{include}' matches no file, is empty, or was read as a glob or a list. {Advice(kind, include)}"));
        }

        var project = reader.Read(new Dictionary<string, ITaskItem[]>
        {
            ["K6Scenario"] = Scenarios,
            ["K6Endpoint"] = Endpoints,
            ["K6Threshold"] = Thresholds,
            ["K6Regression"] = Regressions,
            ["K6Service"] = Services,
            ["K6EnvironmentVariable"] = EnvironmentVariables,
            [DataReader.Item] = Data,
            [OpenApiReader.Item] = OpenApi,
            ["K6Secret"] = Secrets,
            [OutputItemReader.Item] = Outputs,
        });
        return project with { GeneratedDirectory = Path.GetDirectoryName(PlanFile)! };
    }

    // In an Include '?' is a letter of a glob, whatever it is meant for.
    private static string Advice(string kind, string include) => kind == "K6Endpoint" && include.Contains('?', StringComparison.Ordinal)
        ? $"Put the request where '?' is one: Include=\"{include[..include.IndexOf('?', StringComparison.Ordinal)]}\" Query=\"{include[(include.IndexOf('?', StringComparison.Ordinal) + 1)..]}\"."
        : "Correct it, or put a condition on the element.";
}
