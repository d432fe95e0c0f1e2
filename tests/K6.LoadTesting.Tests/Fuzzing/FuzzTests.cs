using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.History;
using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Sources.OpenApi;
using K6.LoadTesting.Tests.Plans;

namespace K6.LoadTesting.Tests.Fuzzing;

/// <summary>
/// Whatever reads what others wrote meets what nobody meant to write: it answers with a diagnostic or a <see cref="LoadTestException"/>, never with another
/// exception, a hang, or memory without bound. The same 400 inputs a reader each time; <c>K6SDK_FUZZ_SECONDS</c> and <c>K6SDK_FUZZ_SEED</c> make it hours and others.
/// </summary>
[TestClass]
public sealed class FuzzTests : IDisposable
{
    private const string Plan = """
        <K6MaxInterrupted>5%</K6MaxInterrupted>
        <K6Scenario Include="browse.ts" Vus="5" Duration="30s" Tags="a=b" />
        <K6Scenario Include="list" Pattern="RampUp" Vus="5" Duration="1m" ThinkTime="1s..2s" />
        <K6Endpoint Include="GET /products/{id}" Scenario="list" Weight="70" Parameters="id=1..200" Expect="status:200, json:$.id" />
        <K6Endpoint Include="buy" Request="POST /orders?x=1" Scenario="list" Weight="30" Body='{"id":"{n}"}' Parameters="n=S|M" Headers="A: b" />
        <K6Threshold Include="http_req_duration{name:login}" Statistic="p(95)" Below="500ms" Window="10s.." Severity="warning" />
        <K6Threshold Include="http_req_failed" Expression="rate&lt;0.01" AbortOnFail="true" DelayAbortEval="10s" />
        <K6Regression Include="http_req_duration" Statistic="p(95)" MaxIncrease="10%" />
        <K6Service Include="shop" Command="dotnet run --x 'y z'" HealthPath="/health" Port="5000" />
        <K6EnvironmentVariable Include="A" Value="b" />
        <K6Secret Include="TOKEN" File="token.txt" />
        <K6Data Include="users" Generate="id=sequence(1), name=fullName" Count="10" Seed="7" />
        <K6Output Include="csv" Argument="x.csv" />
        """;

    private const string Http = """
        @host = {{BASE_URL}}
        @id = 7

        ### List
        # @name list
        # @weight 3
        # @expect status 200
        GET {{host}}/products?page={{$randomInt 1 9}}&id={{id}}
          &more=1
        Accept: application/json

        ###
        // @think 1s
        # @threshold http_req_duration p(95)<500
        POST {{host}}/orders HTTP/1.1
        Content-Type: application/json
        X-Token: {{list.response.body.$.token}} {{$datetime iso8601 1 d}} {{$dotenv NAME}}

        { "a": {{$guid}}, "b": "{{id}}" }

        ### file
        PUT {{host}}/file
        < ./body.json
        """;

    private const string Har = """
        {"log":{"version":"1.2","pages":[{"id":"p1","title":"Home","startedDateTime":"2026-01-01T00:00:00.000Z"}],"entries":[
        {"pageref":"p1","startedDateTime":"2026-01-01T00:00:01.000Z","time":10,"request":{"method":"POST","url":"http://shop.test/login?x=1","headers":[{"name":"Content-Type","value":"application/json"},{"name":"Authorization","value":"Bearer abcdefghijklmnop"}],"cookies":[],"queryString":[],"postData":{"mimeType":"application/json","text":"{\"user\":\"ann\"}"}},
        "response":{"status":200,"headers":[{"name":"Set-Cookie","value":"sid=abc123456789; Path=/"}],"content":{"mimeType":"application/json","text":"{\"token\":\"tok-1234567890abcdef\",\"id\":42}"}}},
        {"pageref":"p1","startedDateTime":"2026-01-01T00:00:03.000Z","time":10,"request":{"method":"GET","url":"http://shop.test/items/42?token=tok-1234567890abcdef","headers":[{"name":"Cookie","value":"sid=abc123456789"}],"cookies":[]},"response":{"status":200,"headers":[],"content":{"mimeType":"text/html","text":"aGk=","encoding":"base64"}}}]}}
        """;

