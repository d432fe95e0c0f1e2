using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports;

/// <summary>The verdict in a few plain lines, for terminals: at most 12 a test and 100 columns.</summary>
internal static class VerdictText
{
    private const int Columns = 100;
    private const int LinesPerTest = 12;

    /// <summary>The whole result, failed tests first.</summary>
    public static IReadOnlyList<string> Render(LoadTestResult result)
    {
        var failed = result.Tests.Count(test => test.Verdict == Verdict.Failed);
        var head = result.Tests.Count == 0 ? "no load test ran"
            : failed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{failed} of {Count(result.Tests.Count, "load test")} failed")
            : result.Verdict == Verdict.Failed ? "failed outside of the load tests"
            : $"{Count(result.Tests.Count, "load test")} passed";
        var lines = new List<string> { $"{result.Project}: {head} ({EngineName(result.Engine)}, {Figures.Duration((result.EndTime - result.StartTime).TotalSeconds)})" };
        lines.AddRange(result.Diagnostics
            .Where(one => one.Severity == DiagnosticSeverity.Error && !result.Tests.Any(test => test.Name == one.Test))
            .Take(3)
            .Select(one => $"  x {one.Code} {one.Message}"));
        lines.AddRange(result.Coverage.Select(document => "  " + Render(document)));
        lines.AddRange(result.Tests.OrderBy(test => test.Verdict == Verdict.Passed).SelectMany(test =>
            Render(test, result.Engine, result.Diagnostics.Where(one => one.Test == test.Name))));
        return [.. lines.Select(Line)];
    }

    /// <summary>How much of a document the load touched.</summary>
    public static string Render(EndpointCoverage document) =>
        string.Create(CultureInfo.InvariantCulture, $"{document.Touched} of {document.Total} operations of {document.Document} were touched ({Figures.Percent(document.Share)})");

    /// <summary>One test, with what was reported about it.</summary>
    public static IReadOnlyList<string> Render(TestResult test, EngineInfo? engine, IEnumerable<ReportedDiagnostic> diagnostics)
    {
        var lines = new List<string>
        {
            $"{(test.Verdict == Verdict.Passed ? "PASSED" : "FAILED")} {test.Name}  {Figures.Duration(test.DurationSeconds)}, {EngineName(engine)}",
        };
        if (Load(test) is { Length: > 0 } load)
        {
            lines.Add($"  {load}");
        }

        var checks = Checks(test);
        var rows = test.Thresholds.OrderBy(threshold => threshold.Verdict == ThresholdVerdict.Passed).Select(Threshold)
            .Concat(test.Regressions.Select(Regression))
            .Concat(diagnostics.Where(one => one.Severity != DiagnosticSeverity.Info && !IsShown(one))
                .OrderByDescending(one => one.Severity)
                .Select(one => (one.Severity == DiagnosticSeverity.Error ? 0 : 1, $"  {Mark(one.Severity)} {one.Code} {one.Message}")))
            .OrderBy(row => row.Item1)
            .Select(row => row.Item2)
            .ToList();
        var room = LinesPerTest - lines.Count - (checks is null ? 0 : 1);
        lines.AddRange(rows.Count <= room ? rows : rows.Take(room - 1).Append($"  … {rows.Count - room + 1} more in loadtest.json"));
        if (checks is not null)
        {
            lines.Add($"  {checks}");
        }

        return [.. lines.Select(Line)];

        // Crossed thresholds have a row of their own.
        static bool IsShown(ReportedDiagnostic one) => one.Code == Rules.ThresholdCrossed.Code
            || one.Code == Rules.ThresholdCrossedPerEngine.Code
            || one.Code == Rules.ThresholdWithoutSamples.Code
            || one.Code == Rules.ThresholdNotEvaluated.Code
            || one.Code == Rules.Regressed.Code
            || one.Code == Rules.RegressionInconclusive.Code;
    }

    private static (int Order, string Text) Regression(RegressionResult result) => ChangeText.Mark(result) switch
    {
        DiagnosticSeverity.Error => (0, $"  x  {ChangeText.Line(result)}"),
        DiagnosticSeverity.Warning => (1, $"  !  {ChangeText.Line(result)}"),
        DiagnosticSeverity.Info => (2, $"  -  {ChangeText.Line(result)}"),
        _ => (2, $"  ok {ChangeText.Line(result)}"),
    };

    private static (int Order, string Text) Threshold(ThresholdResult threshold)
    {
        var margin = Figures.Margin(threshold);
        var text = $"{Figures.Subject(threshold)} {Figures.Actual(threshold)}, limit {threshold.Expression}{(margin.Length == 0 ? "" : $" ({margin})")}";
        return threshold.Verdict == ThresholdVerdict.Passed
            ? (2, $"  ok {text}")
            : (threshold.Reported == DiagnosticSeverity.Error ? 0 : 1, $"  {Mark(threshold.Reported)} {text}");
    }

    private static string Mark(DiagnosticSeverity? severity) => severity switch
    {
        DiagnosticSeverity.Error => "x ",
        DiagnosticSeverity.Warning => "! ",
        _ => "- ",
    };

    private static string Load(TestResult test)
    {
        var parts = new List<string>();
        var (complete, interrupted, dropped) = test.Iterations;
        if (complete + interrupted + dropped > 0)
        {
            parts.Add($"{Count(complete, "iteration")}{(interrupted > 0 ? $" ({interrupted} interrupted)" : "")}{(dropped > 0 ? $" ({dropped} dropped)" : "")}");
        }

        if (Value(test, "http_reqs", "count") is { } requests and > 0)
        {
            parts.Add($"{Count((long)requests, "request")}, {Figures.Value(Value(test, "http_reqs", "rate") ?? 0, "/s")}");
        }

        if (Value(test, "http_req_duration", "p(95)") is { } p95 && Value(test, "http_req_duration", "count") is not 0)
        {
            parts.Add($"p(95) {Figures.Value(p95, "ms")}");
        }

        if (Value(test, "http_req_failed", "rate") is { } failed and > 0)
        {
            parts.Add($"{Figures.Percent(failed)} failed");
        }

        return string.Join(", ", parts);
    }

    private static string? Checks(TestResult test)
    {
        if (test.Requests is { } requests)
        {
            var wrong = requests.Count(request => request.Outcome != RequestOutcome.Passed);
            return wrong == 0 ? $"{Count(requests.Count, "request")} answered as expected" : $"{wrong} of {Count(requests.Count, "request")} not answered as expected";
        }

        if (test.Checks.Count == 0)
        {
            return null;
        }

        var failing = test.Checks.Where(check => check.Fails > 0).OrderByDescending(check => check.Fails).ToList();
        return failing.Count == 0
            ? $"{Count(test.Checks.Count, "check")} held"
            : $"{failing.Count} of {Count(test.Checks.Count, "check")} failed; most: {PlainText.OneLine(failing[0].Name)} ({failing[0].Fails} of {failing[0].Passes + failing[0].Fails})";
    }

    private static double? Value(TestResult test, string metric, string statistic) =>
        test.Metrics.TryGetValue(metric, out var found) && found.Values.TryGetValue(statistic, out var value) ? value : null;

    /// <summary>Engine and version, for sentences.</summary>
    internal static string EngineName(EngineInfo? engine) => engine switch
    {
        null => "no engine",
        { Name: EngineProgram.Embedded } => $"embedded engine {engine.Version}",
        _ => $"{engine.Name} {engine.Version}".TrimEnd(),
    };

    private static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Line(string text) => PlainText.Fit(PlainText.Clean(text).ReplaceLineEndings(" ").TrimEnd(), Columns);
}
