using K6.LoadTesting.Engines;
using K6.LoadTesting.Results;

namespace K6.Build.Tasks.Tests;

[TestClass]
public sealed class CleanLoadTestResultsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Only_what_the_last_load_test_wrote_is_removed()
    {
        _folder.Write("loadtest.trx", "");
        _folder.Write("loadtest.attachments/In/1/vm/engine.log", "");
        _folder.Write("browse/k6-summary.json", "");
        _folder.Write("browse/mine.txt", "");
        _folder.Write("journey/engine.log", "");
        _folder.Write("other.trx", "");
        _folder.Write("history/1.json", "");
        _folder.Write(".staging-4711/half.json", "");
        var outside = _folder.Write("../" + Path.GetFileName(_folder.Root) + " outside.txt", "");
        LoadTestJson.Write(Path.Combine(_folder.Root, "loadtest.json"), new LoadTestResult
        {
            Verdict = Verdict.Passed,
            RunId = Guid.Empty,
            Project = "p",
            StartTime = default,
            EndTime = default,
            Machine = new MachineInfo("m", "linux", "x64", 1, 1, null),
            Files = ["../" + Path.GetFileName(outside)],
            Tests =
            [
                Test("browse", "browse/k6-summary.json"),
                Test("journey", "journey/engine.log"),
            ],
        });

        Assert.IsTrue(Clean(_folder.Root));

        CollectionAssert.AreEquivalent(
            new[] { "browse/mine.txt", "history/1.json", "other.trx" },
            Directory.EnumerateFiles(_folder.Root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_folder.Root, f).Replace('\\', '/')).ToArray());
        Assert.IsFalse(Directory.Exists(Path.Combine(_folder.Root, "journey")));
        Assert.IsTrue(File.Exists(outside));
        File.Delete(outside);
    }

    [TestMethod]
    public void A_result_that_cannot_be_read_is_removed_and_the_rest_stays()
    {
        _folder.Write("loadtest.json", "{ half");
        _folder.Write("browse/k6-summary.json", "");

        Assert.IsTrue(Clean(_folder.Root));

        Assert.IsFalse(File.Exists(Path.Combine(_folder.Root, "loadtest.json")));
        Assert.IsTrue(File.Exists(Path.Combine(_folder.Root, "browse/k6-summary.json")));
    }

    [TestMethod]
    public void Nothing_to_clean_is_fine() => Assert.IsTrue(Clean(Path.Combine(_folder.Root, "nowhere")));

    private static LoadTesting.Results.TestResult Test(string name, string file) =>
        new() { Name = name, Verdict = Verdict.Passed, Outcome = EngineOutcome.Completed, Files = [file] };

    private bool Clean(string directory) => new CleanLoadTestResults
    {
        BuildEngine = FakeBuildEngine.New().Engine,
        ProjectFile = Path.Combine(_folder.Root, "p.csproj"),
        ResultsDirectory = directory + Path.DirectorySeparatorChar,
    }.Execute();
}
