using K6.Embedded.Execution;
using K6.Embedded.Tests.Runtime;

namespace K6.Embedded.Tests.Http;

[TestClass]
public sealed class HttpTests
{
    private static string[] Print(LoopbackServer server, string body, string options = "{}") => ScriptHarness.Print(
        $$"""
        import http from 'k6/http';
        import { check, group, sleep } from 'k6';
        export const options = {{options}};
        const B = '{{server.Url}}';
        export default function () { {{body}} }
        """);

    private static ScriptHarness Run(LoopbackServer server, string body, string options = "{}")
    {
        var harness = ScriptHarness.Load(
            $$"""
            import http from 'k6/http';
            export const options = {{options}};
            const B = '{{server.Url}}';
            export default function () { {{body}} }
            """);
        Assert.AreEqual(IterationResult.Completed, harness.Run().Result, harness.Log);
        return harness;
    }

    [TestMethod]
    public void HttpDebug_prints_what_is_sent_and_received_with_bodies_when_it_is_full()
    {
        using var server = new LoopbackServer();
        const string Script = "http.post(B + '/post', 'salt', { headers: { 'X-Of': 'script' } });";

        var full = Run(server, Script, "{ httpDebug: 'full' }").Log;
        foreach (var part in new[] { "Request:", "POST /post HTTP/1.1", "X-Of: script", "Content-Length: 4", "salt", "Response:", "HTTP/1.1 200 OK", "http-debug" })
        {
            StringAssert.Contains(full, part);
        }

        var headers = Run(server, Script, "{ httpDebug: 'headers' }").Log;
        StringAssert.Contains(headers, "X-Of: script");
        Assert.DoesNotContain("salt", headers);
        Assert.DoesNotContain("Request:", Run(server, Script).Log);
    }

    [TestMethod]
    public void A_response_has_k6s_properties_in_k6s_order()
    {
        using var server = new LoopbackServer();
        CollectionAssert.AreEqual(
            new[]
            {
                "remote_ip,remote_port,url,status,status_text,proto,headers,cookies,body,timings,tls_version,tls_cipher_suite,ocsp,error,error_code,request,clickLink,html,json,submitForm",
                "127.0.0.1 200 200 OK HTTP/1.1  0 a, b application/json",
                "duration,blocked,looking_up,connecting,tls_handshaking,sending,waiting,receiving",
                "true true",
            },
            Print(server, """
                const r = http.get(B + '/json');
                console.log(Object.keys(r).join());
                console.log(r.remote_ip, r.status, r.status_text, r.proto, r.error, r.error_code, r.headers['X-Multi'], r.headers['Content-Type']);
                const t = r.timings;
                console.log(Object.keys(t).join());
                console.log(Math.abs(t.duration - t.sending - t.waiting - t.receiving) < 0.001, t.blocked >= t.connecting && t.connecting > 0);
                """));
    }

    [TestMethod]
    public void Waiting_is_the_time_to_the_first_byte()
    {
        using var server = new LoopbackServer();
        CollectionAssert.AreEqual(new[] { "true" }, Print(server, "http.get(B + '/x'); const t = http.get(B + '/delay/120').timings; console.log(t.waiting >= 115 && t.connecting === 0 && t.sending < t.waiting);"));
    }

    [TestMethod]
    public void A_VU_reuses_its_connection_and_noConnectionReuse_does_not()
    {
        using var server = new LoopbackServer();
        Print(server, "for (let i = 0; i < 5; i++) http.get(B + '/x');");
        Assert.AreEqual(1, server.Connections);
        Print(server, "for (let i = 0; i < 3; i++) http.get(B + '/x');", "{ noConnectionReuse: true }");
        Assert.AreEqual(4, server.Connections);
    }

