using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;

namespace K6.LoadTesting.Tests.Importing;

[TestClass]
public class ImportTests
{
    private const string Export = """
        {
          "root_group": { "name": "", "path": "", "groups": {}, "checks": { "is 200": { "name": "is 200", "path": "::is 200", "passes": 9, "fails": 1 } } },
          "metrics": {
            "http_reqs": { "count": 100, "rate": 50 },
            "iterations": { "count": 100, "rate": 50 },
            "vus": { "value": 1, "min": 1, "max": 5 },
            "checks": { "passes": 9, "fails": 1, "value": 0.9 },
            "http_req_duration": { "avg": 20, "min": 1, "med": 19, "max": 90, "p(90)": 30, "p(95)": 45, "thresholds": { "p(95)<40": true, "max<100": false } },
            "http_req_failed": { "passes": 1, "fails": 99, "value": 0.01 }
          }
        }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("k6sdk import ü-").FullName;

    private string Results => Path.Combine(folder, "TestResults");

    [TestCleanup]
    public void Cleanup() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void A_summary_of_k6_is_judged_by_the_limits_of_the_project_and_by_its_own()
    {
        var told = new List<Diagnostic>();

        var result = Import(Plan(("http_req_failed", "rate<0.001"), ("http_reqs", "rate>10")), told, Write("summary.json", Export));

        var test = result.Tests.Single();
        Assert.AreEqual((Verdict.Failed, "staging", 2.0), (result.Verdict, test.Name, test.LoadSeconds!.Value));
        Assert.AreEqual(
            "http_req_failed rate<0.001 Failed project\nhttp_reqs rate>10 Passed project\nhttp_req_duration max<100 Passed script (computed)\nhttp_req_duration p(95)<40 Failed script (computed)",
            string.Join('\n', test.Thresholds.Select(one => $"{one.Metric} {one.Expression} {one.Verdict} {one.Source}")));
        Assert.AreEqual("KSDK0320 KSDK0320", string.Join(' ', told.Select(one => one.Code)));
        Assert.AreEqual(7, told[0].Location!.Line, "at the line of the limit");
        Assert.AreEqual(("is 200", 9L), (test.Checks[0].Name, test.Checks[0].Passes));
        foreach (var file in K6.LoadTesting.Reports.ReportFiles.Names.Append("loadtest.json"))
        {
            Assert.IsTrue(File.Exists(Path.Combine(Results, file)), file);
        }

        Assert.Contains("summary.json", File.ReadAllText(Path.Combine(Results, "loadtest.html")));
    }

    [TestMethod]
    public void Samples_of_several_pods_are_one_run_with_everything()
    {
        var first = Write("pod1.json", Points(1, 100));
        var second = Write("pod2.json", Points(101, 200));

        var result = Import(Plan(("http_req_duration{name:home}", "p(99)<1000"), ("http_req_duration", "p(95)<100")), [], first, second);

        var test = result.Tests.Single();
        Assert.AreEqual(200, test.Metrics["http_reqs"].Values["count"]);
        Assert.AreEqual(1 + (0.95 * 199), test.Metrics["http_req_duration"].Values["p(95)"], 1e-9);
        Assert.AreEqual(("home", 200L), (test.Endpoints.Single().Name, test.Endpoints.Single().Requests));
        Assert.AreEqual("200", test.Breakdowns.Single(one => one.Tag == "status").Rows.Single().Name);
        Assert.AreEqual("browse", test.Scenarios.Single().Name);
        Assert.IsNotNull(test.Timeline);
        Assert.AreEqual("Passed Failed", string.Join(' ', test.Thresholds.Select(one => one.Verdict)));
        Assert.HasCount(2, result.ImportedFrom);

        var again = ReportRunner.Render(Path.Combine(Results, "loadtest.json"));
        Assert.AreEqual(result.RunId, again.RunId);
        Assert.HasCount(1, ReportRunner.ExportSamples(again, Results));
        Assert.HasCount(401 + 200, File.ReadAllLines(Path.Combine(Results, "staging", "samples.csv")));
    }

    [TestMethod]
    public void A_limit_for_each_value_of_a_tag_is_judged_on_the_samples_of_all_pods()
    {
        var plan = Plan(("http_req_duration", "max<=150"));
        plan = plan with { Tests = [plan.Tests[0] with { Thresholds = [plan.Tests[0].Thresholds[0] with { ForEach = "name", Judge = ThresholdJudge.Samples }] }] };

        var result = Import(plan, [], Write("pod1.json", Points(1, 100)), Write("pod2.json", Points(101, 200)));

        var threshold = result.Tests.Single().Thresholds.Single();
        Assert.AreEqual(("http_req_duration{name:home}", 200.0, 200L, ThresholdVerdict.Failed), (threshold.Metric, threshold.Actual!.Value, threshold.Samples!.Value, threshold.Verdict));
    }

    [TestMethod]
    public void A_counter_that_nobody_added_to_is_zero_and_one_that_nobody_knows_is_not_judged()
    {
        var result = Import(Plan(("http_reqs{status:500}", "count<1"), ("mistyped", "count<1"), ("http_reqs{scenario:mistyped}", "count<1")), [], Write("pod.json", Points(1, 100)));

        Assert.AreEqual("Passed NoSamples NoSamples", string.Join(' ', result.Tests.Single().Thresholds.Select(one => one.Verdict)));
    }

    [TestMethod]
    public void A_secret_in_samples_of_a_run_elsewhere_is_in_no_report()
    {
        var secret = Write("token.txt", "planted-of-import");
        var pod = Write("pod.json", Points(1, 20).Replace("home", "GET /home?token=planted-of-import", StringComparison.Ordinal));
        var told = new List<Diagnostic>();
        var plan = Plan(("http_req_duration", "p(95)<100")) with
        {
            Secrets = [new SecretPlan("TOKEN", SecretSource.File, secret, new SourceLocation("Load.csproj", 3, 1)), new SecretPlan("OTHER", SecretSource.Environment, "K6SDK_NOT_SET", new SourceLocation("Load.csproj", 4, 1))],
        };

        var result = Import(plan, told, pod);

        Assert.AreEqual(("KSDK0319", pod), (told.Single().Code, told[0].Location!.File));
        Assert.AreEqual("GET /home?token=***", result.Tests.Single().Endpoints.Single().Name);
        Assert.Contains("planted", File.ReadAllText(pod), "the file is not ours");
        foreach (var file in Directory.GetFiles(Results, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("planted", File.ReadAllText(file), file);
        }
    }

    [TestMethod]
    public void Options_that_are_none_are_an_error_at_their_file()
    {
        var pod = Write("pod.json", Points(1, 100));

        foreach (var file in new[] { Write("options.json", "{}"), Path.Combine(folder, "gone.json") })
        {
            var error = Assert.ThrowsExactly<LoadTestException>(() => ReportRunner.Import(Plan(), [pod], null, file));
            Assert.AreEqual(("KSDK0373", file), (error.Diagnostic.Code, error.Diagnostic.Location!.File));
        }
    }

    [TestMethod]
    public void Pods_run_side_by_side_and_their_users_add_up()
    {
        // Two minutes each, the second one half a minute later; longer than what is kept open of a timeline.
        var result = Import(Plan(), [], Write("pod1.json", Pod(0, 120, users: 10, ms: 20)), Write("pod2.json", Pod(30, 120, users: 5, ms: 100)));

        var test = result.Tests.Single();
        var series = test.Timeline!.Series;
        Assert.HasCount(150, test.Timeline.Seconds);
        Assert.AreEqual("10 15 5", string.Join(' ', new[] { 10, 60, 140 }.Select(second => series["vus.value"][second])));
        Assert.AreEqual("20 60 100", string.Join(' ', new[] { 10, 60, 140 }.Select(second => series["http_req_duration.med"][second])));
        Assert.AreEqual("1 2 1", string.Join(' ', new[] { 10, 60, 140 }.Select(second => series["http_reqs.count"][second])));
        Assert.AreEqual((15.0, 5.0), (test.Metrics["vus"].Values["max"], test.Metrics["vus"].Values["value"]));
    }

    [TestMethod]
    public void Summaries_of_several_pods_give_the_limits_of_the_script_and_their_samples_the_figures()
    {
        var summary = Export.Replace("\"p(95)<40\": true", "\"p(95)<195\": false", StringComparison.Ordinal).Replace("\"http_req_failed\"", "\"http_req_duration{name:nothing}\": { \"avg\": 0, \"thresholds\": { \"max<5\": false } }, \"http_req_failed\"", StringComparison.Ordinal);

        var result = Import(Plan(), [], Write("a.json", summary), Write("b.json", summary), Write("a.csv", Points(1, 100)), Write("b.csv", Points(101, 200)));

        Assert.AreEqual(
            "http_req_duration max<100 Failed 200\nhttp_req_duration p(95)<195 Passed 190.05\nhttp_req_duration{name:nothing} max<5 NoSamples ",
            string.Join('\n', result.Tests.Single().Thresholds.Select(one => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{one.Metric} {one.Expression} {one.Verdict} {one.Actual:0.##}"))));
    }

    [TestMethod]
    public void Samples_of_a_part_of_what_the_summaries_tell_are_refused()
    {
        var (one, two, half) = (Write("a.json", Export), Write("b.json", Export), Write("a.csv", Points(1, 100)));

        foreach (var files in new[] { new[] { one, two, half }, [one, half, Write("b.csv", Points(101, 200))] })
        {
            var failure = Assert.ThrowsExactly<LoadTestException>(() => Import(Plan(), [], files)).Diagnostic;
            Assert.AreEqual(("KSDK0374", half), (failure.Code, failure.Location!.File));
            Assert.Contains(files[1] == two ? "2 summaries tell of 200 iterations and the samples have 100" : "summary tells of 100 iterations and the samples have 200", failure.Message);
        }
    }

    [TestMethod]
    public void A_summary_gives_its_figures_and_the_samples_what_it_lacks()
    {
        var result = Import(Plan(("http_req_duration{name:home}", "p(99)<1000"), ("http_req_duration", "p(99.9)<1000")), [], Write("summary.json", Export), Write("samples.json", Points(1, 100)));

        var test = result.Tests.Single();
        Assert.AreEqual((45.0, 2.0), (test.Metrics["http_req_duration"].Values["p(95)"], test.LoadSeconds!.Value), "the summary's");
        Assert.AreEqual("Passed Passed", string.Join(' ', test.Thresholds.Take(2).Select(one => one.Verdict)));
        Assert.IsNotNull(test.Timeline);
        Assert.AreEqual(("home", 100L), (test.Endpoints.Single().Name, test.Endpoints.Single().Requests));
    }

    [TestMethod]
    public void A_limit_on_what_was_not_measured_fails()
    {
        var told = new List<Diagnostic>();

        Import(Plan(("http_req_duration", "p(99.9)<1000"), ("http_req_duration{name:nothing}", "p(95)<1")), told, Write("summary.json", Export.Replace("\"p(95)<40\": true,", "", StringComparison.Ordinal)));

        Assert.AreEqual("KSDK0323 KSDK0323", string.Join(' ', told.Select(one => one.Code)));
    }

    [TestMethod]
    [DataRow("", "KSDK0373")]
    [DataRow("hello", "KSDK0373")]
    [DataRow("""{ "metrics": { "http_reqs": """, "KSDK0373")]
    [DataRow("""{ "metrics": { "http_reqs": 7 } }""", "KSDK0373")]
    [DataRow("""{ "version": "1.0.0", "config": {}, "results": {} }""", "KSDK0373")]
    [DataRow("{\"metric\":\"a1\",\"type\":\"Point\",\"data\":{}}\n", "KSDK0373")]
    public void A_file_that_is_nothing_of_k6_is_an_error(string text, string code) =>
        Assert.AreEqual(code, Assert.ThrowsExactly<LoadTestException>(() => Import(Plan(), [], Write("x.json", text))).Diagnostic.Code);

    [TestMethod]
    public void A_missing_file_and_two_summaries_are_errors()
    {
        Assert.AreEqual("KSDK0373", Assert.ThrowsExactly<LoadTestException>(() => Import(Plan(), [], Path.Combine(folder, "none.json"))).Diagnostic.Code);
        Assert.AreEqual("KSDK0374", Assert.ThrowsExactly<LoadTestException>(() => Import(Plan(), [], Write("a.json", Export), Write("b.json", Export))).Diagnostic.Code);
    }

    [TestMethod]
    public void Infinite_values_are_read_and_no_result_breaks_over_them()
    {
        var told = new List<Diagnostic>();
        const string Text = """
            metric_name,timestamp,metric_value,name,scenario
            odd,1795416433,+Inf,,browse
            odd,1795416434,3.000000,,browse
            http_req_duration,1795416434,-Inf,home,browse
            http_req_duration,1795416435,5.000000,home,browse
            http_reqs,1795416435,1.000000,home,browse
            iterations,1795416436,1.000000,,browse

            """;

        var test = Import(Plan(("odd", "max<5"), ("odd", "min<5")), told, Write("samples.csv", Text)).Tests.Single();

        Assert.AreEqual("KSDK0323", string.Join(' ', told.Select(one => one.Code)), "infinity is below nothing");
        Assert.AreEqual("min", string.Join(' ', test.Metrics["odd"].Values.Keys.Where(name => name is "min" or "max" or "avg")));
        Assert.AreEqual(5, test.Endpoints.Single().Duration["max"]);
        Assert.AreEqual(3, ReportRunner.Render(Path.Combine(Results, "loadtest.json")).Tests[0].Thresholds[1].Actual);
    }

    [TestMethod]
    public void Samples_that_are_cut_are_read_as_far_as_they_go_with_a_warning()
    {
        var told = new List<Diagnostic>();

        var result = Import(Plan(), told, Write("cut.json", Points(1, 10) + "{\"metric\":\"http_re"));

        Assert.AreEqual(10, result.Tests[0].Metrics["http_reqs"].Values["count"]);
        Assert.AreEqual("KSDK0376", told.Single().Code);
    }

    private LoadTestResult Import(LoadPlan plan, List<Diagnostic> told, params string[] files) => ReportRunner.Import(plan, files, new Listener(told));

    private LoadPlan Plan(params (string Metric, string Expression)[] thresholds) => new()
    {
        Project = "Shop.LoadTests",
        ProjectFile = "/src/Shop.LoadTests.csproj",
        Settings = new RunSettings { ResultsDirectory = Results, CiReports = false },
        Tests =
        [
            new TestPlan
            {
                Name = "staging",
                Thresholds = [.. thresholds.Select(one => (one.Metric, Parsed: ThresholdExpression.TryParse(one.Expression, out _)!)).Select(one => new ThresholdPlan
                {
                    Name = $"{one.Metric} {one.Parsed.Statistic}",
                    Metric = one.Metric,
                    Statistic = one.Parsed.Statistic,
                    Operator = one.Parsed.Operator,
                    Limit = one.Parsed.Limit,
                    Expression = one.Parsed.ToString(),
                    Location = new SourceLocation("/src/Shop.LoadTests.csproj", 7, 5),
                })],
            },
        ],
    };

    private static string Points(int from, int to) => string.Concat(Enumerable.Range(from, to - from + 1).SelectMany(i => new[] { ("http_reqs", 1), ("http_req_duration", i), ("iterations", 1) }.Select(one =>
        $"{{\"metric\":\"{one.Item1}\",\"type\":\"Point\",\"data\":{{\"time\":\"2026-11-22T12:10:{10 + (i % 20)}Z\",\"value\":{one.Item2},\"tags\":{{\"name\":\"home\",\"scenario\":\"browse\",\"status\":\"200\"}}}}}}\n")));

    // A request of the same length each second, and the virtual users.
    private static string Pod(int from, int seconds, int users, int ms) => string.Concat(Enumerable.Range(from, seconds).SelectMany(second => new[] { ("vus", users), ("http_reqs", 1), ("http_req_duration", ms), ("iterations", 1) }.Select(one =>
        $"{{\"metric\":\"{one.Item1}\",\"type\":\"Point\",\"data\":{{\"time\":\"2026-11-22T12:{10 + (second / 60):00}:{second % 60:00}.5Z\",\"value\":{one.Item2},\"tags\":{{\"name\":\"home\",\"scenario\":\"browse\"}}}}}}\n")));

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private sealed class Listener(List<Diagnostic> told) : IProgress<RunEvent>
    {
        public void Report(RunEvent value)
        {
            if (value is DiagnosticReported one)
            {
                told.Add(one.Diagnostic);
            }
        }
    }
}
