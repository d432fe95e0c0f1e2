using System.Text.Json;
using System.Text.Json.Nodes;

namespace K6.Embedded.Tests;

[TestClass]
public class InspectTests
{
    public static IEnumerable<object[]> Options()
    {
        string[] all =
        [
            // shortcuts
            "null", "{}", """{"vus":3}""", """{"vus":3,"stages":[]}""", """{"vus":3,"stages":[{"duration":"1s","target":2}]}""",
            """{"vus":0,"duration":"1s"}""", """{"vus":5,"iterations":2}""", """{"iterations":0}""", """{"scenarios":{}}""", """{"duration":"0s"}""",
            """{"vus":3,"scenarios":{"a":{"executor":"shared-iterations"}}}""", """{"duration":"1s","iterations":5,"vus":2}""",
            """{"duration":"1s","stages":[{"duration":"1s","target":1}]}""", """{"iterations":1,"scenarios":{"a":{"executor":"constant-vus","duration":"1s"}}}""",
            """{"VUS":3,"Iterations":3}""", """{"vus":1,"duration":"1d12h"}""", """{"vus":1,"duration":1500}""", """{"vus":1,"duration":"90"}""",
            // executors
            """{"scenarios":{"s":{"executor":"constant-vus"}}}""", """{"scenarios":{"s":{"executor":"constant-vus","vus":0,"duration":"500ms"}}}""",
            """{"scenarios":{"s":{"executor":"ramping-vus"}}}""", """{"scenarios":{"s":{"executor":"ramping-vus","stages":[{"duration":"1s"},{"target":2}]}}}""",
            """{"scenarios":{"s":{"executor":"ramping-vus","startVUs":-1,"stages":[{"duration":"-1s","target":-1}]}}}""",
            """{"scenarios":{"s":{"executor":"ramping-vus","startVUs":0,"stages":[{"duration":"1s","target":0}]}}}""",
            """{"scenarios":{"s":{"executor":"constant-arrival-rate"}}}""",
            """{"scenarios":{"s":{"executor":"constant-arrival-rate","rate":0,"timeUnit":"0s","duration":"1s","preAllocatedVUs":5,"maxVUs":2}}}""",
            """{"scenarios":{"s":{"executor":"constant-arrival-rate","rate":1,"duration":"1s","preAllocatedVUs":0}}}""",
            """{"scenarios":{"s":{"executor":"ramping-arrival-rate"}}}""", """{"scenarios":{"s":{"executor":"ramping-arrival-rate","startRate":-1,"preAllocatedVUs":1,"stages":[{"duration":"1s","target":1}]}}}""",
            """{"scenarios":{"s":{"executor":"shared-iterations","vus":5,"iterations":2,"maxDuration":"100ms"}}}""",
            """{"scenarios":{"s":{"executor":"per-vu-iterations","iterations":0}}}""",
            """{"scenarios":{"a b":{"executor":"per-vu-iterations"}}}""", """{"scenarios":{"s":{"executor":"per-vu-iterations","exec":""}}}""",
            """{"scenarios":{"s":{"executor":"per-vu-iterations","exec":"nope"}}}""", """{"scenarios":{"s":{"executor":"per-vu-iterations","startTime":"-1s","gracefulStop":"-1s"}}}""",
            """{"scenarios":{"s":{"executor":"nope"}}}""", """{"scenarios":{"s":{"vus":1}}}""", """{"scenarios":{"s":null}}""", """{"scenarios":[]}""",
            """{"scenarios":{"s":{"executor":"constant-vus","duration":"1s","foo":1}}}""", """{"scenarios":{"s":{"executor":"constant-vus","duration":"1s","rate":1}}}""",
            """{"scenarios":{"s":{"executor":"constant-vus","duration":"1s","vus":1.5}}}""", """{"scenarios":{"s":{"executor":"constant-vus","duration":"1s","vus":"2"}}}""",
            """{"scenarios":{"s":{"executor":"constant-vus","duration":"1s","tags":{"a":1}}}}""", """{"scenarios":{"s":{"executor":"constant-vus","duration":"1x"}}}""",
            """{"scenarios":{"s":{"executor":"constant-vus","duration":"1s","env":{"A":"b"},"tags":{"c":"d"},"exec":"default"}}}""",
            """{"scenarios":{"s":{"executor":"constant-vus","duration":"1s","options":{"foo":1}}}}""",
            // what several scenarios need together
            """{"scenarios":{"b":{"executor":"constant-arrival-rate","rate":1,"duration":"10s","preAllocatedVUs":2,"maxVUs":5},"a":{"executor":"ramping-vus","stages":[{"duration":"3s","target":3},{"duration":"3s","target":0}]},"c":{"executor":"ramping-vus","startTime":"20s","gracefulStop":"0s","stages":[{"duration":"3s","target":30},{"duration":"3s","target":0}]}}}""",
            """{"scenarios":{"a":{"executor":"ramping-vus","gracefulRampDown":"1s","startVUs":10,"stages":[{"duration":"4s","target":0},{"duration":"10s","target":0}]},"b":{"executor":"constant-vus","vus":4,"startTime":"4s","duration":"3s"}}}""",
            """{"scenarios":{"a":{"executor":"ramping-vus","gracefulRampDown":"2s","gracefulStop":"1s","startVUs":10,"stages":[{"duration":"2s","target":5},{"duration":"2s","target":8},{"duration":"0s","target":1},{"duration":"5s","target":1}]},"b":{"executor":"shared-iterations","vus":4,"iterations":9,"startTime":"5s","maxDuration":"3s"}}}""",
            // values of the wrong kind
            """{"vus":"a"}""", """{"vus":1.5}""", """{"vus":true}""", """{"duration":"5x"}""", """{"duration":true}""", """{"stages":5}""", """{"stages":[{"duration":"1s","target":"x"}]}""",
            """{"tags":{"a":1}}""", """{"tags":[]}""", """{"systemTags":"foo"}""", """{"setupTimeout":"x"}""", """{"noSetup":"true"}""", """{"noSetup":1}""", """{"userAgent":5}""",
            """{"dns":{"ttl":"x"}}""", """{"tlsVersion":"x"}""", """{"blacklistIPs":["x"]}""", """{"ext":5}""", """{"summaryTrendStats":["p95"]}""", """{"summaryTrendStats":["p(101)"]}""",
            "5", "\"abc\"", "[]", """{"setupTimeout":0}""", """{"noSetup":true,"setupTimeout":-1}""", """{"teardownTimeout":0}""",
            // other options
            """{"foo":1,"bar":2}""", """{"noUsageReport":true,"linger":true}""", """{"systemTags":["vu","url","foo"]}""", """{"rps":-1,"batch":0,"minIterationDuration":1500}""",
            """{"ext":{"x":{"z":1,"a":[1,{"d":1,"c":2}]}},"tags":{"z":"1","a":"2"},"hosts":{"a.b":"1.2.3.4:80"},"tlsVersion":{"min":"tls1.2"},"blacklistIPs":["10.0.0.1/8"],"blockHostnames":["*.x"],"dns":{"ttl":"5m","select":"first"}}""",
            """{"tlsVersion":"tls1.2","tlsCipherSuites":["TLS_RSA_WITH_RC4_128_SHA"],"discardResponseBodies":true,"noCookiesReset":false}""",
            """{"handleSummaryTimeout":"5s","metricSamplesBufferSize":5,"paused":false,"httpDebug":"full","throw":true,"insecureSkipTLSVerify":true}""",
            // thresholds
            """{"thresholds":{"iterations":[{"threshold":"count>0","abortOnFail":true,"delayAbortEval":"5s"},"rate>0",{"threshold":"count>1"},{"threshold":"count>2","delayAbortEval":1500}],"checks":[]}}""",
            """{"thresholds":{"iterations":"count>0"}}""", """{"thresholds":[]}""", """{"thresholds":{"a":[1]}}""", """{"thresholds":{"iterations":[{"threshold":"count>0","abortOnFail":"x"}]}}""",
            """{"thresholds":{"iterations":[{"threshold":"count>0","delayAbortEval":"x"}]}}""", """{"thresholds":{"iterations":[{"abortOnFail":true}]}}""",
            """{"thresholds":{"nosuch":["count>0"]}}""", """{"thresholds":{"nosuch{a:b}":["count>0"]}}""", """{"thresholds":{"http_req_duration":["count<500"]}}""", """{"thresholds":{"vus":["count<500"]}}""",
            """{"thresholds":{"http_req_duration{a":["avg<500"]}}""", """{"thresholds":{"http_req_duration{a}":["avg<500"]}}""", """{"thresholds":{"http_req_duration{}":["avg<500"]}}""",
            """{"thresholds":{"http_req_duration{a:}":["avg<500"]}}""", """{"thresholds":{"http_req_duration{a:1}x":["avg<500"]}}""", """{"thresholds":{"http_req_duration{a:p,q}":["avg<500"]}}""",
            """{"thresholds":{"http_req_duration{vu:1}":["avg<500"]}}""", """{"thresholds":{" http_reqs{ a:1 , b:'x y' } ":["count>1"]}}""", """{"thresholds":{"http_req_duration}a{":["avg<500"]}}""",
        ];
        return all.Select(options => new object[] { options });
    }

