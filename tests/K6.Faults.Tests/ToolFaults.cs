using K6.LoadTesting.Authoring;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Tests.Bundling;

namespace K6.Faults.Tests;

/// <summary>What happens to esbuild and to the TypeScript compiler.</summary>
internal static class ToolFaults
{
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        .. Linux.Signals.Select(signal => new FaultCase("bundling", $"{signal.Name} of esbuild", "KSDK0021, nothing runs", lab => EsbuildEndsAsync(lab, signal.Number)) { MayBeGreen = true }),
        new("bundling", "the build is cancelled before esbuild says a word", "esbuild ends with it", CancelledBeforeEsbuildSpeaksAsync) { MayBeGreen = true },
        new("bundling", "esbuild prints garbage", "KSDK0021, nothing runs", lab => EsbuildSaysAsync(lab, "printf 'no packet of the protocol at all'; exec sleep 60")) { MayBeGreen = true },
        new("bundling", "esbuild has no memory", "KSDK0021, nothing runs", lab => EsbuildSaysAsync(lab, $"ulimit -v 50000; exec '{TestTools.Esbuild}' \"$@\"")) { MayBeGreen = true },
        new("bundling", "esbuild has no file handles", "KSDK0021 or KSDK0202, nothing runs", EsbuildWithoutHandlesAsync) { MayBeGreen = true },
        .. Linux.Signals.Select(signal => new FaultCase("type check", $"{signal.Name} of the TypeScript compiler", signal.Number == Linux.Sigkill ? "KSDK0035, nothing runs" : "the compiler ends when it has read what it reads: KSDK0035, or what it found", lab => CompilerEndsAsync(lab, signal.Number)) { MayBeGreen = true }),
        new("type check", "the build is cancelled while the compiler works", "the compiler ends with it", CompilerIsCancelledAsync) { MayBeGreen = true },
    ];

    private static async Task EsbuildEndsAsync(Lab lab, int signal)
    {
        lab.WriteScript("import './slow.ts';");
        Linux.MakePipe(lab.PathOf("slow.ts"));
        var bundling = lab.BundleAsync(Copy(lab));
        using (await Linux.ReadBySomebodyAsync(lab.PathOf("slow.ts"), bundling))
        {
            Linux.Signal(Linux.Find(lab.Folder, "--service").Single(), signal);
            Assert.AreEqual("KSDK0021", await Lab.CodeAsync(() => bundling));
        }
    }

    // In the folder of the lab, so that it can be told from others.
    private static string Copy(Lab lab)
    {
        var copy = lab.PathOf("esbuild-copy");
        File.CreateSymbolicLink(copy, TestTools.Esbuild);
        return copy;
    }

    private static async Task CancelledBeforeEsbuildSpeaksAsync(Lab lab)
    {
        using var cancel = new CancellationTokenSource();
        var bundling = lab.BundleAsync(lab.WriteProgram("esbuild", $"touch '{lab.PathOf("begun")}'; exec sleep 60"), cancel.Token);
        while (!File.Exists(lab.PathOf("begun")))
        {
            await Task.Delay(20, CancellationToken.None);
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => bundling);
    }

    private static async Task EsbuildSaysAsync(Lab lab, string program) =>
        Assert.AreEqual("KSDK0021", await Lab.CodeAsync(() => lab.BundleAsync(lab.WriteProgram("esbuild", program))));

    private static async Task EsbuildWithoutHandlesAsync(Lab lab)
    {
        try
        {
            await lab.BundleAsync(lab.WriteProgram("esbuild", $"ulimit -n 5; exec '{TestTools.Esbuild}' \"$@\""));
            Assert.Fail("esbuild had handles enough");
        }
        catch (LoadTestException failure)
        {
            Assert.AreEqual("KSDK0021", failure.Diagnostic.Code);
        }
        catch (AssertFailedException wrong) when (wrong.Message.Contains("KSDK0202", StringComparison.Ordinal))
        {
            // esbuild itself said that it could not read the script.
        }
    }

    private static async Task CompilerEndsAsync(Lab lab, int signal)
    {
        lab.Write("browse.ts", $"/// <reference path=\"slow.d.ts\" />\n{File.ReadAllText(lab.PathOf("browse.ts"))}");
        Linux.MakePipe(lab.PathOf("slow.d.ts"));
        var check = CheckAsync(lab, CancellationToken.None);
        using (await Linux.ReadBySomebodyAsync(lab.PathOf("slow.d.ts"), check))
        {
            Linux.Signal(Linux.Find(lab.Folder, "tsconfig.check.json").Single(), signal);
            if (signal == Linux.Sigkill)
            {
                Assert.AreEqual("KSDK0035", await Lab.CodeAsync(() => check));
                return;
            }

            // It hears the signal and goes on reading; a pipe whose other end is closed is read again, and would make it wait again.
            await Task.WhenAny(check, Task.Delay(1000));
            File.Delete(lab.PathOf("slow.d.ts"));
            lab.Write("slow.d.ts", "");
        }

        try
        {
            await check;
        }
        catch (LoadTestException failure)
        {
            Assert.AreEqual("KSDK0035", failure.Diagnostic.Code);
        }
    }

    private static async Task CompilerIsCancelledAsync(Lab lab)
    {
        lab.Write("browse.ts", $"/// <reference path=\"slow.d.ts\" />\n{File.ReadAllText(lab.PathOf("browse.ts"))}");
        Linux.MakePipe(lab.PathOf("slow.d.ts"));
        using var cancel = new CancellationTokenSource();
        var check = CheckAsync(lab, cancel.Token);
        using (await Linux.ReadBySomebodyAsync(lab.PathOf("slow.d.ts"), check))
        {
            await cancel.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(() => check);
        }
    }

    private static async Task CheckAsync(Lab lab, CancellationToken cancellation)
    {
        EditorConfiguration.Write(lab.Output, TestTools.TypesDirectories);
        var options = new TypeCheckOptions { ProjectDirectory = lab.Folder, OutputDirectory = lab.Output, TypesDirectories = TestTools.TypesDirectories, CompilerPath = TestTools.TypeScript };
        await TypeChecker.CheckAsync(lab.Plan(), options, [], cancellation: cancellation);
    }
}
