using K6.LoadTesting.Results;
using K6.LoadTesting.Running;

namespace K6.Faults.Tests;

/// <summary>Disks that are full, folders that cannot be written or that vanish, files that others hold.</summary>
internal static class FileFaults
{
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("bundling", "the disk of obj is full", "KSDK0022, nothing runs", lab => OnDiskAsync(lab, lab.Output, "size=16k", "KSDK0022")) { MayBeGreen = true },
        new("bundling", "obj is read-only", "KSDK0022, nothing runs", lab => ReadOnlyAsync(lab, lab.Output, "KSDK0022")) { MayBeGreen = true },
        new("run", "the disk of the results is full before the run", "KSDK0380, no green result", FullBeforeAsync) { LeavesAside = true },
        new("run", "the disk of the results becomes full while the load runs", "KSDK0380, no green result", FilledInRunAsync) { LeavesAside = true },
        new("results", "the disk of the results is full when they are written", "KSDK0380, no green result", FilledAtTheEndAsync) { LeavesAside = true },
        new("results", "the results are read-only", "KSDK0380", lab => ReadOnlyResultsAsync(lab)),
        new("results", "the results become read-only while the load runs", "KSDK0380 or KSDK0031, no green result", ReadOnlyInRunAsync) { LeavesAside = true },
        new("results", "the disk of the history is full", "KSDK0402, and the results are there", lab => HistoryAsync(lab, "size=4k")),
        new("results", "the history is read-only", "KSDK0402, and the results are there", lab => HistoryAsync(lab, null)),
        new("results", "the history is locked for longer than 10 s", "KSDK0402, and the results are there", HistoryIsLockedAsync),
        new("run", "the folder for temporary files is read-only", "KSDK0031, nothing runs", lab => TemporaryAsync(lab, null)) { LeavesAside = true },
        new("run", "the folder for temporary files is full", "the load test needs no room there", lab => TemporaryAsync(lab, "size=4k,nr_inodes=3")),
        new("run", "the folder for temporary files is not there", "KSDK0031, nothing runs", TemporaryIsGoneAsync) { LeavesAside = true },
        new("run", "the folder of results vanishes", "KSDK0380, KSDK0031 or KSDK0340, no green result", ResultsVanishAsync),
        new("run", "the bundle vanishes before the run", "KSDK0301, KSDK0310 or such, a failed result", BundleVanishesAsync),
    ];

    private static async Task OnDiskAsync(Lab lab, string folder, string size, string code)
    {
        using (Linux.Mount(folder, size))
        {
            Assert.AreEqual(code, await Lab.CodeAsync(() => lab.BundleAsync()));
        }
    }

    private static async Task ReadOnlyAsync(Lab lab, string folder, string code)
    {
        using (Linux.ReadOnly(folder))
        {
            Assert.AreEqual(code, await Lab.CodeAsync(() => lab.BundleAsync()));
        }
    }

    private static Task FullBeforeAsync(Lab lab) => OnSmallDiskAsync(lab, async () =>
    {
        var bundles = await lab.BundleAsync();
        Fill(lab.Results);
        return await lab.RunAsync(bundles);
    });

    private static Task FilledInRunAsync(Lab lab) => OnSmallDiskAsync(lab, () =>
    {
        lab.Load = Lab.For("2s");
        return lab.RunAsync(() =>
        {
            Fill(lab.Results);
            return Task.CompletedTask;
        });
    });

    private static Task FilledAtTheEndAsync(Lab lab) => OnSmallDiskAsync(lab, async () => await lab.RunAsync(await lab.BundleAsync(), heard =>
    {
        if (heard is TestFinished)
        {
            Fill(lab.Results);
        }
    }));

    // An earlier result is on that disk; it must not look like one of the run that follows.
    private static async Task OnSmallDiskAsync(Lab lab, Func<Task<LoadTestResult>> run)
    {
        Directory.Delete(lab.Results, recursive: true);
        using (Linux.Mount(lab.Results, "size=3m"))
        {
            lab.RanWell();
            await FailedOrNoResultAsync(lab, run);
            await lab.NothingIsLeftAsync(leavesAside: true);
        }
    }

    private static async Task ReadOnlyResultsAsync(Lab lab)
    {
        var bundles = await lab.BundleAsync();
        using (Linux.ReadOnly(lab.Results))
        {
            Assert.AreEqual("KSDK0380", await Lab.CodeAsync(() => lab.RunAsync(bundles)));
        }

        // Nobody could say so there.
        File.Delete(lab.ResultFile);
    }

    private static async Task ReadOnlyInRunAsync(Lab lab)
    {
        var bundles = await lab.BundleAsync();
        IDisposable? mounted = null;
        Linux.RequireRoot();
        try
        {
            await FailedOrNoResultAsync(lab, () => lab.RunAsync(bundles, heard =>
            {
                if (heard is TestFinished)
                {
                    mounted = Linux.ReadOnly(lab.Results);
                }
            }));
        }
        finally
        {
            mounted?.Dispose();
        }
    }

    private static async Task HistoryAsync(Lab lab, string? disk)
    {
        var folder = Path.GetDirectoryName(lab.History)!;
        using (disk is null ? Linux.ReadOnly(folder) : Linux.Mount(folder, disk))
        {
            if (disk is not null)
            {
                Fill(folder);
            }

            Lab.Failed(await lab.RunAsync(), "KSDK0402");
            Assert.AreEqual(Verdict.Failed, LoadTestJson.Read<LoadTestResult>(lab.ResultFile).Verdict);
        }
    }

    private static async Task HistoryIsLockedAsync(Lab lab)
    {
        lab.Write(".k6/history.jsonl", "");
        using (File.Open(lab.History, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Lab.Failed(await lab.RunAsync(), "KSDK0402");
        }
    }

    private static async Task TemporaryAsync(Lab lab, string? disk)
    {
        var bundles = await lab.BundleAsync();
        var folder = lab.PathOf("tmp");
        using (disk is null ? Linux.ReadOnly(folder) : Linux.Mount(folder, disk))
        {
            await WithTemporaryAsync(folder, async () =>
            {
                if (disk is null)
                {
                    Lab.Failed(await lab.RunAsync(bundles), "KSDK0031");
                    return;
                }

                var result = await lab.RunAsync(bundles);
                Assert.AreEqual(Verdict.Passed, result.Verdict, Lab.Said(result));
                File.Delete(lab.ResultFile);
            });
        }
    }

    private static async Task TemporaryIsGoneAsync(Lab lab)
    {
        var bundles = await lab.BundleAsync();
        await WithTemporaryAsync(lab.PathOf("nowhere"), async () => Lab.Failed(await lab.RunAsync(bundles), "KSDK0031"));
    }

    private static async Task ResultsVanishAsync(Lab lab)
    {
        lab.Load = Lab.For("2s");
        await FailedOrNoResultAsync(lab, () => lab.RunAsync(() =>
        {
            Directory.Delete(lab.Results, recursive: true);
            return Task.CompletedTask;
        }));
    }

    private static async Task BundleVanishesAsync(Lab lab)
    {
        var bundles = await lab.BundleAsync();
        File.Delete(bundles[0].File);
        Lab.Failed(await lab.RunAsync(bundles), "KSDK0301", "KSDK0309", "KSDK0310");
    }

    // The folder for temporary files is one of the process: only the faults of this class, one after the other, run in it.
    private static async Task WithTemporaryAsync(string folder, Func<Task> act)
    {
        var before = Environment.GetEnvironmentVariable("TMPDIR");
        Environment.SetEnvironmentVariable("TMPDIR", folder);
        try
        {
            await act();
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", before);
        }
    }

    // Either there is a result and it is red, or the failure has a code that a build reports.
    private static async Task FailedOrNoResultAsync(Lab lab, Func<Task<LoadTestResult>> run)
    {
        try
        {
            Lab.Failed(await run(), "KSDK0022", "KSDK0031", "KSDK0310", "KSDK0335", "KSDK0340", "KSDK0342", "KSDK0380");
        }
        catch (Exception failure) when (failure is LoadTesting.Diagnostics.LoadTestException or IOException or UnauthorizedAccessException)
        {
            // The task reports the first with its code, the others with KSDK0031.
            lab.NothingLooksGreen();
        }
    }

    private static void Fill(string folder)
    {
        try
        {
            using var file = new FileStream(Path.Combine(folder, "filled"), FileMode.Create, FileAccess.Write, FileShare.None, 1);
            var block = new byte[4096];
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
