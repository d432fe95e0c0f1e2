namespace K6.LoadTesting.History;

/// <summary>
/// How many values of a trend lie in which cell; cell <c>i</c> holds what is above <c>g^(i−1)</c> and at most <c>g^i</c>, with <c>g = (1 + a) / (1 − a)</c>, so that each value is known to a relative
/// error of <c>a</c> (Masson, Rim, Lee: DDSketch, 2019). Two sketches are merged by adding their counts.
/// </summary>
internal sealed record DistributionSketch
{
    private const double Error = 0.01;
    private static readonly double LogOfBase = Math.Log((1 + Error) / (1 - Error));

    /// <summary>Relative error of a value, 0.01.</summary>
    public double Alpha { get; init; } = Error;

    /// <summary>Values that are zero or less.</summary>
    public double Zeros { get; init; }

    /// <summary>Cells in ascending order, as pairs: the distance of a cell from the one before (from 0 for the first), and its count.</summary>
    public required IReadOnlyList<double> Cells { get; init; }

    /// <summary>All values.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double Count => Zeros + Counts().Sum(cell => cell.Count);

    /// <summary>Makes a sketch of measured percentiles: between two of them the values are taken to be spread evenly on a logarithmic scale.</summary>
    /// <param name="distribution">Percentiles as [percent, value], ascending, with 0 and 100 at the ends.</param>
    /// <param name="count">Number of samples.</param>
    public static DistributionSketch Of(IReadOnlyList<double[]> distribution, long count)
    {
        var cells = new SortedDictionary<int, double>();
        var zeros = 0d;
        for (var i = 1; i < distribution.Count; i++)
        {
            var share = (distribution[i][0] - distribution[i - 1][0]) / 100 * count;
            var (low, high) = (distribution[i - 1][1], distribution[i][1]);
            if (high <= 0)
            {
                zeros += share;
                continue;
            }

            var (first, last) = (Cell(low <= 0 ? high : low), Cell(high));
            for (var cell = first; cell <= last; cell++)
            {
                cells[cell] = cells.GetValueOrDefault(cell) + (share / (last - first + 1));
            }
        }

        return From(cells, zeros);
    }

    /// <summary>Both together.</summary>
    public DistributionSketch Merge(DistributionSketch other)
    {
        var cells = new SortedDictionary<int, double>();
        foreach (var (cell, count) in Counts().Concat(other.Counts()))
        {
            cells[cell] = cells.GetValueOrDefault(cell) + count;
        }

        return From(cells, Zeros + other.Zeros);
    }

    /// <summary>A percentile, to <see cref="Alpha"/>.</summary>
    /// <param name="percent">0 to 100.</param>
    public double Percentile(double percent)
    {
        var rank = percent / 100 * Count;
        var seen = Zeros;
        var value = 0d;
        foreach (var (cell, count) in Counts())
        {
            if (seen >= rank && seen > 0)
            {
                break;
            }

            seen += count;
            value = 2 * Math.Exp(cell * LogOfBase) / (1 + Math.Exp(LogOfBase));
        }

        return Zeros >= rank && Zeros > 0 ? 0 : value;
    }

    private IEnumerable<(int Cell, double Count)> Counts()
    {
        var cell = 0;
        for (var i = 0; i + 1 < Cells.Count; i += 2)
        {
            cell += (int)Cells[i];
            yield return (cell, Cells[i + 1]);
        }
    }

    private static int Cell(double value) => (int)Math.Ceiling(Math.Log(value) / LogOfBase);

    private static DistributionSketch From(SortedDictionary<int, double> counts, double zeros)
    {
        var cells = new List<double>();
        var before = 0;
        // Whole counts in the file, and none lost: what a cell is rounded by is carried on to the next.
        var carried = 0d;
        foreach (var (cell, count) in counts)
        {
            var whole = Math.Round(count + carried);
            carried += count - whole;
            if (whole > 0)
            {
                cells.Add(cell - before);
                cells.Add(whole);
                before = cell;
            }
        }

        return new DistributionSketch { Cells = cells, Zeros = Math.Round(zeros) };
    }
}
