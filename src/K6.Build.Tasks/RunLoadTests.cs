using K6.Build.Tasks.Output;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Install;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Runs the bundles of a plan and judges them; the verdict is the outcome of the task.</summary>
[MSBuildMultiThreadableTask]
public sealed class RunLoadTests : K6Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>Absolute path of <c>bundles.json</c>.</summary>
    [Required]
    public string BundlesFile { get; set; } = "";

    /// <summary>Outputs of the services' <c>Build</c> targets.</summary>
    public ITaskItem[] BuiltServices { get; set; } = [];

    /// <summary>Absolute path of the embedded engine's assembly.</summary>
    public string EmbeddedEngine { get; set; } = "";

    /// <summary>The <c>dotnet</c> program that runs services and the embedded engine; empty for the one on PATH.</summary>
    public string DotnetHost { get; set; } = "";

    /// <summary><c>K6RuntimePath</c>: absolute path of the k6 of a package; empty without one.</summary>
    public string PackagedK6 { get; set; } = "";

    /// <summary><c>K6Version</c>; empty when the project says none.</summary>
    public string K6Version { get; set; } = "";

    /// <summary><c>K6Sha256</c>; empty when the project says none.</summary>
    public string K6Sha256 { get; set; } = "";

    /// <summary><c>K6CacheDirectory</c>, absolute; empty for the user's own.</summary>
    public string K6CacheDirectory { get; set; } = "";

    /// <summary>One item per test: its name, with <c>Verdict</c>, <c>ResultFile</c> and more.</summary>
    [Output]
    public ITaskItem[] Results { get; private set; } = [];

    /// <inheritdoc />
    public void Cancel() => _cancellation.Cancel();

    /// <inheritdoc />
    public void Dispose() => _cancellation.Dispose();

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var host = DotnetHost.Length > 0 ? DotnetHost : "dotnet";
        var diagnostics = new List<Diagnostic>();
        var plan = Services.BuiltServices.Apply(LoadTestJson.Read<LoadPlan>(PlanFile), BuiltServices, host, diagnostics);
        if (!Report(diagnostics))
        {
            return;
        }

        var settings = plan.Settings;
        var output = CreateOutput(K6Duration.Parse(settings.ProgressInterval));
        var reporter = RunReporter.Create(output, settings, Report);
        var options = new LoadTestRunOptions
        {
            Engines = new EngineLocations(EmbeddedEngine.Length > 0 ? EmbeddedEngine : null, host)
            {
                PackagedK6 = PackagedK6.Length > 0 ? PackagedProgram.Executable(PackagedK6, Path.Combine(Path.GetDirectoryName(PlanFile)!, "tools")) : null,
                InstalledK6 = K6Cache.At(K6CacheDirectory)?.Find(K6Version, K6Sha256),
                PinnedVersion = K6Version.Length > 0 ? K6Version : null,
            },
        };
        var result = LoadTestRunner.RunAsync(plan, LoadTestJson.Read<TestBundle[]>(BundlesFile), options, reporter, _cancellation.Token)
            .GetAwaiter().GetResult();

        reporter.Finish(result);
        Results = [.. result.Tests.Select(test => ResultItem.Of(result, test, settings.ResultsDirectory))];
        if (result.Verdict == Verdict.Failed && settings.FailOnError && !Log.HasLoggedErrors)
        {
            // Every reason for a failed verdict has a code of its own; this one says that one of them was lost.
            Report(Rules.VerdictWithoutReason.At(null, $"The load test failed, and no rule said why. The results are in {settings.ResultsDirectory}; please report this."));
        }
    }
}
