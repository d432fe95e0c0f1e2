using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace K6.LoadTesting.Tests.Reports;

/// <summary>A test as a reader of TRX shows it.</summary>
internal sealed record ReadTest(string Title, string Class, string Outcome, double Seconds, string? Error, string? File, int? Line, IReadOnlyList<string> Attachments);

/// <summary>
/// Readers of TRX, each written from what is known of a real one's demands (docs/results.md): where a real one throws, loses a
/// result or takes it for green, these fail the test.
/// </summary>
internal static partial class TrxReaders
{
    /// <summary>Azure Pipelines: XPath on the text without its namespace; GUIDs are compared as strings; attachments must be where it looks.</summary>
    public static IReadOnlyList<ReadTest> Azure(string file)
    {
        var document = new XmlDocument();
        document.LoadXml(File.ReadAllText(file).Replace("xmlns", "ns", StringComparison.Ordinal));
        var root = document.SelectSingleNode("/TestRun/TestSettings/Deployment/@runDeploymentRoot")!.Value!;
        var definitions = new Dictionary<string, XmlElement>();
        foreach (XmlNode definition in document.SelectSingleNode("/TestRun/TestDefinitions")!.ChildNodes)
        {
            definitions.Add(definition.Attributes!["id"]!.Value, (XmlElement)definition);
        }

        var inFolder = Path.Combine(Path.GetDirectoryName(file)!, root, "In");
        foreach (XmlNode href in document.SelectNodes("/TestRun/ResultSummary/CollectorDataEntries/Collector/UriAttachments/UriAttachment/A/@href")!)
        {
            Assert.IsTrue(File.Exists(Path.Combine(inFolder, href.Value!)), href.Value);
        }

        var tests = new List<ReadTest>();
        foreach (XmlElement result in document.SelectNodes("/TestRun/Results/UnitTestResult")!)
        {
            Assert.IsTrue(definitions.TryGetValue(result.GetAttribute("testId"), out var definition), "a result without its definition is dropped");
            var method = definition.SelectSingleNode("TestMethod")!;
            Assert.AreEqual(definition.GetAttribute("name"), method.Attributes!["name"]!.Value);
            var attachments = result.SelectNodes("ResultFiles/ResultFile/@path")!.Cast<XmlNode>()
                .Select(path => Path.Combine(inFolder, result.GetAttribute("relativeResultsDirectory"), path.Value!)).ToList();
            Assert.IsTrue(attachments.TrueForAll(File.Exists), string.Join(' ', attachments));
            tests.Add(new ReadTest(
                result.GetAttribute("testName"),
                method.Attributes!["className"]!.Value,
                result.GetAttribute("outcome") is "Passed" or "Failed" ? result.GetAttribute("outcome") : "NotExecuted",
                TimeSpan.Parse(result.GetAttribute("duration"), CultureInfo.InvariantCulture).TotalSeconds,
                result.SelectSingleNode("Output/ErrorInfo/Message")?.InnerText,
                null,
                null,
                [.. attachments.Select(path => Path.GetFileName(path)!)]));
        }

        return tests;
    }

    /// <summary>dorny/test-reporter: every time has a fraction and a zone; an error is shown only with message and stack trace, whose frame becomes the annotation.</summary>
    public static IReadOnlyList<ReadTest> Dorny(string file)
    {
        var run = Load(file);
        foreach (var name in new[] { "start", "finish" })
        {
            Assert.MatchesRegex(Iso(), run.Elements().Single(element => element.Name.LocalName == "Times").Attribute(name)!.Value);
        }

        return [.. Results(run).Select(result =>
        {
            Assert.MatchesRegex(Clock(), Text(result, "duration"));
            var outcome = Text(result, "outcome");
            Assert.Contains(outcome, new[] { "Passed", "Failed", "NotExecuted" }, "any other is counted nowhere");
            var error = result.Descendants().FirstOrDefault(element => element.Name.LocalName == "ErrorInfo");
            var message = error?.Elements().FirstOrDefault(element => element.Name.LocalName == "Message")?.Value;
            var stack = error?.Elements().FirstOrDefault(element => element.Name.LocalName == "StackTrace")?.Value;
            Assert.IsTrue(outcome != "Failed" || (message is not null && stack is not null), "an error without one of the two is not shown");
            var frame = stack is null ? null : Frame().Match(stack);
            return new ReadTest(
                Text(result, "testName"), Text(Definition(run, result).Elements().Single(element => element.Name.LocalName == "TestMethod"), "className"),
                outcome, 0, message,
                frame?.Success == true ? frame.Groups[1].Value : null,
                frame?.Success == true ? int.Parse(frame.Groups[2].Value, CultureInfo.InvariantCulture) : null,
                []);
        })];
    }

