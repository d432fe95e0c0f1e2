using System.Diagnostics;
using System.Text.RegularExpressions;
using K6.Embedded.Tests.Http;

namespace K6.Embedded.Tests.Runtime;

/// <summary>The same script on real k6 and here; what it prints must be the same. Without k6 on PATH these tests cannot say anything.</summary>
[TestClass]
public sealed partial class SameAsK6Tests
{
    private const string Helper = "const l = (f) => { try { console.log(f()); } catch (e) { console.log(String(e)); } };";

    [TestMethod]
    [DataRow("l(() => [3, 1, 2].toSorted()); l(() => ({ a: [1, { b: null }], c: undefined })); l(() => new Set([1])); l(() => 'x'.repeat(3)); l(() => JSON.stringify({ d: new Date(0) }));", DisplayName = "values")]
    [DataRow("for (const n of ['URL', 'Intl', 'fetch', 'structuredClone', 'setTimeout', 'TextEncoder', 'crypto', 'require', 'open', 'global', '__VU', '__ITER', 'WeakRef', 'WeakMap', 'Iterator', 'Atomics', 'GoError', 'Buffer', 'process']) l(() => n + ' ' + eval('typeof ' + n));", DisplayName = "globals")]
    [DataRow("l(() => { const { a } = { a: 1 }; return a ** 2 + (null ?? 3); }); l(() => /(?<y>\\d{4})/.exec('in 2026').groups.y); l(() => [..'abc'.matchAll ? 'abc'.matchAll(/./g) : []].length);", DisplayName = "language")]
    [DataRow("l(() => encoding.b64encode('a?>', 'url')); l(() => encoding.b64decode('YQ')); l(() => k6crypto.sha256('a', 'hex')); l(() => k6crypto.sha256('a', 'no')); l(() => k6crypto.ripemd160('abc', 'base64'));", DisplayName = "encoding and crypto")]
    [DataRow("l(() => Object.keys(exec.vu).sort()); l(() => exec.scenario.name + exec.scenario.executor); l(() => { exec.scenario.name = 'x'; }); l(() => exec.vu.iterationInScenario);", DisplayName = "execution")]
    [DataRow("l(() => check(1, { a: (x) => x === 1 })); l(() => check(1)); l(() => group('g')); l(() => group('a::b', () => 1)); l(() => fail('f'));", DisplayName = "k6")]
    [DataRow("const r = http.get(B + '/json'); l(() => r.status_text + r.proto); l(() => r.json('a.b.#.n')); l(() => r.json('d\\\\.t')); l(() => Object.keys(r)); l(() => r.headers['X-Multi']); l(() => r.url === B + '/json');", DisplayName = "response")]
    [DataRow("for (const p of ['/status/404', '/status/503', '/close', '/partial', '/garbage', '/badgzip', '/gzip', '/chunked', '/redirect/2', '/redirect/20']) { const r = http.get(B + p); l(() => [p, r.status, r.error_code, r.error, r.url.slice(B.length), typeof r.body].join(' ')); }", DisplayName = "answers")]
    [DataRow("for (const u of ['::::', 'foo://x', '/rel', 'http://x:port/', 'http://127.0.0.1:1/', 'http://x/%zz', 'http://nosuch.invalid/']) { const r = http.get(u); l(() => [r.error_code, r.error, r.url].join(' ')); }", DisplayName = "failures")]
    [DataRow("for (const f of ['d', 'v', 'gd', 'z']) { l(() => new RegExp('a', f)); l(() => RegExp('a', f)); } const r = new RegExp('a(b)', 'gi'); l(() => ['xABab'.split(r).join('|'), r.constructor === RegExp, /a/.constructor === RegExp, /x/ instanceof RegExp, RegExp.name, RegExp.$1, new RegExp(/z/g).flags].join(' ')); class R extends RegExp { hi() { return 1; } } l(() => new R('a').hi());", DisplayName = "regular expressions")]
    [DataRow("const m = exec.vu.metrics.metadata; m.a = 'x'; m.n = 5; m.b = true; l(() => typeof m.n + m.b); l(() => Object.keys(m).sort()); delete m.n; l(() => m.n); l(() => { m.o = {}; }); l(() => { exec.vu.metrics.metadata = {}; }); l(() => 'a' in m);", DisplayName = "metadata")]
    [DataRow("import('./x.js').catch((e) => l(() => typeof e + e)); import('k6/data').catch((e) => l(() => typeof e + e));", DisplayName = "import()")]
    [DataRow("const jar = http.cookieJar(); l(() => jar.set(B, 'a', '1')); l(() => jar.cookiesForURL(B)); l(() => http.get(B + '/x', { cookies: { a: '2', b: '3' } }).request.headers.Cookie.map((c) => c.split('; ').sort())); l(() => JSON.stringify(http.get(B + '/cookie?q=1;%20Max-Age=5;%20HttpOnly').cookies)); l(() => jar.set('::', 'a', '1'));", DisplayName = "cookies")]
    [DataRow("l(() => http.batch([B + '/x', { url: B + '/status/404' }]).map((r) => r.status)); l(() => http.batch()); l(() => http.batch('x')); l(() => http.expectedStatuses('a')); l(() => http.url`a${1}b`); l(() => http.post(B, 5).error);", DisplayName = "batch and helpers")]
    public async Task A_script_prints_the_same(string body)
    {
        using var server = new LoopbackServer();
        var source = $$"""
            import http from 'k6/http';
            import { check, group, sleep, fail } from 'k6';
            import exec from 'k6/execution';
            import encoding from 'k6/encoding';
            import k6crypto from 'k6/crypto';
            const B = '{{server.Url}}';
            {{Helper}}
            export default function () { {{body.Replace("[..'abc'", "[...'abc'", StringComparison.Ordinal)}} }
            """;
        using var folder = new TemporaryFolder();
        var expected = await PrintedByK6(folder.Write("main.js", source));
        CollectionAssert.AreEqual(expected, ScriptHarness.Print(source), string.Join('\n', expected));
    }

    private static async Task<string[]> PrintedByK6(string path)
    {
        var start = new ProcessStartInfo("k6", ["run", "-q", "--no-usage-report", "--summary-mode=disabled", path]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["K6_AUTO_EXTENSION_RESOLUTION"] = "false";
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Inconclusive("k6 is not on PATH: nothing to compare with");
            return [];
        }

        using (process)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var output = process!.StandardOutput.ReadToEndAsync(limit.Token);
            var error = await process.StandardError.ReadToEndAsync(limit.Token);
            await output;
            await process.WaitForExitAsync(limit.Token);
            return [.. error.Split('\n').Where(l => l.EndsWith(" source=console", StringComparison.Ordinal)).Select(TextOf)];
        }
    }

    private static string TextOf(string line)
    {
        var text = Message.Match(line).Groups[1].Value;
        return text.StartsWith('"') ? Regex.Unescape(text[1..^1]) : text;
    }

    [GeneratedRegex("msg=(.*) source=console$")]
    private static partial Regex Message { get; }
}
