using System.Globalization;
using K6.LoadTesting.History;

namespace K6.Benchmarks;

/// <summary>
/// False alarms and detection of the regression gate, by simulation: runs whose logarithmic figure has a spread of its own, a drift from run to run, and outliers. The
/// reference is the usual rule, "more than 10 % above the run before". Seeded: the same figures on any machine.
/// </summary>
internal static class RegressionBenchmark
{
    private const int Draws = 20_000;
    private const double Goal = 0.05;

    private static readonly (string Name, double Spread, double Outliers)[] Machines =
        [("quiet", 0.018, 0), ("usual CI", 0.05, 0.02), ("contended", 0.09, 0.05), ("noisy neighbour", 0.25, 0.1)];

    public static int Run()
    {
        Console.WriteLine($"{Draws} draws each, 10 earlier runs, 10 % allowed; share of runs called regressed, and inconclusive");
        Console.WriteLine();
        Console.WriteLine("| machine | spread of runs | change | 10 % above the run before | gate, one measurement | gate, confirmed | inconclusive |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        var (naiveAlarms, alarms) = (0d, 0d);
        foreach (var machine in Machines)
        {
            foreach (var factor in new[] { 1, 1.2, 1.5 })
            {
                var random = new Random(42);
                var (naive, once, confirmed, inconclusive) = (0, 0, 0, 0);
                for (var draw = 0; draw < Draws; draw++)
                {
                    double[] baseline = [.. Enumerable.Range(0, 10).Select(_ => Figure(random, machine.Spread, machine.Outliers))];
                    var now = factor * Figure(random, machine.Spread, machine.Outliers);
                    naive += now > baseline[^1] * 1.1 ? 1 : 0;
                    var verdict = Regression.Compare(baseline, now, 1, 0.1, moreIsWorse: true).Verdict;
                    inconclusive += verdict == RegressionVerdict.Inconclusive ? 1 : 0;
                    if (verdict == RegressionVerdict.Regressed)
                    {
                        once++;
                        confirmed += Regression.Compare(baseline, factor * Figure(random, machine.Spread, machine.Outliers), 1, 0.1, true).Verdict == RegressionVerdict.Regressed ? 1 : 0;
                    }
                }

                if (factor == 1)
                {
                    naiveAlarms += (double)naive / Draws / Machines.Length;
                    alarms += (double)confirmed / Draws / Machines.Length;
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {machine.Name} | {machine.Spread:0.0%} | {(factor == 1 ? "none (false alarms)" : $"+{factor - 1:0%}")} | {Share(naive)} | {Share(once)} | {Share(confirmed)} | {Share(inconclusive)} |"));
            }
        }

        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"regression: ratio {alarms / naiveAlarms:0.000} (goal {Goal:0.00}) against the false alarms of 10 % above the run before, {Draws} rounds"));
        return 0;
    }

    private static string Share(int count) => ((double)count / Draws).ToString("0.0%", CultureInfo.InvariantCulture);

    // Box and Muller; an outlier is a run that something else slowed down.
    private static double Figure(Random random, double spread, double outliers)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var slowed = random.NextDouble() < outliers ? 1 + (0.5 * random.NextDouble()) : 1;
        return 100 * slowed * Math.Exp(spread * normal);
    }
}