    [TestMethod]
    [DataRow("http.post(B, 'raw', { headers: { 'x-a': '1' } })", "POST / HTTP/1.1", "X-A: 1", "raw")]
    [DataRow("http.put(B + '/p', { a: '1 2', b: [1, 2], n: null })", "PUT /p HTTP/1.1", "Content-Type: application/x-www-form-urlencoded", "a=1+2&b=1&b=2&n=%3Cnil%3E")]
    [DataRow("http.patch(B, new Uint8Array([65, 66]).buffer)", "PATCH / HTTP/1.1", "Content-Length: 2", "AB")]
    [DataRow("http.del(B, 'x')", "DELETE / HTTP/1.1", "Content-Length: 1", "x")]
    [DataRow("http.options(B)", "OPTIONS / HTTP/1.1", "Host: 127.0.0.1", "")]
    [DataRow("http.request('REPORT', B)", "REPORT / HTTP/1.1", "User-Agent: K6.Sdk/", "")]
    [DataRow("http.get(B + '/a b?x=|^')", "GET /a%20b?x=|^ HTTP/1.1", "", "")]
    [DataRow("http.get(B + '/a/../b')", "GET /a/../b HTTP/1.1", "", "")]
    [DataRow("http.get(B.replace('://', '://us%20er:pw@'))", "GET / HTTP/1.1", "Authorization: Basic dXMgZXI6cHc=", "")]
    [DataRow("http.get(B, { headers: { Host: 'my.host' } })", "GET / HTTP/1.1", "Host: my.host", "")]
    public void Requests_are_sent_as_k6_sends_them(string call, string line, string header, string body)
    {
        using var server = new LoopbackServer();
        var text = Print(server, $"console.log({call}.body);").Single();
        StringAssert.StartsWith(text, line);
        StringAssert.Contains(text, header);
        StringAssert.EndsWith(text, "\r\n\r\n" + body);
    }

    [TestMethod]
    public void A_file_makes_the_body_multipart()
    {
        using var server = new LoopbackServer();
        var text = Print(server, "console.log(http.post(B, { f: http.file('abc', 'n.txt', 'text/plain'), g: '1' }).body);").Single();
        StringAssert.Contains(text, "Content-Type: multipart/form-data; boundary=");
        StringAssert.Contains(text, "Content-Disposition: form-data; name=\"f\"; filename=\"n.txt\"\r\nContent-Type: text/plain\r\n\r\nabc\r\n");
        StringAssert.Contains(text, "Content-Disposition: form-data; name=\"g\"\r\n\r\n1\r\n");
    }

    [TestMethod]
    [DataRow("'http://127.0.0.1:1/'", 1212, "dial: connection refused")]
    [DataRow("'http://nosuch.invalid/'", 1101, "lookup: no such host")]
    [DataRow("B + '/hang', { timeout: 100 }", 1050, "request timeout")]
    [DataRow("B + '/hang', { timeout: '80ms' }", 1050, "request timeout")]
    [DataRow("B + '/close'", 1000, "EOF")]
    [DataRow("B + '/reset'", 1220, "read: connection reset by peer")]
    [DataRow("B + '/partial'", 1000, "unexpected EOF")]
    [DataRow("B + '/garbage'", 1000, "malformed HTTP response \"garbage\"")]
    [DataRow("B + '/badgzip'", 1701, "error decompressing response body (unexpected EOF)")]
    [DataRow("B + '/status/404'", 1404, "")]
    [DataRow("B + '/status/503'", 1503, "")]
    [DataRow("'::::'", 1020, "invalid URL: parse \"::::\": missing protocol scheme")]
    [DataRow("'http://x:port/'", 1020, "invalid URL: parse \"http://x:port/\": invalid port \":port\" after host")]
    [DataRow("'http://x/%zz'", 1020, "invalid URL: parse \"http://x/%zz\": invalid URL escape \"%zz\"")]
    [DataRow("'foo://x/'", 1000, "unsupported protocol scheme \"foo\"")]
    [DataRow("'http://a.blocked.test/'", 1111, "hostname is blocked")]
    [DataRow("'http://10.1.2.3/'", 1110, "ip is blacklisted")]
    [DataRow("B, { headers: { 'a b': '1' } }", 1000, "net/http: invalid header field name \"a b\"")]
    public void Failures_have_k6s_numbers_and_words(string arguments, int code, string error)
    {
        using var server = new LoopbackServer();
        var text = Print(server, $"const r = http.get({arguments}); console.log(r.error_code, r.error);", "{ blockHostnames: ['*.blocked.test'], blacklistIPs: ['10.0.0.0/8'] }").Single();
        Assert.AreEqual($"{code} {error}".TrimEnd(), text.TrimEnd());
    }

