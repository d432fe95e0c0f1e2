using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.History;

/// <summary>Compares a test with its earlier runs, as its project declares.</summary>
internal sealed class RegressionGate(LoadPlan plan, IReadOnlyList<HistoryEntry> history)
{
    /// <summary>Compares what was measured; nothing is reported yet.</summary>
    /// <param name="declared">The comparisons.</param>
    /// <param name="run">The result that the test is part of, for engine and machine.</param>
    /// <param name="test">The test.</param>
    public IReadOnlyList<RegressionResult> Compare(IReadOnlyList<RegressionPlan> declared, LoadTestResult run, TestResult test) =>
        [.. declared.Select(one => Compare(one, run, test))];

    /// <summary>Compares runs of two services that were measured in turn; nothing is reported yet.</summary>
    /// <param name="declared">The comparisons.</param>
    /// <param name="pairs">The runs of the base and of what is compared with it.</param>
    /// <param name="test">The test.</param>
    /// <param name="against">Name of the base.</param>
    public IReadOnlyList<RegressionResult> ComparePairs(IReadOnlyList<RegressionPlan> declared, IReadOnlyList<(TestResult Base, TestResult Head)> pairs, TestResult test, string against) =>
        [.. declared.Select(one => ComparePairs(one, pairs, test, against))];

    /// <summary>After a second measurement: what only one of both shows is no regression.</summary>
    public static IReadOnlyList<RegressionResult> Confirm(IReadOnlyList<RegressionResult> first, IReadOnlyList<RegressionResult> second) =>
        [.. first.Zip(second, (one, again) => one.Verdict != RegressionVerdict.Regressed ? one : one with
        {
            ActualAgain = again.Actual,
            Verdict = again.Verdict == RegressionVerdict.Regressed ? RegressionVerdict.Regressed : RegressionVerdict.Ok,
        })];

    /// <summary>What there is to say of the comparisons of a test.</summary>
    public IEnumerable<Diagnostic> Report(IReadOnlyList<RegressionPlan> declared, IReadOnlyList<RegressionResult> results, LoadTestResult run, TestResult test)
    {
        foreach (var (regression, result) in declared.Zip(results))
        {
            if (Report(regression, result, run, test) is { } diagnostic)
            {
                yield return diagnostic;
            }
        }
    }

    /// <summary>A change with its sign: <c>+12 %</c>.</summary>
    internal static string Signed(double change) => $"{(change < 0 ? "-" : "+")}{Figures.Percent(Math.Abs(change))}";

    private RegressionResult Compare(RegressionPlan declared, LoadTestResult run, TestResult test)
    {
        var (result, name) = Begin(declared, test);
        if (result.Actual is not { } actual)
        {
            return result;
        }

        var key = HistoryLine.KeyOf(run, test, plan.Settings.HistoryLabel);
        var baseline = Baseline.Of(history, plan.Project, test.Name, key, plan.Settings.BaselineBranch, run.RunId)
            .Select(entry => entry.Metrics.GetValueOrDefault(name)).OfType<HistoryMetric>().ToList();
        double[] values = [.. baseline.Where(one => one.Values.ContainsKey(declared.Statistic)).Select(one => one.Values[declared.Statistic])];
        var comparison = Regression.Compare(values, actual, 1, declared.Allowed, declared.MoreIsWorse, baseline.Average(one => one.LogError));
        return result with
        {
            Baseline = comparison.Baseline,
            Change = comparison.Change,
            Noise = comparison.Noise,
            Detectable = comparison.Detectable,
            Runs = comparison.Runs,
            // A saturated machine makes anything slow; that it made nothing slow is still worth knowing.
            Verdict = comparison.Verdict == RegressionVerdict.Regressed && test.Noisy ? RegressionVerdict.Inconclusive : comparison.Verdict,
        };
    }

    private RegressionResult ComparePairs(RegressionPlan declared, IReadOnlyList<(TestResult Base, TestResult Head)> pairs, TestResult test, string against)
    {
        var (result, _) = Begin(declared, test);
        double Of(TestResult run) => Measured(declared, run with { Scenarios = test.Scenarios }).Metric?.Values.GetValueOrDefault(declared.Statistic) ?? 0;
        var figures = pairs.Select(pair => (Base: Of(pair.Base), Head: Of(pair.Head))).ToList();
        var comparison = Regression.ComparePairs(figures, declared.Allowed, declared.MoreIsWorse);
        return result with
        {
            Against = against,
            Actual = result.Actual is null ? null : Regression.Median([.. figures.Select(pair => pair.Head)]),
            Baseline = comparison.Baseline,
            Change = comparison.Change,
            Noise = comparison.Noise,
            Detectable = comparison.Detectable,
            Runs = comparison.Runs,
            Verdict = comparison.Verdict,
        };
    }

