using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Gates;

/// <summary>A threshold, what the engine says of it, and what its figures say.</summary>
/// <param name="Result">The result; its verdict is final.</param>
/// <param name="EngineHolds">What the engine says; null when it says nothing.</param>
/// <param name="Evaluated">Whether it was evaluated by anybody.</param>
/// <param name="Location">Where it was declared; null when nobody knows.</param>
internal sealed record EvaluatedThreshold(ThresholdResult Result, bool? EngineHolds, bool Evaluated, SourceLocation? Location)
{
    /// <summary>Whether its tag has so many values that none was judged.</summary>
    public bool HasTooManyValues { get; init; }
}

/// <summary>
/// Compares figures with limits as k6 does, and holds the engine's own account against it: a threshold fails when either says so. What the
/// engine cannot judge, such as a limit on ten seconds on end, is judged by its figures, those of each second, or its samples.
/// </summary>
internal static class ThresholdEvaluator
{
    /// <summary>Tags of ours, one for each window: <c>k6sdk_window</c>, <c>k6sdk_window2</c>, …</summary>
    private const string WindowTag = "k6sdk_window";

    /// <summary>k6's comparison: exact, on doubles.</summary>
    public static bool Holds(double actual, string comparison, double limit) => comparison switch
    {
        "<" => actual < limit,
        "<=" => actual <= limit,
        ">" => actual > limit,
        ">=" => actual >= limit,
        "==" or "===" => actual == limit,
        "!=" => actual != limit,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "Not an operator of k6."),
    };

    /// <summary>All thresholds: those of the project in the order of declaration, then those of the scripts.</summary>
    public static IReadOnlyList<EvaluatedThreshold> Evaluate(GateInput input)
    {
        var engine = new EngineFigures(input.Summary, input.Recording);
        var seconds = new SecondFigures(input.Recording.Timeline, input.Monitored);
        var declared = Declared(input.Plan, input.Bundle, input.Options).ToList();
        var known = declared.Select(one => (one.Key, Canonical(one.Expression))).ToHashSet();

        // What the engine judged and no report names: options that differ between inspect and run.
        var others = engine.Thresholds()
            .Where(one => !known.Contains((one.Metric, Canonical(one.Expression))))
            .Select(one => FromScript(input.Bundle, null, one.Metric, one.Metric, one.Expression, false));
        var all = declared.Concat(others).ToList();
        var sampled = SampledThresholds.Evaluate([.. all.Where(one => one.Judge == ThresholdJudge.Samples)], input.SampleFiles ?? (input.Run.SamplesFile is { } file ? [file] : []), input.Summary);
        return [.. all.SelectMany(one => one.Judge switch
        {
            ThresholdJudge.Engine => [engine.Evaluate(one)],
            ThresholdJudge.Summary => [engine.EvaluateAlone(one)],
            ThresholdJudge.Timeline => [seconds.Evaluate(one)],
            _ => sampled[one],
        })];
    }

    /// <summary>All that is declared, under its final metric where the options of the run are known.</summary>
    internal static IEnumerable<ScopedThreshold> Declared(TestPlan plan, TestBundle bundle, RunOptions options)
    {
        var merged = options.Entry?.Thresholds ?? [];
        var ofProject = merged.Where(one => one.Source == "project" && one.Index is not null).ToLookup(one => one.Index!.Value);
        for (var index = 0; index < plan.Thresholds.Count; index++)
        {
            var declaration = plan.Thresholds[index];
            foreach (var entry in ofProject[index].DefaultIfEmpty())
            {
                var key = Canonical(entry?.Metric ?? Scoped(declaration));
                yield return new ScopedThreshold(
                    Named(declaration, entry?.Each), key, WithoutWindow(key), declaration.Statistic, declaration.Operator, declaration.Limit,
                    declaration.Expression, declaration.Severity, declaration.AbortOnFail, "project", declaration.Message, declaration.Location)
                {
                    Plan = declaration,
                    PerKey = entry?.Per is { } per ? Canonical(per) : declaration.Per,
                };
            }
        }

        foreach (var one in merged.Where(one => one.Source != "project"))
        {
            yield return FromScript(bundle, one.Script, one.Written ?? one.Metric, one.Metric, one.Expression, one.AbortOnFail);
        }
    }

    /// <summary>Name of a threshold, or of one of those that <c>ForEach</c> makes of it.</summary>
    internal static string Named(ThresholdPlan declaration, string? each)
    {
        var general = $" for each {declaration.ForEach}";
        return each is null ? declaration.Name
            : declaration.Name.Contains(general, StringComparison.Ordinal) ? declaration.Name.Replace(general, $" for {each}", StringComparison.Ordinal)
            : $"{declaration.Name} for {each}";
    }

    private static ScopedThreshold FromScript(
        TestBundle bundle, string? script, string written, string metric, string expression, bool abortOnFail)
    {
        var candidates = bundle.ScriptThresholds.Where(one => script is null || one.Script == script).ToList();
        var literal = candidates.Find(one => one.Metric is not null && one.Expression is not null
            && Canonical(one.Metric) == Canonical(written) && Canonical(one.Expression) == Canonical(expression));
        var place = literal ?? candidates.Find(one => one.Metric is null) ?? candidates.FirstOrDefault();
        var parsed = ThresholdExpression.TryParse(expression, out _) ?? new ThresholdExpression("", "", double.NaN);
        return new ScopedThreshold(
            $"{Canonical(metric)} {parsed.Statistic}", Canonical(metric), Canonical(metric), parsed.Statistic, parsed.Operator, parsed.Limit, expression,
            ThresholdSeverity.Error, abortOnFail, literal is null ? "script (computed)" : "script", null, place?.Location);
    }

    private static string Scoped(ThresholdPlan declaration) =>
        declaration.Scenario is not null && MetricSelector.TryParse(declaration.Metric, out _) is { } selector
            ? selector.With("scenario", declaration.Scenario).ToString()
            : declaration.Metric;

    private static string WithoutWindow(string key) => MetricSelector.TryParse(key, out _) is { } selector
        ? (selector with { Tags = [.. selector.Tags.Where(tag => !tag.Key.StartsWith(WindowTag, StringComparison.Ordinal))] }).ToString()
        : key;

    /// <summary>One spelling for a selector or an expression, so that two spellings of the same are equal.</summary>
    internal static string Canonical(string text) =>
        ThresholdExpression.TryParse(text, out _)?.ToString() ?? MetricSelector.TryParse(text, out _)?.ToString() ?? text.Trim();
}

