using System.Text.Json;

namespace K6.Embedded.Tests;

[TestClass]
public class CommandLineTests
{
    [TestMethod]
    [DataRow("--bogus")]
    [DataRow("-z")]
    [DataRow("-d", "5")]
    [DataRow("-d", "xx")]
    [DataRow("-u", "x")]
    [DataRow("--no-setup=5")]
    [DataRow("--include-system-env-vars=x")]
    [DataRow("-e", "A-B=1")]
    [DataRow("--summary-mode=foo")]
    [DataRow("--summary-trend-stats=p95")]
    [DataRow("--out", "nope")]
    [DataRow("--log-output=foo")]
    [DataRow("--no-summary")]
    [DataRow("-i", "2", "-s", "1s:1")]
    [DataRow("-s", "x:1")]
    [DataRow("-s", "1s:1", "-s", "1s:x")]
    [DataRow("--tag", "a")]
    [DataRow("--tag", "=a")]
    [DataRow("--config", "nope.json")]
    public void A_bad_command_line_has_k6s_message_and_code(params string[] flags)
    {
        var folder = Directory.CreateTempSubdirectory("k6-embedded-").FullName;
        try
        {
            var (code, _, error) = RealK6.Run(folder, "run", [.. flags, "-q"], "export default function () {}\n");
            var ours = EngineRun.Of(new FakeScript(), [.. flags, "-q"], folder: folder);
            Assert.AreEqual(code, ours.ExitCode, ours.Error);
            Assert.AreEqual(RealK6.Messages(error), RealK6.Messages(ours.Error));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    [DataRow("-u", "3", "-i", "6")]
    [DataRow("-d", "1s")]
    [DataRow("-s", "1s:2", "-s", "500ms:0")]
    [DataRow("-u", "2")]
    public void Flags_win_over_the_scripts_scenarios_with_k6s_warning(params string[] flags)
    {
        var folder = Directory.CreateTempSubdirectory("k6-embedded-").FullName;
        try
        {
            const string Options = """{"scenarios":{"a":{"executor":"constant-vus","duration":"9s"}},"minIterationDuration":"100ms"}""";
            var (code, output, error) = RealK6.Run(folder, "run", flags, $"export const options = {Options}; export default function () {{}}\n");
            var ours = EngineRun.Of(new FakeScript { OptionsJson = Options }, flags, folder: folder);
            Assert.AreEqual(code, ours.ExitCode, ours.Error);
            Assert.AreEqual(RealK6.Messages(error), RealK6.Messages(ours.Error));
            Assert.AreEqual(Described(output), Described(ours.Output));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static string Described(string output) => output.Split('\n').First(l => l.Contains("* default:", StringComparison.Ordinal)).Trim();
    }

    [TestMethod]
    [DataRow("KSDK0703", "--execution-segment=0:1/2")]
    [DataRow("KSDK0703", "--local-ips=10.0.0.1")]
    [DataRow("KSDK0704", "--new-machine-readable-summary")]
    [DataRow("KSDK0704", "--traces-output=otel")]
    [DataRow("KSDK0704", "--features=native-histograms")]
    [DataRow("KSDK0704", "--log-output=loki")]
    [DataRow("KSDK0705", "--out=influxdb")]
    [DataRow("KSDK0705", "--out=web-dashboard=export=a.html")]
    [DataRow("KSDK0706", "--type=archive")]
    public void What_only_k6_can_do_is_a_coded_error_before_the_load(string code, string flag)
    {
        var began = false;
        var run = EngineRun.Of(
            new FakeScript
            {
                Iteration = (_, _) =>
                {
                    began = true;
                    return Execution.IterationOutcome.Completed;
                },
            },
            [flag]);
        Assert.AreEqual(104, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, code + ": ");
        StringAssert.Contains(run.Error, "Use real k6");
        Assert.IsFalse(began);
    }

    [TestMethod]
    public void The_version_says_what_it_is()
    {
        var json = EngineRun.Of(new FakeScript(), ["--json"], command: "version").Output;
        var version = JsonDocument.Parse(json).RootElement;
        Assert.AreEqual("embedded", version.GetProperty("engine").GetString());
        Assert.AreEqual("v2.2.0", version.GetProperty("k6_compat").GetString());
        StringAssert.StartsWith(version.GetProperty("version").GetString(), "v");
        StringAssert.StartsWith(EngineRun.Of(new FakeScript(), command: "version").Output, "K6.Embedded v");
    }

    [TestMethod]
    public void The_scripts_environment_has_what_flags_and_system_give()
    {
        var seen = new Dictionary<string, string>();
        static K6.Embedded.Execution.ITestScript Keep(Dictionary<string, string> seen, Execution.ScriptLoadRequest request)
        {
            foreach (var (key, value) in request.Environment)
            {
                seen[key] = value;
            }

            return new FakeScript().Load(request);
        }

        var folder = Directory.CreateTempSubdirectory("k6-embedded-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "a.js"), "//");
            var host = new Cli.EngineHost(
                ["run", "-q", "-e", "A=1", "-e", "FROM_SYSTEM", "a.js"],
                new Dictionary<string, string> { ["FROM_SYSTEM"] = "s", ["OTHER"] = "o" },
                folder,
                TextWriter.Null,
                TextWriter.Null,
                TextReader.Null,
                request => Keep(seen, request));
            Assert.AreEqual(0, Cli.Application.Run(host));
            CollectionAssert.AreEquivalent(new[] { "A=1", "FROM_SYSTEM=s", "OTHER=o" }, seen.Select(p => $"{p.Key}={p.Value}").ToArray());
            seen.Clear();
            Assert.AreEqual(0, Cli.Application.Run(host with { Arguments = ["run", "-q", "--include-system-env-vars=false", "-e", "A=1", "-e", "K6_VUS=abc", "a.js"] }));
            CollectionAssert.AreEquivalent(new[] { "A=1", "K6_VUS=abc" }, seen.Select(p => $"{p.Key}={p.Value}").ToArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
