using System.Globalization;

namespace K6.Faults.Tests;

/// <summary>What happens to the build: signals at each phase, many at once, nodes that are used again.</summary>
internal static class BuildFaults
{
    /// <summary>Builds at once: <c>K6SDK_FAULT_BUILDS</c>, 20.</summary>
    private static readonly int Many =
        int.TryParse(Environment.GetEnvironmentVariable("K6SDK_FAULT_BUILDS"), CultureInfo.InvariantCulture, out var builds) && builds > 3 ? builds : 20;

    private static readonly (string Name, bool MayBeGreen, Func<Lab, int, Task> SignalAsync)[] Phases =
    [
        ("bundling", true, (lab, signal) => InPipeAsync(lab, "slow.ts", signal)),
        ("type check", true, (lab, signal) => InPipeAsync(lab, "slow.d.ts", signal)),
        ("service start", false, (lab, signal) => AtTextAsync(lab, "starting web", signal, "-p:ServiceOptions=--after 90")),
        ("warm-up", false, (lab, signal) => AtRequestAsync(lab, signal, "-p:WarmUpLength=90s")),
        ("run", false, (lab, signal) => AtRequestAsync(lab, signal, "-p:Length=90s")),
        ("results", true, WhileHistoryIsLockedAsync),
    ];

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        .. Phases.SelectMany(phase => Linux.Signals.Select(signal => new FaultCase(
            phase.Name,
            $"{signal.Name} of the build",
            signal.Number != Linux.Sigkill ? $"exit code {ExitCode(signal.Number)}; a failed result once the run began" : "exit code 137; no result, and an earlier one proves nothing once the run began",
            lab => phase.SignalAsync(lab, signal.Number))
        { LeavesAside = signal.Number == Linux.Sigkill, MayBeGreen = phase.MayBeGreen })),
        new("any", "kill -9 of the build at any moment", "whole results or none", KillAtAnyMomentAsync) { LeavesAside = true, MayBeGreen = true, Times = 4 },
        new("any", "a slow disk: 20 ms more for each file that is opened for writing, written, synchronised or renamed", "it passes, only later", OnSlowDiskAsync) { MayBeGreen = true },
        new("any", "many builds of one project at once", "one load at a time, all pass", ManyAtOnceAsync) { MayBeGreen = true, Times = Many },
        new("run", "kill -9 of the engine, in an MSBuild node that is used again", "exit code 1; the next build passes, in the same node where MSBuild kept it", NodeIsUsedAgainAsync) { MayBeGreen = true },
    ];

    private static int ExitCode(int signal) => signal == Linux.Sigint ? 1 : 128 + signal;

    // A file of the project that is a pipe: whoever reads it waits.
    private static async Task InPipeAsync(Lab lab, string name, int signal)
    {
        lab.WriteScript(name.EndsWith(".d.ts", StringComparison.Ordinal) ? "" : $"import './{name}';");
        lab.Write("browse.ts", $"/// <reference path=\"{name}\" />\n{File.ReadAllText(lab.PathOf("browse.ts"))}");
        Linux.MakePipe(lab.PathOf(name));
        using var build = Build.Start(lab);
        using (await Linux.ReadBySomebodyAsync(lab.PathOf(name), build.Ended))
        {
            await EndAsync(build, signal);

            // As long as nothing comes through the pipe, nobody reads to its end.
            await lab.NoProcessIsLeftAsync();
        }
    }

    private static async Task AtTextAsync(Lab lab, string text, int signal, params string[] properties)
    {
        using var build = Build.Start(lab, properties);
        await build.SaysAsync(text);
        await Task.Delay(200);
        await EndAsync(build, signal);
    }

    private static async Task AtRequestAsync(Lab lab, int signal, params string[] properties)
    {
        lab.Server.Forget();
        using var build = Build.Start(lab, properties);
        Assert.AreEqual(lab.Server.Asked, await Task.WhenAny(lab.Server.Asked, build.Ended), build.Output);
        await EndAsync(build, signal);
    }

    private static async Task WhileHistoryIsLockedAsync(Lab lab, int signal)
    {
        lab.Write(".k6/history.jsonl", "");
        using var build = Build.Start(lab);
        using (File.Open(lab.History, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            await build.SaysAsync("PASSED browse");
            await Task.Delay(200);
            build.Signal(signal);
            await Task.Delay(500);
        }

        await EndAsync(build, signal, signalled: true);
    }

    private static async Task EndAsync(Build build, int signal, bool signalled = false)
    {
        if (!signalled)
        {
            build.Signal(signal);
        }

        Assert.AreEqual(ExitCode(signal), await build.EndAsync(), build.Output);
    }

    private static async Task KillAtAnyMomentAsync(Lab lab)
    {
        var random = new Random(11);
        for (var time = 0; time < 4; time++)
        {
            using var build = Build.Start(lab);
            await Task.WhenAny(build.Ended, Task.Delay(random.Next(300, 5000)));
            build.Signal(Linux.Sigkill);
            await build.EndAsync();
            await lab.NothingIsLeftAsync(leavesAside: true, inThisProcess: false);
        }
    }

    // One MSBuild with many instances of the project, in nodes and after each other in each, and a few commands beside it.
    // The embedded engine, since k6 asks the kernel without the C library.
    private static async Task OnSlowDiskAsync(Lab lab)
    {
        lab.Engine = "embedded";
        using var library = Linux.Library("disk.c");
        using var build = Build.Start(lab, [], [("LD_PRELOAD", library.File), ("SLOW_DISK_MS", "20"), ("SLOW_DISK_COUNT", lab.PathOf("slow"))], "-p:Disk=slow");
        Assert.AreEqual(0, await build.EndAsync(), build.Output);
        Assert.IsGreaterThan(20, new FileInfo(lab.PathOf("slow")).Length, "the disk was slow for nobody");
    }

    private static async Task ManyAtOnceAsync(Lab lab)
    {
        // Commands of their own, and the rest in one build.
        var commands = Math.Max(3, Many / 6);
        var instances = Many - commands;
        lab.Write("many.proj", string.Create(CultureInfo.InvariantCulture, $"""
            <Project>
              <ItemGroup>
                {string.Join('\n', Enumerable.Range(1, instances).Select(number => $"<One Include=\"load.proj\" AdditionalProperties=\"Instance={number}\" />"))}
              </ItemGroup>
              <Target Name="LoadTest">
                <MSBuild Projects="@(One)" Targets="LoadTest" BuildInParallel="true" />
              </Target>
            </Project>
            """));
        var builds = Enumerable.Range(0, commands).Select(number => Build.Start(lab, $"-p:Instance=c{number}")).ToList();
        builds.Add(Build.Start(lab, "-m:3", "many.proj"));
        var failed = "";
        foreach (var build in builds)
        {
            using (build)
            {
                failed += await build.EndAsync() == 0 ? "" : build.Output;
            }
        }

        Assert.AreEqual("", failed);
    }

    private static async Task NodeIsUsedAgainAsync(Lab lab)
    {
        (string, string)[] environment = [("MSBUILDNOINPROCNODE", "1"), ("MSBUILDNODEHANDSHAKESALT", lab.Folder)];
        try
        {
            lab.Server.Forget();
            using (var build = Build.Start(lab, [], environment, "-p:Length=90s", "-nodeReuse:true"))
            {
                Assert.AreEqual(lab.Server.Asked, await Task.WhenAny(lab.Server.Asked, build.Ended), build.Output);
                Linux.Signal(lab.Engines().Single(), Linux.Sigkill);
                Assert.AreEqual(1, await build.EndAsync(), build.Output);
                Assert.Contains("KSDK0311", build.Output);
            }

            var nodes = Linux.Find(lab.Folder, "/nodemode:1");
            using var next = Build.Start(lab, [], environment, "-nodeReuse:true");
            await next.SaysAsync("running on");

            // On a busy machine MSBuild lets nodes go.
            Assert.IsTrue(nodes.Count == 0 || Linux.Find(lab.Folder, "/nodemode:1").Intersect(nodes).Any(), "no node was used again");
            Assert.AreEqual(0, await next.EndAsync(), next.Output);
        }
        finally
        {
            foreach (var node in Linux.Find(lab.Folder, "/nodemode:1"))
            {
                Linux.Signal(node, Linux.Sigkill);
            }
        }
    }
}
