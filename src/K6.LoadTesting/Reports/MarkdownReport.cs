using System.Globalization;
using System.Text;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Reports.Html;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports;

/// <summary>
/// The result for pull requests and job summaries, in GitHub's Markdown. Blocks come in the order in which people ask, and those that no longer fit are left out whole,
/// the last ones first, with a line that says so.
/// </summary>
internal static class MarkdownReport
{
    /// <summary>Most bytes: a comment of GitHub takes 65,535 characters, its job summary a megabyte for all steps of a job.</summary>
    public const int MostBytes = 60_000;

    private const int MostRows = 30;
    private const int RoomForNote = 200;

    /// <summary>Writes the file aside and moves it into place.</summary>
    /// <param name="result">The result.</param>
    /// <param name="file">Absolute path of the file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(LoadTestResult result, string file) => TextFile.Write(file, Render(result));

    /// <summary>The text, at most <see cref="MostBytes"/> long.</summary>
    /// <param name="result">The result.</param>
    public static string Render(LoadTestResult result)
    {
        var text = new StringBuilder();
        var used = 0;
        var left = 0;
        foreach (var block in Blocks(result).Where(block => block.Length > 0))
        {
            var size = Encoding.UTF8.GetByteCount(block) + 1;
            if (left > 0 || used + size > MostBytes - RoomForNote)
            {
                left++;
                continue;
            }

            used += size;
            text.Append(block).Append('\n');
        }

        if (left > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"*{left} more {(left == 1 ? "part does" : "parts do")} not fit here; loadtest.html and loadtest.json have all.*\n");
        }

