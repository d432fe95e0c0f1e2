[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.ClassLevel)]

namespace K6.Faults.Tests;

/// <summary>What the two halves have in common. <c>K6SDK_FAULT_ROUNDS</c> asks for more rounds than the one of CI.</summary>
[TestClass]
public sealed class FaultTests
{
    /// <summary>Folder for temporary files of runs in this process, so that other test projects share no lock with them.</summary>
    internal static string Temp { get; } = Path.Combine("/tmp", $"k6f-{Guid.NewGuid().ToString("N")[..8]}");

    /// <summary>Ports that the test platform listens on.</summary>
    internal static IReadOnlyList<int> PortsBefore { get; private set; } = [];

    // What hangs fails, and does not hold up the others.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static string? _tempBefore;

    /// <summary>Results of a run that passed: each fault happens where one was before.</summary>
    internal static string GoodResults { get; } = Temp + "-good";

    [AssemblyInitialize]
    public static async Task BeginAsync(TestContext _)
    {
        if (OperatingSystem.IsLinux())
        {
            PortsBefore = Linux.ListeningPorts();
            Directory.CreateDirectory(Temp);
            _tempBefore = Environment.GetEnvironmentVariable("TMPDIR");
            Environment.SetEnvironmentVariable("TMPDIR", Temp);
            using var lab = new Lab();
            await lab.TheNextRunIsFineAsync();
            Directory.Move(lab.Results, GoodResults);
        }
    }

    [AssemblyCleanup]
    public static void End()
    {
        if (OperatingSystem.IsLinux())
        {
            Environment.SetEnvironmentVariable("TMPDIR", _tempBefore);
            Directory.Delete(Temp, recursive: true);
            Directory.Delete(GoodResults, recursive: true);
        }
    }

    [TestMethod]
    public void Each_fault_is_named_once() => Assert.HasCount(FaultCases.All.Count, FaultCases.All.DistinctBy(one => one.Name));

    // The folder for temporary files is one of the process, and so is the lock of runs in it.
    private static readonly SemaphoreSlim OneInThisProcess = new(1);

    internal static async Task TryAsync(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("signals, limits and file systems as Linux has them");
        }

        var fault = FaultCases.All.Single(one => one.Name == name);
        var inBuild = BuildFaults.All.Any(one => one.Name == name);
        for (var round = 0; round < FaultCase.Rounds; round++)
        {
            using var lab = new Lab();
            lab.RanWell();
            if (inBuild)
            {
                await TryAsync(fault, lab, inThisProcess: false);
            }

            await OneInThisProcess.WaitAsync();
            try
            {
                if (!inBuild)
                {
                    await TryAsync(fault, lab, inThisProcess: true);
                }

                await lab.TheNextRunIsFineAsync().WaitAsync(Patience);
            }
            finally
            {
                OneInThisProcess.Release();
            }
        }
    }

    private static async Task TryAsync(FaultCase fault, Lab lab, bool inThisProcess)
    {
        await fault.InjectAsync(lab).WaitAsync(Patience);
        await lab.NothingIsLeftAsync(fault.LeavesAside, inThisProcess);
        if (!fault.MayBeGreen)
        {
            lab.NothingLooksGreen();
        }
    }
}

/// <summary>Faults that happen to a build, or while one runs.</summary>
[TestClass]
public sealed class BuildFaultTests
{
    public static IEnumerable<object[]> Names => BuildFaults.All.Select(fault => new object[] { fault.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public Task It_fails_closed_and_leaves_nothing(string fault) => FaultTests.TryAsync(fault);
}

/// <summary>Faults of what a run needs: tools, engine, service, files, limits.</summary>
[TestClass]
public sealed class RunFaultTests
{
    public static IEnumerable<object[]> Names => FaultCases.All.Except(BuildFaults.All).Select(fault => new object[] { fault.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public Task It_fails_closed_and_leaves_nothing(string fault) => FaultTests.TryAsync(fault);
}
