using System.Globalization;
using System.Text;
using K6.LoadTesting.Reports;

namespace K6.LoadTesting.History;

/// <summary>A history for terminals: a test, its last runs, and how its figures went.</summary>
internal static class HistoryText
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private const int Shown = 30;
    private static readonly (string Metric, string Statistic, string Unit)[] Rows =
        [("http_req_duration", "med", "ms"), ("http_req_duration", "p(95)", "ms"), ("http_reqs", "rate", "/s"), ("http_req_failed", "rate", "1"), ("iteration_duration", "p(95)", "ms")];

    /// <summary>The text: for each test and each kind of run that can be compared, one block.</summary>
    /// <param name="history">Lines of the history.</param>
    public static string Render(IReadOnlyList<HistoryEntry> history)
    {
        var text = new StringBuilder();
        foreach (var series in HistorySeries.Of(history))
        {
            var runs = series.Runs.TakeLast(Shown).ToList();
            text.Append(CultureInfo.InvariantCulture, $"{series.Test}: {series.Runs.Count} runs, {runs.Count(run => run.Verdict == Results.Verdict.Failed)} of the last {runs.Count} failed ({series.Key.Engine}, {series.Key.Machine}{(series.Key.Label is { } label ? $", {label}" : "")}, load {series.Key.Load[..Math.Min(8, series.Key.Load.Length)]})\n");
            foreach (var (metric, statistic, unit) in Rows)
            {
                double?[] values = [.. runs.Select(run => run.Metrics.GetValueOrDefault(metric)?.Values.TryGetValue(statistic, out var value) == true ? (double?)value : null)];
                double[] known = [.. values.OfType<double>()];
                if (known.Length < 2)
                {
                    continue;
                }

                var changes = ChangePoints.Of(known);
                var last = known[^1];
                var middle = Regression.Median(known[..^1]);
                text.Append(CultureInfo.InvariantCulture, $"  {metric + " " + statistic,-26} {Sparkline(values)}  {Figures.Value(last, unit)}")
                    .Append(middle > 0 ? $" ({RegressionGate.Signed((last / middle) - 1)} against the median of {known.Length - 1})" : "")
                    .Append(changes.Count > 0 ? $"; new level {known.Length - changes[^1]} runs ago" : "")
                    .Append('\n');
            }
        }

        return text.Length == 0 ? "no runs yet" : text.ToString().TrimEnd('\n');
    }

    /// <summary>Values as bars of eight heights; a space where there is none.</summary>
    internal static string Sparkline(IReadOnlyList<double?> values)
    {
        var known = values.OfType<double>().ToList();
        var (low, high) = (known.DefaultIfEmpty().Min(), known.DefaultIfEmpty().Max());
        return string.Concat(values.Select(value => value is not { } one ? ' '
            : Bars[high > low ? (int)Math.Min(Bars.Length - 1, (one - low) / (high - low) * Bars.Length) : Bars.Length / 2]));
    }
}

/// <summary>Runs that can be compared with each other, in the order of the file.</summary>
/// <param name="Project">Name of the project.</param>
/// <param name="Test">Name of the test.</param>
/// <param name="Key">What they have in common.</param>
/// <param name="Runs">The runs.</param>
internal sealed record HistorySeries(string Project, string Test, HistoryKey Key, IReadOnlyList<HistoryEntry> Runs)
{
    /// <summary>The series of a history, those with the newest runs first.</summary>
    public static IReadOnlyList<HistorySeries> Of(IReadOnlyList<HistoryEntry> history) =>
        [.. history.Select((entry, index) => (entry, index)).Where(one => one.entry is { Kind: HistoryKind.Run, Key: not null })
            .GroupBy(one => (one.entry.Project, one.entry.Test, one.entry.Key))
            .OrderByDescending(group => group.Max(one => one.index))
            .Select(group => new HistorySeries(group.Key.Project, group.Key.Test, group.Key.Key!, [.. group.Select(one => one.entry)]))];
}