        return text.ToString();
    }

    private static IEnumerable<string> Blocks(LoadTestResult result)
    {
        yield return $"## {Sign(result.Verdict)} {MarkdownText.Escape($"{result.Project}: {HtmlReport.Headline(result)}")}\n";
        yield return Origin(result);
        foreach (var test in result.Tests)
        {
            yield return Changes(result, test);
        }

        yield return Reasons(result);
        yield return result.Tests.Count > 1 ? Tests(result) : result.Tests is [var only] ? Figures(only) : "";
        foreach (var test in result.Tests.OrderBy(test => test.Verdict == Verdict.Passed))
        {
            yield return Thresholds(result, test);
        }

        foreach (var test in result.Tests)
        {
            yield return Endpoints(result, test);
            yield return Checks(result, test);
            yield return Exceptions(result, test);
        }

        yield return Warnings(result);
    }

    private static string Origin(LoadTestResult result)
    {
        var parts = new List<string> { VerdictText.EngineName(result.Engine), Reports.Figures.Duration((result.EndTime - result.StartTime).TotalSeconds) };
        if (result.Commit is { } commit)
        {
            parts.Add($"commit {commit.Sha[..Math.Min(9, commit.Sha.Length)]}{(commit.Branch is null ? "" : $" on {commit.Branch}")}");
        }

        return $"{MarkdownText.Escape(string.Join(", ", parts))}\n";
    }

    private static string Reasons(LoadTestResult result) => List(
        "",
        [.. result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).Select(one => Reason(result, one))]);

    private static string Warnings(LoadTestResult result) => List(
        "### Warnings\n\n",
        [.. result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Warning).Select(one => Reason(result, one))]);

    private static string Reason(LoadTestResult result, ReportedDiagnostic one)
    {
        var place = one.File is null ? "" : $" {MarkdownText.Code(HtmlReport.Place(one.File, one.Line, one.Column))}";
        var test = one.Test is not null && result.Tests.Count > 1 ? $"**{MarkdownText.Escape(one.Test)}**: " : "";
        return $"- {test}{MarkdownText.Escape(one.Message)} {MarkdownText.Code(one.Code)}{place}\n";
    }

    private static string Tests(LoadTestResult result) => Table(
        "",
        "| | test | thresholds held | requests | per second | p(95) | failed |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |\n",
        [.. result.Tests.Select(test => string.Create(
            CultureInfo.InvariantCulture,
            $"| {Sign(test.Verdict)} | {MarkdownText.Escape(test.Name)} | {test.Thresholds.Count(one => one.Verdict == ThresholdVerdict.Passed)} of {test.Thresholds.Count} | {HtmlReport.Value(test, "http_reqs", "count", "")} | {HtmlReport.Value(test, "http_reqs", "rate", "")} | {HtmlReport.Value(test, "http_req_duration", "p(95)", "ms")} | {HtmlReport.Value(test, "http_req_failed", "rate", "1")} |\n"))]);

    private static string Figures(TestResult test)
    {
        var (complete, interrupted, dropped) = test.Iterations;
        var parts = new (string Name, string Value)[]
        {
            ("requests", HtmlReport.Value(test, "http_reqs", "count", "")),
            ("per second", HtmlReport.Value(test, "http_reqs", "rate", "")),
            ("median", HtmlReport.Value(test, "http_req_duration", "med", "ms")),
            ("p(95)", HtmlReport.Value(test, "http_req_duration", "p(95)", "ms")),
            ("failed", HtmlReport.Value(test, "http_req_failed", "rate", "1")),
            ("iterations", complete > 0 ? Reports.Figures.Readable(complete, "") : "–"),
            ("interrupted", interrupted > 0 ? Reports.Figures.Readable(interrupted, "") : "–"),
            ("dropped", dropped > 0 ? Reports.Figures.Readable(dropped, "") : "–"),
        }.Where(part => part.Value != "–").ToList();
        return parts.Count == 0
            ? ""
            : $"| {string.Join(" | ", parts.Select(part => part.Name))} |\n|{string.Concat(parts.Select(_ => " ---: |"))}\n| {string.Join(" | ", parts.Select(part => part.Value))} |\n";
    }

    private static string Thresholds(LoadTestResult result, TestResult test) => Table(
        Heading(result, test, "Thresholds"),
        "| | metric | limit | measured | margin |\n| --- | --- | ---: | ---: | ---: |\n",
        [.. test.Thresholds.OrderBy(one => one.Verdict == ThresholdVerdict.Passed).Select(one =>
            $"| {Sign(one)} | {MarkdownText.Code(one.Metric)} | {MarkdownText.Code(one.Expression)} | {(one.Actual is { } actual ? Reports.Figures.Readable(actual, one.Unit) : "no samples")} | {MarkdownText.Escape(Reports.Figures.MarginInWords(one))} |\n")]);

    private static string Changes(LoadTestResult result, TestResult test) => Table(
        Heading(result, test, MarkdownText.Escape(ChangeText.Title(test))),
        "| | metric | before | now | change | noise | allowed | detectable |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
        [.. test.Regressions.OrderByDescending(one => ChangeText.Mark(one) ?? DiagnosticSeverity.Info).Select(one =>
            $"| {Sign(ChangeText.Mark(one))} {ChangeText.Verdict(one)} | {MarkdownText.Code(one.Metric)} {MarkdownText.Escape(one.Statistic)} | {ChangeText.Baseline(one)} | {ChangeText.Now(one)}{(ChangeText.Again(one) is { } again ? $", {again}" : "")} | {ChangeText.Change(one)} | {ChangeText.Noise(one)} | {ChangeText.Allowed(one)} | {ChangeText.Detectable(one)} |\n")]);

    private static string Endpoints(LoadTestResult result, TestResult test) => Table(
        Heading(result, test, "Endpoints"),
        "| endpoint | requests | failed | median | p(95) | p(99) |\n| --- | ---: | ---: | ---: | ---: | ---: |\n",
        [.. test.Endpoints.Select(one =>
            $"| {MarkdownText.Code(one.Name)} | {Reports.Figures.Readable(one.Requests, "")} | {(one.FailedShare is { } failed ? Reports.Figures.Percent(failed) : "–")} | {Time(one, "med")} | {Time(one, "p(95)")} | {Time(one, "p(99)")} |\n")]);

    private static string Time(EndpointResult endpoint, string statistic) =>
        endpoint.Duration.TryGetValue(statistic, out var value) ? Reports.Figures.Readable(value, "ms") : "–";

    private static string Checks(LoadTestResult result, TestResult test) => Table(
        Heading(result, test, "Checks that failed"),
        "| check | failed | of |\n| --- | ---: | ---: |\n",
        [.. test.Checks.Where(check => check.Fails > 0).OrderByDescending(check => check.Fails).Select(check =>
            $"| {MarkdownText.Escape(check.Group.Length == 0 ? check.Name : $"{check.Group.Replace("::", " › ", StringComparison.Ordinal)} › {check.Name}", 200)} | {Reports.Figures.Readable(check.Fails, "")} | {Reports.Figures.Readable(check.Passes + check.Fails, "")} |\n")]);

    private static string Exceptions(LoadTestResult result, TestResult test) => Table(
        Heading(result, test, "Exceptions"),
        "| times | exception | place |\n| ---: | --- | --- |\n",
        [.. test.Errors.Select(error =>
            $"| {Reports.Figures.Readable(error.Count, "")} | {MarkdownText.Escape(error.Message, 300)} | {(error.File is null ? "" : MarkdownText.Code(HtmlReport.Place(error.File, error.Line, error.Column)))} |\n")]);

    private static string Heading(LoadTestResult result, TestResult test, string title) =>
        $"### {title}{(result.Tests.Count > 1 ? $" of {MarkdownText.Escape(test.Name)}" : "")}\n\n";

    private static string Table(string heading, string head, IReadOnlyList<string> rows) =>
        rows.Count == 0 ? "" : $"{heading}{head}{string.Concat(rows.Take(MostRows))}{Left(rows.Count)}";

    private static string List(string heading, IReadOnlyList<string> rows) =>
        rows.Count == 0 ? "" : $"{heading}{string.Concat(rows.Take(MostRows))}{Left(rows.Count)}";

    private static string Left(int rows) => rows <= MostRows ? "" : string.Create(CultureInfo.InvariantCulture, $"\n*{rows - MostRows} more in loadtest.json.*\n");

    private static string Sign(Verdict verdict) => verdict == Verdict.Passed ? "✅" : "❌";

    private static string Sign(ThresholdResult threshold) => threshold.Verdict == ThresholdVerdict.Passed ? Sign((DiagnosticSeverity?)null)
        : threshold.Reported == DiagnosticSeverity.Error ? Sign(DiagnosticSeverity.Error)
        : Sign(DiagnosticSeverity.Warning);

    private static string Sign(DiagnosticSeverity? severity) => severity switch
    {
        DiagnosticSeverity.Error => "❌",
        DiagnosticSeverity.Warning => "⚠️",
        DiagnosticSeverity.Info => "–",
        _ => "✅",
    };
}
