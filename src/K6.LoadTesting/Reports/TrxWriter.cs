using System.Globalization;
using System.Xml.Linq;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports;

/// <summary>
/// Writes a result as TRX, the format of <c>dotnet test</c>: valid under its schema, and in the one shape that Azure Pipelines,
/// GitHub's test reporters, Jenkins and converters to JUnit all read right (docs/results.md says why each detail is so).
/// </summary>
internal static class TrxWriter
{
    private const string UnitTestType = "13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b";
    private const string NotInAList = "8c84fa94-04c1-424b-9868-57a2d4851a1d";
    private const string AllLoaded = "19431567-8539-422a-85d7-44ee4e166bda";

    // Not the name of a test, which has no dot: the folder cannot collide with a test's own.
    internal const string AttachmentsFolder = "loadtest.attachments";

    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
    private static readonly Guid Space = new("5b1f0c5e-7a5c-4c43-9d0a-0c6b3e1f2a70");
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1) - TimeSpan.FromTicks(1);

    /// <summary>Writes the file, and copies of its attachments into <c>loadtest.attachments/In</c> beside it.</summary>
    /// <param name="result">The result.</param>
    /// <param name="file">Absolute path of the file, in the folder of results.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(LoadTestResult result, string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var machine = PlainText.OneLine(result.Machine.Name);
        var project = NameBasedGuid.Create(Space, result.Project);
        var tests = TestCase.Of(result).Select(test =>
        {
            var id = NameBasedGuid.Create(project, $"{test.ClassName}|{test.Name}");
            return (Test: test, Id: Text(id), Execution: Text(NameBasedGuid.Create(result.RunId, Text(id))));
        }).ToList();

        var document = new XDocument(
            new XElement(
                Trx + "TestRun",
                new XAttribute("id", Text(result.RunId)),
                new XAttribute("name", PlainText.OneLine($"{result.Project} {Time(result.StartTime)}")),
                new XElement(
                    Trx + "Times",
                    new XAttribute("creation", Time(result.StartTime)),
                    new XAttribute("queuing", Time(result.StartTime)),
                    new XAttribute("start", Time(result.StartTime)),
                    new XAttribute("finish", Time(result.EndTime))),
                new XElement(
                    Trx + "TestSettings",
                    new XAttribute("name", "default"),
                    new XAttribute("id", Text(NameBasedGuid.Create(project, "settings"))),
                    new XElement(Trx + "Deployment", new XAttribute("runDeploymentRoot", AttachmentsFolder))),
                new XElement(Trx + "Results", tests.Select(one => Result(one.Test, one.Id, one.Execution, machine, folder))),
                new XElement(Trx + "TestDefinitions", tests.Select(one => Definition(one.Test, one.Id, one.Execution, result.ProjectFile ?? result.Project))),
                new XElement(Trx + "TestEntries", tests.Select(one => new XElement(
                    Trx + "TestEntry",
                    new XAttribute("testId", one.Id),
                    new XAttribute("executionId", one.Execution),
                    new XAttribute("testListId", NotInAList)))),
                new XElement(
                    Trx + "TestLists",
                    List("Results Not in a List", NotInAList),
                    List("All Loaded Results", AllLoaded)),
                Summary(result, [.. tests.Select(one => one.Test.Outcome)], machine, folder)));

        Xml.Write(file, document);
    }

    private static XElement Result(TestCase test, string id, string execution, string machine, string folder)
    {
        var duration = test.Duration > Longest ? Longest : test.Duration < TimeSpan.Zero ? TimeSpan.Zero : test.Duration;
        var output = test.Duration > Longest ? $"{test.Output}\ntrue length: {test.Duration.ToString("c", CultureInfo.InvariantCulture)}" : test.Output;
        return new XElement(
            Trx + "UnitTestResult",
            new XAttribute("executionId", execution),
            new XAttribute("testId", id),
            new XAttribute("testName", test.Name),
            new XAttribute("computerName", machine),
            new XAttribute("duration", duration.ToString(@"hh\:mm\:ss\.fffffff", CultureInfo.InvariantCulture)),
            new XAttribute("startTime", Time(test.Start)),
            new XAttribute("endTime", Time(test.Start + duration)),
            new XAttribute("testType", UnitTestType),
            new XAttribute("outcome", test.Outcome),
            new XAttribute("testListId", NotInAList),
            new XAttribute("relativeResultsDirectory", execution),
            new XElement(
                Trx + "Output",
                output.Length == 0 ? null : new XElement(Trx + "StdOut", PlainText.Clean(output)),
                test.Message is null ? null : new XElement(
                    Trx + "ErrorInfo",
                    new XElement(Trx + "Message", PlainText.Clean(test.Message)),
                    test.Outcome == CaseOutcome.Failed ? new XElement(Trx + "StackTrace", PlainText.Clean(test.Frame)) : null)),
            ResultFiles(test.Files, execution, machine, folder));
    }

    private static XElement? ResultFiles(IReadOnlyList<string> files, string execution, string machine, string folder)
    {
        var attached = files.Select(file => Attach(file, folder, Path.Combine("In", execution), machine)).OfType<string>().ToList();
        return attached.Count == 0
            ? null
            : new XElement(Trx + "ResultFiles", attached.Select(path => new XElement(Trx + "ResultFile", new XAttribute("path", path))));
    }

    // No Properties: the schema has them, no reader shows them, and one (test-results-parser 0.4.6) fails on them.
    private static XElement Definition(TestCase test, string id, string execution, string storage) => new(
        Trx + "UnitTest",
        new XAttribute("name", test.Name),
        new XAttribute("storage", PlainText.OneLine(storage)),
        new XAttribute("id", id),
        new XElement(
            Trx + "TestCategory",
            new XElement(Trx + "TestCategoryItem", new XAttribute("TestCategory", "k6")),
            new XElement(Trx + "TestCategoryItem", new XAttribute("TestCategory", test.Category))),
        new XElement(Trx + "Execution", new XAttribute("id", execution)),
        new XElement(
            Trx + "TestMethod",
            new XAttribute("codeBase", PlainText.OneLine(storage)),
            new XAttribute("adapterTypeName", "executor://k6sdk/v1"),
            new XAttribute("className", test.ClassName),
            new XAttribute("name", test.Name)));

    private static XElement List(string name, string id) =>
        new(Trx + "TestList", new XAttribute("name", name), new XAttribute("id", id));

    private static XElement Summary(LoadTestResult result, IReadOnlyList<CaseOutcome> outcomes, string machine, string folder)
    {
        var passed = outcomes.Count(outcome => outcome == CaseOutcome.Passed);
        var failed = outcomes.Count(outcome => outcome == CaseOutcome.Failed);
        var counters = new (string Name, int Value)[]
        {
            ("total", outcomes.Count), ("executed", passed + failed), ("passed", passed), ("failed", failed), ("error", 0), ("timeout", 0),
            ("aborted", 0), ("inconclusive", 0), ("passedButRunAborted", 0), ("notRunnable", 0), ("notExecuted", outcomes.Count - passed - failed),
            ("disconnected", 0), ("warning", 0), ("completed", 0), ("inProgress", 0), ("pending", 0),
        };
        var attached = Attach("loadtest.json", folder, "In", machine);
        return new XElement(
            Trx + "ResultSummary",
            new XAttribute("outcome", failed > 0 ? "Failed" : "Completed"),
            new XElement(Trx + "Counters", counters.Select(counter => new XAttribute(counter.Name, counter.Value))),
            new XElement(Trx + "Output", new XElement(Trx + "StdOut", PlainText.Clean(string.Join('\n', VerdictText.Render(result))))),
            attached is null ? null : new XElement(
                Trx + "CollectorDataEntries",
                new XElement(
                    Trx + "Collector",
                    new XAttribute("agentName", machine),
                    new XAttribute("uri", "datacollector://k6sdk/results/1.0"),
                    new XAttribute("collectorDisplayName", "K6.Sdk results"),
                    new XElement(
                        Trx + "UriAttachments",
                        new XElement(Trx + "UriAttachment", new XElement(Trx + "A", new XAttribute("href", attached)))))));
    }

    // Where Azure Pipelines looks: In/<execution>/<machine>/file, named without the parts before the machine, with forward slashes.
    private static string? Attach(string file, string folder, string below, string machine)
    {
        var source = Path.Combine(folder, file);
        if (!File.Exists(source))
        {
            return null;
        }

        var target = Directory.CreateDirectory(Path.Combine(folder, AttachmentsFolder, below, machine)).FullName;
        File.Copy(source, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        return $"{machine}/{Path.GetFileName(file)}";
    }

    private static string Text(Guid id) => id.ToString("D");

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
