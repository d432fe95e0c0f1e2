using System.Text.Json;
using K6.Embedded.Cli;
using K6.Embedded.Runtime;
using K6.Embedded.Tests.Http;
using K6.Embedded.Tests.Runtime;

namespace K6.Embedded.Tests;

[TestClass]
public sealed class WarmUpTests
{
    [TestMethod]
    public void It_finishes_iterations_against_its_own_listener()
    {
        // The first may be all compilation on a slow machine.
        WarmUp.Run(TimeSpan.FromSeconds(3), CancellationToken.None);

        Assert.IsGreaterThan(0, WarmUp.Run(CancellationToken.None));
    }

    [TestMethod]
    public void It_loads_scripts_before_the_users_is_known() => Assert.AreEqual(2, WarmUp.Load());

    [TestMethod]
    public void It_makes_handshakes_of_tls() => Assert.AreEqual(3, WarmUp.RunTls(TimeSpan.FromSeconds(60), CancellationToken.None));

    [TestMethod]
    public void It_is_over_when_it_gains_nothing_any_more()
    {
        Assert.IsFalse(WarmUp.HasConverged([30, 9, 8, 7, 6, 5, 5]));
        Assert.IsFalse(WarmUp.HasConverged([30, 9, 8, 7, 6, 5, 5, 5]));
        Assert.IsTrue(WarmUp.HasConverged([30, 9, 8, 7, 5, 5, 5, 5, 5, 5, 4, 5]));
    }

    [TestMethod]
    public void It_ends_at_once_when_the_run_is_interrupted() => Assert.AreEqual(0, WarmUp.Run(new CancellationToken(canceled: true)));

    [TestMethod]
    public void Nothing_of_it_is_in_samples_log_or_output_of_the_run()
    {
        using var server = new LoopbackServer();
        using var folder = new TemporaryFolder();
        var script = folder.Write("script.js", $"import http from 'k6/http'; export default function () {{ http.get('{server.Url}/'); }}");
        var output = new StringWriter();
        var error = new StringWriter();
        var host = new EngineHost(
            ["run", "--quiet", "--summary-export=summary.json", "--out=csv=samples.csv", script],
            new Dictionary<string, string>(),
            folder.Path,
            output,
            error,
            TextReader.Null,
            ScriptLoader.Load);

        Assert.AreEqual(0, Application.Run(host), error.ToString());

        Assert.AreEqual(1, server.Requests);
        Assert.AreEqual("", error.ToString());
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, "summary.json")));
        Assert.AreEqual(1, summary.RootElement.GetProperty("metrics").GetProperty("http_reqs").GetProperty("count").GetInt32());
        Assert.IsFalse(summary.RootElement.GetProperty("metrics").TryGetProperty("checks", out _));
        Assert.HasCount(1, File.ReadLines(Path.Combine(folder.Path, "samples.csv")).Where(line => line.StartsWith("http_reqs,", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("import http from 'k6/http'; export default function () {}", true)]
    [DataRow("import './helper.js'; export default function () {}", true)]
    [DataRow("const http = require('k6/http'); module.exports.default = function () {};", true)]
    [DataRow("import { check } from 'k6'; export default function () {}", false)]
    public void Only_scripts_that_import_http_ask_for_it(string source, bool expected)
    {
        using var harness = ScriptHarness.Load(source, ("helper.js", "import { get } from 'k6/http'; export const a = get;"));

        Assert.AreEqual(expected, harness.Script.UsesHttp);
    }

    [TestMethod]
    [DataRow("import http from 'k6/http'; export default function () { http.get('https://x.test'); }", true)]
    [DataRow("import http from 'k6/http'; export default function () { http.get(__ENV.SECURE); }", true)]
    [DataRow("import http from 'k6/http'; const urls = open('urls.txt'); export default function () {}", true)]
    [DataRow("import http from 'k6/http'; export default function () { http.get(__ENV.PLAIN); }", false)]
    [DataRow("import http from 'k6/http'; export default function () { http.get('http://x.test'); }", false)]
    [DataRow("export const address = 'https://x.test'; export default function () {}", false)]
    public void Tls_is_warmed_up_where_a_script_may_use_it(string source, bool expected)
    {
        using var harness = ScriptHarness.Load(source, new Dictionary<string, string> { ["SECURE"] = "https://x.test", ["PLAIN"] = "http://x.test" }, ("urls.txt", ""));

        Assert.AreEqual(expected, harness.Script.MayUseTls);
    }
}
