using System.Globalization;
using System.Text;
using K6.LoadTesting.Sources;

namespace K6.LoadTesting.Plans;

/// <summary>What would run, as text for people; fits 100 columns.</summary>
internal static class ScenarioListing
{
    private const int Width = 100;

    /// <summary>The tests of a plan with their scenarios, loads over time, and thresholds; lines end with \n.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ascii">Whether the load is drawn in ASCII, for terminals that know no other letters.</param>
    public static string Write(LoadPlan plan, bool ascii = false)
    {
        var text = new StringBuilder();
        foreach (var test in plan.Tests)
        {
            _ = text.Length == 0 ? text : text.Append('\n');
            text.Append(test.Name).Append(test.WarmUp is null ? "" : $", after a warm-up of {test.WarmUp}").Append('\n');
            Table(text,
            [
                ["SCENARIO", "EXECUTOR", "LOAD", "SCRIPT"],
                .. test.Scenarios.Select(scenario => new[]
                {
                    scenario.Name,
                    scenario.Load?.Executor ?? "-",
                    scenario.Load is { } load ? Describe(load) : "as the script says",
                    scenario.Requests is { } requests ? Requests(requests)
                        : scenario.Client is { } client ? $"all operations of {client}"
                        : Path.GetRelativePath(Path.GetDirectoryName(plan.ProjectFile)!, scenario.File).Replace('\\', '/') + (scenario.Exec is { } exec ? $" ({exec})" : ""),
                }),
            ], ascii);
            text.Append(LoadChart.Draw(test.Scenarios, ascii));
            foreach (var scenario in test.Scenarios.Where(scenario => scenario.Requests is not null))
            {
                Table(text, [["REQUEST", "SHARE"], .. Shares(scenario)], ascii);
            }

            if (test.Thresholds.Count > 0)
            {
                Table(text,
                [
                    ["THRESHOLD", "LIMIT", "WHEN CROSSED"],
                    .. test.Thresholds.Select(threshold => new[]
                    {
                        threshold.Name,
                        Limit(threshold),
                        threshold.AbortOnFail ? "stops the run" : threshold.Severity == ThresholdSeverity.Warning ? "warns" : "fails",
                    }),
                ], ascii);
            }
        }

        return text.ToString();
    }

    /// <summary>A load in words: <c>10 VUs for 30s</c>, <c>50/s for 1m with 10 to 20 VUs</c>, <c>1 VU, to 5 in 10s, to 0 in 5s</c>.</summary>
    public static string Describe(ScenarioLoad load)
    {
        var words = load.Executor switch
        {
            "constant-vus" => $"{Users(load.Vus ?? 1)} for {load.Duration}",
            "shared-iterations" => $"{Count(load.Iterations ?? 1, "iteration")} shared by {Users(load.Vus ?? 1)}",
            "per-vu-iterations" => $"{Count(load.Iterations ?? 1, "iteration")} by each of {Users(load.Vus ?? 1)}",
            "ramping-vus" => $"{Users(load.StartVUs ?? 1)}{Stages(load, "")}",
            "constant-arrival-rate" => $"{load.Rate}{Per(load)} for {load.Duration} with {Pool(load)}",
            _ => $"{load.StartRate ?? 0}{Per(load)}{Stages(load, Per(load))} with {Pool(load)}",
        };
        return load.StartTime is { } start && K6Duration.Parse(start) > TimeSpan.Zero ? $"{words}, after {start}" : words;
    }

    private static string Stages(ScenarioLoad load, string unit) =>
        string.Concat((load.Stages ?? []).Select(stage => $", to {stage.Target}{unit} in {stage.Duration}"));

    private static string Per(ScenarioLoad load) => load.TimeUnit is null or "1s" ? "/s" : $" per {load.TimeUnit}";

    private static string Pool(ScenarioLoad load) =>
        load.MaxVUs > load.PreAllocatedVUs ? $"{load.PreAllocatedVUs} to {load.MaxVUs} VUs" : Users(load.PreAllocatedVUs ?? 0);

    private static string Users(long count) => Count(count, "VU");

    private static string Count(long count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string Limit(ThresholdPlan threshold)
    {
        var name = MetricSelector.TryParse(threshold.Metric, out _)?.Name ?? threshold.Metric;
        var unit = BuiltInMetrics.Find(name) is { } metric ? Quantity.UnitOf(metric.Type, metric.Contents, threshold.Statistic) : "";
        var limit = unit == "1" && Math.Abs(threshold.Limit) <= 1 ? $"{(decimal)threshold.Limit * 100:0.############}%"
            : threshold.Limit.ToString("R", CultureInfo.InvariantCulture) + (unit == "1" ? "" : unit);
        return $"{threshold.Statistic} {threshold.Operator} {limit}";
    }

    private static void Table(StringBuilder text, IReadOnlyList<string[]> rows, bool ascii)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        while (widths.Sum() + (2 * widths.Length) > Width)
        {
            widths[Array.IndexOf(widths, widths.Max())]--;
        }

        foreach (var row in rows)
        {
            var line = string.Concat(row.Select((cell, column) => "  " + Cut(cell, widths[column], ascii).PadRight(widths[column])));
            text.Append(line.TrimEnd()).Append('\n');
        }
    }

    private static string Cut(string cell, int width, bool ascii) =>
        cell.Length <= width ? cell : ascii ? cell[..(width - 2)] + ".." : cell[..(width - 1)] + "…";

    private static string Requests(RequestScript requests) => Count(requests.Requests.Count(), "request");

    // Each request of a journey is made as often as the journey runs.
    private static IEnumerable<string[]> Shares(ScenarioPlan scenario)
    {
        var total = scenario.Requests!.Choices.Sum(choice => choice.Weight);
        foreach (var choice in scenario.Requests.Choices)
        {
            var share = total > 0 ? (100 * choice.Weight / total).ToString("0.##", CultureInfo.InvariantCulture) + "%" : "";
            foreach (var request in choice.Requests)
            {
                yield return [choice.Name is { } journey ? $"{journey}: {request.Name}" : request.Name, share];
            }
        }
    }
}
