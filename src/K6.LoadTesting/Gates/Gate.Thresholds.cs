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
        var evaluated = ThresholdEvaluator.Evaluate(input)
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
        var severity = Severity(settings.ThresholdSeverity ?? result.Severity);
        return rule.At(threshold.Location, Crossed(result, rule), IsWithinMargin(result) ? DiagnosticSeverity.Warning : severity);
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

        if (threshold.HasTooManyValues)
        {
            return Rules.TooManyValues.At(
                threshold.Location,
                $"The tag that ForEach names has more than {SampledThresholds.MaxValues} values in the samples of {Figures.Subject(result)}, and none was judged. Mostly these are addresses with ids in them: name requests by their template, as in http.get(url, {{ tags: {{ name: 'GET /products/{{id}}' }} }}).{Words(result)}",
                Severity(result.Severity));
        }

        return threshold.Evaluated
            ? Rules.ThresholdWithoutSamples.At(
                threshold.Location,
                result.For is not null && result.Samples > 0
                    ? $"{Figures.Subject(result)} has no {result.For} with a sample in every second, so the limit {result.Expression} proves nothing: the load is too short, or too few samples carry the tags.{Words(result)}"
                : $"{Figures.Subject(result)} got no samples, so the limit {result.Expression} proves nothing. Check the metric and its tags, or that the script gets that far.{Words(result)}",
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
            ? $"{Figures.Subject(result)} {Figures.Actual(result)} is within the limit {result.Expression}, but the engine says that it was crossed; the engine is believed.{place}{Words(result)}"
            : $"{Figures.Subject(result)} {Figures.Actual(result)}{Lasting(result)}, limit {result.Expression}{(margin.Length == 0 ? "" : $" ({margin})")}{(IsWithinMargin(result) ? $", within the margin of {Figures.Percent(result.Margin!.Value)}" : "")}{(place.Length == 0 ? "" : $".{place}")}{Words(result)}";
    }

    // A limit of zero has no share that a margin could be.
    private static bool IsWithinMargin(ThresholdResult result) => result is { Margin: { } margin, Actual: { } actual } && result.Operator switch
    {
        "<" or "<=" => actual <= result.Limit + (Math.Abs(result.Limit) * margin),
        ">" or ">=" => actual >= result.Limit - (Math.Abs(result.Limit) * margin),
        _ => false,
    };

    private static string Lasting(ThresholdResult result) => result.For is { } length
        ? $" for {length} on end{(result.CrossedAtSeconds is { } at ? $" (by second {Figures.Value(at)})" : "")}"
        : "";

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
