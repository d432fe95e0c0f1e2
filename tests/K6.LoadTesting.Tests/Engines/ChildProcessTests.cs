using System.Diagnostics;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Tests.Engines;

[TestClass]
public class ChildProcessTests
{
    [TestMethod]
    [DataRow("exit 42", 42)]
    [DataRow("kill -TERM $$; sleep 30", 143)]
    [DataRow("kill -SEGV $$; sleep 30", 139)]
    public async Task The_exit_code_and_the_signal_of_a_child_come_through(string script, int exitCode)
    {
        await using var child = Shell(script);
        Assert.AreEqual(exitCode, await child.Exited);
    }

    [TestMethod]
    public async Task A_child_leads_a_session_or_group_of_its_own_and_reads_nothing()
    {
        var log = new LineLog();
        await using var child = Shell("cat; ps -o pgid= -p $$; echo $$", log);
        Assert.AreEqual(0, await child.Exited);
        Assert.AreEqual(log.Tail[1], log.Tail[0].Trim());
        Assert.AreEqual(child.Id.ToString(), log.Tail[1]);
    }

    [TestMethod]
    public async Task A_polite_end_reaches_grandchildren_too()
    {
        var log = new LineLog();
        await using var child = Shell("sh -c 'trap \"echo grandchild ends; exit 0\" TERM; echo ready; while :; do sleep 0.1; done' & wait; exit 3", log);
        await EngineLab.EventuallyAsync(() => log.Tail.Contains("ready") ? "" : null);
        child.Terminate();
        Assert.AreEqual(143, await child.Exited);
    }

    [TestMethod]
    public async Task A_child_that_ignores_signals_is_killed_with_orphans_of_its_group_and_children_in_other_groups()
    {
        var log = new LineLog();
        await using var child = Shell("trap '' TERM INT HUP; (sleep 100 & echo $!); setsid sleep 101 & echo $!; sleep 102", log);
        await EngineLab.EventuallyAsync(() => log.Tail.Count == 2 ? "" : null);
        child.Terminate();
        await Task.Delay(200);
        Assert.IsFalse(child.Exited.IsCompleted);

        child.Kill();

        Assert.AreEqual(ChildProcess.KilledExitCode, await child.Exited);
        await EngineLab.GoneAsync(int.Parse(log.Tail[0]));
        await EngineLab.GoneAsync(int.Parse(log.Tail[1]));
    }

    [TestMethod]
    public async Task Somebody_who_left_and_holds_the_output_does_not_hold_us()
    {
        if (Programs.Find("setsid", Environment.GetEnvironmentVariable("PATH")) is null)
        {
            Assert.Inconclusive("no setsid");
        }

        var log = new LineLog();
        await using var child = Shell("setsid sleep 8 & sleep 0.5; exit 5", log);
        Assert.AreEqual(5, await child.Exited.WaitAsync(TimeSpan.FromSeconds(15)));
    }

    [TestMethod]
    public async Task A_handler_that_throws_does_not_stop_the_child()
    {
        await using var child = Shell("i=0; while [ $i -lt 20000 ]; do echo some line of output; i=$((i+1)); done; exit 6", handler: _ => throw new InvalidOperationException("mine"));
        Assert.AreEqual("mine", (await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => child.Exited)).Message);
    }

    [TestMethod]
    public async Task Variables_that_no_shell_could_name_arrive()
    {
        var log = new LineLog();
        await using var child = ChildProcess.Start(
            new ChildCommand("/usr/bin/env", [], new Dictionary<string, string> { ["a.b-c"] = "1" }, Path.GetTempPath()),
            new OutputReader(log), new OutputReader(), TimeSpan.FromSeconds(1));
        Assert.AreEqual(0, await child.Exited);
        Assert.AreEqual("a.b-c=1", log.Tail.Single());
    }

    [TestMethod]
    [DataRow(true, 42)]
    [DataRow(false, ChildProcess.KilledExitCode)]
    public async Task A_child_begins_at_a_word_and_never_without_one(bool hasWord, int exitCode)
    {
        var (program, arguments, waits) = ProcessGroup.WrapWaiting("/bin/sh", ["-c", "echo begun; cat; exit 42"]);
        if (!waits)
        {
            Assert.Inconclusive("no Perl");
        }

        using var child = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var output = child.StandardOutput.ReadToEndAsync();
        await Task.Delay(300);
        Assert.IsFalse(child.HasExited);
        if (hasWord)
        {
            await child.StandardInput.WriteAsync("\n");
        }

        // As the kernel does it for somebody who was killed.
        child.StandardInput.Close();
        await child.WaitForExitAsync();

        Assert.AreEqual(exitCode, child.ExitCode);
        Assert.AreEqual(hasWord ? "begun\n" : "", await output);
    }

    [TestMethod]
    public async Task A_locale_that_this_machine_does_not_have_is_nobodys_business()
    {
        var log = new LineLog();
        await using var child = ChildProcess.Start(
            new ChildCommand("/usr/bin/env", [], new Dictionary<string, string> { ["LC_ALL"] = "xx_XX" }, Path.GetTempPath()),
            new OutputReader(log), new OutputReader(log), TimeSpan.FromSeconds(1));
        Assert.AreEqual(0, await child.Exited);
        Assert.AreEqual("LC_ALL=xx_XX", log.Tail.Single());
    }

    private static ChildProcess Shell(string script, LineLog? log = null, OutputReader.Handler? handler = null)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("scripts of these tests are for a POSIX shell");
        }

        return ChildProcess.Start(
            new ChildCommand("/bin/sh", ["-c", script], EngineEnvironment.Machine(), Path.GetTempPath()),
            new OutputReader(log, handler), new OutputReader(log), TimeSpan.FromSeconds(1));
    }
}
