using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <content>When, for what and against what a limit holds: <c>Window</c>, <c>For</c>, <c>ForEach</c>, <c>Per</c>, <c>Margin</c>; and so, who can judge it.</content>
internal static partial class ThresholdReader
{
    // What the recording has of each second, by whole metric (facts of k6's web dashboard: docs/results.md).
    private static readonly string[] RecordedStatistics = ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99)", "count", "rate", "value"];

    // The tag that requests are called by.
    private const string RequestName = "name";

    // Samples of these come from the scheduler and not from a virtual user: they carry no window.
    private static readonly string[] WithoutUser = ["vus", "vus_max", "dropped_iterations"];

    private static ThresholdPlan? Conditions(ItemReader item, MetricSelector full, ThresholdPlan threshold)
    {
        var window = Window(item);
        var duration = item.Duration("For");
        var each = item.Text("ForEach");
        var per = Per(item);
        var margin = item.Share("Margin", 1, Rules.InvalidValue, "a share of the limit");
        if ((item.Has("Window") && window is null) || (item.Has("For") && duration is null) || (item.Has("Per") && per is null)
            || !Agree(item, full, threshold, duration, each))
        {
            return null;
        }

        var name = item.Text("Name") ?? string.Concat(
            $"{full} {threshold.Statistic}",
            per is null ? "" : $" per {per}",
            each is null ? "" : $" for each {each}",
            window is null ? "" : $" in {window}",
            duration is null ? "" : $" for {duration}");
        var plan = threshold with { Name = name, Window = window, For = duration, ForEach = each, Per = per, Margin = margin };
        plan = plan with { Judge = JudgeOf(plan, full) };
        if (plan.AbortOnFail && plan.Judge != ThresholdJudge.Engine && each != RequestName)
        {
            item.Report(Rules.ContradictoryThreshold, "AbortOnFail", TooLate(plan, full));
        }

        return plan;
    }

    /// <summary>The threshold in one test: where all requests are declared, their names are known and the engine can judge each.</summary>
    private static ThresholdPlan InTest(ThresholdPlan threshold, IReadOnlyList<ScenarioPlan> scenarios, ICollection<Diagnostic> diagnostics)
    {
        if (threshold.ForEach != RequestName)
        {
            return threshold;
        }

        var mine = scenarios.Where(scenario => threshold.Scenario is null || scenario.Name == threshold.Scenario).ToList();
        var full = MetricSelector.TryParse(threshold.Metric, out _)!;
        full = threshold.Scenario is null ? full : full.With("scenario", threshold.Scenario);
        var known = threshold with
        {
            ForEachValues = mine.TrueForAll(scenario => scenario.Requests is not null)
                ? [.. mine.SelectMany(scenario => scenario.Requests!.Requests).Select(request => request.Name).Distinct()]
                : null,
        };
        known = known with { Judge = JudgeOf(known, full) };
        if (known.AbortOnFail && known.Judge != ThresholdJudge.Engine)
        {
            diagnostics.Add(Rules.ContradictoryThreshold.At(threshold.Location, TooLate(known, full)));
        }

        return known;
    }

    private static string TooLate(ThresholdPlan plan, MetricSelector full) =>
        $"{Reason(plan, full)} is judged after the run, when there is nothing left to stop: remove AbortOnFail.";

    private static string Reason(ThresholdPlan plan, MetricSelector full) =>
        plan.For is not null ? "A limit with For"
        : plan.Per is not null ? "A limit with Per"
        : plan.Window?.LastSeconds is not null ? $"Window=\"{plan.Window}\""
        : plan.Window is not null ? $"{full.Name} {plan.Statistic} in a window"
        : "ForEach over values that only the run tells";

    private static bool Agree(ItemReader item, MetricSelector full, ThresholdPlan threshold, string? duration, string? each)
    {
        if (ServiceMetrics.IsOne(full.Name) && item.Set(["ForEach", "Per"]) is [var foreign, ..])
        {
            item.Report(Rules.ContradictoryThreshold, foreign, $"A service is measured as a whole and by itself: remove {foreign}.");
            return false;
        }

        if (item.Has("Per") && item.Set(["For", "ForEach"]) is [var other, ..])
        {
            item.Report(Rules.ContradictoryThreshold, other, $"Per compares two figures of the run, and {other} has none of them: keep one of the two.");
            return false;
        }

        if (duration is not null && threshold.Operator is not ("<" or "<=" or ">" or ">="))
        {
            item.Report(Rules.ContradictoryThreshold, "For", $"For asks how long a value stays on the wrong side of a limit, and {threshold.Operator} has no sides: use <, <=, > or >=.");
            return false;
        }

        if (duration is not null && K6Duration.Parse(duration) < TimeSpan.FromSeconds(1))
        {
            item.Report(Rules.InvalidValue, "For", $"For=\"{duration}\" is shorter than the second that figures over time have; write 1s or more, or remove For.");
            return false;
        }

        if (each is not null && full.Tags.Any(tag => tag.Key == each))
        {
            item.Report(Rules.ContradictoryThreshold, "ForEach", $"{full} has one value of the tag '{each}' already; remove it there, or remove ForEach.");
            return false;
        }

        if (each is "vu" or "iter" or "url" || (each is not null && (each.Contains(':') || each.Contains(',') || each.Contains('{'))))
        {
            item.Report(Rules.InvalidValue, "ForEach", each is "vu" or "iter" or "url"
                ? $"ForEach=\"{each}\" has a value for nearly every request, and a limit on one request says nothing; use name, group, scenario, status, check or a tag of your own."
                : $"ForEach=\"{each}\" is not the key of a tag; write one, such as ForEach=\"name\".");
            return false;
        }

        return true;
    }

    // The engine where it can; then its final figures; then those of each second; raw samples where nothing else has them.
    private static ThresholdJudge JudgeOf(ThresholdPlan plan, MetricSelector full)
    {
        if (ServiceMetrics.IsOne(full.Name))
        {
            return ThresholdJudge.Timeline;
        }

        var type = BuiltInMetrics.Find(full.Name)?.Type;
        var recorded = full.Tags.Count == 0 && plan.ForEach is null && RecordedStatistics.Contains(plan.Statistic);
        // Of a counter and of a gauge the seconds make up the whole; percentiles and shares of seconds do not.
        var adds = recorded && type is MetricType.Counter or MetricType.Gauge;
        if (plan.For is not null)
        {
            return recorded ? ThresholdJudge.Timeline : ThresholdJudge.Samples;
        }

        if (plan.Window?.LastSeconds is not null)
        {
            return adds ? ThresholdJudge.Timeline : ThresholdJudge.Samples;
        }

        if (plan.ForEach is not (null or "scenario") && plan.ForEachValues is null)
        {
            return ThresholdJudge.Samples;
        }

        if (plan.Window is not null && WithoutUser.Contains(full.Name))
        {
            return adds ? ThresholdJudge.Timeline : ThresholdJudge.Samples;
        }

        // The engine would divide what happened in the window by the whole run. A metric of a script with a rate may be a counter.
        var divides = plan.Window is not null && plan.Statistic == "rate" && type is null or MetricType.Counter;
        return plan.Per is not null || divides ? ThresholdJudge.Summary : ThresholdJudge.Engine;
    }

    private static ThresholdWindow? Window(ItemReader item)
    {
        if (item.Text("Window") is not { } text)
        {
            return null;
        }

        var window = ThresholdWindow.TryParse(text);
        if (window is null)
        {
            item.Report(Rules.InvalidValue, "Window", $"Window=\"{text}\" is no part of a load; write {ThresholdWindow.Example}. Durations need a unit, and the end comes after the start.");
        }

        return window;
    }

    private static string? Per(ItemReader item)
    {
        if (item.Text("Per") is not { } text)
        {
            return null;
        }

        if (MetricSelector.TryParse(text, out var error) is { } selector && !ServiceMetrics.IsOne(selector.Name))
        {
            return selector.ToString();
        }

        item.Report(Rules.InvalidMetric, "Per", error ?? $"Per=\"{text}\" is of a service; it has to be a metric of the load, such as http_reqs.");
        return null;
    }
}