    [TestMethod]
    public void TLS_failures_have_k6s_numbers()
    {
        using var tls = new LoopbackServer(usesTls: true);
        using var plain = new LoopbackServer();
        CollectionAssert.AreEqual(
            new[] { "1311 x509: certificate doesn't match hostname", "1301 tls: first record does not look like a TLS handshake" },
            Print(tls, $"for (const u of [B, 'https://127.0.0.1:{plain.Port}/']) {{ const r = http.get(u); console.log(r.error_code, r.error); }}"));
    }

    [TestMethod]
    public void TLS_without_verification_works_and_is_timed()
    {
        using var server = new LoopbackServer(usesTls: true);
        CollectionAssert.AreEqual(
            new[] { "200 tls1.3 HTTP/1.1 true" },
            Print(server, "const r = http.get(B + '/x'); console.log(r.status, r.tls_version, r.proto, r.timings.tls_handshaking > 0 && r.timings.blocked >= r.timings.tls_handshaking + r.timings.connecting);", "{ insecureSkipTLSVerify: true }"));
    }

    [TestMethod]
    public void A_request_that_throws_is_thrown_with_k6s_long_text()
    {
        using var server = new LoopbackServer();
        CollectionAssert.AreEqual(
            new[] { "GoError: Get \"http://127.0.0.1:1/\": dial tcp 127.0.0.1:1: connect: connection refused" },
            Print(server, "try { http.get('http://127.0.0.1:1/'); } catch (e) { console.log(String(e)); }", "{ throw: true }"));
    }

    [TestMethod]
    public void Each_hop_of_a_redirect_is_a_sample()
    {
        using var server = new LoopbackServer();
        using var harness = Run(server, "const r = http.get(B + '/redirect/1'); console.log(r.status, r.url === B + '/end', r.request.url === B + '/redirect/1', r.body.includes('hop1=1; hop0=1'));");
        CollectionAssert.AreEqual(new[] { "200 true true true" }, harness.Printed);
        CollectionAssert.AreEqual(
            new[] { $"302 {server.Url}/redirect/1", $"302 {server.Url}/redirect/0", $"200 {server.Url}/end" },
            harness.Of("http_reqs").Select(s => $"{s.Tags.Get("status")} {s.Tags.Get("name")}").ToArray());
    }

    [TestMethod]
    [DataRow("302", "POST", "GET /end", "")]
    [DataRow("303", "PUT", "GET /end", "")]
    [DataRow("307", "POST", "POST /end", "body")]
    [DataRow("308", "PUT", "PUT /end", "body")]
    public void A_redirect_keeps_method_and_body_by_its_status(string status, string method, string line, string body)
    {
        using var server = new LoopbackServer();
        var text = Print(server, $"console.log(http.request('{method}', B + '/to?{status}&/end', 'body').body);").Single();
        StringAssert.StartsWith(text, line);
        StringAssert.EndsWith(text, "\r\n\r\n" + body);
    }

    [TestMethod]
    public void Redirects_stop_at_the_limit()
    {
        using var server = new LoopbackServer();
        using var harness = Run(server, "console.log(http.get(B + '/redirect/20').status, http.get(B + '/redirect/3', { redirects: 1 }).url, http.get(B + '/redirect/3', { redirects: 0 }).status);");
        CollectionAssert.AreEqual(new[] { $"302 {server.Url}/redirect/2 302" }, harness.Printed);
        StringAssert.Contains(harness.Log, "Stopped after 11 redirects and returned the redirection");
    }

    [TestMethod]
    public void Samples_have_k6s_metrics_and_tags()
    {
        using var server = new LoopbackServer();
        using var harness = Run(server, "http.get(B + '/status/404', { tags: { my: 't', name: 'nm' } }); http.get('http://127.0.0.1:1/');");
        var first = harness.Of("http_req_duration")[0].Tags;
        Assert.AreEqual("error_code:1404,expected_response:false,group:,method:GET,my:t,name:nm,proto:HTTP/1.1,scenario:default,status:404,url:nm", first.ToString());
        var second = harness.Of("http_req_failed")[1];
        Assert.AreEqual("error:dial: connection refused,error_code:1212,expected_response:false,group:,method:GET,name:http://127.0.0.1:1/,scenario:default,status:0,url:http://127.0.0.1:1/", second.Tags.ToString());
        Assert.AreEqual(1, second.Value);
        CollectionAssert.AreEqual(
            new[] { "http_reqs", "http_req_duration", "http_req_blocked", "http_req_connecting", "http_req_tls_handshaking", "http_req_sending", "http_req_waiting", "http_req_receiving", "http_req_failed" },
            harness.Samples.Take(9).Select(s => s.Metric.Name).ToArray());
    }

