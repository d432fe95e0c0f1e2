using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports;

/// <summary>Outcomes that every reader of TRX and of JUnit XML knows; any other is taken for green or for skipped by one of them.</summary>
internal enum CaseOutcome
{
    Passed,
    Failed,
    NotExecuted,
}

/// <summary>A load test's run, threshold or check as a test case.</summary>
internal sealed record TestCase
{
    /// <summary><c>Project.test.Run</c>, <c>….Thresholds</c> or <c>….Checks</c>.</summary>
    public required string ClassName { get; init; }

    /// <summary>Name; never contains a limit or a value, so that CI history survives a tuned limit.</summary>
    public required string Name { get; init; }

    /// <summary>Category.</summary>
    public required string Category { get; init; }

    public required CaseOutcome Outcome { get; init; }

    /// <summary>What to tell in any case.</summary>
    public string Output { get; init; } = "";

    /// <summary>Why it failed or was not executed.</summary>
    public string? Message { get; init; }

    /// <summary>Where to look: becomes the frame of the stack trace.</summary>
    public (string File, int Line)? Place { get; init; }

    /// <summary>The stack trace: readers show an error only with one, and make the place of its frame an annotation.</summary>
    public string Frame => Place is { } place
        ? string.Create(CultureInfo.InvariantCulture, $"   at k6 {Category} {Name} in {place.File}:line {Math.Max(1, place.Line)}")
        : $"   at k6 {Category} {Name}";

    public DateTimeOffset Start { get; init; }

    /// <summary>Time of the run; zero for thresholds and checks, since CI systems add up the times of tests.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Files to attach, relative to the folder of results.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>All tests of a result: the invocation itself where it has errors of its own, then each test's run, thresholds and checks.</summary>
    public static IReadOnlyList<TestCase> Of(LoadTestResult result)
    {
        var tests = result.Tests.SelectMany(test => Of(result, test)).ToList();
        var own = result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error
            && !result.Tests.Any(test => test.Name == one.Test)).ToList();
        var unexplained = result.Verdict == Verdict.Failed && !tests.Exists(test => test.Outcome == CaseOutcome.Failed);
        if (own.Count > 0 || unexplained || tests.Count == 0)
        {
            tests.Insert(0, new TestCase
            {
                ClassName = $"{result.Project}.Run",
                Name = result.Project,
                Category = "run",
                Outcome = CaseOutcome.Failed,
                Message = own.Count == 0 ? "No load test ran." : string.Join('\n', own.Select(Line)),
                Place = own.Count == 0 ? ProjectPlace(result) : PlaceOf(own[0]) ?? ProjectPlace(result),
                Start = result.StartTime,
                Duration = tests.Count == 0 ? result.EndTime - result.StartTime : TimeSpan.Zero,
            });
        }

