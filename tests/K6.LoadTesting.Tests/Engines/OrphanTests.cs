using System.Diagnostics;

namespace K6.LoadTesting.Tests.Engines;

[TestClass]
public class OrphanTests
{
    [TestMethod]
    public async Task After_kill_9_of_the_build_the_engine_and_all_that_it_started_end()
    {
        using var lab = new EngineLab().Write("fork\nout ready\nsleep 120");
        await KillParentAsync(lab, "dummy");
        await EngineLab.GoneAsync(int.Parse(await lab.OutputLineAsync("forked ")));
    }

    [TestMethod]
    public async Task After_kill_9_of_the_build_an_engine_that_ignores_SIGTERM_is_killed()
    {
        using var lab = new EngineLab().Write("ignore-term\nfork\nout ready\nsleep 120");
        await KillParentAsync(lab, "dummy");
        await EngineLab.GoneAsync(int.Parse(await lab.OutputLineAsync("forked ")));
    }

    [TestMethod]
    public async Task After_kill_9_of_the_build_k6_ends()
    {
        var k6 = await EngineLab.K6Async();
        using var lab = new EngineLab().Write(
            """
            import { sleep } from 'k6';
            export const options = { vus: 1, duration: '60s' };
            export default function () { sleep(0.1); }
            """);
        await KillParentAsync(lab, k6.Program, "running (");
    }

    // The child is found by the folder of the run, which is its working folder.
    private static async Task KillParentAsync(EngineLab lab, string engine, string ready = "ready")
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("looks into /proc");
        }

        using var parent = Process.Start(new ProcessStartInfo(
            EngineLab.Dotnet, ["exec", EngineLab.DummyAssembly, "parent", engine, lab.Script, lab.RunFolder]))!;
        List<int> children;
        try
        {
            await lab.OutputLineAsync(ready);
            children = Children(lab.RunFolder);
        }
        finally
        {
            // Of this one process, as kill -9 does; its children are not told.
            parent.Kill(entireProcessTree: false);
        }

        await parent.WaitForExitAsync();
        Assert.IsNotEmpty(children);

        foreach (var child in children)
        {
            await EngineLab.GoneAsync(child);
        }
    }

    private static List<int> Children(string folder) =>
        [.. Process.GetProcesses()
            .Where(process => WorkingFolder(process.Id) == folder)
            .Select(process => process.Id)];

    private static string? WorkingFolder(int id)
    {
        try
        {
            return Directory.ResolveLinkTarget($"/proc/{id}/cwd", false)?.FullName;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }
}
