using K6.LoadTesting.Reports;

namespace K6.LoadTesting.Tests.Reports;

[TestClass]
public sealed class FiguresTests
{
    [TestMethod]
    [DataRow(612.4, "<", 500.0, "+22 %")]
    [DataRow(125.0, "<", 500.0, "-75 %")]
    [DataRow(0.98, ">", 0.99, "-1 %")]
    [DataRow(10.95, "<", 0.001, "10950 times the limit")]
    [DataRow(5000.0, "<", 500.0, "10 times the limit")]
    [DataRow(3.0, "<", 0.0, "")]
    [DataRow(3.0, "==", 4.0, "")]
    public void A_margin_is_a_share_of_the_limit_or_a_multiple_where_that_reads_better(double actual, string comparison, double limit, string expected)
    {
        var threshold = SampleResult.Threshold("http_req_duration", "p(95)", comparison, limit, actual);

        Assert.AreEqual(expected, Figures.Margin(threshold));
    }

    [TestMethod]
    public void Lengths_of_time_have_the_unit_that_fits()
    {
        CollectionAssert.AreEqual(
            new[] { "850 ms", "31.3 s", "5m 12s", "1h 02m" },
            new[] { 0.85, 31.25, 312, 3725 }.Select(Figures.Duration).ToArray());
    }
}