        return Distinct(tests);
    }

    private static IEnumerable<TestCase> Of(LoadTestResult result, TestResult test)
    {
        var prefix = $"{result.Project}.{test.Name}";
        var start = test.StartTime ?? result.StartTime;
        var thresholds = test.Thresholds.Select(threshold => Threshold(result, test, threshold, prefix, start)).ToList();
        if (test.Requests is { } requests)
        {
            foreach (var request in requests.Select(request => Request(result, request, $"{prefix}.Requests", start)))
            {
                yield return request;
            }

            // A reason that is none of the requests': an exception, an engine that ended.
            if (result.Diagnostics.Any(one => one.Test == test.Name && one.Severity == DiagnosticSeverity.Error && one.Code != Rules.ApiCheckFailed.Code))
            {
                yield return Run(result, test, prefix, start, thresholdFailed: true);
            }

            yield break;
        }

        yield return Run(result, test, prefix, start, thresholds.Exists(threshold => threshold.Outcome == CaseOutcome.Failed));
        foreach (var one in thresholds.Concat(test.Checks.Select(check => Check(result, test, check, prefix, start))))
        {
            yield return one;
        }
    }

    private static TestCase Run(LoadTestResult result, TestResult test, string prefix, DateTimeOffset start, bool thresholdFailed)
    {
        // A crossed threshold fails as a test of its own.
        var reasons = result.Diagnostics.Where(one => one.Test == test.Name
            && one.Severity == DiagnosticSeverity.Error
            && !IsThreshold(one.Code)).ToList();
        var failed = reasons.Count > 0 || (test.Verdict == Verdict.Failed && !thresholdFailed);
        return new TestCase
        {
            ClassName = $"{prefix}.Run",
            Name = test.Name,
            Category = "run",
            Outcome = failed ? CaseOutcome.Failed : CaseOutcome.Passed,
            Output = string.Join('\n', VerdictText.Render(test, result.Engine, result.Diagnostics.Where(one => one.Test == test.Name)).Concat(failed ? ["", "Engine log:", .. test.LogTail] : [])),
            Message = !failed ? null : reasons.Count > 0 ? string.Join('\n', reasons.Select(Line)) : $"The engine ended as {test.Outcome}.",
            Place = !failed ? null : reasons.Select(PlaceOf).FirstOrDefault(place => place is not null) ?? ProjectPlace(result),
            Start = start,
            Duration = TimeSpan.FromSeconds(test.DurationSeconds),
            Files = [.. test.Files.Where(file => Path.GetFileName(file) is "k6-summary.json" or "engine.log")],
        };
    }

    private static bool IsThreshold(string code) =>
        code == Rules.ThresholdCrossed.Code || code == Rules.ThresholdCrossedPerEngine.Code
        || code == Rules.ThresholdWithoutSamples.Code || code == Rules.ThresholdNotEvaluated.Code;

    private static TestCase Threshold(LoadTestResult result, TestResult test, ThresholdResult threshold, string prefix, DateTimeOffset start)
    {
        var actual = $"{Figures.Subject(threshold)} {Figures.Actual(threshold)}, limit {threshold.Expression}";
        var margin = Figures.Margin(threshold);
        var text = $"{actual}{(margin.Length == 0 ? "" : $" ({margin})")}{(threshold.Message is { Length: > 0 } words ? $". {words}" : "")}";
        var (outcome, message) = (threshold.Verdict, threshold.Reported) switch
        {
            (ThresholdVerdict.Passed, _) => (CaseOutcome.Passed, null),
            (_, DiagnosticSeverity.Error) => (CaseOutcome.Failed, text),
            (ThresholdVerdict.Failed, DiagnosticSeverity.Warning) => (CaseOutcome.NotExecuted, $"Crossed, but only a warning: {text}"),
            (ThresholdVerdict.Failed, _) => (CaseOutcome.NotExecuted, $"Crossed, but its rule is turned off: {text}"),
            _ => (CaseOutcome.NotExecuted, $"Not judged: {text}"),
        };
        return new TestCase
        {
            ClassName = $"{prefix}.Thresholds",
            Name = threshold.Name,
            Category = "threshold",
            Outcome = outcome,
            Output = $"metric    {Figures.Subject(threshold)}\nlimit     {threshold.Expression}\nactual    {Figures.Actual(threshold)}\ndeclared  in the {threshold.Source}",
            Message = message,
            Place = outcome != CaseOutcome.Failed ? null : threshold.File is null ? ProjectPlace(result) : (threshold.File, threshold.Line ?? 1),
            Start = start,
        };
    }

    private static TestCase Request(LoadTestResult result, RequestResult request, string className, DateTimeOffset start)
    {
        var answer = request.Status is > 0 ? $"{request.Status}\n\n{request.Body}" : request.Error is { Length: > 0 } error ? error : "no answer";
        return new TestCase
        {
            ClassName = className,
            Name = request.Name,
            Category = "request",
            Outcome = request.Outcome switch { RequestOutcome.Passed => CaseOutcome.Passed, RequestOutcome.Failed => CaseOutcome.Failed, _ => CaseOutcome.NotExecuted },
            Output = request.Outcome == RequestOutcome.NotMade ? "" : answer,
            Message = request.Outcome switch
            {
                RequestOutcome.Passed => null,
                RequestOutcome.Failed => $"Not so: {string.Join("; ", request.Failures)}. The answer was {answer.Split('\n')[0]}.",
                _ => "Not made: a request before it gave no value that it needs.",
            },
            Place = request.File is null ? ProjectPlace(result) : (request.File, request.Line ?? 1),
            Start = start,
            Duration = TimeSpan.FromMilliseconds(request.DurationMs ?? 0),
        };
    }

    // Failed checks do not fail a run; those that a crossed threshold judges do.
    private static TestCase Check(LoadTestResult result, TestResult test, CheckResult check, string prefix, DateTimeOffset start)
    {
        var judge = test.Thresholds.FirstOrDefault(threshold => threshold.Reported == DiagnosticSeverity.Error
            && (threshold.Metric == "checks" || threshold.Metric == $"checks{{check:{check.Name}}}"));
        var counts = $"held {check.Passes} of {check.Passes + check.Fails} times";
        return new TestCase
        {
            ClassName = $"{prefix}.Checks",
            Name = check.Group.Length == 0 ? check.Name : $"{check.Group.Replace("::", " > ", StringComparison.Ordinal)} > {check.Name}",
            Category = "check",
            Outcome = check.Fails == 0 ? CaseOutcome.Passed : judge is null ? CaseOutcome.NotExecuted : CaseOutcome.Failed,
            Output = counts,
            Message = check.Fails == 0 ? null : judge is null
                ? $"The check {counts}. A check does not fail a run by itself; declare a threshold on checks."
                : $"The check {counts}; the threshold {judge.Metric} {judge.Expression} was crossed.",
            Place = judge?.File is null ? ProjectPlace(result) : (judge.File, judge.Line ?? 1),
            Start = start,
        };
    }

    // Readers take two tests of one name for one.
    private static List<TestCase> Distinct(IEnumerable<TestCase> tests)
    {
        var seen = new Dictionary<(string, string), int>();
        var distinct = new List<TestCase>();
        foreach (var test in tests)
        {
            var clean = test with { ClassName = PlainText.OneLine(test.ClassName), Name = PlainText.OneLine(test.Name) };
            var times = seen[(clean.ClassName, clean.Name)] = seen.GetValueOrDefault((clean.ClassName, clean.Name)) + 1;
            distinct.Add(times == 1 ? clean : clean with { Name = $"{clean.Name} #{times}" });
        }

        return distinct;
    }

    private static string Line(ReportedDiagnostic one) => $"{one.Code}: {one.Message}";

    private static (string File, int Line)? PlaceOf(ReportedDiagnostic one) => one.File is null ? null : (one.File, one.Line ?? 1);

    private static (string File, int Line)? ProjectPlace(LoadTestResult result) => result.ProjectFile is null ? null : (result.ProjectFile, 1);
}
