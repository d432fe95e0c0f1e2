using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Gates;

/// <summary>Thresholds that only raw samples can judge: limits for each value of a tag that only the run tells, on the last seconds, or on seconds of a part by tags.</summary>
internal static class SampledThresholds
{
    /// <summary>More values of one tag than this are no list that a person reads, and mostly ids in names.</summary>
    internal const int MaxValues = 200;

    // Engines write samples a second or two out of order; a second that is this much older than the newest is complete.
    private const long Settled = 60;

    /// <summary>Judges them all.</summary>
    /// <param name="thresholds">The thresholds.</param>
    /// <param name="files">The samples; several where several engines made one load.</param>
    /// <param name="summary">The engine's figures; null when there are none.</param>
    /// <returns>For each threshold what it became: one, or one for each value of its tag.</returns>
    /// <exception cref="InvalidDataException">The file is not of this format.</exception>
    public static IReadOnlyDictionary<ScopedThreshold, IReadOnlyList<EvaluatedThreshold>> Evaluate(
        IReadOnlyList<ScopedThreshold> thresholds, IReadOnlyList<string> files, Summary? summary)
    {
        if (thresholds.Count == 0)
        {
            return new Dictionary<ScopedThreshold, IReadOnlyList<EvaluatedThreshold>>();
        }

        if (files.Count == 0 || !files.All(File.Exists) || summary is null)
        {
            return thresholds.ToDictionary(one => one, IReadOnlyList<EvaluatedThreshold> (one) => [one.By(null, null, "")]);
        }

        var parts = thresholds.ToDictionary(one => one, one => new List<Part>());
        var (ends, found) = Look(files, thresholds);
        foreach (var threshold in thresholds)
        {
            parts[threshold].AddRange(found[threshold].Select(each => new Part(threshold, each, ends, TypeOf(threshold, summary))));
        }

        var all = parts.Values.SelectMany(one => one).ToList();
        var whole = all.Where(part => part.Declared.Plan!.For is null).ToList();
        var bySecond = all.Except(whole).ToLookup(part => part.Selector.Name);
        var figures = SampleStatistics.ComputeEach(files, [.. whole.Select(part => part.Request)], summary.LoadSeconds, sample =>
        {
            foreach (var part in bySecond[sample.Metric].Where(part => SampleStatistics.Matches(part.Selector, sample.Tags)))
            {
                part.Add(sample);
            }
        });
        foreach (var (part, values) in whole.Zip(figures))
        {
            part.Take(values);
        }

        return parts.ToDictionary(
            one => one.Key,
            IReadOnlyList<EvaluatedThreshold> (one) => one.Value.Count switch
            {
                0 => [one.Key.By(null, 0, "")],
                > MaxValues => [one.Key.By(null, null, "") with { HasTooManyValues = true }],
                _ => [.. one.Value.Select(part => part.Judge())],
            });
    }

    // One look at everything: when the load began and ended, and which values the tags have.
    private static (Ends Ends, Dictionary<ScopedThreshold, List<string?>> Values) Look(IReadOnlyList<string> files, IReadOnlyList<ScopedThreshold> thresholds)
    {
        var found = thresholds.ToDictionary(one => one, one => new List<string?>(one.Plan!.ForEach is null ? [null] : []));
        var open = thresholds.Where(one => one.Plan!.ForEach is not null)
            .Select(one => (Threshold: one, Selector: MetricSelector.TryParse(one.Key, out _)!, Tag: one.Plan!.ForEach!, Seen: new HashSet<string>(StringComparer.Ordinal)))
            .ToList();
        long first = long.MaxValue, last = 0;
        foreach (var sample in new SamplesReader(files).Read())
        {
            // Samples of setup and teardown belong to no scenario.
            if (sample.Tags.ContainsKey("scenario"))
            {
                first = Math.Min(first, sample.Microseconds);
                last = Math.Max(last, sample.Microseconds);
            }

            foreach (var (threshold, selector, tag, seen) in open)
            {
                if (sample.Metric == selector.Name && seen.Count <= MaxValues && sample.Tags.TryGetValue(tag, out var value) && value.Length > 0
                    && SampleStatistics.Matches(selector, sample.Tags) && seen.Add(value))
                {
                    found[threshold].Add(value);
                }
            }
        }

        foreach (var values in found.Values)
        {
            values.Sort(StringComparer.Ordinal);
        }

        return (new Ends(first, last), found);
    }

