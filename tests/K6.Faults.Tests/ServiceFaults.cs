namespace K6.Faults.Tests;

/// <summary>What the application under test does, or what happens to it.</summary>
internal static class ServiceFaults
{
    private static readonly (string Says, Manners Manners)[] Rudeness =
    [
        ("hangs", Manners.Hangs),
        ("resets connections", Manners.Resets),
        ("answers garbage", Manners.Garbage),
        ("answers without end", Manners.Endless),
        ("answers one byte a second", Manners.Slow),
    ];

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        .. Rudeness.Select(rude => new FaultCase("service start", $"the service {rude.Says}", rude.Manners == Manners.Endless ? "healthy by its status, its body is not read" : "KSDK0503, nothing runs", lab => AtHealthAsync(lab, rude.Manners))),
        new("service start", "the port of the service is taken", "KSDK0504, nothing runs", PortIsTakenAsync),
        new("service start", "the program of the service is not there", "KSDK0501, nothing runs", async lab =>
        {
            lab.Services.Add(lab.Service() with { Command = lab.PathOf("nowhere") });
            Lab.Failed(await lab.RunAsync(), "KSDK0501");
        }),
        .. Linux.Signals.SelectMany(signal => (FaultCase[])
        [
            new("service start", $"{signal.Name} of the service", "KSDK0502, nothing runs", lab => KilledWhileItStartsAsync(lab, signal.Number)),
            new("run", $"{signal.Name} of the service", "KSDK0505, exit code 1, a failed result", lab => KilledInRunAsync(lab, signal.Number)),
        ]),
        new("run", "the service ignores SIGTERM at the end", "killed after StopTimeout, warning KSDK0507", async lab =>
        {
            lab.Services.Add(lab.Service("--ignore-term") with { StopTimeout = "1s" });
            var result = await lab.RunAsync();
            Assert.AreEqual("KSDK0507", string.Join(' ', result.Diagnostics.Select(one => one.Code).Where(code => code != "KSDK0506")), Lab.Said(result));
            File.Delete(lab.ResultFile);
        }),
        .. ((string[])["k6", "embedded"]).SelectMany(engine => Rudeness.Select(rude => new FaultCase(
            "run", $"the service {rude.Says}, on {(engine == "k6" ? "k6" : "the embedded engine")}", "the run ends in time, a failed result: KSDK0330, 0331, 0333 or 0334", lab => UnderLoadAsync(lab, engine, rude.Manners)))),
    ];

    private static async Task AtHealthAsync(Lab lab, Manners manners)
    {
        lab.Services.Add(lab.Service() with { Command = null, Arguments = [], Url = lab.Server.Url });
        lab.Server.Manners = manners;
        if (manners == Manners.Endless)
        {
            // Its head is an answer; that the load gets no end is another matter.
            lab.Load = Lab.For("1s");
            Lab.Failed(await lab.RunAsync(), "KSDK0330", "KSDK0333", "KSDK0334");
            return;
        }

        Lab.Failed(await lab.RunAsync(), "KSDK0503");
    }

    private static async Task PortIsTakenAsync(Lab lab)
    {
        lab.Services.Add(lab.Service() with { Port = lab.Server.Port });
        Lab.Failed(await lab.RunAsync(), "KSDK0504");
    }

    private static async Task KilledWhileItStartsAsync(Lab lab, int signal)
    {
        lab.Services.Add(lab.Service("--after", "60") with { StartTimeout = "60s", WorkingDirectory = lab.Folder });
        var run = lab.RunAsync();
        await SignalAsync(lab, signal, run);
        Lab.Failed(await run, "KSDK0502");
    }

    private static async Task KilledInRunAsync(Lab lab, int signal)
    {
        lab.Services.Add(lab.Service() with { StartTimeout = "60s", WorkingDirectory = lab.Folder });
        lab.Load = Lab.For("60s");
        Lab.Failed(await lab.RunAsync(() => SignalAsync(lab, signal, Task.Delay(Timeout.Infinite))), "KSDK0505");
    }

    private static async Task SignalAsync(Lab lab, int signal, Task orElse)
    {
        while (!orElse.IsCompleted)
        {
            if (Linux.Find(lab.Folder, "K6.Engine.Dummy.dll service").Except(Linux.Find(lab.Folder, "setsid")).Except(Linux.Find(lab.Folder, "perl -e")).ToList() is [var service, ..])
            {
                // A runtime that has just begun has no handlers yet, and is not what is meant.
                await Task.Delay(500);
                Linux.Signal(service, signal);
                return;
            }

            await Task.Delay(20);
        }
    }

    private static async Task UnderLoadAsync(Lab lab, string engine, Manners manners)
    {
        if (engine == "k6")
        {
            lab.RequireK6();
        }
        else
        {
            lab.Engine = "embedded";
        }

        lab.Load = Lab.For("1s");
        lab.Server.Manners = manners;
        var result = await lab.RunAsync();
        Lab.Failed(result, "KSDK0330", "KSDK0331", "KSDK0333", "KSDK0334");
        Assert.IsLessThan(30, result.Tests[0].DurationSeconds);
    }
}