    [TestMethod]
    public void Names_come_from_templates_and_hide_passwords()
    {
        using var server = new LoopbackServer();
        using var harness = Run(server, "http.get(http.url`${B}/x?id=${5}`); http.get(B.replace('://', '://u:p@') + '/y');");
        CollectionAssert.AreEqual(
            new[] { "${}/x?id=${}", $"http://****:****@127.0.0.1:{server.Port}/y" },
            harness.Of("http_reqs").Select(s => s.Tags.Get("name")).ToArray());
    }

    [TestMethod]
    public void Expected_statuses_decide_what_fails()
    {
        using var server = new LoopbackServer();
        using var harness = Run(server, """
            http.get(B + '/status/404', { responseCallback: http.expectedStatuses(404, { min: 200, max: 299 }) });
            http.get(B + '/x', { responseCallback: null });
            http.setResponseCallback(http.expectedStatuses(500));
            http.get(B + '/x');
            """);
        CollectionAssert.AreEqual(new[] { 0d, 1d }, harness.Of("http_req_failed").Select(s => s.Value).ToArray());
    }

    [TestMethod]
    public void Bodies_are_text_binary_or_nothing()
    {
        using var server = new LoopbackServer();
        CollectionAssert.AreEqual(
            new[] { "hello abc 3 true null true", "null" },
            Print(server, """
                console.log(http.get(B + '/gzip').body, http.get(B + '/chunked').body, http.get(B + '/bytes').body.length,
                  http.get(B + '/bytes', { responseType: 'binary' }).body.byteLength === 3, http.get(B + '/x', { responseType: 'none' }).body, http.get(B + '/status/204').body === null);
                """).Concat(Print(server, "console.log(http.get(B + '/x').body);", "{ discardResponseBodies: true }")).ToArray());
    }

    [TestMethod]
    public void A_body_can_be_sent_compressed()
    {
        using var server = new LoopbackServer();
        var text = Print(server, "console.log(http.post(B, 'hello', { compression: 'gzip' }).body);").Single();
        StringAssert.Contains(text, "Content-Encoding: gzip");
    }

    [TestMethod]
    [DataRow("a.b.0.c", "1")]
    [DataRow("a.b.#", "2")]
    [DataRow("a.b.#.n", "[\"x\",\"y\"]")]
    [DataRow("d\\\\.t", "5")]
    [DataRow("nul", "null")]
    [DataRow("nope", "undefined")]
    [DataRow("a.b.#(c==2).n", "\"y\"")]
    [DataRow("a.b.#(c>=1)#.n", "[\"x\",\"y\"]")]
    [DataRow("a.b.@reverse.0.c", "2")]
    [DataRow("{d\\\\.t,nul}", "{\"t\":5,\"nul\":null}")]
    public void Json_takes_selectors(string selector, string expected)
    {
        using var server = new LoopbackServer();
        Assert.AreEqual(expected, Print(server, $"console.log(JSON.stringify(http.get(B + '/json').json('{selector}')));").Single());
    }

    [TestMethod]
    public void Json_of_what_is_none_is_k6s_error()
    {
        using var server = new LoopbackServer();
        StringAssert.StartsWith(
            Print(server, "try { http.get(B + '/bytes').json(); } catch (e) { console.log(String(e)); }").Single(),
            "GoError: cannot parse json due to an error at line 1, character 1 , error: invalid character '\\x00' looking for beginning of value");
    }

