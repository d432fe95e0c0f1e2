using K6.LoadTesting.Engines;
using K6.LoadTesting.Results;

namespace K6.Build.Tasks.Tests.Targets;

[TestClass]
public sealed class ReportTargetsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Reports_are_rendered_again_from_the_json_alone()
    {
        var project = _folder.Write("load.proj", InProcessBuild.Wrap(""));
        LoadTestJson.Write(Path.Combine(_folder.Root, "TestResults", "loadtest.json"), Result("before"));

        var build = InProcessBuild.Run(project, "K6Report");

        Assert.IsTrue(build.Succeeded, build.Problems);
        foreach (var report in new[] { "loadtest.trx", "loadtest.junit.xml", "loadtest.html", "loadtest.md" })
        {
            Assert.Contains("before", File.ReadAllText(Path.Combine(_folder.Root, "TestResults", report)), report);
        }

        Assert.Contains("PASSED before", build.Events.Output);
    }

    [TestMethod]
    [DataRow(null, "KSDK0370")]
    [DataRow("""{ "schemaVersion": 1, "verdict": "pas""", "KSDK0370")]
    [DataRow("""{ "schemaVersion": 99 }""", "KSDK0371")]
    public void A_result_that_cannot_be_read_is_an_error(string? json, string code)
    {
        var project = _folder.Write("load.proj", InProcessBuild.Wrap(""));
        if (json is not null)
        {
            _folder.Write("TestResults/loadtest.json", json);
        }

        var build = InProcessBuild.Run(project, "K6Report");

        Assert.AreEqual($"loadtest.json(1) {code}", build.Problems);
    }

    private static LoadTestResult Result(string test) => new()
    {
        Verdict = Verdict.Passed,
        RunId = Guid.NewGuid(),
        Project = "load",
        StartTime = DateTimeOffset.UtcNow,
        EndTime = DateTimeOffset.UtcNow,
        Machine = new MachineInfo("vm", "Linux", "x64", 2, 1, null),
        Tests = [new() { Name = test, Verdict = Verdict.Passed, Outcome = EngineOutcome.Completed }],
    };
}
