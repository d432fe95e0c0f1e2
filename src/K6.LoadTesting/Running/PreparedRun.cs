using System.Text.Json;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Comparing;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Running;

/// <summary>
/// Load tests of a project that are built and only have to run: the plan with the commands of its services, the bundles, and where the engines are.
/// Written as <c>prepared.json</c> in <c>obj/k6</c>, so that test runners can run them without MSBuild.
/// </summary>
internal sealed record PreparedRun
{
    /// <summary>Name of the file in the folder of what a build generates.</summary>
    public const string FileName = "prepared.json";

    /// <summary>Version of the file's shape.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The plan; services that are projects have the command that starts what was built of them.</summary>
    public required LoadPlan Plan { get; init; }

    /// <summary>The services to compare with, built; null compares with earlier runs.</summary>
    public BasePlan? Base { get; init; }

    /// <summary>Its bundles, one for each test.</summary>
    public required IReadOnlyList<TestBundle> Bundles { get; init; }

    /// <summary>Absolute path of the embedded engine's assembly; null without one.</summary>
    public string? EmbeddedEngine { get; init; }

    /// <summary>The <c>dotnet</c> program that runs services and the embedded engine.</summary>
    public required string DotnetHost { get; init; }

    /// <summary>Absolute path of the k6 of a package; null without one.</summary>
    public string? PackagedK6 { get; init; }

    /// <summary><c>K6Version</c>; empty when the project says none.</summary>
    public string K6Version { get; init; } = "";

    /// <summary><c>K6Sha256</c>; empty when the project says none.</summary>
    public string K6Sha256 { get; init; } = "";

    /// <summary><c>K6CacheDirectory</c>, absolute; empty for the user's own.</summary>
    public string K6CacheDirectory { get; init; } = "";

    /// <summary>Reads the file that a build wrote.</summary>
    /// <param name="file">Absolute path of <c>prepared.json</c>.</param>
    /// <exception cref="LoadTestException">It is not there, or was written by another version of K6.Sdk.</exception>
    public static PreparedRun Read(string file)
    {
        const string HowTo = "Build the project of the load tests with K6RunOnTest=true or K6PrepareOnBuild=true, in the project or on the command line.";
        try
        {
            var prepared = LoadTestJson.Read<PreparedRun>(file);
            return prepared.SchemaVersion == 1 ? prepared : throw Unreadable($"it has the version {prepared.SchemaVersion}");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LoadTestException(Rules.NotPrepared.At(new SourceLocation(file, 0, 0), $"The load tests were not built: there is no such file. {HowTo}"), missing);
        }
        catch (JsonException damaged)
        {
            throw Unreadable(damaged.Message.TrimEnd('.'));
        }

        LoadTestException Unreadable(string why) =>
            new(Rules.NotPrepared.At(new SourceLocation(file, 0, 0), $"The load tests were built by another version of K6.Sdk: {why}. {HowTo}"));
    }

    /// <summary>The same with some of its tests.</summary>
    /// <param name="tests">Names of the tests; others are left out.</param>
    public PreparedRun Only(IReadOnlyCollection<string> tests) => Plan.Tests.All(test => tests.Contains(test.Name)) ? this : this with
    {
        Plan = Plan with
        {
            Tests = [.. Plan.Tests.Where(test => tests.Contains(test.Name))],
            Settings = Plan.Settings with { IsFiltered = true },
        },
    };

    /// <summary>The same with another folder of results.</summary>
    /// <param name="folder">Absolute path.</param>
    public PreparedRun WithResultsIn(string folder) => this with { Plan = Plan with { Settings = Plan.Settings with { ResultsDirectory = folder } } };

    /// <summary>Runs the tests and judges them, as <see cref="LoadTestRunner.RunAsync"/> does.</summary>
    /// <param name="progress">Hears of phases, figures and diagnostics as they come, on any thread.</param>
    /// <param name="cancellationToken">Stops the load in order; the result is then a failed one that holds what was measured.</param>
    /// <exception cref="LoadTestException">The folder of results cannot be written, so there is no result.</exception>
    public Task<LoadTestResult> RunAsync(IProgress<RunEvent>? progress, CancellationToken cancellationToken) => LoadTestRunner.RunAsync(
        Plan,
        Bundles,
        new LoadTestRunOptions
        {
            Base = Base,
            Engines = new EngineLocations(EmbeddedEngine, DotnetHost) { PackagedK6 = PackagedK6 }.WithInstalled(K6Version, K6Sha256, K6CacheDirectory),
        },
        progress,
        cancellationToken);
}
