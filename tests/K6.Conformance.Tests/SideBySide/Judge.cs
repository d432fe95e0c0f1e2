using System.Globalization;

namespace K6.Conformance.Tests.SideBySide;

/// <summary>The rules: each gives what is wrong, or nothing.</summary>
internal static class Judge
{
    /// <summary>Half of the arrivals are this close to their time, in ms.</summary>
    private const double UsuallyLate = 2;

    /// <summary>Nine of ten arrivals are this close to their time, in ms.</summary>
    private const double SeldomLate = 10;

    /// <summary>What the engine says it did is what the server saw, to the byte.</summary>
    public static IEnumerable<string> Truth(Measured run)
    {
        foreach (var (name, seen) in (IEnumerable<(string, long)>)[("http_reqs", run.ServerRequests), ("data_sent", run.ServerRead), ("data_received", run.ServerWritten)])
        {
            if (run.Counts[name] != seen)
            {
                yield return Text($"{name} is {run.Counts[name]}, and the server saw {seen}");
            }
        }
    }

    /// <summary>Nothing differs.</summary>
    public static IEnumerable<string> Exact(Measured k6, Measured embedded) =>
        Observation.Difference(k6.Observation, embedded.Observation) is { Length: > 0 } difference ? ["- k6, + embedded\n" + difference] : [];

    /// <summary>As many arrivals as are due, within one, and each at its time. When the load began is not known from outside, so their middle is where they are laid upon each other.</summary>
    public static IEnumerable<string> Schedule(Load load, Measured run)
    {
        var due = load.Arrivals!.Due();
        foreach (var (name, count) in (IEnumerable<(string, double)>)[("iterations", run.Counts["iterations"]), ("requests of iterations", run.ArrivedAt.Count)])
        {
            if (Math.Abs(count - due.Count) > 1)
            {
                yield return Text($"{name}: {count}, due were {due.Count}");
            }
        }

        if (run.Counts.TryGetValue("dropped_iterations", out var dropped))
        {
            yield return Text($"{dropped} iterations were dropped");
        }

        double[] late = [.. run.ArrivedAt.Zip(due, (arrived, wanted) => arrived - wanted)];
        var begin = Percentile(late, 0.5);
        double[] off = [.. late.Select(l => Math.Abs(l - begin))];
        var (usual, seldom) = (Percentile(off, 0.5), Percentile(off, 0.9));
        if (usual > UsuallyLate || seldom > SeldomLate)
        {
            yield return Text($"half of the arrivals are off by {usual:0.0} ms or more (allowed {UsuallyLate}), one of ten by {seldom:0.0} ms or more (allowed {SeldomLate})");
        }
    }

    /// <summary>Counts are inside what k6 was recorded to do.</summary>
    public static IEnumerable<string> Band(RecordedBands.Counts recorded, Measured run)
    {
        foreach (var (name, band) in recorded)
        {
            var count = run.Counts.GetValueOrDefault(name);
            if (count < band.Min() || count > band.Max())
            {
                yield return Text($"{name} is {count}, and {band.Min()} to {band.Max()} in ten runs of k6");
            }
        }
    }

    /// <summary>Medians over the rounds of both percentiles are close; no answer comes before the server gave it.</summary>
    public static IEnumerable<string> Latency(Load load, IReadOnlyList<Measured> k6, IReadOnlyList<Measured> embedded)
    {
        foreach (var (name, value, least, share) in (IEnumerable<(string, Func<Measured, double>, double, double)>)[("p50", m => m.P50, 1, 0.05), ("p95", m => m.P95, 2, 0.10)])
        {
            var (theirs, ours) = (Percentile([.. k6.Select(value)], 0.5), Percentile([.. embedded.Select(value)], 0.5));
            var allowed = Math.Max(least, share * theirs);
            if (Math.Abs(theirs - ours) > allowed)
            {
                yield return Text($"{name} is {ours:0.00} ms, k6 has {theirs:0.00} ms (allowed ± {allowed:0.00})");
            }
        }

        foreach (var early in k6.Concat(embedded).Where(m => m.P50 < load.Delay))
        {
            yield return Text($"p50 is {early.P50:0.00} ms, but the server waits for {load.Delay} ms");
        }
    }

    private static double Percentile(double[] values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)Math.Ceiling(share * (sorted.Length - 1))];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
