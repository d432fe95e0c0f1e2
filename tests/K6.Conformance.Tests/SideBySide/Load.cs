using K6.LoadTesting.Tests;

namespace K6.Conformance.Tests.SideBySide;

/// <summary>How close the two engines must be to each other, or to the truth.</summary>
internal enum Rule
{
    /// <summary>The same exit code, log, checks, metrics, samples with their tags, requests and connections.</summary>
    Exact,

    /// <summary>As many arrivals as the closed form of the schedule says, within one, each at its time.</summary>
    Schedule,

    /// <summary>Counts inside the band of ten recorded runs of k6.</summary>
    Band,

    /// <summary>p50 within 1 ms or 5 %, p95 within 2 ms or 10 % of k6 in the same interleaved rounds.</summary>
    Latency,
}

/// <summary>A load that both engines make.</summary>
/// <param name="Name">Its name in tests, in the recording and on the page.</param>
/// <param name="Rule">What must hold.</param>
/// <param name="Says">What it is, for the page.</param>
/// <param name="Options">The script's options as JSON.</param>
internal sealed record Load(string Name, Rule Rule, string Says, string Options)
{
    /// <summary>After how many milliseconds the server answers.</summary>
    public int Delay { get; init; } = 20;

    /// <summary>How many milliseconds an iteration rests.</summary>
    public int Sleep { get; init; }

    /// <summary>Constant or ramping arrival rates as the rate per second at the beginning and the stages; null for other executors.</summary>
    public Arrivals? Arrivals { get; init; }

    /// <summary>All loads, in the order of the page.</summary>
    public static IReadOnlyList<Load> All { get; } =
    [
        new("shared-iterations", Rule.Exact, "4 VUs share 40 iterations", One("""{"executor":"shared-iterations","vus":4,"iterations":40}""")),
        new("per-vu-iterations", Rule.Exact, "4 VUs, 8 iterations each", One("""{"executor":"per-vu-iterations","vus":4,"iterations":8}""")),
        new("two-scenarios", Rule.Exact, "two scenarios with tags, the second after 500 ms; its iterations throw", """
            {"scenarios":{
              "first":{"executor":"shared-iterations","vus":2,"iterations":10,"tags":{"part":"a"}},
              "second":{"executor":"per-vu-iterations","vus":2,"iterations":3,"startTime":"500ms","exec":"failing","tags":{"part":"b"}}}}
            """),
        new("thresholds", Rule.Exact, "one threshold holds, two are crossed, one of them of a submetric", """
            {"vus":2,"iterations":10,"thresholds":{"checks":["rate==1"],"http_req_failed":["rate<0.1"],"orders{kind:write}":["count<20"]}}
            """),
        new("abort", Rule.Exact, "`exec.test.abort` in the seventh iteration", One("""{"executor":"shared-iterations","vus":1,"iterations":20,"exec":"aborting"}""")),
        new("fail", Rule.Exact, "`exec.test.fail` in the fourth iteration", One("""{"executor":"shared-iterations","vus":1,"iterations":8,"exec":"marking"}""")),

        new("constant-arrival-rate", Rule.Schedule, "50 per second for 2 s", One("""{"executor":"constant-arrival-rate","rate":50,"duration":"2s","preAllocatedVUs":20}"""))
            { Arrivals = new(50, (2, 50)) },
        new("constant-arrival-rate-unit", Rule.Schedule, "30 per 700 ms for 2.1 s", One("""{"executor":"constant-arrival-rate","rate":30,"timeUnit":"700ms","duration":"2100ms","preAllocatedVUs":20}"""))
            { Arrivals = new(30 / 0.7, (2.1, 30 / 0.7)) },
        new("ramping-arrival-rate", Rule.Schedule, "from 0 to 80 per second in 1 s, on at 80, down to 0 in 1 s", One("""{"executor":"ramping-arrival-rate","startRate":0,"preAllocatedVUs":20,"stages":[{"duration":"1s","target":80},{"duration":"500ms","target":80},{"duration":"1s","target":0}]}"""))
            { Arrivals = new(0, (1, 80), (0.5, 80), (1, 0)) },
        new("ramping-arrival-rate-jump", Rule.Schedule, "20 per second, at once 60, down to 10", One("""{"executor":"ramping-arrival-rate","startRate":20,"preAllocatedVUs":20,"stages":[{"duration":"1s","target":20},{"duration":"0s","target":60},{"duration":"1s","target":10}]}"""))
            { Arrivals = new(20, (1, 20), (0, 60), (1, 10)) },

        new("constant-vus", Rule.Band, "5 VUs for 2 s", One("""{"executor":"constant-vus","vus":5,"duration":"2s"}""")) { Sleep = 70 },
        new("ramping-vus", Rule.Band, "0 to 6 VUs and back in 2.4 s", One("""{"executor":"ramping-vus","startVUs":0,"gracefulRampDown":"1s","stages":[{"duration":"1200ms","target":6},{"duration":"1200ms","target":0}]}""")) { Sleep = 58 },
        new("shared-iterations-cut-off", Rule.Band, "3 VUs, 1000 iterations, cut off after 2 s", One("""{"executor":"shared-iterations","vus":3,"iterations":1000,"maxDuration":"2s"}""")) { Sleep = 61 },
        new("too-few-vus", Rule.Band, "40 per second for 2 s with 2 VUs: some are dropped", One("""{"executor":"constant-arrival-rate","rate":40,"duration":"2s","preAllocatedVUs":2}""")) { Delay = 60 },

        new("latency", Rule.Latency, "4 VUs, 25 iterations each, answers after 20 ms", One("""{"executor":"per-vu-iterations","vus":4,"iterations":25}""")) { Sleep = 5 },
        new("latency-longer", Rule.Latency, "2 VUs, 12 iterations each, answers after 60 ms", One("""{"executor":"per-vu-iterations","vus":2,"iterations":12}""")) { Delay = 60 },
    ];

    /// <summary>Those of a rule, for tests.</summary>
    public static IEnumerable<object[]> Names(Rule rule) => All.Where(l => l.Rule == rule).Select(l => new object[] { l.Name });

    /// <summary>The one of that name.</summary>
    public static Load Named(string name) => All.Single(l => l.Name == name);

    /// <summary>The load as a case, which the runner of the cases runs on either engine.</summary>
    public ConformanceCase ToCase()
    {
        var script = Path.Combine(Repository.Root, "tests", "K6.Conformance.Tests", "SideBySide", "loads", Rule == Rule.Exact ? "mixed.js" : "wait.js");
        return new ConformanceCase
        {
            Name = "side-by-side/" + Name,
            Script = script,
            Text = File.ReadAllText(script),
            Arguments = ["--summary-trend-stats=med,p(95)"],
            Environment = new Dictionary<string, string> { ["OPTIONS"] = Options, ["DELAY"] = $"{Delay}", ["SLEEP"] = $"{Sleep}" },
            IsUnordered = true,
            // Where in a line an exception was is one of the known differences.
            Varying = [@"(?<=\.js:\d+):\d+\(\d+\)"],
            NeedsProcess = true,
        };
    }

    private static string One(string scenario) => """{"scenarios":{"load":""" + scenario + "}}";
}
