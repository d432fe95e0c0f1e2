using System.Globalization;
using System.Text;
using K6.LoadTesting.Tests;

namespace K6.Conformance.Tests;

/// <summary>
/// The table in docs/embedded-engine.md is made of the cases. To write it anew: <c>K6SDK_WRITE_CONFORMANCE=1 dotnet test tests/K6.Conformance.Tests --filter ConformancePageTests</c>.
/// </summary>
[TestClass]
public class ConformancePageTests
{
    private const string Begin = "<!-- conformance: begin, written by ConformancePageTests -->\n";
    private const string End = "<!-- conformance: end -->\n";

    private static string Page => Path.Combine(Repository.Root, "docs", "embedded-engine.md");

    [TestMethod]
    public void The_table_of_the_page_is_that_of_the_cases()
    {
        var text = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("K6SDK_WRITE_CONFORMANCE") == "1")
        {
            File.WriteAllText(Page, text[..from] + Table() + text[to..]);
            return;
        }

        Assert.AreEqual(Table(), text[from..to]);
    }

    [TestMethod]
    public void There_are_two_hundred_cases_and_more() => Assert.IsGreaterThan(200, ConformanceCase.All.Count);

    [TestMethod]
    public void Every_recording_belongs_to_a_case() => CollectionAssert.AreEqual(
        ConformanceCase.All.Select(c => c.ExpectedFile).Order(StringComparer.Ordinal).ToArray(),
        Directory.EnumerateFiles(ConformanceCase.Folder, "*.expected.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray());

    private static string Table()
    {
        var text = new StringBuilder();
        Line($"{ConformanceCase.All.Count} cases, recorded from k6 2.2.0:\n");
        Line($"| area | cases | the same | differs | missing |");
        Line($"| --- | --- | --- | --- | --- |");
        foreach (var area in ConformanceCase.All.GroupBy(c => c.Area, StringComparer.Ordinal))
        {
            Line($"| {area.Key} | {area.Count()} | {area.Count(c => c.Differing.Count == 0 && c.MissingCode is null)} | {area.Count(c => c.Differing.Count > 0)} | {area.Count(c => c.MissingCode is not null)} |");
        }

        Line($"\n| differs in | what | why |");
        Line($"| --- | --- | --- |");
        foreach (var one in ConformanceCase.All.Where(c => c.Differing.Count > 0))
        {
            Line($"| {one.Name} | {string.Join(", ", one.Differing)} | {one.Reason} |");
        }

        Line($"\n| missing | code |");
        Line($"| --- | --- |");
        foreach (var one in ConformanceCase.All.Where(c => c.MissingCode is not null))
        {
            Line($"| {one.Reason} | {one.MissingCode} |");
        }

        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
