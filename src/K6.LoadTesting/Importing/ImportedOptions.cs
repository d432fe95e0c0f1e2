using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Importing;

/// <summary>The options that a run elsewhere had, as the <c>options.json</c> beside its archive tells them.</summary>
internal static class ImportedOptions
{
    /// <summary>Reads the file.</summary>
    /// <param name="file">Absolute path; null for none.</param>
    /// <param name="test">The test; its thresholds may have changed since.</param>
    /// <exception cref="LoadTestException">It is not there, or something else.</exception>
    public static RunOptions Read(string? file, TestPlan test)
    {
        if (file is null)
        {
            return RunOptions.Unknown;
        }

        var options = RunOptions.Read(file);
        return options.Entry is null
            ? throw new LoadTestException(Rules.ImportUnknown.At(
                new SourceLocation(file, 0, 0), "K6ReportOptions names a file that is not there, or is no options.json of a test: K6Archive and K6Distributed make one beside each archive."))
            : options with { Entry = options.Entry with { Thresholds = [.. options.Entry.Thresholds.Where(one => one.Source != "project" || IsOf(test, one))] } };
    }

    /// <summary>Where the thresholds of the scripts are, as far as options tell.</summary>
    public static TestBundle Bundle(TestPlan test, RunOptions options) => new()
    {
        Test = test.Name,
        EntryFile = "",
        File = "",
        ScriptThresholds = [.. (options.Entry?.Thresholds ?? [])
            .Where(one => one.Script is not null)
            .Select(one => new ScriptThreshold(one.Script!, one.Written ?? one.Metric, one.Expression, new SourceLocation(one.Script!, 0, 0)))],
    };

    // Limits may be tuned after the run. One that is of something else now gets the scope that the project gives it.
    private static bool IsOf(TestPlan test, EntryThreshold entry) =>
        entry.Index is { } index && index < test.Thresholds.Count && test.Thresholds[index] is var threshold
        && MetricSelector.TryParse(entry.Metric, out _)?.Name == MetricSelector.TryParse(threshold.Metric, out _)?.Name
        && ThresholdExpression.TryParse(entry.Expression, out _)?.Statistic == threshold.Statistic;
}
