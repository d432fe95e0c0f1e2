using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Gates;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;

namespace K6.LoadTesting;

/// <summary>
/// What a test runner lists, selects and reports of a project of load tests: a run, or one of its thresholds. Named as in the TRX and in other reports; no
/// name contains a limit or a value.
/// </summary>
public sealed record LoadTestCase
{
    /// <summary>Name of the test, which is one run of the engine.</summary>
    public required string Test { get; init; }

    /// <summary>Name of the threshold, such as <c>http_req_duration p(95)</c>; null for the run itself.</summary>
    public string? Threshold { get; init; }

    /// <summary><c>Project.test.Run</c> or <c>Project.test.Thresholds</c>: the class of the case in reports.</summary>
    public required string ClassName { get; init; }

    /// <summary>Where it was declared; null when nobody knows.</summary>
    public SourceLocation? Location { get; init; }

    /// <summary>Name within the project: <c>browse</c>, or <c>browse: http_req_duration p(95)</c>.</summary>
    public string Name => Threshold is null ? Test : $"{Test}: {Threshold}";

    /// <summary>Name of the last part: that of the test, or of the threshold.</summary>
    public string ShortName => Threshold ?? Test;

    /// <summary>Name that no other case has: <c>Shop.LoadTests.browse.Thresholds.http_req_duration p(95)</c>.</summary>
    public string FullName => $"{ClassName}.{ShortName}";

    /// <inheritdoc />
    public override string ToString() => Name;

    /// <summary>
    /// All cases of a plan that are known before it runs, test by test: the run, the thresholds of the project, those that are literals in the scripts. A threshold
    /// for each value of a tag that only the run tells is one case.
    /// </summary>
    internal static IReadOnlyList<LoadTestCase> Of(LoadPlan plan, IReadOnlyList<TestBundle> bundles) =>
        [.. plan.Tests.SelectMany(test => Of(plan.Project, test, bundles.FirstOrDefault(bundle => bundle.Test == test.Name), plan.Settings.Debug))];

    private static IEnumerable<LoadTestCase> Of(string project, TestPlan test, TestBundle? bundle, bool debug)
    {
        var prefix = PlainText.OneLine($"{project}.{test.Name}");
        yield return new LoadTestCase { Test = test.Name, ClassName = $"{prefix}.Run", Location = test.Scenarios is [var first, ..] ? first.Location : null };

        var times = new Dictionary<string, int>();
        foreach (var (name, place) in debug ? [] : Thresholds(test, bundle))
        {
            // As reports do it: two tests of one name are taken for one.
            var clean = PlainText.OneLine(name);
            var time = times[clean] = times.GetValueOrDefault(clean) + 1;
            yield return new LoadTestCase { Test = test.Name, Threshold = time == 1 ? clean : $"{clean} #{time}", ClassName = $"{prefix}.Thresholds", Location = place };
        }
    }

    private static IEnumerable<(string Name, SourceLocation? Place)> Thresholds(TestPlan test, TestBundle? bundle)
    {
        foreach (var threshold in test.Thresholds)
        {
            foreach (var value in threshold.ForEachValues ?? [null!])
            {
                yield return (ThresholdEvaluator.Named(threshold, value), threshold.Location);
            }
        }

        // Several scripts in one run get tags of their own when they are merged; then only the run tells the names.
        if (bundle is not null && EntryModule.Scripts(test).Count == 1)
        {
            foreach (var threshold in bundle.ScriptThresholds)
            {
                if (threshold is { Metric: { } metric, Expression: { } text } && ThresholdExpression.TryParse(text, out _) is { } expression)
                {
                    yield return ($"{ThresholdEvaluator.Canonical(metric)} {expression.Statistic}", threshold.Location);
                }
            }
        }
    }

    /// <summary>The results of this case; several for a threshold for each value of a tag, none when the run did not get that far.</summary>
    internal IReadOnlyList<TestCase> In(LoadTestResult result, IReadOnlyList<TestCase> reported)
    {
        var own = reported.Where(one => one.ClassName == ClassName).ToList();
        var found = own.Where(one => one.Name == ShortName).ToList();
        if (found.Count > 0 || Threshold is null || Location is null)
        {
            return found;
        }

        var names = result.Tests.Where(test => test.Name == Test).SelectMany(test => test.Thresholds)
            .Where(threshold => threshold.File == Location.File && threshold.Line == Location.Line)
            .Select(threshold => PlainText.OneLine(threshold.Name))
            .ToHashSet();
        return [.. own.Where(one => names.Contains(one.Name))];
    }
}
