using System.Runtime.InteropServices;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Metrics;

/// <summary>
/// Samples over time, a second a period, as the recording of a run has them. Percentiles of a second are exact; its values are kept until nothing of it is
/// to come, so that memory does not grow with the samples but by one row a second.
/// </summary>
internal sealed class SampleTimeline
{
    // k6 writes samples in the order in which iterations end; a request may be this much older.
    private const int OpenSeconds = 60;

    // A clock that jumps would make as many rows.
    private const int LongestGap = 86_400;

    private readonly Dictionary<string, Column?> _columns = new(StringComparer.Ordinal)
    {
        ["http_req_duration"] = new(Kind.Trend),
        ["iteration_duration"] = new(Kind.Trend),
        ["http_reqs"] = new(Kind.Counter),
        ["iterations"] = new(Kind.Counter),
        ["dropped_iterations"] = new(Kind.Counter),
        ["data_received"] = new(Kind.Counter),
        ["data_sent"] = new(Kind.Counter),
        ["http_req_failed"] = new(Kind.Rate),
        ["checks"] = new(Kind.Rate),
        ["vus"] = new(Kind.Gauge),
        ["vus_max"] = new(Kind.Gauge),
    };

    // Last row of each file: where a pod ended, its virtual users did.
    private readonly List<int> _ends = [];

    private int _seconds;
    private long _start = long.MinValue;

    private enum Kind
    {
        Counter,
        Gauge,
        Rate,
        Trend,
    }

    /// <summary>Takes a sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="file">Which file it is of: gauges of several are added up.</param>
    public void Add(Sample sample, int file)
    {
        if (!_columns.TryGetValue(sample.Metric, out var column) || column is null || !double.IsFinite(sample.Value))
        {
            return;
        }

        var second = sample.Microseconds / 1_000_000;
        if (_start == long.MinValue)
        {
            _start = second;
        }

        var row = (int)Math.Clamp(second - _start, 0, _seconds + (long)LongestGap);
        _seconds = Math.Max(_seconds, row + 1);
        while (_ends.Count <= file)
        {
            _ends.Add(0);
        }

        _ends[file] = Math.Max(_ends[file], row);
        column.Add(row, sample.Value, file);
    }

    /// <summary>The timeline; null without samples.</summary>
    public Timeline? Result() => _seconds == 0 ? null : new Timeline
    {
        PeriodSeconds = 1,
        Seconds = [.. Enumerable.Range(1, _seconds).Select(second => (double)second)],
        Series = _columns.OrderBy(column => column.Key, StringComparer.Ordinal)
            .SelectMany(column => column.Value!.Series(column.Key, _seconds, _ends))
            .ToDictionary(),
    };

    private sealed class Column(Kind kind)
    {
        private static readonly (string Name, Func<List<double>, double> Of)[] Statistics =
        [
            ("avg", values => values.Average()),
            ("max", values => values[^1]),
            ("med", values => Percentile.Of(CollectionsMarshal.AsSpan(values), 50)),
            ("p(95)", values => Percentile.Of(CollectionsMarshal.AsSpan(values), 95)),
            ("p(99)", values => Percentile.Of(CollectionsMarshal.AsSpan(values), 99)),
        ];

        private readonly List<double?> _values = [];
        private readonly List<List<double?>> _gauges = [];
        private readonly List<(long Count, long NonZero)> _shares = [];
        private readonly List<List<double>?> _open = [];
        private readonly List<double[]?> _closed = [];
        private int _closedUntil;

        public void Add(int row, double value, int file)
        {
            switch (kind)
            {
                case Kind.Counter:
                    Grow(_values, row + 1);
                    _values[row] = (_values[row] ?? 0) + value;
                    break;
                case Kind.Gauge:
                    while (_gauges.Count <= file)
                    {
                        _gauges.Add([]);
                    }

                    Grow(_gauges[file], row + 1);
                    _gauges[file][row] = value;
                    break;
                case Kind.Rate:
                    Grow(_shares, row + 1);
                    var (count, nonZero) = _shares[row];
                    _shares[row] = (count + 1, nonZero + (value == 0 ? 0 : 1));
                    break;
                default:
                    Grow(_open, row + 1);
                    if (row >= _closedUntil)
                    {
                        (_open[row] ??= []).Add(value);
                        Close(_open.Count - OpenSeconds);
                    }

                    break;
            }
        }

        public IEnumerable<KeyValuePair<string, IReadOnlyList<double?>>> Series(string metric, int seconds, List<int> ends)
        {
            switch (kind)
            {
                case Kind.Counter when _values.Count > 0:
                    Grow(_values, seconds);
                    return [new($"{metric}.count", _values)];
                case Kind.Gauge when _gauges.Count > 0:
                    var sums = new double?[seconds];
                    for (var file = 0; file < _gauges.Count; file++)
                    {
                        double? held = null;
                        for (var row = 0; row <= ends[file]; row++)
                        {
                            // A gauge holds its value until the next one.
                            held = (row < _gauges[file].Count ? _gauges[file][row] : null) ?? held;
                            sums[row] = held is null ? sums[row] : (sums[row] ?? 0) + held;
                        }
                    }

                    return [new($"{metric}.value", sums)];
                case Kind.Rate when _shares.Count > 0:
                    Grow(_shares, seconds);
                    return [new($"{metric}.rate", [.. _shares.Select(share => share.Count == 0 ? null : (double?)share.NonZero / share.Count)])];
                case Kind.Trend when _open.Count > 0:
                    Close(_open.Count);
                    Grow(_closed, seconds);
                    return Statistics.Select((statistic, i) => new KeyValuePair<string, IReadOnlyList<double?>>(
                        $"{metric}.{statistic.Name}", [.. _closed.Select(row => row?[i])]));
                default:
                    return [];
            }
        }

        private void Close(int until)
        {
            for (; _closedUntil < until; _closedUntil++)
            {
                Grow(_closed, _closedUntil + 1);
                if (_open[_closedUntil] is { } values)
                {
                    values.Sort();
                    _closed[_closedUntil] = [.. Statistics.Select(statistic => statistic.Of(values))];
                    _open[_closedUntil] = null;
                }
            }
        }

        private static void Grow<T>(List<T> list, int count)
        {
            while (list.Count < count)
            {
                list.Add(default!);
            }
        }
    }
}