    /// <summary>trx2junit: needs outcome and counters, and cuts a name up to the last dot before an opening parenthesis.</summary>
    public static IReadOnlyList<ReadTest> Trx2Junit(string file)
    {
        var run = Load(file);
        var summary = run.Elements().Single(element => element.Name.LocalName == "ResultSummary");
        var counters = summary.Elements().Single(element => element.Name.LocalName == "Counters");
        int Counter(string name) => int.Parse(Text(counters, name), CultureInfo.InvariantCulture);
        Assert.AreEqual(Counter("total"), Counter("passed") + Counter("failed") + Counter("notExecuted"));
        Assert.AreEqual(Counter("executed"), Counter("passed") + Counter("failed"));
        Assert.AreEqual(Counter("failed") > 0 ? "Failed" : "Completed", Text(summary, "outcome"));
        var results = Results(run).ToList();
        Assert.IsNotEmpty(results, "it throws on an empty list");
        Assert.HasCount(Counter("total"), results);
        return [.. results.Select(result =>
        {
            var name = Text(result, "testName");
            var open = name.IndexOf('(', StringComparison.Ordinal);
            var dot = open < 0 ? -1 : name.LastIndexOf('.', open);
            return new ReadTest(name[(dot + 1)..], "", Text(result, "outcome"), Seconds(Text(result, "duration")), null, null, null, []);
        })];
    }

    /// <summary>EnricoMi's publisher: durations by substring, so days make nonsense of them.</summary>
    public static double EnricoSeconds(string file) => Results(Load(file)).Sum(result => Seconds(Text(result, "duration")));

    /// <summary>LiquidTestReports: the duration is end minus start, whatever the attribute says.</summary>
    public static void Liquid(string file)
    {
        var run = Load(file);
        foreach (var result in Results(run))
        {
            var length = DateTimeOffset.Parse(Text(result, "endTime"), CultureInfo.InvariantCulture) - DateTimeOffset.Parse(Text(result, "startTime"), CultureInfo.InvariantCulture);
            Assert.AreEqual(TimeSpan.ParseExact(Text(result, "duration"), "c", CultureInfo.InvariantCulture), length);
            Assert.AreNotEqual("", Text(Definition(run, result).Elements().Single(element => element.Name.LocalName == "TestMethod"), "codeBase"));
        }
    }

    /// <summary>What the schema requires: attributes of each element, ids that are GUIDs, the method last, properties as elements.</summary>
    public static void Schema(string file)
    {
        var required = new Dictionary<string, string[]>
        {
            ["TestRun"] = ["id", "name"],
            ["Times"] = ["creation"],
            ["UnitTestResult"] = ["testName", "testType", "testId", "testListId", "computerName"],
            ["UnitTest"] = ["id", "name"],
            ["TestMethod"] = ["codeBase", "className", "name"],
            ["TestEntry"] = ["testId", "executionId", "testListId"],
            ["TestList"] = ["id", "name"],
            ["ResultSummary"] = ["outcome"],
            ["ResultFile"] = ["path"],
            ["TestCategoryItem"] = ["TestCategory"],
        };
        var run = Load(file);
        Assert.AreEqual("http://microsoft.com/schemas/VisualStudio/TeamTest/2010", run.GetDefaultNamespace().NamespaceName);
        Assert.IsFalse(run.DescendantNodes().Any(node => node is XComment), "a comment breaks Azure Pipelines");
        foreach (var element in run.DescendantsAndSelf())
        {
            Assert.AreEqual("", element.GetPrefixOfNamespace(element.Name.Namespace) ?? "");
            foreach (var name in required.GetValueOrDefault(element.Name.LocalName) ?? [])
            {
                Assert.IsFalse(string.IsNullOrWhiteSpace(element.Attribute(name)?.Value), $"{element.Name.LocalName}@{name}");
            }

            foreach (var id in element.Attributes().Where(attribute => attribute.Name.LocalName is "id" or "testId" or "executionId" or "testListId" or "testType"))
            {
                Assert.AreEqual(Guid.ParseExact(id.Value, "D").ToString("D"), id.Value, "lower case, as strings are compared");
            }
        }

        foreach (var test in run.Descendants().Where(element => element.Name.LocalName == "UnitTest"))
        {
            Assert.AreEqual("TestMethod", test.Elements().Last().Name.LocalName);
            Assert.IsFalse(test.Elements().Any(element => element.Name.LocalName == "Properties"), "test-results-parser fails on them");
        }

        CollectionAssert.AllItemsAreUnique(run.Descendants().Where(element => element.Name.LocalName == "UnitTest").Select(test => test.Attribute("id")!.Value).ToArray());
        CollectionAssert.AreEquivalent(
            Results(run).Select(result => Text(result, "executionId")).ToArray(),
            run.Descendants().Where(element => element.Name.LocalName == "TestEntry").Select(entry => Text(entry, "executionId")).ToArray());
    }

    private static XElement Load(string file)
    {
        Assert.AreEqual((byte)'<', File.ReadAllBytes(file)[0], "UTF-8 without a mark");
        return XDocument.Load(file).Root!;
    }

    private static IEnumerable<XElement> Results(XElement run) => run.Descendants().Where(element => element.Name.LocalName == "UnitTestResult");

    private static XElement Definition(XElement run, XElement result) =>
        run.Descendants().Single(element => element.Name.LocalName == "UnitTest" && Text(element, "id") == Text(result, "testId"));

    private static string Text(XElement element, string attribute) => element.Attribute(attribute)!.Value;

    private static double Seconds(string duration) =>
        (int.Parse(duration[..2], CultureInfo.InvariantCulture) * 3600)
        + (int.Parse(duration[3..5], CultureInfo.InvariantCulture) * 60)
        + double.Parse(duration[6..], CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$")]
    private static partial Regex Iso();

    [GeneratedRegex(@"^\d\d:\d\d:\d\d(\.\d+)?$")]
    private static partial Regex Clock();

    [GeneratedRegex(@" in (.+):line (\d+)")]
    private static partial Regex Frame();
}
