using System.Text.Json;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Gates;
using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Services.Logs;
using K6.LoadTesting.Services.Monitoring;
using K6.LoadTesting.Sources.OpenApi;

namespace K6.LoadTesting.Results;

/// <summary>Makes the result of a test from what the engine left behind, and judges it.</summary>
internal static class TestResultReader
{
    internal const int LogTailLines = 40;

    // Coarse clocks of file systems; the engine's side removes a summary that is there before it starts.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(2);

    private static readonly string[] StandardStatistics =
        ["count", "rate", "passes", "fails", "value", "avg", "min", "med", "max", "p(90)", "p(95)", "p(99)"];

    /// <summary>Reads and judges a run.</summary>
    /// <param name="plan">What was to run.</param>
    /// <param name="bundle">What the engine was given.</param>
    /// <param name="run">What it left behind; its files are read.</param>
    /// <param name="settings">Limits and severities.</param>
    /// <param name="diagnostics">Gets what the verdict has to say; errors in it are why the test failed. How the engine ended is told by the stage before.</param>
    public static TestResult Read(
        TestPlan plan, TestBundle bundle, EngineRun run, RunSettings settings, ICollection<Diagnostic> diagnostics) =>
        Read(plan, bundle, run, settings, diagnostics, WatchedRun.Nothing);

    /// <summary>Reads and judges a run, with what was seen of the services, the engine and the machine.</summary>
    internal static TestResult Read(
        TestPlan plan, TestBundle bundle, EngineRun run, RunSettings settings, ICollection<Diagnostic> diagnostics, WatchedRun watched)
    {
        var (summary, failure) = ReadSummary(run);
        var options = RunOptions.Read(run.OptionsFile);
        var recording = TimelineReader.Read(run.RecordFile);
        var scenarios = Scenarios(plan, options, summary);
        var iterations = Iterations(run, summary);
        var loadStart = recording.LoadStart ?? run.StartTime;
        var monitored = MonitoredResults.Make(watched.Observations, loadStart, summary?.LoadSeconds);
        var result = Judge(
            new GateInput
            {
                Plan = plan,
                Bundle = bundle,
                Run = run,
                Settings = settings,
                Options = options,
                Summary = summary,
                SummaryFailure = failure,
                Recording = recording,
                Iterations = iterations,
                Scenarios = scenarios,
                Monitored = monitored,
            },
            Samples(run, settings, diagnostics),
            diagnostics);
        return result with
        {
            WarmUp = watched.WarmUpResult(loadStart),
            ServiceLogs = [.. watched.Logs.Select(log => ServiceLogReader.Read(log, loadStart, summary?.LoadSeconds)).OfType<ServiceLogResult>()],
            SlowestRequests = settings.TraceContext ? SlowestRequests.Read(run.SamplesFile, loadStart) : [],

            // The logs of services are among them only now.
            Files = Files(run.Folder),
        };
    }

    /// <summary>Judges what was read, and makes the result of it.</summary>
    /// <param name="input">What was read.</param>
    /// <param name="samples">The raw samples; null without any.</param>
    /// <param name="diagnostics">Gets what the verdict has to say.</param>
    internal static TestResult Judge(GateInput input, SampleAnalysis? samples, ICollection<Diagnostic> diagnostics)
    {
        var (run, summary) = (input.Run, input.Summary);
        var judgement = Gate.Judge(input);
        foreach (var diagnostic in judgement.Diagnostics)
        {
            diagnostics.Add(diagnostic);
        }

        var metrics = summary is null ? new Dictionary<string, MetricResult>() : Metrics(summary, input.Options, judgement.Thresholds);
        var groups = Breakdowns(samples, summary?.LoadSeconds, input.Settings, diagnostics);
        return new TestResult
        {
            Name = input.Plan.Name,
            Verdict = judgement.Verdict,
            Outcome = run.Outcome,
            ExitCode = run.ExitCode,
            StartTime = run.StartTime,
            DurationSeconds = (run.EndTime - run.StartTime).TotalSeconds,
            LoadSeconds = summary?.LoadSeconds,
            Scenarios = input.Scenarios,
            Metrics = metrics,
            Endpoints = groups.FirstOrDefault(one => one.Tag == "name") is { Rows.Count: > 0 } all ? all.Rows : EndpointReader.Read(metrics, summary?.LoadSeconds),
            Breakdowns = [.. groups.Where(one => one.Tag != "name")],
            Operations = EndpointCoverage.ReadTouched(OperationList.Read(input.Bundle.OperationLists), summary),
            Thresholds = judgement.Thresholds,
            LoadKey = input.Options.LoadKey,
            Checks = summary?.Checks ?? [],
            Errors = [.. run.Errors.Select(Error)],
            Iterations = input.Iterations,
            Timeline = input.Recording.Timeline,
            Monitored = input.Monitored,
            Noisy = judgement.Noisy,
            LogTail = EngineLogTail.Read(run.LogFile, LogTailLines),
            Files = Files(run.Folder),
        };
    }

