using System.Globalization;

namespace K6.Embedded.Execution;

/// <summary>Times and counts as k6's progress lines have them.</summary>
internal static class ProgressFormat
{
    /// <summary><c>1.0s/3s</c>; with minutes where the whole has them: <c>00m01.0s/10m0s</c>.</summary>
    public static string Of(TimeSpan elapsed, TimeSpan whole) =>
        elapsed >= whole ? Options.GoDuration.Format(whole) : $"{Fixed(elapsed, whole)}/{Options.GoDuration.Format(whole)}";

    /// <summary>A time with one decimal and as many places as the greatest that can come: <c>01.0s</c>, <c>00m01.0s</c>, <c>0h00m01.0s</c>.</summary>
    public static string Fixed(TimeSpan time, TimeSpan greatest)
    {
        time = TimeSpan.FromSeconds(Math.Round(time.TotalSeconds, 1));
        var seconds = time.TotalSeconds % 60;
        var text = seconds.ToString("00.0", CultureInfo.InvariantCulture) + "s";
        if (greatest < TimeSpan.FromMinutes(1))
        {
            return greatest < TimeSpan.FromSeconds(10) ? seconds.ToString("0.0", CultureInfo.InvariantCulture) + "s" : text;
        }

        text = time.Minutes.ToString("00", CultureInfo.InvariantCulture) + "m" + text;
        return greatest < TimeSpan.FromHours(1) ? text : $"{(int)time.TotalHours}h{text}";
    }

    /// <summary>A count with as many digits as the whole.</summary>
    public static string Padded(long count, long whole) =>
        count.ToString(CultureInfo.InvariantCulture).PadLeft(whole.ToString(CultureInfo.InvariantCulture).Length, '0');
}
