using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Bundling;

namespace K6.Faults.Tests;

/// <summary>What happens to the engine, on each engine that is there.</summary>
internal static class EngineFaults
{
    public static IReadOnlyList<FaultCase> All { get; } = [.. Of("k6"), .. Of("the embedded engine")];

    private static IEnumerable<FaultCase> Of(string engine)
    {
        foreach (var (name, number) in Linux.Signals)
        {
            yield return Case("run", $"{name} of {engine}", number == Linux.Sigkill ? "KSDK0311, exit code 1, a failed result" : "KSDK0307, exit code 1, a failed result", async lab =>
            {
                lab.Load = Lab.For("60s");
                Lab.Failed(await lab.RunAsync(() => SignalAsync(lab, number)), number == Linux.Sigkill ? ["KSDK0311"] : ["KSDK0307"]);
            });
        }

        yield return Case("check", $"kill -9 of {engine}", "KSDK0310 or KSDK0311, nothing runs", async lab =>
        {
            lab.WriteScript("while (true) { }");
            var run = lab.RunAsync();
            while (Inspections(lab).Count == 0 && !run.IsCompleted)
            {
                await Task.Delay(20);
            }

            Linux.Signal(Inspections(lab)[0], Linux.Sigkill);
            Lab.Failed(await run, "KSDK0310", "KSDK0311");
        });
        yield return Case("warm-up", $"kill -9 of {engine}", "KSDK0311, nothing is measured", async lab =>
        {
            lab.WarmUp = "60s";
            var result = await lab.RunAsync(() => SignalAsync(lab, Linux.Sigkill));
            Lab.Failed(result, "KSDK0311");
            Assert.IsEmpty(result.Tests[0].Metrics);
        });
        yield return Case("run", $"{engine} has no file handles", "a failed result with the engine's words", async lab =>
        {
            Limited(lab, "ulimit -n 8");
            Failed(await lab.RunAsync());
        });
        yield return Case("run", $"{engine} has no memory", "a failed result with the engine's words", async lab =>
        {
            // Go reserves and .NET is told its heap: neither may have what the script wants.
            lab.WriteScript("const kept: string[] = []; for (let i = 0; i < 60; i++) kept.push(new Array(1000000).fill(String(i)).join());");
            Limited(lab, lab.Engine == "k6" ? "ulimit -v 1500000" : "export DOTNET_GCHeapHardLimit=0x8000000");
            Failed(await lab.RunAsync());
        });
        yield return Case("run", $"the machine's clock jumps a day ahead while {engine} runs", "the length is that of the load", lab => ClockAsync(lab, 86400));
        yield return Case("run", $"the machine's clock jumps a day back while {engine} runs", "the length is that of the load", lab => ClockAsync(lab, -86400));

        FaultCase Case(string phase, string fault, string outcome, Func<Lab, Task> inject) => new(phase, fault, outcome, lab =>
        {
            if (engine == "k6")
            {
                lab.RequireK6();
            }
            else
            {
                lab.Engine = "embedded";
            }

            return inject(lab);
        });
    }

    // Whatever the engine says of it has a code of a failed engine or script, and nothing passes.
    private static void Failed(LoadTestResult result) =>
        Lab.Failed(result, "KSDK0003", "KSDK0004", "KSDK0006", "KSDK0008", "KSDK0301", "KSDK0309", "KSDK0310", "KSDK0311", "KSDK0330", "KSDK0331", "KSDK0332", "KSDK0340", "KSDK0342", "KSDK0708");

    private static IReadOnlyList<int> Inspections(Lab lab) => Linux.Find(lab.Folder, lab.Engine == "k6" ? " inspect " : "K6.Embedded.dll inspect");

    private static Task SignalAsync(Lab lab, int signal)
    {
        foreach (var engine in lab.Engines())
        {
            Linux.Signal(engine, signal);
        }

        return Task.CompletedTask;
    }

    private static void Limited(Lab lab, string limit)
    {
        var program = lab.WriteProgram("limited", $"{limit}\nexec '{(lab.Engine == "k6" ? TestTools.K6 : Lab.Dotnet)}' \"$@\"");
        if (lab.Engine == "k6")
        {
            lab.K6Path = program;
        }
        else
        {
            lab.Host = program;
        }
    }

    // The clock of the build jumps, and that of an engine that asks the C library for it.
    private static async Task ClockAsync(Lab lab, int seconds)
    {
        using var library = Linux.Library("clock.c");
        (string, string)[] environment = [("LD_PRELOAD", library.File), ("CLOCK_JUMP_FILE", lab.PathOf("now")), ("CLOCK_JUMP_BY", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        lab.Server.Forget();
        using var build = Build.Start(lab, [], environment, "-p:Length=3s", "-p:Clock=jumps");
        Assert.AreEqual(lab.Server.Asked, await Task.WhenAny(lab.Server.Asked, build.Ended), build.Output);
        lab.Write("now", "");
        Assert.AreEqual(0, await build.EndAsync(), build.Output);
        var result = LoadTestJson.Read<LoadTestResult>(lab.ResultFile);
        Assert.AreEqual(3, result.Tests[0].DurationSeconds, 10, build.Output);
        Assert.IsLessThan(60, Math.Abs((result.EndTime - result.StartTime).TotalSeconds), "the invocation");
        File.Delete(lab.ResultFile);
    }
}
