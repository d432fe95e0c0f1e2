using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Reports;

[TestClass]
public class VerdictTextTests
{
    [TestMethod]
    public void The_verdict_is_a_few_lines_failed_tests_and_thresholds_first()
    {
        var lines = VerdictText.Render(SampleResult.Mixed());

        Assert.AreEqual(
            """
            Shop.LoadTests: 1 of 2 load tests failed (k6 2.2.0, 40 s)
            FAILED checkout  25h 00m, k6 2.2.0
              1200 iterations, 2400 requests, 80.01/s, p(95) 412.4 ms
              x  http_req_failed{scenario:checkout} rate = 0.0342 (719 of 21034), limit rate<0.01 (+242 %)
              x  checks rate has no samples, limit rate>0.99
              x  KSDK0332 3 exceptions in iterations of scenario checkout: TypeError: x
              !  http_req_duration p(95) = 412.4 ms, limit p(95)<300 (+37 %)
              ok http_req_duration p(95) = 412.4 ms, limit p(95)>1 (412 times the limit)
              1 of 1 check failed; most: paid (9 of 10)
            PASSED browse  31.3 s, k6 2.2.0
              1200 iterations, 2400 requests, 80.01/s, p(95) 412.4 ms
              ok http_req_duration p(95) = 412.4 ms, limit p(95)<500 (-18 %)
              1 of 2 checks failed; most: has price \u0001 \ud800 ]]> 🛒 (3 of 100)
            """,
            string.Join('\n', lines));
    }

    [TestMethod]
    public void A_test_with_many_thresholds_keeps_to_its_lines_and_columns()
    {
        var many = SampleResult.Passed() with
        {
            Thresholds = [.. Enumerable.Range(0, 40).Select(i =>
                SampleResult.Threshold($"http_req_duration{{name:{new string('n', 90)}{i}}}", "p(95)", "<", 500, 412.37) with
                {
                    Verdict = i == 39 ? ThresholdVerdict.Failed : ThresholdVerdict.Passed,
                    Reported = i == 39 ? DiagnosticSeverity.Error : null,
                })],
            Checks = [new CheckResult("is 200", "", 1, 0)],
        };

        var lines = VerdictText.Render(many, null, []);

        Assert.HasCount(12, lines);
        Assert.IsTrue(lines.All(line => line.Length <= 100));
        Assert.StartsWith("  x  http_req_duration{name:", lines[2]);
        Assert.AreEqual("  … 32 more in loadtest.json", lines[10]);
        Assert.AreEqual("  1 check held", lines[11]);
    }

    [TestMethod]
    public void Errors_outside_of_the_tests_come_before_them()
    {
        var lines = VerdictText.Render(SampleResult.Create() with
        {
            Diagnostics = [new ReportedDiagnostic("KSDK0501", DiagnosticSeverity.Error, "Shop.Api does not start.", null, null, null, null)],
        });

        CollectionAssert.AreEqual(new[] { "Shop.LoadTests: no load test ran (k6 2.2.0, 40 s)", "  x KSDK0501 Shop.Api does not start." }, lines.ToArray());
    }

    [TestMethod]
    [DataRow(612.4321, "612.4")]
    [DataRow(0.0342, "0.0342")]
    [DataRow(12345.678, "12346")]
    [DataRow(-0.5, "-0.5")]
    [DataRow(0, "0")]
    [DataRow(0.000012, "0.000012")]
    [DataRow(1e-20, "1e-20")]
    [DataRow(99.99999, "100")]
    public void Numbers_have_four_digits(double value, string text) => Assert.AreEqual(text, Figures.Number(value));

    [TestMethod]
    public void A_value_close_to_its_limit_is_told_apart_from_it() =>
        Assert.AreEqual("p(95) = 500.00004 ms", Figures.Actual(SampleResult.Threshold("x", "p(95)", "<", 500, 500.00004)));

    [TestMethod]
    [DataRow(0.85, "850 ms")]
    [DataRow(31.25, "31.3 s")]
    [DataRow(312.9, "5m 12s")]
    [DataRow(3725, "1h 02m")]
    public void Lengths_of_time_are_short(double seconds, string text) => Assert.AreEqual(text, Figures.Duration(seconds));
}
