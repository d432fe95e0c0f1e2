using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Gates;

/// <summary>Everything that a run is judged by.</summary>
internal sealed record GateInput
{
    public required TestPlan Plan { get; init; }

    public required TestBundle Bundle { get; init; }

    public required EngineRun Run { get; init; }

    public required RunSettings Settings { get; init; }

    public required RunOptions Options { get; init; }

    /// <summary>Absolute paths of the raw samples, where several engines made one load; null for those of <see cref="Run"/>.</summary>
    public IReadOnlyList<string>? SampleFiles { get; init; }

    /// <summary>Null when there is none that can be trusted.</summary>
    public Summary? Summary { get; init; }

    /// <summary>Why <see cref="Summary"/> is null.</summary>
    public Diagnostic? SummaryFailure { get; init; }

    public required Recording Recording { get; init; }

    public required IterationCounts Iterations { get; init; }

    public required IReadOnlyList<ScenarioResult> Scenarios { get; init; }

    /// <summary>What was seen of the machine, the services and the engine.</summary>
    public IReadOnlyList<MonitoredResult> Monitored { get; init; } = [];
}

/// <summary>What a run was judged to be.</summary>
/// <param name="Verdict">Passed or failed.</param>
/// <param name="Thresholds">Thresholds with their verdicts.</param>
/// <param name="Diagnostics">What to tell the user, thresholds first.</param>
internal sealed record Judgement(Verdict Verdict, IReadOnlyList<ThresholdResult> Thresholds, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Whether generator or machine were saturated, whatever is said about it.</summary>
    public bool Noisy { get; init; }
}

/// <summary>
/// The verdict on a run. It fails closed: passed means that the load ran, was measured, and held. One partial file per kind of rule;
/// docs/verdict.md has a row for each.
/// </summary>
internal static partial class Gate
{
    /// <summary>Judges a run.</summary>
    public static Judgement Judge(GateInput input)
    {
        // A run that broke off is failed already; what is missing in its figures needs no error of its own, but crossed thresholds do.
        var endedWell = input.Run.Outcome is EngineOutcome.Completed or EngineOutcome.ThresholdsCrossed;
        var diagnostics = new List<Diagnostic>();
        var (thresholds, stopped) = JudgeThresholds(input, endedWell, diagnostics);
        if (endedWell)
        {
            diagnostics.AddRange(new[] { input.SummaryFailure, JudgeUnknownThreshold(input, thresholds) }
                .Concat(JudgeLoad(input, stopped))
                .OfType<Diagnostic>()
                .Select(diagnostic => Tuned(diagnostic, input.Settings))
                .OfType<Diagnostic>());
        }

        var passed = endedWell && diagnostics.TrueForAll(diagnostic => diagnostic.Severity != DiagnosticSeverity.Error);
        return new Judgement(passed ? Verdict.Passed : Verdict.Failed, [.. thresholds.Select(one => one.Result)], diagnostics) { Noisy = JudgeNoise(input).Any() };
    }
}
