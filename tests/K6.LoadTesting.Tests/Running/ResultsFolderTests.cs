using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Running;

namespace K6.LoadTesting.Tests.Running;

[TestClass]
public sealed class ResultsFolderTests
{
    private readonly string _directory = Directory.CreateTempSubdirectory("k6sdk-results-").FullName;

    [TestCleanup]
    public void Remove() => Directory.Delete(_directory, recursive: true);

    [TestMethod]
    public void Nothing_is_seen_before_it_is_published_and_all_of_it_after()
    {
        var folder = ResultsFolder.Open(_directory);
        File.WriteAllText(Path.Combine(folder.Staging, "loadtest.json"), "{}");
        File.WriteAllText(Path.Combine(folder.ForTest("browse"), "engine.log"), "x");

        Assert.IsFalse(File.Exists(Path.Combine(_directory, "loadtest.json")));
        CollectionAssert.AreEqual(new[] { "browse/engine.log", "loadtest.json" }, folder.Files().ToArray());
        folder.Publish([]);

        Assert.IsTrue(File.Exists(Path.Combine(_directory, "loadtest.json")));
        Assert.IsTrue(File.Exists(Path.Combine(_directory, "browse", "engine.log")));
        Assert.IsEmpty(Directory.GetDirectories(_directory, ".staging-*"));
    }

    [TestMethod]
    public void A_new_invocation_replaces_the_results_of_the_one_before_and_leaves_other_files_alone()
    {
        File.WriteAllText(Path.Combine(_directory, "unit-tests.trx"), "someone else's");
        Directory.CreateDirectory(Path.Combine(_directory, "removed"));
        Directory.CreateDirectory(Path.Combine(_directory, "browse"));
        File.WriteAllText(Path.Combine(_directory, "browse", "old.log"), "old");

        var folder = ResultsFolder.Open(_directory);
        File.WriteAllText(Path.Combine(folder.ForTest("browse"), "engine.log"), "new");
        folder.Publish(["removed"]);

        Assert.IsTrue(File.Exists(Path.Combine(_directory, "unit-tests.trx")));
        Assert.IsFalse(Directory.Exists(Path.Combine(_directory, "removed")));
        Assert.IsFalse(File.Exists(Path.Combine(_directory, "browse", "old.log")));
    }

    [TestMethod]
    public void What_a_killed_run_left_aside_is_removed_by_the_next_one()
    {
        var killed = ResultsFolder.Open(_directory);
        var next = ResultsFolder.Open(_directory);

        Assert.IsFalse(Directory.Exists(killed.Staging));
        Assert.IsTrue(Directory.Exists(next.Staging));
    }

    [TestMethod]
    public void A_results_folder_that_is_a_file_is_a_coded_error_that_says_what_to_do()
    {
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");

        var failure = Assert.ThrowsExactly<LoadTestException>(() => ResultsFolder.Open(file));

        Assert.AreEqual("KSDK0380", failure.Diagnostic.Code);
        StringAssert.Contains(failure.Diagnostic.Message, "K6ResultsDirectory");
    }
}