/// <summary>A threshold as it was declared, with its final scope: <c>Key</c> is the metric as the engine keeps it, window included, and <c>Metric</c> as people know it.</summary>
internal sealed record ScopedThreshold(
    string Name, string Key, string Metric, string Statistic, string Operator, double Limit, string Expression,
    ThresholdSeverity Severity, bool AbortOnFail, string Source, string? Message, SourceLocation? Location)
{
    /// <summary>The item; null for one of a script.</summary>
    public ThresholdPlan? Plan { get; init; }

    /// <summary>Metric of <c>Per</c> as the engine keeps it.</summary>
    public string? PerKey { get; init; }

    /// <summary>Who judges it.</summary>
    public ThresholdJudge Judge => ServiceMetrics.IsOne(Metric) ? ThresholdJudge.Timeline : Plan?.Judge ?? ThresholdJudge.Engine;

    /// <summary>A result without a figure.</summary>
    public ThresholdResult Result() => new()
    {
        Name = Name,
        Metric = Metric,
        Statistic = Statistic,
        Operator = Operator,
        Expression = Expression,
        Limit = Limit,
        Verdict = ThresholdVerdict.NoSamples,
        Severity = Severity,
        AbortOnFail = AbortOnFail,
        Source = Source,
        Message = Message,
        Window = Plan?.Window?.ToString(),
        For = Plan?.For,
        Per = Plan?.Per,
        Margin = Plan?.Margin,
        File = Location?.File,
        Line = Location is { Line: > 0 } line ? line.Line : null,
        Column = Location is { Column: > 0 } column ? column.Column : null,
    };

    /// <summary>Judged by a figure alone; without one nothing is proved.</summary>
    public EvaluatedThreshold By(double? actual, long? samples, string unit, double? crossedAt = null)
    {
        var verdict = actual is null ? ThresholdVerdict.NoSamples
            : ThresholdEvaluator.Holds(actual.Value, Operator, Limit) ? ThresholdVerdict.Passed
            : ThresholdVerdict.Failed;
        return new EvaluatedThreshold(
            Result() with { Actual = actual is { } value && double.IsFinite(value) ? value : null, Samples = samples, Unit = unit, Verdict = verdict, CrossedAtSeconds = verdict == ThresholdVerdict.Failed ? crossedAt : null },
            null,
            Evaluated: true,
            Location);
    }
}
