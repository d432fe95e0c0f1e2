using K6.Embedded.Execution;
using K6.Embedded.Metrics;
using K6.Embedded.Options;

namespace K6.Embedded.Cli;

/// <summary><c>inspect</c>: prints the options of a script without running it.</summary>
internal static class InspectCommand
{
    /// <summary>Prints the options; with <c>--execution-requirements</c> merged, checked and with what the test needs.</summary>
    public static int Execute(EngineHost host, FlagSet flags, EngineLog log)
    {
        using var test = LoadedTest.Load(host, flags, log, includesSystemEnvironment: false);
        if (flags.Bool("execution-requirements") != true)
        {
            host.Output.Write(OptionsWriter.ForInspect(test.ScriptOptions, requirements: null));
            host.Output.Flush();
            return ExitCodes.Ok;
        }

        var withThresholds = !host.Bool(flags, "no-thresholds", "K6_NO_THRESHOLDS");
        var options = test.Consolidate(host, flags, withFlags: false, withThresholds: true);
        if (withThresholds && options.Thresholds is { } thresholds)
        {
            using var collector = new MetricsCollector(test.State.Metrics, log);
            collector.Declare(thresholds);
        }

        var requirements = ExecutionRequirements.Of(options.Scenarios!.Select(s => ScenarioSpec.From(s.Key, s.Value)));
        host.Output.Write(OptionsWriter.ForInspect(options, requirements));
        host.Output.Flush();
        return ExitCodes.Ok;
    }
}
