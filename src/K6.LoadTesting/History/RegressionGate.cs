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
        var (metric, name) = Measured(declared, test);

        // Of a part that got no samples k6 says zero.
        double? actual = metric?.Values.TryGetValue(declared.Statistic, out var value) == true && (metric.Type != "trend" || metric.Values.GetValueOrDefault("count", 1) > 0) ? value : null;
        var result = new RegressionResult
        {
            Name = declared.Name,
            Metric = name,
            Statistic = declared.Statistic,
            Allowed = declared.Allowed,
            MoreIsWorse = declared.MoreIsWorse,
            Actual = actual,
            Unit = metric is null ? "" : Gates.EngineFigures.Unit(metric.Type, metric.Contains, declared.Statistic),
            Verdict = RegressionVerdict.NoBaseline,
            Severity = plan.Settings.ThresholdSeverity ?? declared.Severity,
            File = declared.Location.File,
            Line = declared.Location.Line > 0 ? declared.Location.Line : null,
            Column = declared.Location.Column > 0 ? declared.Location.Column : null,
        };
        if (actual is null)
        {
            return result;
        }

        var key = HistoryLine.KeyOf(run, test, plan.Settings.HistoryLabel);
        var baseline = Baseline.Of(history, plan.Project, test.Name, key, plan.Settings.BaselineBranch, run.RunId)
            .Select(entry => entry.Metrics.GetValueOrDefault(name)).OfType<HistoryMetric>().ToList();
        double[] values = [.. baseline.Where(one => one.Values.ContainsKey(declared.Statistic)).Select(one => one.Values[declared.Statistic])];
        var comparison = Regression.Compare(values, actual.Value, 1, declared.Allowed, declared.MoreIsWorse, baseline.Average(one => one.LogError));
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

    private Diagnostic? Report(RegressionPlan declared, RegressionResult result, LoadTestResult run, TestResult test)
    {
        var words = declared.Message is { Length: > 0 } message ? $" {message}" : "";
        var figure = result.Actual is { } actual ? $"{result.Metric} {result.Statistic} = {Figures.Value(actual, result.Unit)}" : "";
        var limit = $"{(declared.MoreIsWorse ? "+" : "-")}{Figures.Percent(declared.Allowed)}";
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
                    $"{figure}{again}: {Signed(result.Change!.Value)} against {Figures.Value(result.Baseline!.Value, result.Unit)}, the median of {result.Runs} earlier runs; allowed is {limit}, and a change of {Figures.Percent(result.Detectable!.Value)} can be told from noise. "
                    + $"If it is meant, K6AcceptBaseline begins anew.{words}",
                    result.Severity == ThresholdSeverity.Error ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning);
            case RegressionVerdict.Inconclusive:
                return Rules.RegressionInconclusive.At(
                    declared.Location,
                    test.Noisy
                        ? $"{figure}, {Signed(result.Change!.Value)} against {result.Runs} earlier runs, but the machine or the load generator was saturated, which makes anything slow: nothing is said about the application.{words}"
                        : $"{figure}: earlier runs differ so much that only a change of {Figures.Percent(result.Detectable!.Value)} could be told from noise, and allowed is {limit}. Longer runs, a quieter machine, or base and head in one job (docs/regression.md).{words}");
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