    private (RegressionResult Result, string Metric) Begin(RegressionPlan declared, TestResult test)
    {
        var (metric, name) = Measured(declared, test);
        return (new RegressionResult
        {
            Name = declared.Name,
            Metric = name,
            Statistic = declared.Statistic,
            Allowed = declared.Allowed,
            MoreIsWorse = declared.MoreIsWorse,
            // Of a part that got no samples k6 says zero.
            Actual = metric?.Values.TryGetValue(declared.Statistic, out var value) == true && (metric.Type != "trend" || metric.Values.GetValueOrDefault("count", 1) > 0) ? value : null,
            Unit = metric is null ? "" : Gates.EngineFigures.Unit(metric.Type, metric.Contains, declared.Statistic),
            Verdict = RegressionVerdict.NoBaseline,
            Severity = plan.Settings.ThresholdSeverity ?? declared.Severity,
            File = declared.Location.File,
            Line = declared.Location.Line > 0 ? declared.Location.Line : null,
            Column = declared.Location.Column > 0 ? declared.Location.Column : null,
        }, name);
    }

    // What the figure was compared with.
    private static string Compared(RegressionResult result) => result.Against is { } against
        ? $"{Figures.Value(result.Baseline!.Value, result.Unit)} of {against}, measured in turn {result.Runs} times"
        : $"{Figures.Value(result.Baseline!.Value, result.Unit)}, the median of {result.Runs} earlier runs";

    private Diagnostic? Report(RegressionPlan declared, RegressionResult result, LoadTestResult run, TestResult test)
    {
        var words = declared.Message is { Length: > 0 } message ? $" {message}" : "";
        var figure = result.Actual is { } actual ? $"{result.Metric} {result.Statistic} = {Figures.Value(actual, result.Unit)}" : "";
        var limit = ChangeText.Allowed(result);
        if (result.Actual is null)
        {
            return Rules.RegressionWithoutMetric.At(declared.Location, $"{result.Metric} {result.Statistic} was not measured, so nothing can be compared. Check the metric and its tags.{words}");
        }

        switch (result.Verdict)
        {
            case RegressionVerdict.Regressed:
                var again = result.ActualAgain is { } second ? $", and {Figures.Value(second, result.Unit)} when measured again" : "";
                return Rules.Regressed.At(
                    declared.Location,
                    $"{figure}{again}: {Signed(result.Change!.Value)} against {Compared(result)}; allowed is {limit}, and a change of {Figures.Percent(result.Detectable!.Value)} can be told from noise.{(result.Against is null ? " If it is meant, K6AcceptBaseline begins anew." : "")}{words}",
                    result.Severity == ThresholdSeverity.Error ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning);
            case RegressionVerdict.Inconclusive:
                return Rules.RegressionInconclusive.At(
                    declared.Location,
                    result.Against is { } against
                        ? $"{figure}: the {result.Runs} pairs of runs with {against} differ so much that only a change of {Figures.Percent(result.Detectable!.Value)} could be told from noise, and allowed is {limit}. Longer runs, more pairs (K6ComparePairs), a quieter machine.{words}"
                    : test.Noisy
                        ? $"{figure}, {Signed(result.Change!.Value)} against {result.Runs} earlier runs, but the machine or the load generator was saturated, which makes anything slow: nothing is said about the application.{words}"
                        : $"{figure}: earlier runs differ so much that only a change of {Figures.Percent(result.Detectable!.Value)} could be told from noise, and allowed is {limit}. Longer runs, a quieter machine, or base and head in one job (docs/regression.md).{words}");
            case RegressionVerdict.NoBaseline when result.Against is not null:
                return Rules.RegressionInconclusive.At(declared.Location, $"{figure} is compared with nothing: only {result.Runs} of the pairs of runs with {result.Against} have figures above zero.{words}");
            case RegressionVerdict.NoBaseline:
                var key = HistoryLine.KeyOf(run, test, plan.Settings.HistoryLabel);
                var why = plan.Settings.HistoryPath is null ? "no history is kept (K6HistoryPath)"
                    : Baseline.Difference(history, plan.Project, test.Name, key) is { } difference && result.Runs == 0 ? $"earlier runs had {difference}, and are never compared"
                    : $"{result.Runs} of {Regression.MinRuns} green runs are there";
                return Rules.NoBaseline.At(declared.Location, $"{figure} is compared with nothing yet: {why}.{words}");
            default:
                return null;
        }
    }

    // An item whose script brings the load has the script's name of the scenario in its samples.
    private static (MetricResult? Metric, string Name) Measured(RegressionPlan declared, TestResult test)
    {
        if (test.Metrics.TryGetValue(declared.Metric, out var metric))
        {
            return (metric, declared.Metric);
        }

        if (MetricSelector.TryParse(declared.Metric, out _) is { } selector && selector.Tags.Any(tag => tag.Key == "scenario") && test.Scenarios is [var only])
        {
            var name = selector.Without("scenario").With("scenario", only.Name).ToString();
            return (test.Metrics.GetValueOrDefault(name), name);
        }

        return (null, declared.Metric);
    }
}
