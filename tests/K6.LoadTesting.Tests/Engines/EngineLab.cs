using System.Diagnostics;
using System.Runtime.CompilerServices;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Engines;

/// <summary>A folder of its own, an engine and a bundle in it.</summary>
internal sealed class EngineLab : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("k6sdk läb #").FullName;

    public string RunFolder => Path.Combine(Folder, "run");

    public string Script => Path.Combine(Folder, "shop.js");

    public static string DummyAssembly { get; } = Built("../../K6.Engine.Dummy", "K6.Engine.Dummy");

    public static string ShopAssembly { get; } = Built("../../../samples/Shop/Shop.Api", "Shop.Api");

    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Programs.Find("dotnet", Environment.GetEnvironmentVariable("PATH"))!;

    public static EngineProgram Dummy { get; } = new(new EngineInfo("k6", "9.8.7", DummyAssembly), Dotnet, ["exec", DummyAssembly]);

    /// <summary>Real k6; the test is inconclusive without.</summary>
    public static async Task<EngineProgram> K6Async()
    {
        if (Programs.Find("k6", Environment.GetEnvironmentVariable("PATH")) is not { } k6)
        {
            Assert.Inconclusive("k6 is not on PATH");
            throw new InvalidOperationException();
        }

        var (program, problem) = await EngineProbe.K6Async(k6, null, CancellationToken.None);
        Assert.IsNotNull(program, problem?.Message);
        return program;
    }

    public TestPlan Test { get; set; } = new() { Name = "shop" };

    public RunSettings Settings { get; set; } = new() { StopTimeout = "10s" };

    public TestBundle Bundle { get; set; } = new() { Test = "shop", EntryFile = "", File = "" };

    public List<EnvironmentVariablePlan> Variables { get; } = [];

    public List<EngineProgress> Progress { get; } = [];

    public EngineLab Write(string script)
    {
        File.WriteAllText(Script, script);
        Bundle = Bundle with { File = Script, EntryFile = Path.Combine(Folder, "shop.entry.ts") };
        if (Test.Scenarios.Count == 0)
        {
            Test = Test with { Scenarios = [new ScenarioPlan { Name = "shop", File = Script, Location = new SourceLocation(Path.Combine(Folder, "Shop.csproj"), 5, 3) }] };
        }

        return this;
    }

    public Task<EngineRun> RunAsync(EngineProgram? engine = null, EngineRequirements? requirements = null, Action<EngineProgress>? onProgress = null, Action<int>? started = null, CancellationToken cancellationToken = default) =>
        EngineRunner.RunAsync(
            new EngineRunRequest
            {
                Test = Test,
                Bundle = Bundle,
                Engine = engine ?? Dummy,
                Settings = Settings,
                Environment = Environment_(),
                Folder = RunFolder,
                Requirements = requirements,
                Started = started,
            },
            new Listener(progress =>
            {
                Progress.Add(progress);
                onProgress?.Invoke(progress);
            }),
            cancellationToken);

    public async Task<EngineInspection> InspectAsync(EngineProgram engine, TimeSpan? timeout = null) =>
        await EngineInspector.InspectAsync(Test, Bundle, engine, Environment_(), RunFolder, timeout ?? TimeSpan.FromSeconds(60), CancellationToken.None);

    public string Output => File.ReadAllText(Path.Combine(RunFolder, "engine-output.txt"));

    /// <summary>Waits until the output of the run has a line that starts so, and gives its rest.</summary>
    public async Task<string> OutputLineAsync(string start)
    {
        var file = Path.Combine(RunFolder, "engine-output.txt");
        return await EventuallyAsync(() =>
        {
            if (!File.Exists(file))
            {
                return null;
            }

            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return reader.ReadToEnd().Split('\n').FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..];
        });
    }

    public static async Task<T> EventuallyAsync<T>(Func<T?> probe)
        where T : class
    {
        for (var i = 0; i < 600; i++)
        {
            if (probe() is { } value)
            {
                return value;
            }

            await Task.Delay(50);
        }

        throw new AssertFailedException("it did not happen within 30 s");
    }

    public static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited && !(File.Exists($"/proc/{id}/stat") && File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public static Task GoneAsync(int id) => EventuallyAsync(() => IsRunning(id) ? null : "gone");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private IReadOnlyDictionary<string, string> Environment_() => EngineEnvironment.Build(EngineEnvironment.Machine(), Variables, [], []);

    private static string Built(string project, string assembly) => Path.Combine(
        Path.GetDirectoryName(SourceFile())!, project, "bin", Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/', '\\'))!), $"net10.0/{assembly}.dll");

    private static string SourceFile([CallerFilePath] string file = "") => file;

    private sealed class Listener(Action<EngineProgress> onReport) : IProgress<EngineProgress>
    {
        public void Report(EngineProgress value) => onReport(value);
    }
}
