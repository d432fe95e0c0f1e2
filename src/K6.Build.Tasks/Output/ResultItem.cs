using System.Globalization;
using K6.LoadTesting.Results;
using Microsoft.Build.Utilities;

namespace K6.Build.Tasks.Output;

/// <summary>The result of a test as an item.</summary>
internal static class ResultItem
{
    /// <summary>Its name, with <c>Verdict</c>, <c>ResultFile</c> and more.</summary>
    public static TaskItem Of(LoadTestResult result, TestResult test, string folder)
    {
        var item = new TaskItem(test.Name);
        item.SetMetadata("Verdict", test.Verdict == Verdict.Passed ? "passed" : "failed");
        item.SetMetadata("Outcome", test.Outcome.ToString());
        item.SetMetadata("Engine", result.Engine is { } engine ? $"{engine.Name} {engine.Version}".TrimEnd() : "");
        item.SetMetadata("ResultFile", Path.Combine(folder, "loadtest.json"));
        item.SetMetadata("TrxFile", Path.Combine(folder, "loadtest.trx"));
        item.SetMetadata("Folder", Path.Combine(folder, test.Name));
        item.SetMetadata("Iterations", test.Iterations.Complete.ToString(CultureInfo.InvariantCulture));
        item.SetMetadata("Thresholds", test.Thresholds.Count.ToString(CultureInfo.InvariantCulture));
        item.SetMetadata("ThresholdsCrossed", test.Thresholds.Count(threshold => threshold.Verdict != ThresholdVerdict.Passed).ToString(CultureInfo.InvariantCulture));
        return item;
    }
}
