namespace K6.LoadTesting.Gates;

/// <summary>
/// The level that lasted: with an upper limit, the highest value that no second of some stretch of the given length fell below; with a lower limit, the
/// lowest that none rose above. So the limit was broken for that long without a break exactly where the level breaks it. A second without a value ends a stretch.
/// </summary>
/// <param name="Value">The level; null where no stretch of that length has a value in every second, so that nothing is proved.</param>
/// <param name="BrokenAt">End of the first stretch that was beyond the limit throughout; null when there is none.</param>
internal readonly record struct SustainedLevel(double? Value, double? BrokenAt)
{
    /// <summary>Finds it.</summary>
    /// <param name="seconds">Ends and values of the seconds, in order.</param>
    /// <param name="length">Length of a stretch, in seconds of the list; at least 1.</param>
    /// <param name="comparison">k6's operator: <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> or <c>&gt;=</c>.</param>
    /// <param name="limit">The limit.</param>
    public static SustainedLevel Of(IReadOnlyList<(double End, double? Value)> seconds, int length, string comparison, double limit)
    {
        var isUpper = comparison is "<" or "<=";
        double? level = null;
        double? brokenAt = null;
        var stretch = new List<double>();
        foreach (var (end, value) in seconds)
        {
            if (value is not { } known)
            {
                stretch.Clear();
                continue;
            }

            stretch.Add(known);
            if (stretch.Count < length)
            {
                continue;
            }

            var mildest = isUpper ? stretch[^length..].Min() : stretch[^length..].Max();
            level = level is { } worst ? (isUpper ? Math.Max(worst, mildest) : Math.Min(worst, mildest)) : mildest;
            brokenAt ??= ThresholdEvaluator.Holds(mildest, comparison, limit) ? null : end;
        }

        return new SustainedLevel(level, brokenAt);
    }
}
