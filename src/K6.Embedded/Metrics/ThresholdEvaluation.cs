namespace K6.Embedded.Metrics;

/// <summary>Judges thresholds by k6's rules.</summary>
internal static class ThresholdEvaluation
{
    /// <summary>Evaluates all thresholds and gives the names of the series that fail, in order, and whether one of them asks for an abort.</summary>
    /// <param name="collector">The series.</param>
    /// <param name="elapsed">How long the load has lasted.</param>
    /// <param name="isFinal">At the end series without samples are judged too (by zeros, and a rate passes); during the run they are left out.</param>
    public static (IReadOnlyList<string> Failed, bool ShouldAbort) Evaluate(MetricsCollector collector, TimeSpan elapsed, bool isFinal)
    {
        var failed = new List<string>();
        var shouldAbort = false;
        lock (collector.Gate)
        {
            foreach (var series in collector.Series.Where(s => s.Thresholds.Count > 0))
            {
                if (series.Sink.Count == 0 && (!isFinal || series.Metric.Type == MetricType.Rate))
                {
                    continue;
                }

                foreach (var threshold in series.Thresholds)
                {
                    threshold.HasFailed = !threshold.Holds(series.Sink.Statistic(threshold.Method, threshold.Percentile, elapsed.TotalSeconds));
                    shouldAbort |= threshold.HasFailed
                        && threshold.Source.AbortOnFail
                        && (threshold.Source.DelayAbortEval is null || threshold.Source.DelayAbortEval < elapsed);
                }

                if (series.IsTainted == true)
                {
                    failed.Add(series.Name);
                }
            }
        }

        failed.Sort(StringComparer.Ordinal);
        return (failed, shouldAbort);
    }
}
