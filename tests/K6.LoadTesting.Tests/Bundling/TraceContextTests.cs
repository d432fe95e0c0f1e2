using System.Text.RegularExpressions;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Results;

namespace K6.LoadTesting.Tests.Bundling;

/// <summary>Requests with a trace of their own, on both engines.</summary>
[TestClass]
public sealed partial class TraceContextTests
{
    private const string Script = """
        import http, { get, request } from 'k6/http';
        import * as all from 'k6/http';
        import helper from './helper.js';
        export const options = { vus: 2, iterations: 2 };
        const url = (path) => `${__ENV.BASE_URL}/ok?${path}`;
        export default async function () {
          http.get(url('get'));
          get(url('named'), { headers: { 'X-Mine': '1' }, tags: { name: 'named' } });
          http.post(url('post'));
          all.del(url('del'), null, {});
          request('PUT', url('request'), 'body');
          helper(url('helper'));
          await http.asyncRequest('GET', url('async'));
          http.batch([url('batch1'), ['POST', url('batch2'), 'x'], { method: 'GET', url: url('batch3') }, http.url`${url('batch4')}`]);
          http.batch({ a: url('batch5') });
          http.get(url('own'), { headers: { TraceParent: '00-11111111111111111111111111111111-2222222222222222-01' } });
          if (typeof all.CookieJar !== 'function' || http.cookieJar() === undefined) throw new Error('the rest of the module is gone');
        }
        """;

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Each_request_has_a_traceparent_of_its_own_and_its_trace_is_in_the_samples(string engine)
    {
        using var server = new LoopbackServer();
        using var project = new ScriptProject();
        project.Write("helper.js", "import { get } from 'k6/http';\nexport default (url) => get(url);\n");
        project.Write("browse.js", Script);
        var samples = Path.Combine(project.Folder, "samples.csv.gz");
        var plan = project.Plan(project.Scenario("browse.js")) with { Settings = new RunSettings { TraceContext = true } };

        var (exitCode, log) = await project.RunOnAsync(
            engine, (await project.BundlesAsync(plan)).Single(),
            ("BASE_URL", $"http://127.0.0.1:{server.Port}"), ("K6_OUT", $"csv={samples}"), ("K6_CSV_TIME_FORMAT", "unix_micro"));

        Assert.AreEqual(0, exitCode, log);
        Assert.DoesNotContain("is gone", log);
        var requests = server.Requests.ToList();
        Assert.HasCount(2 * 13, requests);
        var traces = requests.Where(request => !request.Path.EndsWith("own", StringComparison.Ordinal)).Select(request => request.Headers.GetValueOrDefault("traceparent", "none")).ToList();
        foreach (var trace in traces)
        {
            StringAssert.Matches(trace, TraceParent());
        }

        CollectionAssert.AllItemsAreUnique(traces);
        Assert.IsTrue(requests.Where(request => request.Path.EndsWith("own", StringComparison.Ordinal)).All(request => request.Headers["traceparent"].StartsWith("00-1111", StringComparison.Ordinal)), "the script's own stays");
        Assert.IsTrue(requests.Where(request => request.Path.EndsWith("named", StringComparison.Ordinal)).All(request => request.Headers["x-mine"] == "1"));
        Assert.IsTrue(requests.Where(request => request.Path.EndsWith("request", StringComparison.Ordinal)).All(request => request.Method == "PUT"));
        Assert.HasCount(2, requests.Where(request => request.Path.EndsWith("batch1", StringComparison.Ordinal) || request.Path.EndsWith("batch4", StringComparison.Ordinal)).Select(request => request.Headers["traceparent"].Split('-')[1]).Distinct().ToList());

        var slowest = SlowestRequests.Read(samples, DateTimeOffset.UnixEpoch);
        Assert.HasCount(10, slowest);
        var sent = requests.Select(request => request.Headers["traceparent"].Split('-')[1]).ToHashSet();
        Assert.IsTrue(slowest.All(one => sent.Contains(one.TraceId) && one.Status == 200 && one.Method.Length > 0 && one.Scenario == "default"), string.Join('\n', slowest));
        CollectionAssert.AreEqual(slowest.OrderByDescending(one => one.Duration).ToList(), slowest.ToList());
    }

    [TestMethod]
    public async Task Without_the_switch_nothing_of_it_is_in_the_bundle()
    {
        using var project = new ScriptProject();
        project.Write("browse.js", "import http from 'k6/http';\nexport default () => http.get('http://127.0.0.1/');\n");

        var plain = await File.ReadAllTextAsync((await project.BundleAsync("browse.js")).File);
        var traced = await project.BundlesAsync(project.Plan(project.Scenario("browse.js")) with { Settings = new RunSettings { TraceContext = true } });

        Assert.DoesNotContain("traceparent", plain);
        Assert.Contains("traceparent", await File.ReadAllTextAsync(traced.Single().File));
    }

    [GeneratedRegex("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$")]
    private static partial Regex TraceParent();
}
