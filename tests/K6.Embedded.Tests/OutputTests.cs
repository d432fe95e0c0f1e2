using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using K6.Embedded.Execution;
using K6.Embedded.Metrics;

namespace K6.Embedded.Tests;

[TestClass]
public class OutputTests
{
    private const string RealScript =
        """
        import { check, group } from 'k6';
        import { Trend, Gauge, Rate, Counter } from 'k6/metrics';
        new Trend('tt'); new Gauge('gg'); new Rate('rr'); new Counter('cc'); const used = new Trend('used', true);
        export const options = OPTIONS;
        export function setup() { check(1, { s: () => true }); group('sg', () => {}); return { token: 'abc' }; }
        export default function () { used.add(5); used.add(7); group('x', () => group('y', () => check(1, { 1: () => false, two: () => true }))); }
        export function teardown() { check(1, { t: () => true }); }
        """;

    private const string RealOptions =
        """{"thresholds":{"iterations{scenario:default}":[],"iterations":["count>0","count>5"],"tt":[],"gg":["value<1"],"rr":["rate>1"],"cc":[],"tt{a:b}":["avg>1"],"used":["p(95)<100"]},"summaryTrendStats":["count","p(99.99)","avg"]}""";

    /// <summary>The same script in C#.</summary>
    private static FakeScript Fake() => new()
    {
        OptionsJson = RealOptions,
        Init = test =>
        {
            test.Metrics.GetOrAddCustom("tt", MetricType.Trend, isTime: false);
            test.Metrics.GetOrAddCustom("gg", MetricType.Gauge, isTime: false);
            test.Metrics.GetOrAddCustom("rr", MetricType.Rate, isTime: false);
            test.Metrics.GetOrAddCustom("cc", MetricType.Counter, isTime: false);
            test.Metrics.GetOrAddCustom("used", MetricType.Trend, isTime: true);
        },
        Setup = (vu, _) =>
        {
            Check(vu, vu.Group, "s", true);
            Group(vu, vu.Group, "sg");
            return """{"token":"abc"}""";
        },
        Iteration = (vu, _) =>
        {
            var used = vu.Test.Metrics.Find("used")!;
            vu.Samples.Add(used, vu.Tags, 5, EngineClock.NowMicros);
            vu.Samples.Add(used, vu.Tags, 7, EngineClock.NowMicros);
            var x = Group(vu, vu.Group, "x");
            var y = Group(vu, x, "y");
            Check(vu, y, "1", false);
            Check(vu, y, "two", true);
            return IterationOutcome.Completed;
        },
        Teardown = (vu, _, _) => Check(vu, vu.Group, "t", true),
    };

    private static Group Group(VuContext vu, Group parent, string name)
    {
        var group = parent.GetGroup(name);
        vu.Samples.Add(vu.Test.Metrics.GroupDuration, vu.Tags.With("group", group.Path), 1, EngineClock.NowMicros);
        return group;
    }

    private static void Check(VuContext vu, Group group, string name, bool passed)
    {
        group.GetCheck(name).Record(passed);
        vu.Samples.Add(vu.Test.Metrics.Checks, vu.Tags.With("group", group.Path).With("check", name), passed ? 1 : 0, EngineClock.NowMicros);
    }

