namespace K6.LoadTesting.History;

/// <summary>
/// Where a series of runs changed its level: the split after which the figures lie closest to the medians of both sides, again within both parts, as long as the difference
/// is larger than the noise around it. For looking at, not for judging.
/// </summary>
internal static class ChangePoints
{
    private const int Shortest = 4;
    private const double LeastChange = 0.05;
    private const double Sigmas = 4;

    /// <summary>Finds them.</summary>
    /// <param name="values">Figures of runs, oldest first, above zero.</param>
    /// <returns>Indices of the first run of each new level, ascending.</returns>
    public static IReadOnlyList<int> Of(IReadOnlyList<double> values)
    {
        var logs = values.Select(value => Math.Log(Math.Max(value, double.Epsilon))).ToArray();
        var found = new SortedSet<int>();
        Split(logs, 0, logs.Length, found);
        return [.. found];
    }

    private static void Split(double[] logs, int from, int to, SortedSet<int> found)
    {
        var (least, at) = (double.PositiveInfinity, -1);
        for (var i = from + Shortest; i <= to - Shortest; i++)
        {
            var spread = Spread(logs[from..i]) + Spread(logs[i..to]);
            if (spread < least)
            {
                (least, at) = (spread, i);
            }
        }

        if (at < 0)
        {
            return;
        }

        var (before, after) = (logs[from..at], logs[at..to]);
        var (left, right) = (Regression.Median(before), Regression.Median(after));
        var noise = Math.Max(0.005, 1.4826 * Regression.Median([.. before.Select(log => Math.Abs(log - left)), .. after.Select(log => Math.Abs(log - right))]));
        // How sure two medians are, by their counts.
        var error = noise * Math.Sqrt((1.57 / before.Length) + (1.57 / after.Length));
        if (Math.Abs(right - left) > Math.Max(Math.Log(1 + LeastChange), Sigmas * error))
        {
            found.Add(at);
            Split(logs, from, at, found);
            Split(logs, at, to, found);
        }
    }

    private static double Spread(double[] logs)
    {
        var middle = Regression.Median(logs);
        return logs.Sum(log => Math.Abs(log - middle));
    }
}