    public static IEnumerable<object[]> Expressions()
    {
        string[] all =
        [
            "p(95)<500", " p(95)  <  500 ", "p(95)<5e2", "p(95)<500ms", "p(95)=500", "p(95)===0", "p<500", "p(0)>=0", "p( 95 )<5", "p(-1)<5", "p(NaN)<5", "P(95)<5", "avg<1 && max<2",
            "avg<-1", "avg<+5", "avg<Inf", "avg<0x10", "avg<1_000", "avg<.5", "median<5", "count<5", "", "rate<0.1", "avg<>5", "avg=<5", "p(99.99)<1", "p(101)<1", "p(95)<500;", "avg!==5", "value<5",
        ];
        return all.Select(expression => new object[] { expression });
    }

    [TestMethod]
    public void A_duration_without_VUs_means_one_VU_as_in_a_run()
    {
        // k6's own inspect says "the number of VUs must be more than 0" here, and its run takes one VU.
        var inspected = EngineRun.Of(new FakeScript { OptionsJson = """{"duration":"1s"}""" }, ["--execution-requirements"], command: "inspect");
        Assert.AreEqual(0, inspected.ExitCode, inspected.Error);
        StringAssert.Contains(inspected.Output, "\"maxVUs\": 1");
    }

    [TestMethod]
    [DynamicData(nameof(Options))]
    public void Options_are_read_merged_and_checked_as_k6_does(string options) => CompareWithK6(options, ["--execution-requirements"]);

