using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports;

/// <summary>
/// Writes a result as JUnit XML, in the one shape that is valid under both schemas of Jenkins and read by GitLab, GitHub's test reporters and Azure Pipelines:
/// no properties in a test case, no reason on <c>skipped</c>, counts on every suite (docs/ci-surfaces.md).
/// </summary>
internal static class JUnitWriter
{
    /// <summary>Writes the file aside and moves it into place.</summary>
    /// <param name="result">The result.</param>
    /// <param name="file">Absolute path of the file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(LoadTestResult result, string file)
    {
        var suites = TestCase.Of(result).GroupBy(test => test.ClassName).Select(group => Suite(result, group.Key, [.. group])).ToList();
        var all = new XElement(
            "testsuites",
            new XAttribute("name", PlainText.OneLine(result.Project)),
            Sum("tests"),
            Sum("failures"),
            new XAttribute("errors", 0),
            new XAttribute("time", Seconds(TestCase.Of(result).Sum(test => test.Duration.TotalSeconds))),
            suites);
        Xml.Write(file, new XDocument(all));

        XAttribute Sum(string name) => new(name, suites.Sum(suite => (int)suite.Attribute(name)!));
    }

    private static XElement Suite(LoadTestResult result, string name, IReadOnlyList<TestCase> tests) => new(
        "testsuite",
        new XAttribute("name", name),
        new XAttribute("tests", tests.Count),
        new XAttribute("failures", tests.Count(test => test.Outcome == CaseOutcome.Failed)),
        new XAttribute("errors", 0),
        new XAttribute("skipped", tests.Count(test => test.Outcome == CaseOutcome.NotExecuted)),
        new XAttribute("time", Seconds(tests.Sum(test => test.Duration.TotalSeconds))),
        new XAttribute("timestamp", tests[0].Start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)),
        new XAttribute("hostname", PlainText.OneLine(result.Machine.Name)),
        new XElement(
            "properties",
            Property("engine", VerdictText.EngineName(result.Engine)),
            Property("commit", result.Commit?.Sha)),
        tests.Select(Case));

    private static XElement? Property(string name, string? value) =>
        value is null ? null : new XElement("property", new XAttribute("name", name), new XAttribute("value", PlainText.OneLine(value)));

    private static XElement Case(TestCase test) => new(
        "testcase",
        new XAttribute("name", test.Name),
        new XAttribute("classname", test.ClassName),
        new XAttribute("time", Seconds(test.Duration.TotalSeconds)),
        test.Outcome switch
        {
            CaseOutcome.Failed => new XElement(
                "failure",
                new XAttribute("message", PlainText.Fit(PlainText.OneLine(test.Message ?? ""), 500)),
                new XAttribute("type", $"k6.{test.Category}"),
                PlainText.Clean($"{test.Message}\n{test.Frame}")),
            CaseOutcome.NotExecuted => new XElement("skipped"),
            _ => null,
        },
        Output(test) is { Length: > 0 } output ? new XElement("system-out", PlainText.Clean(output)) : null);

    // The reason of a skipped test: the schemas have no message on skipped.
    private static string Output(TestCase test) =>
        test is { Outcome: CaseOutcome.NotExecuted, Message: { } why } ? $"{why}\n{test.Output}".TrimEnd() : test.Output;

    private static string Seconds(double seconds) => seconds.ToString("0.000", CultureInfo.InvariantCulture);
}

/// <summary>XML as every reader takes it: UTF-8 without a mark, indented, line breaks kept.</summary>
internal static class Xml
{
    /// <summary>Writes aside and moves into place.</summary>
    public static void Write(string file, XDocument document)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var aside = $"{file}.{Environment.ProcessId}.tmp";
        using (var writer = XmlWriter.Create(aside, new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            NewLineChars = "\n",
            NewLineHandling = NewLineHandling.Entitize,
        }))
        {
            document.Save(writer);
        }

        File.Move(aside, file, overwrite: true);
    }
}
