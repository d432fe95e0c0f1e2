using System.Globalization;
using System.Text;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.History;

/// <summary>Two runs side by side, whatever they are: <c>K6Compare</c>.</summary>
internal static class RunComparison
{
    /// <summary>Finds a run: <c>last</c>, <c>previous</c>, the beginning of a run's id or of a commit, or the path of a <c>loadtest.json</c>.</summary>
    /// <param name="text">What is sought.</param>
    /// <param name="history">Lines of the history.</param>
    /// <param name="directory">Where a relative path starts.</param>
    /// <param name="label"><c>K6HistoryLabel</c>, for a result that is read from a file.</param>
    /// <returns>The lines of that run, one a test.</returns>
    /// <exception cref="LoadTestException">There is none (KSDK0404).</exception>
    public static IReadOnlyList<HistoryEntry> Find(string text, IReadOnlyList<HistoryEntry> history, string directory, string? label)
    {
        var runs = history.Where(entry => entry.Kind == HistoryKind.Run).GroupBy(entry => entry.RunId).ToList();
        var file = Path.GetFullPath(text, directory);
        if (text.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && File.Exists(file))
        {
            try
            {
                return HistoryLine.Of(LoadTestJson.Read<LoadTestResult>(file), label);
            }
            catch (System.Text.Json.JsonException failure)
            {
                throw new LoadTestException(Rules.RunNotFound.At(new SourceLocation(file, 0, 0), $"This is no result of a load test: {failure.Message}"));
            }
        }

        var found = text switch
        {
            "last" => runs.LastOrDefault(),
            "previous" => runs.Count > 1 ? runs[^2] : null,
            _ when text.Length >= 4 => runs.LastOrDefault(run => run.Key.ToString().StartsWith(text, StringComparison.OrdinalIgnoreCase)
                || run.First().Commit?.Sha.StartsWith(text, StringComparison.OrdinalIgnoreCase) == true),
            _ => null,
        };
        return found is not null ? [.. found] : throw new LoadTestException(Rules.RunNotFound.At(
            null, $"The history of {runs.Count} runs has no '{text}': write last, previous, four or more digits of a run's id or of a commit, or the path of a loadtest.json."));
    }

    /// <summary>The text: each figure of both, and how it changed.</summary>
    public static string Render(IReadOnlyList<HistoryEntry> before, IReadOnlyList<HistoryEntry> after)
    {
        var text = new StringBuilder($"{Title(before)} → {Title(after)}\n");
        foreach (var test in after)
        {
            var other = before.FirstOrDefault(one => one.Test == test.Test);
            text.Append(CultureInfo.InvariantCulture, $"{test.Test}{(other is null ? ": only in the second" : other.Key == test.Key ? "" : $": {Differs(other, test)}, so the figures say little of the application")}\n");
            foreach (var (metric, figures) in test.Metrics)
            {
                if (other?.Metrics.GetValueOrDefault(metric) is not { } earlier)
                {
                    continue;
                }

                foreach (var statistic in figures.Type switch { "trend" => new[] { "med", "p(95)" }, "counter" => ["rate"], "rate" => ["rate"], _ => ["value"] })
                {
                    if (earlier.Values.TryGetValue(statistic, out var was) && figures.Values.TryGetValue(statistic, out var now))
                    {
                        var unit = Plans.BuiltInMetrics.Find(metric.Split('{')[0]) is { } known ? Plans.Quantity.UnitOf(known, statistic) : "";
                        text.Append(CultureInfo.InvariantCulture, $"  {metric + " " + statistic,-40} {Figures.Value(was, unit),12} → {Figures.Value(now, unit),-12}{(was > 0 ? RegressionGate.Signed((now / was) - 1) : "")}\n");
                    }
                }
            }
        }

        foreach (var gone in before.Where(one => after.All(test => test.Test != one.Test)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{gone.Test}: only in the first\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Title(IReadOnlyList<HistoryEntry> run) => run is [var first, ..]
        ? $"{first.Time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}{(first.Commit is { } commit ? $" {commit.Sha[..Math.Min(8, commit.Sha.Length)]}" : "")} ({first.RunId.ToString()[..8]})"
        : "nothing";

    private static string Differs(HistoryEntry one, HistoryEntry other) =>
        one.Key?.Load != other.Key?.Load ? "another load"
        : one.Key?.Engine != other.Key?.Engine ? "another engine"
        : one.Key?.Machine != other.Key?.Machine ? "another machine"
        : "another label";
}
