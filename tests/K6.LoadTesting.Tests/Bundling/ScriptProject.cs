using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Bundling;

/// <summary>A project of scripts in a temporary folder whose path has spaces and letters beyond ASCII.</summary>
internal sealed class ScriptProject : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("k6 sdk äß ").FullName;

    public string Output => Path.Combine(Folder, "obj", "k6");

    public string ProjectFile => PathOf("Load.csproj");

    public List<Diagnostic> Diagnostics { get; } = [];

    public BundleOptions Options => new() { EsbuildPath = TestTools.Esbuild, OutputDirectory = Output, ProjectDirectory = Folder, Variable = _ => null };

    public string PathOf(string name) => Path.Combine(Folder, Path.Combine(name.Split('/')));

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public ScenarioPlan Scenario(string file, string? name = null) => new()
    {
        Name = name ?? Path.GetFileNameWithoutExtension(file),
        File = PathOf(file),
        Location = new SourceLocation(ProjectFile, 5, 3),
    };

    public static ThresholdPlan Threshold(string metric, string expression, string? scenario = null) => new()
    {
        Name = metric,
        Metric = metric,
        Scenario = scenario,
        Statistic = "",
        Operator = "",
        Limit = 0,
        Expression = expression,
        Location = new SourceLocation("Load.csproj", 9, 5),
    };

    /// <summary>A plan with a test per scenario.</summary>
    public LoadPlan Plan(params ScenarioPlan[] scenarios) =>
        PlanOf([.. scenarios.Select(scenario => new TestPlan { Name = scenario.Name, Scenarios = [scenario] })]);

    public LoadPlan PlanOf(params TestPlan[] tests) => new() { Project = "Load", ProjectFile = ProjectFile, Tests = tests };

    public async Task<BundleOutcome> BundleAsync(LoadPlan plan, BundleOptions? options = null)
    {
        Diagnostics.Clear();
        return await Bundler.BundleAsync(plan, options ?? Options, Diagnostics);
    }

    /// <summary>Bundles a plan that has no faults.</summary>
    public async Task<IReadOnlyList<TestBundle>> BundlesAsync(LoadPlan plan)
    {
        var outcome = await BundleAsync(plan);
        Assert.IsEmpty(Diagnostics, string.Join(Environment.NewLine, Diagnostics));
        return outcome.Bundles;
    }

    /// <summary>Bundles one script, no more said about it.</summary>
    public async Task<TestBundle> BundleAsync(string file) => (await BundlesAsync(Plan(Scenario(file)))).Single();

    /// <summary>The options of a bundle as real k6 prints them.</summary>
    public async Task<JsonObject> InspectAsync(TestBundle bundle, params (string Name, string Value)[] environment)
    {
        var (exitCode, output, error) = await K6Async(["inspect", "--include-system-env-vars", bundle.File], environment);
        Assert.AreEqual(0, exitCode, error);
        return JsonNode.Parse(output)!.AsObject();
    }

    /// <summary>Runs a bundle on real k6: its exit code, its log and its summary's data.</summary>
    public async Task<(int ExitCode, string Log, JsonNode? Summary)> RunAsync(TestBundle bundle)
    {
        var summary = Path.Combine(Output, "summary.json");
        File.Delete(summary);
        var (exitCode, output, error) = await K6Async(["run", "--quiet", bundle.File], [("K6SDK_SUMMARY", summary)]);
        return (exitCode, output + error, File.Exists(summary) ? JsonNode.Parse(File.ReadAllText(summary)) : null);
    }

    /// <summary>Runs a bundle on <c>k6</c> or <c>embedded</c>: its exit code and what it printed.</summary>
    public async Task<(int ExitCode, string Log)> RunOnAsync(string engine, TestBundle bundle, params (string Name, string Value)[] environment)
    {
        string[] arguments = ["run", "--quiet", "--summary-mode=compact", "--include-system-env-vars", bundle.File];
        var (exitCode, output, error) = engine == "k6"
            ? await K6Async(arguments, environment)
            : await StartAsync("dotnet", ["exec", TestTools.Embedded, .. arguments], environment);
        return (exitCode, output + error);
    }

    /// <summary>Runs real k6 in the project's folder.</summary>
    public Task<(int ExitCode, string Output, string Error)> K6Async(string[] arguments, params (string Name, string Value)[] environment) =>
        StartAsync(TestTools.RequireK6(), arguments, environment);

    private async Task<(int ExitCode, string Output, string Error)> StartAsync(string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["K6_NO_USAGE_REPORT"] = "true";
        start.Environment["K6_AUTO_EXTENSION_RESOLUTION"] = "false";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

internal static class JsonAssert
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void AreEqual(string expected, JsonNode? actual) =>
        Assert.IsTrue(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}{Environment.NewLine}but was {actual?.ToJsonString(Relaxed) ?? "null"}");
}
