namespace K6.Conformance.Tests.SideBySide;

/// <summary>
/// The closed form of an arrival rate, from k6's documentation and not from the engine: the rate changes in straight lines from stage to stage, and arrival k is due when
/// its integral reaches k. A constant rate begins at once, with k = 0; a ramping one with k = 1.
/// </summary>
internal sealed class Arrivals(double start, params (double Seconds, double Rate)[] stages)
{
    private bool IsConstant => stages.Length == 1 && stages[0].Rate == start;

    /// <summary>When each arrival is due, in milliseconds from the beginning.</summary>
    public IReadOnlyList<double> Due()
    {
        var end = stages.Sum(s => s.Seconds);
        var all = Integral(end);
        var due = new List<double>();
        for (var k = IsConstant ? 0 : 1; k <= all + 1e-9; k++)
        {
            var (low, high) = (0.0, end);
            while (high - low > 1e-7)
            {
                var middle = (low + high) / 2;
                (low, high) = Integral(middle) < k ? (middle, high) : (low, middle);
            }

            due.Add(high * 1000);
        }

        return due;
    }

    private double Integral(double time)
    {
        var (sum, rate) = (0.0, start);
        foreach (var (seconds, target) in stages)
        {
            var part = Math.Min(time, seconds);
            var reached = seconds == 0 ? target : rate + ((target - rate) * part / seconds);
            sum += (rate + reached) / 2 * part;
            time -= part;
            rate = target;
            if (time <= 0 && seconds > 0)
            {
                break;
            }
        }

        return sum;
    }
}