    [TestMethod]
    public void The_data_of_handleSummary_has_k6s_shape()
    {
        var folder = Directory.CreateTempSubdirectory("k6-embedded-").FullName;
        try
        {
            var real = RealK6.Run(
                folder,
                "run",
                ["-q", "--summary-export", "se.json"],
                RealScript.Replace("OPTIONS", RealOptions, StringComparison.Ordinal) + "export function handleSummary(data) { return { stdout: JSON.stringify(data) }; }\n");
            var realExport = Shape(JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "se.json"))).RootElement);
            var ours = EngineRun.Of(Fake(), ["-q", "--summary-export", "ours.json"], folder: folder);
            Assert.AreEqual(real.ExitCode, ours.ExitCode);
            Assert.AreEqual(Shape(JsonDocument.Parse(real.Output).RootElement), Shape(ours.Summary!.Value));
            Assert.AreEqual(realExport, Shape(JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "ours.json"))).RootElement));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void What_handleSummary_returns_is_written()
    {
        var folder = Directory.CreateTempSubdirectory("k6-embedded-").FullName;
        try
        {
            var script = new FakeScript
            {
                Summary = _ => new Dictionary<string, byte[]>
                {
                    ["stdout"] = EngineRun.Bytes("to stdout\n"),
                    ["stderr"] = EngineRun.Bytes("to stderr\n"),
                    ["a.txt"] = [1, 2, 255],
                    ["nowhere/b.txt"] = [],
                },
            };
            var run = EngineRun.Of(script, ["-q"], folder: folder);
            Assert.AreEqual(0, run.ExitCode);
            Assert.AreEqual("to stdout\n", run.Output);
            StringAssert.Contains(run.Error, "to stderr\n");
            StringAssert.Contains(run.Error, """msg="failed to handle the end-of-test summary" error="Could not save some summary information:\n\t- could not open 'nowhere/b.txt': open nowhere/b.txt: no such file or directory""");
            CollectionAssert.AreEqual(new byte[] { 1, 2, 255 }, File.ReadAllBytes(Path.Combine(folder, "a.txt")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void A_handleSummary_that_throws_is_logged_and_the_text_is_written_and_the_exit_code_stays()
    {
        var run = EngineRun.Of(new FakeScript { Summary = _ => throw new ScriptException("Error: boom\n\tat handleSummary (file:///a.js:1:1)\n") }, ["-q"]);
        Assert.AreEqual(0, run.ExitCode);
        StringAssert.Contains(run.Error, "Error: boom");
        StringAssert.Contains(run.Output, "iterations");
    }

    [TestMethod]
    public void The_text_summary_shows_thresholds_checks_and_the_engine()
    {
        var run = EngineRun.Of(Fake(), ["-q"]);
        StringAssert.Contains(run.Output, "K6.Sdk embedded engine");
        StringAssert.Contains(run.Output, "✗ 'count>5' count=1");
        StringAssert.Contains(run.Output, "✓ 'p(95)<100' p(95)=6.9ms");
        StringAssert.Contains(run.Output, "↳  0% — ✓ 0 / ✗ 1");
        StringAssert.Contains(run.Output, "{ scenario:default }");
    }

    [TestMethod]
    public void Summary_mode_disabled_writes_nothing_and_still_judges()
    {
        var run = EngineRun.Of(Fake(), ["-q", "--summary-mode=disabled"]);
        Assert.AreEqual(99, run.ExitCode);
        Assert.AreEqual("", run.Output);
        Assert.IsNull(run.Summary);
    }

    [TestMethod]
    public void Every_sample_is_a_line_of_csv_in_k6s_columns()
    {
        var folder = Directory.CreateTempSubdirectory("k6-embedded-").FullName;
        try
        {
            var run = EngineRun.Of(Fake(), ["-q", "--out", "csv=out.csv.gz", "--tag", "run=a b&c,d"], new() { ["K6_CSV_TIME_FORMAT"] = "unix_micro" }, folder: folder);
            using var file = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, "out.csv.gz")), CompressionMode.Decompress));
            var lines = file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.AreEqual(
                "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata",
                lines[0]);
            var sample = lines.Single(l => l.StartsWith("checks,", StringComparison.Ordinal) && l.Contains(",two,", StringComparison.Ordinal)).Split(',', 4);
            Assert.AreEqual("1.000000", sample[2]);
            Assert.AreEqual("two,,,,::x::y,,,,default,,,,,,\"run=a b&c,d\",", sample[3]);
            var age = DateTime.UtcNow - DateTime.UnixEpoch.AddTicks(long.Parse(sample[1], CultureInfo.InvariantCulture) * 10);
            Assert.IsLessThan(60, Math.Abs(age.TotalSeconds));
            Assert.AreEqual(99, run.ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void The_recording_of_the_dashboard_has_k6s_shape()
    {
        var folder = Directory.CreateTempSubdirectory("k6-embedded-").FullName;
        try
        {
            var script = new FakeScript
            {
                OptionsJson = """{"vus":1,"duration":"2500ms","thresholds":{"iterations":["count<1"],"checks":["rate>0"]}}""",
                Init = test => test.Metrics.GetOrAddCustom("mine", MetricType.Counter, isTime: false),
                Iteration = (vu, interrupt) =>
                {
                    if (vu.IterationInScenario == 1)
                    {
                        vu.Samples.Add(vu.Test.Metrics.Find("mine")!, vu.Tags.With("group", "::g"), 1.23456789, EngineClock.NowMicros);
                    }

                    return FakeScript.Sleep(100, interrupt);
                },
            };
            _ = EngineRun.Of(script, ["-q", "--out", "web-dashboard=host=127.0.0.1&port=0&period=1s&record=r.ndjson"], folder: folder);
            var events = File.ReadAllLines(Path.Combine(folder, "r.ndjson")).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
            var names = events.Select(e => e.GetProperty("event").GetString()).ToArray();
            CollectionAssert.AreEqual(new[] { "param", "metric", "start", "metric", "cumulative" }, names[..5]);
            Assert.AreEqual("stop", names[^1]);
            Assert.AreEqual(2, names.Count(n => n == "snapshot"));
            var param = events[0].GetProperty("data");
            Assert.AreEqual(32_500, param.GetProperty("endOffset").GetInt32());
            Assert.AreEqual(1_000, param.GetProperty("period").GetInt32());
            Assert.AreEqual("count<1", param.GetProperty("thresholds").GetProperty("iterations")[0].GetString());

            var known = new SortedSet<string>(StringComparer.Ordinal);
            var sawMine = 0;
            foreach (var e in events)
            {
                var data = e.GetProperty("data");
                switch (e.GetProperty("event").GetString())
                {
                    case "metric":
                        known.UnionWith(data.EnumerateObject().Select(p => p.Name));
                        if (data.TryGetProperty("mine{group:::g}", out var mine))
                        {
                            Assert.AreEqual("""{"type":"counter","custom":true}""", mine.GetRawText());
                        }

                        break;
                    case "snapshot":
                        Assert.AreEqual(known.Count, data.GetArrayLength());
                        var values = known.Zip(data.EnumerateArray()).ToDictionary(p => p.First, p => p.Second.GetRawText());
                        Assert.AreEqual(sawMine++ == 0 ? "[1.2345,1.2345]" : "[]", values["mine"]);
                        StringAssert.Contains(values["iterations"], ",");
                        break;
                }
            }

            Assert.IsTrue(known.Contains("vus"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    [DataRow(123456789.9, "123456789")]
    [DataRow(0.085529, "0.08552")]
    [DataRow(1607.68, "1607.6")]
    [DataRow(600.249, "600.24")]
    [DataRow(3.62, "3.62")]
    [DataRow(0, "0")]
    public void Values_of_the_recording_are_cut_to_five_digits(double value, string text) => Assert.AreEqual(text, Output.DashboardRecord.Short(value));

    [TestMethod]
    public void The_road_can_ask_for_the_state_and_stop_the_run_over_HTTP()
    {
        var port = FreePort();
        var tornDown = false;
        string? status = null;
        string? metrics = null;
        var asked = new Lazy<bool>(() =>
        {
            status = Request(port, "GET /v1/status", "");
            metrics = Request(port, "GET /v1/metrics", "");
            StringAssert.Contains(Request(port, "PATCH /v1/status", """{"data":{"attributes":{"vus":3}}}"""), "live VU configuration updates are not supported");
            _ = Request(port, "PATCH /v1/status", """{"data":{"type":"status","id":"default","attributes":{"stopped":true}}}""");
            return true;
        });
        var script = new FakeScript
        {
            OptionsJson = """{"vus":2,"duration":"30s"}""",
            Iteration = (vu, interrupt) =>
            {
                if (vu.IterationInScenario == 3 && vu.IdInTest == 1)
                {
                    _ = asked.Value;
                }

                return FakeScript.Sleep(20, interrupt);
            },
            Teardown = (_, _, _) => tornDown = true,
        };
        var run = EngineRun.Of(script, ["--address", $"127.0.0.1:{port}"]);
        Assert.AreEqual(103, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, "test run stopped from REST API");
        StringAssert.Contains(status, """{"data":{"type":"status","id":"default","attributes":{"status":7,"paused":false,"vus":2,"vus-max":2,"stopped":false,"running":true,"tainted":false}}}""");
        StringAssert.Contains(metrics, "\"id\":\"iterations\"");
        Assert.IsTrue(tornDown);
        Assert.IsNotNull(run.Summary);
    }

    [TestMethod]
    public void A_busy_port_is_exit_code_106_when_the_flag_asks_for_it_and_a_warning_otherwise()
    {
        using var busy = new TcpListener(System.Net.IPAddress.Loopback, 0);
        busy.Start();
        var address = $"127.0.0.1:{((System.Net.IPEndPoint)busy.LocalEndpoint).Port}";
        var flag = EngineRun.Of(new FakeScript(), ["--address", address]);
        Assert.AreEqual(106, flag.ExitCode);
        StringAssert.Contains(flag.Error, $"level=error msg=\"Error from API server\" error=\"listen tcp {address}: bind: address already in use\"");
        Assert.AreEqual(0, EngineRun.Of(new FakeScript(), environment: new() { ["K6_ADDRESS"] = address }).ExitCode);
        var outside = EngineRun.Of(new FakeScript(), ["--address", "0.0.0.0:0"]);
        Assert.AreEqual(104, outside.ExitCode);
        StringAssert.Contains(outside.Error, "KSDK0704");
    }

    [TestMethod]
    [DataRow(1.04, 5, "1.0s")]
    [DataRow(1.96, 34, "02.0s")]
    [DataRow(61, 631, "01m01.0s")]
    [DataRow(61, 3_600, "0h01m01.0s")]
    [DataRow(59.97, 631, "01m00.0s")]
    public void The_clock_has_as_many_places_as_the_whole_run_needs(double seconds, int whole, string text) =>
        Assert.AreEqual(text, ProgressFormat.Fixed(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(whole)));

    [TestMethod]
    public void The_progress_line_is_k6s()
    {
        var run = EngineRun.Of(new FakeScript
        {
            OptionsJson = """{"scenarios":{"browse":{"executor":"constant-vus","vus":2,"duration":"1500ms"},"buy":{"executor":"per-vu-iterations","startTime":"1s","iterations":3}}}""",
            Iteration = (_, interrupt) => FakeScript.Sleep(300, interrupt),
        });
        var clock = new System.Text.RegularExpressions.Regex(@"(?m)^running \(\d\dm\d\d\.\ds\), \d+/3 VUs, \d+ complete and 0 interrupted iterations$");
        Assert.IsTrue(clock.IsMatch(run.Output), run.Output);
        StringAssert.Contains(run.Output, "* browse: 2 looping VUs for 1.5s (gracefulStop: 30s)");
        StringAssert.Contains(run.Output, "K6.Sdk embedded engine");
        Assert.IsTrue(new System.Text.RegularExpressions.Regex("(?m)^browse ✓ \\[ 100% \\]").IsMatch(run.Output), run.Output);
    }

    [TestMethod]
    public void Log_records_are_k6s_in_text_and_in_JSON()
    {
        static string Write(LogFormat format)
        {
            using var text = new StringWriter();
            var log = new EngineLog(text, format);
            log.Console(LogLevel.Info, "a \"b\"\n<c>");
            log.ScriptException("Error: x\n\tat default (file:///a.js:9:26)\n", new ScenarioState("s", "shared-iterations", "default", new Dictionary<string, string>(), TagSet.Empty));
            return System.Text.RegularExpressions.Regex.Replace(text.ToString(), "\\d{4}-[^\"]*Z", "T");
        }

        Assert.AreEqual(
            """
            time="T" level=info msg="a \"b\"\n<c>" source=console
            time="T" level=error msg="Error: x\n\tat default (file:///a.js:9:26)\n" executor=shared-iterations hint="script exception" scenario=s source=stacktrace

            """.ReplaceLineEndings("\n"),
            Write(LogFormat.Text));
        Assert.AreEqual(
            """
            {"level":"info","msg":"a \"b\"\n\u003cc\u003e","source":"console","time":"T"}
            {"executor":"shared-iterations","hint":"script exception","level":"error","msg":"Error: x\n\tat default (file:///a.js:9:26)\n","scenario":"s","source":"stacktrace","time":"T"}

            """.ReplaceLineEndings("\n"),
            Write(LogFormat.Json));
    }

    /// <summary>Keys in order and kinds of values; numbers and texts that differ from run to run are left out.</summary>
    private static string Shape(JsonElement value, string name = "") => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(",", value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}:{Shape(p.Value, p.Name)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(",", value.EnumerateArray().Select(v => Shape(v))) + "]",
        JsonValueKind.Number when name is "count" or "passes" or "fails" => value.GetRawText(),
        JsonValueKind.Number => "number",
        _ => value.GetRawText(),
    };

    private static string Request(int port, string line, string body)
    {
        using var client = new TcpClient("127.0.0.1", port);
        var bytes = Encoding.UTF8.GetBytes(body);
        client.GetStream().Write(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nHost: x\r\nContent-Length: {bytes.Length}\r\n\r\n"));
        client.GetStream().Write(bytes);
        using var reader = new StreamReader(client.GetStream());
        return reader.ReadToEnd();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
