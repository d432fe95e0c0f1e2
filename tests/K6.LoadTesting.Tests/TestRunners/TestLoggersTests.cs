using System.Xml.Linq;
using K6.LoadTesting.Reports;
using K6.LoadTesting.TestRunners;
using K6.LoadTesting.Tests.Reports;

namespace K6.LoadTesting.Tests.TestRunners;

/// <summary>What --logger of dotnet test means for a load test.</summary>
[TestClass]
public sealed class TestLoggersTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("k6sdk loggers ").FullName;

    private string Results => Path.Combine(_root, "Shop.LoadTests");

    public TestLoggersTests()
    {
        Directory.CreateDirectory(Results);
        File.WriteAllText(Path.Combine(Results, "loadtest.json"), "{}");
        ReportFiles.Write(SampleResult.Mixed(), Results);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [TestMethod]
    public void A_report_goes_where_its_logger_says_and_is_there_once()
    {
        var unknown = Apply("trx;LogFileName=all.trx", "junit;LogFilePath=sub/load.xml", "console;verbosity=detailed", "GitHubActions;x=y");

        CollectionAssert.AreEqual(new[] { "GitHubActions" }, unknown.ToArray());
        Assert.IsFalse(File.Exists(Path.Combine(Results, "loadtest.trx")));
        Assert.IsTrue(File.Exists(Path.Combine(_root, "sub", "load.xml")));
        var root = XDocument.Load(Path.Combine(_root, "all.trx")).Descendants().Single(one => one.Name.LocalName == "Deployment").Attribute("runDeploymentRoot")!.Value;
        Assert.IsTrue(File.Exists(Path.Combine(_root, root, "In", SampleResult.Mixed().Machine.Name, "loadtest.json")), "the attachments are found from there");
    }

    [TestMethod]
    public void A_logger_without_a_file_leaves_the_report_where_it_is()
    {
        Assert.IsEmpty(Apply("trx", "TRX;Verbosity=x", ""));

        Assert.IsTrue(File.Exists(Path.Combine(Results, "loadtest.trx")));
    }

    [TestMethod]
    public void The_report_of_unit_tests_of_the_same_name_stays_and_an_own_one_is_replaced()
    {
        var shared = Path.Combine(_root, "all.trx");
        File.WriteAllText(shared, "<TestRun />");

        Apply("trx;LogFileName=all.trx");

        Assert.AreEqual("<TestRun />", File.ReadAllText(shared));
        Assert.IsTrue(File.Exists(Path.Combine(_root, "all.Shop.LoadTests.trx")));

        File.Delete(shared);
        ReportFiles.Write(SampleResult.Mixed(), Results);
        Apply("trx;LogFileName=mine.trx");
        ReportFiles.Write(SampleResult.Mixed(), Results);
        Apply("trx;LogFileName=mine.trx");
        Assert.IsFalse(File.Exists(Path.Combine(_root, "mine.Shop.LoadTests.trx")));
    }

    private IReadOnlyList<string> Apply(params string[] loggers) => TestLoggers.Apply(loggers, Results, _root, SampleResult.ProjectFile);
}
