using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Reports;

[TestClass]
public class TrxWriterTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("k6sdk trx ü-").FullName;

    private string TrxFile => Path.Combine(folder, "loadtest.trx");

    [TestCleanup]
    public void Cleanup() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Every_reader_reads_the_same_tests_and_outcomes()
    {
        Write(SampleResult.Mixed());

        TrxReaders.Schema(TrxFile);
        TrxReaders.Liquid(TrxFile);
        var azure = TrxReaders.Azure(TrxFile);
        CollectionAssert.AreEqual(
            new[]
            {
                "Shop.LoadTests.browse.Run | browse | Passed",
                "Shop.LoadTests.browse.Thresholds | http_req_duration p(95) | Passed",
                "Shop.LoadTests.browse.Checks | is 200 | Passed",
                "Shop.LoadTests.browse.Checks | page > top > has price \\u0001 \\ud800 ]]> 🛒 | NotExecuted",
                "Shop.LoadTests.checkout.Run | checkout | Failed",
                "Shop.LoadTests.checkout.Thresholds | http_req_failed{scenario:checkout} rate | Failed",
                "Shop.LoadTests.checkout.Thresholds | http_req_duration p(95) | NotExecuted",
                "Shop.LoadTests.checkout.Thresholds | checks rate | Failed",
                "Shop.LoadTests.checkout.Thresholds | http_req_duration p(95) #2 | Passed",
                "Shop.LoadTests.checkout.Checks | paid | Failed",
            },
            azure.Select(test => $"{test.Class} | {test.Title} | {test.Outcome}").ToArray());
        CollectionAssert.AreEqual(azure.Select(test => test.Outcome).ToArray(), TrxReaders.Dorny(TrxFile).Select(test => test.Outcome).ToArray());
        var junit = TrxReaders.Trx2Junit(TrxFile);
        CollectionAssert.AreEqual(azure.Select(test => test.Outcome).ToArray(), junit.Select(test => test.Outcome).ToArray());
        Assert.AreEqual("http_req_duration p(95)", junit[1].Title, "no dot stands before its parenthesis");
    }

    [TestMethod]
    public void Failures_point_at_their_places()
    {
        Write(SampleResult.Mixed());

        var failed = TrxReaders.Dorny(TrxFile).Where(test => test.Outcome == "Failed").ToDictionary(test => test.Title);

        Assert.AreEqual(("/src/Shop.LoadTests/checkout.ts", 31), (failed["checkout"].File, failed["checkout"].Line));
        Assert.Contains("KSDK0332: 3 exceptions", failed["checkout"].Error!);
        var rate = failed["http_req_failed{scenario:checkout} rate"];
        Assert.AreEqual((SampleResult.ProjectFile, 14), (rate.File, rate.Line));
        Assert.AreEqual("http_req_failed{scenario:checkout} rate = 0.0342 (719 of 21034), limit rate<0.01 (+242 %). Ask Payments.", rate.Error);
        Assert.AreEqual((SampleResult.ProjectFile, 1), (failed["checks rate"].File, failed["checks rate"].Line));
    }

    [TestMethod]
    public void Only_runs_take_time_and_a_day_or_more_is_clamped()
    {
        Write(SampleResult.Mixed());

        var azure = TrxReaders.Azure(TrxFile);

        Assert.AreEqual(31.25, azure[0].Seconds);
        Assert.AreEqual(86400, azure[4].Seconds, 0.001);
        Assert.AreEqual(86400 + 31.25, TrxReaders.EnricoSeconds(TrxFile), 0.001);
        Assert.Contains("true length: 1.01:00:00", File.ReadAllText(TrxFile));
    }

    [TestMethod]
    public void Names_survive_another_limit_and_another_value()
    {
        Write(SampleResult.Create(SampleResult.Passed() with { Thresholds = [SampleResult.Threshold("http_req_duration", "p(95)", "<", 500, 412.37)] }));
        var before = TrxReaders.Azure(TrxFile);
        var ids = TestIds();
        Write(SampleResult.Create(SampleResult.Passed() with { Thresholds = [SampleResult.Threshold("http_req_duration", "p(95)", "<", 450, 399)] }) with { RunId = Guid.NewGuid() });

        CollectionAssert.AreEqual(before.Select(test => test.Title).ToArray(), TrxReaders.Azure(TrxFile).Select(test => test.Title).ToArray());
        CollectionAssert.AreEqual(ids, TestIds());
    }

    [TestMethod]
    public void The_same_result_gives_the_same_file()
    {
        Write(SampleResult.Mixed());
        var first = File.ReadAllBytes(TrxFile);
        Write(SampleResult.Mixed());

        CollectionAssert.AreEqual(first, File.ReadAllBytes(TrxFile));
    }

    [TestMethod]
    public void Summary_and_log_of_a_run_are_attached_where_readers_look_and_samples_are_not()
    {
        Directory.CreateDirectory(Path.Combine(folder, "checkout"));
        foreach (var file in new[] { "loadtest.json", "checkout/engine.log", "checkout/k6-summary.json", "checkout/samples.csv.gz" })
        {
            File.WriteAllText(Path.Combine(folder, file), file);
        }

        Write(SampleResult.Mixed());

        var run = TrxReaders.Azure(TrxFile).Single(test => test.Title == "checkout");
        CollectionAssert.AreEqual(new[] { "engine.log", "k6-summary.json" }, run.Attachments.ToArray());
        Assert.Contains("href=\"build-agent-7/loadtest.json\"", File.ReadAllText(TrxFile));
    }

    [TestMethod]
    public void A_result_without_tests_is_one_failed_test()
    {
        Write(SampleResult.Create() with
        {
            Diagnostics = [new ReportedDiagnostic("KSDK0501", DiagnosticSeverity.Error, "Shop.Api does not start.", null, SampleResult.ProjectFile, 21, 5)],
        });

        var test = TrxReaders.Dorny(TrxFile).Single();
        Assert.AreEqual("Shop.LoadTests", test.Title);
        Assert.AreEqual("Failed", test.Outcome);
        Assert.AreEqual("KSDK0501: Shop.Api does not start.", test.Error);
        Assert.AreEqual(21, test.Line);
    }

    [TestMethod]
    public void An_error_outside_of_the_tests_is_a_failed_test_of_its_own()
    {
        Write(SampleResult.Create(SampleResult.Passed()) with
        {
            Verdict = Verdict.Failed,
            Diagnostics = [new ReportedDiagnostic("KSDK0510", DiagnosticSeverity.Error, "Shop.Api ended early.", null, null, null, null)],
        });

        var tests = TrxReaders.Dorny(TrxFile);
        Assert.AreEqual("Shop.LoadTests.Run Failed", $"{tests[0].Class} {tests[0].Outcome}");
        Assert.AreEqual("Passed", tests[1].Outcome);
    }

    [TestMethod]
    public void A_failed_verdict_never_gives_a_file_without_a_failure()
    {
        Write(SampleResult.Create(SampleResult.Passed() with { Verdict = Verdict.Failed, Outcome = K6.LoadTesting.Engines.EngineOutcome.Interrupted }));
        Assert.AreEqual("Failed", TrxReaders.Dorny(TrxFile).Single().Outcome);

        Write(SampleResult.Create(SampleResult.Passed()) with { Verdict = Verdict.Failed });
        Assert.IsTrue(TrxReaders.Dorny(TrxFile).Any(test => test.Outcome == "Failed"));
    }

    [TestMethod]
    public void Ids_are_of_version_5() =>
        // The example of RFC 9562, A.4.
        Assert.AreEqual(
            new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"),
            NameBasedGuid.Create(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"));

    private void Write(LoadTestResult result) => TrxWriter.Write(result, TrxFile);

    private string[] TestIds() =>
        [.. System.Xml.Linq.XDocument.Load(TrxFile).Descendants().Where(element => element.Name.LocalName == "UnitTest").Select(test => test.Attribute("id")!.Value)];
}