    private const string OpenApiJson = """
        {"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"servers":[{"url":"http://{h}/v1","variables":{"h":{"default":"x"}}}],
        "paths":{"/products/{id}":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"integer","minimum":1,"maximum":9}}],
        "get":{"operationId":"getProduct","x-k6-weight":3,"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Product"}}}}},"security":[{"key":[]}]},
        "put":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Product"},"example":{"id":1}}}},"responses":{"204":{"description":"no"}}}}},
        "components":{"securitySchemes":{"key":{"type":"apiKey","in":"header","name":"X-Key"}},"schemas":{"Product":{"type":"object","required":["id"],"properties":{"id":{"type":"integer"},"name":{"type":["string","null"],"pattern":"^[a-z]{2,5}$"},"parent":{"$ref":"#/components/schemas/Product"},"kind":{"oneOf":[{"type":"string","enum":["a","b"]},{"type":"array","items":{"type":"number"}}]}}}}}}
        """;

    private const string OpenApiYaml = """
        swagger: "2.0"
        info: { title: Shop, version: "1" }
        basePath: /v1
        definitions: &d
          A: { type: object, properties: { x: { type: string, format: date-time }, b: { $ref: '#/definitions/B' } } }
          B: { allOf: [ { $ref: '#/definitions/A' }, { type: object, properties: { n: { type: number, maximum: 3 } } } ] }
        paths:
          /a/{id}:
            post:
              parameters:
                - { name: id, in: path, required: true, type: string, enum: [x, y] }
                - { name: body, in: body, schema: { $ref: '#/definitions/B' } }
              responses: { default: { description: any, schema: { $ref: '#/definitions/A' } } }
        """;

    private const string SummaryData = """
        {"root_group":{"name":"","path":"","groups":[{"name":"g","path":"::g","groups":[],"checks":[{"name":"c","path":"::g::c","passes":3,"fails":1}]}],"checks":[]},
        "options":{"summaryTrendStats":["avg","p(95)"]},"state":{"testRunDurationMs":2000.5},
        "metrics":{"http_reqs":{"type":"counter","contains":"default","values":{"count":100,"rate":50}},"http_req_duration":{"type":"trend","contains":"time","values":{"avg":20,"p(95)":45},"thresholds":{"p(95)<40":{"ok":false}}}}}
        """;

    private const string Samples = """
        {"type":"Metric","data":{"name":"http_reqs","type":"counter","contains":"default","thresholds":[],"submetrics":null},"metric":"http_reqs"}
        {"metric":"http_reqs","type":"Point","data":{"time":"2026-01-01T00:00:00.123456Z","value":1,"tags":{"name":"home","status":"200","scenario":"browse","url":"http://x/"}}}
        {"metric":"http_req_duration","type":"Point","data":{"time":"2026-01-01T00:00:00.123456Z","value":12.25,"tags":{"name":"home","status":"200","scenario":"browse"}}}
        {"metric":"checks","type":"Point","data":{"time":"2026-01-01T00:00:01Z","value":0,"tags":{"check":"is 200"}}}
        """;

    private const string Csv = """
        metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata
        http_reqs,1767225600000000,1.000000,,,,true,,GET,home,HTTP/1.1,browse,,200,,,http://x/,a=b&c=d,
        http_req_duration,1767225600000000,12.250000,,,,true,,GET,home,HTTP/1.1,browse,,200,,,"http://x/?a=""1"",2",,
        """;

