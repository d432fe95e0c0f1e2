using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Gates;

internal static partial class Gate
{
    private const double SaturatedMachine = 0.95;

    // Memory is a share of what the machine has; below, it begins to swap or to kill.
    private const double LittleMemory = 0.03;

    /// <summary>Why the figures are those of a fight for the machine.</summary>
    private static IEnumerable<Diagnostic> JudgeNoise(GateInput input) =>
        new[] { JudgeSaturation(input) ?? JudgeGenerator(input), JudgeMachine(input), JudgeMemory(input) }.OfType<Diagnostic>();

    // A load that a threshold stopped has interrupted iterations and scenarios that never began; that is no news.
    private static IEnumerable<Diagnostic?> JudgeLoad(GateInput input, bool stopped) =>
        JudgeNoise(input).Prepend(JudgeExceptions(input))
            .Concat(input.Summary is null ? [] : JudgeRequests(input).Append(JudgeDropped(input)))
            .Concat(input.Summary is null || stopped ? [] : JudgeIterations(input));

    private static Diagnostic? JudgeExceptions(GateInput input)
    {
        var thrown = input.Run.Errors.Sum(error => error.Count);
        if (thrown <= input.Settings.MaxExceptions)
        {
            return null;
        }

        var first = input.Run.Errors[0];
        var most = input.Run.Errors.Count == 1 ? "" : $" {input.Run.Errors.Count} different ones, most often ({first.Count} times)";
        return Rules.IterationExceptions.At(
            first.Location ?? PlaceOf(input, first.Scenario),
            $"{Count(thrown, "exception")} in iterations{(first.Scenario is null ? "" : $" of scenario {first.Scenario}")}:{most} {first.Message.TrimEnd('.')}. "
            + $"k6 itself does not count them. Mend the script, or allow some with K6MaxExceptions (now {input.Settings.MaxExceptions}).");
    }

    private static Diagnostic? JudgeSaturation(GateInput input)
    {
        const string Saturated = "generator saturated";
        var record = input.Run.Warnings.Concat(input.Run.Errors)
            .FirstOrDefault(record => record.Message.StartsWith(Saturated, StringComparison.OrdinalIgnoreCase));
        return record is null ? null : Rules.GeneratorSaturated.At(
            null,
            $"{record.Message.TrimEnd('.')}. Such figures say nothing of the application.",
            input.Run.Engine.Name == "embedded" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning);
    }

    // k6 does not say of itself that it had no CPU left. A container may have fewer cores than its machine.
    private static Diagnostic? JudgeGenerator(GateInput input)
    {
        var engine = input.Monitored.FirstOrDefault(one => one.Kind == MonitoredKind.Engine)?.Metrics.GetValueOrDefault("cpu");
        return engine is null || engine.Values["count"] < 3 || engine.Values["med"] < SaturatedMachine * Environment.ProcessorCount ? null : Rules.GeneratorSaturated.At(
            null,
            string.Create(CultureInfo.InvariantCulture, $"{input.Run.Engine.Title} used {engine.Values["med"]:0.0} of the {Environment.ProcessorCount} cores that it may use for half of the load: it could make no more load, and its response times have its own delays in them. Use fewer virtual users, or a machine with more cores."),
            DiagnosticSeverity.Warning);
    }

    private static Diagnostic? JudgeMemory(GateInput input)
    {
        var available = input.Monitored.FirstOrDefault(one => one.Kind == MonitoredKind.Machine)?.Metrics.GetValueOrDefault("memory.available")?.Values["min"];
        var all = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (available is not { } least || least >= all * LittleMemory)
        {
            return null;
        }

        var users = input.Monitored
            .Where(one => one.Kind != MonitoredKind.Machine && one.Metrics.ContainsKey("working_set"))
            .Select(one => $"{one.Name} {Figures.Readable(one.Metrics["working_set"].Values["max"], "B")}");
        return Rules.MemoryExhausted.At(
            null,
            $"The machine had {Figures.Readable(least, "B")} of its {Figures.Readable(all, "B")} of memory left; {string.Join(", ", users)}. It begins to swap there, and the figures are of that. Use fewer virtual users, or a machine with more memory.");
    }

