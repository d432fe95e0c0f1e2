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
    public void Add(Sample sample)
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
        column.Add(row, sample.Value);
    }

    /// <summary>The timeline; null without samples.</summary>
    public Timeline? Result() => _seconds == 0 ? null : new Timeline
    {
        PeriodSeconds = 1,
        Seconds = [.. Enumerable.Range(1, _seconds).Select(second => (double)second)],
        Series = _columns.OrderBy(column => column.Key, StringComparer.Ordinal)
            .SelectMany(column => column.Value!.Series(column.Key, _seconds))
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
        private readonly List<(long Count, long NonZero)> _shares = [];
        private readonly List<List<double>?> _open = [];
        private readonly List<double[]?> _closed = [];
        private int _closedUntil;

        public void Add(int row, double value)
        {
            switch (kind)
            {
                case Kind.Counter:
                    Grow(_values, row + 1);
                    _values[row] = (_values[row] ?? 0) + value;
                    break;
                case Kind.Gauge:
                    Grow(_values, row + 1);
                    _values[row] = value;
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

        public IEnumerable<KeyValuePair<string, IReadOnlyList<double?>>> Series(string metric, int seconds)
        {
            switch (kind)
            {
                case Kind.Counter when _values.Count > 0:
                    Grow(_values, seconds);
                    return [new($"{metric}.count", _values)];
                case Kind.Gauge when _values.Count > 0:
                    Grow(_values, seconds);
                    for (var row = 1; row < seconds; row++)
                    {
                        // A gauge holds its value until the next one.
                        _values[row] ??= _values[row - 1];
                    }

                    return [new($"{metric}.value", _values)];
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
