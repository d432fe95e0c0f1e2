using K6.Build.Tasks.Declarations;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Sources;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>
/// Makes <c>plan.json</c> of what a project declares, and the scripts of scenarios without one, or errors at the lines that are wrong. Does nothing when nothing
/// that they are made of changed.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class ValidateLoadTests : K6Task
{
    private const string StateName = "plan";

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

    /// <summary>Values of the properties that the plan reads, and what else decides about it; compared only.</summary>
    public string Settings { get; set; } = "";

    private IReadOnlyDictionary<string, ITaskItem[]> Items => new Dictionary<string, ITaskItem[]>
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
    };

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var folder = Path.GetDirectoryName(PlanFile)!;
        var properties = (BuildEngine as IBuildEngine6)?.GetGlobalProperties() ?? new Dictionary<string, string>();
        var key = Key(properties);
        if (ModuleState.Read(folder, StateName) is { } last && last.IsCurrent(key))
        {
            Report(last.Said);
            Log.LogMessage(MessageImportance.Normal, "{0}", "The plan is up to date.");
            return;
        }

        var diagnostics = new List<Diagnostic>();
        using var reader = new DeclarationReader(ProjectFile, properties, SdkDirectory);
        var project = Read(reader, diagnostics);
        var plan = ForImport ? LoadPlanBuilder.BuildForImport(project, diagnostics) : LoadPlanBuilder.Build(project, diagnostics);
        if (Report(diagnostics) && plan is not null)
        {
            var written = LoadTestJson.Write(PlanFile, plan);
            var scripts = SourceScripts.Write(plan, folder);
            var requests = plan.Tests.SelectMany(test => test.Scenarios).Select(scenario => scenario.Requests).OfType<RequestScript>();
            var stamp = FileStamp.Of(PlanFile);
            // Another build of the project may have put its own plan there meanwhile.
            if (stamp.Hash == InputState.Hash(written))
            {
                new ModuleState
                {
                    Key = key,
                    Inputs = [.. reader.Files.Concat(requests.SelectMany(script => script.Inputs.Concat(script.LookedFor))).Distinct().Select(FileStamp.Of)],
                    Outputs = [stamp, .. scripts.Select(FileStamp.Of)],
                    Said = diagnostics,
                }.Write(folder, StateName);
            }
        }
    }

    private string Key(IReadOnlyDictionary<string, string> properties)
    {
        var key = new DeclarationKey(ProjectFile).Add(properties).Add(nameof(SdkDirectory), SdkDirectory).Add(nameof(ForImport), ForImport.ToString());
        // Variables of the environment are properties; those of k6 (K6_VUS) are not ours.
        key.Add(Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(DeclarationReader.IsDeclared).Select(name => KeyValuePair.Create(name, "")));
        foreach (var setting in Settings.Split('|'))
        {
            key.Add("", setting.Trim());
        }

        foreach (var (kind, items) in Items)
        {
            key.Add(kind, items);
        }

        return key.ToString();
    }

    private ProjectDeclaration Read(DeclarationReader reader, List<Diagnostic> diagnostics)
    {
        foreach (var (kind, include, location) in reader.ElementsWithoutItems())
        {
            diagnostics.Add(Rules.ItemYieldsNothing.At(
                location,
                $"This {kind} yields no item: '{include}' matches no file, is empty, or was read as a glob or a list. {Advice(kind, include)}"));
        }

        return reader.Read(Items) with { GeneratedDirectory = Path.GetDirectoryName(PlanFile)! };
    }

    // In an Include '?' is a letter of a glob, whatever it is meant for.
    private static string Advice(string kind, string include) => kind == "K6Endpoint" && include.Contains('?', StringComparison.Ordinal)
        ? $"Put the request where '?' is one: Include=\"{include[..include.IndexOf('?', StringComparison.Ordinal)]}\" Query=\"{include[(include.IndexOf('?', StringComparison.Ordinal) + 1)..]}\"."
        : "Correct it, or put a condition on the element.";
}
