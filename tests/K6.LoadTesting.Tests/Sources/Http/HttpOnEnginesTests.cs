using System.Globalization;
using System.Text;

namespace K6.LoadTesting.Tests.Sources.Http;

/// <summary>What arrives at a server is what the file says, to the byte, on real k6 and on the embedded engine.</summary>
[TestClass]
public sealed class HttpOnEnginesTests
{
    private const string File_ = """
        @host = http://localhost:1
        @id = 17
        @path = products/{{id}}
        # @k6 file address host

        ### All of them
        # @name list
        GET {{host}}/{{path}}?q=a+b%20c&x={a}
            &y=ü
        Accept: application/json
        # a comment among the headers
        X-Quoted: it's "${here}" `and` \there
        X-Empty:

        ### Login
        # @name login
        POST {{host}}/login HTTP/1.1
        content-type: application/json; charset=utf-8
        User-Agent: me/1.0

        // a comment before the body
        {
            "user": "al\"ice",
            "id": {{id}},
            "text": "ünï €  `${x}` \\ 'quoted'",

            "end": true
        }


        ###
        # @no-redirect
        PUT {{host}}/orders/{{login.response.body.$.order.id}}
        Authorization: Bearer {{login.response.body.$.token}}
        X-Location: {{login.response.headers.Location}}
        X-Sent: {{login.request.headers.Content-Type}}|{{login.request.body.$.id}}

        raw {{login.response.body.$.items[1]}}
        # no comment, but a line of the body,	and a tab
        ###

        POST /form
        Content-Type: application/x-www-form-urlencoded

        a=1
        &b=two words
        &c={{id}}
        ###
        # @name file
        PATCH {{host}}/file

        < ./body.bin
        ###
        POST {{host}}/filled

        <@ filled.txt
        ###
        POST {{host}}/parts
        Content-Type: multipart/form-data; boundary=B

        --B
        Content-Disposition: form-data; name="täxt"

        {{id}}
        --B
        Content-Disposition: form-data; name="file"; filename="body.bin"

        < ./body.bin
        --B--
        ###
        # @no-cookie-jar
        DELETE {{host}}/orders/1
        Authorization: Basic alice pass:word
        ###
        OPTIONS {{host}}/options
        ###
        HEAD {{host}}/head
        X-Env: {{$processEnv WHO}}
        """;

    private static readonly byte[] Binary = [0, 1, 13, 10, 128, 255, 0x24, 0x7b];