    private const string Recording = """
        {"event":"config","data":{}}
        {"event":"param","data":{"period":1000000000}}
        {"event":"metric","data":{"http_reqs":{"type":"counter","contains":"default"},"time":{"type":"gauge","contains":"time"}}}
        {"event":"start","data":[[1767225600000]]}
        {"event":"snapshot","data":[[1,1],[1767225601000]]}
        {"event":"threshold","data":{"http_reqs":["count<1"]}}
        {"event":"stop","data":[[2,1],[1767225602000]]}
        """;

    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("K6SDK_FUZZ_SEED") ?? "20261129", CultureInfo.InvariantCulture);
    private static readonly double? Seconds = Environment.GetEnvironmentVariable("K6SDK_FUZZ_SECONDS") is { Length: > 0 } seconds ? double.Parse(seconds, CultureInfo.InvariantCulture) : null;

    private readonly DeclaredProject _project = new();

    public void Dispose() => _project.Dispose();

    [TestMethod]
    public void Small_grammars() => Fuzz(
        ["p(95)<500", "rate<=0.01", "count>1e3", "500ms", "1h30m", "10 kB/s", "99.9%", "http_req_duration{name:login,scenario:a}", "10s..", "..-5s", "last 10s", "status:200, json:$.id, header:etag, <500ms", "$.items[0].id"],
        text =>
        {
            ThresholdExpression.TryParse(text, out _);
            ThresholdExpression.TryStatistic(text, out _);
            MetricSelector.TryParse(text, out _);
            ThresholdWindow.TryParse(text);
            ExpectationText.Parse(text, new SourceLocation("x", 1, 1), out _);
            ExpectationText.ParsePlace("a", "b", text, new SourceLocation("x", 1, 1), out _);
            if (K6Duration.TryParse(text, out var duration) && duration >= TimeSpan.Zero)
            {
                Assert.IsTrue(K6Duration.TryParse(K6Duration.Format(duration), out var again) && again == duration, $"{duration} is written as {K6Duration.Format(duration)}");
            }

            foreach (var metric in (string[])["http_req_duration", "http_req_failed", "data_sent", "http_reqs"])
            {
                Quantity.TryParse(text, BuiltInMetrics.Find(metric), "rate", out _);
            }
        });

    [TestMethod]
    public void Items_and_properties_of_a_project() => Fuzz([Plan], text =>
    {
        try
        {
            Diagnose(_project.Declare(text));
        }
        catch (Exception failure) when (failure is XmlException or ArgumentException { ParamName: null or "key" })
        {
            // What is no XML, or says an attribute twice, never gets past MSBuild.
        }
    });

    [TestMethod]
    public void Files_of_requests() => Fuzz([Http, File.ReadAllText(Path.Combine(Repository.Root, "samples", "Shop", "Shop.Api", "Shop.Api.http"))], text =>
        Build("requests.http", text, "<K6Scenario Include=\"requests.http\" Vus=\"1\" Duration=\"1s\" />"));

    [TestMethod]
    public void Recordings() => Fuzz([Har], text => Build("recording.har", text, "<K6Scenario Include=\"recording.har\" Vus=\"1\" Duration=\"1s\" />"));

    [TestMethod]
    public void Documents_in_JSON() => Fuzz([OpenApiJson], text => Clients("api.json", text));

    [TestMethod]
    public void Documents_in_YAML() => Fuzz([OpenApiYaml], text => Clients("api.yaml", text));

    [TestMethod]
    public void Test_data_in_CSV() => Fuzz(["name,age,ok\nann,3,true\n\"bob, jr\",4,false\n", "a;b\n1;2\n"], text => Data("users.csv", DataFormat.Csv, text));

    [TestMethod]
    public void Test_data_in_JSON() => Fuzz(["[{\"name\":\"ann\",\"age\":3,\"tags\":[\"a\"]},{\"name\":null,\"age\":4.5,\"more\":{\"x\":true}}]"], text => Data("users.json", DataFormat.Json, text));

    [TestMethod]
    public void Summaries() => Fuzz([SummaryData], text =>
    {
        try
        {
            Summary.Read(Write("summary.json", text));
        }
        catch (JsonException)
        {
            // What its reader promises; KSDK0342 comes of it.
        }
    });

    [TestMethod]
    public void Recordings_of_the_timeline() => Fuzz([Recording], text => TimelineReader.Read(Write("timeline.ndjson", text)));

    [TestMethod]
    public void Samples_and_summaries_of_runs_made_elsewhere() => Fuzz([Samples, Csv, SummaryData], text =>
    {
        var settings = new RunSettings { ResultsDirectory = _project.PathOf("TestResults"), CiReports = false };
        var plan = new LoadPlan { Project = "Load", ProjectFile = _project.File_, Settings = settings, Tests = [new TestPlan { Name = "elsewhere" }] };
        ReportRunner.Import(plan, [Write("input.json", text)], progress: null);
    });

    [TestMethod]
    public void Raw_samples() => Fuzz([Samples, Csv], text =>
    {
        try
        {
            foreach (var sample in new SamplesReader(Write("samples.csv", text)).Read())
            {
                Assert.IsNotNull(sample.Metric);
            }
        }
        catch (InvalidDataException)
        {
            // What its reader promises of a file that is something else.
        }
    });

    [TestMethod]
    public void Results() => Fuzz([JsonSerializer.Serialize(Reports.SampleResult.Mixed(), LoadTestJson.Instance.LoadTestResult)], text => ResultFile.Read(Write("loadtest.json", text)));

    [TestMethod]
    public void Histories()
    {
        var store = new HistoryStore(_project.PathOf("seed.jsonl"));
        store.Append([K6.LoadTesting.Tests.History.HistoryStoreTests.Run(100), K6.LoadTesting.Tests.History.HistoryStoreTests.Run(120, Verdict.Failed)]);
        Fuzz([File.ReadAllText(store.Path)], text => new HistoryStore(Write("history.jsonl", text)).Read([]));
    }

    [TestMethod]
    public void Output_of_engines() => Fuzz(
        ["running (0m01.0s), 2/3 VUs, 8 complete and 0 interrupted iterations", "{\"level\":\"error\",\"msg\":\"Error: no\\n\\tat default (file:///x.js:3:5(7))\\n\",\"scenario\":\"browse\",\"executor\":\"x\",\"source\":\"stacktrace\",\"time\":\"2026-01-01T00:00:00Z\"}", "{\"totalDuration\":\"1m\",\"maxVUs\":3,\"scenarios\":{\"a\":{\"executor\":\"constant-vus\",\"exec\":\"x\"}},\"thresholds\":{\"x\":[\"p(95)<1\",{\"threshold\":\"a\"}]},\"ext\":{\"k6sdk\":{}}}"],
        text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            ProgressLine.Parse(bytes);
            var log = new EngineLog([]);
            log.Add(bytes);
            Assert.IsNotNull(log.Errors);
            Assert.IsNotNull(log.Warnings);
            try
            {
                EngineRequirements.Parse(bytes);
            }
            catch (JsonException)
            {
                // What its reader promises.
            }
        });

    private static void Diagnose(ProjectDeclaration project)
    {
        var diagnostics = new List<Diagnostic>();
        var plan = LoadPlanBuilder.Build(project, diagnostics);
        Assert.AreEqual(diagnostics.Exists(one => one.Severity == DiagnosticSeverity.Error), plan is null, "a plan exists exactly when there is no error");
        foreach (var diagnostic in diagnostics)
        {
            Assert.IsFalse(diagnostic.Message.Contains('\n', StringComparison.Ordinal), $"a message of several lines: {diagnostic.Code} {diagnostic.Message}");
        }

        if (plan is not null)
        {
            SourceScripts.Write(plan, Path.Combine(project.Directory, "obj", "k6"));
        }
    }

    private void Build(string name, string text, string item)
    {
        Write(name, text);
        Diagnose(_project.Declare(item));
    }

    private void Clients(string name, string text)
    {
        var plan = new OpenApiPlan { Name = "shop", File = Write(name, text), Location = new SourceLocation(_project.File_, 1, 1) };
        var output = _project.PathOf("obj");
        OpenApiClients.Write([plan], _project.Folder, output, ["shop"], []);
    }

    private void Data(string name, DataFormat format, string text)
    {
        var plan = new DataPlan { Name = "users", Format = format, File = Write(name, text), Location = new SourceLocation(_project.File_, 1, 1) };
        DataModules.Write([plan], _project.Folder, _project.PathOf("obj"), []);
    }

    private string Write(string name, string text)
    {
        // Half of a pair of surrogates has no bytes.
        File.WriteAllBytes(_project.PathOf(name), Encoding.UTF8.GetBytes(text));
        return _project.PathOf(name);
    }

    private static void Fuzz(IReadOnlyList<string> seeds, Action<string> read)
    {
        var mutator = new Mutator(Seed, seeds);
        var clock = Stopwatch.StartNew();
        var rounds = 0;
        while (Seconds is { } most ? clock.Elapsed.TotalSeconds < most : rounds < 400)
        {
            var input = mutator.Next();
            var watch = Task.Run(() => Read(read, input));
            Assert.IsTrue(watch.Wait(TimeSpan.FromMinutes(1)), $"a minute is not enough for input {rounds} of seed {Seed}:\n{Shown(input)}");
            if (watch.Result.Failure is { } failure)
            {
                Assert.Fail($"Input {rounds} of seed {Seed}: {failure}\n{Shown(input)}");
            }

            var limit = (256L << 20) + (4000L * input.Length);
            Assert.IsLessThan(limit, watch.Result.Allocated, $"{watch.Result.Allocated >> 20} MB for input {rounds} of seed {Seed}:\n{Shown(input)}");
            rounds++;
        }

        Assert.IsGreaterThan(0, rounds);
        Console.WriteLine($"{rounds} inputs");
    }

    private static (Exception? Failure, long Allocated) Read(Action<string> read, string input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(input);
        }
        catch (LoadTestException)
        {
            // A diagnostic.
        }
        catch (Exception failure)
        {
            return (failure, 0);
        }

        return (null, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Shown(string input) => input.Length <= 4_000 ? input : $"{input[..4_000]}… ({input.Length} characters; base64 of all:\n{Convert.ToBase64String(Encoding.UTF8.GetBytes(input))})";
}