    // Whoever killed the engine may have left half a file; the verdict does not hang on it.
    private static SampleAnalysis? Samples(EngineRun run, RunSettings settings, ICollection<Diagnostic> diagnostics)
    {
        if (run.SamplesFile is null)
        {
            return null;
        }

        try
        {
            return SampleAnalysis.Read([run.SamplesFile], new SampleQuestions { By = settings.SamplesBy });
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            diagnostics.Add(Rules.SamplesTruncated.At(new SourceLocation(run.SamplesFile, 0, 0), $"The samples cannot be read: {failure.Message}"));
            return null;
        }
    }

    private static IReadOnlyList<Breakdown> Breakdowns(SampleAnalysis? samples, double? loadSeconds, RunSettings settings, ICollection<Diagnostic> diagnostics)
    {
        foreach (var group in samples?.Groups ?? [])
        {
            if (group.Examples.Count > 0
                && RuleSeverity.Tuned(Rules.TagTooWide.At(null, SampleGroups.TooMany(group)), settings) is { } told)
            {
                diagnostics.Add(told);
            }
        }

        return [.. (samples?.Groups ?? []).Select(group => new Breakdown(group.Tag, group.Results(loadSeconds))).Where(one => one.Rows.Count > 0)];
    }

    /// <summary>The result of a test that was never started, or whose engine left nothing to read: failed, with nothing in it.</summary>
    public static TestResult NotRun(TestPlan plan, EngineOutcome outcome) => new()
    {
        Name = plan.Name,
        Verdict = Verdict.Failed,
        Outcome = outcome,
        Scenarios = Scenarios(plan, RunOptions.Unknown, null),
    };

    private static (Summary? Summary, Diagnostic? Failure) ReadSummary(EngineRun run)
    {
        if (run.SummaryFile is null || !File.Exists(run.SummaryFile))
        {
            return (null, Rules.SummaryMissing.At(
                null,
                $"{run.Engine.Title} ended with exit code {run.ExitCode} and wrote no summary, so nothing is known about the run. "
                + "A handleSummary that never ends does this; look at the engine's log."));
        }

        if (File.GetLastWriteTimeUtc(run.SummaryFile) < run.StartTime.UtcDateTime.AddSeconds(Math.Min(0, run.ClockSetBySeconds)) - ClockTolerance)
        {
            return (null, Stale(run, "was written before the run started"));
        }

        try
        {
            var summary = Summary.Read(run.SummaryFile);
            return summary.LoadSeconds > (run.EndTime - run.StartTime + ClockTolerance).TotalSeconds
                ? (null, Stale(run, "tells of a load longer than the run"))
                : (summary, null);
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            return (null, Rules.SummaryInvalid.At(
                new SourceLocation(run.SummaryFile, 0, 0),
                $"The summary is cut short or not what it should be ({problem.Message}), so nothing is known about the run. "
                + "The engine may have been killed, or the disk may be full."));
        }
    }

    private static Diagnostic Stale(EngineRun run, string why) => Rules.SummaryStale.At(
        new SourceLocation(run.SummaryFile!, 0, 0), $"The summary {why}: it is of another run, and nothing is known about this one.");

