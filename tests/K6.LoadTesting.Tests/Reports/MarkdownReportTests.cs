using System.Text;
using K6.LoadTesting.History;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Reports;

[TestClass]
public class MarkdownReportTests
{
    [TestMethod]
    public void A_failed_result_says_why_before_anything_else()
    {
        var lines = MarkdownReport.Render(SampleResult.Mixed()).Split('\n');

        Assert.AreEqual("## ❌ Shop.LoadTests: 1 of 2 load tests failed", lines[0]);
        Assert.AreEqual("k6 2.2.0, 40 s", lines[2]);
        Assert.AreEqual("- **checkout**: http\\_req\\_failed\\{scenario:checkout\\} rate = 0.0342, limit rate&lt;0.01 `KSDK0320` `Shop.LoadTests.csproj(14,5)`", lines[4]);
        Assert.Contains("| ❌ | `http_req_failed{scenario:checkout}` | `rate<0.01` | 3.42 % | 242 % above |", string.Join('\n', lines));
        Assert.Contains("| ⚠️ | `http_req_duration` | `p(95)<300` | 412 ms | 37 % above |", string.Join('\n', lines));
    }

    [TestMethod]
    public void What_changed_comes_first_and_what_is_worse_before_the_rest()
    {
        var changes = new[]
        {
            SampleResult.Change(RegressionVerdict.Ok) with { Statistic = "med", Change = -0.004, Actual = 99.6, Baseline = 100 },
            SampleResult.Change(RegressionVerdict.NoBaseline) with { Metric = "http_reqs", Statistic = "rate", Unit = "/s", MoreIsWorse = false, Baseline = null, Change = null, Noise = null, Detectable = null, Runs = 0 },
            SampleResult.Change(RegressionVerdict.Regressed) with { ActualAgain = 409 },
            SampleResult.Change(RegressionVerdict.NoBaseline) with { Metric = "none", Actual = null, Baseline = null, Change = null, Noise = null, Detectable = null },
        };

        var text = MarkdownReport.Render(SampleResult.Mixed() with { Tests = [SampleResult.Passed() with { Regressions = changes }] });

        Assert.Contains("""
            k6 2.2.0, 40 s

            ### What changed

            | | metric | before | now | change | noise | allowed | detectable |
            | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
            | ❌ not measured | `none` p(95) | – | not measured | – | – | +10 % | – |
            | ⚠️ worse | `http_req_duration` p(95) | 300 ms | 412 ms, again 409 ms | +37.5 % | 4.2 % | +10 % | +10 % |
            | ✅ no worse | `http_req_duration` med | 100 ms | 99.6 ms | -0.4 % | 4.2 % | +10 % | +10 % |
            | – no earlier runs | `http_reqs` rate | – | 412/s | – | – | -10 % | – |

            """, text);
        Assert.IsLessThan(text.IndexOf("KSDK0320", StringComparison.Ordinal), text.IndexOf("What changed", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Text_of_scripts_stays_text()
    {
        var nasty = "a|b `c` <img src=x> [x](http://y) *z* _w_ @team #12 ``d\u001b[31m\nnew line";
        var test = SampleResult.Passed() with
        {
            Checks = [new CheckResult(nasty, "", 1, 1)],
            Endpoints = [new EndpointResult(nasty, null, 1, 1, 0, new Dictionary<string, double>())],
            Errors = [new ErrorResult(nasty, 1, null, null, null, null, null)],
        };

        var text = MarkdownReport.Render(SampleResult.Create(test));

        var escaped = "a\\|b \\`c\\` &lt;img src=x&gt; \\[x\\](http://y) \\*z\\* \\_w\\_ \\@\u200bteam \\#\u200b12 \\`\\`d new line";
        Assert.Contains($"| {escaped} | 1 | 2 |", text);
        Assert.Contains($"| 1 | {escaped} |  |", text);
        Assert.Contains("| ``` a\\|b `c` <img src=x> [x](http://y) *z* _w_ @team #12 ``d new line ``` | 1 |", text);
        Assert.IsFalse(text.Any(character => char.IsControl(character) && character != '\n'));
    }

    [TestMethod]
    public void It_fits_a_comment_and_leaves_out_whole_parts()
    {
        var rows = Enumerable.Range(0, 100).Select(i => new EndpointResult($"GET /{new string('x', 150)}/{i}", null, 1, 1, 0, new Dictionary<string, double>())).ToList();
        var tests = Enumerable.Range(0, 40).Select(i => SampleResult.Passed() with { Name = $"test-{i}", Endpoints = rows, Thresholds = [SampleResult.Threshold("http_req_duration", "p(95)", "<", 500, 412)] });

        var text = MarkdownReport.Render(SampleResult.Create([.. tests]));

        Assert.IsLessThanOrEqualTo(MarkdownReport.MostBytes, Encoding.UTF8.GetByteCount(text));
        Assert.MatchesRegex(@"\*\d+ more parts do not fit here; loadtest\.html and loadtest\.json have all\.\*\n$", text);
        Assert.Contains("*70 more in loadtest.json.*", text);
        var tables = text.Split("\n\n").Where(block => block.StartsWith('|')).ToList();
        Assert.IsTrue(tables.TrueForAll(table => table.TrimEnd().Split('\n').All(row => row.StartsWith('|') && row.TrimEnd().EndsWith('|'))), "no table is cut");
    }

    [TestMethod]
    public void One_test_has_its_figures_instead_of_a_table_of_tests()
    {
        var text = MarkdownReport.Render(SampleResult.Create(SampleResult.Passed()));

        Assert.Contains("## ✅ Shop.LoadTests: browse passed", text);
        Assert.Contains("| requests | per second | p(95) | iterations |\n| ---: | ---: | ---: | ---: |\n| 2,400 | 80 | 412 ms | 1,200 |\n", text);
    }
}
