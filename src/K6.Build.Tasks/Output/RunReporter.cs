using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Live;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;

namespace K6.Build.Tasks.Output;

/// <summary>Tells a person what a load test does while it runs, and what came of it.</summary>
/// <param name="output">Where text goes.</param>
/// <param name="report">Gets diagnostics.</param>
/// <param name="azure">Whether commands of Azure Pipelines are understood.</param>
internal sealed class RunReporter(BuildOutput output, Action<Diagnostic> report, bool azure = false) : IProgress<RunEvent>
{
    private readonly Dictionary<string, TimeSpan?> _planned = [];
    private string? _folder;
    private int _passed;
    private int _failed;

    /// <summary>The reporter of a load test: diagnostics are tuned to <c>K6FailOnError</c>, and said to Azure Pipelines where nobody else does.</summary>
    public static RunReporter Create(BuildOutput output, RunSettings settings, Action<Diagnostic> report)
    {
        var azure = settings.CiReports && CiSurfaces.IsAzurePipelines(Environment.GetEnvironmentVariable);
        var issues = azure && CiSurfaces.NeedsIssues(Environment.CommandLine);
        return new RunReporter(
            output,
            diagnostic =>
            {
                var tuned = !settings.FailOnError && diagnostic.Severity == DiagnosticSeverity.Error ? diagnostic with { Severity = DiagnosticSeverity.Warning } : diagnostic;
                report(tuned);
                if (issues && CiSurfaces.LogIssue(tuned) is { } command)
                {
                    output.Command(command);
                }
            },
            azure);
    }

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
                var length = start.Planned is { } planned ? $", {Clock(planned)} planned" : "";
                output.Phase(string.Create(
                    CultureInfo.InvariantCulture, $"{start.Test}: running on {start.Engine.Title} {start.Engine.Version}{length}"));
                break;
            case TestProgressed progress:
                Progress(progress.Test, progress.Progress, progress.Figures, _planned.GetValueOrDefault(progress.Test));
                break;
            case WarmUpProgressed warmUp:
                Progress($"{warmUp.Test} (warm-up)", warmUp.Progress, null, warmUp.Planned);
                break;
            case TestFinished finished:
                output.Write(string.Join(Environment.NewLine, VerdictText.Render(finished.Result, finished.Engine, finished.Diagnostics)));
                Count(finished.Result);
                break;
            case DashboardStarted dashboard:
                output.Write($"Live: {dashboard.Address}");
                break;
            case DebugLog debug:
                output.Write(debug.Text);
                break;
            case ResultsPublished published:
                _folder = published.Folder;
                if (azure)
                {
                    output.Command(CiSurfaces.UploadSummary(published.Folder));
                }

                break;
            case DiagnosticReported diagnostic:
                report(diagnostic.Diagnostic with { Message = DiagnosticText.Named(diagnostic.Diagnostic.Message, diagnostic.Test) });
                break;
        }
    }

    /// <summary>Ends the report: the counts, and one line with the verdict.</summary>
    public void Finish(LoadTestResult result)
    {
        var duration = result.EndTime - result.StartTime;
        var verdict = result.Verdict == Verdict.Passed ? "passed" : "failed";
        foreach (var line in result.Coverage.Select(VerdictText.Render))
        {
            output.Write(line);
        }

        output.Write($"Load test {verdict} in {Clock(duration)}.{(_folder is null ? "" : $" Results: {_folder}")}");
        output.Finish(_passed, _failed, duration);
    }

    private void Progress(string test, EngineProgress progress, LiveFigures? figures, TimeSpan? planned)
    {
        var of = planned is { } length ? $" of {Clock(length)}" : "";
        output.Progress(Row(test, progress, figures, planned), string.Create(
            CultureInfo.InvariantCulture,
            $"{test}: {Clock(progress.Elapsed)}{of}, {progress.Vus}/{progress.MaxVus} VUs, {progress.Complete} iterations, {progress.Interrupted} interrupted{Requests(figures)}"));
    }

    /// <summary>The live row: what matters most stays when it does not fit.</summary>
    internal static string Row(string test, EngineProgress progress, LiveFigures? figures, TimeSpan? planned)
    {
        var left = planned is { } length && length > progress.Elapsed ? $"-{Clock(length - progress.Elapsed)}" : Clock(progress.Elapsed);
        var parts = new List<(int Weight, string Text)>
        {
            (1, Short(test)),
            (4, string.Create(CultureInfo.InvariantCulture, $"{progress.Vus} VUs")),
            (3, figures?.RequestsPerSecond is { } rate ? $"{Figures.Number(rate, 3)}/s" : string.Create(CultureInfo.InvariantCulture, $"{progress.Complete} iterations")),
            (1, figures?.P95 is { } p95 ? $"p95 {Figures.Readable(p95, "ms").Replace(" ", "", StringComparison.Ordinal)}" : ""),
            (2, figures?.FailedShare is > 0 and var failed ? $"{Figures.Number(failed * 100, 2)}% failed" : ""),
            (1, left),
        };
        parts.RemoveAll(part => part.Text.Length == 0);
        while (parts.Sum(part => part.Text.Length + 1) - 1 > BuildOutput.RowLength && parts.Exists(part => part.Weight > 1))
        {
            parts.Remove(parts.MaxBy(part => part.Weight));
        }

        return string.Join(' ', parts.Select(part => part.Text));
    }

    private static string Requests(LiveFigures? figures) => figures?.RequestsPerSecond is null ? ""
        : $", {Figures.Number(figures.RequestsPerSecond.Value, 3)} requests/s{(figures.P95 is { } p95 ? $", p(95) {Figures.Readable(p95, "ms")}" : "")}{(figures.FailedShare is > 0 and var failed ? $", {Figures.Percent(failed)} failed" : "")}";

    // Thresholds are the tests; a run that failed for another reason, or that has none, counts as one itself.
    private void Count(TestResult result)
    {
        var crossed = result.Thresholds.Count(threshold => threshold.Verdict != ThresholdVerdict.Passed && threshold.Severity == ThresholdSeverity.Error);
        _passed += result.Thresholds.Count - crossed;
        _failed += crossed;
        if (result.Thresholds.Count == 0 || (result.Verdict == Verdict.Failed && crossed == 0))
        {
            _ = result.Verdict == Verdict.Passed ? _passed++ : _failed++;
        }
    }

    /// <summary>Minutes and seconds, hours only where there are some.</summary>
    internal static string Clock(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"mm\:ss", CultureInfo.InvariantCulture);

    private static string Short(string test) => test.Length <= 16 ? test : test[..15] + "…";
}
