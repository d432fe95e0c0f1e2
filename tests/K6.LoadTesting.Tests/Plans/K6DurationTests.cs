using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class K6DurationTests
{
    [TestMethod]
    [DataRow("30s", 30_000)]
    [DataRow("1m30s", 90_000)]
    [DataRow("1.5h", 5_400_000)]
    [DataRow(".5s", 500)]
    [DataRow("5.s", 5_000)]
    [DataRow("+5s", 5_000)]
    [DataRow("-5s", -5_000)]
    [DataRow("1d12h", 129_600_000)]
    [DataRow("2d1.5h", 178_200_000)]
    [DataRow("1d", 86_400_000)]
    [DataRow("1us5s", 5_000.001)]
    [DataRow("1µs5s", 5_000.001)]
    [DataRow("1μs5s", 5_000.001)]
    [DataRow("5000000ns", 5)]
    [DataRow("0", 0)]
    [DataRow("5", 5)]
    [DataRow("5.5", 5.5)]
    [DataRow("1e4", 10_000)]
    [DataRow("1_000", 1_000)]
    public void A_duration_is_read_as_k6_reads_it(string text, double milliseconds)
    {
        Assert.IsTrue(K6Duration.TryParse(text, out var duration));
        Assert.AreEqual(milliseconds, duration.TotalMilliseconds);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("")]
    [DataRow("10 s")]
    [DataRow(" 5s")]
    [DataRow("5min")]
    [DataRow("5S")]
    [DataRow("1w")]
    [DataRow("1.5d")]
    [DataRow("1h1d")]
    [DataRow("1d1d")]
    [DataRow("1d 2h")]
    [DataRow("d")]
    [DataRow("s")]
    [DataRow("-")]
    [DataRow("00:00:30")]
    [DataRow("9223372037s")]
    [DataRow("Inf")]
    [DataRow("NaN")]
    public void What_k6_refuses_is_refused(string? text) => Assert.IsFalse(K6Duration.TryParse(text, out _));

    [TestMethod]
    [DataRow("0s", "0s")]
    [DataRow("90s", "1m30s")]
    [DataRow("3600s", "1h")]
    [DataRow("1d1h1s", "25h1s")]
    [DataRow("2500ms", "2.5s")]
    [DataRow("1m0.25s", "1m0.25s")]
    [DataRow("500", "500ms")]
    [DataRow("1.5ms", "1.5ms")]
    [DataRow("20us", "20us")]
    [DataRow("-90s", "-1m30s")]
    public void A_duration_is_written_in_its_largest_units_and_reads_back(string text, string written)
    {
        var duration = K6Duration.Parse(text);

        Assert.AreEqual(written, K6Duration.Format(duration));
        Assert.AreEqual(duration, K6Duration.Parse(written));
    }

    [TestMethod]
    public void Only_a_bare_number_has_no_unit()
    {
        Assert.IsTrue(K6Duration.IsUnitless("30"));
        Assert.IsFalse(K6Duration.IsUnitless("30s"));
    }
}
