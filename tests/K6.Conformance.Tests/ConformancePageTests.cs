using System.Globalization;
using System.Text;
using K6.Conformance.Tests.SideBySide;
using K6.LoadTesting.Tests;

namespace K6.Conformance.Tests;

/// <summary>
/// The tables in docs/embedded-engine.md are made of the cases and of the loads. To write them anew: <c>K6SDK_WRITE_CONFORMANCE=1 dotnet test tests/K6.Conformance.Tests --filter ConformancePageTests</c>.
/// </summary>
[TestClass]
public class ConformancePageTests
{
    private static readonly Lock Writing = new();

    private static string Page => Path.Combine(Repository.Root, "docs", "embedded-engine.md");

    [TestMethod]
    public void The_table_of_the_page_is_that_of_the_cases() => IsOnThePage("conformance", Cases());

    [TestMethod]
    public void The_table_of_the_page_is_that_of_the_loads() => IsOnThePage("side by side", Loads());

    [TestMethod]
    public void There_are_two_hundred_cases_and_more() => Assert.IsGreaterThan(200, ConformanceCase.All.Count);

    [TestMethod]
    public void Every_recording_belongs_to_a_case() => CollectionAssert.AreEqual(
        ConformanceCase.All.Select(c => c.ExpectedFile).Order(StringComparer.Ordinal).ToArray(),
        Directory.EnumerateFiles(ConformanceCase.Folder, "*.expected.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray());

    private static void IsOnThePage(string part, string table)
    {
        var (begin, end) = ($"<!-- {part}: begin, written by ConformancePageTests -->\n", $"<!-- {part}: end -->\n");
        lock (Writing)
        {
            var text = File.ReadAllText(Page).ReplaceLineEndings("\n");
            var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal) + begin.Length, text.IndexOf(end, StringComparison.Ordinal));
            if (Environment.GetEnvironmentVariable("K6SDK_WRITE_CONFORMANCE") == "1")
            {
                File.WriteAllText(Page, text[..from] + table + text[to..]);
                return;
            }

            Assert.AreEqual(table, text[from..to]);
        }
    }

    private static string Loads()
    {
        var text = new StringBuilder("| load | what | held to |\n| --- | --- | --- |\n");
        var recorded = RecordedBands.Read();
        foreach (var load in Load.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {load.Name} | {load.Says} | {HeldTo(load)} |\n");
        }

        return text.ToString();

        string HeldTo(Load load) => load.Rule switch
        {
            Rule.Exact => "exact",
            Rule.Schedule => $"{load.Arrivals!.Due().Count.ToString(CultureInfo.InvariantCulture)} due; within one, and on time",
            Rule.Band => "k6: " + string.Join(", ", recorded.Loads[load.Name].Select(c => $"{c.Key} {Range(c.Value)}")),
            _ => "p50 within 1 ms or 5 %, p95 within 2 ms or 10 %",
        };

        static string Range(double[] counts) => counts.Min() == counts.Max() ? Number(counts[0]) : $"{Number(counts.Min())} to {Number(counts.Max())}";

        static string Number(double count) => count.ToString(CultureInfo.InvariantCulture);
    }

    private static string Cases()
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
