using System.Text;
using K6.Embedded.Tests;

namespace K6.Conformance.Tests;

/// <summary>
/// The embedded engine does what real k6 2.2.0 was recorded to do; where k6 is on PATH, it still does that.
/// To record: <c>K6SDK_RECORD=1 dotnet test tests/K6.Conformance.Tests</c> (<c>new</c> instead of 1 for cases without a recording, or a part of their names).
/// </summary>
[TestClass]
public class ConformanceTests
{
    private static readonly string? Recorded = Environment.GetEnvironmentVariable("K6SDK_RECORD");

    public static IEnumerable<object[]> Cases => ConformanceCase.All.Select(c => new object[] { c.Name });

    public static IEnumerable<object[]> Areas => ConformanceCase.All.Select(c => c.Area).Distinct().Select(area => new object[] { area });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void The_embedded_engine_does_what_k6_was_recorded_to_do(string name)
    {
        var @case = ConformanceCase.All.Single(c => c.Name == name);
        if (Recorded is { Length: > 0 } && (Recorded == "1" || (Recorded == "new" ? !File.Exists(@case.ExpectedFile) : name.Contains(Recorded, StringComparison.Ordinal))))
        {
            Record(@case);
            return;
        }

        Assert.IsTrue(File.Exists(@case.ExpectedFile), "not recorded: K6SDK_RECORD=new dotnet test tests/K6.Conformance.Tests");
        var expectation = Observation.ReadExpectation(@case.ExpectedFile);
        var expected = expectation.Embedded ?? expectation.K6;
        if (Mismatch(@case, expected, () => CaseRunner.OnEmbedded(@case)) is { } difference)
        {
            Assert.Fail($"- as recorded, + as the embedded engine does it\n{difference}");
        }

        // What is called a difference is one, and is called by the parts that differ.
        CollectionAssert.AreEqual(
            @case.Differing.Order(StringComparer.Ordinal).ToArray(),
            @case.MissingCode is null ? Observation.DifferingParts(expectation.K6, expected).ToArray() : [],
            "the parts that @differs names");
        if (@case.MissingCode is { } code)
        {
            StringAssert.Contains(string.Join('\n', expected.Log ?? []), code);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Areas))]
    public void The_recording_is_what_k6_does(string area)
    {
        RealK6.Need();
        if (Recorded is { Length: > 0 })
        {
            Assert.Inconclusive("recording");
        }

        var stale = new StringBuilder();
        Parallel.ForEach(ConformanceCase.All.Where(c => c.Area == area), new ParallelOptions { MaxDegreeOfParallelism = 2 }, @case =>
        {
            // k6 runs its maps in any order and races with itself in places; one of six tries must be as recorded.
            if (Mismatch(@case with { IsTimed = true }, Observation.ReadExpectation(@case.ExpectedFile).K6, () => CaseRunner.OnK6(@case)) is { } difference)
            {
                lock (stale)
                {
                    stale.AppendLine(@case.Name).AppendLine(difference);
                }
            }
        });
        Assert.AreEqual("", stale.ToString(), "- as recorded, + as k6 does it now");
    }

    private static void Record(ConformanceCase @case)
    {
        RealK6.Need();
        var k6 = CaseRunner.OnK6(@case);
        if (Observation.Difference(k6, CaseRunner.OnK6(@case)) is { Length: > 0 } difference)
        {
            Assert.Fail("k6 differs from itself: ignore the part, or name what varies\n" + difference);
        }

        Assert.IsFalse(k6.Log?.Any(line => line.Contains("goroutine ", StringComparison.Ordinal)) == true, "k6 itself fails here: leave it out\n" + string.Join('\n', k6.Log ?? []));
        var isDifferent = @case.Differing.Count > 0 || @case.MissingCode is not null;
        Observation.Write(@case.ExpectedFile, new Expectation(k6, isDifferent ? CaseRunner.OnEmbedded(@case) : null));
    }

    /// <summary>A timed case gets further tries: the machine may have been busy.</summary>
    private static string? Mismatch(ConformanceCase @case, Observation expected, Func<Observation> run)
    {
        for (var attempt = 1; ; attempt++)
        {
            var difference = Observation.Difference(expected, run());
            if (difference.Length == 0 || attempt == (@case.IsTimed ? 6 : 1))
            {
                return difference.Length == 0 ? null : difference;
            }
        }
    }
}