    /// <summary>First and last sample of the load, microseconds since 1970.</summary>
    private readonly record struct Ends(long First, long Last);

    /// <summary>A threshold for one value of its tag, or the whole of one without.</summary>
    private sealed class Part
    {
        private readonly Ends ends;
        private readonly string? each;
        private readonly SortedDictionary<long, List<double>> open = [];
        private readonly SortedDictionary<long, double> seconds = [];
        private readonly string type;
        private double? actual;
        private long samples;

        public Part(ScopedThreshold declared, string? each, Ends ends, string type)
        {
            Declared = declared;
            this.each = each;
            this.ends = ends;
            this.type = type;
            var selector = MetricSelector.TryParse(declared.Key, out _)!;
            Selector = each is null ? selector : selector.With(declared.Plan!.ForEach!, each);
            From = declared.Plan!.Window?.LastSeconds is { } last ? ends.Last - (long)(last * 1e6) : ends.First;
            Request = new StatisticsRequest(Selector.ToString(), type, type is "trend" ? [declared.Statistic, "count"] : type is "rate" ? [declared.Statistic, "passes", "fails"] : [declared.Statistic])
            {
                FromMicroseconds = declared.Plan.Window?.LastSeconds is null ? null : From,
            };
        }

        public ScopedThreshold Declared { get; }

        public MetricSelector Selector { get; }

        public StatisticsRequest Request { get; }

        private long From { get; }

        public void Take(IReadOnlyDictionary<string, double> values)
        {
            samples = type switch
            {
                "trend" => (long)values["count"],
                "rate" => (long)(values["passes"] + values["fails"]),
                _ => 1,
            };
            actual = samples == 0 ? null : values[Declared.Statistic];
            if (type == "counter" && Declared.Statistic == "rate" && Declared.Plan!.Window?.LastSeconds is { } last)
            {
                // The reader divided by the whole load.
                actual = values["rate"] * ((ends.Last - ends.First) / 1e6) / last;
            }
        }

        public void Add(in Sample sample)
        {
            if (sample.Microseconds < From)
            {
                return;
            }

            samples++;
            var second = (sample.Microseconds - ends.First) / 1_000_000;
            if (!open.TryGetValue(second, out var values))
            {
                open[second] = values = [];
                while (open.Keys.First() is var oldest && oldest < second - Settled)
                {
                    Close(oldest);
                }
            }

            values.Add(sample.Value);
        }

        public EvaluatedThreshold Judge()
        {
            var named = Declared with
            {
                Name = ThresholdEvaluator.Named(Declared.Plan!, each),
                Metric = each is null ? Declared.Metric : MetricSelector.TryParse(Declared.Metric, out _)!.With(Declared.Plan!.ForEach!, each).ToString(),
            };
            var unit = BuiltInMetrics.Find(Selector.Name) is { } metric ? Quantity.UnitOf(metric, Declared.Statistic) : "";
            if (Declared.Plan!.For is not { } length)
            {
                return named.By(actual, type is "counter" or "gauge" ? null : samples, unit);
            }

            while (open.Count > 0)
            {
                Close(open.Keys.First());
            }

            // A second without a sample is no second of a trend, and one with nothing of a counter.
            var end = (ends.Last - ends.First) / 1_000_000;
            var list = new List<(double End, double? Value)>();
            for (var second = (From - ends.First) / 1_000_000; second <= end; second++)
            {
                list.Add((second + 1, seconds.TryGetValue(second, out var value) ? value : type == "counter" ? 0 : null));
            }

            var level = SustainedLevel.Of(list, SecondFigures.Periods(length, 1), Declared.Operator, Declared.Limit);
            return named.By(level.Value, samples, unit, level.BrokenAt);
        }

        private void Close(long second)
        {
            open.Remove(second, out var values);
            seconds[second] = (type, Declared.Statistic) switch
            {
                ("counter", _) => values!.Sum(),
                ("rate", _) => values!.Average(value => value == 0 ? 0 : 1),
                ("gauge", _) => values![^1],
                _ => SeriesStatistics.Of(values!, Declared.Statistic)!.Value,
            };
        }
    }

    private static string TypeOf(ScopedThreshold threshold, Summary summary)
    {
        var name = threshold.Key.Split('{')[0];
        return summary.Metrics.GetValueOrDefault(name)?.Type ?? BuiltInMetrics.Find(name)?.Type.ToString().ToLowerInvariant() ?? "trend";
    }
}
