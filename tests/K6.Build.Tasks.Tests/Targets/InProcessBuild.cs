using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Build.Evaluation;
using Microsoft.Build.Execution;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks.Tests.Targets;

/// <summary>
/// Builds targets of a project in this process, with the targets files of the repository and the tasks that these tests were built
/// with. The project has none of Microsoft.NET.Sdk, so that a build takes milliseconds.
/// </summary>
internal sealed class InProcessBuild
{
    internal static readonly string Repository =
        typeof(InProcessBuild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    // MSBuild builds one thing at a time in a process.
    private static readonly Lock Gate = new();

    private readonly TargetResult? _target;

    private InProcessBuild(bool succeeded, TargetResult? target, EventCollector events)
    {
        Succeeded = succeeded;
        _target = target;
        Events = events;
    }

    public bool Succeeded { get; }

    public EventCollector Events { get; }

    public ITaskItem[] Items => _target?.Items ?? [];

    /// <summary>Errors and warnings as <c>file(line) CODE</c>, files without folders.</summary>
    public string Problems => string.Join('\n', Events.Errors.Select(e => $"{Path.GetFileName(e.File)}({e.LineNumber}) {e.Code}")
        .Concat(Events.Warnings.Select(w => $"{Path.GetFileName(w.File)}({w.LineNumber}) warning {w.Code}")));

    /// <summary>Wraps the content of a project with the SDK's files.</summary>
    public static string Wrap(string content) =>
        $"""
        <Project>
          <PropertyGroup><BaseIntermediateOutputPath>obj/</BaseIntermediateOutputPath></PropertyGroup>
          <Target Name="Build" />
          <Target Name="Clean" />
          <Import Project="{Repository}src/K6.Sdk/targets/K6.props" />
        {content}
          <Import Project="{Repository}src/K6.Sdk/targets/K6.targets" />
        </Project>
        """;

    public static InProcessBuild Run(string project, string target, params (string Name, string Value)[] properties)
    {
        var global = properties.ToDictionary(p => p.Name, p => p.Value);
        global["_K6TasksAssembly"] = typeof(ValidateLoadTests).Assembly.Location;
        var tools = Path.Combine(Repository, "build", "tools", "node_modules");
        var platform = $"{(OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        global.TryAdd("K6TypeScriptPath", Path.Combine(tools, "@typescript", $"typescript-{platform}", "lib", OperatingSystem.IsWindows() ? "tsc.exe" : "tsc"));
        global["K6EsbuildPath"] = OperatingSystem.IsWindows() ? Path.Combine(tools, "@esbuild", platform, "esbuild.exe") : Path.Combine(tools, "@esbuild", platform, "bin", "esbuild");
        global["_K6TypesDirectory"] = $"{Path.Combine(Repository, "src", "K6.Sdk", "types")};{Path.Combine(tools, "@types")}";
        lock (Gate)
        {
            var events = EventCollector.New();
            using var collection = new ProjectCollection(global);
            using var manager = new BuildManager();
            var parameters = new BuildParameters(collection) { Loggers = [events.Logger], EnableNodeReuse = false, DisableInProcNode = false };
            var result = manager.Build(parameters, new BuildRequestData(project, global!, null, [target], null));
            return new InProcessBuild(
                result.OverallResult == BuildResultCode.Success, result.ResultsByTarget.TryGetValue(target, out var outcome) ? outcome : null, events);
        }
    }
}

/// <summary>A logger, as a proxy for the reason that <see cref="FakeBuildEngine"/> is one.</summary>
public class EventCollector : DispatchProxy
{
    internal ConcurrentQueue<BuildEventArgs> All { get; } = [];

    internal ILogger Logger { get; private set; } = null!;

    internal IReadOnlyList<BuildErrorEventArgs> Errors => [.. All.OfType<BuildErrorEventArgs>()];

    internal IReadOnlyList<BuildWarningEventArgs> Warnings => [.. All.OfType<BuildWarningEventArgs>()];

    /// <summary>Messages of high importance, which people see.</summary>
    internal string Output => string.Join('\n', All.OfType<BuildMessageEventArgs>().Where(m => m.Importance == MessageImportance.High).Select(m => m.Message));

    /// <summary>Names of the targets that ran, in order.</summary>
    internal IReadOnlyList<string> Targets => [.. All.OfType<TargetStartedEventArgs>().Select(e => e.TargetName)];

    internal static EventCollector New()
    {
        var logger = Create<ILogger, EventCollector>();
        var collector = (EventCollector)(object)logger;
        collector.Logger = logger;
        return collector;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name)
        {
            case "Initialize":
                ((IEventSource)args![0]!).AnyEventRaised += (_, e) => All.Enqueue(e);
                return null;
            case "get_Verbosity":
                return LoggerVerbosity.Diagnostic;
            default:
                return null;
        }
    }
}
