using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks.Tests;

/// <summary>
/// Keeps what a task reports. A proxy rather than an implementation, since test discovery loads every type of the assembly before
/// MSBuild has been found.
/// </summary>
public class FakeBuildEngine : DispatchProxy
{
    internal ConcurrentQueue<BuildEventArgs> Events { get; } = [];

    internal IBuildEngine Engine { get; private set; } = null!;

    internal IReadOnlyList<BuildErrorEventArgs> Errors => [.. Events.OfType<BuildErrorEventArgs>()];

    internal IReadOnlyList<BuildWarningEventArgs> Warnings => [.. Events.OfType<BuildWarningEventArgs>()];

    /// <summary>Texts of the messages that every logger but the terminal logger shows.</summary>
    internal IReadOnlyList<string> Lines =>
        [.. Events.OfType<BuildMessageEventArgs>().Where(m => m is not ExtendedBuildMessageEventArgs).Select(m => m.Message!)];

    /// <summary>Events of the terminal logger's test protocol.</summary>
    internal IReadOnlyList<ExtendedBuildMessageEventArgs> Extended => [.. Events.OfType<ExtendedBuildMessageEventArgs>()];

    internal static FakeBuildEngine New()
    {
        var engine = Create<IBuildEngine, FakeBuildEngine>();
        var fake = (FakeBuildEngine)(object)engine;
        fake.Engine = engine;
        return fake;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (args is [BuildEventArgs logged])
        {
            Events.Enqueue(logged);
            return null;
        }

        return targetMethod!.Name switch
        {
            "get_ProjectFileOfTaskNode" => "our.targets",
            "get_LineNumberOfTaskNode" or "get_ColumnNumberOfTaskNode" => 7,
            "get_ContinueOnError" => false,
            _ => throw new NotSupportedException(targetMethod.Name),
        };
    }
}
