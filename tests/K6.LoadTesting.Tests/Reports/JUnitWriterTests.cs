using System.Globalization;
using System.Xml.Linq;
using K6.LoadTesting.Reports;

namespace K6.LoadTesting.Tests.Reports;

[TestClass]
public class JUnitWriterTests
{
    // What both schemas of Jenkins (jenkins-junit.xsd, junit-10.xsd of the xUnit plugin) allow of what we write.
    private static readonly Dictionary<string, (string[] Attributes, string[] Children)> Allowed = new()
    {
        ["testsuites"] = (["name", "tests", "failures", "errors", "time"], ["testsuite"]),
        ["testsuite"] = (["name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package"], ["properties", "testcase", "system-out", "system-err"]),
        ["properties"] = ([], ["property"]),
        ["property"] = (["name", "value"], []),
        ["testcase"] = (["name", "classname", "time"], ["skipped", "failure", "error", "system-out", "system-err"]),
        ["skipped"] = ([], []),
        ["failure"] = (["message", "type"], []),
        ["system-out"] = ([], []),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk-junit-").FullName;

    private string JUnitFile => Path.Combine(_folder, "loadtest.junit.xml");

    [TestCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void It_has_the_tests_of_the_trx_with_their_outcomes()
    {
        JUnitWriter.Write(SampleResult.Mixed(), JUnitFile);
        TrxWriter.Write(SampleResult.Mixed(), Path.Combine(_folder, "loadtest.trx"));

        var ours = Cases().Select(one => $"{one.Attribute("classname")!.Value} | {one.Attribute("name")!.Value} | {Outcome(one)}").ToArray();
        var theirs = TrxReaders.Azure(Path.Combine(_folder, "loadtest.trx")).Select(test => $"{test.Class} | {test.Title} | {test.Outcome}").ToArray();

        CollectionAssert.AreEqual(theirs, ours);
        Assert.HasCount(10, ours);
    }

    [TestMethod]
    public void Nothing_is_in_it_that_a_schema_of_Jenkins_refuses()
    {
        JUnitWriter.Write(SampleResult.Mixed(), JUnitFile);

        foreach (var element in XDocument.Load(JUnitFile).Descendants())
        {
            var (attributes, children) = Allowed[element.Name.LocalName];
            Assert.IsEmpty(element.Attributes().Select(one => one.Name.LocalName).Except(attributes).ToList(), element.Name.LocalName);
            Assert.IsEmpty(element.Elements().Select(one => one.Name.LocalName).Except(children).ToList(), element.Name.LocalName);
        }
    }

    [TestMethod]
    public void The_counts_of_a_suite_are_those_of_its_tests_and_only_runs_take_time()
    {
        JUnitWriter.Write(SampleResult.Mixed(), JUnitFile);

        var root = XDocument.Load(JUnitFile).Root!;
        foreach (var suite in root.Elements())
        {
            Assert.AreEqual(suite.Elements("testcase").Count(), (int)suite.Attribute("tests")!);
            Assert.AreEqual(suite.Descendants("failure").Count(), (int)suite.Attribute("failures")!);
            Assert.AreEqual(suite.Descendants("skipped").Count(), (int)suite.Attribute("skipped")!);
        }

        Assert.AreEqual(10, (int)root.Attribute("tests")!);
        Assert.AreEqual(4, (int)root.Attribute("failures")!);
        Assert.AreEqual(90_031.25, double.Parse(root.Attribute("time")!.Value, CultureInfo.InvariantCulture));
        Assert.AreEqual(90_031.25, Cases().Sum(one => double.Parse(one.Attribute("time")!.Value, CultureInfo.InvariantCulture)));
    }

    [TestMethod]
    public void A_failure_has_message_and_place_and_a_skipped_test_its_reason()
    {
        JUnitWriter.Write(SampleResult.Mixed(), JUnitFile);

        var crossed = Cases().Single(one => one.Attribute("name")!.Value == "http_req_failed{scenario:checkout} rate").Element("failure")!;
        Assert.AreEqual("http_req_failed{scenario:checkout} rate = 0.0342 (719 of 21034), limit rate<0.01 (+242 %). Ask Payments.", crossed.Attribute("message")!.Value);
        Assert.Contains($"in {SampleResult.ProjectFile}:line 14", crossed.Value);
        var skipped = Cases().First(one => one.Element("skipped") is not null && one.Attribute("name")!.Value.StartsWith("http_req_duration", StringComparison.Ordinal));
        Assert.StartsWith("Crossed, but only a warning", skipped.Element("system-out")!.Value);
    }

    [TestMethod]
    public void Characters_that_xml_forbids_are_written_out()
    {
        JUnitWriter.Write(SampleResult.Mixed(), JUnitFile);

        Assert.IsTrue(Cases().Any(one => one.Attribute("name")!.Value == "page > top > has price \\u0001 \\ud800 ]]> 🛒"));
    }

    private IEnumerable<XElement> Cases() => XDocument.Load(JUnitFile).Descendants("testcase");

    private static string Outcome(XElement test) => test.Element("failure") is not null ? "Failed" : test.Element("skipped") is not null ? "NotExecuted" : "Passed";
}
