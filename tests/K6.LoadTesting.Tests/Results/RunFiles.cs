using System.Text.Json.Nodes;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Services.Monitoring;
using TestResult = K6.LoadTesting.Results.TestResult;

namespace K6.LoadTesting.Tests.Results;

/// <summary>The files that an engine leaves behind, told in the words of a test. A healthy run of one scenario unless changed.</summary>
internal sealed class RunFiles : IDisposable
{
    public const string Script = "/shop/browse.ts";
    public const string Project = "/shop/Shop.LoadTests.csproj";

    private readonly JsonObject metrics = [];
    private readonly JsonObject scenarios = [];
    private readonly JsonArray merged = [];
    private readonly JsonArray checks = [];
    private readonly List<string> record = [];
    private readonly List<ThresholdPlan> declared = [];
    private readonly List<ScriptThreshold> literals = [];

    public RunFiles(bool healthy = true)
    {
        Directory.CreateDirectory(Folder);
        Run = new EngineRun
        {
            Test = "browse",
            Engine = new EngineInfo("k6", "2.2.0", "/usr/bin/k6"),
            StartTime = DateTimeOffset.UtcNow.AddSeconds(-1),
            EndTime = DateTimeOffset.UtcNow.AddSeconds(30),
            Outcome = EngineOutcome.Completed,
            Folder = Folder,
            LastProgress = new EngineProgress(TimeSpan.FromSeconds(10), 0, 5, 100, 0),
        };
        if (healthy)
        {
            Scenario("browse", 100);
            Counter("iterations", 100).Counter("http_reqs", 200).Rate("http_req_failed", passes: 2, fails: 198)
                .Trend("http_req_duration", count: 200, ("avg", 20), ("p(95)", 412.37));
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("k6sdk-run-").FullName;

    public string Folder => Path.Combine(Root, "browse");

    public string SummaryFile => Path.Combine(Folder, "k6-summary.json");

    public EngineRun Run { get; set; }

    public RunSettings Settings { get; set; } = new();

    /// <summary>Seconds of what was watched, the first one a second after the start of the run.</summary>
    public List<Observation> Observations { get; } = [];

    /// <summary>A metric of something that was watched, a value a second.</summary>
    public RunFiles Observed(MonitoredKind kind, string name, string metric, params double[] values)
    {
        Observations.Add(new Observation(kind, name, [.. values.Select((value, index) =>
            new MonitoredSample(Run.StartTime.AddSeconds(index + 1), new Dictionary<string, double> { [metric] = value }))]));
        return this;
    }

    public List<string> Literals { get; } = ["browse", "page", "login"];

    public List<Diagnostic> Diagnostics { get; } = [];

    public RunFiles Counter(string name, double count) =>
        Metric(name, "counter", "default", new JsonObject { ["count"] = count, ["rate"] = count / 10 });

    public RunFiles Rate(string name, long passes, long fails) => Metric(name, "rate", "default", new JsonObject
    {
        ["rate"] = passes + fails == 0 ? 0 : (double)passes / (passes + fails),
        ["passes"] = passes,
        ["fails"] = fails,
    });

    public RunFiles Gauge(string name, double value) =>
        Metric(name, "gauge", "default", new JsonObject { ["value"] = value, ["min"] = value, ["max"] = value });

    public RunFiles Trend(string name, long count, params (string Statistic, double Value)[] values)
    {
        var all = new JsonObject { ["count"] = count, ["avg"] = 0, ["min"] = 0, ["med"] = 0, ["max"] = 0, ["p(90)"] = 0, ["p(95)"] = 0, ["p(99)"] = 0 };
        foreach (var (statistic, value) in values)
        {
            all[statistic] = value;
        }

        return Metric(name, "trend", "time", all);
    }

    public RunFiles Scenario(string name, long iterations, string executor = "constant-vus", string? gracefulStop = null)
    {
        scenarios[name] = new JsonObject { ["executor"] = executor, ["gracefulStop"] = gracefulStop, ["exec"] = "default" };
        return Counter($"iterations{{scenario:{name}}}", iterations);
    }

    /// <summary>A threshold of the project, which the engine judged.</summary>
    public RunFiles Declare(
        string metric, string expression, bool engineHolds = true, ThresholdSeverity severity = ThresholdSeverity.Error, string? message = null, bool abortOnFail = false)
    {
        var parsed = ThresholdExpression.TryParse(expression, out _)!;
        merged.Add(new JsonObject { ["source"] = "project", ["index"] = declared.Count, ["metric"] = metric, ["expression"] = expression });
        declared.Add(new ThresholdPlan
        {
            Name = $"{metric} {parsed.Statistic}",
            Metric = metric,
            Statistic = parsed.Statistic,
            Operator = parsed.Operator,
            Limit = parsed.Limit,
            Expression = expression,
            Severity = severity,
            Message = message,
            AbortOnFail = abortOnFail,
            Location = new SourceLocation(Project, 10 + declared.Count, 5),
        });
        return Judge(metric, expression, engineHolds);
    }

    /// <summary>A threshold of the script, which the engine judged; a literal of it unless computed.</summary>
    public RunFiles InScript(string metric, string expression, bool engineHolds = true, bool computed = false)
    {
        merged.Add(new JsonObject { ["source"] = "script", ["script"] = Script, ["written"] = metric, ["metric"] = metric, ["expression"] = expression });
        literals.Add(computed
            ? new ScriptThreshold(Script, null, null, new SourceLocation(Script, 3, 14))
            : new ScriptThreshold(Script, metric, expression, new SourceLocation(Script, 7, 9)));
        return Judge(metric, expression, engineHolds);
    }

    /// <summary>What the engine says of a threshold, whoever declared it.</summary>
    public RunFiles Judge(string metric, string expression, bool engineHolds)
    {
        if (metrics[metric] is JsonObject known)
        {
            var thresholds = known["thresholds"] as JsonObject ?? [];
            thresholds[expression] = new JsonObject { ["ok"] = engineHolds };
            known["thresholds"] = thresholds;
        }

        return this;
    }

    public RunFiles Check(string name, long passes, long fails)
    {
        checks.Add(new JsonObject { ["name"] = name, ["path"] = $"::{name}", ["passes"] = passes, ["fails"] = fails });
        return this;
    }

    public RunFiles Record(params string[] lines)
    {
        record.AddRange(lines);
        return this;
    }

    public RunFiles With(Func<EngineRun, EngineRun> change)
    {
        Run = change(Run);
        return this;
    }

    public RunFiles Interrupted(long interrupted, int users = 5, long complete = 100) =>
        With(run => run with { LastProgress = new EngineProgress(TimeSpan.FromSeconds(10), 0, users, complete, interrupted) });

    /// <summary>Writes the summary as it is now.</summary>
    public RunFiles Write()
    {
        File.WriteAllText(SummaryFile, new JsonObject
        {
            ["metrics"] = metrics.DeepClone(),
            ["root_group"] = new JsonObject { ["name"] = "", ["checks"] = checks.DeepClone(), ["groups"] = new JsonArray() },
            ["state"] = new JsonObject { ["testRunDurationMs"] = 10_000.5 },
            ["options"] = new JsonObject { ["summaryTrendStats"] = new JsonArray("avg", "p(95)") },
        }.ToJsonString());
        Run = Run with { SummaryFile = SummaryFile };
        return this;
    }

    /// <summary>Writes everything that was not written and reads the result.</summary>
    public TestResult Read()
    {
        if (Run.SummaryFile is null)
        {
            Write();
        }

        return ReadAsIs();
    }

    /// <summary>Reads the result without writing a summary.</summary>
    public TestResult ReadAsIs()
    {
        var options = Path.Combine(Folder, "options.json");
        File.WriteAllText(options, new JsonObject
        {
            ["scenarios"] = scenarios.DeepClone(),
            ["ext"] = new JsonObject
            {
                ["k6sdk"] = new JsonObject
                {
                    ["thresholds"] = merged.DeepClone(),
                    ["scenarios"] = new JsonArray(new JsonObject { ["item"] = "browse", ["script"] = Script, ["names"] = new JsonArray([.. scenarios.Select(one => (JsonNode)one.Key)]) }),
                    ["trendStats"] = new JsonArray("p(2)"),
                },
            },
        }.ToJsonString());
        var recordFile = Path.Combine(Folder, "timeline.ndjson");
        if (record.Count > 0)
        {
            File.WriteAllText(recordFile, string.Join('\n', record));
        }

        Diagnostics.Clear();
        return TestResultReader.Read(
            Plan,
            new TestBundle { Test = "browse", EntryFile = "/shop/obj/browse.entry.ts", File = "/shop/obj/browse.js", ScriptThresholds = literals, Literals = Literals },
            Run with { OptionsFile = options, RecordFile = record.Count > 0 ? recordFile : null },
            Settings,
            Diagnostics,
            new WatchedRun { Observations = Observations });
    }

    public TestPlan Plan => new()
    {
        Name = "browse",
        Scenarios = [new ScenarioPlan { Name = "browse", File = Script, Location = new SourceLocation(Project, 4, 5) }],
        Thresholds = declared,
    };

    /// <summary>The only diagnostic of the verdict.</summary>
    public Diagnostic Only => Diagnostics.Count == 1
        ? Diagnostics[0]
        : throw new AssertFailedException($"{Diagnostics.Count} diagnostics: {string.Join(" | ", Diagnostics.Select(one => $"{one.Code} {one.Message}"))}");

    public string Codes => string.Join(' ', Diagnostics.Select(one => one.Code));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private RunFiles Metric(string name, string type, string contains, JsonObject values)
    {
        metrics[name] = new JsonObject { ["type"] = type, ["contains"] = contains, ["values"] = values };
        return this;
    }
}
