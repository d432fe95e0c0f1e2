using System.Runtime.InteropServices;

namespace K6.Embedded.Metrics;

/// <summary>
/// A distribution with exact percentiles. Memory grows with distinct values, not with samples: times have a resolution of 1 µs and are
/// counted in pages of 64 µs, which begin as short lists; other values, and times of more than 285 years, are counted as they are up to <see cref="MaximumDistinct"/>, and beyond that
/// with six significant digits.
/// </summary>
internal sealed class TrendSink(bool isTime) : Sink
{
    /// <summary>So many distinct values of a metric that is no time are told apart exactly.</summary>
    public const int MaximumDistinct = 100_000;

    // In milliseconds: as microseconds, with those of a long run added up, they stay far inside of a long.
    private const double LongestTime = 9e12;

    private const int PageBits = 6;
    private const int PageSize = 1 << PageBits;

    // A list of more than eight values takes about as much as the counters of the page.
    private const int LongestList = 16;

    // A page has a counter for each of its microseconds, or, shorter, is a list: a microsecond, its count, and so on. Rare values of a long tail take a fourth of the memory so.
    private readonly Dictionary<long, int[]> pages = [];
    private Dictionary<double, int> values = [];
    private bool isCoarse;
    private long lastPageNumber = -1;
    private int[]? lastPage;
    private long sumMicros;
    private double sum;
    private (double Value, long UpTo)[]? sorted;

    /// <summary>The least value; 0 without samples.</summary>
    public double Minimum { get; private set; }

    /// <summary>The greatest value; 0 without samples.</summary>
    public double Maximum { get; private set; }

    /// <summary>The mean; 0 without samples.</summary>
    public double Average => Count == 0 ? 0 : Sum / Count;

    /// <summary>The number of distinct values that are told apart.</summary>
    public int Distinct => Sorted().Length;

    private double Sum => isTime ? (sumMicros / 1000.0) + sum : sum;

    /// <inheritdoc/>
    public override void Add(double value)
    {
        sorted = null;
        Minimum = Count == 0 ? value : Math.Min(Minimum, value);
        Maximum = Count == 0 ? value : Math.Max(Maximum, value);
        Count++;
        if (isTime && Math.Abs(value) < LongestTime)
        {
            AddTime((long)Math.Round(value * 1000));
        }
        else
        {
            AddValue(value);
        }
    }

    /// <inheritdoc/>
    public override double Statistic(string statistic, double percentile, double seconds) => statistic switch
    {
        "avg" => Average,
        "min" => Minimum,
        "max" => Maximum,
        "med" => Percentile(50),
        "count" => Count,
        _ => Percentile(percentile),
    };

    /// <summary>k6's percentile: linear between the two samples around p·(n-1).</summary>
    /// <param name="percentile">0 to 100.</param>
    public double Percentile(double percentile)
    {
        switch (Count)
        {
            case 0:
                return 0;
            case 1:
                return Minimum;
        }

        var position = percentile / 100 * (Count - 1.0);
        var index = (long)Math.Floor(position);
        var below = ValueAt(index);
        var above = ValueAt(Math.Min(index + 1, Count - 1));
        return position == index ? below : below + ((above - below) * (position - index));
    }

    private void AddTime(long micros)
    {
        sumMicros += micros;
        var number = micros >> PageBits;
        if (number != lastPageNumber || lastPage is null)
        {
            ref var page = ref CollectionsMarshal.GetValueRefOrAddDefault(pages, number, out _);
            page = CountInPage(page ?? new int[2], (int)(micros & (PageSize - 1)));
            if (page.Length == PageSize)
            {
                (lastPageNumber, lastPage) = (number, page);
            }
        }
        else
        {
            lastPage[micros & (PageSize - 1)]++;
        }
    }

    /// <summary>Counts in a page of either kind.</summary>
    /// <returns>The page, or what takes its place since its list was full.</returns>
    private static int[] CountInPage(int[] page, int micro)
    {
        if (page.Length == PageSize)
        {
            page[micro]++;
            return page;
        }

        for (var i = 0; i < page.Length; i += 2)
        {
            if (page[i + 1] == 0 || page[i] == micro)
            {
                page[i] = micro;
                page[i + 1]++;
                return page;
            }
        }

        if (page.Length < LongestList)
        {
            Array.Resize(ref page, page.Length * 2);
            return CountInPage(page, micro);
        }

        var counters = Counters(page);
        counters[micro]++;
        return counters;
    }

    private static int[] Counters(int[] page)
    {
        if (page.Length == PageSize)
        {
            return page;
        }

        var counters = new int[PageSize];
        for (var i = 0; i < page.Length && page[i + 1] > 0; i += 2)
        {
            counters[page[i]] = page[i + 1];
        }

        return counters;
    }

    private void AddValue(double value)
    {
        sum += value;
        CollectionsMarshal.GetValueRefOrAddDefault(values, isCoarse ? Coarse(value) : value, out _)++;
        if (!isCoarse && values.Count > MaximumDistinct)
        {
            isCoarse = true;
            var coarse = new Dictionary<double, int>();
            foreach (var (exact, count) in values)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(coarse, Coarse(exact), out _) += count;
            }

            values = coarse;
        }
    }

    /// <summary>Cuts the mantissa to 20 bits: a relative error of one millionth at most.</summary>
    private static double Coarse(double value) =>
        BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(value) + (1L << 31)) & ~((1L << 32) - 1));

    private double ValueAt(long index)
    {
        var all = Sorted();
        var (low, high) = (0, all.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (all[middle].UpTo > index)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return all[low].Value;
    }

    private (double Value, long UpTo)[] Sorted()
    {
        if (sorted is not null)
        {
            return sorted;
        }

        var result = new List<(double Value, long UpTo)>((pages.Count * 4) + values.Count);
        var upTo = 0L;
        var others = values.OrderBy(v => v.Key).ToArray();
        var low = isTime ? others.TakeWhile(v => v.Key < 0).Count() : others.Length;
        AddAll(others.AsSpan(0, low));
        var numbers = pages.Keys.ToArray();
        Array.Sort(numbers);
        foreach (var number in numbers)
        {
            var page = Counters(pages[number]);
            for (var i = 0; i < page.Length; i++)
            {
                if (page[i] > 0)
                {
                    upTo += page[i];
                    result.Add((((number << PageBits) + i) / 1000.0, upTo));
                }
            }
        }

        AddAll(others.AsSpan(low));
        return sorted = [.. result];

        void AddAll(ReadOnlySpan<KeyValuePair<double, int>> counted)
        {
            foreach (var (value, count) in counted)
            {
                upTo += count;
                result.Add((value, upTo));
            }
        }
    }
}
