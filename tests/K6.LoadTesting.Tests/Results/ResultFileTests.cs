using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Reports.Html;
using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Reports;

namespace K6.LoadTesting.Tests.Results;

[TestClass]
public class ResultFileTests
{
    private readonly string file = Path.GetTempFileName();

    [TestCleanup]
    public void Cleanup() => File.Delete(file);

    [TestMethod]
    public void What_was_written_is_read_and_makes_the_same_page()
    {
        var result = LongRun.Failed(60, 3);
        LoadTestJson.Write(file, result);

        Assert.AreEqual(HtmlReport.Render(result), HtmlReport.Render(ResultFile.Read(file)));
    }

    [TestMethod]
    public void A_result_from_before_a_list_existed_reads_as_one_without_it()
    {
        File.WriteAllText(file, """
            {"schemaVersion":1,"verdict":"passed","runId":"0b9f5a54-5e1b-4f34-9d6e-9f1f4a0c7a11","project":"Shop","startTime":"2026-11-22T12:00:00Z","endTime":"2026-11-22T12:00:01Z",
             "machine":{"name":"m","operatingSystem":"Linux","architecture":"x64","cpus":1,"memoryBytes":1,"futureMember":[1]},
             "tests":[{"name":"browse","verdict":"passed","outcome":"completed","timeline":{"periodSeconds":1,"seconds":[1,2],"series":{"vus.value":[1]}}}]}
            """);

        var result = ResultFile.Read(file);

        Assert.IsEmpty(result.Tests[0].Endpoints);
        Assert.IsNull(result.Tests[0].Timeline, "columns of different lengths are no timeline");
        Assert.Contains("browse passed", HtmlReport.Render(result));
    }

    [TestMethod]
    [DataRow("", "KSDK0370")]
    [DataRow("{\"schemaVersion\":1,\"verdict\":\"pass", "KSDK0370")]
    [DataRow("[]", "KSDK0370")]
    [DataRow("{\"metrics\":{}}", "KSDK0370")]
    [DataRow("{\"schemaVersion\":0}", "KSDK0370")]
    [DataRow("{\"schemaVersion\":1}", "KSDK0370")]
    [DataRow("{\"schemaVersion\":2,\"somethingNew\":true}", "KSDK0371")]
    public void What_is_no_result_is_refused_with_a_code_and_the_file(string text, string code)
    {
        File.WriteAllText(file, text);

        var failure = Assert.ThrowsExactly<LoadTestException>(() => ResultFile.Read(file));

        Assert.AreEqual((code, file), (failure.Diagnostic.Code, failure.Diagnostic.Location!.File));
    }

    [TestMethod]
    public void A_result_that_is_not_there_is_told()
    {
        var failure = Assert.ThrowsExactly<LoadTestException>(() => ResultFile.Read(file + ".missing"));

        Assert.AreEqual("KSDK0370", failure.Diagnostic.Code);
        Assert.Contains("Run the load test first", failure.Message);
    }
}
