using System.Text;
using System.Text.Json;
using K6.Embedded.Cli;
using K6.Embedded.Execution;

namespace K6.Embedded.Tests;

/// <summary>A test script without JavaScript: options as JSON, and functions in C#.</summary>
internal sealed class FakeScript : ITestScript
{
    private TestState? test;

    public string? OptionsJson { get; init; }

    public HashSet<string> Exports { get; init; } = ["default"];

    public Func<VuContext, CancellationToken, IterationOutcome> Iteration { get; init; } = (_, _) => IterationOutcome.Completed;

    public Func<VuContext, CancellationToken, string?>? Setup { get; init; }

    public Action<VuContext, string?, CancellationToken>? Teardown { get; init; }

    public Func<string, IReadOnlyDictionary<string, byte[]>?>? Summary { get; init; }

    public Action<TestState>? Init { get; init; }

    /// <summary>The test of the last load.</summary>
    public TestState Test => test!;

    public bool UsesHttp => false;

    public bool MayUseTls => false;

    public IReadOnlySet<string> ExportedFunctions
    {
        get
        {
            var all = new HashSet<string>(Exports, StringComparer.Ordinal);
            Add("setup", Setup);
            Add("teardown", Teardown);
            Add("handleSummary", Summary);
            return all;

            void Add(string name, object? function)
            {
                if (function is not null)
                {
                    all.Add(name);
                }
            }
        }
    }

    public ITestScript Load(ScriptLoadRequest request)
    {
        test = request.Test;
        Init?.Invoke(test);
        return this;
    }

    public IVirtualUser CreateVu(VuContext context, CancellationToken interrupt) => new User(this, context);

    public string? RunSetup(VuContext context, CancellationToken interrupt) => Setup!(context, interrupt);

    public void RunTeardown(VuContext context, string? setupDataJson, CancellationToken interrupt) => Teardown!(context, setupDataJson, interrupt);

    public IReadOnlyDictionary<string, byte[]>? HandleSummary(VuContext context, string dataJson, CancellationToken interrupt) => Summary!(dataJson);

    public void Dispose()
    {
    }

    /// <summary>Sleeps as a script does: an interrupt ends it at once.</summary>
    public static IterationOutcome Sleep(int milliseconds, CancellationToken interrupt) =>
        interrupt.WaitHandle.WaitOne(milliseconds) ? IterationOutcome.Interrupted : IterationOutcome.Completed;

    private sealed class User(FakeScript script, VuContext context) : IVirtualUser
    {
        public IterationOutcome RunIteration(string exec, string? setupDataJson, CancellationToken interrupt) => script.Iteration(context, interrupt);

        public void Dispose()
        {
        }
    }
}

/// <summary>One run of the engine in this process.</summary>
internal sealed record EngineRun(int ExitCode, string Output, string Error, JsonElement? Summary)
{
    /// <summary>Runs a script with flags and, if wanted, variables; the data of handleSummary is kept.</summary>
    public static EngineRun Of(FakeScript script, IEnumerable<string>? flags = null, Dictionary<string, string>? environment = null, string command = "run", string? folder = null)
    {
        var own = folder is null ? Directory.CreateTempSubdirectory("k6-embedded-") : null;
        try
        {
            return In(folder ?? own!.FullName, script, flags ?? [], environment ?? [], command);
        }
        finally
        {
            own?.Delete(recursive: true);
        }
    }

    /// <summary>A value of the summary: <c>metrics.iterations.values.count</c> by <c>("iterations", "count")</c>.</summary>
    public double Value(string metric, string statistic) => Summary!.Value.GetProperty("metrics").GetProperty(metric).GetProperty("values").GetProperty(statistic).GetDouble();

    private static EngineRun In(string folder, FakeScript script, IEnumerable<string> flags, Dictionary<string, string> environment, string command)
    {
        var path = Path.Combine(folder, "script.js");
        File.WriteAllText(path, "// the script is a fake\n");
        using var output = new StringWriter();
        using var error = new StringWriter();
        string? data = null;
        var shown = script.Summary is not null ? script : new FakeScript
        {
            OptionsJson = script.OptionsJson,
            Exports = script.Exports,
            Iteration = script.Iteration,
            Setup = script.Setup,
            Teardown = script.Teardown,
            Init = script.Init,
            Summary = json =>
            {
                data = json;
                return null;
            },
        };
        var variables = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        var code = Application.Run(new EngineHost(
            [command, .. flags, path],
            variables,
            folder,
            TextWriter.Synchronized(output),
            TextWriter.Synchronized(error),
            TextReader.Null,
            request => shown.Load(request)));
        return new EngineRun(code, output.ToString(), error.ToString(), data is null ? null : JsonDocument.Parse(data).RootElement.Clone());
    }

    /// <summary>The content of a summary file.</summary>
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
