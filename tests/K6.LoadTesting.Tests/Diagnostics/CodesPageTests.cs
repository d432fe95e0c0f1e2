using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Diagnostics;

/// <summary><c>docs/codes.md</c> and <see cref="Rules"/> say the same.</summary>
[TestClass]
public sealed partial class CodesPageTests
{
    // The embedded engine's codes (07xx) are held against its own table by its tests.
    private static readonly IReadOnlyList<(string Code, string Severity)> Rows =
        [.. File.ReadLines(Path.Combine(Repository.Root, "docs", "codes.md"))
            .Select(line => Row().Match(line))
            .Where(match => match.Success && !match.Groups["code"].Value.StartsWith("KSDK07", StringComparison.Ordinal))
            .Select(match => (match.Groups["code"].Value, match.Groups["severity"].Value))];

    [TestMethod]
    public void Every_rule_has_exactly_one_row_and_no_row_lacks_a_rule() =>
        Assert.AreEqual(
            string.Join('\n', Rules.All.Select(rule => rule.Code)),
            string.Join('\n', Rows.Select(row => row.Code)),
            "docs/codes.md has a row for each rule, sorted by code");

    [TestMethod]
    public void The_severities_agree() =>
        Assert.AreEqual(
            string.Join('\n', Rules.All.Select(rule => $"{rule.Code} {rule.Severity.ToString().ToLowerInvariant()}")),
            string.Join('\n', Rows.Select(row => $"{row.Code} {row.Severity}")));

    [TestMethod]
    public void A_code_is_letters_then_four_digits_and_used_once()
    {
        Assert.IsTrue(Rules.All.All(rule => Code().IsMatch(rule.Code)));
        Assert.HasCount(Rules.All.Count, Rules.All.DistinctBy(rule => rule.Code));
    }

    [GeneratedRegex(@"^\|\s*(?:<a [^>]*></a>\s*)?`?(?<code>KSDK[0-9]+)`?\s*\|\s*(?<severity>[a-z]+)\s*\|")]
    private static partial Regex Row();

    [GeneratedRegex("^KSDK[0-9]{4}\\z")]
    private static partial Regex Code();
}