    // Half of the load: a short peak, such as the compiler's at a cold start, is no fight.
    private static Diagnostic? JudgeMachine(GateInput input)
    {
        var machine = input.Monitored.FirstOrDefault(one => one.Kind == MonitoredKind.Machine)?.Metrics.GetValueOrDefault("cpu");
        if (machine is null || machine.Values["count"] < 3 || machine.Values["med"] < SaturatedMachine)
        {
            return null;
        }

        var users = input.Monitored
            .Where(one => one.Kind != MonitoredKind.Machine && one.Metrics.ContainsKey("cpu"))
            .Select(one => (one.Name, Cores: one.Metrics["cpu"].Values["avg"]))
            .ToList();
        var others = Math.Max(0, (machine.Values["avg"] * Environment.ProcessorCount) - users.Sum(user => user.Cores));
        var cores = string.Join(", ", users.Append(("others", others)).Select(user => string.Create(CultureInfo.InvariantCulture, $"{user.Item1} {user.Item2:0.0}")));
        return Rules.MachineSaturated.At(
            null,
            string.Create(CultureInfo.InvariantCulture, $"The machine's CPU was at {machine.Values["med"]:0%} or more for half of the load; cores used: {cores}. The figures are of a fight for it: another machine, or another time, will give others. Use less load, or a machine of its own."));
    }

    private static IEnumerable<Diagnostic?> JudgeIterations(GateInput input)
    {
        var (complete, interrupted, _) = input.Iterations;
        if (complete == 0)
        {
            yield return Rules.NoIterations.At(
                PlaceOf(input, null),
                interrupted == 0
                    ? "No iteration was completed: no load was made. Look at the executor's options and the engine's log."
                    : $"No iteration was completed; all {interrupted} that were started were interrupted. An iteration may be longer than the scenario and its GracefulStop, or the application hangs.");
            yield break;
        }

        foreach (var scenario in input.Scenarios.Where(scenario => scenario.Iterations == 0))
        {
            yield return Rules.ScenarioWithoutIteration.At(
                PlaceOf(input, scenario.Name),
                $"Scenario {scenario.Name} completed no iteration. It may start too late, have iterations longer than its time and GracefulStop, or hang on the application.");
        }

        if (input.Run.LastProgress is not { } progress)
        {
            yield return Rules.ProgressUnknown.At(
                null, "The engine printed no progress, so iterations that were interrupted cannot be counted and hung users would not be seen. Look at the engine's log.");
            yield break;
        }

        yield return JudgeInterrupted(input, complete + interrupted, interrupted, progress.MaxVus);
    }

    // Users that hang cost few iterations where the others are fast, so the share of users counts as well, unless a
    // scenario gives iterations no time to finish: then every user is interrupted once.
    private static Diagnostic? JudgeInterrupted(GateInput input, long started, long interrupted, int users)
    {
        var limit = input.Settings.MaxInterrupted;
        var ofStarted = (double)interrupted / started;
        var ofUsers = users > 0 && !input.Options.Scenarios.Any(scenario => scenario.HasNoGrace) ? Math.Min(1, (double)interrupted / users) : 0;
        if (ofStarted <= limit && ofUsers <= limit)
        {
            return null;
        }

        var share = ofStarted > limit
            ? $"{interrupted} of {started} iterations ({Figures.Percent(ofStarted)}) were"
            : $"{Count(interrupted, "iteration")} of {Count(users, "virtual user")} ({Figures.Percent(ofUsers)}) {(interrupted == 1 ? "was" : "were")}";
        return Rules.IterationsInterrupted.At(
            PlaceOf(input, null),
            $"{share} interrupted: started, and not finished when time and GracefulStop were over. Their response times are in no figure. "
            + $"Look for requests that hang, give GracefulStop more time, or raise K6MaxInterrupted (now {Figures.Percent(limit)}).");
    }

