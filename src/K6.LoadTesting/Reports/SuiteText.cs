using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports;

/// <summary>The verdict on the load tests of several projects, in a line each.</summary>
internal static class SuiteText
{
    /// <summary>The text.</summary>
    /// <param name="suite">What they are called together: the solution.</param>
    /// <param name="projects">Each project, in the order in which they ran; without a result where it did not run to its end.</param>
    public static IReadOnlyList<string> Render(string suite, IReadOnlyList<(string Project, LoadTestResult? Result)> projects)
    {
        var failed = projects.Count(one => one.Result?.Verdict == Verdict.Failed);
        var missing = projects.Count(one => one.Result is null);
        var tests = projects.Where(one => one.Result is not null).SelectMany(one => one.Result!.Tests).ToList();
        var wide = projects.Max(one => one.Project.Length);
        var of = string.Create(CultureInfo.InvariantCulture, $"{projects.Count} {(projects.Count == 1 ? "project" : "projects")}");
        var head = failed + missing == 0 ? $"the load tests of {of} passed"
            : string.Join(", ", new[] { failed > 0 ? $"{failed} of {of} failed" : "", missing > 0 ? $"{missing} of {of} did not run" : "" }.Where(part => part.Length > 0));
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"{suite}: {head}; {tests.Count(test => test.Verdict == Verdict.Passed)} of {tests.Count} tests passed"),
            .. projects.OrderBy(one => one.Result?.Verdict == Verdict.Passed)
                .Select(one => $"  {(one.Result is null ? "NOT RUN" : one.Result.Verdict == Verdict.Passed ? "PASSED " : "FAILED ")} {one.Project.PadRight(wide)}  {(one.Result is null ? "no result" : string.Join("; ", one.Result.Tests.Select(test => Test(one.Result, test))))}".TrimEnd()),
        ];
    }

    // A limit that does not hold, and a load that broke off, are different things to look for.
    private static string Test(LoadTestResult result, TestResult test)
    {
        if (test.Verdict == Verdict.Passed)
        {
            return test.Name;
        }

        var codes = result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error && (one.Test == test.Name || one.Test is null)).Select(one => one.Code).Distinct();
        var how = test.Outcome switch
        {
            Engines.EngineOutcome.Completed or Engines.EngineOutcome.ThresholdsCrossed => "failed",
            Engines.EngineOutcome.NotRun => "not run",
            _ => "broke off",
        };
        return $"{test.Name} {how} ({string.Join(", ", codes)})".Replace(" ()", "", StringComparison.Ordinal);
    }
}
