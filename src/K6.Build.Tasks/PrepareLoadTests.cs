using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Writes down all that a run needs besides MSBuild; ends the load test, at the line of its item, when a service did not build.</summary>
[MSBuildMultiThreadableTask]
public sealed class PrepareLoadTests : EngineTask
{
    /// <summary>Absolute path of <c>base-plan.json</c>; empty without a base to compare with.</summary>
    public string BasePlanFile { get; set; } = "";

    /// <summary>Absolute path of the file to write.</summary>
    [Required]
    public string PreparedFile { get; set; } = "";

    /// <summary>Outputs of the services' <c>Build</c> targets.</summary>
    public ITaskItem[] BuiltServices { get; set; } = [];

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var isWritten = false;
        try
        {
            isWritten = Prepare();
        }
        finally
        {
            // Nobody runs what another build prepared. A file that is replaced is there all the time: builds of one project at once read it.
            if (!isWritten)
            {
                File.Delete(PreparedFile);
            }
        }
    }

    private bool Prepare()
    {
        var diagnostics = new List<Diagnostic>();
        var plan = Services.BuiltServices.Apply(LoadTestJson.Read<LoadPlan>(PlanFile), BuiltServices, Host, diagnostics);
        var compared = Services.BuiltServices.Apply(Services.BuiltServices.Base(BasePlanFile), BuiltServices, Host, diagnostics);
        if (!Report(diagnostics))
        {
            return false;
        }

        LoadTestJson.Write(PreparedFile, new PreparedRun
        {
            Plan = plan,
            Base = compared,
            Bundles = LoadTestJson.Read<TestBundle[]>(BundlesFile),
            EmbeddedEngine = EmbeddedEngine.Length > 0 ? EmbeddedEngine : null,
            DotnetHost = Host,
            PackagedK6 = K6OfPackage,
            K6Version = K6Version,
            K6Sha256 = K6Sha256,
            K6CacheDirectory = K6CacheDirectory,
        });
        return true;
    }
}
