using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports.Html;

/// <summary>The axis of time that all charts of a test share, seconds since the start of the load; a warm-up is before 0.</summary>
/// <param name="From">Its start.</param>
/// <param name="To">Its end.</param>
internal sealed record ChartAxis(double From, double To)
{
    /// <summary>Its length, seconds.</summary>
    public double Length => To - From;

    /// <summary>The axis of a test: its timeline's, or that of what was watched where the engine recorded nothing.</summary>
    public static ChartAxis Of(TestResult test)
    {
        var warmUp = test.WarmUp?.Timeline is { Seconds.Count: > 0 } timeline ? Math.Min(0, timeline.Seconds[0] - timeline.PeriodSeconds) : 0;
        var end = test.Timeline is { Seconds.Count: > 0 } load ? load.Seconds[^1] : test.Monitored.SelectMany(one => one.Timeline.Seconds).DefaultIfEmpty(1).Max();
        return new ChartAxis(warmUp, end);
    }

    /// <summary>Where a moment is, in thousandths of the width.</summary>
    public double X(double seconds) => Math.Round((seconds - From) / Length * 1000, 1);

    /// <summary>Where a moment is, in percent of the width.</summary>
    public double Percent(double seconds) => (seconds - From) / Length * 100;

    /// <summary>A length of time in percent of the width.</summary>
    public double Width(double seconds) => seconds / Length * 100;

    /// <summary>A moment for people.</summary>
    public string Moment(double seconds) => seconds < 0 ? $"−{Scale.Moment(-seconds, Length)}" : Scale.Moment(seconds, Length);
}

/// <summary>Charts that share the axis of their test.</summary>
/// <param name="Title">What they are of, for people who cannot see them: <c>Charts over time of browse</c>.</param>
/// <param name="TableTitle">Title of the table with their figures.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Timeline">What was measured.</param>
/// <param name="WarmUp">The same of the warm-up; null without one.</param>
/// <param name="Panels">The charts.</param>
/// <param name="Marks">Crossed thresholds to mark.</param>
internal sealed record TimelineFigure(
    string Title, string TableTitle, ChartAxis Axis, Timeline Timeline, Timeline? WarmUp, IReadOnlyList<ChartPanel> Panels, IReadOnlyList<ThresholdResult> Marks);
