using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Engines;

/// <summary>Says how a run ended when it did not end by itself.</summary>
internal static class OutcomeDiagnostics
{
    /// <summary>Nothing for a run that completed or crossed thresholds (these are judged elsewhere); else what happened and what to do.</summary>
    public static IReadOnlyList<Diagnostic> From(EngineRun run, TestPlan test)
    {
        var place = run.ErrorMessage is null ? null : StackFrames.First(run.ErrorMessage);
        var script = test.Scenarios is [var only] ? new SourceLocation(only.File, 0, 0) : null;
        var seconds = (run.EndTime - run.StartTime).TotalSeconds;
        var log = run.LogFile is null ? "" : $" Its log is {run.LogFile}.";
        return run.Outcome switch
        {
            EngineOutcome.Completed or EngineOutcome.ThresholdsCrossed => [],
            EngineOutcome.SetupTimeout => [Rules.SetupTimedOut.At(
                script, $"setup() of '{test.Name}' took longer than its time limit, so there was no load. Give it more with the option setupTimeout, or find out what it waits for.")],
            EngineOutcome.TeardownTimeout => [Rules.TeardownTimedOut.At(
                script, $"teardown() of '{test.Name}' took longer than its time limit. Give it more with the option teardownTimeout, or find out what it waits for.")],
            EngineOutcome.TimedOut => [Rules.RunTimedOut.At(
                null, $"The run '{test.Name}' was stopped after {seconds:0} s, past its time limit. Raise K6MaxDuration, or look for iterations that hang{Figures(run)}.")],
            EngineOutcome.Aborted => Explained(108),
            EngineOutcome.MarkedAsFailed => [Rules.RunMarkedAsFailed.At(
                place ?? script, $"A script of '{test.Name}' marked the run as failed (exec.test.fail); its reason is in the log.{log}")],
            EngineOutcome.Interrupted => [Rules.RunInterrupted.At(
                null, $"Somebody interrupted {run.Engine.Title} during '{test.Name}' after {seconds:0} s{Said(run)}. What it had measured is kept, but is no full run: start it again.")],
            EngineOutcome.Stopped => [Rules.RunStopped.At(
                null, $"Somebody stopped '{test.Name}' over the engine's REST address after {seconds:0} s. What it had measured is kept, but is no full run: start it again.")],
            EngineOutcome.InvalidConfiguration => Explained(104),
            EngineOutcome.ScriptError => Explained(107),
            EngineOutcome.Killed => [Rules.EngineKilled.At(
                null, $"{run.Engine.Title} was killed during '{test.Name}' after {seconds:0} s (exit code {run.ExitCode}, signal {run.ExitCode - 128}). When nobody did it, the machine ran out of memory: use fewer virtual users, discardResponseBodies, or more memory.{log}")],
            EngineOutcome.Cancelled => [Rules.EngineCancelled.At(
                null, $"The run '{test.Name}' was cancelled after {seconds:0} s.")],
            _ => [Rules.EngineCrashed.At(
                place, $"{run.Engine.Title} {run.Engine.Version} failed during '{test.Name}' with exit code {run.ExitCode}{Said(run)}.{log}")],
        };

        IReadOnlyList<Diagnostic> Explained(int exitCode) => new EngineFailure(test, null, run.Engine).Explain(run.ErrorMessage, exitCode);
    }

    private static string Figures(EngineRun run) =>
        run.LastProgress is { } last ? $" ({last.Vus} of {last.MaxVus} virtual users were active, {last.Complete} iterations complete)" : "";

    private static string Said(EngineRun run) =>
        run.ErrorMessage is { Length: > 0 } message ? $": {EngineLog.FirstLine(message)}" : "";
}
