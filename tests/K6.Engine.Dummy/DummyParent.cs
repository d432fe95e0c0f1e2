using K6.LoadTesting.Bundling;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.Engine.Dummy;

/// <summary>A build that runs an engine and is then killed: prints nothing but lives until its run is over.</summary>
internal static class DummyParent
{
    public static async Task<int> RunAsync(string engine, string bundle, string folder)
    {
        var program = engine == "dummy"
            ? new EngineProgram(new EngineInfo("k6", "9.8.7", engine), Environment.ProcessPath!, ["exec", typeof(DummyParent).Assembly.Location])
            : new EngineProgram(new EngineInfo("k6", "2.2.0", engine), engine, []);
        var run = await EngineRunner.RunAsync(
            new EngineRunRequest
            {
                Test = new TestPlan { Name = "orphan" },
                Bundle = new TestBundle { Test = "orphan", EntryFile = bundle, File = bundle },
                Engine = program,
                Settings = new RunSettings { StopTimeout = "2s" },
                Environment = EngineEnvironment.Build(EngineEnvironment.Machine(), [], [], []),
                Folder = folder,
            },
            null,
            CancellationToken.None);
        return run.ExitCode;
    }
}
