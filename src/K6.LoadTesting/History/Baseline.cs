namespace K6.LoadTesting.History;

/// <summary>The earlier runs that a run is compared with.</summary>
internal static class Baseline
{
    /// <summary>The last green runs of a test with an equal key, since its baseline was last accepted; oldest first.</summary>
    /// <param name="history">Lines of the history, in the order of the file.</param>
    /// <param name="project">Name of the project.</param>
    /// <param name="test">Name of the test.</param>
    /// <param name="key">What has to be equal.</param>
    /// <param name="branch">Branch whose runs count; null for those of every branch.</param>
    /// <param name="except">An invocation whose own lines do not count; null for none.</param>
    public static IReadOnlyList<HistoryEntry> Of(
        IReadOnlyList<HistoryEntry> history, string project, string test, HistoryKey key, string? branch = null, Guid? except = null)
    {
        var mine = history.Where(entry => entry.Project == project && entry.Test == test && entry.RunId != except).ToList();
        var begin = mine.FindLastIndex(entry => entry.Kind == HistoryKind.Accepted) + 1;
        return [.. mine.Skip(begin)
            .Where(entry => entry.Kind == HistoryKind.Run && entry.Verdict == Results.Verdict.Passed && entry.Key == key
                && (branch is null || entry.Commit?.Branch == branch))
            // The clock of a machine may jump; the file tells what came first.
            .TakeLast(Regression.MaxRuns)];
    }

    /// <summary>Why earlier runs of a test are not compared with: what differs most often; null when nothing does.</summary>
    public static string? Difference(IReadOnlyList<HistoryEntry> history, string project, string test, HistoryKey key)
    {
        var others = history.Where(entry => entry.Project == project && entry.Test == test && entry.Kind == HistoryKind.Run && entry.Key is not null && entry.Key != key).ToList();
        return others.Count == 0 ? null : others
            .Select(entry => entry.Key!.Load != key.Load ? "another load"
                : entry.Key.Engine != key.Engine ? $"another engine ({entry.Key.Engine})"
                : entry.Key.Machine != key.Machine ? $"another machine ({entry.Key.Machine})"
                : $"another label ({entry.Key.Label ?? "none"})")
            .GroupBy(reason => reason).OrderByDescending(group => group.Count()).First().Key;
    }
}
