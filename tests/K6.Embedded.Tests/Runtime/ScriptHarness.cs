using K6.Embedded.Execution;
using K6.Embedded.Metrics;
using K6.Embedded.Options;
using K6.Embedded.Runtime;

namespace K6.Embedded.Tests.Runtime;

/// <summary>Runs a script in one VU without executors, and keeps what it logged and measured.</summary>
internal sealed class ScriptHarness : IDisposable
{
    private const int StackBytes = 16 * 1024 * 1024;

    private readonly StringWriter log = new();
    private readonly List<Sample> samples = [];
    private readonly SampleBuffer buffer;
    private IVirtualUser? user;

    private ScriptHarness(TemporaryFolder folder)
    {
        Folder = folder;
        buffer = new SampleBuffer(full => samples.AddRange(full));
        State = new TestState(new EngineLog(log, LogFormat.Text), new MetricRegistry());
    }

    public TemporaryFolder Folder { get; }

    public TestState State { get; }

    public ITestScript Script { get; private set; } = null!;

    public VuContext Context { get; private set; } = null!;

    /// <summary>The log without times.</summary>
    public string Log => System.Text.RegularExpressions.Regex.Replace(log.ToString(), "time=\"[^\"]*\" ", "");

    /// <summary>The texts of <c>console.log</c>, a line each.</summary>
    public string[] Printed => [.. Log.Split('\n').Where(l => l.Contains("source=console", StringComparison.Ordinal)).Select(Message)];

    /// <summary>Everything that was measured.</summary>
    public IReadOnlyList<Sample> Samples
    {
        get
        {
            samples.AddRange(buffer.Take());
            return samples;
        }
    }

    /// <summary>Loads a script that lies as main.js beside other files.</summary>
    public static ScriptHarness Load(string source, params (string Name, string Content)[] files) => Load(source, new Dictionary<string, string> { ["FROM_ENV"] = "yes" }, files);

    /// <summary>The same with variables.</summary>
    public static ScriptHarness Load(string source, IReadOnlyDictionary<string, string> environment, params (string Name, string Content)[] files)
    {
        var folder = new TemporaryFolder();
        foreach (var (name, content) in files)
        {
            folder.Write(name, content);
        }

        var harness = new ScriptHarness(folder);
        var path = folder.Write("main.js", source);
        harness.Script = ScriptLoader.Load(new ScriptLoadRequest(path, null, environment, harness.State));
        harness.State.Start(OptionsReader.ReadScript(harness.Script.OptionsJson, _ => { }), harness.Script.OptionsJson ?? "{}");
        harness.Context = new VuContext(harness.State, 1, harness.buffer);
        var tags = harness.State.RunTags.With("scenario", "default").With("group", "");
        harness.Context.Scenario = new ScenarioState("default", "per-vu-iterations", "default", new Dictionary<string, string>(), tags);
        harness.Context.BaseTags = tags;
        harness.Context.Tags = tags;
        return harness;
    }

    /// <summary>Runs one iteration of the default function.</summary>
    public IterationOutcome Run(string exec = "default", string? setupData = null, CancellationToken interrupt = default)
    {
        IterationOutcome outcome = default;
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    user ??= Script.CreateVu(Context, interrupt);
                    outcome = user.RunIteration(exec, setupData, interrupt);
                }
#pragma warning disable CA1031 // The test thread throws it.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    failure = e;
                }
            },
            StackBytes);
        thread.Start();
        thread.Join();
        Context.IterationInInstance++;
        return failure is null ? outcome : throw new InvalidOperationException("the VU threw", failure);
    }

    /// <summary>The text that the script's default function prints, from one iteration that must end well.</summary>
    public static string[] Print(string body, params (string Name, string Content)[] files)
    {
        using var harness = Load(body, files);
        var outcome = harness.Run();
        Assert.AreEqual(IterationResult.Completed, outcome.Result, harness.Log);
        return harness.Printed;
    }

    /// <summary>The samples of a metric.</summary>
    public IReadOnlyList<Sample> Of(string metric) => [.. Samples.Where(s => s.Metric.Name == metric)];

    public void Dispose()
    {
        user?.Dispose();
        Script?.Dispose();
        Folder.Dispose();
    }

    private static string Message(string line)
    {
        var start = line.IndexOf("msg=", StringComparison.Ordinal) + 4;
        var end = line.LastIndexOf(" source=console", StringComparison.Ordinal);
        var text = start < 4 ? "" : line[start..end];
        return text.StartsWith('"') ? System.Text.RegularExpressions.Regex.Unescape(text[1..^1]) : text;
    }
}

/// <summary>A folder that goes away.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("k6-embedded-").FullName;

    public string Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
