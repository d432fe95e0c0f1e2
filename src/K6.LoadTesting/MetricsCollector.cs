using System.Threading.Channels;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;

namespace K6.LoadTesting;

/// <summary>
/// Collects the figures of a run: hand it to the run as its progress. <see cref="LiveAsync"/> gives them while the load goes on, the
/// other members when the tests have been judged. One collector is for one run. Members may be called from any thread.
/// </summary>
public sealed class MetricsCollector : IProgress<RunEvent>
{
    private readonly Channel<LiveMetrics> _live = Channel.CreateUnbounded<LiveMetrics>();
    private readonly Lock _lock = new();
    private readonly List<TestResult> _tests = [];
    private LiveMetrics? _last;

    /// <summary>The tests that were judged so far, in their order.</summary>
    public IReadOnlyList<TestResult> Tests
    {
        get
        {
            lock (_lock)
            {
                return [.. _tests];
            }
        }
    }

    /// <summary>The last figures; null before the first.</summary>
    public LiveMetrics? Last
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>The figures as they come, about one a second and test; ends when the run ends. For one reader.</summary>
    /// <param name="cancellationToken">Ends the stream, not the run.</param>
    public IAsyncEnumerable<LiveMetrics> LiveAsync(CancellationToken cancellationToken = default) => _live.Reader.ReadAllAsync(cancellationToken);

    /// <summary>A statistic of the whole run, in k6's unit (ms, bytes, fraction of 1, per second); null when it was not measured.</summary>
    /// <param name="metric">Metric or submetric, the key in <see cref="TestResult.Metrics"/>.</param>
    /// <param name="statistic">k6's name of it, such as <c>p(95)</c>.</param>
    /// <param name="test">Name of the test; null for the first that has it.</param>
    public double? Value(string metric, string statistic, string? test = null) =>
        Tests.Where(one => test is null || one.Name == test)
            .Select(one => one.Metrics.TryGetValue(metric, out var found) && found.Values.TryGetValue(statistic, out var value) ? value : (double?)null)
            .FirstOrDefault(value => value is not null);

    /// <summary>A metric over time; empty when it was not recorded.</summary>
    /// <param name="metric">Metric, such as <c>http_reqs</c>.</param>
    /// <param name="statistic">Statistic of each period, such as <c>rate</c>.</param>
    /// <param name="test">Name of the test; null for the first that has it.</param>
    /// <returns>The end of each period since the start of the load, with the value; null where a period has no samples.</returns>
    public IReadOnlyList<MetricPoint> Series(string metric, string statistic, string? test = null)
    {
        foreach (var one in Tests.Where(one => test is null || one.Name == test))
        {
            if (one.Timeline is { } timeline && timeline.Series.TryGetValue($"{metric}.{statistic}", out var values))
            {
                return [.. timeline.Seconds.Zip(values, (end, value) => new MetricPoint(TimeSpan.FromSeconds(end), value))];
            }
        }

        return [];
    }

    /// <summary>Takes an event of a run; the run calls it.</summary>
    public void Report(RunEvent value)
    {
        switch (value)
        {
            case TestProgressed { Progress: var figures } progressed:
                lock (_lock)
                {
                    var before = _last is { } last && last.Test == progressed.Test ? last : null;
                    var seconds = (figures.Elapsed - (before?.Elapsed ?? TimeSpan.Zero)).TotalSeconds;
                    var rate = seconds > 0 ? (figures.Complete - (before?.Iterations ?? 0)) / seconds : before?.IterationsPerSecond ?? 0;
                    _last = new LiveMetrics(progressed.Test, figures.Elapsed, figures.Vus, figures.MaxVus, figures.Complete, figures.Interrupted, rate);
                    _live.Writer.TryWrite(_last);
                }

                break;
            case TestFinished finished:
                lock (_lock)
                {
                    _tests.Add(finished.Result);
                }

                break;
        }
    }

    /// <summary>Ends the stream.</summary>
    internal void Complete() => _live.Writer.TryComplete();
}

/// <summary>Figures of a load that goes on, from the engine's progress line.</summary>
/// <param name="Test">Name of the test.</param>
/// <param name="Elapsed">Time since the start of the load.</param>
/// <param name="Vus">Active virtual users.</param>
/// <param name="MaxVus">Virtual users that exist.</param>
/// <param name="Iterations">Complete iterations since the start.</param>
/// <param name="Interrupted">Interrupted iterations since the start.</param>
/// <param name="IterationsPerSecond">Complete iterations per second since the figures before.</param>
public sealed record LiveMetrics(string Test, TimeSpan Elapsed, int Vus, int MaxVus, long Iterations, long Interrupted, double IterationsPerSecond);

/// <summary>A value of a metric over time.</summary>
/// <param name="Elapsed">End of the period, since the start of the load.</param>
/// <param name="Value">Value in k6's unit; null when the period has no samples.</param>
public sealed record MetricPoint(TimeSpan Elapsed, double? Value);
