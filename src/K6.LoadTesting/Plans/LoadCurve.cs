namespace K6.LoadTesting.Plans;

/// <summary>The planned load of a scenario over time: virtual users, or iterations per second.</summary>
internal sealed class LoadCurve
{
    private readonly List<(double Seconds, double Level)> points = [];

    private LoadCurve(ScenarioLoad load)
    {
        var unit = load.TimeUnit is { } text ? K6Duration.Parse(text).TotalSeconds : 1;
        IsRate = load.Executor is "constant-arrival-rate" or "ramping-arrival-rate";
        var (time, level) = (load.StartTime is { } start ? K6Duration.Parse(start).TotalSeconds : 0, 0.0);
        switch (load.Executor)
        {
            case "ramping-vus" or "ramping-arrival-rate":
                level = IsRate ? (load.StartRate ?? 0) / unit : load.StartVUs ?? 1;
                points.Add((time, level));
                foreach (var stage in load.Stages ?? [])
                {
                    points.Add((time += K6Duration.Parse(stage.Duration).TotalSeconds, stage.Target / (IsRate ? unit : 1)));
                }

                break;
            default:
                level = IsRate ? (load.Rate ?? 0) / unit : load.Vus ?? 1;
                IsOpenEnded = load.Duration is null;
                points.Add((time, level));
                points.Add((time + (load.Duration is { } duration ? K6Duration.Parse(duration).TotalSeconds : 0), level));
                break;
        }
    }

    /// <summary>Whether levels are iterations per second; else they are virtual users.</summary>
    public bool IsRate { get; }

    /// <summary>Whether the load ends when its iterations are done, and nobody knows when.</summary>
    public bool IsOpenEnded { get; }

    /// <summary>Start, from the start of the test.</summary>
    public TimeSpan Start => TimeSpan.FromSeconds(points[0].Seconds);

    /// <summary>End, from the start of the test.</summary>
    public TimeSpan End => TimeSpan.FromSeconds(points[^1].Seconds);

    /// <summary>The highest level.</summary>
    public double Top => points.Max(point => point.Level);

    /// <summary>The curve of a load.</summary>
    public static LoadCurve Of(ScenarioLoad load) => new(load);

    /// <summary>The mean level between two times; 0 where the scenario does not run.</summary>
    /// <param name="from">Start of the span, from the start of the test.</param>
    /// <param name="to">End of the span, later than its start.</param>
    public double Mean(TimeSpan from, TimeSpan to)
    {
        var (start, end) = (from.TotalSeconds, to.TotalSeconds);
        if (IsOpenEnded)
        {
            return end > points[0].Seconds ? points[0].Level : 0;
        }

        var area = 0.0;
        for (var i = 1; i < points.Count; i++)
        {
            var (left, right) = (points[i - 1], points[i]);
            var (a, b) = (Math.Max(start, left.Seconds), Math.Min(end, right.Seconds));
            if (b > a)
            {
                area += (b - a) * (LevelAt(left, right, a) + LevelAt(left, right, b)) / 2;
            }
        }

        return area / (end - start);
    }

    private static double LevelAt((double Seconds, double Level) left, (double Seconds, double Level) right, double seconds) =>
        left.Level + ((right.Level - left.Level) * (seconds - left.Seconds) / (right.Seconds - left.Seconds));
}
