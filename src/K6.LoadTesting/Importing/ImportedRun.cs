using System.Text.Json;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Gates;
using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Importing;

/// <summary>Makes the result of a test of what a k6 that was run elsewhere left behind, and judges it by the limits of this project.</summary>
internal static class ImportedRun
{
    /// <summary>Reads and judges.</summary>
    /// <param name="test">Name and thresholds.</param>
    /// <param name="settings">How to judge.</param>
    /// <param name="files">What is there.</param>
    /// <param name="diagnostics">Gets what the verdict has to say.</param>
    /// <exception cref="LoadTestException">A file cannot be read.</exception>
    public static TestResult Read(TestPlan test, RunSettings settings, ImportedFiles files, ICollection<Diagnostic> diagnostics)
    {
        var analysis = files.Samples.Count == 0 ? null : Samples(test, settings, files.Samples);
        if (analysis is { Truncated: true })
        {
            diagnostics.Add(Rules.SamplesTruncated.At(new SourceLocation(files.Samples[0], 0, 0), "The samples end in the middle of a line or of their compression: k6 was killed, or the file is not all there. What came before is read."));
        }

        var summary = (files.Summary, analysis) switch
        {
            (null, _) => analysis!.Summary(),
            (_, null) => Summary(files.Summary),
            _ => Join(Summary(files.Summary), analysis.Summary()),
        };
        var start = analysis?.Start ?? File.GetLastWriteTimeUtc(files.Summary!) - TimeSpan.FromSeconds(summary.LoadSeconds);
        var file = files.Summary ?? files.Samples[0];
        var length = TimeSpan.FromSeconds(summary.LoadSeconds);
        var run = new EngineRun
        {
            Test = test.Name,
            Engine = new EngineInfo(EngineProgram.K6, "", file),
            StartTime = start,
            EndTime = start + length,
            Outcome = EngineOutcome.Completed,
            SamplesFile = files.Samples is [var only] ? only : null,
            Folder = Path.Combine(settings.ResultsDirectory, test.Name),
            // Interrupted iterations are in nothing that k6 writes to files.
            LastProgress = new EngineProgress(length, 0, 0, (long)(summary.Metrics.GetValueOrDefault("iterations")?.Values.GetValueOrDefault("count") ?? 0), 0),
        };
        return TestResultReader.Judge(
            new GateInput
            {
                Plan = test,
                Bundle = new TestBundle { Test = test.Name, EntryFile = "", File = "" },
                Run = run,
                Settings = settings,
                Options = RunOptions.Unknown,
                Summary = summary,
                Iterations = TestResultReader.Iterations(run, summary),
                Recording = Recording.None with { Timeline = analysis?.Timeline, LoadStart = start },
                Scenarios = [.. Scenarios(summary, analysis).Select(name => new ScenarioResult(name, "", "", null, Iterations(summary, name)))],
            },
            analysis,
            diagnostics);
    }

    // k6's own figures first; what it was not asked for is in the samples.
    private static Summary Join(Summary summary, Summary samples) => summary with
    {
        Metrics = samples.Metrics.ToDictionary(
            metric => metric.Key,
            metric => summary.Metrics.TryGetValue(metric.Key, out var own)
                ? own with { Values = metric.Value.Values.Concat(own.Values).GroupBy(value => value.Key).ToDictionary(value => value.Key, value => value.Last().Value) }
                : metric.Value).Concat(summary.Metrics.Where(metric => !samples.Metrics.ContainsKey(metric.Key))).ToDictionary(),
    };

    private static SampleAnalysis Samples(TestPlan test, RunSettings settings, IReadOnlyList<string> files)
    {
        try
        {
            return SampleAnalysis.Read(files, new SampleQuestions
            {
                Everything = true,
                By = settings.SamplesBy,
                Thresholds = [.. test.Thresholds
                    .Select(threshold => (Selector: MetricSelector.TryParse(threshold.Metric, out _), threshold.Scenario, threshold.Statistic))
                    .Where(one => one.Selector is not null)
                    .Select(one => (one.Scenario is null ? one.Selector! : one.Selector!.With("scenario", one.Scenario), one.Statistic))],
            });
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            throw ImportedFiles.Unknown(files[0], failure.Message.TrimEnd('.'));
        }
    }

    private static Summary Summary(string file)
    {
        try
        {
            return SummaryImport.Read(file);
        }
        catch (JsonException failure)
        {
            throw ImportedFiles.Unknown(file, $"it is not of the shape of a summary ({failure.Message.ReplaceLineEndings(" ")})");
        }
    }

    private static IReadOnlyList<string> Scenarios(Summary summary, SampleAnalysis? analysis) => analysis?.Scenarios
        ?? [.. summary.Metrics.Keys
            .Select(key => MetricSelector.TryParse(key, out _))
            .Where(selector => selector?.Tags is [{ Key: "scenario" }])
            .Select(selector => selector!.Tags[0].Value)
            .Distinct()];

    private static long? Iterations(Summary summary, string scenario) =>
        summary.Metrics.GetValueOrDefault($"iterations{{scenario:{scenario}}}")?.Values.TryGetValue("count", out var count) == true ? (long)count : null;
}
