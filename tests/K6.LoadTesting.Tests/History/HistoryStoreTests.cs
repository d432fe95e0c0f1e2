using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.History;
using K6.LoadTesting.Reports.Html;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.History;

[TestClass]
public sealed class HistoryStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk history ").FullName;
    private readonly List<Diagnostic> _diagnostics = [];

    private string File_ => Path.Combine(_folder, "sub", "history.jsonl");

    private HistoryStore Store => new(File_);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static HistoryEntry Run(double p95, Verdict verdict = Verdict.Passed, string load = "aaaaaaaaaaaaaaaa", string test = "browse", string engine = "k6 2", string? branch = "main") => new()
    {
        RunId = Guid.NewGuid(),
        Time = DateTimeOffset.UtcNow,
        Project = "Shop",
        Test = test,
        Verdict = verdict,
        Key = new HistoryKey(load, engine, "linux-x64/2 cpus/box", null),
        Engine = engine + ".2.0",
        Commit = new CommitInfo("0123456789abcdef", branch),
        Metrics = new Dictionary<string, HistoryMetric>
        {
            ["http_req_duration"] = new() { Type = "trend", Values = new Dictionary<string, double> { ["med"] = p95 / 2, ["p(95)"] = p95 } },
            ["http_reqs"] = new() { Type = "counter", Values = new Dictionary<string, double> { ["count"] = 1000, ["rate"] = 100 } },
        },
    };

    [TestMethod]
    public void What_is_appended_is_read_again()
    {
        var (first, second) = (Run(100), Run(200, Verdict.Failed));
        Store.Append([first]);
        Store.Append([second]);

        var read = Store.Read(_diagnostics);

        Assert.IsEmpty(_diagnostics);
        Assert.HasCount(2, read);
        Assert.AreEqual(first.RunId, read[0].RunId);
        Assert.AreEqual(first.Key, read[0].Key);
        Assert.AreEqual(200, read[1].Metrics["http_req_duration"].Values["p(95)"]);
        Assert.AreEqual(Verdict.Failed, read[1].Verdict);
    }

    [TestMethod]
    public void A_line_that_was_cut_short_costs_that_line_alone()
    {
        Store.Append([Run(100)]);
        File.AppendAllText(File_, "{\"schema\":\"k6sdk.history/1\",\"runId\":\"");
        Store.Append([Run(200)]);

        var read = Store.Read(_diagnostics);

        CollectionAssert.AreEqual(new double[] { 100, 200 }, read.Select(entry => entry.Metrics["http_req_duration"].Values["p(95)"]).ToArray());
        Assert.AreEqual("KSDK0401", _diagnostics.Single().Code);
        Assert.AreEqual(new SourceLocation(File_, 2, 1), _diagnostics.Single().Location);
    }

    [TestMethod]
    public void Lines_of_newer_versions_are_passed_over_and_said_so()
    {
        Store.Append([Run(100)]);
        File.AppendAllText(File_, "{\"schema\":\"k6sdk.history/2\",\"runId\":1}\n\n");

        Assert.HasCount(1, Store.Read(_diagnostics));
        Assert.Contains("1 of 2 lines", _diagnostics.Single().Message);
    }

    [TestMethod]
    [DataRow("name,value\na,1\n")]
    [DataRow("{\"runs\":[]}")]
    [DataRow("\0\u0001\u0002")]
    public void A_foreign_file_is_an_error_and_stays_as_it_is(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        File.WriteAllText(File_, text);

        var failure = Assert.ThrowsExactly<LoadTestException>(() => Store.Read(_diagnostics));

        Assert.AreEqual("KSDK0403", failure.Diagnostic.Code);
        Assert.AreEqual(text, File.ReadAllText(File_));
    }

    [TestMethod]
    public void No_file_and_an_empty_file_are_a_history_without_runs()
    {
        Assert.IsEmpty(Store.Read(_diagnostics));
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        File.WriteAllText(File_, "");
        Assert.IsEmpty(Store.Read(_diagnostics));
        Assert.IsEmpty(_diagnostics);
    }

    [TestMethod]
    public void Many_writers_at_once_lose_no_line()
    {
        // Threads of their own that begin together, and many lines: writers that only seem to be alone meet.
        using var together = new Barrier(8);
        Thread[] writers = [.. Enumerable.Range(0, 8).Select(writer => new Thread(() =>
        {
            together.SignalAndWait();
            for (var index = 0; index < 25; index++)
            {
                new HistoryStore(File_).Append([Run((writer * 25) + index + 1), Run((writer * 25) + index + 1)]);
            }
        }))];
        Array.ForEach(writers, writer => writer.Start());
        Array.ForEach(writers, writer => writer.Join());

        var read = Store.Read(_diagnostics);

        Assert.IsEmpty(_diagnostics);
        Assert.HasCount(400, read);
        Assert.HasCount(200, read.Select(entry => entry.Metrics["http_req_duration"].Values["p(95)"]).Distinct());
    }

    [TestMethod]
    public void Who_reads_waits_for_who_writes()
    {
        Store.Append([Run(100)]);
        var line = File.ReadAllText(File_);
        using var writing = new ManualResetEventSlim();
        using var reading = new ManualResetEventSlim();
        var writer = Task.Run(() =>
        {
            using var file = new FileStream(File_, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            file.Position = file.Length;
            file.Write(System.Text.Encoding.UTF8.GetBytes(line[..100]));
            file.Flush();
            writing.Set();
            reading.Wait();
            // The reader has long met the lock; nothing hangs on how long this is.
            Thread.Sleep(100);
            file.Write(System.Text.Encoding.UTF8.GetBytes(line[100..]));
        });
        writing.Wait();
        reading.Set();

        Assert.HasCount(2, Store.Read(_diagnostics));
        Assert.IsEmpty(_diagnostics);
        writer.Wait();
    }

    [TestMethod]
    public void On_a_share_without_locks_a_line_that_is_being_written_is_not_there_yet()
    {
        Store.Append([Run(100)]);
        var line = File.ReadAllText(File_);
        File.AppendAllText(File_, line[..100]);

        Assert.HasCount(1, Store.Read(_diagnostics));
        Assert.IsEmpty(_diagnostics);

        File.AppendAllText(File_, line[100..]);
        Assert.HasCount(2, Store.Read(_diagnostics));
    }

    [TestMethod]
    public void A_clock_that_jumps_changes_no_order()
    {
        var back = Run(200) with { Time = DateTimeOffset.UnixEpoch };
        Store.Append([Run(100) with { Time = DateTimeOffset.MaxValue }, back, .. Enumerable.Range(0, 9).Select(at => Run(300 + at) with { Time = DateTimeOffset.UtcNow.AddDays(-at) })]);

        var history = Store.Read(_diagnostics);

        Assert.AreEqual(back.RunId, Baseline.Of(history, "Shop", "browse", back.Key!)[0].RunId);
        Assert.AreEqual(308, RunComparison.Find("last", history, _folder, null).Single().Metrics["http_req_duration"].Values["p(95)"]);
        Assert.IsNotEmpty(HistoryText.Render(history));
        Assert.IsNotEmpty(HistoryPage.Render(history));
    }

    [TestMethod]
    public void A_folder_in_the_place_of_the_file_is_an_error_with_a_code()
    {
        Directory.CreateDirectory(File_);

        Assert.AreEqual("KSDK0402", Assert.ThrowsExactly<LoadTestException>(() => Store.Append([Run(1)])).Diagnostic.Code);
    }

    [TestMethod]
    public void A_baseline_is_the_last_green_runs_of_the_same_load_engine_and_machine_since_it_was_accepted()
    {
        var accepted = Run(1) with { Kind = HistoryKind.Accepted, Key = null };
        HistoryEntry[] history =
        [
            Run(1), accepted, Run(2), Run(3, Verdict.Failed), Run(4, load: "other"), Run(5, test: "other"), Run(6, engine: "embedded 0"), Run(7, branch: "feature"), .. Enumerable.Range(10, 12).Select(value => Run(value)),
        ];

        double[] Of(string? branch) => [.. Baseline.Of(history, "Shop", "browse", Run(0).Key!, branch).Select(entry => entry.Metrics["http_req_duration"].Values["p(95)"])];

        CollectionAssert.AreEqual(Enumerable.Range(12, 10).Select(value => (double)value).ToArray(), Of(null));
        CollectionAssert.AreEqual(new double[] { 2, 7 }, Baseline.Of(history[..8], "Shop", "browse", Run(0).Key!).Select(entry => entry.Metrics["http_req_duration"].Values["p(95)"]).ToArray());
        CollectionAssert.AreEqual(new double[] { 2 }, Baseline.Of(history[..8], "Shop", "browse", Run(0).Key!, "main").Select(entry => entry.Metrics["http_req_duration"].Values["p(95)"]).ToArray());
        Assert.AreEqual("another engine (embedded 0)", Baseline.Difference([Run(6, engine: "embedded 0")], "Shop", "browse", Run(0).Key!));
    }

    [TestMethod]
    public void The_text_and_the_page_show_each_series_and_a_new_level()
    {
        HistoryEntry[] history = [.. Enumerable.Range(0, 8).Select(_ => Run(100)), .. Enumerable.Range(0, 6).Select(_ => Run(150)), Run(5, test: "<b>other</b>"), Run(6, test: "<b>other</b>")];

        var text = HistoryText.Render(history);
        Assert.Contains("browse: 14 runs, 0 of the last 14 failed (k6 2", text);
        Assert.Contains("▁▁▁▁▁▁▁▁██████", text);
        Assert.Contains("new level 6 runs ago", text);
        Assert.AreEqual("no runs yet", HistoryText.Render([]));

        var page = HistoryPage.Render(history);
        Assert.Contains("new level from", page);
        Assert.Contains("&lt;b&gt;other", page);
        Assert.DoesNotContain("<b>other", page);
        Assert.DoesNotContain("<script", page);
    }

    [TestMethod]
    public void Runs_are_found_by_place_by_id_by_commit_and_by_file()
    {
        HistoryEntry[] history = [Run(100), Run(200)];

        Assert.AreSame(history[1], RunComparison.Find("last", history, _folder, null).Single());
        Assert.AreSame(history[0], RunComparison.Find("previous", history, _folder, null).Single());
        Assert.AreSame(history[0], RunComparison.Find(history[0].RunId.ToString()[..8], history, _folder, null).Single());
        Assert.AreSame(history[1], RunComparison.Find("01234567", history, _folder, null).Single());
        Assert.AreEqual("KSDK0404", Assert.ThrowsExactly<LoadTestException>(() => RunComparison.Find("nothing", history, _folder, null)).Diagnostic.Code);
        var text = RunComparison.Render([history[0]], [history[1]]);
        Assert.Contains("http_req_duration p(95)", text);
        Assert.Contains("+100 %", text);
        Assert.Contains("another load", RunComparison.Render([Run(1, load: "bbbbbbbb")], [Run(1)]));
    }
}
