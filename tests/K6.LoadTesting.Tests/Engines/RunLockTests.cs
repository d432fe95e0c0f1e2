using System.Diagnostics;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Tests.Engines;

[TestClass]
public class RunLockTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk lock").FullName;

    private string LockFile => Path.Combine(_folder, "lock");

    [TestCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task The_second_load_test_waits_for_the_first_and_says_so()
    {
        var first = await AcquireAsync("the first");
        var told = new TaskCompletionSource<string>();
        var second = RunLock.AcquireAsync(LockFile, "the second", TimeSpan.FromMinutes(1), told.SetResult, CancellationToken.None);

        Assert.AreEqual("waiting for another load test: the first", await told.Task);
        Assert.IsFalse(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }

    [TestMethod]
    public async Task Nobody_waits_for_ever()
    {
        using var first = await AcquireAsync("Shop.csproj (process 1)");
        var error = await Assert.ThrowsExactlyAsync<LoadTestException>(() =>
            RunLock.AcquireAsync(LockFile, "the second", TimeSpan.FromSeconds(0.2), null, CancellationToken.None));
        Assert.AreEqual("KSDK0010", error.Diagnostic.Code);
        Assert.Contains("Shop.csproj (process 1)", error.Message);
    }

    [TestMethod]
    public async Task A_wait_can_be_cancelled()
    {
        using var first = await AcquireAsync("the first");
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(0.2));
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            RunLock.AcquireAsync(LockFile, "the second", TimeSpan.FromMinutes(1), null, cancel.Token));
    }

    [TestMethod]
    public async Task A_holder_that_is_killed_holds_nobody()
    {
        using var holder = Process.Start(new ProcessStartInfo(EngineLab.Dotnet, ["exec", EngineLab.DummyAssembly, "lock", LockFile]) { RedirectStandardOutput = true })!;
        Assert.AreEqual("held", await holder.StandardOutput.ReadLineAsync());
        await Assert.ThrowsExactlyAsync<LoadTestException>(() => RunLock.AcquireAsync(LockFile, "", TimeSpan.Zero, null, CancellationToken.None));

        holder.Kill();

        (await AcquireAsync("the next")).Dispose();
    }

    [TestMethod]
    public async Task A_file_that_nobody_can_have_is_told_at_once_and_not_waited_for()
    {
        var error = await Assert.ThrowsExactlyAsync<LoadTestException>(() =>
            RunLock.AcquireAsync(Path.Combine(_folder, "nowhere", "lock"), "", TimeSpan.FromHours(1), null, CancellationToken.None));
        Assert.AreEqual("KSDK0031", error.Diagnostic.Code);
        error = await Assert.ThrowsExactlyAsync<LoadTestException>(() => RunLock.AcquireAsync(_folder, "", TimeSpan.FromHours(1), null, CancellationToken.None));
        Assert.AreEqual("KSDK0031", error.Diagnostic.Code);
    }

    private Task<RunLock> AcquireAsync(string holder) => RunLock.AcquireAsync(LockFile, holder, TimeSpan.FromSeconds(10), null, CancellationToken.None);
}