    private static IReadOnlyList<ScenarioResult> Scenarios(TestPlan plan, RunOptions options, Summary? summary)
    {
        if (options.Scenarios.Count == 0)
        {
            return [.. plan.Scenarios.Select(item =>
                new ScenarioResult(item.Name, item.Load?.Executor ?? "", item.File, item.Exec, IterationsOf(item.Name)))];
        }

        return [.. options.Scenarios.Select(scenario => new ScenarioResult(
            scenario.Name,
            scenario.Executor,
            options.Entry?.Scenarios.FirstOrDefault(item => item.Names.Contains(scenario.Name))?.Script
                ?? plan.Scenarios.FirstOrDefault(item => item.Name == scenario.Name)?.File
                ?? (plan.Scenarios is [var first, ..] ? first.File : ""),
            plan.Scenarios.FirstOrDefault(item => item.Name == scenario.Name && item.Load is not null) is { } declared ? declared.Exec : scenario.Exec,
            IterationsOf(scenario.Name)))];

        long? IterationsOf(string name) =>
            summary?.Metrics.GetValueOrDefault($"iterations{{scenario:{name}}}")?.Values.TryGetValue("count", out var count) == true ? (long)count : null;
    }

    /// <summary>Iterations of a run.</summary>
    internal static IterationCounts Iterations(EngineRun run, Summary? summary)
    {
        return new IterationCounts(
            summary is null ? run.LastProgress?.Complete ?? 0 : Count("iterations"),
            run.LastProgress?.Interrupted ?? 0,
            Count("dropped_iterations"));

        long Count(string metric) => (long)(summary?.Metrics.GetValueOrDefault(metric)?.Values.GetValueOrDefault("count") ?? 0);
    }

    private static Dictionary<string, MetricResult> Metrics(Summary summary, RunOptions options, IReadOnlyList<ThresholdResult> thresholds)
    {
        var asked = StandardStatistics
            .Concat(summary.TrendStatistics.Except(options.Entry?.TrendStats ?? []))
            .ToHashSet();
        return summary.Metrics.Where(metric => !OperationList.IsOwn(metric.Key)).OrderBy(metric => metric.Key, StringComparer.Ordinal).ToDictionary(
            metric => metric.Key,
            metric => new MetricResult
            {
                Type = metric.Value.Type,
                Contains = metric.Value.Contains,
                Values = metric.Value.Values
                    .Where(value => asked.Contains(value.Key) || IsInThreshold(metric.Key, value.Key))
                    .OrderBy(value => Rank(value.Key))
                    .ToDictionary(value => value.Key, value => value.Value),
                Distribution = Distribution(metric.Value),
            });

        // Percentiles last, ascending.
        static double Rank(string statistic) => statistic == "med" || Percentile.Of(statistic) is not { } percent
            ? Array.IndexOf(StandardStatistics, statistic)
            : 100 + percent;

        bool IsInThreshold(string metric, string statistic) => thresholds.Any(threshold =>
            threshold.Metric == metric && (threshold.Statistic == statistic || (Percentile.Of(statistic) is { } percent && percent == Percentile.Of(threshold.Statistic))));
    }

    private static IReadOnlyList<double[]>? Distribution(SummaryMetric metric)
    {
        if (metric.Type != "trend" || metric.Values.GetValueOrDefault("count") == 0)
        {
            return null;
        }

        return [.. metric.Values
            .Select(value => (Percent: Percentile.Of(value.Key), value.Value))
            .Where(point => point.Percent is not null)
            .DistinctBy(point => point.Percent)
            .OrderBy(point => point.Percent)
            .Select(point => new[] { point.Percent!.Value, point.Value })];
    }

    private static ErrorResult Error(FoldedError error) => new(
        error.Message, error.Count, error.Scenario,
        error.Location?.File,
        error.Location is { Line: > 0 } line ? line.Line : null,
        error.Location is { Column: > 0 } column ? column.Column : null,
        error.Stack);

    private static string[] Files(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var root = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder))!;
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];
    }
}
