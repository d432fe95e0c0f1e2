using System.Globalization;

namespace K6.LoadTesting.Reports.Html;

/// <summary>Round numbers for axes.</summary>
internal static class Scale
{
    private static readonly double[] TimeSteps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

    private static readonly int[] Digits = [1, 2, 5, 10];

    /// <summary>Ticks from 0 to the first round number at or above a maximum: at most <paramref name="most"/> steps of 1, 2 or 5.</summary>
    public static IReadOnlyList<double> Ticks(double maximum, int most)
    {
        if (!(maximum > 0) || !double.IsFinite(maximum))
        {
            maximum = 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(maximum / most)));
        var step = Digits.Select(digit => digit * power).First(step => maximum / step <= most);
        var steps = (int)Math.Ceiling((maximum / step) - 1e-9);
        return [.. Enumerable.Range(0, steps + 1).Select(i => Math.Round(i * step, 12))];
    }

    /// <summary>Round times within a length, seconds: at most six after the first.</summary>
    public static IReadOnlyList<double> Times(double length)
    {
        var step = TimeSteps.FirstOrDefault(step => length / step <= 6, Math.Ceiling(length / 6 / 86400) * 86400);
        return [.. Enumerable.Range(0, (int)(length / step) + 1).Select(i => i * step)];
    }

    /// <summary>Round times from one moment, which may be before 0, to another; 0 is among them.</summary>
    public static IReadOnlyList<double> Times(double from, double to)
    {
        var times = Times(to - from);
        var step = times.Count > 1 ? times[1] : to - from;
        return [.. Enumerable.Range((int)Math.Ceiling(from / step), (int)Math.Floor(to / step) - (int)Math.Ceiling(from / step) + 1).Select(i => i * step)];
    }

    /// <summary>1, 2 or 5 times powers of ten from one number to another.</summary>
    public static IEnumerable<double> Logarithmic(double from, double to)
    {
        var decades = Math.Log10(to / from);
        double[] digits = decades > 4 ? [1] : decades > 2 ? [1, 3] : [1, 2, 5];
        for (var power = Math.Pow(10, Math.Floor(Math.Log10(from))); power <= to; power *= 10)
        {
            foreach (var digit in digits.Where(digit => digit * power >= from && digit * power <= to))
            {
                yield return digit * power;
            }
        }
    }

    /// <summary>A moment of the load: <c>45 s</c>, <c>2:30</c>, <c>1:02:30</c>.</summary>
    public static string Moment(double seconds, double length) => length switch
    {
        <= 60 => $"{Figures.Number(seconds, 3)} s",
        < 3600 => TimeSpan.FromSeconds(seconds).ToString(@"m\:ss", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 3600)}:{TimeSpan.FromSeconds(seconds):mm\\:ss}"),
    };
}
