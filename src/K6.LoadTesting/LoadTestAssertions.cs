using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;

namespace K6.LoadTesting;

/// <summary>Fails a test of any framework, in the words in which a build fails.</summary>
public static class LoadTestAssertions
{
    /// <summary>Fails unless the whole load test passed: the load ran, was measured, and held.</summary>
    /// <param name="result">The result.</param>
    /// <returns>The result, to go on with.</returns>
    /// <exception cref="LoadTestFailedException">It did not; the message has every reason, at its file and line.</exception>
    public static LoadTestResult ShouldHold(this LoadTestResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Verdict == Verdict.Passed ? result : throw new LoadTestFailedException(result, result.Diagnostics);
    }

    /// <summary>Fails unless one threshold was measured and held, whatever else happened.</summary>
    /// <param name="result">The result.</param>
    /// <param name="threshold">Its name in reports, such as <c>http_req_duration p(95)</c>.</param>
    /// <param name="test">Name of the test; null for all that have such a threshold.</param>
    /// <exception cref="LoadTestFailedException">It did not hold, or nothing was measured.</exception>
    /// <exception cref="ArgumentException">There is no such threshold.</exception>
    public static LoadTestResult ShouldHold(this LoadTestResult result, string threshold, string? test = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var tests = result.Tests.Where(one => test is null || one.Name == test).ToList();
        var judged = tests.SelectMany(one => one.Thresholds.Where(limit => limit.Name == threshold)).ToList();
        if (judged.Count == 0)
        {
            // A run that failed before it was judged has no thresholds; that is no mistake of the caller's.
            result.ShouldHold();
            throw new ArgumentException(
                $"No test has a threshold '{threshold}'. There is: {string.Join(", ", tests.SelectMany(one => one.Thresholds).Select(limit => limit.Name).Distinct())}.", nameof(threshold));
        }

        var crossed = judged.Where(limit => limit.Verdict != ThresholdVerdict.Passed).ToList();
        return crossed.Count == 0 ? result : throw new LoadTestFailedException(
            result, result.Diagnostics.Where(one => crossed.Exists(limit => limit.File == one.File && limit.Line == one.Line)));
    }
}

/// <summary>A load test did not hold.</summary>
public sealed class LoadTestFailedException : Exception
{
    internal LoadTestFailedException(LoadTestResult result, IEnumerable<ReportedDiagnostic> reasons)
        : base(string.Join('\n', [.. reasons.Where(one => one.Severity == DiagnosticSeverity.Error).Select(DiagnosticText.Line), .. VerdictText.Render(result)]))
        => Result = result;

    /// <summary>The result.</summary>
    public LoadTestResult Result { get; }
}

/// <summary>What a load test says is not valid, so that nothing ran.</summary>
public sealed class InvalidLoadTestException : Exception
{
    internal InvalidLoadTestException(IReadOnlyList<Diagnostic> diagnostics)
        : base(string.Join('\n', diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).Select(one => DiagnosticText.Line(ReportedDiagnostic.From(one, null)))))
        => Diagnostics = diagnostics;

    /// <summary>Everything that was found, warnings too.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }
}
