using System.Globalization;
using System.Text;
using K6.LoadTesting.Tests;

namespace K6.Faults.Tests;

/// <summary>The table in docs/reliability.md is made of the faults. To write it anew: <c>K6SDK_WRITE_RELIABILITY=1 dotnet test tests/K6.Faults.Tests --filter ReliabilityPageTests</c>.</summary>
[TestClass]
public sealed class ReliabilityPageTests
{
    private const string Begin = "<!-- faults: begin, written by ReliabilityPageTests -->\n";
    private const string End = "<!-- faults: end -->\n";

    [TestMethod]
    public void The_table_of_the_page_is_that_of_the_faults()
    {
        var page = Path.Combine(Repository.Root, "docs", "reliability.md");
        var text = File.ReadAllText(page).ReplaceLineEndings("\n");
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("K6SDK_WRITE_RELIABILITY") == "1")
        {
            File.WriteAllText(page, text[..from] + Table() + text[to..]);
            return;
        }

        Assert.AreEqual(Table(), text[from..to]);
    }

    private static string Table()
    {
        var table = new StringBuilder("| phase | what happens | a round | outcome |\n| --- | --- | --- | --- |\n");
        foreach (var fault in FaultCases.All)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {fault.Phase} | {fault.Fault} | {fault.Times} | {fault.Outcome} |\n");
        }

        return table.ToString();
    }
}