    [TestMethod]
    [DynamicData(nameof(Expressions))]
    public void Threshold_expressions_are_read_as_k6_does(string expression) =>
        CompareWithK6("{\"thresholds\":{\"http_req_duration\":[" + JsonSerializer.Serialize(expression) + "]}}", ["--execution-requirements"]);

    [TestMethod]
    public void Without_the_switch_the_scripts_own_options_are_printed() =>
        CompareWithK6("""{"vus":3,"thresholds":{"http_req_duration":["p(95)<500"]},"scenarios":{"a":{"executor":"constant-vus"}}}""", [], new() { ["K6_ITERATIONS"] = "7" });

    [TestMethod]
    public void The_environment_wins_over_the_script() =>
        CompareWithK6(
            """{"userAgent":"script","scenarios":{"a":{"executor":"constant-vus","duration":"1s"}},"thresholds":{"iterations":["count>0"]}}""",
            ["--execution-requirements"],
            new() { ["K6_VUS"] = "4", ["K6_STAGES"] = "1s:5,2s:0", ["K6_USER_AGENT"] = "env", ["K6_TAGS"] = "a:b,c:d", ["K6_SETUP_TIMEOUT"] = "5s", ["K6_NO_TEARDOWN"] = "true" });

    [TestMethod]
    [DataRow("K6_VUS", "abc")]
    [DataRow("K6_VUS", "5")]
    [DataRow("K6_DURATION", "xx")]
    [DataRow("K6_NO_THRESHOLDS", "maybe")]
    [DataRow("K6_THRESHOLDS", "x")]
    [DataRow("K6_STAGES", "x:1")]
    [DataRow("K6_TAGS", "a")]
    [DataRow("K6_NO_SETUP", "x")]
    [DataRow("K6_THRESHOLDS", "iterations:count>1")]
    [DataRow("K6_SUMMARY_TREND_STATS", "p95")]
    [DataRow("K6_RPS", "3")]
    [DataRow("K6_CONFIG", "/nope.json")]
    public void Variables_are_read_as_k6_does(string name, string value) =>
        CompareWithK6("""{"scenarios":{"a":{"executor":"constant-vus","duration":"1s"}}}""", ["--execution-requirements"], new() { [name] = value });

    [TestMethod]
    [DataRow("""{"vus":3,"scenarios":{"x":{"executor":"per-vu-iterations"}},"tags":{"a":"b"},"nosuchkey":1}""", "{}")]
    [DataRow("""{"scenarios":{"x":{"executor":"per-vu-iterations"}},"thresholds":{"iterations":["count>9"]}}""", """{"vus":2,"iterations":4}""")]
    [DataRow("""{"scenarios":{"x":{"executor":"per-vu-iterations","foo":1}}}""", "{}")]
    [DataRow("""{"vus":2.0}""", "{}")]
    [DataRow("""{"tags":{"a":5}}""", "{}")]
    [DataRow("""{"thresholds":{"iterations":["p95<1"]}}""", "{}")]
    public void The_configuration_file_is_the_weakest_layer(string config, string options)
    {
        var folder = Directory.CreateTempSubdirectory("k6-embedded-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "c.json"), config);
            CompareWithK6(options, ["--execution-requirements", "--config", "c.json"], folder: folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void CompareWithK6(string options, string[] flags, Dictionary<string, string>? environment = null, string? folder = null)
    {
        var own = folder is null ? Directory.CreateTempSubdirectory("k6-embedded-").FullName : folder;
        try
        {
            var (code, output, error) = RealK6.Run(own, "inspect", flags, $"export const options = {options}; export default function () {{}}\n", environment);
            var ours = EngineRun.Of(new FakeScript { OptionsJson = Sorted(options) }, flags, environment, "inspect", own);
            Assert.AreEqual(RealK6.Messages(error).Replace(own, "", StringComparison.Ordinal), RealK6.Messages(ours.Error).Replace(own, "", StringComparison.Ordinal));
            Assert.AreEqual(code, ours.ExitCode);
            Assert.AreEqual(output, ours.Output);
        }
        finally
        {
            if (folder is null)
            {
                Directory.Delete(own, recursive: true);
            }
        }
    }

    /// <summary>As a script's JSON.stringify gives it; the order of keys is the script's.</summary>
    private static string Sorted(string options) => JsonNode.Parse(options)?.ToJsonString() ?? "null";
}
