using System.Text.Json;
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
    /// <param name="options">What is known of the options of the run.</param>
    /// <param name="diagnostics">Gets what the verdict has to say.</param>
    /// <exception cref="LoadTestException">A file cannot be read.</exception>
    public static TestResult Read(TestPlan test, RunSettings settings, ImportedFiles files, RunOptions options, ICollection<Diagnostic> diagnostics)
    {
        var summaries = files.Summaries.Select(Summary).ToList();
        var analysis = files.Samples.Count == 0 ? null : Samples(test, settings, files.Samples, summaries, options);
        if (analysis is { Truncated: true })
        {
            diagnostics.Add(Rules.SamplesTruncated.At(new SourceLocation(files.Samples[0], 0, 0), "The samples end in the middle of a line or of their compression: k6 was killed, or the file is not all there. What came before is read."));
        }

        var summary = analysis is null ? summaries[0] : analysis.Summary();
        if (analysis is not null && summaries.Count > 0)
        {
            RequireAllSamples(files, summaries, summary);
            summary = summaries is [var only] ? Join(only, summary) : summary;
        }

        var file = files.Summaries.Concat(files.Samples).First();
        var start = analysis?.Start ?? File.GetLastWriteTimeUtc(file) - TimeSpan.FromSeconds(summary.LoadSeconds);
        var length = TimeSpan.FromSeconds(summary.LoadSeconds);
        var run = new EngineRun
        {
            Test = test.Name,
            Engine = new EngineInfo(EngineProgram.K6, "", file),
            StartTime = start,
            EndTime = start + length,
            Outcome = EngineOutcome.Completed,
            SamplesFile = files.Samples is [var one] ? one : null,
            Folder = Path.Combine(settings.ResultsDirectory, test.Name),
            // Interrupted iterations are in nothing that k6 writes to files.
            LastProgress = new EngineProgress(length, 0, 0, (long)(summary.Metrics.GetValueOrDefault("iterations")?.Values.GetValueOrDefault("count") ?? 0), 0),
        };
        return TestResultReader.Judge(
            new GateInput
            {
                Plan = test,
                Bundle = ImportedOptions.Bundle(test, options),
                Run = run,
                Settings = settings,
                Options = options,
                SampleFiles = files.Samples,
                Summary = summary,
                Iterations = TestResultReader.Iterations(run, summary),
                Recording = Recording.None with { Timeline = analysis?.Timeline, LoadStart = start },
                Scenarios = [.. Scenarios(summary, analysis, options)],
            },
            analysis,
            diagnostics);
    }

    // Percentiles of half of the instances would look like those of all.
    private static void RequireAllSamples(ImportedFiles files, List<Summary> summaries, Summary samples)
    {
        var (told, found) = (summaries.Sum(Iterations), Iterations(samples));
        if (told != found)
        {
            throw new LoadTestException(Rules.ImportNotMergeable.At(
                new SourceLocation(files.Samples[0], 0, 0),
                $"The {(summaries.Count == 1 ? "summary tells" : $"{summaries.Count} summaries tell")} of {told} iterations and the samples have {found}: they are not of the same run, or not whole. Hand in summaries and samples of each instance, or the samples alone."));
        }

        static long Iterations(Summary summary) => (long)(summary.Metrics.GetValueOrDefault("iterations")?.Values.GetValueOrDefault("count") ?? 0);
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

    private static SampleAnalysis Samples(TestPlan test, RunSettings settings, IReadOnlyList<string> files, List<Summary> summaries, RunOptions options)
    {
        // What one summary says of its script's thresholds holds; what several say is of a part each, and is judged anew.
        var declared = (summaries.Count > 1 ? summaries : []).SelectMany(summary => summary.Metrics)
            .SelectMany(metric => metric.Value.Thresholds.Keys.Select(expression => (Selector: MetricSelector.TryParse(metric.Key, out _), Expression: ThresholdExpression.TryParse(expression, out _))))
            .Where(one => one is { Selector: not null, Expression: not null })
            .DistinctBy(one => $"{one.Selector} {one.Expression}")
            .ToList();
        try
        {
            return SampleAnalysis.Read(files, new SampleQuestions
            {
                Everything = true,
                By = settings.SamplesBy,
                Declared = declared.GroupBy(one => one.Selector!.ToString()).ToDictionary(one => one.Key, IReadOnlyList<ThresholdExpression> (one) => [.. one.Select(each => each.Expression!)]),
                Thresholds = [.. ThresholdEvaluator.Declared(test, ImportedOptions.Bundle(test, options), options)
                    .SelectMany(one => new[] { (Key: (string?)one.Key, one.Statistic), (Key: one.PerKey, one.Statistic) })
                    .Select(one => (Selector: MetricSelector.TryParse(one.Key ?? "", out _), one.Statistic))
                    .Where(one => one.Selector is not null)
                    .Select(one => (one.Selector!, one.Statistic))
                    .Concat(declared.Select(one => (one.Selector!, one.Expression!.Statistic)))],
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
            throw ImportedFiles.Unknown(file, $"it is not of the shape of a summary ({failure.Message})");
        }
    }

    private static IReadOnlyList<ScenarioResult> Scenarios(Summary summary, SampleAnalysis? analysis, RunOptions options)
    {
        if (options.Scenarios.Count > 0)
        {
            // Of samples, a scenario without iterations is one that never ran.
            return [.. options.Scenarios.Select(scenario => new ScenarioResult(
                scenario.Name, scenario.Executor, options.Entry?.Scenarios.FirstOrDefault(item => item.Names.Contains(scenario.Name))?.Script ?? "", scenario.Exec,
                Iterations(summary, scenario.Name) ?? (analysis is null ? null : 0)))];
        }

        IReadOnlyList<string> names = analysis?.Scenarios
            ?? [.. summary.Metrics.Keys
                .Select(key => MetricSelector.TryParse(key, out _))
                .Where(selector => selector?.Tags is [{ Key: "scenario" }])
                .Select(selector => selector!.Tags[0].Value)
                .Distinct()];
        return [.. names.Select(name => new ScenarioResult(name, "", "", null, Iterations(summary, name)))];
    }

    private static long? Iterations(Summary summary, string scenario) =>
        summary.Metrics.GetValueOrDefault($"iterations{{scenario:{scenario}}}")?.Values.TryGetValue("count", out var count) == true ? (long)count : null;
}
