using System.Diagnostics;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using K6.LoadTesting.Tests;
using K6.LoadTesting.Tests.Bundling;

namespace K6.Faults.Tests;

/// <summary>
/// A small load test in a folder of its own, which a fault happens to. It is run in this process, as test runners do, or by a build. Afterwards nothing may be left,
/// results are whole or absent, and the next run is fine.
/// </summary>
internal sealed class Lab : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What the runtime and MSBuild leave in the folder for temporary files when they are killed, and the lock, which is a file that nobody holds.
    private static readonly string[] NotOurs = ["dotnet-diagnostic-", "clr-debug-pipe-", "MSBuildTemp", ".dotnet", "VBCSCompiler", "k6sdk-root.lock", $"k6sdk-{Environment.UserName}.lock", "MSBuild_pid-"];

    public Lab()
    {
        Directory.CreateDirectory(Temp);
        WriteScript();
        Write("load.proj", Project);
    }

    /// <summary>Short: the runtime's sockets lie in it, and their paths have no more than 107 characters.</summary>
    public string Folder { get; } = Path.Combine("/tmp", $"k6f ä{Guid.NewGuid().ToString("N")[..8]}");

    public string Temp => PathOf("t");

    public string Output => PathOf("obj/k6");

    public string Results => PathOf("TestResults");

    public string History => PathOf(".k6/history.jsonl");

    public string ResultFile => PathOf("TestResults/loadtest.json");

    public RudeServer Server { get; } = new();

    public static string Configuration { get; } = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!);

    public static string Tasks { get; } = Path.Combine(Repository.Root, "src", "K6.Build.Tasks", "bin", Configuration, "net10.0", "K6.Build.Tasks.dll");

    public static string Embedded { get; } = Path.Combine(Repository.Root, "src", "K6.Embedded", "bin", Configuration, "net10.0", "K6.Embedded.dll");

    public static string Dummy { get; } = Path.Combine(Repository.Root, "tests", "K6.Engine.Dummy", "bin", Configuration, "net10.0", "K6.Engine.Dummy.dll");

    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Programs.Find("dotnet", Environment.GetEnvironmentVariable("PATH"))!;

    /// <summary>Engine of the runs; <see cref="EngineChoice.K6"/> makes the case inconclusive where there is none.</summary>
    public string Engine { get; set; } = TestTools.K6 is null ? "embedded" : "k6";

    /// <summary>The program that runs the embedded engine and .NET services.</summary>
    public string Host { get; set; } = Dotnet;

    /// <summary>k6 instead of the one on PATH.</summary>
    public string? K6Path { get; set; }

    public ScenarioLoad Load { get; set; } = new() { Executor = "shared-iterations", Vus = 1, Iterations = 3 };

    public static ScenarioLoad For(string duration) => new() { Executor = "constant-vus", Vus = 1, Duration = duration, GracefulStop = "1s" };

    public string? WarmUp { get; set; }

    public List<ServicePlan> Services { get; } = [];

    public Func<RunSettings, RunSettings> Tune { get; set; } = settings => settings;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>A program that is a script for the shell.</summary>
    public string WriteProgram(string name, string text)
    {
        var file = Write(name, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return file;
    }

    public void WriteScript(string more = "") => Write("browse.ts", $$"""
        import http from 'k6/http';
        import { sleep } from 'k6';
        {{more}}
        export default function (): void {
          http.get(`${__ENV.BASE_URL}/`);
          sleep(0.02);
        }

        """);

    /// <summary>An earlier run passed here.</summary>
    public void RanWell()
    {
        foreach (var file in Directory.EnumerateFiles(FaultTests.GoodResults, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Results, Path.GetRelativePath(FaultTests.GoodResults, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void RequireK6()
    {
        TestTools.RequireK6();
        Engine = "k6";
    }

    /// <summary>The first half of the road.</summary>
    public async Task<IReadOnlyList<TestBundle>> BundleAsync(string? esbuild = null, CancellationToken cancellation = default)
    {
        var diagnostics = new List<Diagnostic>();
        var outcome = await Bundler.BundleAsync(
            Plan(), new BundleOptions { EsbuildPath = esbuild ?? TestTools.Esbuild, OutputDirectory = Output, ProjectDirectory = Folder, Variable = _ => null }, diagnostics, cancellation: cancellation);
        Assert.IsEmpty(diagnostics, string.Join('\n', diagnostics));
        return outcome.Bundles;
    }

    /// <summary>The whole road, in this process.</summary>
    public async Task<LoadTestResult> RunAsync(Action<RunEvent>? heard = null, CancellationToken cancellation = default) =>
        await RunAsync(await BundleAsync(cancellation: cancellation), heard, cancellation);

    public Task<LoadTestResult> RunAsync(IReadOnlyList<TestBundle> bundles, Action<RunEvent>? heard = null, CancellationToken cancellation = default) => LoadTestRunner.RunAsync(
        Plan(),
        bundles,
        new LoadTestRunOptions { Engines = new EngineLocations(Embedded, Host), LockTimeout = Patience },
        new Listener(heard),
        cancellation);

    /// <summary>Runs until somebody has asked the server for something, and does something then.</summary>
    public async Task<LoadTestResult> RunAsync(Func<Task> meanwhile, CancellationToken cancellation = default)
    {
        Server.Forget();
        var run = RunAsync(cancellation: cancellation);
        if (await Task.WhenAny(run, Server.Asked) == run)
        {
            Assert.Fail($"the run was over before it asked for anything: {Said(await run)}");
        }

        await meanwhile();
        return await run;
    }

    /// <summary>The code of an expected failure of the road.</summary>
    public static async Task<string> CodeAsync(Func<Task> act) => (await Assert.ThrowsExactlyAsync<LoadTestException>(act)).Diagnostic.Code;

    /// <summary>Fails unless the verdict is failed, and the errors are these.</summary>
    public static void Failed(LoadTestResult result, params string[] codes)
    {
        Assert.AreEqual(Verdict.Failed, result.Verdict);
        CollectionAssert.IsSubsetOf(
            result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).Select(one => one.Code).Distinct().ToArray(), codes, Said(result));
        Assert.IsTrue(result.Diagnostics.Any(one => one.Severity == DiagnosticSeverity.Error), "somebody says why");
    }

    /// <summary>Processes of the engine of a run: its program in the folder of the run.</summary>
    public IReadOnlyList<int> Engines() => Linux.Find(Folder, Engine == "k6" ? " run " : "K6.Embedded.dll run");

    /// <summary>After each fault: no process, port, lock, open or temporary file is left, and results are whole or absent.</summary>
    /// <param name="leavesAside">Whether the folder that results are made in may still be there.</param>
    /// <param name="inThisProcess">Whether a run in this process may have left something.</param>
    public async Task NothingIsLeftAsync(bool leavesAside, bool inThisProcess = true)
    {
        await NoProcessIsLeftAsync();
        Assert.IsEmpty(Linux.OpenFiles(Folder), string.Join('\n', Linux.OpenFiles(Folder)));
        foreach (var temporary in inThisProcess ? [Temp, FaultTests.Temp] : new[] { Temp })
        {
            var files = Directory.EnumerateFileSystemEntries(temporary).Select(Path.GetFileName).OfType<string>().Where(name => !NotOurs.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
            Assert.AreEqual("", string.Join(' ', files), $"in {temporary}");
            foreach (var held in Directory.EnumerateFiles(temporary, "k6sdk-*.lock"))
            {
                File.Open(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            }
        }

        if (!leavesAside)
        {
            var aside = Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Where(IsAside);
            Assert.AreEqual("", string.Join('\n', aside));
        }

        if (File.Exists(ResultFile))
        {
            var result = LoadTestJson.Read<LoadTestResult>(ResultFile);
            foreach (var file in result.Files.Concat(["loadtest.html", "loadtest.trx", "loadtest.junit.xml", "loadtest.md"]))
            {
                Assert.IsTrue(File.Exists(Path.Combine(Results, file)), $"the result has {file}");
            }
        }
    }

    /// <summary>No process is left, at once or within the time that watchers take.</summary>
    public async Task NoProcessIsLeftAsync()
    {
        IReadOnlyList<string> left = [];
        for (var end = Stopwatch.StartNew(); end.Elapsed < Patience; await Task.Delay(50))
        {
            left = Linux.ProcessesOf(Folder);
            if (left.Count == 0)
            {
                return;
            }
        }

        Assert.Fail($"left: {string.Join('\n', left)}");
    }

    /// <summary>What an earlier run left may not look like the outcome of the one that a fault happened to.</summary>
    public void NothingLooksGreen()
    {
        if (File.Exists(ResultFile))
        {
            var verdict = ResultsFolder.IsUnfinished(Results) ? Verdict.Failed : EarlierResult.Read(Plan()).Verdict;
            Assert.AreEqual(Verdict.Failed, verdict, "a result that proves nothing passes");
        }
    }

    /// <summary>The next run, in this process, is fine and leaves nothing.</summary>
    public async Task TheNextRunIsFineAsync()
    {
        Reset();
        var result = await RunAsync();
        Assert.AreEqual(Verdict.Passed, result.Verdict, Said(result));
        Assert.AreEqual(result.RunId, LoadTestJson.Read<LoadTestResult>(ResultFile).RunId);
        await NothingIsLeftAsync(leavesAside: false);
        Assert.IsEmpty(Linux.ListeningPorts().Except(RudeServer.Ports).Except(FaultTests.PortsBefore), "a port is still open");
    }

    /// <summary>The load test as it is without any fault.</summary>
    public void Reset()
    {
        Server.Manners = Manners.Polite;
        Host = Dotnet;
        K6Path = null;
        Services.Clear();
        WarmUp = null;
        Tune = settings => settings;
        Load = new ScenarioLoad { Executor = "shared-iterations", Vus = 1, Iterations = 3 };
        File.Delete(PathOf("slow.ts"));
        File.Delete(PathOf("slow.d.ts"));
        WriteScript();
    }

    public static string Said(LoadTestResult result) => string.Join('\n', result.Diagnostics.Select(one => $"{one.Severity} {one.Code}: {one.Message}"));

    public ServicePlan Service(params string[] options) => new()
    {
        Name = "web",
        Command = Dotnet,
        Arguments = ["exec", Dummy, "service", .. options],
        Location = new SourceLocation(PathOf("load.proj"), 3, 5),
        StartTimeout = "4s",
        StopTimeout = "3s",
        UrlVariable = "SERVICE_URL",
    };

    public void Dispose()
    {
        Server.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static bool IsAside(string path) =>
        Path.GetFileName(path) is var name && (name.StartsWith(".staging-", StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal) || name.Contains(".k6-config.json.", StringComparison.Ordinal));

    public LoadPlan Plan()
    {
        var place = new SourceLocation(PathOf("load.proj"), 2, 5);
        return new LoadPlan
        {
            Project = "load",
            ProjectFile = PathOf("load.proj"),
            Services = [.. Services],
            Environment = [new EnvironmentVariablePlan("BASE_URL", Server.Url, place)],
            Tests = [new TestPlan { Name = "browse", WarmUp = WarmUp, Scenarios = [new ScenarioPlan { Name = "browse", File = PathOf("browse.ts"), Load = Load, Location = place }] }],
            Settings = Tune(new RunSettings
            {
                Engine = Engine == "k6" ? EngineChoice.K6 : EngineChoice.Embedded,
                K6Path = K6Path,
                ResultsDirectory = Results,
                HistoryPath = History,
                StopTimeout = "3s",
                CiReports = false,
            }),
        };
    }

    private static string Project { get; } = $"""
        <Project>
          <PropertyGroup>
            <BaseIntermediateOutputPath>obj/</BaseIntermediateOutputPath>
            <_K6TasksAssembly>{Tasks}</_K6TasksAssembly>
            <_K6EmbeddedEngine>{Embedded}</_K6EmbeddedEngine>
            <K6EsbuildPath>{TestTools.Esbuild}</K6EsbuildPath>
            <K6TypeScriptPath>{TestTools.TypeScript}</K6TypeScriptPath>
            <_K6TypesDirectory>{string.Join(';', TestTools.TypesDirectories)}</_K6TypesDirectory>
            <K6StopTimeout>3s</K6StopTimeout>
            <K6CiReports>false</K6CiReports>
            <Length Condition="'$(Length)' == ''">1s</Length>
          </PropertyGroup>
          <Target Name="Build" />
          <Target Name="Clean" />
          <Import Project="{Repository.Root}/src/K6.Sdk/targets/K6.props" />
          <ItemGroup>
            <K6Service Include="web" Command="{Dotnet}" Arguments="exec {Dummy} service $(ServiceOptions)" StartTimeout="60s" StopTimeout="3s" UrlVariable="SERVICE_URL" Condition="'$(ServiceOptions)' != ''" />
            <K6EnvironmentVariable Include="BASE_URL" Value="$(Url)" />
            <K6EnvironmentVariable Include="LD_PRELOAD;CLOCK_JUMP_BY;CLOCK_JUMP_FILE" Condition="'$(Clock)' != ''" />
            <K6EnvironmentVariable Include="LD_PRELOAD;SLOW_DISK_MS;SLOW_DISK_COUNT" Condition="'$(Disk)' != ''" />
            <K6Scenario Include="browse.ts" Vus="1" Duration="$(Length)" GracefulStop="1s" WarmUp="$(WarmUpLength)" Condition="'$(Instance)' == ''" />
            <K6Scenario Include="browse.ts" Vus="1" Iterations="2" Condition="'$(Instance)' != ''" />
          </ItemGroup>
          <Import Project="{Repository.Root}/src/K6.Sdk/targets/K6.targets" />
        </Project>
        """;

    private sealed class Listener(Action<RunEvent>? heard) : IProgress<RunEvent>
    {
        public void Report(RunEvent value) => heard?.Invoke(value);
    }
}
