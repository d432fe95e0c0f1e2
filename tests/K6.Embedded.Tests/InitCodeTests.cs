using K6.Embedded.Cli;
using K6.Embedded.Execution;
using K6.Embedded.Metrics;
using K6.Embedded.Runtime;
using K6.Embedded.Tests.Runtime;
using TestRun = K6.Embedded.Execution.TestRun;

namespace K6.Embedded.Tests;

[TestClass]
public sealed class InitCodeTests
{
    [TestMethod]
    [Timeout(30_000, CooperativeCancellation = true)]
    [DataRow("while (true) {} export default function () {}")]
    [DataRow("await new Promise((resolve) => setTimeout(resolve, 1000000)); export default function () {}")]
    public void Init_code_that_never_ends_is_interrupted(string source)
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var test = new TestState(new EngineLog(TextWriter.Null, LogFormat.Json), new MetricRegistry());
        var request = new ScriptLoadRequest(folder.Write("main.js", source), null, new Dictionary<string, string>(), test) { Interrupt = stop.Token };

        Assert.Throws<OperationCanceledException>(() => TestRun.OnScriptThread(() => ScriptLoader.Load(request)));
    }

    [TestMethod]
    [Timeout(30_000, CooperativeCancellation = true)]
    public void So_is_the_init_code_of_a_virtual_user()
    {
        using var harness = ScriptHarness.Load("if (__VU > 0) while (true) {} export default function () {}");
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        Assert.Throws<OperationCanceledException>(() => TestRun.OnScriptThread(() => harness.Script.CreateVu(harness.Context, stop.Token)));
    }

    [TestMethod]
    public void Metadata_goes_with_samples_in_csv()
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write(
            "script.js",
            """
            import exec from 'k6/execution';
            import { Counter } from 'k6/metrics';
            const c = new Counter('mine');
            export const options = { iterations: 2, systemTags: ['vu', 'iter'] };
            export default function () { c.add(1); exec.vu.metrics.metadata.b = 'x,y'; c.add(2); }
            """);
        var error = new StringWriter();
        var host = new EngineHost(
            ["run", "--quiet", "--summary-mode=disabled", "--out=csv=samples.csv", script], new Dictionary<string, string>(), folder.Path, TextWriter.Null, error, TextReader.Null, ScriptLoader.Load);

        Assert.AreEqual(0, Application.Run(host), error.ToString());

        var metadata = File.ReadLines(Path.Combine(folder.Path, "samples.csv")).Where(line => line.StartsWith("mine,", StringComparison.Ordinal)).Select(line => line.Split(',', 5)[4]);
        CollectionAssert.AreEqual((string[])["iter=0&vu=1", "\"b=x,y&iter=0&vu=1\"", "\"b=x,y&iter=1&vu=1\"", "\"b=x,y&iter=1&vu=1\""], metadata.ToArray());
    }
}
