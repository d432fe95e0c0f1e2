using System.Globalization;
using System.Text;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;

namespace K6.Build.Tasks.Output;

/// <summary>Tells a person what a load test does while it runs, and what came of it.</summary>
internal sealed class RunReporter(BuildOutput output, Action<Diagnostic> report) : IProgress<RunEvent>
{
    private readonly Dictionary<string, TimeSpan?> _planned = [];
    private int _passed;
    private int _failed;

    /// <inheritdoc />
    public void Report(RunEvent value)
    {
        switch (value)
        {
            case PhaseStarted phase:
                output.Phase(phase.Text);
                break;
            case TestStarted start:
                _planned[start.Test] = start.Planned;
                var length = start.Planned is { } planned ? $", at most {Clock(planned)}" : "";
                output.Phase(string.Create(
                    CultureInfo.InvariantCulture, $"{start.Test}: running on {Engine(start.Engine.Name)} {start.Engine.Version}{length}"));
                break;
            case TestProgressed progress:
                Progress(progress);
                break;
            case TestFinished finished:
                Finished(finished.Result);
                break;
            case DiagnosticReported diagnostic:
                report(diagnostic.Diagnostic);
                break;
        }
    }

    /// <summary>Ends the report: the counts, and one line with the verdict.</summary>
    public void Finish(LoadTestResult result, string folder)
    {
        var duration = result.EndTime - result.StartTime;
        var verdict = result.Verdict == Verdict.Passed ? "passed" : "failed";
        output.Write($"Load test {verdict} in {Clock(duration)}. Results: {folder}");
        output.Finish(_passed, _failed, duration);
    }

    private void Progress(TestProgressed value)
    {
        var progress = value.Progress;
        var planned = _planned.GetValueOrDefault(value.Test);
        var row = string.Create(
            CultureInfo.InvariantCulture, $"{Short(value.Test)} {Clock(progress.Elapsed)} {progress.Vus} VUs {progress.Complete} iterations");
        var of = planned is { } length ? $" of {Clock(length)}" : "";
        output.Progress(row, string.Create(
            CultureInfo.InvariantCulture,
            $"{value.Test}: {Clock(progress.Elapsed)}{of}, {progress.Vus}/{progress.MaxVus} VUs, {progress.Complete} iterations, {progress.Interrupted} interrupted"));
    }

    private void Finished(TestResult result)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{result.Name}: {(result.Verdict == Verdict.Passed ? "passed" : "FAILED")}");
        text.Append(CultureInfo.InvariantCulture, $" in {Clock(TimeSpan.FromSeconds(result.DurationSeconds))}, {result.Iterations.Complete} iterations");
        if (result.Iterations.Interrupted + result.Iterations.Dropped > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" ({result.Iterations.Interrupted} interrupted, {result.Iterations.Dropped} dropped)");
        }

        if (result.Metrics.TryGetValue("http_reqs", out var requests) && requests.Values.TryGetValue("count", out var count) && count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", {count} requests");
            if (result.Metrics.TryGetValue("http_req_failed", out var failed) && failed.Values.TryGetValue("rate", out var rate))
            {
                text.Append(CultureInfo.InvariantCulture, $" ({Amount(rate, "1")} failed)");
            }

            if (result.Metrics.TryGetValue("http_req_duration", out var times) && times.Values.TryGetValue("p(95)", out var p95))
            {
                text.Append(CultureInfo.InvariantCulture, $", p(95) {Amount(p95, "ms")}");
            }
        }

        foreach (var threshold in result.Thresholds)
        {
            text.AppendLine();
            text.Append(CultureInfo.InvariantCulture, $"  {Mark(threshold)} {threshold.Name}: {Actual(threshold)}, limit {threshold.Operator} {Amount(threshold.Limit, threshold.Unit)}");
        }

        output.Write(text.ToString());
        Count(result);
    }

    // Thresholds are the tests; a run that failed for another reason, or that has none, counts as one itself.
    private void Count(TestResult result)
    {
        var crossed = result.Thresholds.Count(threshold => threshold.Verdict != ThresholdVerdict.Passed && threshold.Severity == LoadTesting.Plans.ThresholdSeverity.Error);
        _passed += result.Thresholds.Count - crossed;
        _failed += crossed;
        if (result.Thresholds.Count == 0 || (result.Verdict == Verdict.Failed && crossed == 0))
        {
            _ = result.Verdict == Verdict.Passed ? _passed++ : _failed++;
        }
    }

    private static string Mark(ThresholdResult threshold) => threshold.Verdict switch
    {
        ThresholdVerdict.Passed => "held   ",
        ThresholdVerdict.Failed => "CROSSED",
        _ => "NO DATA",
    };

    private static string Actual(ThresholdResult threshold) =>
        threshold.Actual is { } actual ? Amount(actual, threshold.Unit) : "no samples";

    /// <summary>A value with its unit; a fraction of 1 as a percentage.</summary>
    internal static string Amount(double value, string unit) => unit switch
    {
        "1" => Number(value * 100) + "%",
        "/s" => Number(value) + "/s",
        "" => Number(value),
        _ => Number(value) + " " + unit,
    };

    // Two decimals are enough for people, unless nothing would be left of the value.
    private static string Number(double value) =>
        value.ToString(Math.Abs(value) < 1 ? "0.####" : "0.##", CultureInfo.InvariantCulture);

    /// <summary>Minutes and seconds, hours only where there are some.</summary>
    internal static string Clock(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"mm\:ss", CultureInfo.InvariantCulture);

    private static string Engine(string name) => name == "embedded" ? "the embedded engine" : name;

    private static string Short(string test) => test.Length <= 16 ? test : test[..15] + "…";
}