    [TestMethod]
    public void Cookies_stay_for_an_iteration()
    {
        using var server = new LoopbackServer();
        using var harness = ScriptHarness.Load($$"""
            import http from 'k6/http';
            const cookie = (r) => (/Cookie: (.*)/.exec(r.body) || [])[1];
            export default function () {
              console.log(cookie(http.get('{{server.Url}}/x')));
              http.get('{{server.Url}}/cookie?a=1;%20Path=/');
              console.log(cookie(http.get('{{server.Url}}/x', { cookies: { b: '2', a: { value: '9', replace: true } } })));
            }
            """);
        harness.Run();
        harness.Run();
        CollectionAssert.AreEqual(new[] { "undefined", "b=2; a=9", "undefined", "b=2; a=9" }, harness.Printed);
    }

    [TestMethod]
    public void A_jar_sets_finds_and_deletes_cookies()
    {
        using var server = new LoopbackServer();
        CollectionAssert.AreEqual(
            new[] { """{"a":["1"]} {"p":["2"],"a":["1"]} {}""", "j=1" },
            Print(server, """
                const jar = http.cookieJar();
                jar.set(B, 'a', '1');
                jar.set(B + '/p/q', 'p', '2', { path: '/p' });
                const before = JSON.stringify(jar.cookiesForURL(B)), inner = JSON.stringify(jar.cookiesForURL(B + '/p/x'));
                jar.delete(B, 'a');
                console.log(before, inner, JSON.stringify(jar.cookiesForURL(B)));
                const own = new http.CookieJar();
                own.set(B, 'j', '1');
                console.log(/Cookie: (.*)\r/.exec(http.get(B, { jar: own }).body)[1]);
                """));
    }

    [TestMethod]
    public void A_batch_runs_in_parallel_and_keeps_names()
    {
        using var server = new LoopbackServer();
        CollectionAssert.AreEqual(
            new[] { "true 200,200,200,200", "a,b 200 404" },
            Print(server, """
                const started = Date.now();
                const all = http.batch([B + '/delay/500', ['GET', B + '/delay/500', null, { tags: { x: 'y' } }], { method: 'GET', url: B + '/delay/500' }, B + '/delay/500']);
                console.log(Date.now() - started < 2000, all.map((r) => r.status).join());
                const named = http.batch({ a: B + '/x', b: B + '/status/404' });
                console.log(Object.keys(named).join(), named.a.status, named.b.status);
                """));
    }

    [TestMethod]
    public void AsyncRequest_gives_promises()
    {
        using var server = new LoopbackServer();
        CollectionAssert.AreEqual(
            new[] { "200,200", "1212" },
            ScriptHarness.Print($$"""
                import http from 'k6/http';
                export default async function () {
                  const both = await Promise.all([1, 2].map(() => http.asyncRequest('GET', '{{server.Url}}/delay/30')));
                  console.log(both.map((r) => r.status).join());
                  http.asyncRequest('GET', 'http://127.0.0.1:1/').then((r) => console.log(r.error_code));
                }
                """));
    }

    [TestMethod]
    [DataRow("http.get(B + '/hang')")]
    [DataRow("http.batch([B + '/hang', B + '/hang'])")]
    [DataRow("http.asyncRequest('GET', B + '/hang')")]
    public void An_interrupt_ends_a_hanging_request(string call)
    {
        using var server = new LoopbackServer();
        using var harness = ScriptHarness.Load($"import http from 'k6/http'; const B = '{server.Url}'; export default async function () {{ try {{ await {call}; }} catch (e) {{ console.log('caught'); }} }}");
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(80));
        Assert.AreEqual(IterationResult.Interrupted, harness.Run(interrupt: source.Token).Result, harness.Log);
        Assert.IsEmpty(harness.Printed);
    }

    [TestMethod]
    public void Hosts_send_names_elsewhere()
    {
        using var server = new LoopbackServer();
        var text = Print(server, "console.log(http.get('http://shop.test/x').body);", $"{{ hosts: {{ 'shop.test': '127.0.0.1:{server.Port}' }} }}").Single();
        StringAssert.Contains(text, "Host: shop.test");
    }

    [TestMethod]
    public void Bytes_are_counted_as_they_go_over_the_wire()
    {
        using var server = new LoopbackServer();
        using var harness = Run(server, "http.post(B + '/x', 'body');");
        var request = server.Heads.Single().Length + 4;
        Assert.AreEqual(request, harness.Context.TakeDataSent());
        Assert.IsGreaterThan(request, harness.Context.TakeDataReceived());
    }
}