    [TestMethod]
    [DataRow("k6", "\n")]
    [DataRow("embedded", "\n")]
    [DataRow("k6", "\r\n")]
    [DataRow("embedded", "\r\n")]
    public async Task Requests_arrive_as_they_are_written(string engine, string lineBreak)
    {
        using var server = new RecordingServer(request => request.Target switch
        {
            "/login" => new(200, """{"token":"t-1","order":{"id":42},"items":["a","b"]}""", "Location: /orders/42", "Set-Cookie: sid=s1"),
            "/orders/42" => new(302, "", "Location: /nowhere"),
            _ => new(200, "{}"),
        });
        using var project = new HttpProject();
        await File.WriteAllBytesAsync(project.Scripts.PathOf("body.bin"), Binary);
        project.Write("filled.txt", $"first {{{{id}}}}{lineBreak}last {{{{login.response.body.$.token}}}}{lineBreak}");
        project.Write("shop.http", File_.ReplaceLineEndings(lineBreak));

        var (exit, log) = await project.RunAsync(engine, [("Vus", "1"), ("Iterations", "1")], ("BASE_URL", server.Address), ("WHO", "me"));

        Assert.AreEqual(0, exit, log);
        var body = string.Join(lineBreak, File_.ReplaceLineEndings("\n").Split("before the body\n")[1].Split("\n\n\n")[0].Split('\n')).Replace("{{id}}", "17", StringComparison.Ordinal);
        var parts = File_.ReplaceLineEndings("\n").Split("boundary=B\n\n")[1].Split("\n###")[0].Replace("{{id}}", "17", StringComparison.Ordinal);
        var expected = new[]
        {
            ("GET /products/17?q=a+b%20c&x=%7Ba%7D&y=%C3%BC", ""),
            ("POST /login", body),
            ("PUT /orders/42", $"raw b{lineBreak}# no comment, but a line of the body,\tand a tab"),
            ("POST /form", "a=1&b=two words&c=17"),
            ("PATCH /file", Encoding.Latin1.GetString(Binary)),
            ("POST /filled", $"first 17{lineBreak}last t-1{lineBreak}"),
            ("POST /parts", parts),
            ("DELETE /orders/1", ""),
            ("OPTIONS /options", ""),
            ("HEAD /head", ""),
        };
        var requests = server.Requests.ToArray();
        Assert.AreEqual(string.Join('\n', expected.Select(one => one.Item1)), string.Join('\n', requests.Select(one => $"{one.Method} {one.Target}")), log);
        for (var i = 0; i < expected.Length; i++)
        {
            if (i is 4)
            {
                Assert.AreEqual(expected[i].Item2, requests[i].Body, expected[i].Item1);
            }
            else if (i is 6)
            {
                var text = Bytes(parts.Replace("\n", lineBreak, StringComparison.Ordinal)).Replace("< ./body.bin", Encoding.Latin1.GetString(Binary), StringComparison.Ordinal);
                Assert.AreEqual(text, requests[i].Body, expected[i].Item1);
            }
            else
            {
                Assert.AreEqual(Bytes(expected[i].Item2), requests[i].Body, expected[i].Item1);
            }
        }

        Assert.AreEqual("application/json", requests[0].Header("Accept"));
        Assert.AreEqual("it's \"${here}\" `and` \\there", requests[0].Header("X-Quoted"));
        Assert.AreEqual("", requests[0].Header("X-Empty"));
        Assert.AreEqual("application/json; charset=utf-8", requests[1].Header("Content-Type"));
        Assert.AreEqual("me/1.0", requests[1].Header("User-Agent"));
        Assert.AreEqual("Bearer t-1", requests[2].Header("Authorization"));
        Assert.AreEqual("/orders/42", requests[2].Header("X-Location"));
        Assert.AreEqual("application/json; charset=utf-8|17", requests[2].Header("X-Sent"));
        Assert.AreEqual("sid=s1", requests[2].Header("Cookie"));
        Assert.IsNull(requests[7].Header("Cookie"));
        Assert.AreEqual("Basic " + Convert.ToBase64String("alice:pass:word"u8), requests[7].Header("Authorization"));
        Assert.AreEqual("me", requests[9].Header("X-Env"));
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task What_was_sent_by_chance_is_what_is_referred_to(string engine)
    {
        using var server = new RecordingServer();
        using var project = new HttpProject();
        project.Write("shop.http", """
            # @k6 file address host
            @host = x
            # @name order
            POST {{host}}/orders
            X-Id: {{$guid}}

            { "key": "{{$guid}}", "n": {{$randomInt 100 200}} }
            ###
            GET {{host}}/orders/{{order.request.body.$.key}}/{{order.request.body.$.n}}/{{order.request.headers.X-Id}}
            """);

        var (exit, log) = await project.RunAsync(engine, [("Vus", "1"), ("Iterations", "1")], ("BASE_URL", server.Address));

        Assert.AreEqual(0, exit, log);
        var sent = System.Text.Json.Nodes.JsonNode.Parse(server.Requests.First().Body)!;
        Assert.AreEqual($"/orders/{sent["key"]}/{sent["n"]}/{server.Requests.First().Header("X-Id")}", server.Requests.Last().Target);
        Assert.IsTrue(Guid.TryParse((string?)sent["key"], out _));
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Functions_give_what_they_give_in_other_editors(string engine)
    {
        using var server = new RecordingServer();
        using var project = new HttpProject();
        project.Write("shop.http", """
            # @k6 file address host
            @host = x
            @fresh = {{$randomInt}}
            POST {{host}}/

            {{$guid}}|{{$randomInt 5}}|{{$randomInt 7 8}}|{{fresh}}|{{fresh}}|{{$timestamp}}|{{$timestamp -1 d}}|{{$datetime rfc1123}}|{{$datetime iso8601}}|{{$localDatetime iso8601}}|{{$datetime "yyyy" 1 y}}|{{$isoTimestamp}}|{{$random.uuid}}|{{$random.integer(3, 5)}}|{{$random.hexadecimal(6)}}|{{$random.email}}|{{$random.float(1.5, 2)}}
            """);
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);

        var (exit, log) = await project.RunAsync(engine, [("Vus", "1"), ("Iterations", "1")], ("BASE_URL", server.Address), ("TZ", "America/New_York"));

        Assert.AreEqual(0, exit, log);
        var values = server.Requests.Single().Body.Split('|');
        var after = DateTimeOffset.UtcNow.AddSeconds(1);
        Assert.IsTrue(Guid.TryParse(values[0], out _), values[0]);
        Assert.IsInRange(0, 4, int.Parse(values[1], CultureInfo.InvariantCulture));
        Assert.AreEqual("7", values[2]);
        Assert.AreNotEqual(values[3], values[4], "a variable is evaluated at each use");
        var seconds = long.Parse(values[5], CultureInfo.InvariantCulture);
        Assert.IsInRange(before.ToUnixTimeSeconds(), after.ToUnixTimeSeconds(), seconds);
        Assert.IsInRange(seconds - 86401, seconds - 86399, long.Parse(values[6], CultureInfo.InvariantCulture));
        foreach (var (value, format) in new[] { (values[7], "r"), (values[8], "o"), (values[9], "o"), (values[11], "yyyy-MM-dd'T'HH:mm:ss.fff'Z'") })
        {
            var time = DateTimeOffset.ParseExact(value, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            Assert.IsInRange(before, after, time, value);
        }

        Assert.Contains("-0", values[9][19..], "New York is behind UTC");
        Assert.AreEqual(DateTime.UtcNow.AddYears(1).Year.ToString(CultureInfo.InvariantCulture), values[10]);
        Assert.IsTrue(Guid.TryParse(values[12], out _));
        Assert.IsInRange(3, 4, int.Parse(values[13], CultureInfo.InvariantCulture));
        Assert.AreEqual(6, values[14].Length);
        Assert.EndsWith("@example.com", values[15]);
        Assert.IsInRange(1.5, 2, double.Parse(values[16], CultureInfo.InvariantCulture));
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task Dates_are_written_as_NET_writes_them(string engine)
    {
        string[] formats =
        [
            "d dd ddd dddd", "M MM MMM MMMM", "y yy yyy yyyy yyyyy", "h hh H HH", "m mm s ss", "f ff fff ffffff fffffff", "ss.FFF|ss.FF", "t tt", "%z zz zzz K", "'it' \"is\" \\d % d", "g", "yyyy-MM-dd'T'HH:mm:ss.fffzzz",
        ];
        DateTimeOffset[] moments = [new(2024, 2, 29, 0, 5, 9, 70, TimeSpan.Zero), new(1999, 12, 31, 23, 59, 59, 999, TimeSpan.Zero), new(2026, 7, 5, 12, 0, 0, TimeSpan.Zero)];
        using var project = new LoadTesting.Tests.Bundling.ScriptProject();
        project.Write("dates.ts", $$"""
            import { dateText } from 'k6-sdk';
            export default () => {
              for (const format of {{System.Text.Json.JsonSerializer.Serialize(formats)}}) {
                for (const moment of {{System.Text.Json.JsonSerializer.Serialize(moments.Select(moment => moment.ToUnixTimeMilliseconds()))}}) {
                  console.log(`<${dateText(format, new Date(moment))}>`);
                }
              }
            };
            """);
        var (exit, log) = await project.RunOnAsync(engine, await project.BundleAsync("dates.ts"), ("K6_NO_COLOR", "true"));

        Assert.AreEqual(0, exit, log);
        foreach (var format in formats.Where(format => format != "g"))
        {
            foreach (var moment in moments)
            {
                var text = moment.ToString(format, CultureInfo.InvariantCulture).Replace("\"", "\\\"", StringComparison.Ordinal);
                Assert.Contains($"<{text}>", log, format);
            }
        }
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public async Task An_answer_that_is_not_as_expected_fails_the_run(string engine)
    {
        using var server = new RecordingServer(_ => new(404, "{}"));
        using var project = new HttpProject();
        project.Write("shop.http", "# @k6 file address host\n@host = x\n# @name gone\n# @expect 404\n# @expect body contains oak\nGET {{host}}/\n");

        var (exit, log) = await project.RunAsync(engine, [("Vus", "1"), ("Iterations", "2")], ("BASE_URL", server.Address));

        Assert.AreEqual(99, exit, log);
        Assert.Contains("gone: status is 404", log);
        Assert.Contains("gone: body contains oak", log);
    }

    private static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
