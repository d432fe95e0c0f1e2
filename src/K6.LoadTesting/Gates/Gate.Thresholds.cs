using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Gates;

internal static partial class Gate
{
    /// <summary>Thresholds with what was reported about them, and whether a crossed one stopped the load.</summary>
    private static (List<EvaluatedThreshold> Thresholds, bool Stopped) JudgeThresholds(GateInput input, bool endedWell, List<Diagnostic> diagnostics)
    {
        var evaluated = ThresholdEvaluator.Evaluate(input.Plan, input.Bundle, input.Options, input.Summary, input.Recording, input.Monitored)
            .Select(one => (Threshold: one, Report: one.Result.Verdict == ThresholdVerdict.Failed ? Tuned(Crossed(one, input.Settings), input.Settings) : null))
            .ToList();
        var stopped = evaluated.Exists(one => one.Threshold.Result.AbortOnFail && one.Report?.Severity == DiagnosticSeverity.Error);

        // Without a summary nothing was evaluated; one error says so, not one per threshold.
        var absenceCounts = endedWell && !stopped && input.Summary is not null;
        var judged = new List<EvaluatedThreshold>();
        foreach (var (threshold, crossed) in evaluated)
        {
            var report = absenceCounts && threshold.Result.Verdict == ThresholdVerdict.NoSamples ? Tuned(Absent(threshold), input.Settings) : crossed;
            if (report is not null)
            {
                diagnostics.Add(report);
            }

            if (absenceCounts)
            {
                diagnostics.AddRange(TagTypos.Find(input, threshold).Select(typo => Tuned(typo, input.Settings)).OfType<Diagnostic>());
            }

            judged.Add(threshold with
            {
                Result = threshold.Result with
                {
                    Severity = input.Settings.ThresholdSeverity ?? threshold.Result.Severity,
                    Reported = report?.Severity,
                },
            });
        }

        return (judged, stopped);
    }

    private static Diagnostic? Tuned(Diagnostic diagnostic, RunSettings settings) => RuleSeverity.Tuned(diagnostic, settings);

    private static Diagnostic Crossed(EvaluatedThreshold threshold, RunSettings settings)
    {
        var result = threshold.Result;
        var rule = threshold.EngineHolds == false && result.Actual is { } actual && ThresholdEvaluator.Holds(actual, result.Operator, result.Limit)
            ? Rules.ThresholdCrossedPerEngine
            : Rules.ThresholdCrossed;
        return rule.At(threshold.Location, Crossed(result, rule), Severity(settings.ThresholdSeverity ?? result.Severity));
    }

    private static Diagnostic Absent(EvaluatedThreshold threshold)
    {
        var result = threshold.Result;
        if (ServiceMetrics.IsOne(result.Metric))
        {
            return Rules.ThresholdWithoutSamples.At(
                threshold.Location,
                $"{result.Metric} was not measured, so the limit {result.Expression} proves nothing. A service that is no .NET program has cpu and working_set only; other metrics come once a second from what the process uses: a load of 2 seconds or more, ASP.NET Core, HttpClient, a database client.{Words(result)}",
                Severity(result.Severity));
        }

        return threshold.Evaluated
            ? Rules.ThresholdWithoutSamples.At(
                threshold.Location,
                $"{result.Metric} got no samples, so the limit {result.Expression} proves nothing. Check the metric and its tags, or that the script gets that far.{Words(result)}",
                Severity(result.Severity))
            : Rules.ThresholdNotEvaluated.At(
                threshold.Location,
                $"The engine did not evaluate {result.Expression} of {result.Metric}: its summary has no such metric. A script that deletes or replaces options.thresholds at run time does this.{Words(result)}",
                Severity(result.Severity));
    }

    private static string Crossed(ThresholdResult result, DiagnosticRule rule)
    {
        var margin = Figures.Margin(result);
        var place = result.Source == "script (computed)" ? " The threshold is computed in the script; the line is that of its options." : "";
        return rule == Rules.ThresholdCrossedPerEngine
            ? $"{result.Metric} {Figures.Actual(result)} is within the limit {result.Expression}, but the engine says that it was crossed; the engine is believed.{place}{Words(result)}"
            : $"{result.Metric} {Figures.Actual(result)}, limit {result.Expression}{(margin.Length == 0 ? "" : $" ({margin})")}{(place.Length == 0 ? "" : $".{place}")}{Words(result)}";
    }

    private static string Words(ThresholdResult result) => result.Message is { Length: > 0 } words ? $" {words}" : "";

    private static DiagnosticSeverity Severity(ThresholdSeverity severity) =>
        severity == ThresholdSeverity.Warning ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error;

    // abortOnFail stops a run on figures that may be fine again at the end; so may a threshold that only the engine knows.
    private static Diagnostic? JudgeUnknownThreshold(GateInput input, IReadOnlyList<EvaluatedThreshold> thresholds) =>
        input.Run.Outcome == EngineOutcome.ThresholdsCrossed
            && input.Summary is not null
            && !thresholds.Any(one => one.EngineHolds == false || one.Result.Verdict == ThresholdVerdict.Failed)
            ? Rules.UnknownThresholdCrossed.At(
                PlaceOf(input, null),
                $"{input.Run.Engine.Title} ended with exit code {input.Run.ExitCode} (thresholds crossed), and no threshold is crossed in its final figures. "
                + $"One with AbortOnFail may have been crossed during the run{(input.Run.ErrorMessage is { Length: > 0 } said ? $"; the engine said: {said}" : "")}.")
            : null;
}