    private static IEnumerable<Diagnostic?> JudgeRequests(GateInput input)
    {
        var looked = ThresholdSelectors(input).Where(selector => selector.Name == "http_req_failed").ToList();
        var failed = input.Summary!.Metrics.GetValueOrDefault("http_req_failed");
        if (AllFailed(failed))
        {
            yield return looked.Count > 0 ? null : Rules.EveryRequestFailed.At(PlaceOf(input, null), Message($"All {Passes(failed)} requests failed"));
            yield break;
        }

        foreach (var scenario in input.Scenarios)
        {
            var ofScenario = input.Summary.Metrics.GetValueOrDefault($"http_req_failed{{scenario:{scenario.Name}}}");
            if (AllFailed(ofScenario)
                && !looked.Exists(selector => selector.Tags.All(tag => tag.Key != "scenario" || tag.Value == scenario.Name)))
            {
                yield return Rules.EveryRequestFailed.At(
                    PlaceOf(input, scenario.Name), Message($"All {Passes(ofScenario)} requests of scenario {scenario.Name} failed"));
            }
        }

        static bool AllFailed(SummaryMetric? metric) => Passes(metric) > 0 && metric!.Values.GetValueOrDefault("fails") == 0;

        static long Passes(SummaryMetric? metric) => (long)(metric?.Values.GetValueOrDefault("passes") ?? 0);

        static string Message(string what) =>
            $"{what}, and no threshold looks at http_req_failed. Is the address right and the application up? Where failure is what you test, say so with a threshold on http_req_failed.";
    }

    private static Diagnostic? JudgeDropped(GateInput input)
    {
        var dropped = input.Iterations.Dropped;
        if (dropped == 0)
        {
            return null;
        }

        var schedulers = input.Options.Scenarios.Where(scenario => scenario.CanDrop).Select(scenario => scenario.Name).ToList();
        var counts = input.Scenarios.Where(scenario => schedulers.Contains(scenario.Name)).Select(scenario => scenario.Iterations).ToList();
        var started = counts.Count > 0 && counts.TrueForAll(count => count is not null) ? counts.Sum(count => count!.Value) : input.Iterations.Complete;
        var share = (double)dropped / (started + dropped);
        var rule = share > input.Settings.MaxDropped ? Rules.IterationsDropped : Rules.SomeIterationsDropped;
        return rule.At(
            PlaceOf(input, schedulers.Count == 1 ? schedulers[0] : null),
            $"{dropped} of {started + dropped} scheduled iterations ({Figures.Percent(share)}) were dropped: no virtual user was free in time, so the load was less than declared. "
            + $"The application may be too slow for the rate; else raise PreAllocatedVUs and MaxVUs (MaxDuration where iterations are counted). K6MaxDropped is {Figures.Percent(input.Settings.MaxDropped)}.");
    }

    private static IEnumerable<MetricSelector> ThresholdSelectors(GateInput input) =>
        input.Plan.Thresholds.Select(threshold => MetricSelector.TryParse(threshold.Metric, out _) is { } selector && threshold.Scenario is { } scenario
                ? selector.With("scenario", scenario)
                : MetricSelector.TryParse(threshold.Metric, out _))
            .Concat(input.Summary!.Metrics.Where(metric => metric.Value.Thresholds.Count > 0).Select(metric => MetricSelector.TryParse(metric.Key, out _)))
            .OfType<MetricSelector>();

    /// <summary>Place of the item that a scenario of k6 belongs to; of the first item when that is unknown.</summary>
    private static SourceLocation? PlaceOf(GateInput input, string? scenario)
    {
        var item = input.Options.Entry?.Scenarios.FirstOrDefault(one => scenario is not null && one.Names.Contains(scenario))?.Item ?? scenario;
        return (input.Plan.Scenarios.FirstOrDefault(one => one.Name == item) ?? (input.Plan.Scenarios is [var first, ..] ? first : null))?.Location;
    }

    private static string Count(long count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
